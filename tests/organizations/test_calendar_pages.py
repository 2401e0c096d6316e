"""The yearly notice of holidays is entered on a page; deadlines that waited for it are reckoned anew."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from foundation.errors import NotPermitted
from organizations import services
from organizations.models import CalendarDay, CalendarYear, Staff
from organizations.permissions import Role
from organizations.queries import working_calendar
from organizations.services import Holiday, NotACalendar
from tests.support.cases import Desk
from tests.support.factories import make_staff
from tests.support.stories import new_story

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
ON = date(2026, 12, 14)
NEW_YEAR = Holiday("元旦", date(2027, 1, 1), date(2027, 1, 3))
SPRING = Holiday("春节", date(2027, 2, 5), date(2027, 2, 12), (date(2027, 1, 31), date(2027, 2, 14)))


def administrator() -> Staff:
    return make_staff(Role.SYSTEM_ADMINISTRATOR, "341824", name="洪志远", on=date(2026, 1, 1))


def enter(*holidays: Holiday, by: Staff | None = None, source: str = "国办发明电〔2026〕7号") -> None:
    services.enter_calendar_year(2027, holidays=holidays, source=source, by=by or administrator())


def typed(*rows: tuple[str, str, str, str], **more: str) -> dict[str, str]:
    form = {"source": "国办发明电〔2026〕7号", "holidays-TOTAL_FORMS": str(len(rows)), "holidays-INITIAL_FORMS": "0"}
    for number, row in enumerate(rows):
        form |= {
            f"holidays-{number}-{name}": value
            for name, value in zip(("name", "first", "last", "working"), row, strict=True)
        }
    return form | more


def test_days_off_and_days_worked_are_counted_from_then_on() -> None:
    enter(NEW_YEAR, SPRING)
    calendar = working_calendar()
    assert not calendar.is_working(date(2027, 2, 5)) and calendar.is_working(date(2027, 2, 14))
    assert calendar.add(date(2027, 2, 4), 1).on == date(2027, 2, 14)
    assert CalendarYear.objects.get(year=2027).source == "国办发明电〔2026〕7号"


def test_a_deadline_that_waited_for_the_notice_is_reckoned_anew() -> None:
    story = new_story(on=date(2026, 12, 28)).sign_papers().submit().accept()
    assert (story.refresh().state_due_on, story.case.due_is_provisional) == (date(2026, 12, 31), True)
    story.start()
    before = story.refresh().due_on
    enter(NEW_YEAR, SPRING)
    assert story.refresh().due_on > before and not story.case.due_is_provisional


def test_a_correction_takes_away_what_the_notice_no_longer_says() -> None:
    enter(NEW_YEAR, SPRING)
    enter(NEW_YEAR)
    assert set(CalendarDay.objects.filter(day__year=2027).values_list("name", flat=True)) == {"元旦"}


@pytest.mark.parametrize(
    ("holidays", "sentence"),
    [
        ((), "至少填一个"),
        ((Holiday("元旦", date(2027, 1, 3), date(2027, 1, 1)),), "早于"),
        ((Holiday("元旦", date(2027, 1, 1), date(2027, 2, 1)),), "超过14天"),
        ((Holiday("元旦", date(2026, 1, 1), date(2026, 1, 3)),), "不在2027年"),
        ((Holiday("元旦", date(2027, 1, 1), date(2027, 1, 3), (date(2027, 1, 5),)),), "本来就是工作日"),
        ((NEW_YEAR, Holiday("补假", date(2027, 1, 3), date(2027, 1, 4))), "填了两次"),
    ],
)
def test_what_cannot_be_is_refused(holidays: tuple[Holiday, ...], sentence: str) -> None:
    with pytest.raises(NotACalendar, match=sentence):
        enter(*holidays)
    assert not CalendarYear.objects.filter(year=2027).exists()


def test_only_who_keeps_the_calendar_enters_it() -> None:
    with pytest.raises(NotPermitted):
        enter(NEW_YEAR, by=make_staff(Role.COUNTY_APPROVER, "341824", on=date(2026, 1, 1)))


def test_the_page_offers_the_usual_holidays_and_saves_those_with_dates() -> None:
    desk = Desk(administrator(), on=ON)
    url = reverse("organizations:calendar_year", args=[2027])
    page = desk.fetch(url).content.decode()
    assert "春节" in page and "国庆节" in page
    assert "2027年未录入" in desk.fetch(reverse("workbench:home")).content.decode()
    rows = [("元旦", "2027-01-01", "2027-01-03", ""), ("春节", "2027-02-05", "2027-02-12", "1月31日、2月14日")]
    assert desk.post(url, typed(*rows, ("清明节", "", "", ""))).status_code == 302
    shown = desk.fetch(reverse("organizations:calendar")).content.decode()
    assert "春节：2月5日至2月12日放假，1月31日、2月14日上班" in shown and "清明节：4" not in shown.split("2026年")[0]
    again = desk.fetch(url).content.decode()
    assert 'value="1月31日、2月14日"' in again


@pytest.mark.parametrize(
    ("row", "more", "sentence"),
    [
        (("春节", "2027-02-05", "2027-02-12", "二月十四"), {}, "不是日期"),
        (("春节", "2027-02-05", "", ""), {}, "请填放假止"),
        (("春节", "2027-02-12", "2027-02-05", ""), {}, "早于"),
        (("春节", "2027-02-05", "2027-02-12", ""), {"source": ""}, "请填写依据"),
    ],
)
def test_a_wrong_row_is_named_and_stays_typed(row: Any, more: dict[str, str], sentence: str) -> None:
    response = Desk(administrator(), on=ON).post(
        reverse("organizations:calendar_year", args=[2027]), typed(row, **more)
    )
    page = response.content.decode()
    assert response.status_code == 200 and sentence in page and 'value="2027-02-' in page


def shown_rows(page: Any) -> dict[str, str]:
    """What the page's form would send as it stands."""
    rows, sent = page.context["rows"], {"source": page.context["form"]["source"].value() or ""}
    for part in (rows.management_form, *rows.forms):
        for bound in part:
            value = bound.field.prepare_value(bound.value())
            if value not in (None, False, ""):
                sent[bound.html_name] = value.isoformat() if isinstance(value, date) else str(value)
    return sent


