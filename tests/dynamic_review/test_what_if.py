"""政策测算: what a draft of other parameters comes to, with nothing in force changed; S is 755.00 in the country."""

from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from benefits.services import end_award
from dynamic_review import services
from dynamic_review.models import WhatIf, WhatIfLine, WhatIfRun
from dynamic_review.queries.what_if import cliffs_of, effect_of, effects_by_scheme, effects_by_township, spread_of
from dynamic_review.rules.uplift import Apart, Outcome
from dynamic_review.services import DraftRefused
from foundation.errors import NotPermitted
from households import services as households
from organizations.models import Staff
from organizations.permissions import Role
from tests.dynamic_review.uplifting import GRANTED, NOW, TODAY, D, alone, done, registered, tekun, three_people
from tests.support.crews import HUAYANG, Crew, county_data, crew
from tests.support.factories import make_staff

pytestmark = [pytest.mark.django_db]
RISE = {"rural": {"dibao_monthly_standard": "790.00"}}


@pytest.fixture
def people(county: None) -> Crew:
    county_data()
    return crew()


@pytest.fixture
def officer(people: Crew) -> Staff:
    return people.visitor


def drafted(by: Staff, changes: dict[str, Any] | None = None, **more: Any) -> WhatIf:
    terms = {"name": "790元", "note": "", "base_on": TODAY} | more
    return services.save_draft(None, changes=changes or RISE, by=by, on=TODAY, **terms)


def reckoned(what_if: WhatIf) -> WhatIfRun:
    done(services.start_run(what_if, by=what_if.made_by, at=NOW))
    return what_if.runs.latest("serial")


def lines(run: WhatIfRun) -> dict[str, tuple[Any, ...]]:
    """By the head of family: scheme, outcome, before, after."""
    return {
        line.household.members.get(relation="head").person.name: (
            line.scheme,
            line.outcome,
            line.before_amount,
            line.after_amount,
        )
        for line in run.lines.select_related("household")
    }


def test_a_draft_says_who_rises_and_who_newly_qualifies(people: Crew, officer: Staff) -> None:
    three_people(people)
    alone(people, amount="800.00")
    # 9,060 ÷ 12 = 755.00: at S, not below it. By the draft 790 − 755 = 35.
    registered(people, name="程临界", yearly="9060.00")
    registered(people, name="程有余", yearly="9480.00")
    run = reckoned(drafted(officer))
    assert lines(run) == {
        "胡德旺": ("dibao", Outcome.RAISE, D("2143.00"), D("2265.00")),
        "汪大年": ("dibao", Outcome.APART, D("800.00"), D("800.00")),
        "程临界": ("dibao", Outcome.NEW, D("0.00"), D("35.00")),
    }
    effect = effect_of(run)
    assert (effect.money.before, effect.money.difference, effect.money.yearly) == (
        D("2943.00"),
        D("157.00"),
        D("1884.00"),
    )
    assert (run.award_count, run.family_count, run.unreadable_count) == (2, 2, 0)
    assert [(row.label, row.families) for row in effects_by_township(run)] == [("临溪镇", 3)]
    assert dict(spread_of(run)) == {
        "每月减200元以上": 0,
        "每月减100—200元": 0,
        "每月减100元以内": 0,
        "不变": 1,
        "每月增50元以内": 1,
        "每月增50—100元": 0,
        "每月增100—200元": 1,
        "每月增200元以上": 0,
    }


def test_a_lower_standard_phases_out_stops_and_cuts(people: Crew, officer: Staff) -> None:
    alone(people)
    alone(people, name="程近线", yearly="8400.00")
    alone(people, name="程年高", yearly="9000.00")
    run = reckoned(drafted(officer, {"rural": {"dibao_monthly_standard": "700.00"}}))
    assert lines(run) == {
        "汪大年": ("dibao", Outcome.CUT, D("755.00"), D("700.00")),
        # 700.00 a month: S itself, phased out at the sum now paid.
        "程近线": ("dibao", Outcome.PHASE_OUT, D("55.00"), D("55.00")),
        "程年高": ("dibao", Outcome.PHASE_OUT, D("5.00"), D("5.00")),
    }
    assert [(key, count) for key, _, count in cliffs_of(run)] == [("phase_out", 2)]
    # 55 less a month for the one; of a phase-out six months of twelve are saved: 12 × −55 − 6 × 55 − 6 × 5.
    assert effect_of(run).money.yearly == D("-1020.00")
    low = reckoned(drafted(officer, {"rural": {"dibao_monthly_standard": "350.00"}}, name="350元"))
    assert lines(low)["程近线"] == ("dibao", Outcome.STOP, D("55.00"), D("0.00"))


