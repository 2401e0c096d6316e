"""The page of 补差, and what somebody else's long work on an uplift answers."""

from typing import Any

import pytest
import time_machine
from django.urls import reverse

from benefits.services import end_award
from dynamic_review import services
from dynamic_review.models import UpliftMakingGood
from tests.dynamic_review.uplifting import NOVEMBER, NOW, alone, approvers, entered, line_of, through
from tests.households.web import as_staff, text_of
from tests.support.crews import Crew, county_data, crew

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def people(county: None) -> Crew:
    county_data()
    return crew()


def test_what_is_made_good_is_shown_by_month_entered_and_approved_by_another(people: Crew) -> None:
    award = alone(people)
    end_award(award, last_month=NOVEMBER, reason="收入超标", decided_by=people.approver, decided_on=NOVEMBER)
    uplift = through(entered(people.visitor))
    url = reverse("dynamic_review:make_good", args=[line_of(uplift, award).pk])
    with time_machine.travel(NOW, tick=False):
        clerk, approver = as_staff(people.visitor), as_staff(approvers()[0])
        assert url in text_of(clerk.get(reverse("dynamic_review:uplift_lines", args=[uplift.pk])))
        waiting = reverse("dynamic_review:uplift_lines", args=[uplift.pk]) + "?making_good="
        assert f"{waiting}waiting" in text_of(clerk.get(reverse("dynamic_review:uplift", args=[uplift.pk])))
        assert url in text_of(clerk.get(f"{waiting}waiting"))
        assert url not in text_of(clerk.get(f"{waiting}approved"))
        page = text_of(clerk.get(url))
        assert all(shown in page for shown in ("2026年10月", "790.00", "35.00", "合计70.00元", "录入补差"))
        assert clerk.post(url, {"reason": ""}).status_code == 422
        assert clerk.post(url, {"reason": "停发前两个月"})["Location"] == url
        assert "审批补差" not in text_of(clerk.get(url))
        assert "审批补差" in text_of(approver.get(url))
        approve: Any = reverse("dynamic_review:approve_making_good", args=[line_of(uplift, award).pk])
        assert approver.post(approve)["Location"] == url
    assert UpliftMakingGood.objects.get().approved_by is not None


def test_who_goes_on_with_anothers_long_work_stays_on_the_uplifts_page(people: Crew) -> None:
    alone(people)
    uplift = through(entered(people.visitor))
    first, second = approvers()
    with time_machine.travel(NOW, tick=False):
        services.start_rolling_back(uplift, reason="文件作废", by=first, at=NOW)
        browser = as_staff(second)
        sent = browser.post(reverse("dynamic_review:roll_back_uplift", args=[uplift.pk]), {"reason": "继续"})
        assert sent["Location"] == reverse("dynamic_review:uplift", args=[uplift.pk])
        assert f"由{first.name}启动，正在办理" in text_of(browser.get(sent["Location"]))
