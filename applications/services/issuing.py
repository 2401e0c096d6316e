"""Papers issued in a case: by the body whose paper it is, on record."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from applications.models import Case, CaseDocument
from applications.models.terms import REFUSAL_NOTICE
from applications.permissions import Permission, check_can_act
from applications.queries import due_after
from applications.rules.process import Authority, EventKind
from applications.services.steps import NotNow, keep_overdue_reason, write_event
from documents import services as documents
from documents.models import Delivery, Document, DocumentKind
from organizations.models import Area, Staff
from organizations.queries import county, township_of

_OF_AUTHORITY = frozenset({DocumentKind.APPROVAL_FORM, DocumentKind.APPROVAL_NOTICE, DocumentKind.REFUSAL_NOTICE})


def issuing_area(case: Case, kind: str) -> Area:
    """Whose paper it is: decisions are the confirming authority's, all others the township's."""
    if kind in _OF_AUTHORITY and case.authority == Authority.COUNTY:
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

    :raises NotNow: the paper is not one of this case, or the day lies ahead.
    :raises OverdueReasonMissing: a refusal delivered after its days without a reason (F57 §21).
    """
    check_can_act(by, Permission.RECORD_DELIVERY, area=case.area)
    if not case.documents.filter(document=document).exists():
        raise NotNow("这份文书不属于这个办件。")
    if delivered_on > on:
        raise NotNow("送达日期不能晚于今天。", field="delivered_on")
    due = delivery_due(case, document)
    if due is not None and delivered_on > due:
        keep_overdue_reason(case, due_on=due, reason=late_reason, by=by, on=on)
    return documents.record_delivery(
        document, delivered_on=delivered_on, way=way, received_by=received_by, note=note, by=by
    )


def delivery_due(case: Case, document: Document) -> date | None:
    """Until when a paper is to be delivered: a refusal within its working days (F57 §21), others have no term."""
    if document.kind != DocumentKind.REFUSAL_NOTICE or case.decided_on is None:
        return None
    due = due_after(case, REFUSAL_NOTICE, start=case.decided_on)
    return due.on if due else None


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
