"""What becomes of an open case when its family moves, shrinks, grows or ends."""

from datetime import date

import pytest
from django.urls import reverse

from applications import services
from applications.models import Case
from applications.queries import current_proposal, needs_publicity, notices_to_deliver
from applications.rules.process import OPEN_STATES, CaseState
from benefits.models import AwardCheck
from documents.models import Delivery
from documents.queries import visible_to
from documents.services import void_document
from foundation.errors import NotPermitted, ServiceError
from households import services as households
from households.models import Household, Member
from households.services import MemberData, NotAllowedNow
from organizations.permissions import Role
from tests.applications.telling import die, drafted, member, moved, new_head
from tests.households.builders import data
from tests.support.cases import Desk
from tests.support.crews import HUAYANG, VILLAGES, family, instant
from tests.support.factories import area, make_id_number, make_staff
from tests.support.stories import Story, case_in, new_story

pytestmark = pytest.mark.usefixtures("county")
S = CaseState
BEFORE = (S.DRAFT, S.SUBMITTED, S.SUPPLEMENTING)


def leave(story: Story, gone: Member, reason: str = "married_out") -> None:
    households.leave(gone, reason=reason, by=story.people.officer, on=story.today, at=instant(story.today))


def told(story: Story) -> list[str]:
    return list(story.case.events.filter(kind="family_changed").order_by("pk").values_list("note", flat=True))


# --- 迁移 ---------------------------------------------------------------------------------------------------------


def test_the_papers_of_a_case_go_along_with_it() -> None:
    story = case_in(S.SUPPLEMENTING)
    (notice,) = (link.document for link in story.case.documents.select_related("document"))
    former, receiver = story.people.officer, moved(story)
    story.refresh()
    page = reverse("documents:preview", args=[notice.pk])
    assert list(notices_to_deliver(receiver)) == [notice]
    assert list(notices_to_deliver(former)) == []
    assert Desk(receiver, on=story.today).client_get(page, {}).status_code == 200
    assert Desk(former, on=story.today).client_get(page, {}).status_code == 404
    given = {"delivered_on": story.today, "way": "direct", "received_by": "胡德旺", "note": "", "on": story.today}
    with pytest.raises(NotPermitted):
        services.deliver(story.case, notice, by=former, **given)
    services.deliver(story.case, notice, by=receiver, **given)
    assert Delivery.objects.get().document == notice


def test_a_voided_paper_goes_along_as_well() -> None:
    story = case_in(S.SUPPLEMENTING)
    (notice,) = (link.document for link in story.case.documents.select_related("document"))
    void_document(notice, reason="姓名有误", by=story.people.officer, on=story.today)
    receiver = moved(story)
    assert visible_to(receiver).get() == notice
    again = services.reissue(story.refresh(), kind=notice.kind, by=receiver, on=story.today)
    assert (again.issuing_area.code, again.area.code) == (HUAYANG, VILLAGES[HUAYANG])


def test_papers_of_a_decided_case_stay_with_the_township_that_worked_on_it() -> None:
    story = case_in(S.APPROVED)
    papers = {link.document for link in story.case.documents.select_related("document")}
    receiver = moved(story)
    assert set(visible_to(story.people.officer)) == papers
    assert not visible_to(receiver).exists()


@pytest.mark.parametrize("state", BEFORE)
def test_before_acceptance_a_case_goes_along(state: CaseState) -> None:
    story = case_in(state)
    receiver = make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, name="唐玉兰", on=date(2026, 1, 1))
    when = {"on": story.today, "at": instant(story.today)}
    transfer = households.propose_transfer(
        story.household, area=area(VILLAGES[HUAYANG]), address="x", by=story.people.officer, **when
    )
    assert story.refresh().area.code == VILLAGES["341824101"]
    households.accept_transfer(transfer, by=receiver, **when)
    assert (story.refresh().area.code, story.case.state) == (VILLAGES[HUAYANG], state)
    story.intake.refresh_from_db()
    assert story.intake.area_id == story.case.area_id
    assert told(story) == [f"迁移：{area(VILLAGES['341824101'])}→{area(VILLAGES[HUAYANG])}"]


@pytest.mark.parametrize("state", sorted(OPEN_STATES - {*BEFORE}))
def test_from_acceptance_to_the_decision_the_family_stays(state: CaseState) -> None:
    story = case_in(state)
    when = {"address": "x", "by": story.people.officer, "on": story.today, "at": instant(story.today)}
    sentence = rf"有正在办理的低保申请（{story.case.number}），请先办结或撤回，再办迁移"
    with pytest.raises(NotAllowedNow, match=sentence):
        households.propose_transfer(story.household, area=area(VILLAGES[HUAYANG]), **when)
    with pytest.raises(NotAllowedNow, match=sentence):
        households.move(story.household, area=area("341824101201"), **when)
    assert not story.household.transfers.exists()


