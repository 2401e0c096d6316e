"""登记临时救助: whom, where, what for; mended until it is decided."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from eligibility.rules.choices import AidCause, HardshipType
from foundation.errors import NotPermitted
from foundation.names import person_name
from households.models import Household, Member
from households.permissions import can_see
from households.queries import current_members
from organizations.models import Area, Staff
from organizations.models.areas import AreaLevel
from temporary_aid.models import AidEventKind, Ground, HardshipReport, ReportState, TemporaryAid
from temporary_aid.permissions import Permission, can_act
from temporary_aid.queries import aid_terms, people_of
from temporary_aid.rules.clock import EARLIEST_DAY, help_due
from temporary_aid.rules.states import BEFORE_DECISION, AidState
from temporary_aid.services.base import (
    NotAllowed,
    check_reported,
    check_told,
    lock_aid,
    next_number,
    require_state,
    write_event,
)
from temporary_aid.services.identifying import fill_from, keep_number, link_by_number, replace_applicant
from temporary_aid.services.means import request_by_itself
from temporary_aid.services.reopening import hold_report, inherit_clock, reopen_report
from temporary_aid.services.under_way import check_not_under_way


@dataclass(frozen=True)
class Recipient:
    """救助对象 as said at the window or in the village.

    :param household: the family's record, where this township has it; ``applicant`` is one of its members.
    :param missing_id_reason: why there is no ID number (:class:`households.models.people.MissingIdReason`).
    """

    name: str = ""
    id_number: str = ""
    missing_id_reason: str = ""
    sex: str = ""
    birth_date: date | None = None
    phone: str = ""
    people_count: int = 1
    registered_place: str = ""
    living_place: str = ""
    household: Household | None = None
    applicant: Member | None = None


@dataclass(frozen=True)
class HardshipData:
    """遇困情况: which type, what befell, how bad, when and where.

    :param kind: ``urgent`` 急难型 or ``expenditure`` 支出型.
    :param self_paid_amount: 自付支出 of 支出型, yuan.
    """

    kind: str
    cause: str
    occurred_on: date
    situation: str
    grade: str = ""
    occurred_place: str = ""
    self_paid_amount: Decimal | None = None


@dataclass(frozen=True)
class AidData:
    """What opens an aid.

    :param area: the village (社区) where it is handled.
    :param first_reported_at: 首次报告时间; of an aid from a report the report's; None for now.
    """

    area: Area
    recipient: Recipient
    hardship: HardshipData
    ground: str = Ground.REGISTERED
    first_reported_at: datetime | None = None


@transaction.atomic
def open_aid(
    data: AidData,
    *,
    by: Staff,
    at: datetime,
    report: HardshipReport | None = None,
    follow_up_of: TemporaryAid | None = None,
) -> TemporaryAid:
    """Register an aid (登记临时救助): its clock runs from the first report, also where that was long before.

    A known ID number of a family that the person may see links the family by itself. A report is taken with it. Where
    aid for the same was withdrawn within days, the clock runs on from its first report.

    :param follow_up_of: what it follows (跟进救助); the root of a chain is kept, so that all count once.
    :raises NotPermitted: the person neither handles aid nor reports hardship in the village.
    :raises NotAllowed: something is missing or wrong, or aid for the same is under way
        (:func:`temporary_aid.services.under_way.check_not_under_way`).
    """
    area = _village(data.area)
    if not any(can_act(by, right, area=area) for right in (Permission.HANDLE_AID, Permission.REPORT_HARDSHIP)):
        raise NotPermitted(f"您没有在{area.name}登记临时救助的权限。")
    reported = report.reported_at if report is not None else data.first_reported_at or at
    if report is None:
        check_reported(reported, at=at, field="first_reported_at")
    aid = TemporaryAid(
        number=next_number("LS", timezone.localdate(at).year),
        report=report,
        area=area,
        ground=data.ground,
        first_reported_at=reported,
        follow_up_of=follow_up_of.follow_up_of or follow_up_of if follow_up_of is not None else None,
        opened_by=by,
        opened_at=at,
    )
    _keep(aid, data, by=by, at=at)
    others = check_not_under_way(aid)
    # What is needed beside what was granted (跟进救助) was reported anew.
    inherited = inherit_clock(aid, at=at) if follow_up_of is None else ""
    aid.save()
    if report is not None:
        _take(report, by=by, at=at)
    note = f"{aid.get_kind_display()}，{aid.get_cause_display()}{inherited}{others}"
    write_event(aid, AidEventKind.OPENED, by=by, at=at, note=note)
    request_by_itself(aid, by=by, at=at)
    return aid


@transaction.atomic
def mend_aid(aid: TemporaryAid, data: AidData, *, by: Staff, at: datetime, version: int | None = None) -> TemporaryAid:
    """Mend what was registered (更正登记), until it is decided; the first report stays.

    :raises NotAllowed: decided already, somebody else saved first, or something is missing or wrong.
    """
    aid = lock_aid(aid, by=by, permission=Permission.HANDLE_AID)
    require_state(aid, *BEFORE_DECISION, AidState.IN_CASE)
    if version is not None and version != aid.version:
        raise NotAllowed("这件临时救助刚被别人改过，请刷新页面后再改。")
    if data.hardship.kind != aid.kind and aid.state != AidState.OPENED:
        raise NotAllowed("已经开始办理，不能改类型。", field="kind")
    aid.area, aid.ground = _village(data.area), data.ground
    if not can_act(by, Permission.HANDLE_AID, area=aid.area):
        raise NotPermitted(f"您没有在{aid.area.name}办理临时救助的权限。")
    before = (aid.cause, people_of(aid)) if aid.follow_up_of_id is not None else None
    family = aid.household_id if aid.state == AidState.IN_CASE else None
    _keep(aid, data, by=by, at=at)
    if family is not None and aid.household_id != family:
        raise NotAllowed("已经转入办件，不能改关联的家庭。", field="applicant")
    if before is not None and before != (aid.cause, people_of(aid)):
        raise NotAllowed(
            "跟进救助与原救助算同一次，不能改救助对象、类型和事由；另有困难的，请另行登记。", field="cause"
        )
    aid.version += 1
    aid.save()
    write_event(aid, AidEventKind.CHANGED, by=by, at=at)
    return aid


@transaction.atomic
def withdraw_aid(aid: TemporaryAid, *, reason: str, by: Staff, at: datetime) -> TemporaryAid:
    """Give an aid up before anything is decided (不再办理): the family does not want it, or the need is none.

    A report that it came from waits again (待处置): it is taken anew with its own time, or dismissed with a reason.

    :raises NotAllowed: decided already, or no reason.
    """
    report = hold_report(aid)
    aid = lock_aid(aid, by=by, permission=Permission.HANDLE_AID)
    require_state(aid, *BEFORE_DECISION)
    told, before = check_told(reason, "请写明不再办理的原因。", field="reason"), aid.state
    aid.withdraw()
    aid.ended_on, aid.ended_by, aid.end_note = timezone.localdate(at), by, told
    reopened = reopen_report(aid, report)
    aid.version += 1
    aid.save()
    write_event(aid, AidEventKind.WITHDRAWN, by=by, at=at, note=f"{told}{reopened}", from_state=before)
    return aid


def _village(area: Area) -> Area:
    """
    :raises NotAllowed: no village.
    """
    if area.level != AreaLevel.VILLAGE:
        raise NotAllowed("请选择村（社区）。", field="area")
    return area


def _keep(aid: TemporaryAid, data: AidData, *, by: Staff, at: datetime) -> None:
    who, what = data.recipient, data.hardship
    _keep_hardship(aid, what, at=at)
    if who.household is not None:
        if not can_see(by, who.household):
            raise NotPermitted("您不能查看这个家庭。")
        applicant = who.applicant or current_members(who.household).filter(relation="head").first()
        if applicant is None or applicant.household_id != who.household.pk or applicant.left_on is not None:
            raise NotAllowed("申请人须是这个家庭现在的成员。", field="applicant")
        if aid.applicant_id in (None, applicant.pk):
            aid.household, aid.applicant = who.household, applicant
            fill_from(aid, applicant.person, who.household)
        else:
            replace_applicant(aid, applicant, who.household)
    else:
        aid.recipient_name = person_name(check_told(who.name, "请填救助对象的姓名。", field="name"))
        aid.recipient_sex, aid.recipient_birth_date = who.sex, who.birth_date
        aid.people_count = max(who.people_count, 1)
        if who.id_number.strip():
            keep_number(aid, who.id_number, at=at)
            link_by_number(aid, by=by)
        else:
            aid.missing_id_reason = check_told(
                who.missing_id_reason, "请填身份证号；确实没有的，选择无证号原因。", field="missing_id_reason"
            )
    aid.registered_place = who.registered_place.strip() or aid.registered_place
    aid.living_place = who.living_place.strip() or aid.living_place
    if who.phone.strip():
        aid.recipient_phone = who.phone.strip()


def _keep_hardship(aid: TemporaryAid, what: HardshipData, *, at: datetime) -> None:
    causes = {cause.value: cause for cause in AidCause}
    cause = causes.get(what.cause)
    if cause is None or cause.hardship.value != what.kind:
        raise NotAllowed("请选择与类型相符的事由。", field="cause")
    if what.occurred_on > timezone.localdate(at):
        raise NotAllowed("发生日期不能晚于今天。", field="occurred_on")
    if what.occurred_on < EARLIEST_DAY:
        raise NotAllowed("发生日期不能早于2000年1月1日，请核对年份。", field="occurred_on")
    if what.kind == HardshipType.EXPENDITURE and what.self_paid_amount is None:
        raise NotAllowed("支出型的，请填自付支出。", field="self_paid_amount")
    aid.kind, aid.cause, aid.grade = what.kind, what.cause, what.grade
    aid.occurred_on, aid.occurred_place = what.occurred_on, what.occurred_place.strip()
    aid.situation = check_told(what.situation, "请写明困难情况。", field="situation")
    aid.self_paid_amount = what.self_paid_amount if what.kind == HardshipType.EXPENDITURE else None
    if what.kind == HardshipType.URGENT:
        terms = aid_terms(aid.area, on=timezone.localdate(at))
        aid.help_due_at = help_due(aid.first_reported_at, hours=terms.hours)
    else:
        aid.help_due_at = None


def _take(report: HardshipReport, *, by: Staff, at: datetime) -> None:
    locked = HardshipReport.objects.select_for_update().get(pk=report.pk)
    if locked.state != ReportState.OPEN:
        raise NotAllowed(f"这份报告已经处置：{locked.get_state_display()}。")
    locked.state, locked.settled_by, locked.settled_at = ReportState.TAKEN, by, at
    locked.save(update_fields=["state", "settled_by", "settled_at"])
