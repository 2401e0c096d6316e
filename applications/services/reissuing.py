"""重新制发: a paper that was voided goes out again under a new number; F57 §21 still owes the family its notice."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db import transaction

from applications import papers
from applications.models import Case, Decision
from applications.permissions import Permission, check_can_act
from applications.rules.process import CaseState
from applications.services.issuing import issue, issue_for, issuing_area
from applications.services.steps import NotNow, lock_case
from benefits.services import first_month
from documents.models import Document, DocumentKind
from organizations.models import Staff


@transaction.atomic
def reissue(case: Case, *, kind: str, by: Staff, on: date) -> Document:
    """Issue a voided paper anew from what is on record now (重新制发文书).

    :raises NotPermitted: the person may not issue documents for the body whose paper it is.
    :raises NotNow: no paper of the kind was voided, or one is in force.
    """
    case = lock_case(case)
    check_can_act(by, Permission.ISSUE_DOCUMENT, area=issuing_area(case, kind))
    issued = [link.document for link in case.documents.select_related("document")]
    if kind not in kinds_to_reissue(case, issued):
        raise NotNow("没有作废后待重新制发的这种文书。", field="kind")
    if kind == DocumentKind.ANNOUNCEMENT_SHEET:
        return _announce_anew(case, issued, by=by, on=on)
    return issue(case, DocumentKind(kind), _RECORDS[DocumentKind(kind)](case), by=by, on=on)


def _announce_anew(case: Case, issued: Iterable[Document], *, by: Staff, on: date) -> Document:
    """A sheet of the village goes out again for every case that stood on it and has none in force."""
    kind = DocumentKind.ANNOUNCEMENT_SHEET
    last = max((document for document in issued if document.kind == kind), key=lambda document: document.pk)
    mates = Case.objects.filter(documents__document=last).order_by("pk")
    owed = [
        mate
        for mate in map(lock_case, mates)
        if kind in kinds_to_reissue(mate, [link.document for link in mate.documents.select_related("document")])
    ]
    sheet = papers.announcement_sheet([_decision(mate) for mate in owed], place=case.announcement.place)
    return issue_for(owed, kind, sheet, by=by, on=on)


def kinds_to_reissue(case: Case, issued: Iterable[Document]) -> list[DocumentKind]:
    """Kinds of which the case should have a paper and every one was voided."""
    issued = list(issued)
    in_force = {document.kind for document in issued if document.voided_on is None}
    voided = {document.kind for document in issued} - in_force
    return [kind for kind in _RECORDS if kind in voided and _is_owed(case, kind)]


def _is_owed(case: Case, kind: DocumentKind) -> bool:
    """Taken back, a step leaves its paper voided: only a case still at or past the step is owed another."""
    needed = _STATE_OF.get(kind)
    if kind == DocumentKind.ACCEPTANCE_NOTICE:
        return case.accepted_on is not None
    return needed is None or case.case_state is needed


def _acceptance(case: Case) -> Any:
    assert case.accepted_on is not None  # noqa: S101 -- _is_owed
    return papers.acceptance_notice(case, on=case.accepted_on)


def _approval_form(case: Case) -> Any:
    decision = _decision(case)
    return papers.approval_form(case, decision=decision, on=decision.decided_on)


def _approval(case: Case) -> Any:
    decision = _decision(case)
    return papers.approval_notice(case, decision=decision, award_first_month=first_month(decision.decided_on))


def _refusal(case: Case) -> Any:
    return papers.refusal_notice(case, decision=_decision(case))


def _announcement(case: Case) -> Any:
    return papers.announcement_sheet([_decision(case)], place=case.announcement.place)


def _decision(case: Case) -> Decision:
    return Decision.objects.select_related("case", "assessment__household", "proposal").get(case=case)


_STATE_OF = {
    DocumentKind.APPROVAL_NOTICE: CaseState.APPROVED,
    DocumentKind.ANNOUNCEMENT_SHEET: CaseState.APPROVED,
    DocumentKind.REFUSAL_NOTICE: CaseState.REFUSED,
}
_RECORDS: dict[DocumentKind, Callable[[Case], Any]] = {
    DocumentKind.SUPPLEMENT_NOTICE: papers.supplement_notice,
    DocumentKind.ACCEPTANCE_NOTICE: _acceptance,
    DocumentKind.APPROVAL_FORM: _approval_form,
    DocumentKind.APPROVAL_NOTICE: _approval,
    DocumentKind.REFUSAL_NOTICE: _refusal,
    DocumentKind.ANNOUNCEMENT_SHEET: _announcement,
}
"""What can be printed again from the record; a visit's form and a publicity's sheet belong to what was done then."""
