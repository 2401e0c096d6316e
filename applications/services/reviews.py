"""复核: opening the review of an award, which goes the common way from acceptance on; F57 §§31–32, F2020 §7."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from applications.models import Case, Decision, Review
from applications.models.cases import CaseKind
from applications.models.intakes import Channel
from applications.permissions import Permission, check_can_act
from applications.queries import suspension_to_settle, terms_exist
from applications.rules.accounting import accounting_years
from applications.rules.process import OPEN_STATES, CaseState, EventKind
from applications.rules.reviews import RESULTS_OF, ReviewCause, SuspensionAnswer
from applications.services.confirming import approve
from applications.services.ending import close_publicity_early
from applications.services.opening import Opening, check_not_under_way, keep_deadlines, open_on_award
from applications.services.steps import NotNow, NotOpenable, advance, lock_case, write_event
from benefits.models import Award, AwardState
from benefits.services import decide_resumption, first_month
from households.models import Household, Member
from organizations.models import Staff
from organizations.models.delegations import Scheme

_CHANGED_LENGTH, _TEXT_LENGTH = 200, 300


@transaction.atomic
def open_review(
    award: Award,
    *,
    cause: str,
    cause_text: str = "",
    changed: Sequence[str] = (),
    legal_due_on: date | None = None,
    accounting_year: int | None = None,
    changed_on: date | None = None,
    since_month: date | None = None,
    by: Staff,
    on: date,
) -> Case:
    """Open the review of an award (发起复核): accepted at once, since nobody applies for it.

    :param cause: a :class:`ReviewCause`.
    :param cause_text: what is known of it.
    :param changed: what changed since the award was decided, a sentence each, as far as it is known.
    :param legal_due_on: by when the law wants it decided; its deadline is not later.
    :param accounting_year: year of the incomes to be reckoned with; this year's where left out.
    :param changed_on: the day of what changed, where it has one: what it lowers, it lowers from the month after.
    :param since_month: first month of an uplift that set the award apart: it is reckoned anew from then on.
    :raises NotPermitted: the person does not accept cases in the award's area.
    :raises NotOpenable: the award does not run, something is under way on it, or cause and year cannot be.
    """
    Household.objects.select_for_update(of=("self",), no_key=True).get(pk=award.household_id)
    award = Award.objects.select_for_update(of=("self",)).select_related("area", "household").get(pk=award.pk)
    check_can_act(by, Permission.ACCEPT, area=award.area)
    year = on.year if accounting_year is None else accounting_year
    _check(award, cause=cause, year=year, on=on)
    if changed_on is not None and changed_on > on:
        raise NotOpenable("变化的日期不能晚于今天。", field="changed_on")
    rule = ReviewCause(cause)
    text = cause_text.strip()
    opening = Opening(
        kind=CaseKind.REVIEW,
        applicant=_member_of(award),
        channel=Channel.OFFICIAL,
        accounting_year=year,
        reason=f"{rule.label}：{text}"[:_CHANGED_LENGTH] if text else rule.label,
    )
    case = open_on_award(award, opening, by=by, on=on)
    Review.objects.create(
        case=case,
        cause=rule.value,
        cause_text=text[:_TEXT_LENGTH],
        changed=[line.strip()[:_CHANGED_LENGTH] for line in changed if line.strip()],
        legal_due_on=legal_due_on,
        changed_on=changed_on,
        since_month=since_month,
        recorded_by=by,
    )
    keep_deadlines(case)
    note = f"{award.number}，{opening.reason}"
    write_event(case, EventKind.REVIEW_OPENED, by=by, on=on, note=note, to_state=CaseState.ACCEPTED)
    return case


def _check(award: Award, *, cause: str, year: int, on: date) -> None:
    """
    :raises NotOpenable: the award does not run, something is under way on it, or cause and year cannot be.
    """
    if award.scheme not in RESULTS_OF:
        raise NotOpenable("这里只办理低保和特困待遇的复核。")
    if award.state == AwardState.STOPPED:
        raise NotOpenable(f"待遇{award.number}已经停发，不用复核。")
    if not terms_exist(award.scheme, on=on, kind=CaseKind.REVIEW):
        raise NotOpenable("复核的办理时限还没有设置，不能发起。请联系县民政局。")
    if cause not in set(ReviewCause):
        raise NotOpenable("请选择复核的事由。", field="cause")
    if year not in accounting_years(on=on):
        raise NotOpenable("请选择收入核算年度。", field="accounting_year")
    check_not_under_way(award)
    if award.scheme == Scheme.DIBAO:
        _check_no_application(award)
    elif not award.persons.filter(person__died_on=None).exists():
        raise NotOpenable("供养对象已登记死亡，请办理“发起终止”，不用复核。")


def _check_no_application(award: Award) -> None:
    states = [state.value for state in OPEN_STATES]
    applied = Case.objects.filter(
        household=award.household_id, scheme=award.scheme, kind=CaseKind.APPLICATION, state__in=states
    ).first()
    if applied is not None:
        raise NotOpenable(f"这个家庭的{applied.get_scheme_display()}申请（{applied.number}）正在办理，请先办结。")


def _member_of(award: Award) -> Member:
    """Of 特困 the member whose support it is; of 低保 the head, or who headed the family last."""
    members = Member.objects.filter(household=award.household_id).select_related("person").order_by("-pk")
    if award.scheme == Scheme.TEKUN:
        found = members.filter(person=award.persons.order_by("pk").values("person")[:1]).first()
    else:
        present = members.filter(left_on=None)
        found = present.filter(relation="head").first() or present.first() or members.filter(relation="head").first()
    if found is None:
        raise NotOpenable("这份待遇的保障对象不在这个家庭的登记里，请先核对家庭成员。")
    return found


@transaction.atomic
def approve_review(
    case: Case,
    *,
    opinion: str,
    suspension: str = "",
    by: Staff,
    on: date,
    late_reason: str = "",
    version: int | None = None,
) -> Decision:
    """Confirm a review (确认复核结果) and say what becomes of a suspension (暂缓发放): nobody stays suspended unsaid.

    :param suspension: a :class:`SuspensionAnswer`, where the award is suspended and goes on.
    :raises NotNow: the award is suspended and goes on, and it is not said what becomes of that.
    """
    decision = approve(case, opinion=opinion, by=by, on=on, late_reason=late_reason, version=version)
    standing = suspension_to_settle(decision)
    if standing is None:
        return decision
    if suspension not in set(SuspensionAnswer):
        raise NotNow("这份待遇正在暂缓发放，请选择恢复发放还是继续暂缓。", field="suspension")
    if suspension == SuspensionAnswer.STAY:
        return decision
    assert decision.result is not None  # noqa: S101 -- a review's decision says its result
    decide_resumption(
        standing.award,
        from_month=max(first_month(on), standing.from_month),
        pays_withheld=suspension == SuspensionAnswer.PAY,
        reason=f"复核{decision.result.label}（{decision.case.number}）",
        by=by,
        on=on,
    )
    return decision


@transaction.atomic
def call_off_review(case: Case, *, reason: str, by: Staff, on: date) -> Case:
    """Call a review off (撤销复核) before its decision: opened by mistake, or there is nothing left to look into.

    :raises NotNow: decided already, another kind of case, or no reason.
    """
    case = lock_case(case)
    check_can_act(by, Permission.ACCEPT, area=case.area)
    if not case.matter.is_review or not case.is_open:
        raise NotNow("这个办件不是正在办理的复核。")
    if not reason.strip():
        raise NotNow("请写明撤销的原因。", field="reason")
    close_publicity_early(case, on=on)
    advance(case, "withdraw", event=EventKind.CALLED_OFF, by=by, on=on, late_reason=reason, note=reason)
    return case
