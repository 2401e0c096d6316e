"""The list of cases and the case page: what is shown to whom, and at what cost."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications import services
from applications.forms.acts import ACTS
from applications.models import Case
from applications.models.intakes import PaperKind
from applications.papers import BLANK_FORMS
from applications.rules.process import CaseState
from households.models import Member, Person
from organizations.models import AccessRecord
from organizations.permissions import Role
from tests.applications.telling import family_cases
from tests.support.cases import Desk
from tests.support.crews import START, crew
from tests.support.factories import LINXI, make_id_number, make_person, make_staff
from tests.support.stories import Story, case_in, new_story

OTHER_TOWNSHIP = "341824102"
pytestmark = pytest.mark.usefixtures("county")
S = CaseState


def desk(story: Story) -> Desk:
    return Desk(story.people.officer, on=story.today)


def queries_of(read: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert read().status_code == 200
    return len(captured)


def urls_of(case: Case) -> list[str]:
    acts = [reverse("applications:act", args=[case.pk, name]) for name in ACTS]
    printed = [reverse("applications:print_paper", args=[case.pk, kind]) for kind in [*PaperKind.values, *BLANK_FORMS]]
    return [
        reverse("applications:detail", args=[case.pk]),
        reverse("applications:dossier", args=[case.pk]),
        *acts,
        *printed,
    ]


def test_another_township_finds_no_trace_of_the_case() -> None:
    story = case_in(S.PUBLICISED)
    stranger = Desk(make_staff(Role.TOWNSHIP_OFFICER, OTHER_TOWNSHIP, name="外乡人", on=START), on=story.today)
    for url in urls_of(story.case):
        for answer in (stranger.fetch(url), stranger.post(url)):
            assert answer.status_code in (404, 405), url
            text = answer.content.decode()
            assert "胡德旺" not in text
            assert story.case.number not in text
    listed = stranger.get("list", query={"q": "胡"})
    assert listed.context["page"].paginator.count == 0
    assert "胡德旺" not in listed.content.decode()


def test_own_township_and_county_see_the_case_with_masked_numbers() -> None:
    story = case_in(S.PUBLICISED)
    number = story.household.members.get(relation="head").person.id_number.reveal()
    for staff in (story.people.officer, story.people.assistant, story.people.lead, story.people.approver):
        page = Desk(staff, on=story.today).get("detail", story.case.pk)
        text = page.content.decode()
        assert page.status_code == 200
        assert "胡德旺" in text
        assert number not in text
        assert f"{number[:4]}****{number[-4:]}" in text


def test_who_only_reads_is_offered_nothing() -> None:
    story = case_in(S.INVESTIGATING)
    auditor = Desk(make_staff(Role.AUDITOR, "341824", on=START), on=story.today)
    page = auditor.get("detail", story.case.pk)
    assert page.status_code == 200
    assert page.context["menu"].offers == []


def test_the_step_bar_carries_dates_and_the_present_step_its_deadline() -> None:
    story = case_in(S.PUBLICISED)
    steps = desk(story).get("detail", story.case.pk).context["steps"]
    # Accepted on 7 September; visited on the 10th; signed on the 11th; posted on the 14th, so 15—21; 21 = last day.
    assert [(step.label, step.note, step.state) for step in steps[:4]] == [
        ("受理", "9月7日", "done"),
        ("调查核对", "9月10日", "done"),
        ("初审", "9月11日", "done"),
        ("公示", steps[3].note, "now"),
    ]
    assert steps[3].note.endswith("日前")


@pytest.mark.parametrize(
    ("state", "who", "expected"),
    [
        (S.DRAFT, "officer", "submit"),
        (S.SUBMITTED, "officer", "accept"),
        (S.SUPPLEMENTING, "officer", "receive-supplement"),
        (S.ACCEPTED, "officer", "start-investigation"),
        (S.INVESTIGATING, "officer", "ask-means-check"),
        (S.PROPOSED, "officer", "publicise"),
        (S.OBJECTED, "officer", "reinvestigate"),
        (S.CONFIRMING, "approver", "approve"),
        (S.RETURNED, "officer", "resume"),
        (S.APPROVED, "officer", "announce"),
        (S.REFUSED, "officer", "deliver"),
    ],
)
def test_the_next_act_is_the_one_primary_button(state: CaseState, who: str, expected: str) -> None:
    story = case_in(state)
    page = Desk(getattr(story.people, who), on=story.today).get("detail", story.case.pk)
    assert page.context["menu"].primary.act.name == expected
    assert page.content.decode().count("btn btn-primary") >= 1


def test_what_is_missing_disables_the_step_and_is_listed() -> None:
    story = case_in(S.PUBLICISED)
    page = desk(story).get("detail", story.case.pk)
    primary = page.context["menu"].primary
    assert (primary.act.name, primary.why_not) == ("close-publicity", "还缺1项，见下")
    assert "次日起才能报审核确认" in page.content.decode()


def test_lateness_and_the_county_visit_are_marked() -> None:
    story = case_in(S.ACCEPTED)
    services.receive_complaint(
        story.case, received_on=story.today, content="举报", by=story.people.officer, on=story.today
    )
    text = desk(story.later(10)).get("detail", story.case.pk).content.decode()
    assert "已经超期" in text
    assert "确认前须由县民政局工作人员入户调查" in text


def test_a_name_with_markup_is_shown_as_text() -> None:
    story = new_story()
    Person.objects.filter(memberships__household=story.household, memberships__relation="head").update(
        name="<script>alert(1)</script>"
    )
    for page in (
        desk(story).get("detail", story.case.pk),
        desk(story).get("list"),
        desk(story).open_act(story, "withdraw"),
    ):
        text = page.content.decode()
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert" in text


def complain(story: Story) -> None:
    services.receive_complaint(
        story.case, received_on=story.today, content="举报", by=story.people.officer, on=story.today
    )


def test_the_page_costs_the_same_for_one_three_and_eight_members_and_many_events() -> None:
    story = case_in(S.CONFIRMING)
    reader = Desk(story.people.approver, on=story.today)

    def read() -> int:
        return queries_of(lambda: reader.get("detail", story.case.pk))

    complain(story)
    read()
    three = read()
    for _ in range(5):
        person = make_person(name="添丁", id_number=make_id_number())
        Member.objects.create(household=story.household, person=person, relation="other", joined_on=START)
        complain(story)
    eight = read()
    story.household.members.exclude(relation="head").update(left_on=story.today, left_reason="moved")
    one = read()
    assert three == eight
    assert one == three + 1  # whoever left the family is named by one query, however many they are
    assert one <= 46


@pytest.mark.parametrize("state", list(S), ids=str)
def test_the_page_asks_at_most_forty_six_times_whatever_the_state_and_the_reader(state: CaseState) -> None:
    story = case_in(state)
    costs = {}
    for who in ("officer", "lead", "visitor", "approver"):
        reader = Desk(getattr(story.people, who), on=story.today)
        reader.get("detail", story.case.pk)
        costs[who] = queries_of(lambda reader=reader: reader.get("detail", story.case.pk))  # type: ignore[misc]
    assert max(costs.values()) <= 46, costs


def test_the_list_costs_the_same_at_one_three_and_fifty_rows() -> None:
    story = new_story()
    reader = desk(story)

    def read() -> int:
        return queries_of(lambda: reader.get("list", query={"size": "50"}))

    read()
    one = read()
    family_cases(story, 2)
    three = read()
    family_cases(story, 47)
    fifty = read()
    assert Case.objects.count() == 50
    assert one == three == fifty


def test_filters_cut_the_list_and_stay_in_the_address() -> None:
    people = crew()
    proposed = case_in(S.PROPOSED, people=people)
    draft = new_story(people=people)
    reader = Desk(people.officer, on=proposed.today)

    def numbers(**query: str) -> list[str]:
        return [row.case.number for row in reader.get("list", query=query).context["rows"]]

    assert set(numbers()) == {proposed.case.number, draft.case.number}
    assert numbers(state="draft") == [draft.case.number]
    assert numbers(q="hdw") == numbers(q="胡德") == numbers()
    assert numbers(q=draft.case.number) == [draft.case.number]
    assert numbers(accepted_from="2026-09-01") == [proposed.case.number]
    assert numbers(accepted_to="2026-09-01") == []
    assert numbers(scheme="tekun") == []
    assert numbers(mine="on") == numbers()
    tail = draft.household.members.get(relation="head").person.id_number.reveal()[-4:]
    assert draft.case.number in numbers(q=tail)


def test_lamps_and_order_follow_the_due_day() -> None:
    people = crew()
    late = case_in(S.ACCEPTED, people=people)
    reader = Desk(people.officer, on=late.today + timedelta(days=14))
    found = reader.get("list", query={"lamp": "late", "sort": "-due"})
    assert [row.case.pk for row in found.context["rows"]] == [late.case.pk]
    assert "已超期" in found.content.decode()
    assert reader.get("list", query={"lamp": "good"}).context["rows"] == []


def test_an_id_number_asked_for_never_stands_in_the_address() -> None:
    story = new_story()
    number = story.household.members.get(relation="head").person.id_number.reveal()
    answer = desk(story).post(reverse("applications:list"), {"q": number, "state": "draft"})
    assert answer.status_code == 302
    assert answer.url == f"{reverse('applications:list')}?family={story.household.pk}"
    page = desk(story).get("list", query={"family": str(story.household.pk)})
    assert [row.case.pk for row in page.context["rows"]] == [story.case.pk]
    other = Desk(make_staff(Role.TOWNSHIP_OFFICER, OTHER_TOWNSHIP, on=START), on=story.today)
    nothing = other.post(reverse("applications:list"), {"q": number})
    assert "family" not in nothing.url


def test_columns_are_chosen() -> None:
    story = new_story()
    text = desk(story).get("list", query={"cols": ["number"]}).content.decode()
    assert 'data-label="办件编号"' in text
    assert 'data-label="状态"' not in text


def test_an_empty_list_says_how_to_make_the_first() -> None:
    reader = Desk(make_staff(Role.TOWNSHIP_OFFICER, LINXI[:9], on=START), on=START)
    assert "受理一户家庭的申请后" in reader.get("list").content.decode()
    assert "没有符合条件的办件" in reader.get("list", query={"state": "draft"}).content.decode()


def test_the_export_holds_exactly_what_is_filtered_masked_and_on_record() -> None:
    load_workbook = pytest.importorskip("openpyxl").load_workbook
    people = crew()
    case_in(S.SUBMITTED, people=people)
    draft = new_story(people=people)
    Person.objects.filter(pk=draft.case.applicant.person_id).update(name="=1+1")
    reader = Desk(people.officer, on=draft.today)
    answer = reader.post(reverse("applications:export") + "?state=draft")
    rows = list(load_workbook(io.BytesIO(answer.content)).active.values)
    number = draft.case.applicant.person.id_number.reveal()
    assert len(rows) == 2
    assert draft.case.number in rows[1]
    assert "'=1+1" in rows[1]
    assert f"{number[:4]}****{number[-4:]}" in rows[1]
    assert number not in str(rows)
    record = AccessRecord.objects.get(kind="export")
    assert (record.staff, record.reason) == (people.officer, "导出办件名单1件")
    assert Desk(people.assistant, on=draft.today).post(reverse("applications:export")).status_code == 403


def test_the_dossier_and_papers_for_signature_are_pdf_on_record() -> None:
    story = case_in(S.SUBMITTED)
    reader = desk(story)
    dossier = reader.post(reverse("applications:dossier", args=[story.case.pk]))
    printed = reader.post(reverse("applications:print_paper", args=[story.case.pk, "application_form"]))
    for answer in (dossier, printed):
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-")
    assert AccessRecord.objects.filter(kind="document", subject_id=story.case.pk).count() == 2
    lead = Desk(story.people.lead, on=story.today)
    assert lead.post(reverse("applications:print_paper", args=[story.case.pk, "application_form"])).status_code == 403
