"""急难报告: enter, take over as aid, dismiss, mark as a duplicate, ring back whoever called the hotline."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from eligibility.rules.choices import AidCause, HardshipType
from foundation.identity import InvalidIdNumber, normalize_id_number, parse_id_number
from foundation.names import person_name
from organizations.models import Area, Staff
from organizations.models.areas import AreaLevel
from temporary_aid.models import AidEventKind, Ground, HardshipReport, ReportSource, ReportState, TemporaryAid
from temporary_aid.permissions import Permission, check_can_act
from temporary_aid.queries import aid_terms, reports_visible_to
from temporary_aid.rules.clock import help_due
from temporary_aid.rules.states import CLOCK_RUNS
from temporary_aid.services.base import NotAllowed, check_reported, check_told, next_number, write_event
from temporary_aid.services.opening import AidData, HardshipData, Recipient, open_aid


@dataclass(frozen=True)
class ReportData:
    """What is reported: who is in need, where, of what, and when it was first said.

    :param source: a value of :class:`temporary_aid.models.ReportSource`; a hotline's has its ticket.
    :param cause: 事由, as far as it is known.
    """

    area: Area
    source: str
    reported_at: datetime
    reporter_name: str
    person_name: str
    situation: str
    hotline_ticket: str = ""
    reporter_phone: str = ""
    place: str = ""
    person_id_number: str = ""
    person_phone: str = ""
    cause: str = ""
    is_urgent: bool = True


@dataclass(frozen=True)
class TakeData:
    """What a report does not say and the aid needs; all else is carried over.

    :param occurred_on: the day of the report where nothing is said.
    :param self_paid_amount: 自付支出 of 支出型, yuan.
    """

    cause: str = ""
    missing_id_reason: str = ""
    occurred_on: date | None = None
    self_paid_amount: Decimal | None = None
    grade: str = ""
    ground: str = Ground.REGISTERED
    recipient: Recipient = field(default_factory=Recipient)


@transaction.atomic
def enter_report(data: ReportData, *, by: Staff, at: datetime) -> HardshipReport:
    """登记急难报告: also of last night's; the clock hours run from when it was first said.

    :raises NotPermitted: the person reports nothing in the village.
    :raises NotAllowed: no village, a time to come or long past, a ticket entered before, or something is missing.
    """
    if data.area.level != AreaLevel.VILLAGE:
        raise NotAllowed("请选择村（社区）。", field="area")
    check_can_act(by, Permission.REPORT_HARDSHIP, area=data.area)
    check_reported(data.reported_at, at=at, field="reported_at")
    report = HardshipReport(
        number=next_number("JN", timezone.localdate(at).year),
        source=_source(data.source),
        hotline_ticket=_ticket(data),
        reported_at=data.reported_at,
        reporter_name=check_told(data.reporter_name, "请填报告人。", field="reporter_name"),
        reporter_phone=data.reporter_phone.strip(),
        area=data.area,
        place=data.place.strip(),
        person_name=person_name(check_told(data.person_name, "请填遇困人员的姓名。", field="person_name")),
        person_id_number=_id_number(data.person_id_number, on=timezone.localdate(at)),
        person_phone=data.person_phone.strip(),
        cause=_cause(data.cause),
        situation=check_told(data.situation, "请写明遇到了什么困难。", field="situation"),
        is_urgent=data.is_urgent,
        entered_by=by,
        entered_at=at,
    )
    try:
        with transaction.atomic():
            report.save()
    except IntegrityError as error:
        if "report_hotline_ticket_once" not in str(error):
            raise
        raise NotAllowed("这个12345工单号已经登记过。", field="hotline_ticket") from error
    return report


@transaction.atomic
def take_report(report: HardshipReport, *, by: Staff, at: datetime, data: TakeData = TakeData()) -> TemporaryAid:
    """转为临时救助: one act, nothing typed again; the clock runs from the report.

    :raises NotPermitted: the person handles no aid in the village.
    :raises NotAllowed: settled already, the cause is not known yet, or the same aid is under way.
    """
    report = _lock(report, by=by)
    return take(report, data=data, by=by, at=at)


def take(report: HardshipReport, *, data: TakeData, by: Staff, at: datetime) -> TemporaryAid:
    """Open the aid of a report that is open and locked, or was entered in this transaction."""
    cause = next((one for one in AidCause if one.value == (data.cause or report.cause)), None)
    if cause is None:
        raise NotAllowed("请选择事由。", field="cause")
    number = report.person_id_number.reveal() if report.person_id_number else ""
    recipient = replace(
        data.recipient,
        name=report.person_name,
        id_number=number,
        missing_id_reason="" if number else data.missing_id_reason,
        phone=report.person_phone.reveal() if report.person_phone else "",
        living_place=data.recipient.living_place or report.place,
    )
    hardship = HardshipData(
        kind=cause.hardship.value,
        cause=cause.value,
        occurred_on=data.occurred_on or timezone.localdate(report.reported_at),
        situation=report.situation,
        grade=data.grade,
        occurred_place=report.place,
        self_paid_amount=data.self_paid_amount,
    )
    aid = open_aid(
        AidData(area=report.area, recipient=recipient, hardship=hardship, ground=data.ground),
        by=by,
        at=at,
        report=report,
    )
    said = f"{report.get_source_display()}，报告{report.number}，报告人{report.reporter_name}"
    write_event(aid, AidEventKind.REPORTED, by=report.entered_by, at=report.reported_at, note=said)
    return aid


@transaction.atomic
def dismiss_report(report: HardshipReport, *, reason: str, by: Staff, at: datetime) -> HardshipReport:
    """不需救助: with the reason.

    :raises NotAllowed: settled already, or no reason is given.
    """
    report = _lock(report, by=by)
    report.settled_reason = check_told(reason, "请写明不需救助的理由。", field="reason")
    return _settle(report, ReportState.DISMISSED, by=by, at=at)


@transaction.atomic
def mark_duplicate(
    report: HardshipReport, *, of: HardshipReport, reason: str, by: Staff, at: datetime
) -> HardshipReport:
    """重复报告: the same need was reported before; the earlier of both reports stays, for the clock runs from it.

    Where the other is an aid already whose clock still runs, an earlier report sets the clock back.

    :raises NotAllowed: settled already, the same report, one that is a duplicate or dismissed itself, a later one that
        waits as well, or no reason is given.
    """
    # Both in one order, so that two clerks who mark each of them at once do not wait for each other.
    pair = HardshipReport.objects.select_for_update(of=("self",)).filter(pk__in=[report.pk, of.pk])
    list(pair.order_by("pk"))
    report = _lock(report, by=by)
    reason = check_told(reason, "请写明为什么是重复报告。", field="reason")
    other = reports_visible_to(by).filter(pk=of.pk).first()
    if other is None or other.pk == report.pk:
        raise NotAllowed("请选择另一份报告。", field="duplicate_of")
    if other.state in (ReportState.DUPLICATE, ReportState.DISMISSED):
        raise NotAllowed(
            f"{other.number}已经“{other.get_state_display()}”，请选择待处置或已转为救助的报告。", field="duplicate_of"
        )
    if report.reported_at < other.reported_at:
        if other.state == ReportState.OPEN:
            raise NotAllowed(f"这份报告更早，请到{other.number}把它标为重复，保留这份。", field="duplicate_of")
        _set_back(other, report, by=by, at=at)
    report.duplicate_of, report.settled_reason = other, reason
    return _settle(report, ReportState.DUPLICATE, by=by, at=at)


@transaction.atomic
def record_callback(report: HardshipReport, *, result: str, by: Staff, at: datetime) -> HardshipReport:
    """登记回访 of a hotline ticket: what the caller was told; until then the ticket is owed (handbook task 19).

    :raises NotAllowed: not of the hotline, still open, rung back already, or nothing is written.
    """
    report = _locked(report)
    check_can_act(by, Permission.REPORT_HARDSHIP, area=report.area)
    if report.source != ReportSource.HOTLINE:
        raise NotAllowed("只有12345工单需要回访。")
    if report.state == ReportState.OPEN:
        raise NotAllowed("请先处置这份报告，再回访。")
    if report.called_back_at is not None:
        raise NotAllowed("这份工单已经回访。")
    report.callback_result = check_told(result, "请写明回访结果。", field="result")
    report.called_back_at = at
    report.save(update_fields=["callback_result", "called_back_at"])
    return report


def _lock(report: HardshipReport, *, by: Staff) -> HardshipReport:
    """An open report, locked, where the person handles aid."""
    locked = _locked(report)
    check_can_act(by, Permission.HANDLE_AID, area=locked.area)
    if locked.state != ReportState.OPEN:
        raise NotAllowed(f"报告{locked.number}已经“{locked.get_state_display()}”。请刷新页面。")
    return locked


def _locked(report: HardshipReport) -> HardshipReport:
    rows = HardshipReport.objects.select_for_update(of=("self",)).select_related("area__parent", "entered_by")
    return rows.get(pk=report.pk)


def _settle(report: HardshipReport, state: ReportState, *, by: Staff, at: datetime) -> HardshipReport:
    report.state, report.settled_by, report.settled_at = state, by, at
    report.save(update_fields=["state", "duplicate_of", "settled_reason", "settled_by", "settled_at"])
    return report


def _set_back(other: HardshipReport, earlier: HardshipReport, *, by: Staff, at: datetime) -> None:
    """The clock of the other report's aid runs from the earlier report, while nothing is paid."""
    aid = TemporaryAid.objects.select_for_update(of=("self",)).select_related("area").filter(report=other).first()
    if aid is None or aid.state not in CLOCK_RUNS or aid.hardship is not HardshipType.URGENT:
        return
    terms = aid_terms(aid.area, on=timezone.localdate(aid.opened_at))
    aid.first_reported_at = earlier.reported_at
    aid.help_due_at = help_due(earlier.reported_at, hours=terms.hours)
    aid.save(update_fields=["first_reported_at", "help_due_at"])
    write_event(aid, AidEventKind.CHANGED, by=by, at=at, note=f"报告{earlier.number}更早，首次报告时间改为该报告的时间")


def _source(source: str) -> str:
    if source not in ReportSource.values:
        raise NotAllowed("请选择来源。", field="source")
    return source


def _ticket(data: ReportData) -> str:
    ticket = data.hotline_ticket.strip()
    if data.source == ReportSource.HOTLINE and not ticket:
        raise NotAllowed("12345热线的报告须填工单号。", field="hotline_ticket")
    if data.source != ReportSource.HOTLINE and ticket:
        raise NotAllowed("只有12345热线的报告才填工单号。", field="hotline_ticket")
    return ticket


def _cause(cause: str) -> str:
    if cause and cause not in {one.value for one in AidCause}:
        raise NotAllowed("请选择事由。", field="cause")
    return cause


def _id_number(text: str, *, on: date) -> str:
    number = normalize_id_number(text)
    if not number:
        return ""
    try:
        return parse_id_number(number, on=on).number
    except InvalidIdNumber as error:
        raise NotAllowed(str(error), field="person_id_number") from error
