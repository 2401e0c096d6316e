"""终止救助供养: opening the case of one person's award, which goes the common way from acceptance on; F43 §§24–26."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from applications.models import Case
from applications.models.cases import CaseKind
from applications.models.intakes import Channel
from applications.permissions import Permission, check_can_act
from applications.queries import terms_exist
from applications.rules.accounting import accounting_years
from applications.rules.process import EventKind
from applications.rules.terminations import CAUSES, Cause
from applications.services.ending import close_publicity_early
from applications.services.opening import Opening, begin_termination, check_not_under_way, open_on_award
from applications.services.steps import NotNow, NotOpenable, advance, lock_case
from benefits.models import Award, AwardState
from households.models import Attachment, Household, Member, Person
from organizations.models import Staff
from organizations.models.delegations import Scheme


@dataclass(frozen=True)
class TerminationData:
    """Why a person's support is to end (终止情形), when that happened, and what proves it.

    :param accounting_year: year of the incomes that the fresh assessment rests on.
    """

    cause: str
    happened_on: date
    facts: str
    evidence: Attachment
    accounting_year: int


@transaction.atomic
def open_termination(award: Award, *, data: TerminationData, by: Staff, on: date) -> Case:
    """Open the termination of a 特困 award (发起终止; F43 §25): accepted at once, since nobody applies for it.

    Also of a person whose family ended with their death, and on the person's own signed request (自愿退出).

    :raises NotPermitted: the person does not accept cases in the award's area.
    :raises NotOpenable: the award does not run, it is being ended already, or cause, day and evidence do not fit.
    """
    Household.objects.select_for_update(of=("self",), no_key=True).get(pk=award.household_id)
    award = Award.objects.select_for_update(of=("self",)).select_related("area", "household").get(pk=award.pk)
    check_can_act(by, Permission.ACCEPT, area=award.area)
    member = _person_of(award)
    _check(award, member.person, data, on=on)
    opening = Opening(
        kind=CaseKind.TERMINATION,
        applicant=member,
        channel=Channel.WINDOW if data.cause == Cause.VOLUNTARY else Channel.OFFICIAL,
        accounting_year=data.accounting_year,
        reason=CAUSES[Cause(data.cause)].label,
    )
    return begin_termination(
        open_on_award(award, opening, by=by, on=on),
        cause=data.cause,
        happened_on=data.happened_on,
        facts=data.facts,
        evidence=data.evidence,
        by=by,
        on=on,
    )


def _person_of(award: Award) -> Member:
    """The member whose support the award is (逐人认定; F43 §4)."""
    if award.scheme != Scheme.TEKUN:
        raise NotOpenable("这里只办理特困人员救助供养的终止。")
    person = award.persons.get().person
    members = Member.objects.filter(person=person, household=award.household_id).select_related("person")
    member = members.order_by("-pk").first()
    if member is None:
        raise NotOpenable("这份待遇的供养对象不在这个家庭的登记里，请先核对家庭成员。")
    return member


def _check(award: Award, person: Person, data: TerminationData, *, on: date) -> None:
    """
    :raises NotOpenable: the award does not run, or cause, day and evidence do not fit.
    """
    if award.state == AwardState.STOPPED:
        raise NotOpenable(f"待遇{award.number}已经终止。")
    check_not_under_way(award)
    if not terms_exist(award.scheme, on=on, kind=CaseKind.TERMINATION):
        raise NotOpenable("终止救助供养的办理时限还没有设置，不能发起。请联系县民政局。")
    if data.cause not in CAUSES:
        raise NotOpenable("请选择终止的情形。", field="cause")
    if person.died_on is not None and data.cause != Cause.DIED:
        raise NotOpenable(f"{person.name}已登记死亡，请选“{CAUSES[Cause.DIED].label}”。", field="cause")
    if data.happened_on > on:
        raise NotOpenable("发生日期不能晚于今天。", field="happened_on")
    if person.died_on is not None and data.happened_on != person.died_on:
        raise NotOpenable(
            f"与家庭页登记的死亡日期（{person.died_on:%Y年%-m月%-d日}）不一致，请先核实。", field="happened_on"
        )
    if not data.facts.strip():
        raise NotOpenable("请写明具体情况。", field="facts")
    if data.evidence.household_id != award.household_id or data.evidence.voided_at is not None:
        raise NotOpenable("这份证明材料不是这个家庭的，或者已经作废。", field="evidence")
    if data.accounting_year not in accounting_years(on=on):
        raise NotOpenable("请选择收入核算年度。", field="accounting_year")


@transaction.atomic
def call_off(case: Case, *, reason: str, by: Staff, on: date, paper: Attachment | None = None) -> Case:
    """Call a termination off (撤销终止程序) before its decision: opened by mistake, or the person stays after all.

    :param paper: the scan of what the person signed; required where the person had asked to leave.
    :raises NotNow: decided already, another kind of case, no reason, or the signed paper is missing.
    """
    case = lock_case(case)
    check_can_act(by, Permission.ACCEPT, area=case.area)
    if not case.matter.ends_award or not case.is_open:
        raise NotNow("这个办件不是正在办理的终止。")
    if not reason.strip():
        raise NotNow("请写明撤销的原因。", field="reason")
    if case.termination.cause == Cause.VOLUNTARY and paper is None:
        raise NotNow("自愿退出是本人申请的，撤销须上传本人（监护人）签字的撤回申请。", field="paper")
    if paper is not None and paper.household_id != case.household_id:
        raise NotNow("这份材料不是这个家庭的附件。", field="paper")
    close_publicity_early(case, on=on)
    data = {"attachment": paper.pk} if paper else {}
    advance(case, "withdraw", event=EventKind.WITHDRAWN, by=by, on=on, late_reason=reason, note=reason, data=data)
    return case
