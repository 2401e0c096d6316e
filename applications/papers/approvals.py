"""Which papers an approval issues, matter by matter."""

from collections.abc import Callable, Sequence
from datetime import date

from applications.models import Case, Decision
from applications.papers.forms import approval_form
from applications.papers.notices import approval_notice, recognition_notice, refusal_notice
from applications.papers.tekun import tekun_form
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


_OF_MATTERS: dict[str, Callable[[Case, Decision, date], Papers]] = {
    "dibao.application": _of_dibao,
    "tekun.application": _of_tekun,
    "marginal.application": _of_recognition,
    "rigid_expense_household.application": _of_recognition,
}


def refusal_papers(case: Case, *, decision: Decision, on: date) -> Papers:
    """What is issued when a case is refused, in the order issued: the form of its scheme, and the notice."""
    if case.scheme == Scheme.TEKUN:
        form: tuple[DocumentKind, Record] = (DocumentKind.TEKUN_FORM, tekun_form(case, decision=decision, on=on))
    else:
        form = (DocumentKind.APPROVAL_FORM, approval_form(case, decision=decision, on=on))
    return form, (DocumentKind.REFUSAL_NOTICE, refusal_notice(case, decision=decision))


def approval_papers(case: Case, *, decision: Decision, on: date) -> Papers:
    """What is issued when a case is approved (制发文书), in the order issued."""
    return _OF_MATTERS[case.matter.key](case, decision, on)
