"""县级随机抽查: no 特困 case is decided before its batch is drawn from, and no drawn one before its check; F43 §16."""

from datetime import timedelta

import pytest
import tablib
from django.db import IntegrityError, InternalError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications import services
from applications.models import Case, CheckDraw, DrawnCase, StepTerm
from applications.queries import CaseFile, Duty, duties, lacks_before_decision
from applications.queries.draw_pages import preview, recompute, rows_of
from applications.queries.draws import waits_for_check
from applications.rules.draw import draw
from applications.rules.process import CaseState, EventKind
from applications.services import NothingToDraw
from applications.services.steps import write_event
from foundation.errors import NotPermitted, StaleVersion
from tests.applications.telling import relative
from tests.support.cases import Desk
from tests.support.crews import HUAYANG, Crew, crew
from tests.support.tekun import TekunStory, elder, not_asked, tekun_case_in
from workbench.queries.tasks import TaskKind, task_sources

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
S = CaseState
NAMES = ("程德福", "汪德才", "胡长根", "邵有福")


@pytest.fixture
def people() -> Crew:
    return crew()


def batch(people: Crew, size: int) -> list[TekunStory]:
    return [tekun_case_in(S.CONFIRMING, people=people, household=elder(people, name=name)) for name in NAMES[:size]]


def drawn(story: TekunStory, seed: str = "种子") -> CheckDraw:
    return services.draw_checks(seed=seed, by=story.people.visitor, on=story.today)


def is_ready(story: TekunStory) -> bool:
    """Whether nothing keeps the case from its decision."""
    return lacks_before_decision(story.refresh(), on=story.today) == []


def seed_for(stories: list[TekunStory], number: str) -> str:
    """A seed with which a certain case is the one that is drawn."""
    numbers = sorted(story.case.number for story in stories)
    return next(str(seed) for seed in range(1000) if draw(numbers, percent=30, seed=str(seed)) == [number])


# --- The draw -----------------------------------------------------------------------------------------------------


def test_a_draw_keeps_list_share_seed_and_result(people: Crew) -> None:
    stories = batch(people, 4)
    made = drawn(stories[0])
    assert (made.percent, made.candidate_count, made.drawn_count) == (30, 4, 2)
    rows = list(made.rows.all())
    assert [row.case.number for row in rows] == sorted(story.case.number for story in stories)
    assert [row.position for row in rows] == [1, 2, 3, 4] and sum(row.is_drawn for row in rows) == 2
    assert recompute(made).is_same
    notes = {event.note for event in stories[0].case.events.filter(kind=EventKind.DRAWN)}
    assert notes < {"4件中抽2件，抽中，须县民政局核查后确认", "4件中抽2件，未抽中"}


def test_nothing_waits_twice(people: Crew) -> None:
    story = batch(people, 1)[0]
    assert preview(people.visitor, on=story.today).number == 1
    drawn(story)
    assert preview(people.visitor, on=story.today).cases == []
    with pytest.raises(NothingToDraw, match="没有等待抽查"):
        drawn(story)


def test_the_share_is_the_countys(people: Crew) -> None:
    stories = batch(people, 2)
    term = StepTerm.objects.get(step="random_check_percent")
    term.days = 100
    term.save()
    assert drawn(stories[0]).drawn_count == 2


def test_the_share_is_never_below_thirty_per_cent(people: Crew) -> None:
    batch(people, 1)
    with pytest.raises(IntegrityError, match="step_term_within_the_law"), transaction.atomic():
        StepTerm.objects.filter(step="random_check_percent").update(days=29)


def test_without_a_share_nothing_is_drawn(people: Crew) -> None:
    story = batch(people, 1)[0]
    term = StepTerm.objects.get(step="random_check_percent")
    term.valid = DateRange(term.valid.lower, story.today)
    term.save()
    assert preview(people.visitor, on=story.today).number == 0
    with pytest.raises(NothingToDraw, match="比例"):
        drawn(story)


def test_only_county_officers_draw(people: Crew) -> None:
    story = batch(people, 1)[0]
    for by in (people.officer, people.lead, people.approver):
        with pytest.raises(NotPermitted):
            services.draw_checks(seed="1", by=by, on=story.today)


def test_what_is_drawn_from_is_what_was_looked_at(people: Crew) -> None:
    story = batch(people, 1)[0]
    looked_at = preview(people.visitor, on=story.today).digest
    tekun_case_in(S.CONFIRMING, people=people, household=elder(people, name="邵有福"))
    with pytest.raises(StaleVersion):
        services.draw_checks(seed="1", by=people.visitor, on=story.today, listed=looked_at)
    assert not CheckDraw.objects.exists()


