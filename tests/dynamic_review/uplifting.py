"""Awards that rest on assessments, a new standard approved by two, and an uplift brought through its steps."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from applications.rules.suggestion import suggest
from benefits.models import Award
from benefits.queries import owed_of
from benefits.services import Care, CoveredPerson, grant_award
from dynamic_review import services
from dynamic_review.models import Uplift, UpliftLine
from eligibility.models import Assessment, Parameter
from eligibility.services import SourceData, approve_change, propose_parameter, store_assessment
from households import services as households
from households.models import Household
from households.services import IncomeData, MemberData
from organizations.models import Job, Staff
from organizations.permissions import Role
from organizations.services import carry_out
from tests.support.crews import LINXI, VILLAGES, Crew, family, instant
from tests.support.factories import area, make_id_number, make_staff

D = Decimal
GRANTED = date(2026, 9, 7)
"""Awards begin in October 2026; S is 755.00 in the country."""
OCTOBER, NOVEMBER, DECEMBER = date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)
TODAY = date(2026, 12, 7)
NOW = datetime(2026, 12, 7, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
SOURCE = SourceData("宣政秘〔2026〕12号", "2026年度社会救助标准", date(2026, 9, 20))
CARE = {"self_reliant": "60.00", "semi_disabled": "370.00", "disabled": "650.00"}


def assessed(household: Household, by: Staff, *, on: date = GRANTED) -> Assessment:
    return store_assessment(household, on=on, year=on.year, by=by)


def granted(household: Household, people: Crew, *, on: date = GRANTED, amount: str = "") -> Award:
    """An award as the assessment came out, or of another amount; the persons and top-ups as suggested."""
    found = assessed(household, people.officer, on=on)
    proposed = suggest(found.result)
    assert proposed.monthly_amount is not None
    members = household.members.in_bulk()
    return grant_award(
        scheme="dibao",
        household=household,
        area=household.area,
        monthly_amount=D(amount) if amount else proposed.monthly_amount,
        persons=[
            CoveredPerson(members[one.member_id].person, one.topup_monthly_amount, one.topup_class)
            for one in proposed.persons
        ],
        category=proposed.category,
        basis=proposed.basis,
        reason="审核确认",
        decided_by=people.approver,
        decided_on=on,
        assessment=found,
    )


def three_people(people: Crew) -> Award:
    """755 × 3 − 6,000 ÷ 12 = 1,765; top-ups 226.50 → 227 and 151: 2,143.00 a month."""
    return granted(family(people, on=GRANTED), people)


def alone(people: Crew, *, name: str = "汪大年", yearly: str = "", township: str = LINXI, amount: str = "") -> Award:
    """One person of 56 without income: 755.00 a month."""
    return granted(registered(people, name=name, yearly=yearly, township=township), people, amount=amount)


def registered(
    people: Crew, *, name: str = "汪大年", born: date = date(1970, 5, 5), yearly: str = "", township: str = LINXI
) -> Household:
    number = make_id_number(birth_date=born)
    head = MemberData(name=name, relation="head", sex="male", birth_date=born, id_number=number)
    facts = {"address": "二组3号", "residence": "rural"}
    household = households.register_household(
        area=area(VILLAGES[township]), head=head, facts=facts, by=people.officer, on=GRANTED, at=instant(GRANTED)
    )
    if yearly:
        member = household.members.get()
        row = IncomeData(member=member, kind="wage", yearly_amount=D(yearly), label="零工")
        households.save_incomes(household, year=2026, rows=[row], by=people.officer, at=instant(GRANTED))
    return household


def tekun(people: Crew, *, level: str = "self_reliant", care: str = "54.00") -> Award:
    """A man of 76 with nobody who owes support: basic living 786 and care at home."""
    household = registered(people, name="胡孤老", born=date(1950, 5, 5))
    member = household.members.get()
    households.save_supporters(member, rows=[], known_all=True, by=people.officer, on=GRANTED)
    found = assessed(household, people.officer)
    return grant_award(
        scheme="tekun",
        household=household,
        area=household.area,
        monthly_amount=D("786.00") + D(care),
        persons=[CoveredPerson(member.person)],
        category="",
        basis="person",
        reason="审核确认",
        decided_by=people.approver,
        decided_on=GRANTED,
        care=Care(D(care), level, "home_based"),
        assessment=found,
    )


def standard(
    value: Any = "790.00", *, since: date = OCTOBER, key: str = "dibao_monthly_standard", **more: Any
) -> Parameter:
    """A figure entered by one administrator and approved by another."""
    first, second = (make_staff(Role.SYSTEM_ADMINISTRATOR, "341824", on=GRANTED) for _ in range(2))
    terms: dict[str, Any] = {
        "area": area("341824"),
        "residence": "rural",
        "source": SOURCE,
        "late_reason": "市里下文晚",
    } | more
    change = propose_parameter(key, value=value, from_day=since, by=first, on=TODAY, **terms)
    return approve_change(change, by=second, on=TODAY)


def done(job: Job) -> Job:
    """A job as a worker does it."""
    carry_out(job.pk, clock=lambda: NOW)
    job.refresh_from_db()
    assert job.state == "done", job.message
    return job


def entered(by: Staff, *figures: Parameter) -> Uplift:
    return services.enter_uplift(title="2026年度提标", figures=figures or [standard()], by=by, on=TODAY)


def previewed(uplift: Uplift) -> Uplift:
    done(services.start_preview(uplift, by=uplift.entered_by, at=NOW))
    uplift.refresh_from_db()
    return uplift


def approvers() -> tuple[Staff, Staff]:
    first, second = (make_staff(Role.COUNTY_APPROVER, "341824", name=name, on=GRANTED) for name in ("方文娟", "胡伟"))
    return first, second


def approved(uplift: Uplift) -> Uplift:
    for by in approvers():
        services.approve_uplift(uplift, opinion="同意", by=by, on=TODAY)
    uplift.refresh_from_db()
    return uplift


def applied(uplift: Uplift) -> Uplift:
    done(services.start_applying(uplift, by=uplift.entered_by, at=NOW))
    uplift.refresh_from_db()
    return uplift


def through(uplift: Uplift) -> Uplift:
    """Previewed, approved by two and carried out."""
    return applied(approved(previewed(uplift)))


def rolled_back(uplift: Uplift, by: Staff) -> Uplift:
    done(services.start_rolling_back(uplift, reason="文件作废", by=by, at=NOW))
    uplift.refresh_from_db()
    return uplift


def line_of(uplift: Uplift, award: Award) -> UpliftLine:
    return UpliftLine.objects.get(run=uplift.run, award=award)


MONTHS = [date(2026, month, 1) for month in (9, 10, 11, 12)] + [date(2027, month, 1) for month in (1, 2)]


def owed(award: Award) -> list[Decimal]:
    """What the award is owed from September to February."""
    award.refresh_from_db()
    found = owed_of(award, MONTHS)
    return [found[month].amount for month in MONTHS]
