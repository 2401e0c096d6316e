"""What a case owes on paper (待重新制发): kinds of which every paper was voided, and whose turn it is."""

from collections.abc import Collection, Iterable
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q

from applications.models import Case, CaseDocument
from applications.permissions import Permission
from applications.rules.process import OPEN_STATES, Authority, CaseState
from documents.models import Document, DocumentKind
from organizations.models import Staff

DECIDING = frozenset(
    {
        DocumentKind.APPROVAL_FORM,
        DocumentKind.TEKUN_FORM,
        DocumentKind.APPROVAL_NOTICE,
        DocumentKind.REFUSAL_NOTICE,
        DocumentKind.SUPPORT_END_FORM,
        DocumentKind.SUPPORT_END_NOTICE,
        DocumentKind.SUPPORT_KEPT_NOTICE,
        DocumentKind.SUPPORT_END_VILLAGE,
        DocumentKind.REVIEW_FORM,
        DocumentKind.ADJUSTMENT_NOTICE,
        DocumentKind.STOP_NOTICE,
        DocumentKind.PHASEOUT_NOTICE,
        DocumentKind.REVIEW_NOTICE,
    }
)
"""Papers of the decision: the confirming body's."""

_OWED_IN: dict[DocumentKind, frozenset[CaseState]] = {
    DocumentKind.SUPPLEMENT_NOTICE: OPEN_STATES,
    DocumentKind.ACCEPTANCE_NOTICE: frozenset(CaseState),
    DocumentKind.APPROVAL_FORM: frozenset({CaseState.APPROVED, CaseState.REFUSED}),
    DocumentKind.TEKUN_FORM: frozenset({CaseState.APPROVED, CaseState.REFUSED}),
    DocumentKind.APPROVAL_NOTICE: frozenset({CaseState.APPROVED}),
    DocumentKind.REFUSAL_NOTICE: frozenset({CaseState.REFUSED}),
    DocumentKind.TERMINATION_NOTICE: frozenset({CaseState.TERMINATED}),
    DocumentKind.SUPPORT_END_FORM: frozenset({CaseState.APPROVED, CaseState.REFUSED}),
    DocumentKind.SUPPORT_END_NOTICE: frozenset({CaseState.APPROVED}),
    DocumentKind.SUPPORT_KEPT_NOTICE: frozenset({CaseState.REFUSED}),
    DocumentKind.SUPPORT_END_VILLAGE: frozenset({CaseState.APPROVED}),
    DocumentKind.ANNOUNCEMENT_SHEET: frozenset({CaseState.APPROVED}),
    DocumentKind.REVIEW_FORM: frozenset({CaseState.APPROVED}),
    DocumentKind.ADJUSTMENT_NOTICE: frozenset({CaseState.APPROVED}),
    DocumentKind.STOP_NOTICE: frozenset({CaseState.APPROVED}),
    DocumentKind.PHASEOUT_NOTICE: frozenset({CaseState.APPROVED}),
    DocumentKind.REVIEW_NOTICE: frozenset({CaseState.APPROVED}),
}
"""States in which a kind once issued is owed again; a visit's form and a publicity's sheet belong to their day.

Taken back, an acceptance leaves its notice voided: only a case that is accepted is owed another.
"""


def kinds_to_reissue(case: Case, issued: Iterable[Document]) -> list[DocumentKind]:
    """Kinds of which the case should have a paper and every one was voided."""
    issued = list(issued)
    in_force = {document.kind for document in issued if document.voided_on is None}
    voided = {document.kind for document in issued} - in_force
    return [kind for kind in _OWED_IN if kind in voided and _is_owed(case, kind)]


def _is_owed(case: Case, kind: DocumentKind) -> bool:
    if kind == DocumentKind.ACCEPTANCE_NOTICE and case.accepted_on is None:
        return False
    return case.case_state in _OWED_IN[kind]


def owed_by(staff: Staff) -> Q | None:
    """Cases that owe a paper which the person issues, None for whose post is none of that.

    The township's papers are its clerks'; those of the decision are of who confirms for the body that decided.
    """
    found = []
    if areas := staff.area_ids(Permission.ISSUE_DOCUMENT) & staff.area_ids(Permission.ACCEPT):
        found.append(Q(_owing(_OWED_IN.keys() - DECIDING), area_id__in=areas))
    if areas := staff.area_ids(Permission.CONFIRM_DELEGATED):
        found.append(Q(_owing(DECIDING), authority=Authority.TOWNSHIP, area_id__in=areas))
    if areas := staff.area_ids(Permission.CONFIRM):
        found.append(Q(_owing(DECIDING), authority=Authority.COUNTY, area_id__in=areas))
    return reduce(or_, found) if found else None


def _owing(kinds: Collection[DocumentKind]) -> Q:
    return reduce(or_, [_owing_one(kind) for kind in kinds])


def _owing_one(kind: DocumentKind) -> Q:
    issued = CaseDocument.objects.filter(case=OuterRef("pk"), document__kind=kind)
    voided = Exists(issued.filter(document__voided_on__isnull=False))
    states = [state.value for state in _OWED_IN[kind]]
    owed = Q(voided, ~Exists(issued.filter(document__voided_on=None)), state__in=states)
    return owed & Q(accepted_on__isnull=False) if kind == DocumentKind.ACCEPTANCE_NOTICE else owed