def test_the_usual_names_without_dates_are_empty_rows() -> None:
    desk, url = Desk(administrator(), on=ON), reverse("organizations:calendar_year", args=[2027])
    sent = shown_rows(desk.fetch(url)) | {"source": "国办发明电〔2026〕7号"}
    assert sent["holidays-1-name"] == "春节"
    sent |= {"holidays-1-first": "2027-02-05", "holidays-1-last": "2027-02-12"}
    assert desk.post(url, sent).status_code == 302
    assert set(CalendarDay.objects.filter(day__year=2027).values_list("name", flat=True)) == {"春节"}


@pytest.mark.parametrize("year", [2022, 2023, 2025, 2026])
def test_a_year_saved_as_its_form_shows_it_stays_as_it_was(year: int) -> None:
    desk, url = Desk(administrator(), on=ON), reverse("organizations:calendar_year", args=[year])

    def days() -> list[tuple[date, bool, str]]:
        rows = CalendarDay.objects.filter(day__year=year)
        return list(rows.order_by("day").values_list("day", "is_working", "name"))

    before = days()
    sent = shown_rows(desk.fetch(url)) | {"source": "更正后的文号"}
    assert desk.post(url, sent).status_code == 302
    assert days() == before and CalendarYear.objects.get(year=year).source == "更正后的文号"


def test_one_corrected_holiday_leaves_the_others() -> None:
    desk, url = Desk(administrator(), on=ON), reverse("organizations:calendar_year", args=[2026])
    count = CalendarDay.objects.filter(day__year=2026).count()
    sent = shown_rows(desk.fetch(url))
    row = next(name[: -len("name")] for name, value in sent.items() if value == "元旦")
    sent[f"{row}last"] = "2026-01-02"
    assert desk.post(url, sent).status_code == 302
    assert CalendarDay.objects.filter(day__year=2026).count() == count - 1


def test_the_new_years_day_of_the_next_year_is_a_holiday_of_its_own() -> None:
    shown = Desk(administrator(), on=ON).fetch(reverse("organizations:calendar")).content.decode()
    assert "1月1日至12月31日放假" not in shown
