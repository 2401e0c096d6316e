"""Papers issued in a case: by the body whose paper it is, on record."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from applications.models import Case, CaseDocument
from applications.permissions import Permission, check_can_act
from applications.queries import delivery_due
from applications.queries.owed import DECIDING
from applications.rules.process import Authority, EventKind
from applications.services.steps import NotNow, keep_overdue_reason, write_event
from documents import services as documents
from documents.models import Delivery, Document, DocumentKind
from organizations.models import Area, Staff
from organizations.queries import county, township_of


def issuing_area(case: Case, kind: str) -> Area:
    """Whose paper it is: decisions are the confirming authority's, all others the township's."""
    if kind in DECIDING and case.authority == Authority.COUNTY:
        return county()
    return township_of(case.area)


def issue(case: Case, kind: DocumentKind, record: Any, *, by: Staff, on: date, issuing: Area | None = None) -> Document:
    """Issue a numbered paper (制发文书) in the transaction of the act that it belongs to.

    :param issuing: whose paper it is, where it is not the body that issues the kind in this case.
    """
    return issue_for([case], kind, record, by=by, on=on, issuing=issuing)


def issue_for(
    cases: Sequence[Case], kind: DocumentKind, record: Any, *, by: Staff, on: date, issuing: Area | None = None
) -> Document:
    """Issue one numbered paper for several cases of a village; it stands on each of them."""
    first = cases[0]
    document = documents.issue_document(
        kind=kind, issuing_area=issuing or issuing_area(first, kind), area=first.area, record=record, by=by, on=on
    )
    note = f"{kind.label} {document.number}"
    for case in cases:
        CaseDocument.objects.create(case=case, document=document)
        write_event(case, EventKind.DOCUMENT_ISSUED, by=by, on=on, note=note, data={"id": document.pk})
    return document


def void_issued(case: Case, kind: DocumentKind, *, reason: str, by: Staff, on: date) -> None:
    """Void a case's papers of a kind (作废) when the step that issued them is taken back."""
    for link in case.documents.filter(document__kind=kind, document__voided_on=None).select_related("document"):
        documents.void_document(link.document, reason=reason, by=by, on=on)


@transaction.atomic
def deliver(
    case: Case,
    document: Document,
    *,
    delivered_on: date,
    way: str,
    received_by: str,
    note: str,
    by: Staff,
    on: date,
    late_reason: str = "",
) -> Delivery:
    """Record that a paper of the case was delivered (送达): date, way, signature.

    :raises NotNow: the paper is not one of this case.
    :raises NotDeliverable: the paper is not to be delivered, or not on that day.
    :raises OverdueReasonMissing: a refusal delivered after its days without a reason (F57 §21).
    """
    check_can_act(by, Permission.RECORD_DELIVERY, area=case.area)
    if not case.documents.filter(document=document).exists():
        raise NotNow("这份文书不属于这个办件。")
    return documents.record_delivery(
        document,
        delivered_on=delivered_on,
        way=way,
        received_by=received_by,
        note=note,
        by=by,
        on=on,
        late_reason=late_reason,
    )


def explain_late_delivery(document: Document, *, delivered_on: date, late_reason: str, by: Staff, on: date) -> None:
    """Keep why a refusal was delivered after its days, whichever page records it.

    :raises OverdueReasonMissing: late, and no reason given now or before.
    """
    for link in CaseDocument.objects.filter(document=document).select_related("case"):
        due = delivery_due(link.case, document)
        if due is not None and delivered_on > due:
            keep_overdue_reason(link.case, due_on=due, reason=late_reason, by=by, on=on)


def note_voiding(document: Document, *, by: Staff, on: date) -> None:
    """Write on the case whose paper it is that it was voided, and why."""
    for link in CaseDocument.objects.filter(document=document).select_related("case"):
        note = f"{document}：{document.voided_reason}"
        write_event(link.case, EventKind.DOCUMENT_VOIDED, by=by, on=on, note=note, data={"id": document.pk})


def note_delivery(delivery: Delivery, *, by: Staff) -> None:
    """Write on the case whose paper it is that it was delivered."""
    document = delivery.document
    for link in CaseDocument.objects.filter(document=document).select_related("case"):
        write_event(
            link.case,
            EventKind.DELIVERED,
            by=by,
            on=delivery.delivered_on,
            note=f"{document} {delivery.get_way_display()} {delivery.received_by}".strip(),
        )
