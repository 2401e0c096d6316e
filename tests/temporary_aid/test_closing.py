"""Ends of aid: solved, turned into an application, referred; and follow-ups, which count once with what they follow."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from applications import services as applications
from applications.models import Case
from foundation.errors import NotPermitted, ServiceError
from organizations.models import Department
from organizations.permissions import Role
from temporary_aid.models import AidEvent
from temporary_aid.queries import aid_terms, frequency_of
from temporary_aid.services import NotAllowed
from temporary_aid.services.closing import ConversionData, close_solved, convert_to_case, refer
from temporary_aid.services.following import open_follow_up
from temporary_aid.services.stages import cancel_rest
from tests.support.aid import HUAYANG
from tests.support.crews import county_data
from tests.support.factories import make_staff
from tests.temporary_aid.granted import PAID, Helped, granted, helped, in_stages, money

pytestmark = pytest.mark.django_db
LATER = PAID + timedelta(days=40)


@pytest.fixture(autouse=True)
def _told() -> None:
    county_data()


def end(story: Helped, **more: Any) -> Any:
    terms = {"note": "房屋已修好", "by": story.people.officer, "at": LATER, "on": LATER.date()} | more
    return close_solved(story.aid, **terms)


def conversion(story: Helped, scheme: str = "dibao", **more: Any) -> ConversionData:
    assert story.household is not None
    head = story.household.members.get(relation="head")
    terms = {"applicant": head, "accounting_year": 2026, "reason": "主要劳力致残", "note": "收入长期低于标准"}
    return ConversionData(scheme=scheme, **terms | more)


def convert(story: Helped, data: ConversionData) -> Case:
    return convert_to_case(story.aid, data=data, by=story.people.officer, at=LATER, on=LATER.date())


# --- Solved ----------------------------------------------------------------------------------------------------
def test_aid_that_was_paid_is_closed_with_a_word_on_it() -> None:
    story = helped()
    story.pay()
    with pytest.raises(NotAllowed, match="请写明办结说明"):
        end(story, note=" ")
    aid = end(story)
    assert (aid.state, aid.end_judgement, aid.ended_on, aid.ended_by) == (
        "closed",
        "solved",
        LATER.date(),
        story.people.officer,
    )
    event = AidEvent.objects.filter(aid=aid, kind="closed").get()
    assert (event.from_state, event.to_state, event.note) == ("approved", "closed", "困难已解决。房屋已修好")
    with pytest.raises(NotAllowed, match="现在是“已办结”"):
        end(story)


def test_stages_left_are_paid_or_cancelled_before_the_end() -> None:
    story = helped(*in_stages("800.00", "400.00", "360.00"))
    with pytest.raises(NotAllowed, match="第1、2、3期还没有发放"):
        end(story)
    story.pay()
    with pytest.raises(NotAllowed, match="第2、3期还没有发放"):
        end(story)
    story.visit(at=LATER, still_in_need=False)
    cancel_rest(story.aid, reason="保险已赔付", by=story.people.officer, at=LATER, on=LATER.date())
    assert end(story).state == "closed"


def test_a_visit_before_the_last_payment_is_not_the_one_before_the_end() -> None:
    story = helped(*in_stages("1000.00", "560.00"))
    story.pay()
    story.visit(2, at=PAID + timedelta(days=29))
    story.confirm(2, at=PAID + timedelta(days=29), early_reason="明天大雪封路")
    story.pay(2, at=PAID + timedelta(days=30))
    with pytest.raises(NotAllowed, match="最后一次发放以后还没有走访"):
        end(story)
    story.visit(at=PAID + timedelta(days=30))
    assert end(story).state == "closed"


def test_only_who_handles_aid_there_ends_it() -> None:
    story = helped()
    story.pay()
    for staff in (
        story.people.lead,
        story.people.assistant,
        make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, name="葛书平", on=date(2026, 1, 1)),
    ):
        with pytest.raises(NotPermitted):
            end(story, by=staff)


# --- Turned into an application --------------------------------------------------------------------------------
def test_a_draft_of_the_familys_application_says_where_it_comes_from_and_nothing_is_typed_twice() -> None:
    story = helped(with_family=True)
    story.pay()
    case = convert(story, conversion(story))
    aid = story.fresh()
    assert (aid.state, aid.end_judgement, aid.converted_case) == ("closed", "converted", case)
    assert (case.scheme, case.state, case.household, case.applicant.person.name) == (
        "dibao",
        "draft",
        story.household,
        "胡德旺",
    )
    assert (case.intake.channel, case.intake.accounting_year) == ("proactive", 2026)
    assert case.intake.reason == f"由临时救助{aid.number}（急难型、火灾，已救助1,560.00元）转入。主要劳力致残"
    note = AidEvent.objects.get(aid=aid, kind="closed").note
    assert note == f"转申请低保或特困。转申请低保（{case.number}）：收入长期低于标准"


def test_people_without_a_family_on_record_are_registered_first() -> None:
    story = helped()
    story.pay()
    with pytest.raises(NotAllowed, match="须先关联家庭") as refused:
        convert_to_case(
            story.aid,
            data=ConversionData("dibao", None, 2026, "", "长期困难"),  # type: ignore[arg-type]
            by=story.people.officer,
            at=LATER,
            on=LATER.date(),
        )
    assert refused.value.field == "scheme"
    assert story.fresh().state == "approved"


def test_a_draft_of_the_family_gets_the_scheme_added() -> None:
    story = helped(with_family=True)
    story.pay()
    assert story.household is not None
    draft = applications.open_intake(
        story.household,
        applicant=story.household.members.get(relation="head"),
        channel="window",
        accounting_year=2026,
        reason="收入低",
        schemes=["dibao"],
        by=story.people.officer,
        on=PAID.date(),
    )
    case = convert(story, conversion(story, "tekun"))
    assert case.intake == draft
    assert {row.scheme for row in draft.cases.all()} == {"dibao", "tekun"}
    draft.refresh_from_db()
    assert draft.reason.endswith("转入。主要劳力致残收入低")


def test_an_application_under_way_is_taken_as_it_is() -> None:
    story = helped(with_family=True)
    story.pay()
    first = convert(story, conversion(story))
    again = helped_again(story)
    assert convert(again, conversion(again)) == first
    assert Case.objects.filter(scheme="dibao").count() == 1


def test_neither_other_schemes_nor_a_family_that_cannot_apply() -> None:
    story = helped(with_family=True)
    story.pay()
    with pytest.raises(NotAllowed, match="只能转申请低保或特困"):
        convert(story, conversion(story, "low_income_margin"))
    with pytest.raises(ServiceError, match="收入核算年度") as refused:
        convert(story, conversion(story, accounting_year=2020))
    assert refused.value.field == "accounting_year"
    assert story.fresh().state == "approved"


# --- Referred --------------------------------------------------------------------------------------------------
def test_another_department_goes_on_helping_and_the_bureau_is_none() -> None:
    story = helped()
    story.pay()
    terms = {"note": "残疾人辅具适配", "by": story.people.officer, "at": LATER, "on": LATER.date()}
    with pytest.raises(NotAllowed, match="请选择接收转介的部门"):
        refer(story.aid, department=Department.objects.get(code="civil_affairs"), **terms)
    housing = Department.objects.get(code="housing")
    aid = refer(story.aid, department=housing, **terms)
    assert (aid.state, aid.end_judgement, aid.referred_to) == ("closed", "referred", housing)
    assert AidEvent.objects.get(aid=aid, kind="closed").note == "转介其他部门。转介县住建局：残疾人辅具适配"


# --- Followed --------------------------------------------------------------------------------------------------
def helped_again(story: Helped) -> Helped:
    """A follow-up, granted and paid."""
    more = open_follow_up(story.fresh(), situation="修房仍欠款", by=story.people.officer, at=LATER)
    granted(more, money("1560.00"), people=story.people, at=LATER)
    again = Helped(story.people, more, story.household)
    again.pay(at=LATER)
    return again


def test_a_follow_up_carries_everything_over_and_counts_once() -> None:
    story = helped(with_family=True)
    story.pay()
    end(story)
    again = helped_again(story)
    aid, first = again.fresh(), story.fresh()
    assert aid.follow_up_of == first
    for name in (
        "kind",
        "cause",
        "grade",
        "area",
        "household",
        "applicant",
        "recipient_name",
        "people_count",
        "ground",
    ):
        assert getattr(aid, name) == getattr(first, name)
    assert (aid.situation, aid.first_reported_at) == ("修房仍欠款", LATER)
    # Beside the fire nothing was granted: one time of two, and of this cause one, with its follow-up.
    third = open_follow_up(aid, situation="又加重", by=story.people.officer, at=LATER + timedelta(days=1))
    assert third.follow_up_of == first
    terms = aid_terms(aid.area, on=timezone.localdate(LATER))
    assert frequency_of(third, terms=terms, on=LATER.date() + timedelta(days=1)).all == 0
    assert frequency_of(first, terms=terms, on=LATER.date() + timedelta(days=1)).all == 0


def test_people_without_papers_are_followed_up_too() -> None:
    story = helped(id_number="", missing_id_reason="unidentified", name="无名氏")
    story.pay()
    more = open_follow_up(story.fresh(), situation="仍住院", grade="severe", by=story.people.officer, at=LATER)
    assert (more.recipient_name, more.missing_id_reason, more.grade) == ("无名氏", "unidentified", "severe")


def test_what_was_not_granted_is_not_followed() -> None:
    story = helped()
    story.pay()
    more = open_follow_up(story.fresh(), situation="仍困难", by=story.people.officer, at=LATER)
    with pytest.raises(NotAllowed, match="现在是“待处置”"):
        open_follow_up(more, situation="仍困难", by=story.people.officer, at=LATER)
    with pytest.raises(NotPermitted):
        open_follow_up(story.fresh(), situation="仍困难", by=story.people.assistant, at=LATER)
