"""What the simulated townships do about hardships in the product, through the services that the pages call."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from households.models import Member
from organizations.models import Staff
from organizations.permissions import Role
from temporary_aid.models import AidRecoupment, Replenishment, ReserveFund, TemporaryAid
from temporary_aid.queries import aid_terms
from temporary_aid.rules.plans import PlannedStage
from temporary_aid.services import closing, reserve
from temporary_aid.services.advancing import AdvanceData, pay_advance
from temporary_aid.services.base import NeedsCollectiveDecision, NotAllowed
from temporary_aid.services.deciding import ProposalData, approve_aid, propose_aid
from temporary_aid.services.granting import suggestion_of
from temporary_aid.services.meetings import MeetingData, Participant, record_decision
from temporary_aid.services.opening import Recipient, withdraw_aid
from temporary_aid.services.paying import PaymentData, pay_stage
from temporary_aid.services.reconciling import prepare_sheet, sign_sheet
from temporary_aid.services.recouping import RepaymentData, order_recoupment, record_repayment
from temporary_aid.services.replenishing import approve_replenishment, ask_for_low_ones, pay_replenishment
from temporary_aid.services.reports import ReportData, TakeData, enter_report, take_report
from temporary_aid.services.stages import VisitData, cancel_rest, record_visit
from temporary_aid.services.supplementing import SupplementData, accept_supplement, submit_supplement
from tests.simulation.aid_world import AidEvent, Hardship
from tests.simulation.driver import Registrar
from tests.simulation.world import Family
from tests.support.aid import photo
from tests.support.factories import area, make_staff

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEXT = timedelta(minutes=10)
HALF = Decimal("0.5")


class AidDesk:
    """The townships' desks for hardship, and the county behind them."""

    def __init__(self, registrar: Registrar, townships: Sequence[str], families: Sequence[Family], *, on: date) -> None:
        self.registrar, self.townships, self.families = registrar, townships, families
        self.officer = make_staff(Role.COUNTY_OFFICER, "341824", name="许春生", on=on)
        self.approver = make_staff(Role.COUNTY_APPROVER, "341824", name="方文娟", on=on)
        self.finance = make_staff(Role.FINANCE_OFFICER, "341824", name="石庆丰", on=on)
        self.aids: dict[int, int] = {}

    def open_reserves(self, amounts: Sequence[Decimal], *, on: date) -> None:
        """The county sets up each township's reserve and pays into it."""
        for code, amount in zip(self.townships, amounts, strict=True):
            at = _at(datetime.combine(on, datetime.min.time()), hours=9)
            fund = reserve.open_fund(area(code), opened_on=on, by=self.officer, at=at)
            reserve.allocate(fund, amount=amount, note="年初拨付", voucher="拨1", by=self.officer, at=at, on=on)

    def funds(self) -> list[ReserveFund]:
        """The townships' reserves, in their order."""
        by_code = {fund.area.code: fund for fund in ReserveFund.objects.select_related("area")}
        return [by_code[code] for code in self.townships]

    def do(self, event: AidEvent) -> str:
        """Do what is done at one instant; the answer is what came of it, empty where nothing did."""
        if event.kind == "help":
            return self._help(event.hardship, _at(event.at))
        if event.hardship.number not in self.aids:
            return ""
        aid = TemporaryAid.objects.get(pk=self.aids[event.hardship.number])
        return getattr(self, f"_{event.kind}")(aid, event, _at(event.at)) or ""

    # --- the first help ---------------------------------------------------------------------------------------------

    def _help(self, hardship: Hardship, at: datetime) -> str:
        family = self.families[hardship.family]
        file = self.registrar.file(family)
        if file.ended_on is not None:
            return "gone"
        clerk = self.registrar.clerk_of(family)
        head = Member.objects.select_related("person").get(household=file, relation="head", left_on=None)
        report = enter_report(
            ReportData(
                area=file.area,
                source="neighbour",
                reported_at=_at(hardship.reported),
                reporter_name="汪志强",
                person_name=head.person.name,
                situation="遇到急难",
                cause=hardship.cause,
            ),
            by=clerk,
            at=at,
        )
        who = Recipient(household=file, applicant=head)
        aid = take_report(report, data=TakeData(grade=hardship.grade, recipient=who), by=clerk, at=at)
        self.aids[hardship.number] = aid.pk
        late = "路远" if at > _at(hardship.reported) + timedelta(hours=24) else ""
        try:
            if hardship.way == "advance":
                return self._advance(aid, hardship, clerk, late, at)
            if hardship.way == "meeting":
                self._meet(aid, at)
            self._simplified(aid, hardship, clerk, late, at)
        except NeedsCollectiveDecision:
            withdraw_aid(aid, reason="一年内次数已满，不上会", by=clerk, at=at)
            del self.aids[hardship.number]
            return "beyond"
        return "met" if hardship.way == "meeting" else "simplified"

    def _advance(self, aid: TemporaryAid, hardship: Hardship, clerk: Staff, late: str, at: datetime) -> str:
        amount = _table(aid, at)
        data = AdvanceData(
            amount=amount, grade=hardship.grade, second_hand="章建国", received_by="本人", late_reason=late
        )
        try:
            pay_advance(aid, data=data, by=clerk, at=at)
        except NeedsCollectiveDecision:
            raise
        except NotAllowed as refused:
            assert "备用金余额不足" in refused.message, refused.message
            self._simplified(aid, hardship, clerk, late, at)
            return "short"
        return "advanced"

    def _meet(self, aid: TemporaryAid, at: datetime) -> None:
        resolved = _table(aid, at) * 6 / 4
        meeting = MeetingData(
            minutes_number=f"绩救联〔{at.year}〕{aid.pk}号",
            met_on=at.astimezone(SHANGHAI).date(),
            place="县民政局",
            chair="方文娟",
            present=[Participant("方文娟", "县民政局"), Participant("石庆丰", "县财政局")],
            matter="突发重大疾病",
            opinions="一致同意",
            is_agreed=True,
            resolved_amount=resolved,
            minutes=photo("纪要.jpg"),
        )
        record_decision(aid, meeting, by=self.officer, at=at)

    def _simplified(self, aid: TemporaryAid, hardship: Hardship, clerk: Staff, late: str, at: datetime) -> None:
        amount = _table(aid, at)
        amount = amount * 6 / 4 if hardship.way == "meeting" else amount
        each = (amount / hardship.stages).quantize(Decimal("0.01"), "ROUND_DOWN")
        parts = [*[each] * (hardship.stages - 1), amount - each * (hardship.stages - 1)]
        stages = [PlannedStage(form="money", amount=part) for part in parts]
        plan = ProposalData(grade=hardship.grade, stages=stages, opinion="建议救助", late_reason=late)
        propose_aid(aid, plan, by=clerk, at=at)
        aid.refresh_from_db()
        lead = self._lead(aid) if hardship.way != "meeting" else self.approver
        late_then = late or ("路远" if at + 3 * NEXT > aid.help_due_at else "")
        approve_aid(aid, opinion="同意", by=lead, at=at + NEXT, late_reason=late_then)
        self._pay(aid, 1, at + 3 * NEXT, late=late_then)

    def _pay(self, aid: TemporaryAid, serial: int, at: datetime, *, late: str = "") -> None:
        stage = aid.stages.get(serial=serial)
        data = PaymentData(
            method="cash",
            paid_at=at,
            second_hand="章建国",
            received_by="本人",
            voucher=f"付{aid.pk}-{serial}",
            late_reason=late,
        )
        pay_stage(stage, data=data, by=self.finance, at=at, on=at.astimezone(SHANGHAI).date())

    # --- afterwards -------------------------------------------------------------------------------------------------

    def _papers(self, aid: TemporaryAid, event: AidEvent, at: datetime) -> str:
        if aid.route != "petty_advance":
            return ""
        late = "人手不足" if at.astimezone(SHANGHAI).date() > aid.advance_slip.supplement_due_on else ""
        data = SupplementData(facts="情况属实", late_reason=late)
        made = submit_supplement(aid, data=data, papers=[photo("签字.jpg")], by=self._clerk(aid), at=at)
        if not event.hardship.wrong:
            accept_supplement(made, opinion="同意", by=self._lead(aid), at=at + NEXT)
        return "papers"

    def _recoup(self, aid: TemporaryAid, event: AidEvent, at: datetime) -> str:
        if aid.route != "petty_advance":
            return ""
        assert aid.amount is not None
        order_recoupment(aid, due_amount=aid.amount, reason="不属实", by=self._lead(aid), at=at)
        return "recouping"

    def _repay(self, aid: TemporaryAid, event: AidEvent, at: datetime) -> str:
        if aid.route != "petty_advance":
            return ""
        row = AidRecoupment.objects.get(aid=aid)
        half = (row.due_amount * HALF).quantize(Decimal("0.01"), "ROUND_HALF_UP")
        amount = half if event.part == 1 else row.due_amount - half
        on = at.astimezone(SHANGHAI).date()
        data = RepaymentData(amount=amount, repaid_on=on, voucher=f"退{event.part}")
        record_repayment(row, data=data, by=self._clerk(aid), at=at)
        row.refresh_from_db()
        return "recouped" if row.state == "settled" else "repaid"

    def _stage(self, aid: TemporaryAid, event: AidEvent, at: datetime) -> str:
        if aid.route == "petty_advance":
            return ""
        on = at.astimezone(SHANGHAI).date()
        data = VisitData(visited_on=on, visitors="程晓燕、汪志强", finding="仍在治疗", still_in_need=True)
        stage = aid.stages.get(serial=event.part)
        record_visit(aid, data=data, by=self._clerk(aid), at=at, on=on, stage=stage, confirms=True)
        self._pay(aid, event.part, at + NEXT)
        return "stage"

    def _cut(self, aid: TemporaryAid, event: AidEvent, at: datetime) -> str:
        if aid.route == "petty_advance":
            return ""
        on = at.astimezone(SHANGHAI).date()
        data = VisitData(visited_on=on, visitors="程晓燕", finding="已缓解", still_in_need=False)
        record_visit(aid, data=data, by=self._clerk(aid), at=at, on=on)
        cancel_rest(aid, reason="困难已缓解", by=self._clerk(aid), at=at, on=on)
        return "cut"

    def _end(self, aid: TemporaryAid, event: AidEvent, at: datetime) -> str:
        on = at.astimezone(SHANGHAI).date()
        if aid.stages.count() > 1:
            data = VisitData(visited_on=on, visitors="程晓燕", finding="已缓解", still_in_need=False)
            record_visit(aid, data=data, by=self._clerk(aid), at=at, on=on)
        closing.close_solved(
            aid, note="困难已解决", papers_reason="本人外出，未能补签", by=self._clerk(aid), at=at, on=on
        )
        return "ended"

    # --- the reserve ------------------------------------------------------------------------------------------------

    def replenish(self, *, on: date) -> dict[int, Decimal]:
        """By township, what the county approves and pays in of what was asked for."""
        at = _at(datetime.combine(on, datetime.min.time()), hours=9)
        paid = {}
        for row in Replenishment.objects.filter(state="asked").select_related("fund__area"):
            approve_replenishment(row, amount=row.asked_amount, opinion="同意", by=self.approver, at=at)
            row.refresh_from_db()
            pay_replenishment(row, voucher="补1", by=self.officer, at=at, on=on)
            paid[self.townships.index(row.fund.area.code)] = row.asked_amount
        return paid

    def new_year(self, *, on: date) -> None:
        """What the night of New Year's Day does by itself."""
        ask_for_low_ones(at=_at(datetime.combine(on, datetime.min.time()), hours=1))

    def reconcile(self, month: date, *, on: date) -> list[Decimal]:
        """Prepare and sign each township's sheet of a month; what was left at its end."""
        at = _at(datetime.combine(on, datetime.min.time()), hours=9)
        left = []
        for number, fund in enumerate(self.funds()):
            office = self.registrar.offices[number]
            sheet = prepare_sheet(
                fund,
                month,
                counted_cash=Decimal(0),
                bank_balance=fund.balance,
                difference_note="逐笔核对无误",
                by=office.clerk,
                at=at,
            )
            sign_sheet(sheet, by=office.lead, at=at)
            left.append(sheet.closing)
        return left

    def _clerk(self, aid: TemporaryAid) -> Staff:
        return self.registrar.offices[self._township(aid)].clerk

    def _lead(self, aid: TemporaryAid) -> Staff:
        return self.registrar.offices[self._township(aid)].lead

    def _township(self, aid: TemporaryAid) -> int:
        return self.townships.index(aid.area.code[:9])


def _table(aid: TemporaryAid, at: datetime) -> Decimal:
    """What the county's table proposes, yuan."""
    return suggestion_of(aid, terms=aid_terms(aid.area, on=at.astimezone(SHANGHAI).date())).amount


def _at(local: datetime, *, hours: int = 0) -> datetime:
    return (local + timedelta(hours=hours)).replace(tzinfo=SHANGHAI)
