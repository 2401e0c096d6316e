"""后台核对: asked for by itself beside the help, named as owed where it cannot be, and its answer shown and told."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from households.models import Household
from households.services import record_consent
from temporary_aid import services
from temporary_aid.models import TemporaryAid
from temporary_aid.queries.means import MeansStanding, means_of
from temporary_aid.services import NotAllowed
from tests.support.aid import NIGHT, open_urgent
from tests.support.crews import START, Crew, family
from tests.temporary_aid.builders import MORNING, proposal, proposed
from verification import services as verification
from verification.models import MeansCheck

pytestmark = pytest.mark.django_db
TODAY = MORNING.date()


def consented(people: Crew) -> Household:
    household = family(people)
    _consent(household, people)
    return household


def _consent(household: Household, people: Crew) -> None:
    members = household.members.select_related("person")
    signers = {row.pk: "胡德旺" if row.person.birth_date > date(2008, 9, 7) else "" for row in members}
    record_consent(household, signed_on=START, signers=signers, by=people.officer, on=START)


def standing(aid: TemporaryAid) -> MeansStanding:
    found = means_of(TemporaryAid.objects.get(pk=aid.pk), on=TODAY)
    assert found is not None
    return found


def test_a_consented_familys_check_is_asked_for_when_the_aid_is_registered(people: Crew) -> None:
    aid = open_urgent(people.officer, household=consented(people))
    check = MeansCheck.objects.get()
    assert (check.household, check.requested_by, check.requested_on) == (aid.household, people.officer, NIGHT.date())
    # Three working days after Saturday the 12th: Monday, Tuesday, Wednesday.
    assert check.due_on == date(2026, 9, 16)
    assert standing(aid).label == "核对中"
    assert check.batch_number in aid.events.get(kind="means_checked").note


def test_what_a_village_registers_is_checked_with_the_townships_first_act(people: Crew) -> None:
    aid = open_urgent(people.assistant, household=consented(people))
    assert standing(aid).may_ask
    assert not MeansCheck.objects.exists()
    services.propose_aid(aid, proposal(), by=people.officer, at=MORNING)
    assert MeansCheck.objects.get().requested_by == people.officer


def test_linking_the_family_later_asks_too(people: Crew) -> None:
    aid = open_urgent(people.officer, id_number="", missing_id_reason="lost", name="胡德旺")
    assert "关联家庭档案" in standing(aid).words
    household = consented(people)
    head = household.members.get(relation="head")
    services.link_household(aid, household=household, applicant=head, by=people.officer, at=MORNING)
    assert MeansCheck.objects.count() == 1


def test_without_consent_the_help_goes_on_and_the_consent_is_owed(people: Crew) -> None:
    household = family(people)
    aid = proposed(people, aid=open_urgent(people.officer, household=household))
    assert aid.state == "proposed"
    assert standing(aid).label == "欠核查授权"
    with pytest.raises(verification.ConsentMissing):
        services.request_means(aid, by=people.officer, at=MORNING)
    _consent(household, people)
    services.request_means(aid, by=people.officer, at=MORNING)
    assert standing(aid).label == "核对中"
    with pytest.raises(NotAllowed, match="不用重复提请"):
        services.request_means(aid, by=people.officer, at=MORNING)


def test_what_differs_is_told_on_the_aid_and_shown_to_who_decides(people: Crew) -> None:
    aid = open_urgent(people.officer, household=consented(people))
    finding = {"source": "vehicles", "description": "名下有小轿车一辆", "agrees": False}
    verification.answer_means_check(
        MeansCheck.objects.get(), result="alert", findings=[finding], by=people.operator, on=TODAY
    )
    found = standing(aid)
    assert found.is_alert
    assert "须核实不一致的内容" in found.words
    notes = [event.note for event in aid.events.filter(kind="means_checked").order_by("pk")]
    assert notes[-1].endswith("：有不一致")
    assert len(notes) == 2


def test_a_check_of_before_is_none_of_this_aid(people: Crew) -> None:
    first = open_urgent(people.officer, household=consented(people))
    verification.answer_means_check(MeansCheck.objects.get(), result="clean", findings=[], by=people.operator, on=TODAY)
    assert standing(first).label == "未发现不一致"
    later = MORNING + timedelta(days=20)
    second = open_urgent(people.officer, at=later, household=first.household, cause="traffic", first_reported_at=later)
    assert MeansCheck.objects.count() == 2
    assert standing(second).label == "核对中"
    assert standing(first).label == "核对中"  # the newest says most of both


def test_spending_and_settled_aid_ask_for_none(people: Crew) -> None:
    aid = open_urgent(
        people.officer, household=consented(people), kind="expenditure", self_paid_amount=Decimal("9000.00")
    )
    assert means_of(aid, on=TODAY) is None
    assert not MeansCheck.objects.exists()
