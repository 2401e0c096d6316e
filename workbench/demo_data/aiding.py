"""Temporary aid (临时救助) of the demo: reports, petty advances, decisions and stages, each by its own account."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from eligibility.rules.choices import AidCause, AidGrade
from organizations.models import Area, Staff
from organizations.models.areas import AreaLevel
from temporary_aid.models import StockItem, TemporaryAid
from temporary_aid.queries import aid_terms
from temporary_aid.queries.ends import departments_to_refer_to
from temporary_aid.rules.amounts import suggest
from temporary_aid.rules.plans import PlannedItem, PlannedStage
from temporary_aid.services import (
    advancing,
    closing,
    deciding,
    files,
    meetings,
    opening,
    paying,
    publicity,
    recouping,
    stages,
    supplementing,
)
from temporary_aid.services.opening import AidData, HardshipData, Recipient
from workbench.demo_data.aid_plans import Need, Sufferer, sufferers
from workbench.demo_data.files import photo, scan
from workbench.demo_data.officers import Offices

_HALF = Decimal("0.5")


@dataclass
class Story:
    """One aid as it goes; ``at`` is the moment of the next act, moved on by :meth:`later`."""

    need: Need
    who: Sufferer
    offices: Offices
    items: Sequence[StockItem]
    at: datetime
    aid: TemporaryAid = field(init=False)

    def __post_init__(self) -> None:
        villages = Area.objects.filter(level=AreaLevel.VILLAGE, code__startswith=self.need.township + "2")
        self.village = villages.select_related("parent").order_by("code")[0]

    @property
    def on(self) -> date:
        return timezone.localdate(self.at)

    @property
    def clerk(self) -> Staff:
        return self.offices.township(self.village, 1)

    @property
    def second(self) -> Staff:
        return self.offices.township(self.village, 2)

    @property
    def lead(self) -> Staff:
        return self.offices.township(self.village, 3)

    def later(self, **span: float) -> "Story":
        self.at += timedelta(**span)
        return self

    @property
    def suggested(self) -> Decimal:
        """What the county's table proposes, yuan."""
        terms = aid_terms(self.village, on=self.on)
        cause, grade = AidCause(self.need.cause), AidGrade(self.need.grade)
        return suggest(terms.urgent, cause=cause, grade=grade).amount

    @property
    def place(self) -> str:
        return f"{self.village.short_name}{self.need.place}"

    @property
    def recipient(self) -> Recipient:
        return Recipient(
            name=self.who.name,
            id_number=self.who.id_number,
            missing_id_reason=self.need.missing_id,
            sex=self.who.sex,
            birth_date=self.who.birth_date,
            phone=self.who.phone,
            people_count=self.need.people,
            registered_place="" if self.need.missing_id else self.place,
            living_place=self.place,
        )

    def open(self) -> "Story":
        """The second clerk registers it as it was reported a quarter of an hour ago."""
        what = HardshipData(
            kind="urgent",
            cause=self.need.cause,
            occurred_on=self.on,
            situation=self.need.situation,
            grade=self.need.grade,
            occurred_place=self.place,
        )
        data = AidData(self.village, self.recipient, what, self.need.ground, first_reported_at=self.at)
        self.later(minutes=15)
        self.aid = opening.open_aid(data, by=self.second, at=self.at)
        return self

    def ask(self) -> "Story":
        """The village vouches for it with a photo of the scene."""
        asked = advancing.AskData(self.suggested, "汪德福", "情况属实，急需救助，请先行救助。", "村党总支书记")
        picture = photo("现场.jpg", seed=len(self.need.key))
        advancing.ask_advance(self.aid, data=asked, photo=picture, by=self.second, at=self.at)
        return self

    def pay_first(self, late_reason: str = "") -> "Story":
        """The first clerk pays the proposed amount from the reserve."""
        data = advancing.AdvanceData(
            amount=self.suggested,
            grade=self.need.grade,
            second_hand=self.second.name,
            received_by=self.who.name,
            late_reason=late_reason,
        )
        advancing.pay_advance(self.aid, data=data, by=self.clerk, at=self.at)
        return self

    def supplement(self) -> "Story":
        """The second clerk hands in what was signed and stamped afterwards."""
        data = supplementing.SupplementData(f"入户核实：{self.need.situation}", relieved_on=self.on - timedelta(days=1))
        supplementing.submit_supplement(self.aid, data=data, papers=[scan("补签材料.pdf")], by=self.second, at=self.at)
        return self

    def accept(self) -> "Story":
        found = self.aid.supplements.get(result="waiting")
        supplementing.accept_supplement(found, opinion="材料齐全，同意", by=self.lead, at=self.at)
        return self

    def propose(self, *plan: PlannedStage) -> "Story":
        """The clerk proposes the plan, or the whole proposed amount at once."""
        rows = list(plan) or [PlannedStage("money", self.suggested)]
        data = deciding.ProposalData(self.need.grade, rows, "情况属实，请审批。")
        deciding.propose_aid(self.aid, data, by=self.clerk, at=self.at)
        return self

    def approve(self, by: Staff | None = None) -> "Story":
        deciding.approve_aid(self.aid, opinion="同意救助", by=by or self.lead, at=self.at)
        return self

    def pay_ready(self) -> "Story":
        """The clerk records that the stage that waits reached the family."""
        stage = self.aid.stages.filter(state="ready").order_by("serial")[0]
        data = paying.PaymentData(
            method={"money": "cash", "in_kind": "handed", "service": "served"}[stage.form],
            paid_at=self.at,
            second_hand=self.second.name,
            received_by=self.who.name,
            voucher="记账凭证（示例）" if stage.form == "money" else "",
        )
        paying.pay_stage(stage, data=data, by=self.clerk, at=self.at, on=self.on)
        return self

    def visit(self, finding: str, *, still_in_need: bool, confirms: bool = False) -> "Story":
        """The second clerk visits; with ``confirms`` the next stage may be paid."""
        stage = self.aid.stages.filter(state="planned").order_by("serial").first() if confirms else None
        data = stages.VisitData(self.on, self.second.name, finding, still_in_need, condition_met=confirms)
        stages.record_visit(self.aid, data=data, by=self.second, at=self.at, on=self.on, stage=stage, confirms=confirms)
        return self

    def bring_papers(self) -> "Story":
        """What the family signed afterwards (后补手续)."""
        upload = scan("签字的申请书.pdf")
        files.add_file(self.aid, kind="application", upload=upload, by=self.second, at=self.at)
        return self

    def post(self) -> "Story":
        if TemporaryAid.objects.get(pk=self.aid.pk).publicity_due_on is not None:
            publicity.post_aid(self.aid, posted_on=self.on, place="村务公开栏", by=self.clerk, at=self.at)
        return self

    def in_stages(self) -> tuple[PlannedStage, ...]:
        """Half in money at once, quilts and rice in three weeks, the rest in money a month later."""
        half = (self.suggested * _HALF).quantize(Decimal("0.01"))
        goods = tuple(
            PlannedItem(item.pk, item.name, item.unit, count, item.unit_value)
            for item, count in zip(self.items, (2, 2), strict=False)
        )
        worth = sum((item.value for item in goods), Decimal("0.00"))
        return (
            PlannedStage("money", half),
            PlannedStage("in_kind", worth, self.on + timedelta(days=20), "仍未搬回住房或仍在住院的", items=goods),
            PlannedStage("money", self.suggested - half - worth, self.on + timedelta(days=50), "走访仍然困难的"),
        )


