"""生活自理能力评估: township and county together, written to the person, asked for before the proposal; F43 §§20–22."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications import papers, services
from applications.models import SelfCareAssessment
from applications.permissions import acted_on
from applications.queries import CaseFile, lacks_before_proposal
from applications.rules.process import CaseState, EventKind
from applications.services import SelfCareNotValid, SelfCareReport
from documents.models import DocumentKind
from foundation.errors import NotPermitted
from households.models import Person
from households.services import MemberData, correct_member
from organizations.permissions import Role
from tests.applications.telling import relative
from tests.support.cases import Desk, errors_of
from tests.support.crews import HUAYANG, crew
from tests.support.factories import make_staff
from tests.support.stories import case_in
from tests.support.tekun import TekunStory, child, tekun_case_in, tekun_story

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
S = CaseState
MANAGED = {"eating": "yes", "dressing": "yes", "in_out_of_bed": "yes", "toileting": "yes", "walking": "no"}


@pytest.fixture
def story() -> TekunStory:
    return tekun_case_in(S.INVESTIGATING)


def assessed(story: TekunStory) -> SelfCareAssessment:
    return SelfCareAssessment.objects.get(case=story.case)


# --- What it does -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("not_managed", "level"),
    [
        ([], "self_reliant"),
        (["bathing"], "semi_disabled"),
        (["bathing", "walking", "eating"], "semi_disabled"),
        (["bathing", "walking", "eating", "dressing"], "disabled"),
        (["bathing", "walking", "eating", "dressing", "toileting", "in_out_of_bed"], "disabled"),
    ],
)
def test_the_level_follows_from_the_indicators(story: TekunStory, not_managed: list[str], level: str) -> None:
    story.assess(not_managed=not_managed)
    assert assessed(story).level == level
    with pytest.raises(IntegrityError, match="self_care_level_follows_indicators"), transaction.atomic():
        SelfCareAssessment.objects.update(level="disabled" if level != "disabled" else "self_reliant")


def test_what_was_found_is_written_to_the_person_and_the_money_follows(story: TekunStory) -> None:
    before = story.suggested().monthly_amount
    story.assess(not_managed=["walking", "bathing"], support_mode="institutional", mode_said_by="程德福")
    person = Person.objects.get(pk=story.head().person_id)
    assert person.unable_self_care == ["walking", "bathing"] and person.support_mode == "institutional"
    after = story.suggested()
    assert before is not None and after.monthly_amount is not None and after.monthly_amount > before
    assert [row.care_level for row in after.persons] == ["semi_disabled"]


def test_it_is_on_the_timeline_and_its_form_is_numbered(story: TekunStory) -> None:
    story.assess()
    event = story.case.events.filter(kind=EventKind.SELF_CARE_ASSESSED).get()
    assert event.note == "程德福：半失能，分散供养；评估人程晓燕、许文斌"
    document = assessed(story).document
    assert document is not None and document.kind == DocumentKind.SELFCARE_FORM
    assert document.number.startswith("绩临救能〔2026〕1号")
    record = papers.selfcare_form(story.head(), assessed(story)).result
    assert record is not None and record.not_managed == ("自主洗澡",)
    assert (record.township_assessors, record.county_assessors) == (("程晓燕",), ("许文斌",))


def test_one_made_anew_of_somebody_supported_has_no_case_writes_nothing_and_stays(story: TekunStory) -> None:
    head = story.head()
    report = SelfCareReport(
        story.today, "敬老院", ["eating", "bathing", "walking", "dressing"], "institutional", "本人"
    )
    officer, visitor = story.assessors()
    made = services.reassess_self_care(
        head, report=report, township_assessor=officer, county_assessor=visitor, by=officer, on=story.today
    )
    assert made.case is None and made.level == "disabled"
    assert made.document is not None and not story.case.documents.filter(document=made.document).exists()
    assert (made.township_assessors, made.county_assessors) == (["程晓燕"], ["许文斌"])
    head.person.refresh_from_db()
    assert head.person.unable_self_care == []
    for change in ({"level": "disabled", "not_managed": [*made.not_managed]}, {"note": "改"}, {"document": None}):
        with pytest.raises(InternalError), transaction.atomic():
            SelfCareAssessment.objects.filter(pk=made.pk).update(**change | {"place": "别处"})


# --- What it asks for ---------------------------------------------------------------------------------------------


def test_nothing_is_proposed_before_everybody_who_qualifies_is_assessed(story: TekunStory) -> None:
    texts = [lack.text for lack in lacks_before_proposal(story.refresh(), on=story.today)]
    assert texts == ["还没有做生活自理能力评估：程德福"]
    with pytest.raises(services.NotProposable, match="还没有做生活自理能力评估：程德福"):
        story.draft()
    story.assess().draft()
    assert story.refresh().awaits_signature


def test_abilities_changed_by_hand_after_the_assessment_ask_for_another(story: TekunStory) -> None:
    story.assess()
    member = story.head()
    data = MemberData(
        name="程德福",
        relation="head",
        sex="male",
        birth_date=member.person.birth_date,
        id_number=member.person.id_number.reveal(),
        facts={"unable_self_care": ["eating", "bathing", "walking", "dressing"]},
    )
    correct_member(member, data=data, by=story.people.officer, on=story.today)
    assert [lack.anchor for lack in lacks_before_proposal(story.refresh(), on=story.today)] == ["self-care"]
    with pytest.raises(services.NotProposable, match="自理能力评估"):
        story.draft()


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({"place": " "}, "place", "评估地点"),
        ({"mode_said_by": ""}, "mode_said_by", "由谁表示"),
        ({"support_mode": "hotel"}, "support_mode", "供养方式"),
        ({"not_managed": ["flying"]}, "member", "六项指标"),
    ],
)
def test_a_report_that_is_not_whole_is_refused(
    story: TekunStory, values: dict[str, Any], field: str, said: str
) -> None:
    with pytest.raises(SelfCareNotValid, match=said) as refused:
        story.assess(**values)
    assert refused.value.field == field and not story.case.self_care_assessments.exists()


@pytest.mark.parametrize("days", [1, -30])
def test_it_was_made_between_acceptance_and_today(story: TekunStory, days: int) -> None:
    with pytest.raises(SelfCareNotValid, match="评估日期"):
        story.assess(assessed_on=story.today + timedelta(days))


def test_township_and_county_assess_together(story: TekunStory, monkeypatch: pytest.MonkeyPatch) -> None:
    people = story.people
    other = make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, name="外乡人", on=date(2026, 1, 1))
    second = make_staff(Role.TOWNSHIP_OFFICER, "341824101", name="胡向前", on=date(2026, 1, 1))
    for assessors, said in (
        ([people.officer], "至少要有2人"),
        ([people.officer, people.officer], "至少要有2人"),
        ([people.officer, second], "双方都要有人"),
        ([people.visitor, people.second_visitor], "双方都要有人"),
        ([people.officer, people.visitor, other], "外乡人不能参加"),
        ([people.officer, people.approver], "方文娟不能参加"),
    ):
        monkeypatch.setattr(story, "assessors", lambda chosen=assessors: chosen)
        with pytest.raises(SelfCareNotValid, match=said):
            story.assess()


def test_a_near_relative_takes_no_part(story: TekunStory) -> None:
    relative(story, story.people.visitor.name)
    with pytest.raises(services.Recused):
        story.assess()


def test_only_who_investigates_records_it(story: TekunStory) -> None:
    report = SelfCareReport(story.today, "家中", [], "home_based", "本人")
    with pytest.raises(NotPermitted):
        services.assess_self_care(
            story.head(),
            report=report,
            assessors=story.assessors(),
            by=story.people.visitor,
            on=story.today,
            case=story.case,
        )


def test_it_belongs_to_the_investigation(story: TekunStory) -> None:
    story.assess().draft().sign()
    with pytest.raises(services.NotNow, match="已初审"):
        story.assess()


def test_assessors_never_confirm(story: TekunStory) -> None:
    confirmer = make_staff(Role.COUNTY_APPROVER, "341824", name="章敏")
    services_of = [story.people.officer, story.people.visitor]
    story.assess()
    assert {person.pk for person in services_of} <= acted_on(story.case) and confirmer.pk not in acted_on(story.case)


# --- On the page --------------------------------------------------------------------------------------------------


def test_the_act_on_the_page_offers_who_waits_and_keeps_what_was_typed(story: TekunStory) -> None:
    desk = Desk(story.people.officer, on=story.today)
    page = desk.open_act(story, "record-self-care")
    form = page.context["form"]
    assert form.initial["member"] == story.head().pk and len(form.indicators) == 6
    assert {"许文斌", "程晓燕"} <= {person.name for person in form.fields["assessors"].queryset}
    sent = desk.typed(page, **MANAGED)
    again = desk.send(story, "record-self-care", sent)
    assert again.status_code == 422
    assert errors_of(again) == {"bathing": ["请选择能不能自主洗澡。"]}
    assert again.context["form"]["walking"].value() == "no"
    done = desk.send(
        story,
        "record-self-care",
        sent | {"bathing": "no", "assessors": [story.people.officer.pk, story.people.visitor.pk]},
    )
    assert done.status_code == 302 and done.url.endswith("#self-care")
    assert assessed(story).not_managed == ["walking", "bathing"]
    shown = desk.get("detail", story.case.pk).content.decode()
    assert "2项不能自主完成，分散供养（本人表示）" in " ".join(shown.split())
    assert "许文斌（县）" in shown


def test_a_refusal_stands_beside_its_field(story: TekunStory) -> None:
    desk = Desk(story.people.officer, on=story.today)
    page = desk.act(story, "record-self-care", **MANAGED, bathing="yes")
    assert page.status_code == 422
    assert list(errors_of(page)) == ["assessors"]


def test_the_blank_form_is_printed_for_a_member_of_the_family_only(story: TekunStory) -> None:
    desk = Desk(story.people.officer, on=story.today)
    url = reverse("applications:print_paper", args=[story.case.pk, "selfcare_form"])
    assert desk.post(url, {"member": story.head().pk})["Content-Type"] == "application/pdf"
    assert desk.post(url)["Content-Type"] == "application/pdf"
    stranger = child(story.people, name="汪小虎").members.get()
    assert desk.post(url, {"member": stranger.pk}).status_code == 404


def test_another_township_does_not_find_the_act(story: TekunStory) -> None:
    desk = Desk(crew(HUAYANG).officer, on=story.today)
    assert desk.open_act(story, "record-self-care").status_code == 404


def test_a_dibao_case_has_no_such_step() -> None:
    story = case_in(S.INVESTIGATING)
    page = Desk(story.people.officer, on=story.today).get("detail", story.case.pk).content.decode()
    assert "自理能力评估" not in page
    assert Desk(story.people.officer, on=story.today).open_act(story, "record-self-care").status_code == 302


def test_more_assessments_ask_no_more_queries(story: TekunStory) -> None:
    story.assess()
    file = CaseFile(story.case, on=story.today)
    with CaptureQueriesContext(connection) as few:
        assert [row.assessors.all()[0].staff.name for row in file.self_care] == ["程晓燕"]
    story.assess(not_managed=[]).assess(not_managed=["eating"])
    file = CaseFile(story.case, on=story.today)
    with CaptureQueriesContext(connection) as many:
        assert len([row.assessors.all()[0].staff.name for row in file.self_care]) == 3
    assert len(many) == len(few)


def test_a_draft_begins_without_it() -> None:
    assert not tekun_story().case.self_care_assessments.exists()
