"""发起: a case that looks into an award which runs, accepted at once, since nobody applies for it."""

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from applications.models import Case, Intake, Termination
from applications.models.cases import CaseKind
from applications.queries import due_after
from applications.rules.process import OPEN_STATES, Authority, CaseState, EventKind
from applications.rules.terminations import CAUSES, Cause
from applications.services.deadlines import set_deadlines
from applications.services.steps import NotOpenable, next_serial, write_event
from benefits.models import Award
from households.models import Attachment, Member
from organizations.models import Staff
from organizations.queries import delegation_on


@dataclass(frozen=True)
class Opening:
    """What a case on an award begins with.

    :param applicant: the person whose support it is, or who heads the family.
    :param accounting_year: year of the incomes that the fresh assessment rests on.
    """

    kind: CaseKind
    applicant: Member
    channel: str
    accounting_year: int
    reason: str


def check_not_under_way(award: Award) -> None:
    """
    :raises NotOpenable: the award is being looked into or ended already.
    """
    found = Case.objects.filter(award=award, state__in=[state.value for state in OPEN_STATES]).order_by("pk").first()
    if found is not None:
        what = found.get_kind_display()
        raise NotOpenable(f"待遇{award.number}的{what}（{found.number}）正在办理，不能重复发起，请先办结。")


def open_on_award(award: Award, opening: Opening, *, by: Staff, on: date) -> Case:
    """Open a case on a locked award, in the state ``accepted``; whoever calls checks rights and writes the trail.

    :raises NotOpenable: one of the kind was opened in the same moment.
    """
    intake = Intake.objects.create(
        number=f"S{on.year}-{next_serial(on.year):04d}",
        household=award.household,
        area=award.area,
        applicant=opening.applicant,
        channel=opening.channel,
        accounting_year=opening.accounting_year,
        reason=opening.reason,
        opened_by=by,
        opened_on=on,
    )
    delegated = delegation_on(award.area, award.scheme, on=on)
    case = Case(
        number=f"{on.year}-{next_serial(on.year):04d}",
        intake=intake,
        household=award.household,
        area=award.area,
        applicant=opening.applicant,
        award=award,
        scheme=award.scheme,
        kind=opening.kind,
        authority=Authority.TOWNSHIP if delegated else Authority.COUNTY,
        state_since=on,
        accepted_on=on,
    )
    case.submit()
    case.accept()
    due = due_after(case, case.state, start=on)
    case.state_due_on, case.due_is_provisional = (due.on, due.provisional) if due else (None, False)
    try:
        with transaction.atomic():
            case.save()
    except IntegrityError as error:
        if not {"case_one_open_termination", "case_one_open_review"} & set(str(error).split('"')):
            raise
        raise NotOpenable(f"待遇{award.number}的{case.get_kind_display()}正在办理，不能重复发起。") from error
    return case


def keep_deadlines(case: Case) -> None:
    """Work out the deadlines of a case just opened, with what was kept beside it."""
    set_deadlines(case)
    case.save()


def begin_termination(
    case: Case, *, cause: str, happened_on: date, facts: str, evidence: Attachment, by: Staff, on: date, after: str = ""
) -> Case:
    """Keep why support is to end with a termination just opened, and write on the trail that it was.

    :param after: number of the review (复核) that led to it; then nobody of the termination's own hands opened it.
    """
    Termination.objects.create(
        case=case, cause=cause, happened_on=happened_on, facts=facts.strip(), evidence=evidence, recorded_by=by
    )
    award = case.award
    note = f"{award}，{CAUSES[Cause(cause)].label}：{facts.strip()}"
    if after:
        note = f"由复核{after}转入。{note}"
    opened_by = None if after else by
    write_event(case, EventKind.TERMINATION_OPENED, by=opened_by, on=on, note=note, to_state=CaseState.ACCEPTED)
    return case
