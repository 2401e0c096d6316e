"""Which papers an approval issues, matter by matter."""

from collections.abc import Callable, Sequence
from datetime import date

from applications.models import Case, Decision
from applications.papers.forms import approval_form
from applications.papers.notices import approval_notice, recognition_notice, refusal_notice
from applications.papers.reviews import review_papers
from applications.papers.tekun import tekun_form
from applications.papers.terminations import (
    support_end_form,
    support_end_notice,
    support_end_village,
    support_kept_notice,
)
from benefits.services import first_month
from documents.models import DocumentKind
from documents.records import Record
from organizations.models.delegations import Scheme

Papers = Sequence[tuple[DocumentKind, Record]]


def _of_dibao(case: Case, decision: Decision, on: date) -> Papers:
    return (
        (DocumentKind.APPROVAL_FORM, approval_form(case, decision=decision, on=on)),
        (DocumentKind.APPROVAL_NOTICE, approval_notice(case, decision=decision, award_first_month=first_month(on))),
    )


def _of_recognition(case: Case, decision: Decision, on: date) -> Papers:
    return (
        (DocumentKind.APPROVAL_FORM, approval_form(case, decision=decision, on=on)),
        (DocumentKind.APPROVAL_NOTICE, recognition_notice(case, decision=decision)),
    )


def _of_tekun(case: Case, decision: Decision, on: date) -> Papers:
    return (
        (DocumentKind.TEKUN_FORM, tekun_form(case, decision=decision, on=on)),
        (DocumentKind.APPROVAL_NOTICE, approval_notice(case, decision=decision, award_first_month=first_month(on))),
    )


def _of_termination(case: Case, decision: Decision, on: date) -> Papers:
    return (
        (DocumentKind.SUPPORT_END_FORM, support_end_form(case, decision=decision)),
        (DocumentKind.SUPPORT_END_NOTICE, support_end_notice(case, decision=decision)),
        (DocumentKind.SUPPORT_END_VILLAGE, support_end_village(case, decision=decision)),
    )


def _of_review(case: Case, decision: Decision, _on: date) -> Papers:
    return review_papers(case, decision=decision)


def _of_aid(_case: Case, _decision: Decision, _on: date) -> Papers:
    """Nothing: 审批表 and 告知书 say the cause, the stages and what is given in kind, which the room above keeps."""
    return ()


OF_MATTERS: dict[str, Callable[[Case, Decision, date], Papers]] = {
    "dibao.application": _of_dibao,
    "dibao.review": _of_review,
    "tekun.application": _of_tekun,
    "tekun.review": _of_review,
    "tekun.termination": _of_termination,
    "marginal.application": _of_recognition,
    "rigid_expense_household.application": _of_recognition,
    "temporary_aid.application": _of_aid,
}
"""By the key of the matter."""


def refusal_papers(case: Case, *, decision: Decision, on: date) -> Papers:
    """What is issued when a case is refused, or support is to go on: the form of its matter, and the notice."""
    if case.matter.ends_award:
        return (
            (DocumentKind.SUPPORT_END_FORM, support_end_form(case, decision=decision)),
            (DocumentKind.SUPPORT_KEPT_NOTICE, support_kept_notice(case, decision=decision)),
        )
    if case.matter.is_paid_once:
        return ((DocumentKind.REFUSAL_NOTICE, refusal_notice(case, decision=decision)),)
    if case.scheme == Scheme.TEKUN:
        form: tuple[DocumentKind, Record] = (DocumentKind.TEKUN_FORM, tekun_form(case, decision=decision, on=on))
    else:
        form = (DocumentKind.APPROVAL_FORM, approval_form(case, decision=decision, on=on))
    return form, (DocumentKind.REFUSAL_NOTICE, refusal_notice(case, decision=decision))


def approval_papers(case: Case, *, decision: Decision, on: date) -> Papers:
    """What is issued when a case is approved (制发文书), in the order issued."""
    return OF_MATTERS[case.matter.key](case, decision, on)