def _asked(story: Story) -> None:
    story.open().later(minutes=20).ask()


def _paid(story: Story) -> None:
    story.open().ask().later(hours=11).pay_first()


def _owing(story: Story) -> None:
    """Paid a little late, and its papers are overdue."""
    story.open().ask().later(hours=27).pay_first(late_reason="暴雨后道路中断，次日才进村。")


def _checking(story: Story) -> None:
    story.open().ask().later(hours=9).pay_first().later(days=6).supplement()


def _settled(story: Story) -> None:
    story.open().later(hours=3).pay_first().later(days=5).supplement().later(days=1).accept().post()
    story.later(days=10).visit("已出院，村里安排了公益性岗位。", still_in_need=False)
    closing.close_solved(story.aid, note="病情稳定，生活恢复。", by=story.clerk, at=story.at, on=story.on)


def _no_papers(story: Story) -> None:
    story.open().later(hours=2).pay_first()


def _staged(story: Story) -> None:
    """The first stage is paid; the visit for the second is due."""
    story.open().later(hours=2).propose(*story.in_stages()).later(hours=3).approve().later(hours=2).pay_ready().post()


def _ready(story: Story) -> None:
    """The second stage is confirmed and waits to be handed over."""
    story.open().later(hours=2).propose(*story.in_stages()).later(hours=3).approve().later(hours=2).pay_ready().post()
    story.later(days=20).visit("仍在康复，家里没有收入。", still_in_need=True, confirms=True)


