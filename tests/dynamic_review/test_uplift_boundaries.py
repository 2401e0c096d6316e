"""Where an uplift stops: a frozen roll, deputies who count as one, awards that are ended, suspended or phased out."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from benefits.models import Award, MonthlyRoll, RollState
from benefits.services import end_award, start_phase_out, suspend_award
from benefits.services.rolls import RollRefused
from dynamic_review import services
from dynamic_review.models import UpliftState
from dynamic_review.rules.uplift import Apart
from dynamic_review.services import UpliftRefused
from foundation.errors import NotPermitted
from households.models import Person
from organizations.models import Staff
from organizations.permissions import Role
from organizations.services import appoint
from tests.benefits.paying import desk
from tests.dynamic_review.uplifting import (
    DECEMBER,
    GRANTED,
    NOVEMBER,
    NOW,
    TODAY,
    D,
    alone,
    approvers,
    done,
    entered,
    line_of,
    owed,
    previewed,
    rolled_back,
    standard,
    through,
)
from tests.support.awards import account_for
from tests.support.crews import LINXI, Crew, county_data, crew
from tests.support.factories import area, make_staff

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def people(county: None) -> Crew:
    county_data()
    return crew()


@pytest.fixture
def officer(people: Crew) -> Staff:
    return people.visitor


def frozen(people: Crew, *, frozen_at: Any, scheme: str = "dibao", month: date = DECEMBER) -> MonthlyRoll:
    """A roll that the township, the county and finance signed."""
    return MonthlyRoll.objects.create(
        number=f"FF{month:%Y%m}{scheme}",
        month=month,
        scheme=scheme,
        area=area(LINXI),
        state=RollState.FROZEN,
        cut_off_on=date(2026, 11, 25),
        prepared_by=people.visitor,
        prepared_on=TODAY,
        township_checked_by=people.lead,
        township_checked_on=TODAY,
        county_checked_by=people.approver,
        county_checked_on=TODAY,
        finance_checked_by=make_staff(Role.FINANCE_OFFICER, "341824", on=GRANTED),
        frozen_at=frozen_at,
    )


def test_once_the_next_roll_is_frozen_nothing_is_rolled_back_any_more(people: Crew, officer: Staff) -> None:
    award = alone(people)
    frozen(people, frozen_at=NOW - timedelta(days=1), month=NOVEMBER)
    uplift = through(entered(officer))
    assert services.why_not_rolled_back(uplift) == ""
    frozen(people, frozen_at=NOW + timedelta(hours=1), scheme="tekun")
    assert services.why_not_rolled_back(uplift) == ""
    roll = frozen(people, frozen_at=NOW + timedelta(hours=1))
    with pytest.raises(UpliftRefused, match=f"2026年12月发放册（{roll.number}）已按提标后的金额定册，不能回退"):
        services.start_rolling_back(uplift, reason="文件作废", by=approvers()[0], at=NOW)
    uplift.refresh_from_db()
    assert uplift.state == UpliftState.APPLIED
    assert owed(award)[1] == D("790.00")


def test_a_roll_of_an_earlier_month_that_pays_nothing_of_it_does_not_stand_in_the_way(
    people: Crew, officer: Staff
) -> None:
    award = alone(people)
    uplift = through(entered(officer, standard("790.00", since=date(2027, 1, 1))))
    frozen(people, frozen_at=NOW + timedelta(hours=1), month=DECEMBER)
    assert services.why_not_rolled_back(uplift) == ""
    assert rolled_back(uplift, approvers()[0]).state == UpliftState.ROLLED_BACK
    assert owed(award)[4] == D("755.00")


def test_no_roll_of_the_scheme_is_frozen_while_an_uplift_is_being_rolled_back(people: Crew, officer: Staff) -> None:
    award = alone(people)
    account_for(award.household, people, on=GRANTED)
    money = desk()
    uplift = through(entered(officer, standard("790.00", since=DECEMBER)))
    roll = money.prepare(DECEMBER)
    job = services.start_rolling_back(uplift, reason="文件作废", by=approvers()[0], at=NOW)
    with pytest.raises(RollRefused, match=f"提标{uplift.number}正在回退"):
        money.freeze(roll)
    assert done(job).message == "已回退。"
    money.pay(DECEMBER)


def test_a_roll_frozen_between_the_start_and_the_work_leaves_the_uplift_as_it_is(people: Crew, officer: Staff) -> None:
    award = alone(people)
    uplift = through(entered(officer))
    job = services.start_rolling_back(uplift, reason="文件作废", by=approvers()[0], at=NOW)
    roll = frozen(people, frozen_at=NOW + timedelta(seconds=1))
    assert f"没有回退，待遇不变：2026年12月发放册（{roll.number}）" in done(job).message
    uplift.refresh_from_db()
    assert (uplift.state, uplift.rolled_back_by) == (UpliftState.APPLIED, None)
    assert owed(award)[1] == D("790.00")


def test_an_award_that_moved_after_the_uplift_is_not_rolled_back_but_told(people: Crew, officer: Staff) -> None:
    award, other = alone(people), alone(people, name="程大有")
    uplift = through(entered(officer))
    again = through(entered(officer, standard("800.00", since=DECEMBER)))
    assert again.state == UpliftState.APPLIED
    rolled_back(uplift, approvers()[0])
    assert {result.apart for line in uplift.run.lines.all() for result in line.results.filter(step="roll_back")} == {
        Apart.CHANGED_SINCE
    }
    assert [owed(one)[4] for one in (award, other)] == 2 * [D("800.00")]


def test_who_stands_for_the_clerk_or_for_the_first_approver_does_not_sign(people: Crew, officer: Staff) -> None:
    alone(people)
    uplift = previewed(entered(officer))
    first, second = approvers()
    today = timezone.localdate()
    terms = {"area": area("341824"), "on": GRANTED, "ends_on": today + timedelta(days=60)}
    appoint(second, role=Role.COUNTY_OFFICER, on_behalf_of=officer, **terms)
    with pytest.raises(NotPermitted, match="算一个人"):
        services.approve_uplift(uplift, opinion="同意", by=second, on=TODAY)
    services.approve_uplift(uplift, opinion="同意", by=first, on=TODAY)
    third = make_staff(Role.COUNTY_APPROVER, "341824", name="周正", on=GRANTED)
    appoint(third, role=Role.COUNTY_APPROVER, on_behalf_of=first, **terms)
    with pytest.raises(NotPermitted, match="算一个人"):
        services.approve_uplift(uplift, opinion="同意", by=third, on=TODAY)


def test_what_is_suspended_phased_out_ended_or_bereaved_is_set_apart(people: Crew, officer: Staff) -> None:
    names = ("汪暂缓", "汪渐退", "汪停发", "汪去世", "汪早停")
    suspended, phasing, ended, bereaved, gone = (alone(people, name=name) for name in names)
    by: dict[str, Any] = {"by": people.approver, "on": NOVEMBER}
    suspend_award(suspended, from_month=DECEMBER, reason="下落不明", **by)
    start_phase_out(phasing, months=3, suggested_months=3, suggestion="就业", reason="就业", source="", **by)
    end_award(ended, last_month=NOVEMBER, reason="收入超标", decided_by=people.approver, decided_on=NOVEMBER)
    Person.objects.filter(awards__award=bereaved).update(died_on=date(2026, 11, 3))
    end_award(gone, last_month=date(2026, 9, 1), reason="撤销", decided_by=people.approver, decided_on=GRANTED)
    uplift = previewed(entered(officer))
    assert {award.pk: line_of(uplift, award).apart for award in (suspended, phasing, ended, bereaved)} == {
        suspended.pk: Apart.SUSPENDED,
        phasing.pk: Apart.PHASE_OUT,
        ended.pk: Apart.ENDED,
        bereaved.pk: Apart.DIED,
    }
    assert not uplift.run.lines.filter(award=gone).exists()
    assert Award.objects.count() == 5


def test_an_uplift_is_withdrawn_with_a_reason_and_frees_the_scheme(people: Crew, officer: Staff) -> None:
    alone(people)
    figure = standard()
    uplift = entered(officer, figure)
    with pytest.raises(UpliftRefused, match="撤回的原因"):
        services.withdraw_uplift(uplift, reason=" ", by=officer, on=TODAY)
    services.withdraw_uplift(uplift, reason="选错了标准", by=officer, on=TODAY)
    with pytest.raises(UpliftRefused, match="已撤回"):
        services.start_preview(uplift, by=officer, at=NOW)
    assert previewed(entered(officer, figure)).number == "TB2026002"
