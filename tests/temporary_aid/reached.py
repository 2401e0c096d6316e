"""Aid that reached families in 临溪镇 and 华阳镇 in September and October 2026, soon and late."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from foundation.trail import acting
from organizations.models import Staff
from organizations.permissions import Role
from temporary_aid.rules.plans import PlannedStage
from temporary_aid.services import open_aid
from temporary_aid.services.following import open_follow_up
from tests.support.aid import HUAYANG, LINXI, NIGHT, SHANGHAI, aid_data
from tests.support.crews import Crew, county_data, crew
from tests.support.factories import make_staff
from tests.temporary_aid.granted import Helped, granted, helped, money


def urgent(people: Crew, *stages: PlannedStage, township: str = LINXI, count: int = 3, **more: object) -> Helped:
    return helped(*stages, people=people, township=township, people_count=count, **more)  # type: ignore[arg-type]


def pay_everybody() -> Staff:
    """Eight payments of two townships, two types and two months; gives who sees the whole county.

    What they come to is written down beside each test.
    """
    county_data()
    linxi, huayang = crew(), crew(HUAYANG)
    helped(people=linxi, with_family=True).pay(at=NIGHT + timedelta(hours=10))
    followed = urgent(linxi)
    followed.pay(at=NIGHT + timedelta(hours=24))
    urgent(linxi, money("1600.05"), count=5).pay(at=NIGHT + timedelta(hours=30, minutes=30), late_reason="路断")
    staged = urgent(linxi, money("1000.00"), money("560.00", condition="修房"), count=1)
    staged.pay(at=NIGHT + timedelta(hours=2))
    staged.visit(2, at=datetime(2026, 10, 1, 0, 0, tzinfo=SHANGHAI))
    staged.confirm(2, at=datetime(2026, 10, 1, 0, 0, tzinfo=SHANGHAI))
    staged.pay(2, at=datetime(2026, 10, 1, 0, 0, tzinfo=SHANGHAI))
    asked = datetime(2026, 10, 20, 8, 0, tzinfo=SHANGHAI)
    more = open_follow_up(followed.fresh(), situation="仍无力修房", by=linxi.officer, at=asked)
    granted(more, money("1560.00"), people=linxi, at=asked)
    Helped(linxi, more).pay(at=asked + timedelta(hours=3))
    goods = PlannedStage(form="in_kind", amount=Decimal("400.00"))
    mixed = urgent(huayang, money("1200.00"), goods, township=HUAYANG, count=2)
    mixed.pay(at=NIGHT + timedelta(hours=5))
    mixed.visit(2, at=datetime(2026, 9, 30, 23, 59, tzinfo=SHANGHAI))
    mixed.confirm(2, at=datetime(2026, 9, 30, 23, 59, tzinfo=SHANGHAI))
    mixed.pay(2, at=datetime(2026, 9, 30, 23, 59, tzinfo=SHANGHAI), method="handed", voucher="")
    with acting(actor="system:test"):
        data = aid_data(township=HUAYANG, kind="expenditure", people_count=4, self_paid_amount=Decimal("9000.00"))
        dear = open_aid(data, by=huayang.officer, at=NIGHT)
    granted(dear, money("3000.00"), people=huayang)
    Helped(huayang, dear).pay(at=NIGHT + timedelta(days=20))
    urgent(linxi)  # approved, nothing paid: in no figure
    return make_staff(Role.COUNTY_OFFICER, "341824", name="许文斌", on=date(2026, 1, 1))
