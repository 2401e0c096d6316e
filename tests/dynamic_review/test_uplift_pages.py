"""Pages of uplifts and drafts: what they show, what comes back with its errors, and what the lists are cut to."""

from io import BytesIO
from typing import Any

import pytest
import tablib
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader
from pytest_django import DjangoAssertNumQueries

from dynamic_review import services
from dynamic_review.models import Uplift, UpliftState, WhatIf
from organizations.models import AccessRecord, Job, Staff
from tests.dynamic_review.uplifting import (
    NOW,
    TODAY,
    alone,
    applied,
    approved,
    approvers,
    done,
    entered,
    previewed,
    standard,
    three_people,
)
from tests.support.crews import HUAYANG, Crew, county_data, crew

pytestmark = [pytest.mark.django_db]
RISE = {"rural": {"dibao_monthly_standard": "790.00"}}
MANY = 40
"""Queries of a page of the frame, its list and its totals, however many rows there are."""


@pytest.fixture
def people(county: None) -> Crew:
    county_data()
    return crew()


@pytest.fixture
def officer(people: Crew) -> Staff:
    return people.visitor


def signed_in(staff: Staff) -> Client:
    browser = Client()
    browser.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def text(answer: Any) -> str:
    return answer.content.decode()


def test_an_uplift_is_entered_on_approved_figures_only(officer: Staff) -> None:
    figure, browser = standard(), signed_in(officer)
    page = text(browser.get(reverse("dynamic_review:enter_uplift")))
    assert "低保标准（元/月）（农村） 790.00，原755.00，2026年10月1日起（宣政秘〔2026〕12号）" in page
    # The sample of July 2025 is what ran before: nothing to uplift.
    assert "2025年7月1日起" not in page
    refused = browser.post(reverse("dynamic_review:enter_uplift"), {"title": "年度提标"})
    assert refused.status_code == 422
    assert "请选择提标所依据的标准" in text(refused)
    assert 'value="年度提标"' in text(refused)
    answer = browser.post(reverse("dynamic_review:enter_uplift"), {"title": "年度提标", "figures": [figure.pk]})
    assert answer["Location"] == reverse("dynamic_review:uplift", args=[Uplift.objects.get().pk])


def test_the_page_shows_the_totals_and_each_button_when_its_time_has_come(people: Crew, officer: Staff) -> None:
    three_people(people)
    alone(people, amount="800.00")
    uplift = entered(officer)
    browser, url = signed_in(officer), reverse("dynamic_review:uplift", args=[uplift.pk])
    assert "还没有测算" in text(browser.get(url))
    started = browser.post(reverse("dynamic_review:preview_uplift", args=[uplift.pk]))
    job = Job.objects.get()
    assert started["Location"] == reverse("organizations:job", args=[job.pk])
    done(job)
    page = text(browser.get(url))
    for shown in ("122.00", "2,265.00", "决定的金额与当时的试算不同", "临溪镇"):
        assert shown in page
    assert "审批同意" not in page
    approver = signed_in(approvers()[0])
    assert "审批同意" in text(approver.get(url))
    unread = approver.post(reverse("dynamic_review:approve_uplift", args=[uplift.pk]), {"opinion": "数字无误"})
    assert unread.status_code == 422
    assert "请看过测算结果后勾选" in text(unread)
    assert 'value="数字无误"' in text(unread)


def test_a_refusal_stands_on_the_page_in_words(people: Crew, officer: Staff) -> None:
    alone(people)
    uplift = previewed(entered(officer))
    standard("795.00", since=TODAY.replace(day=1))
    approver = signed_in(approvers()[0])
    sent = {"opinion": "同意", "checked": "on"}
    answer = approver.post(reverse("dynamic_review:approve_uplift", args=[uplift.pk]), sent)
    assert answer.status_code == 422
    assert "请重新测算" in text(answer)
    early = signed_in(officer).post(reverse("dynamic_review:apply_uplift", args=[uplift.pk]))
    assert (early.status_code, "不能执行" in text(early)) == (422, True)


def test_the_lines_are_filtered_found_and_exported_as_shown(people: Crew, officer: Staff) -> None:
    three_people(people)
    alone(people)
    alone(people, name="程有定", amount="800.00")
    uplift = previewed(entered(officer))
    browser, url = signed_in(officer), reverse("dynamic_review:uplift_lines", args=[uplift.pk])
    everybody = text(browser.get(url))
    assert all(name in everybody for name in ("胡德旺", "汪大年", "程有定"))
    apart = text(browser.get(url, {"outcome": "apart"}))
    assert ("程有定" in apart, "汪大年" in apart) == (True, False)
    found = text(browser.get(url, {"q": "汪大年"}))
    assert ("程有定" in found, "汪大年" in found) == (False, True)
    assert "汪大年" not in text(browser.get(url, {"township": HUAYANG}))
    assert browser.get(url, {"outcome": "nothing"}).status_code == 422
    answer = browser.post(reverse("dynamic_review:export_uplift", args=[uplift.pk]) + "?outcome=raise&sort=-difference")
    rows = list(tablib.Dataset().load(answer.content, format="xlsx"))
    assert [row[1] for row in rows] == ["胡德旺", "汪大年"]
    assert [str(row[8]) for row in rows] == ["122.00", "35.00"]
    record = AccessRecord.objects.latest("pk")
    assert (record.reason, record.row_count) == (f"导出提标花名册{uplift.number}2户", 2)


