"""重新制发: a paper that was voided goes out again under a new number; F57 §21 still owes the family its notice."""

from collections.abc import Callable, Iterable
from datetime import date

from django.db import transaction

from applications import papers
from applications.models import Case, CaseDocument, Publicity
from applications.permissions import Permission, check_can_act, confirming_permission
from applications.queries.owed import DECIDING, kinds_to_reissue
from applications.rules.process import CaseState
from applications.services.issuing import issue, issue_for, issuing_area
from applications.services.steps import NotNow, lock_case
from documents.models import Document, DocumentKind
from documents.records import Record
from documents.services import record_of
from foundation.errors import NotPermitted
from organizations.models import Area, Staff


@transaction.atomic
def reissue(case: Case, *, kind: str, by: Staff, on: date) -> Document:
    """Issue a voided paper anew (重新制发文书): with the content that it had, under a new number and day.

    A notice of a procedure that is still open (受理通知书, 一次性补正告知书) says what is on record now.

    :raises NotPermitted: the person may not issue papers for the body whose paper it is, or, where the paper is of
        the decision, does not confirm for it.
    :raises NotNow: no paper of the kind was voided, or one is in force.
    """
    mates = _locked_with_mates(case, kind)
    case = next(mate for mate in mates if mate.pk == case.pk)
    issued = _issued(case)
    last = max((row for row in issued if row.kind == kind), key=lambda row: row.pk, default=None)
    check_can_issue(by, case, kind, issuing=issuing_area(case, kind))
    if last is None or kind not in kinds_to_reissue(case, issued):
        raise NotNow("没有作废后待重新制发的这种文书。", field="kind")
    kind = DocumentKind(kind)
    if case.is_open and kind in _WRITTEN_ANEW:
        return issue(case, kind, _WRITTEN_ANEW[kind](case), by=by, on=on)
    owed = [mate for mate in mates if mate.pk == case.pk or kind in kinds_to_reissue(mate, _issued(mate))]
    return issue_for(owed, kind, record_of(last), by=by, on=on)


def check_can_issue(by: Staff, case: Case, kind: str, *, issuing: Area) -> None:
    """Papers of the decision are in the hands of who confirms for the body that decided; others in its clerks'.

    :raises NotPermitted: the person may neither void nor reissue papers of the kind.
    """
    permission = confirming_permission(case) if kind in DECIDING else Permission.ISSUE_DOCUMENT
    check_can_act(by, permission, area=issuing)


def check_may_void(document: Document, *, by: Staff) -> None:
    """What a case has against voiding its paper (作废).

    :raises NotPermitted: a paper of the decision, and the person does not confirm for the body that decided.
    :raises NotNow: a publicity hangs on the sheet, or a case that goes to its decision rests on it.
    """
    links = CaseDocument.objects.filter(document=document).select_related("case__household")
    for link in links:
        if link.case.household.archived_on:
            raise NotNow("这个家庭的档案已经归档，文书不能作废。确有错误的，请先从归档库恢复。")
        if document.kind in DECIDING:
            check_can_issue(by, link.case, document.kind, issuing=document.issuing_area)
    posted = Publicity.objects.filter(document=document, taken_back=False)
    if posted.filter(closed_on=None).exists():
        raise NotNow("正在公示，公示单不能作废；确有错误的，请先“撤销上一步”，或登记异议后再处理。")
    if posted.filter(case__state=CaseState.CONFIRMING).exists():
        raise NotNow("有办件凭这份公示正在审核确认，公示单不能作废；确有错误的，请先退回补查。")


def reissuable_by(by: Staff, case: Case, issued: Iterable[Document]) -> list[DocumentKind]:
    """Those of the case's kinds to reissue that the person may issue.

    :raises NotPermitted: there are some, and none of them is the person's.
    """
    kinds = kinds_to_reissue(case, issued)
    own, refusals = [], []
    for kind in kinds:
        try:
            check_can_issue(by, case, kind, issuing=issuing_area(case, kind))
        except NotPermitted as error:
            refusals.append(error)
        else:
            own.append(kind)
    if refusals and not own:
        raise refusals[0]
    return own


def _locked_with_mates(case: Case, kind: str) -> list[Case]:
    """The case and, where the paper is a sheet of the village, all that stood on it, locked in one order."""
    keys = {case.pk}
    if kind == DocumentKind.ANNOUNCEMENT_SHEET:
        last = case.documents.filter(document__kind=kind).order_by("-document").values("document")[:1]
        keys |= set(Case.objects.filter(documents__document__in=last).values_list("pk", flat=True))
    return [lock_case(mate) for mate in Case.objects.filter(pk__in=keys).order_by("pk")]


def _issued(case: Case) -> list[Document]:
    return [link.document for link in case.documents.select_related("document__issuing_area")]


def _acceptance(case: Case) -> Record:
    assert case.accepted_on is not None  # noqa: S101 -- only an accepted case is owed one
    return papers.acceptance_notice(case, on=case.accepted_on)


_WRITTEN_ANEW: dict[DocumentKind, Callable[[Case], Record]] = {
    DocumentKind.SUPPLEMENT_NOTICE: papers.supplement_notice,
    DocumentKind.ACCEPTANCE_NOTICE: _acceptance,
}
"""Of an open case; once it is decided or ended, its papers stay what the family of that day read."""