def test_a_case_accepted_meanwhile_keeps_the_family() -> None:
    story = case_in(S.SUBMITTED)
    receiver = make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, name="唐玉兰", on=date(2026, 1, 1))
    when = {"on": story.today, "at": instant(story.today)}
    transfer = households.propose_transfer(
        story.household, area=area(VILLAGES[HUAYANG]), address="x", by=story.people.officer, **when
    )
    story.accept()
    with pytest.raises(NotAllowedNow, match="请先办结或撤回"):
        households.accept_transfer(transfer, by=receiver, **when)
    assert Household.objects.get(pk=story.household.pk).area_id == story.refresh().area_id


# --- 死亡 ---------------------------------------------------------------------------------------------------------


def test_when_the_applicant_dies_the_head_that_the_family_named_applies_on() -> None:
    story = case_in(S.INVESTIGATING)
    former, wife = member(story, "head"), new_head(story)
    die(story, former)
    case = story.refresh()
    story.intake.refresh_from_db()
    assert (case.applicant, story.intake.applicant, case.state) == (wife, wife, S.INVESTIGATING)
    assert told(story) == ["成员死亡：申请人胡德旺，由户主汪秋菊继续申请"]
    services.terminate(case, cause="died", reason="家属不再申请", by=story.people.officer, on=story.today)


def test_who_lives_is_not_ended_as_dead() -> None:
    story = case_in(S.INVESTIGATING)
    with pytest.raises(services.NotNow, match="没有登记死亡") as refusal:
        services.terminate(story.case, cause="died", reason="听说去世", by=story.people.officer, on=story.today)
    assert refusal.value.field == "cause"


def test_when_nobody_is_left_the_case_can_only_be_ended() -> None:
    story = case_in(S.SUBMITTED)
    for relation in ("spouse", "child", "head"):
        die(story, member(story, relation))
    assert Household.objects.get(pk=story.household.pk).ended_on == story.today
    with pytest.raises(ServiceError, match=r"已经注销.*终止"):
        services.accept(story.case, by=story.people.officer, on=story.today)
    services.terminate(story.case, cause="died", reason="全户死亡", by=story.people.officer, on=story.today)
    assert story.refresh().state == S.TERMINATED


def test_a_death_before_the_decision_is_shown_when_it_is_made() -> None:
    story = case_in(S.CONFIRMING)
    die(story, member(story, "child"))
    story.later()
    with pytest.raises(services.FactsChanged) as refusal:
        story.approve()
    assert ("家庭成员", "已不在") in {(row.label, row.after) for row in refusal.value.differences}
    assert told(story) == ["成员死亡：胡小雨"]


def test_a_draft_does_not_wait_for_its_signature_when_the_family_has_changed() -> None:
    story = drafted()
    die(story, member(story, "child"))
    assert not story.refresh().awaits_signature
    with pytest.raises(services.NotNow):
        story.sign()


def test_an_applicant_who_dies_after_the_approval_stays_on_record_and_the_award_is_looked_into() -> None:
    story = case_in(S.APPROVED)
    former = member(story, "head")
    new_head(story)
    die(story, former)
    assert (story.refresh().applicant, told(story)) == (former, [])
    check = AwardCheck.objects.get()
    assert (check.person, check.cause, check.award.household) == (former.person, "died", story.household)


# --- 离开、分户、并户 ---------------------------------------------------------------------------------------------


def split(story: Story, gone: Member) -> None:
    households.split_household(
        story.household,
        leaving={gone.pk: "head"},
        area=story.household.area,
        address="二组",
        by=story.people.officer,
        on=story.today,
        at=instant(story.today),
    )


@pytest.mark.parametrize("go", [leave, split])
def test_who_left_before_the_decision_is_shown_when_it_is_made(go: object) -> None:
    story = case_in(S.CONFIRMING)
    go(story, member(story, "spouse"))  # type: ignore[operator]
    story.later()
    with pytest.raises(services.FactsChanged) as refusal:
        story.approve()
    assert ("家庭成员", "已不在") in {(row.label, row.after) for row in refusal.value.differences}
    assert len(told(story)) == 1


def test_when_the_applicant_leaves_the_head_applies_on() -> None:
    story = case_in(S.SUBMITTED)
    former, wife = member(story, "head"), new_head(story)
    leave(story, former, "moved")
    assert story.refresh().applicant == wife
    assert told(story) == ["成员离开：申请人胡德旺，由户主汪秋菊继续申请"]


def test_the_last_member_leaves_alive_only_after_the_case_has_ended() -> None:
    story = case_in(S.SUBMITTED)
    for relation in ("spouse", "child"):
        leave(story, member(story, relation))
    last = member(story, "head")
    with pytest.raises(NotAllowedNow, match="请先办结或撤回"):
        leave(story, last, "moved")
    story.withdraw()
    leave(story, last, "moved")


def merge(story: Story, household: Household, into: Household) -> None:
    households.merge_households(
        household,
        into=into,
        relations={item.pk: "other" for item in household.members.filter(left_on=None)},
        by=story.people.officer,
        on=story.today,
        at=instant(story.today),
    )