def test_a_near_relative_may_draw_since_the_draw_can_be_worked_out_again(people: Crew) -> None:
    story = batch(people, 1)[0]
    relative(story, people.visitor.name)
    assert drawn(story).candidate_count == 1


def test_a_draw_is_written_once(people: Crew) -> None:
    made = drawn(batch(people, 1)[0])
    for rows, values in ((CheckDraw.objects, {"seed": "2"}), (DrawnCase.objects, {"is_drawn": False})):
        with pytest.raises(InternalError, match="written once"), transaction.atomic():
            rows.update(**values)
        with pytest.raises(InternalError, match="written once"), transaction.atomic():
            rows.all()._raw_delete("default")
    assert recompute(made).is_same


# --- Before the decision ------------------------------------------------------------------------------------------


def test_a_case_in_no_draw_is_not_decided(people: Crew) -> None:
    story = batch(people, 1)[0]
    assert [lack.anchor for lack in lacks_before_decision(story.refresh(), on=story.today)] == ["random-check"]
    with pytest.raises(services.NotNow, match="还没有参加县级随机抽查"):
        story.approve()


def test_a_drawn_case_waits_for_its_check_the_others_do_not(people: Crew) -> None:
    first, second = batch(people, 2)
    made = drawn(first, seed_for([first, second], first.case.number))
    assert [row.case_id for row in made.rows.filter(is_drawn=True)] == [first.case.pk]
    assert is_ready(second)
    with pytest.raises(services.NotNow, match="抽中，须县民政局至少两人入户核查"):
        first.approve()
    assert is_ready(first.county_visit())


def test_a_visit_before_the_draw_is_no_check(people: Crew) -> None:
    story = batch(people, 1)[0].county_visit()
    drawn(story)
    assert waits_for_check(CaseFile(story.refresh(), on=story.today))
    story.county_visit()
    assert not waits_for_check(CaseFile(story.refresh(), on=story.today))


def test_a_returned_case_keeps_its_draw(people: Crew) -> None:
    first, second = batch(people, 2)
    drawn(first, seed_for([first, second], second.case.number))
    first.later().send_back()
    assert preview(people.visitor, on=first.today).cases == []
    services.resume(first.case, by=people.officer, on=first.today)
    services.record_recheck(first.case, found="已补查", by=people.officer, on=first.today)
    first.later().draft().sign()
    services.send_to_confirm(first.case, by=people.officer, on=first.today)
    assert lacks_before_decision(first.refresh(), on=first.today) == []


def test_a_delegated_township_waits_for_the_countys_draw(people: Crew) -> None:
    story = tekun_case_in(S.CONFIRMING, people=people, delegated=True)
    assert story.case.authority == "township"
    with pytest.raises(services.NotNow, match="随机抽查"):
        story.approve()
    drawn(story)
    assert not is_ready(story) and is_ready(story.county_visit())


def test_where_the_county_does_not_ask_for_it_nothing_waits(people: Crew) -> None:
    story = batch(people, 1)[0]
    not_asked("random_check", on=story.today)
    assert preview(people.visitor, on=story.today).cases == []
    assert is_ready(story)


def test_county_officers_have_both_on_their_task_list(people: Crew) -> None:
    story = batch(people, 1)[0]

    def waiting(duty: Duty) -> list[int]:
        return list(duties(people.visitor, on=story.today)[duty].values_list("pk", flat=True))

    assert (waiting(Duty.DRAW), waiting(Duty.CHECK_DRAWN)) == ([story.case.pk], [])
    drawn(story)
    assert (waiting(Duty.DRAW), waiting(Duty.CHECK_DRAWN)) == ([], [story.case.pk])
    story.county_visit()
    assert (waiting(Duty.DRAW), waiting(Duty.CHECK_DRAWN)) == ([], [])
    for other in (people.officer, people.lead, people.approver):
        assert not {TaskKind.DRAW, TaskKind.CHECK_DRAWN} & task_sources(other, on=story.today).keys()


# --- The pages ----------------------------------------------------------------------------------------------------


