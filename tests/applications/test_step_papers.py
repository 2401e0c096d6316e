"""What a step needs before it is left is data: keyed by scheme, kind, authority and state, dated, with its source."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from applications import services
from applications.models import CaseEvent, OverdueReason, StepPaper, StepTerm
from applications.queries import due_after, lacks_before_acceptance, required_papers, term_history, terms_in_force
from applications.rules.process import CaseState
from documents.models import Delivery
from foundation.errors import NotPermitted
from organizations.models import Staff
from organizations.permissions import Role
from organizations.queries import working_calendar
from tests.applications.telling import relative
from tests.support.cases import Desk
from tests.support.crews import START
from tests.support.factories import make_staff
from tests.support.stories import Story, case_in, new_story
from verification import services as verification
from workbench.queries.tasks import tasks_by_urgency

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
S = CaseState
DIFFERS = {"source": "bank", "declared": Decimal("12000.00"), "found": Decimal("30000.00"), "agrees": False}


def not_asked_from(item: str, state: CaseState, day: object) -> None:
    """The county asks for an item until a day, not from it on."""
    for row in StepPaper.objects.filter(item=item, state=state):
        row.valid = DateRange(row.valid.lower, day)
        row.save()


# --- Before acceptance ------------------------------------------------------------------------------------------


def test_every_application_brings_form_authorization_and_commitment() -> None:
    story = new_story()
    assert required_papers(story.intake) == ["application_form", "authorization_letter", "commitment_letter"]


def test_a_registered_relative_asks_for_the_relative_record() -> None:
    story = new_story().sign_papers().submit()
    relative(story, "胡建军")
    assert required_papers(story.intake)[-1] == "relative_record"
    assert "近亲属备案表" in lacks_before_acceptance(story.refresh(), on=story.today)[0].text


def test_what_the_county_no_longer_asks_for_is_not_asked_of_new_families() -> None:
    story = new_story()
    not_asked_from("commitment_letter", S.SUBMITTED, story.today)
    assert required_papers(story.intake) == ["application_form", "authorization_letter"]


def test_families_that_came_before_the_change_still_bring_the_paper() -> None:
    story = new_story()
    not_asked_from("commitment_letter", S.SUBMITTED, story.today + timedelta(days=1))
    assert "commitment_letter" in required_papers(story.intake)


def test_without_any_stated_paper_nothing_is_accepted() -> None:
    story = new_story().sign_papers().submit()
    for item in StepPaper.objects.filter(state=S.SUBMITTED):
        not_asked_from(item.item, S.SUBMITTED, story.today)
    with pytest.raises(services.NotAcceptable, match="还没有设置受理需要的材料"):
        story.accept()


def test_one_item_is_asked_for_once_at_a_time() -> None:
    new_story()
    row = StepPaper.objects.filter(item="consent").first()
    row.pk = None
    with pytest.raises(IntegrityError, match="step_paper_once_at_a_time"), transaction.atomic():
        row.save(force_insert=True)


def test_loading_again_keeps_what_the_county_changed() -> None:
    story = new_story()
    not_asked_from("commitment_letter", S.SUBMITTED, story.today)
    count = StepPaper.objects.count()
    call_command("load_terms", verbosity=0)
    assert StepPaper.objects.count() == count and "commitment_letter" not in required_papers(story.intake)


def test_a_photo_is_asked_for_as_the_data_say() -> None:
    story = case_in(S.PROPOSED).publicise().wait_publicity()
    with pytest.raises(services.NotNow, match="公示照片"):
        story.close()
    not_asked_from("publicity_photo", S.PUBLICISED, story.today)
    assert story.close().refresh().state == S.CONFIRMING


# --- Telling the family of what the check found (F57 §18) --------------------------------------------------------


def differing() -> Story:
    """A check came back with a difference, on the story's day."""
    story = case_in(S.INVESTIGATING).ask_check().later()
    verification.answer_means_check(
        story.check, result="alert", findings=[DIFFERS], by=story.people.operator, on=story.today
    )
    return story


def tell(story: Story, **more: str) -> None:
    services.tell_family(story.case, statement="是卖房款。", by=story.people.officer, on=story.today, **more)


def test_the_third_working_day_is_in_time() -> None:
    tell(differing().later(3))
    assert not OverdueReason.objects.exists()