def test_the_roster_is_printed_by_village_with_its_sum_in_capitals(people: Crew, officer: Staff) -> None:
    three_people(people)
    alone(people)
    uplift = previewed(entered(officer))
    browser, url = signed_in(officer), reverse("dynamic_review:uplift_roster", args=[uplift.pk])
    answer = browser.post(url)
    printed = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages).replace("\n", "")
    # 2,265 and 790 a month.
    for shown in ("胡德旺", "汪大年", "3,055.00", "叁仟零伍拾伍元整", uplift.number):
        assert shown in printed
    assert AccessRecord.objects.latest("pk").reason == f"打印提标花名册{uplift.number}"
    assert browser.post(url + "?outcome=apart").status_code == 302


@pytest.mark.parametrize("count", [1, 3])
def test_pages_ask_the_database_as_often_for_one_award_as_for_three(
    people: Crew, officer: Staff, count: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        alone(people, name=f"汪大{'年月日'[number]}")
    uplift = previewed(entered(officer))
    browser = signed_in(officer)
    for name in ("uplift", "uplift_lines"):
        with django_assert_max_num_queries(MANY):
            browser.get(reverse(f"dynamic_review:{name}", args=[uplift.pk]))


def test_what_was_carried_out_says_so_and_offers_to_roll_back(people: Crew, officer: Staff) -> None:
    alone(people)
    uplift = applied(approved(previewed(entered(officer))))
    approver = approvers()[0]
    browser = signed_in(approver)
    url = reverse("dynamic_review:roll_back_uplift", args=[uplift.pk])
    assert url in text(browser.get(reverse("dynamic_review:uplift", args=[uplift.pk])))
    without = browser.post(url, {"reason": ""})
    assert without.status_code == 422
    answer = browser.post(url, {"reason": "文件作废"})
    done(Job.objects.get(pk=int(answer["Location"].rstrip("/").rpartition("/")[2])))
    uplift.refresh_from_db()
    assert uplift.state == UpliftState.ROLLED_BACK


def test_a_draft_shows_todays_figures_and_keeps_what_was_typed_wrong(officer: Staff) -> None:
    browser, url = signed_in(officer), reverse("dynamic_review:add_what_if")
    assert "755.00" in text(browser.get(url))
    wrong = {"name": "试一试", "base_on": TODAY.isoformat(), "rural.dibao_monthly_standard": "七百", "note": ""}
    refused = browser.post(url, wrong)
    assert refused.status_code == 422
    assert "请填金额" in text(refused)
    assert 'value="七百"' in text(refused)
    sent = wrong | {"rural.dibao_monthly_standard": "790", "rural.topup_rates.a": "0.40"}
    browser.post(url, sent)
    assert WhatIf.objects.get().changes == {
        "rural": {"dibao_monthly_standard": "790.00", "topup_rates": {"a": "0.40", "b": "0.20"}}
    }


def test_a_run_is_shown_with_its_day_listed_compared_and_exported(people: Crew, officer: Staff) -> None:
    three_people(people)
    first, second = (
        services.save_draft(
            None,
            name=f"{value}元",
            note="",
            base_on=TODAY,
            changes={"rural": {"dibao_monthly_standard": f"{value}.00"}},
            by=officer,
            on=TODAY,
        )
        for value in (790, 800)
    )
    for draft in (first, second):
        done(services.start_run(draft, by=officer, at=NOW))
    browser = signed_in(officer)
    page = text(browser.get(reverse("dynamic_review:what_if", args=[first.pk])))
    for shown in ("2026年12月7日", "快照", "122.00", "1,464.00", "<svg"):
        assert shown in page
    # 800 × 3 − 500 + 240 + 160 = 2,300: 157 more a month.
    compared = text(browser.get(reverse("dynamic_review:compare_what_ifs"), {"draft": [first.pk, second.pk]}))
    assert "122.00" in compared
    assert "157.00" in compared
    run = first.runs.get()
    assert "胡德旺" in text(browser.get(reverse("dynamic_review:what_if_lines", args=[run.pk])))
    answer = browser.post(reverse("dynamic_review:export_what_if", args=[run.pk]))
    rows = list(tablib.Dataset().load(answer.content, format="xlsx"))
    assert [str(cell) for cell in rows[0][6:9]] == ["2143.00", "2265.00", "122.00"]