def test_the_page_shows_what_would_be_drawn_draws_and_checks_again(people: Crew) -> None:
    story = batch(people, 2)[0]
    desk = Desk(people.visitor, on=story.today)
    page = desk.get("draws")
    assert "按30%抽取<strong>1</strong>件" in page.content.decode()
    sent = desk.post(reverse("applications:draw_now"), {"listed": page.context["preview"].digest})
    made = CheckDraw.objects.get()
    assert sent.url == reverse("applications:draw", args=[made.pk])
    shown = desk.get("draw", made.pk).content.decode()
    assert shown.count("待核查") == 1 and made.seed in shown and made.list_digest in shown
    desk.post(reverse("applications:recompute_draw", args=[made.pk]))
    assert "名单和抽取结果与当时一致" in desk.get("draw", made.pk).content.decode()


def test_a_list_that_changed_is_not_drawn_from(people: Crew) -> None:
    story = batch(people, 1)[0]
    desk = Desk(people.visitor, on=story.today)
    desk.post(reverse("applications:draw_now"), {"listed": "0" * 64})
    assert not CheckDraw.objects.exists()
    assert "名单有变化" in desk.get("draws").content.decode()


def test_a_draw_that_was_tampered_with_is_found(people: Crew) -> None:
    story = batch(people, 1)[0]
    made = CheckDraw.objects.create(
        drawn_on=story.today,
        drawn_by=people.visitor,
        percent=30,
        seed="1",
        list_digest="0" * 64,
        candidate_count=1,
        drawn_count=1,
    )
    assert not recompute(made).is_same
    event = write_event(story.case, EventKind.DRAWN, by=people.visitor, on=story.today)
    DrawnCase.objects.create(draw=made, case=story.case, position=1, is_drawn=False, event=event)
    found = recompute(made)
    assert not found.is_same and (found.list_is_same, found.draw_is_same) == (False, False)
    desk = Desk(people.visitor, on=story.today)
    desk.post(reverse("applications:recompute_draw", args=[made.pk]))
    assert "名单、抽取结果与当时不一致" in desk.get("draw", made.pk).content.decode()


def test_past_draws_are_filtered_by_day_and_exported(people: Crew) -> None:
    story = batch(people, 1)[0]
    made = drawn(story)
    desk = Desk(people.visitor, on=story.today)
    day = made.drawn_on
    for query, found in (
        ({"drawn_from": day.isoformat()}, [made]),
        ({"drawn_from": (day + timedelta(1)).isoformat()}, []),
        ({"drawn_to": (day - timedelta(1)).isoformat()}, []),
    ):
        assert list(desk.get("draws", query=query).context["page"]) == found
    assert desk.get("draws", query={"drawn_from": "昨天"}).status_code == 422
    (row,) = tablib.Dataset().load(desk.post(reverse("applications:export_draws")).content, format="xlsx").dict
    assert (row["抽取人"], row["件数"], row["比例（%）"], row["随机种子"]) == ("许文斌", "1", "30", made.seed)


def test_townships_do_not_find_draws(people: Crew) -> None:
    story = batch(people, 1)[0]
    made = drawn(story)
    for staff in (people.officer, crew(HUAYANG).officer):
        desk = Desk(staff, on=story.today)
        assert desk.get("draws").status_code == 403
        assert desk.get("draw", made.pk).status_code in (403, 404)
        assert desk.post(reverse("applications:draw_now")).status_code == 403
    assert Desk(people.approver, on=story.today).get("draw", made.pk).status_code == 200


def test_the_case_page_says_whether_it_was_drawn(people: Crew) -> None:
    story = batch(people, 1)[0]
    desk = Desk(people.visitor, on=story.today)
    assert "还没有参加县级随机抽查" in desk.get("detail", story.case.pk).content.decode()
    drawn(story)
    page = desk.get("detail", story.case.pk)
    assert "从1件中抽1件" in page.content.decode()
    assert page.context["menu"].primary.act.name == "record-county-visit"


def test_longer_batches_ask_no_more_queries(people: Crew) -> None:
    first = batch(people, 1)[0]
    desk = Desk(people.visitor, on=first.today)
    desk.get("draws")
    with CaptureQueriesContext(connection) as few:
        desk.get("draws")
    tekun_case_in(S.CONFIRMING, people=people, household=elder(people, name="邵有福"))
    with CaptureQueriesContext(connection) as many:
        desk.get("draws")
    assert len(many) == len(few)
    made = drawn(first)
    with CaptureQueriesContext(connection) as rows:
        assert len([row.case.area.parent.name for row in rows_of(made, people.visitor)]) == 2
    assert len(rows) <= 2
    assert Case.objects.filter(draw_row__draw=made).count() == 2
