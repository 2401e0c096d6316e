"""额度分权 of follow-ups: what the same time came to before counts towards every limit, to the fen."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from foundation.errors import NotPermitted
from temporary_aid import services
from temporary_aid.models import TemporaryAid
from temporary_aid.queries.assessing import assess
from temporary_aid.queries.tasks import aids_to_approve, supplements_to_check
from temporary_aid.rules.plans import PlannedStage
from temporary_aid.services import NotAllowed, Reasons
from temporary_aid.services.advancing import AdvanceData, pay_advance
from temporary_aid.services.following import open_follow_up
from temporary_aid.services.supplementing import SupplementData, accept_supplement, submit_supplement
from tests.benefits.builders import set_parameter
from tests.support.aid import SHANGHAI, aid_data, photo
from tests.support.aid_cases import AidStory
from tests.support.crews import START, Crew, family
from tests.temporary_aid.advances import advance_data, fund
from tests.temporary_aid.builders import MORNING, approved, money, proposal
from tests.temporary_aid.granted import granted
from tests.temporary_aid.test_entrusting import entrusted

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(hours=3)
ON = LATER.date()
MORE = {"difference": "又有支出", "below": "补足"}


def followed(people: Crew, first: str = "1560.00") -> TemporaryAid:
    """A follow-up of an aid that came to so much; a fire of the light grade comes to 2 × 780 = 1560.00."""
    root = approved(people, money(first), grade="light", **MORE)
    return open_follow_up(root, situation="仍无口粮", by=people.officer, at=MORNING + timedelta(hours=2))


def proposed(people: Crew, amount: str, first: str = "1560.00") -> TemporaryAid:
    data = proposal(money(amount), grade="light", **MORE)
    return services.propose_aid(followed(people, first), data, by=people.officer, at=LATER)


def test_what_was_granted_before_counts_towards_the_townships_limit(people: Crew) -> None:
    """3 × 780 = 2340.00: after 1560.00 there are 780.00 left for the township, a fen more is the county's."""
    set_parameter("township_temp_limit", "3")
    aid = proposed(people, "780.01")
    assert list(aids_to_approve(people.lead, on=ON)) == []
    assert list(aids_to_approve(people.approver, on=ON)) == [aid]
    with pytest.raises(NotPermitted, match="由县民政局审批"):
        services.approve_aid(aid, opinion="同意", by=people.lead, at=LATER)
    assert services.approve_aid(aid, opinion="同意", by=people.approver, at=LATER).decided_level == "county"


def test_up_to_the_limit_with_what_was_granted_before_the_township_decides(people: Crew) -> None:
    set_parameter("township_temp_limit", "3")
    aid = proposed(people, "780.00")
    assert list(aids_to_approve(people.lead, on=ON)) == [aid]
    assert list(aids_to_approve(people.approver, on=ON)) == []
    assert services.approve_aid(aid, opinion="同意", by=people.lead, at=LATER).decided_level == "township"


@pytest.mark.parametrize(("amount", "who"), [("780.00", "由乡镇审批"), ("780.01", "由县民政局审批")])
def test_the_form_says_who_decides_of_the_sum(people: Crew, amount: str, who: str) -> None:
    set_parameter("township_temp_limit", "3")
    aid = followed(people)
    assert who in assess(aid, at=LATER, stages=[money(amount)]).notes[-1][1]


@pytest.mark.parametrize(("amount", "is_decided"), [("780.00", True), ("780.01", False)])
def test_what_was_granted_before_counts_towards_the_villages_limit(people: Crew, amount: str, is_decided: bool) -> None:
    entrusted(people, limit="3")
    aid = followed(people)
    data = proposal(money(amount), grade="light", **MORE)
    if is_decided:
        assert services.decide_in_village(aid, data, by=people.assistant, at=LATER).decided_level == "village"
        return
    with pytest.raises(NotAllowed, match=r"连同此前同一次的1,560\.00元") as error:
        services.decide_in_village(aid, data, by=people.assistant, at=LATER)
    assert error.value.field == "amount"


