"""补充说明: what it has to say, when it is overdue, who checks it, and what more may be approved with it."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from foundation.errors import NotPermitted
from organizations.permissions import Role
from temporary_aid.models import PettyAdvance, TemporaryAid
from temporary_aid.queries.advances import supplements_to_check
from temporary_aid.rules.plans import PlannedStage
from temporary_aid.services import NeedsCollectiveDecision, NotAllowed, Reasons
from temporary_aid.services.relieving import set_relieved
from temporary_aid.services.supplementing import (
    SupplementData,
    accept_supplement,
    return_supplement,
    submit_supplement,
)
from tests.benefits.builders import set_parameter
from tests.support.aid import SHANGHAI, photo
from tests.support.crews import LINXI, Crew
from tests.support.factories import make_staff
from tests.temporary_aid.advances import ASKED, SOON, advanced, approved, asked, fund, supplemented

pytestmark = pytest.mark.django_db
LATER = SOON + timedelta(days=3)
MORE = Reasons(difference="房屋全毁，需再发一期")


@pytest.fixture(autouse=True)
def _money(people: Crew) -> None:
    fund(people)


def submit(aid: TemporaryAid, people: Crew, *, at: datetime, facts: str = "属实", late_reason: str = "") -> None:
    data = SupplementData(facts, late_reason=late_reason)
    submit_supplement(aid, data=data, papers=[photo()], by=people.officer, at=at)


# --- 提交 ---------------------------------------------------------------------------------------------------------


def test_papers_follow_the_money(people: Crew) -> None:
    found = supplemented(people)
    assert (found.result, found.submitted_by, found.papers.count()) == ("waiting", people.officer, 1)
    assert found.aid.files.filter(kind="supplement").count() == 1
    assert TemporaryAid.objects.get().state == "supplemented"


def test_the_due_day_itself_is_in_time_and_the_next_asks_the_reason(people: Crew) -> None:
    """Due on 24 September 2026 (see the ten working days of test_advancing)."""
    aid = advanced(people)
    with pytest.raises(NotAllowed) as error:
        submit(aid, people, at=datetime(2026, 9, 25, 0, 0, tzinfo=SHANGHAI))
    assert (error.value.field, "2026年9月24日" in error.value.message) == ("late_reason", True)
    submit(aid, people, at=datetime(2026, 9, 24, 23, 59, 59, tzinfo=SHANGHAI))
    assert aid.supplements.get().late_reason == ""


def test_overdue_papers_are_taken_with_their_reason(people: Crew) -> None:
    aid = advanced(people)
    submit(aid, people, at=datetime(2026, 9, 25, 0, 0, tzinfo=SHANGHAI), late_reason="当事人住院，不能签字")
    assert aid.supplements.get().late_reason == "当事人住院，不能签字"
    assert aid.events.filter(kind="overdue_explained").count() == 1


def test_the_day_on_which_the_emergency_was_over_moves_the_due_day(people: Crew) -> None:
    """Over on 14 September: due on the 28th, so the 25th needs no reason."""
    aid = advanced(people)
    data = SupplementData("属实", relieved_on=date(2026, 9, 14))
    at = datetime(2026, 9, 25, 9, 0, tzinfo=SHANGHAI)
    found = submit_supplement(aid, data=data, papers=[photo()], by=people.officer, at=at)
    assert (found.relieved_on, found.late_reason) == (date(2026, 9, 14), "")
    assert TemporaryAid.objects.get().advance_slip.supplement_due_on == date(2026, 9, 28)


@pytest.mark.parametrize(("relieved_on", "is_taken"), [(date(2026, 9, 24), True), (date(2026, 9, 25), False)])
def test_a_day_told_too_late_puts_off_nothing_that_is_overdue(people: Crew, relieved_on: date, is_taken: bool) -> None:
    """Due on 24 September: an emergency that was over by then is kept, a later day is not, nor a second one."""
    aid = advanced(people)
    on = datetime(2026, 9, 28, 9, 0, tzinfo=SHANGHAI)
    if not is_taken:
        with pytest.raises(NotAllowed, match="已经逾期"):
            set_relieved(aid, relieved_on=relieved_on, by=people.officer, at=on)
        return
    set_relieved(aid, relieved_on=relieved_on, by=people.officer, at=on)
    slip = PettyAdvance.objects.get()
    late = datetime.combine(slip.supplement_due_on + timedelta(days=1), on.time(), tzinfo=SHANGHAI)
    with pytest.raises(NotAllowed, match="已经逾期"):
        set_relieved(aid, relieved_on=relieved_on, by=people.officer, at=late)


def test_another_day_in_the_statement_takes_a_reason(people: Crew) -> None:
    aid = advanced(people)
    at = datetime(2026, 9, 16, 9, 0, tzinfo=SHANGHAI)
    set_relieved(aid, relieved_on=date(2026, 9, 14), by=people.officer, at=at)
    data = SupplementData("属实", relieved_on=date(2026, 9, 15))
    with pytest.raises(NotAllowed) as error:
        submit_supplement(aid, data=data, papers=[photo()], by=people.officer, at=at)
    assert error.value.field == "relieved_reason"
    again = SupplementData("属实", relieved_on=date(2026, 9, 15), relieved_reason="15日才撤离")
    found = submit_supplement(aid, data=again, papers=[photo()], by=people.officer, at=at)
    assert found.relieved_on == date(2026, 9, 15)
    assert "更正理由：15日才撤离" in aid.events.filter(kind="changed").first().note


def test_facts_papers_and_money_come_first(people: Crew) -> None:
    waiting = asked(people, name="章小妹")
    aid = advanced(people)
    for data, papers, field in ((SupplementData(" "), [photo()], "facts"), (SupplementData("属实"), [], "papers")):
        with pytest.raises(NotAllowed) as error:
            submit_supplement(aid, data=data, papers=papers, by=people.officer, at=LATER)
        assert error.value.field == field
    with pytest.raises(NotAllowed):
        submit(waiting, people, at=LATER)
    with pytest.raises(NotPermitted):
        submit_supplement(aid, data=SupplementData("属实"), papers=[photo()], by=people.lead, at=LATER)


# --- 审核 ---------------------------------------------------------------------------------------------------------


def test_the_approver_accepts_and_the_aid_is_approved(people: Crew) -> None:
    aid = approved(people)
    assert (aid.state, aid.amount, aid.decided_level, aid.decided_by) == ("approved", ASKED, "township", people.lead)
    assert (aid.proposed_by, aid.route, aid.decision_opinion) == (people.officer, "petty_advance", "同意")
    assert (aid.base_amount, aid.minimum_amount, aid.maximum_amount) == (
        Decimal("780.00"),
        Decimal("1560.00"),
        Decimal("3120.00"),
    )
    assert [stage.state for stage in aid.stages.all()] == ["paid"]


def test_who_paid_or_submitted_does_not_check(people: Crew) -> None:
    found = supplemented(people)
    for person in (people.officer, people.assistant, people.visitor):
        with pytest.raises(NotPermitted):
            accept_supplement(found, opinion="同意", by=person, at=LATER)
    both = make_staff(Role.TOWNSHIP_APPROVER, LINXI, name="汪建军", on=date(2026, 1, 1))
    type(found).objects.filter(pk=found.pk).update(submitted_by=both)
    with pytest.raises(NotPermitted, match="另一人"):
        accept_supplement(found, opinion="同意", by=both, at=LATER)


def test_it_is_sent_back_and_handed_in_again(people: Crew) -> None:
    found = supplemented(people)
    with pytest.raises(NotAllowed) as error:
        return_supplement(found, reason=" ", by=people.lead, at=LATER)
    assert error.value.field == "reason"
    return_supplement(found, reason="缺本人签字", by=people.lead, at=LATER)
    aid = TemporaryAid.objects.get()
    assert (aid.state, aid.supplements.get().result, aid.supplements.get().opinion) == (
        "advanced",
        "returned",
        "缺本人签字",
    )
    submit(aid, people, at=LATER, facts="已补签")
    again = aid.supplements.get(result="waiting")
    accept_supplement(again, opinion="同意", by=people.lead, at=LATER)
    with pytest.raises(NotAllowed):
        accept_supplement(found, opinion="同意", by=people.lead, at=LATER)


def test_further_stages_up_to_the_maximum_and_not_a_fen_above(people: Crew) -> None:
    """2,340.00 were paid; of 3,120.00 there is room for 780.00."""
    found = supplemented(people)
    with pytest.raises(NeedsCollectiveDecision):
        above = [PlannedStage("money", Decimal("780.01"))]
        accept_supplement(found, opinion="同意", further=above, reasons=MORE, by=people.approver, at=LATER)
    with pytest.raises(NotAllowed) as error:
        accept_supplement(
            found, opinion="同意", further=[PlannedStage("money", Decimal("780.00"))], by=people.lead, at=LATER
        )
    assert error.value.field == "difference_reason"
    further = [PlannedStage("money", Decimal("780.00"), planned_on=date(2026, 10, 15), condition="开始修房")]
    accept_supplement(found, opinion="同意", further=further, reasons=MORE, by=people.lead, at=LATER)
    aid = TemporaryAid.objects.get()
    assert (aid.amount, aid.state) == (Decimal("3120.00"), "approved")
    assert [(row.serial, row.amount, row.state) for row in aid.stages.all()] == [
        (1, Decimal("2340.00"), "paid"),
        (2, Decimal("780.00"), "planned"),
    ]


def test_above_the_townships_limit_the_county_approves(people: Crew) -> None:
    """township_temp_limit 3 times 780.00: 2,340.00 is the township's own, a fen more the county's."""
    set_parameter("township_temp_limit", "3")
    found = supplemented(people)
    fen = [PlannedStage("money", Decimal("0.01"))]
    for by, further, words in ((people.lead, fen, "县民政局审批人"), (people.approver, [], "乡镇审核人")):
        with pytest.raises(NotAllowed, match=words) as error:
            accept_supplement(found, opinion="同意", further=further, reasons=MORE, by=by, at=LATER)
        assert error.value.field == "further_amount"
    accept_supplement(found, opinion="同意", further=fen, reasons=MORE, by=people.approver, at=LATER)
    assert TemporaryAid.objects.get().decided_level == "county"


def test_the_limit_itself_is_the_townships(people: Crew) -> None:
    set_parameter("township_temp_limit", "3")
    assert approved(people).decided_level == "township"


def test_the_figures_are_those_of_the_day_of_the_payment(people: Crew) -> None:
    found = supplemented(people)
    set_parameter("aid_supplement_days", 5)
    accept_supplement(found, opinion="同意", by=people.lead, at=LATER + timedelta(days=200))
    assert TemporaryAid.objects.get().base_amount == Decimal("780.00")


def test_it_is_made_public_after_the_approval(people: Crew) -> None:
    """Approved on Wednesday 16 September 2026; within 3 working days: 17, 18, and the worked Sunday 20."""
    set_parameter("urgent_publicity_days", 3)
    assert approved(people).publicity_due_on == date(2026, 9, 20)


def test_it_waits_for_the_approver_of_its_level(people: Crew) -> None:
    """2,340.00 is within 3 times 780.00 and above 2 times."""
    found, on = supplemented(people), LATER.date()
    assert list(supplements_to_check(people.lead, on=on)) == [found]
    assert list(supplements_to_check(people.officer, on=on)) == []
    set_parameter("township_temp_limit", "3")
    assert list(supplements_to_check(people.approver, on=on)) == []
    set_parameter("township_temp_limit", "2")
    assert list(supplements_to_check(people.approver, on=on)) == [found]
