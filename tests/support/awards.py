"""Families with awards, without a case and its papers: quick enough for tests by the dozen.

``county_data()`` must be loaded. The sum, category and persons are what the assessment of the family says, unless the
test says otherwise.
"""

import itertools
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from benefits.models import Award
from benefits.services import Care, CoveredPerson, grant_award
from eligibility.models import Assessment
from eligibility.services import store_assessment
from households import services as households
from households.models import Household, Member
from households.services import MemberData
from tests.support.crews import LINXI, VILLAGES, Crew, county_data, crew, instant
from tests.support.crews import family as family_of_three
from tests.support.factories import area, make_id_number
from tests.support.replay import told_once

__all__ = ["account_for", "award_for", "award_of_three", "county_data", "crew", "single", "singles", "tekun_award"]
DECIDED = date(2026, 9, 25)
"""By default: the first month is October 2026."""
HOME_CARE = Care(Decimal("54.00"), "self_reliant", "home_based")
_serial = itertools.count(1)
Topups = Mapping[str, tuple[str, str]]
"""By the person's name: yuan a month, and the class of 分类施保."""


@told_once
def award_of_three(people: Crew, *, township: str = LINXI, yearly_wage: str = "6000.00", **more: Any) -> Award:
    """The family of :func:`tests.support.stories.family` (胡德旺, 汪秋菊, 胡小雨) under 低保, with an account."""
    household = family_of_three(people, township=township, yearly_wage=yearly_wage, on=more.get("on", DECIDED))
    return award_for(household, people, **more)


def single(
    people: Crew, *, name: str = "", village: str = VILLAGES[LINXI], born: date = date(1958, 3, 12), on: date = DECIDED
) -> Household:
    """Somebody living alone without any income; names differ from call to call."""
    head = MemberData(
        name=name or _name(next(_serial)),
        relation="head",
        sex="male",
        birth_date=born,
        id_number=make_id_number(birth_date=born),
    )
    facts = {"address": "一组12号", "residence": "rural", "phone": "13905632207"}
    household = households.register_household(
        area=area(village), head=head, facts=facts, by=people.officer, on=on, at=instant(on)
    )
    households.save_property(household, facts={"financial_assets": Decimal("800.00")}, by=people.officer)
    return household


@told_once
def singles(people: Crew, count: int, *, villages: Sequence[str] = (VILLAGES[LINXI],), **more: Any) -> list[Award]:
    """Many awards of people living alone, over the villages in turn, of 515 yuan without an assessment."""
    terms: dict[str, Any] = {"monthly_amount": "515.00", "assessed": False} | more
    return [
        award_for(single(people, village=villages[number % len(villages)], on=more.get("on", DECIDED)), people, **terms)
        for number in range(count)
    ]


def award_for(
    household: Household,
    people: Crew,
    *,
    on: date = DECIDED,
    monthly_amount: str = "",
    category: str = "",
    basis: str = "",
    topups: Topups | None = None,
    assessed: bool = True,
    with_account: bool = True,
    source: str = "",
) -> Award:
    """Grant 低保 to a family, decided on a day; paid from the month after.

    :param monthly_amount: empty for what the assessment says; top-ups included.
    :param topups: 分类施保 by the name of the person; nobody by default.
    """
    assessment = _assess(household, people, on=on) if assessed or not monthly_amount else None
    found: Mapping[str, Any] = assessment.result["dibao"] if assessment else {}
    added = topups or {}
    persons = [
        CoveredPerson(member.person, Decimal(added.get(member.person.name, ("0.00", ""))[0]), _class(added, member))
        for member in _covered(household, found)
    ]
    extra = sum((person.topup_monthly_amount for person in persons), Decimal(0))
    if with_account:
        account_for(household, people, on=on)
    return grant_award(
        scheme="dibao",
        household=household,
        area=household.area,
        monthly_amount=Decimal(monthly_amount) if monthly_amount else Decimal(found["monthly_amount"]) + extra,
        persons=persons,
        category=category or found.get("category") or "B",
        basis=basis or found.get("basis") or "household",
        reason="审核确认",
        source=source,
        assessment=assessment,
        decided_by=people.approver,
        decided_on=on,
    )


def tekun_award(
    people: Crew,
    *,
    household: Household | None = None,
    village: str = VILLAGES[LINXI],
    on: date = DECIDED,
    monthly_amount: str = "1126.00",
    care: Care = HOME_CARE,
    with_account: bool = True,
) -> Award:
    """Grant 特困 to the head of a family, or to somebody living alone; care is part of the sum."""
    family = household or single(people, village=village, on=on)
    if with_account:
        account_for(family, people, on=on)
    return grant_award(
        scheme="tekun",
        household=family,
        area=family.area,
        monthly_amount=Decimal(monthly_amount),
        persons=[CoveredPerson(family.members.get(relation="head", left_on=None).person)],
        category="",
        basis="person",
        care=care,
        reason="审核确认",
        decided_by=people.approver,
        decided_on=on,
    )


def account_for(household: Household, people: Crew, *, on: date = DECIDED, holder: str = "") -> None:
    """Give the family an account (发放账户) of the head's."""
    head = household.members.get(relation="head", left_on=None)
    number = f"6217{next(_serial):015d}"
    household.refresh_from_db()
    households.set_bank_account(
        household, bank="徽商银行", account=number, holder=holder or head.person.name, by=people.officer, on=on
    )


def _assess(household: Household, people: Crew, *, on: date) -> Assessment:
    return store_assessment(Household.objects.get(pk=household.pk), on=on, year=on.year, by=people.officer)


def _covered(household: Household, found: Mapping[str, Any]) -> list[Member]:
    members = household.members.filter(left_on=None).select_related("person").order_by("pk")
    wanted = set(found.get("persons") or [])
    return [member for member in members if not wanted or member.reference in wanted]


def _class(topups: Topups, member: Member) -> str:
    return topups.get(member.person.name, ("", ""))[1]


def _name(number: int) -> str:
    """A name of its own for each of some thousands: 程一二, 汪三四."""
    digits = "一二三四五六七八九十"
    return "程汪胡章方许邵舒周曹"[number % 10] + digits[number // 10 % 10] + digits[number // 100 % 10]
