"""An aid of the demo that was not enough: its family, on record without any award, applies for 低保 (转申请)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.utils import timezone

from applications.models import Intake
from organizations.models import Area
from organizations.models.delegations import Scheme
from temporary_aid.models import TemporaryAid
from temporary_aid.services import closing
from temporary_aid.services.opening import Recipient
from workbench.demo_data.aid_plans import Need, Sufferer
from workbench.demo_data.aiding import Story
from workbench.demo_data.officers import SHOWN, Offices
from workbench.demo_data.registering import DemoFamily

_DAYS_AGO = 18
_ILL = "户主突发心肌梗死送医，出院后不能下地干活，家里断了收入，药费每月一千多元。"


@dataclass
class _FamilyStory(Story):
    """The story of a family on record."""

    family: DemoFamily = field(kw_only=True)

    def __post_init__(self) -> None:
        self.village: Area = self.family.household.area

    @property
    def recipient(self) -> Recipient:
        return Recipient(household=self.family.household, applicant=self.family.members[0])


def make_converted(families: Sequence[DemoFamily], offices: Offices, *, on: date) -> list[TemporaryAid]:
    """A family that applied for nothing is helped, found in need still, and applies; near the demo's accounts first."""
    applied = set(Intake.objects.values_list("household_id", flat=True))
    waiting = [one for one in families if one.household.pk not in applied]
    if not waiting:
        return []
    family = min(waiting, key=lambda one: one.household.area.code[:9] not in SHOWN)
    head = family.plan.people[0]
    need = Need("converted", family.household.area.code[:9], "sudden_illness", "moderate", _ILL)
    who = Sufferer(head.name, head.id_number, "", head.sex, head.birth_date)
    begun = datetime.combine(on - timedelta(days=_DAYS_AGO), datetime.min.time()) + timedelta(hours=9)
    story = _FamilyStory(need, who, offices, (), timezone.make_aware(begun), family=family)
    story.open().later(hours=1).propose().later(hours=2).approve().later(hours=1).pay_ready().post()
    story.later(days=4).bring_papers().later(days=10).visit(
        "仍不能劳动，药费持续，收入低于保障标准。", still_in_need=True
    )
    data = closing.ConversionData(
        scheme=Scheme.DIBAO,
        applicant=family.members[0],
        accounting_year=on.year,
        reason="重病丧失劳动能力，收入不足以维持基本生活",
        note="困难将持续，一次性救助不能解决，转申请低保。",
    )
    closing.convert_to_case(story.aid, data=data, by=story.clerk, at=story.at, on=story.on)
    return [story.aid]