def test_tekun_is_reckoned_by_its_own_figures(people: Crew, officer: Staff) -> None:
    tekun(people)
    run = reckoned(drafted(officer, {"rural": {"tekun_basic_monthly_amount": "820.00"}}))
    assert lines(run) == {"胡孤老": ("tekun", Outcome.RAISE, D("840.00"), D("874.00"))}
    assert [(row.label, row.money.difference) for row in effects_by_scheme(run)] == [("特困", D("34.00"))]


def test_who_becomes_tekun_by_a_draft_is_shown_with_what_it_costs(people: Crew, officer: Staff) -> None:
    household = registered(people, name="程老汉", born=GRANTED.replace(year=1950), yearly="9060.00")
    households.save_supporters(household.members.get(), rows=[], known_all=True, by=people.officer, on=GRANTED)
    run = reckoned(drafted(officer))
    # No livelihood below 790: 786 + 54, and nobody is left for 低保.
    assert lines(run) == {"程老汉": ("tekun", Outcome.NEW, D("0.00"), D("840.00"))}


def test_a_run_writes_nothing_but_its_own_rows(people: Crew, officer: Staff) -> None:
    three_people(people)
    registered(people, name="程临界", yearly="9060.00")
    what_if = drafted(officer)
    before = _marks()
    reckoned(what_if)
    changed = {table for table, mark in _marks().items() if before[table] != mark}
    own = {WhatIfLine, WhatIfRun, apps.get_model("dynamic_review", "WhatIfRunHistory")}
    jobs = {"organizations_job", "organizations_jobhistory", "pghistory_context"}
    assert changed - jobs == {model._meta.db_table for model in own}


def _marks() -> dict[str, tuple[int, str]]:
    """By table how many rows there are, what they hold and where they lie, so that an update without a change shows."""
    marks = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(
                f"SELECT count(*), md5(string_agg(t::text || t.ctid::text, '|' ORDER BY t.ctid)) FROM {table} t"
            )
            marks[table] = cursor.fetchone()
    return marks


def test_a_run_stays_as_it_was_when_draft_and_families_change(people: Crew, officer: Staff) -> None:
    award = three_people(people)
    what_if = drafted(officer)
    first = reckoned(what_if)
    end_award(award, last_month=TODAY.replace(day=1), reason="去世", decided_by=people.approver, decided_on=TODAY)
    services.save_draft(
        what_if,
        name="800元",
        note="",
        base_on=TODAY,
        changes={"rural": {"dibao_monthly_standard": "800.00"}},
        by=officer,
        on=TODAY,
    )
    reckoned(what_if)
    assert first.lines.count() == 1
    assert first.changes == RISE
    assert what_if.runs.count() == 2


def test_a_draft_keeps_only_what_differs_and_is_copied_and_put_away(people: Crew, officer: Staff) -> None:
    what_if = drafted(officer, {"rural": {"dibao_monthly_standard": "790.00", "elderly_age": 60}, "urban": {}})
    assert what_if.changes == RISE
    copy = services.copy_draft(what_if, by=officer, on=TODAY)
    assert (copy.name, copy.changes, copy.copied_from) == ("790元（副本）", RISE, what_if)
    services.discard_draft(what_if, by=officer, on=TODAY)
    with pytest.raises(DraftRefused, match="弃用"):
        services.start_run(what_if, by=officer, at=NOW)
    with pytest.raises(DraftRefused, match="没有一项"):
        drafted(officer, {"rural": {"dibao_monthly_standard": "755.00"}})
    with pytest.raises(DraftRefused, match="低保标准"):
        drafted(officer, {"rural": {"dibao_monthly_standard": "many"}})


@pytest.mark.parametrize("role", [Role.TOWNSHIP_OFFICER, Role.TOWNSHIP_APPROVER, Role.FINANCE_OFFICER])
def test_only_the_county_drafts(people: Crew, role: Role) -> None:
    by = make_staff(role, HUAYANG if role.value.startswith("township") else "341824", on=GRANTED)
    with pytest.raises(NotPermitted):
        drafted(by)


def test_a_family_set_apart_says_why(people: Crew, officer: Staff) -> None:
    alone(people, amount="800.00")
    run = reckoned(drafted(officer))
    assert run.lines.get().apart == Apart.DECIDED_OTHERWISE