def _resolved(story: Story) -> None:
    """Above the maximum, as the county's meeting resolved."""
    amount = story.suggested * 2
    story.open().later(hours=5)
    present = (
        meetings.Participant("方志远", "绩溪县人民政府（示例）", "副县长"),
        meetings.Participant("汪国栋", "绩溪县民政局", "局长"),
        meetings.Participant("胡建平", "绩溪县财政局", "副局长"),
    )
    data = meetings.MeetingData(
        minutes_number="绩困保议〔示例〕1号",
        met_on=story.on,
        place="县民政局三楼会议室",
        chair="方志远",
        present=present,
        matter=f"{story.who.name}突发重病，自付费用大，超过救助上限。",
        opinions="县民政局：情况属实，建议突破上限。\n县财政局：资金有保障，同意。",
        is_agreed=True,
        resolved_amount=amount,
        minutes=scan("会议纪要.pdf"),
    )
    meetings.record_decision(story.aid, data, by=story.offices.county(7), at=story.at)
    story.later(minutes=30).propose(PlannedStage("money", amount)).later(hours=1).approve(story.offices.county(3))
    story.later(hours=2).pay_ready()


def _proposed(story: Story) -> None:
    story.open().later(hours=1).propose()


def _refused(story: Story) -> None:
    story.open().later(hours=4)
    reason = "损失金额小，家庭收入稳定，基本生活没有困难；已告知报警和投诉途径。"
    deciding.refuse_aid(story.aid, reason=reason, by=story.lead, at=story.at)


def _coming_back(story: Story) -> None:
    """Found wrong afterwards; the money is asked back."""
    story.open().ask().later(hours=8).pay_first().later(days=3)
    recouping.order_recoupment(
        story.aid,
        due_amount=story.suggested,
        reason="烧毁的是闲置老屋，本人住县城，不符合条件",
        by=story.lead,
        at=story.at,
    )


def _referred(story: Story) -> None:
    story.open().later(hours=2).pay_first().later(days=4).supplement().later(days=1).accept().post()
    story.later(days=7).visit("需要长期康复训练。", still_in_need=True)
    department = departments_to_refer_to()[0]
    note = "转请协助康复和辅助器具。"
    closing.refer(story.aid, department=department, note=note, by=story.clerk, at=story.at, on=story.on)


TOLD: dict[str, tuple[int, int, Callable[[Story], None]]] = {
    "asked": (1, 21, _asked),
    "paid": (4, 20, _paid),
    "owing": (26, 15, _owing),
    "checking": (9, 22, _checking),
    "settled": (44, 10, _settled),
    "no_papers": (2, 14, _no_papers),
    "staged": (22, 9, _staged),
    "ready": (21, 9, _ready),
    "resolved": (12, 9, _resolved),
    "proposed": (1, 15, _proposed),
    "refused": (8, 9, _refused),
    "coming_back": (15, 20, _coming_back),
    "referred": (30, 10, _referred),
}
"""Of every need: days ago, the hour of the first report, and what became of it."""


def make_aids(offices: Offices, items: Sequence[StockItem], *, on: date) -> list[TemporaryAid]:
    """Tell every need to where its story stands today, the earliest first so that money and numbers run in order."""
    found = {need.key: (need, who) for need, who in sufferers(on=on)}
    made = []
    for key in sorted(TOLD, key=lambda key: -TOLD[key][0]):
        days, hour, tell = TOLD[key]
        at = timezone.make_aware(datetime.combine(on - timedelta(days=days), datetime.min.time())) + timedelta(
            hours=hour
        )
        story = Story(*found[key], offices, items, at)
        tell(story)
        made.append(story.aid)
    return made