def test_the_fourth_working_day_takes_a_reason() -> None:
    story = differing().later(4)
    with pytest.raises(services.OverdueReasonMissing):
        tell(story)
    tell(story, late_reason="户主外出就医")
    assert OverdueReason.objects.get(case=story.case).reason == "户主外出就医"


def test_the_act_asks_for_the_reason_where_it_is_late() -> None:
    story = differing().later(4)
    desk = Desk(story.people.officer, on=story.today)
    assert desk.act(story, "tell-family", statement="是卖房款。").status_code == 422
    assert desk.act(story, "tell-family", statement="是卖房款。", late_reason="户主外出就医").status_code == 302


def test_telling_on_the_page_of_the_check_is_on_the_cases_record() -> None:
    story = differing()
    desk = Desk(story.people.officer, on=story.today)
    url = reverse("verification:tell", args=[story.check.pk])
    assert desk.post(url, {"statement": "是卖房款。"}).status_code == 302
    assert CaseEvent.objects.filter(case=story.case, kind="family_told", by=story.people.officer).exists()


def test_a_near_relative_does_not_tell_the_family_on_the_page_of_the_check() -> None:
    story = differing()
    relative(story, story.people.officer.name)
    with pytest.raises(services.Recused):
        verification.tell_family(story.check, statement="无异议", by=story.people.officer, on=story.today)


def test_an_answer_after_its_day_takes_a_reason() -> None:
    story = case_in(S.INVESTIGATING).ask_check().later(4)
    with pytest.raises(services.OverdueReasonMissing):
        story.answer_check()
    verification.answer_means_check(
        story.check, result="clean", findings=[], by=story.people.operator, on=story.today, late_reason="系统停机"
    )
    assert OverdueReason.objects.get(case=story.case).given_by == story.people.operator


def test_an_answer_on_its_last_day_takes_none() -> None:
    case_in(S.INVESTIGATING).ask_check().later(3).answer_check()
    assert not OverdueReason.objects.exists()


def tasks_of(story: Story) -> list[tuple[str, date | None]]:
    rows = tasks_by_urgency(story.people.officer, calendar=working_calendar(), on=story.today)
    return [(kind, due) for kind, _, due in rows]


def test_a_difference_is_a_task_with_its_own_term_until_the_family_is_told() -> None:
    story = differing()
    due = working_calendar().add(story.today, 3).on
    assert ("tell", due) in tasks_of(story) and "investigate" not in {kind for kind, _ in tasks_of(story)}
    tell(story)
    assert "tell" not in {kind for kind, _ in tasks_of(story)}
    assert "investigate" in {kind for kind, _ in tasks_of(story)}


def test_a_newer_check_that_is_clean_takes_the_old_difference_away() -> None:
    story = differing()
    tell(story)
    story.ask_check().later().answer_check()
    assert "tell" not in {kind for kind, _ in tasks_of(story)}


def test_the_act_shows_what_the_family_is_to_be_told() -> None:
    story = differing()
    page = Desk(story.people.officer, on=story.today).open_act(story, "tell-family").content.decode()
    assert "12,000.00" in page and "30,000.00" in page and "银行存款" in page


# --- Delivering late through the page -----------------------------------------------------------------------------


def test_the_page_takes_the_reason_of_a_late_delivery() -> None:
    story = case_in(S.REFUSED).later(4)
    notice = story.case.documents.get(document__kind="refusal_notice")
    typed = {"document": notice.pk, "way": "direct", "received_by": "胡德旺", "late_reason": "大雪封路"}
    response = Desk(story.people.officer, on=story.today).act(story, "deliver", **typed)
    assert response.status_code == 302 and Delivery.objects.count() == 1
    assert OverdueReason.objects.get(case=story.case).reason == "大雪封路"


# --- The county's own change of a term ---------------------------------------------------------------------------


def term_of(step: str, *, on: date, authority: str = "county") -> StepTerm:
    return terms_in_force(on=on, authority=authority).get(scheme="dibao", kind="application", step=step)


def confirming_term(story: Story) -> StepTerm:
    return term_of("confirming", on=story.today)


def administrator() -> Staff:
    return make_staff(Role.SYSTEM_ADMINISTRATOR, "341824", name="洪志远", on=date(2026, 1, 1))