def test_a_family_with_a_case_does_not_vanish_into_another() -> None:
    story = case_in(S.INVESTIGATING)
    other = new_story(people=story.people)
    for gone, stays in ((story, other), (other, story)):
        with pytest.raises(NotAllowedNow, match=f"{gone.case.number}.*再办并户"):
            merge(story, gone.household, stays.household)
    assert Case.objects.filter(household__ended_on=None).count() == 2


def test_who_joins_a_family_before_the_decision_is_shown_when_it_is_made() -> None:
    story = case_in(S.CONFIRMING)
    merge(story, family(story.people, on=story.today), story.household)
    story.later()
    with pytest.raises(services.FactsChanged) as refusal:
        story.approve()
    assert ("家庭成员", "新加入") in {(row.label, row.after) for row in refusal.value.differences}
    (note,) = told(story)
    assert note.startswith("并户：")


# --- 补登证号 -----------------------------------------------------------------------------------------------------


def test_an_applicant_found_to_be_known_stays_the_applicant() -> None:
    story = case_in(S.SUBMITTED)
    when = {"by": story.people.officer, "on": story.today, "at": instant(story.today)}
    number = make_id_number()
    known = households.add_member(story.household, data=data("胡德才", "sibling", id_number=number), **when)
    households.leave(known, reason="moved", **when)
    lost = data("胡德才", "sibling", id_number="", sex="male", birth_date=date(1968, 3, 12), missing_id_reason="lost")
    brother = households.add_member(story.household, data=lost, **when)
    story.refresh()
    Case.objects.filter(pk=story.case.pk).update(applicant=brother)
    standing = households.identify(brother, id_number=number, **when)
    story.intake.refresh_from_db()
    assert story.refresh().applicant == story.intake.applicant == standing
    assert story.case.applicant.person == known.person


def test_who_was_proposed_for_an_award_under_another_record_is_shown_when_it_is_decided() -> None:
    story = case_in(S.INVESTIGATING)
    when = {"by": story.people.officer, "on": story.today, "at": instant(story.today)}
    number = make_id_number(birth_date=date(2010, 4, 2), male=False)
    known = households.add_member(story.household, data=data("胡小雪", "child", id_number=number), **when)
    households.leave(known, reason="moved", **when)
    lost = {"sex": "female", "birth_date": date(2010, 4, 2), "missing_id_reason": "lost"}
    sister = households.add_member(story.household, data=data("胡小雪", "child", id_number="", **lost), **when)
    households.record_consent(
        story.household,
        signed_on=story.today,
        signers={row.pk: "胡德旺" for row in story.household.members.filter(left_on=None)},
        by=story.people.officer,
        on=story.today,
    )
    story.ask_check().later(2).answer_check().visit().later().draft().sign()
    story.later().publicise().photograph().wait_publicity().close()
    when |= {"on": story.today, "at": instant(story.today)}
    households.identify(sister, id_number=number, **when)
    story.later()
    with pytest.raises(services.FactsChanged):
        story.approve()


# --- Publicised again -----------------------------------------------------------------------------------------------


def rechecked(story: Story) -> None:
    services.resume(story.case, by=story.people.officer, on=story.today)
    services.record_recheck(story.case, found="已补查", by=story.people.officer, on=story.today)


def test_other_people_of_the_same_number_and_amount_are_publicised_again() -> None:
    story = case_in(S.RETURNED)
    by, at, born = story.people.officer, instant(story.today), date(2008, 9, 30)
    new_head(story)
    households.leave(member(story, "spouse"), reason="moved", by=by, on=story.today, at=at)
    stranger = MemberData(
        name="胡小强",
        relation="child",
        sex="male",
        birth_date=born,
        id_number=make_id_number(birth_date=born),
        facts={"health": "disabled", "schooling": "senior_high"},
        disability={"kind": "physical", "level": 2},
    )
    households.add_member(Household.objects.get(pk=story.household.pk), data=stranger, by=by, on=story.today, at=at)
    rechecked(story)
    people = Member.objects.filter(household=story.household.pk, left_on=None).select_related("person")
    signers = {row.pk: "汪秋菊" if row.relation == "child" else "" for row in people}
    households.record_consent(
        Household.objects.get(pk=story.household.pk), signed_on=story.today, signers=signers, by=by, on=story.today
    )
    before = story.case.publicities.get().proposal
    story.draft().sign()
    now = current_proposal(story.case)
    assert now is not None
    assert (now.monthly_amount, now.persons.count()) == (before.monthly_amount, before.persons.count())
    assert needs_publicity(story.refresh(), now, on=story.today)


def test_another_applicant_is_publicised_again_and_the_same_one_is_not() -> None:
    story = case_in(S.RETURNED)
    rechecked(story)
    story.draft().sign()
    case = story.refresh()
    now = current_proposal(case)
    assert now is not None
    assert not needs_publicity(case, now, on=story.today)
    Case.objects.filter(pk=case.pk).update(applicant=member(story, "spouse"))
    case = story.refresh()
    now = current_proposal(case)
    assert now is not None
    assert needs_publicity(case, now, on=story.today)
