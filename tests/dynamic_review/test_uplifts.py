"""提标 from the standard to what every month is owed; amounts worked out by hand on S 755.00 → 790.00."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from benefits.models import AwardVersion, VersionKind
from benefits.services import AwardChange, CoveredPerson, change_award
from dynamic_review import services
from dynamic_review.models import UpliftApproval, UpliftState
from dynamic_review.queries.uplifts import total_of, totals_by_category, totals_by_township
from dynamic_review.rules.uplift import Apart
from dynamic_review.services import UpliftRefused
from eligibility.services import reassess, store_assessment
from foundation.errors import NotPermitted
from organizations.models import Staff
from organizations.permissions import Role
from organizations.services import appoint
from tests.dynamic_review.uplifting import (
    CARE,
    DECEMBER,
    GRANTED,
    NOVEMBER,
    NOW,
    OCTOBER,
    TODAY,
    D,
    alone,
    applied,
    approved,
    approvers,
    entered,
    line_of,
    owed,
    previewed,
    rolled_back,
    standard,
    tekun,
    three_people,
    through,
)
from tests.support.crews import HUAYANG, Crew, county_data, crew
from tests.support.factories import make_staff

pytestmark = [pytest.mark.django_db]
ZERO = D("0.00")


@pytest.fixture
def people(county: None) -> Crew:
    county_data()
    return crew()


@pytest.fixture
def officer(people: Crew) -> Staff:
    return people.visitor


def test_an_uplift_says_whom_it_touches_and_how_much_before_anything_is_written(people: Crew, officer: Staff) -> None:
    families, single = three_people(people), alone(people)
    alone(people, name="程有定", amount="800.00")
    versions = AwardVersion.objects.count()
    uplift = previewed(entered(officer))
    assert (uplift.scheme, uplift.from_month, uplift.state) == ("dibao", OCTOBER, UpliftState.PREVIEWED)
    # 790 × 3 − 500 = 1,870; top-ups 237 and 158: 2,265. October, November and December are to be made good.
    line = line_of(uplift, families)
    assert (line.before_amount, line.after_amount) == (D("2143.00"), D("2265.00"))
    assert (line.months, line.back_payment_amount) == (3, D("366.00"))
    assert line_of(uplift, single).after_amount == D("790.00")
    total = total_of(uplift.run)
    assert (total.families, total.people, total.apart) == (2, 4, 1)
    assert (total.before, total.difference, total.back_payment) == (D("2898.00"), D("157.00"), D("471.00"))
    assert [(row.label, row.families) for row in totals_by_township(uplift.run)] == [("临溪镇", 2)]
    assert sum(row.families for row in totals_by_category(uplift.run)) == 2
    assert AwardVersion.objects.count() == versions


def test_each_month_since_is_owed_by_the_new_standard_with_each_persons_part(people: Crew, officer: Staff) -> None:
    award = three_people(people)
    before = owed(award)
    uplift = through(entered(officer))
    assert uplift.state == UpliftState.APPLIED
    assert before == [ZERO] + 5 * [D("2143.00")]
    assert owed(award) == [ZERO] + 5 * [D("2265.00")]
    version = award.versions.latest("serial")
    assert (version.kind, version.source, version.from_month) == (VersionKind.UPLIFT, uplift.number, OCTOBER)
    parts = version.persons.order_by("-topup_monthly_amount").values_list(
        "topup_monthly_amount", "base_monthly_amount", "topup_class"
    )
    # 1,870 ÷ 3 = 623.33⅓.
    assert list(parts) == [
        (D("237.00"), D("623.34"), "A"),
        (D("158.00"), D("623.33"), "B"),
        (ZERO, D("623.33"), ""),
    ]
    assert version.assessment.on == OCTOBER
    assert reassess(version.assessment).dibao.monthly_amount == D("2265.00")
    assert version.assessment.result["findings"]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_change_in_between_is_reckoned_again_too(people: Crew, officer: Staff) -> None:
    award = alone(people, yearly="1200.00")
    # 755 − 100 = 655 from October; without the income 755 from December.
    member = award.household.members.get()
    member.incomes.update(voided_at=NOW, voided_reason="不再打零工")
    found = store_assessment(award.household, on=NOVEMBER, year=2026, by=people.officer)
    change = AwardChange(
        kind=VersionKind.RAISE,
        monthly_amount=D("755.00"),
        persons=[CoveredPerson(member.person)],
        category="C",
        basis="household",
        assessment=found,
    )
    change_award(award, change=change, from_month=DECEMBER, reason="核查", by=people.approver, on=NOVEMBER)
    assert owed(award) == [ZERO, D("655.00"), D("655.00"), *3 * [D("755.00")]]
    uplift = previewed(entered(officer))
    # 690 in October and November, 790 from December: three times 35.
    assert (line_of(uplift, award).months, line_of(uplift, award).back_payment_amount) == (3, D("105.00"))
    applied(approved(uplift))
    assert owed(award) == [ZERO, D("690.00"), D("690.00"), *3 * [D("790.00")]]


def test_what_people_decided_otherwise_is_left_alone_and_told(people: Crew, officer: Staff) -> None:
    award = alone(people, amount="800.00")
    uplift = through(entered(officer))
    assert line_of(uplift, award).apart == Apart.DECIDED_OTHERWISE
    assert owed(award) == [ZERO] + 5 * [D("800.00")]


def test_an_award_that_moved_beyond_reckoning_is_left_and_reported(people: Crew, officer: Staff) -> None:
    award, other = alone(people), alone(people, name="程大有")
    uplift = approved(previewed(entered(officer)))
    change = AwardChange(
        kind=VersionKind.CUT,
        monthly_amount=D("700.00"),
        persons=[CoveredPerson(award.household.members.get().person)],
        category="C",
        basis="household",
    )
    change_award(award, change=change, from_month=date(2027, 1, 1), reason="核查", by=people.approver, on=TODAY)
    applied(uplift)
    assert owed(award)[1:] == [*3 * [D("755.00")], *2 * [D("700.00")]]
    assert owed(other)[1:] == 5 * [D("790.00")]
    left = line_of(uplift, award).results.get()
    assert (left.is_done, left.apart) == (False, Apart.NO_ASSESSMENT)


def test_rolling_back_restores_what_every_month_was_owed(people: Crew, officer: Staff) -> None:
    awards = [three_people(people), alone(people)]
    before = [owed(award) for award in awards]
    parts = [list(award.versions.get().persons.values_list("person", "base_monthly_amount")) for award in awards]
    uplift = through(entered(officer))
    assert [owed(award) for award in awards] != before
    rolled_back(uplift, approvers()[0])
    assert uplift.state == UpliftState.ROLLED_BACK
    assert [owed(award) for award in awards] == before
    for award, known in zip(awards, parts, strict=True):
        version = award.versions.latest("serial")
        assert (version.kind, version.serial) == (VersionKind.RESTORE, 3)
        assert sorted(version.persons.values_list("person", "base_monthly_amount")) == sorted(known)


def test_a_second_uplift_rests_on_the_first(people: Crew, officer: Staff) -> None:
    award = three_people(people)
    through(entered(officer))
    later = standard("800.00", since=DECEMBER)
    uplift = through(entered(officer, later))
    # 800 × 3 − 500 = 1,900; top-ups 240 and 160.
    assert owed(award) == [ZERO, D("2265.00"), D("2265.00"), *3 * [D("2300.00")]]
    assert line_of(uplift, award).before_amount == D("2265.00")


def test_tekun_rises_by_basic_living_and_care(people: Crew, officer: Staff) -> None:
    award = tekun(people)
    basic = standard("820.00", key="tekun_basic_monthly_amount")
    care = standard({"home_based": CARE, "institutional": CARE}, key="tekun_care_monthly", residence="both")
    uplift = through(entered(officer, basic, care))
    assert uplift.scheme == "tekun"
    assert owed(award) == [ZERO] + 5 * [D("880.00")]
    version = award.versions.latest("serial")
    assert (version.care_monthly_amount, version.care_level, version.support_mode) == (
        D("60.00"),
        "self_reliant",
        "home_based",
    )


def test_two_others_approve_what_one_entered(people: Crew, officer: Staff) -> None:
    alone(people)
    uplift = previewed(entered(officer))
    first, second = approvers()
    with pytest.raises(NotPermitted, match="没有"):
        services.approve_uplift(uplift, opinion="同意", by=officer, on=TODAY)
    services.approve_uplift(uplift, opinion="同意", by=first, on=TODAY)
    with pytest.raises(NotPermitted, match="两个人"):
        services.approve_uplift(uplift, opinion="同意", by=first, on=TODAY)
    with pytest.raises(UpliftRefused, match="不能执行"):
        services.start_applying(uplift, by=officer, at=NOW)
    services.approve_uplift(uplift, opinion="同意", by=second, on=TODAY)
    uplift.refresh_from_db()
    assert uplift.state == UpliftState.APPROVED


def test_one_person_in_two_roles_signs_nothing_twice(people: Crew, officer: Staff) -> None:
    alone(people)
    uplift = previewed(entered(officer))
    appoint(officer, role=Role.AUDITOR, area=officer.posts.get().area, on=TODAY)
    with pytest.raises(DatabaseError, match="does not approve it"), transaction.atomic():
        UpliftApproval.objects.create(run=uplift.run, place=1, by=officer, on=TODAY, opinion="同意")
    first, _ = approvers()
    UpliftApproval.objects.create(run=uplift.run, place=1, by=first, on=TODAY, opinion="同意")
    with pytest.raises(DatabaseError, match="uplift_approval_by_two"), transaction.atomic():
        UpliftApproval.objects.create(run=uplift.run, place=2, by=first, on=TODAY, opinion="同意")
    uplift.state = UpliftState.APPROVED
    with pytest.raises(DatabaseError, match="approved by two people"), transaction.atomic():
        uplift.save()


def test_a_new_preview_takes_the_signatures_back(people: Crew, officer: Staff) -> None:
    alone(people)
    uplift = approved(previewed(entered(officer)))
    previewed(uplift)
    assert uplift.state == UpliftState.PREVIEWED
    assert not uplift.run.approvals.exists()


def test_a_figure_changed_since_the_preview_stops_the_approval(people: Crew, officer: Staff) -> None:
    alone(people)
    uplift = previewed(entered(officer))
    standard("795.00", since=NOVEMBER)
    with pytest.raises(UpliftRefused, match="重新测算"):
        services.approve_uplift(uplift, opinion="同意", by=approvers()[0], on=TODAY)


@pytest.mark.parametrize("role", [Role.TOWNSHIP_OFFICER, Role.COUNTY_APPROVER, Role.FINANCE_OFFICER])
def test_only_the_countys_clerk_enters_an_uplift(people: Crew, role: Role) -> None:
    by = make_staff(role, HUAYANG if role == Role.TOWNSHIP_OFFICER else "341824", on=GRANTED)
    with pytest.raises(NotPermitted):
        entered(by)


def test_an_uplift_rests_on_figures_of_one_scheme_and_day(people: Crew, officer: Staff) -> None:
    dibao, basic = standard(), standard("820.00", key="tekun_basic_monthly_amount")
    later = standard("820.00", since=NOVEMBER, residence="urban")
    for figures, words in (([], "选择"), ([dibao, basic], "分两次"), ([dibao, later], "生效日期不同")):
        with pytest.raises(UpliftRefused, match=words):
            services.enter_uplift(title="提标", figures=figures, by=officer, on=TODAY)
    entered(officer, dibao)
    with pytest.raises(UpliftRefused, match="还没有办完"):
        entered(officer, later)