def change(story: Story, *, by: Staff, **more: Any) -> StepTerm:
    values = {"days": 5, "from_day": story.today, "source": "绩民〔2026〕9号", "is_local_practice": True} | more
    return services.change_term(confirming_term(story), **values, by=by, on=story.today)


def test_only_who_keeps_parameters_changes_a_term() -> None:
    story = new_story()
    with pytest.raises(NotPermitted):
        change(story, by=story.people.approver)
    change(story, by=administrator())
    assert (confirming_term(story).days, term_history(confirming_term(story)).count()) == (5, 2)


def test_a_step_begun_keeps_its_day_and_the_next_one_has_the_new_term() -> None:
    story = case_in(S.CONFIRMING)
    begun = story.refresh().state_due_on
    change(story, by=administrator())
    assert story.refresh().state_due_on == begun
    assert due_after(story.case, S.CONFIRMING, start=story.today).on == working_calendar().add(story.today, 5).on


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"from_day": START - timedelta(days=1)}, "从今天或以后"),
        ({"source": "  "}, "依据"),
        ({"days": 10, "source": "民发〔2021〕57号第二十条"}, "没有变化"),
        ({"days": 11}, "不超过10工作日"),
        ({"days": 0}, "不少于1工作日"),
    ],
)
def test_a_change_that_does_not_fit_is_refused(typed: dict[str, Any], sentence: str) -> None:
    story = new_story()
    with pytest.raises(services.NotATerm, match=sentence):
        change(story, by=administrator(), **typed)


def test_publicity_is_never_shorter_than_the_law() -> None:
    story = new_story()
    by = administrator()
    days = term_of("publicity_days", on=story.today)
    values = {"from_day": story.today, "source": "绩民〔2026〕9号", "is_local_practice": True}
    with pytest.raises(services.NotATerm, match="不少于7自然日"):
        services.change_term(days, days=6, **values, by=by, on=story.today)
    assert services.change_term(days, days=10, **values, by=by, on=story.today).days == 10
    with pytest.raises(IntegrityError, match="step_term_within_the_law"), transaction.atomic():
        StepTerm.objects.filter(scheme="dibao", step="publicity_days", days=10).update(days=1)


def test_loading_again_brings_the_bounds_that_a_release_adds() -> None:
    story = new_story()
    StepTerm.objects.filter(step="overall").update(at_most=None)
    call_command("load_terms", verbosity=0)
    assert term_of("overall", on=story.today, authority="township").at_most == 20


def test_a_term_that_is_over_is_not_changed() -> None:
    story = new_story()
    old, by = confirming_term(story), administrator()
    change(story, by=by)
    with pytest.raises(services.NotATerm, match="后续"):
        services.change_term(
            old, days=7, from_day=story.today, source="同上", is_local_practice=True, by=by, on=story.today
        )


def test_the_page_shows_terms_and_papers_and_takes_a_change() -> None:
    story = new_story()
    desk, term = Desk(administrator(), on=story.today), confirming_term(story)
    shown = desk.get("terms").content.decode()
    assert "民发〔2021〕57号第二十条" in shown and "本地做法" in shown and "公示照片" in shown
    url = reverse("applications:change_term", args=[term.pk])
    typed = {"days": "6", "from_day": story.today.isoformat(), "source": "绩民〔2026〕9号"}
    refused = desk.post(url, typed | {"source": ""})
    assert refused.status_code == 200 and 'value="6"' in refused.content.decode()
    assert desk.post(url, typed).status_code == 302 and confirming_term(story).days == 6


def test_an_unreadable_filter_lists_nothing_and_exports_nothing() -> None:
    story = new_story()
    desk = Desk(story.people.approver, on=story.today)
    for name in ("terms", "export_terms"):
        response = desk.get(name, query={"on": "昨天"})
        assert response.status_code == 422 and "没有符合条件" in response.content.decode()


def test_the_list_asks_equally_whatever_its_length(django_assert_max_num_queries: Any) -> None:
    story = new_story()
    desk = Desk(story.people.approver, on=story.today)
    desk.get("terms")
    for size in ("20", "100"):
        with django_assert_max_num_queries(14):
            desk.get("terms", query={"size": size})