def _advance(amount: str) -> AdvanceData:
    return advance_data(amount=Decimal(amount), grade="light", **MORE)


@pytest.mark.parametrize(("amount", "is_paid"), [("780.00", True), ("780.01", False)])
def test_what_was_granted_before_counts_towards_the_advance_limit(people: Crew, amount: str, is_paid: bool) -> None:
    fund(people)
    set_parameter("petty_advance_limit", "3")
    aid = followed(people)
    if is_paid:
        assert pay_advance(aid, data=_advance(amount), by=people.officer, at=LATER).amount == Decimal(amount)
        return
    with pytest.raises(NotAllowed, match=r"连同此前同一次的1,560\.00元") as error:
        pay_advance(aid, data=_advance(amount), by=people.officer, at=LATER)
    assert error.value.field == "amount"


@pytest.mark.parametrize(("further", "is_townships"), [("80.00", True), ("80.01", False)])
def test_what_was_granted_before_counts_when_papers_are_checked(people: Crew, further: str, is_townships: bool) -> None:
    """1560.00 before and 700.00 paid first: 80.00 are left of 2340.00."""
    fund(people)
    set_parameter("township_temp_limit", "3")
    aid = followed(people)
    pay_advance(aid, data=_advance("700.00"), by=people.officer, at=LATER)
    found = submit_supplement(aid, data=SupplementData("属实"), papers=[photo()], by=people.officer, at=LATER)
    right, wrong = (people.lead, people.approver) if is_townships else (people.approver, people.lead)
    terms: dict[str, Any] = {"opinion": "同意", "further": [PlannedStage("money", Decimal(further))], "at": LATER}
    terms["reasons"] = Reasons(difference="又有支出")
    with pytest.raises(NotAllowed) as error:
        accept_supplement(found, by=wrong, **terms)
    assert error.value.field == "further_amount"
    done = accept_supplement(found, by=right, **terms)
    assert done.decided_level == ("township" if is_townships else "county")


@pytest.mark.parametrize(("paid", "waits_for_county"), [("780.00", False), ("780.01", True)])
def test_papers_above_the_limit_with_what_was_granted_before_wait_for_the_county(
    people: Crew, paid: str, waits_for_county: bool
) -> None:
    fund(people)
    set_parameter("township_temp_limit", "3")
    aid = followed(people)
    pay_advance(aid, data=_advance(paid), by=people.officer, at=LATER)
    submit_supplement(aid, data=SupplementData("属实"), papers=[photo()], by=people.officer, at=LATER)
    assert bool(supplements_to_check(people.approver, on=ON)) is waits_for_county


@pytest.mark.parametrize(("amount", "authority"), [("1560.00", "township"), ("1560.01", "county")])
def test_of_spending_too_the_case_goes_where_the_sum_belongs(
    people: Crew, amount: str, authority: str, settings: Any, tmp_path: Path
) -> None:
    """4 × 780 = 3120.00 is the township's; 1560.00 were granted before by the same cause."""
    settings.PRIVATE_ROOT = tmp_path
    at = datetime.combine(START, time(9), tzinfo=SHANGHAI)
    data = aid_data(
        kind="expenditure",
        self_paid_amount=Decimal("21000.00"),
        occurred_on=START - timedelta(days=20),
        household=family(people, yearly_wage="60000.00"),
        first_reported_at=at,
    )
    root = granted(services.open_aid(data, by=people.officer, at=at), money("1560.00"), people=people, at=at)
    aid = open_follow_up(root, situation="又住院", by=people.officer, at=at)
    services.keep_plan(aid, proposal(money(amount), **MORE), by=people.officer, at=at)
    case = services.open_expenditure(aid, by=people.officer, at=at)
    assert aid.household is not None
    story = AidStory(people, aid.household, case.intake, case, START, amount=Decimal(amount))
    story.sign_papers().submit().accept().later().start()
    story.ask_check().later(2).answer_check().visit().later()
    story.draft().refresh()
    assert story.case.authority == authority
