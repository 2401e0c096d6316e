"""The record of a family and of a person: who changed what, from what to what, and why."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from foundation.trail import acting, because
from households import services
from households.models import Household, Member
from households.records import _PAGES, RecordKind, family_scope, person_scope, record
from organizations.models import Staff
from tests.households.builders import head, join
from tests.households.web import as_staff, text_of, to
from tests.matrix.rules import RULES
from tests.support.factories import ON, area

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today", "fresh_cache")]
WRITES_NOTHING_OF_A_FAMILY = {"list", "export", "full_export", "lookup", "reveal"}


def words(page: Any) -> str:
    """A page's text, without tags and blanks."""
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", text_of(page)))


def correct(browser: Client, member: Member, **more: str) -> None:
    fields = {
        "name": "胡德旺",
        "health": "good",
        "schooling": "none",
        "employment": "none",
        "lives_together": "on",
        "nation": "汉族",
    }
    household = Household.objects.get(pk=member.household_id)
    form = fields | {"version": str(household.version)} | more
    assert browser.post(to("correct_member", household.pk, member.pk), form).status_code == 302


def test_a_correction_is_told_by_field_with_who_holds_which_post_and_why(browser: Client, family: Household) -> None:
    correct(browser, head(family), name="胡得旺", health="weak", disability_kind="visual", disability_level="2")
    page = words(browser.get(to("person_record", family.pk, head(family).pk)))
    assert "变更人员信息胡得旺姓名：胡德旺→胡得旺健康状况：健康或良好→一般或较弱" in page
    assert "程晓燕（临溪镇乡镇经办人）更正成员信息" in page
    assert "登记残疾胡得旺" in page


def test_lists_and_money_are_told_in_words(clerk: Staff, family: Household) -> None:
    person = head(family).person
    disability = person.disabilities.create(kind="multiple", level=2)
    person.unable_self_care, disability.components = ["eating", "walking"], [{"kind": "hearing", "level": 3}]
    person.save()
    disability.save()
    told = [change for entry in record(family_scope(family, staff=clerk)) for change in entry.changes]
    assert ("不能自理项", "—", "自主吃饭、室内自主行走") in told
    assert ("多重残疾各类", "—", "听力三级") in told


def test_personal_values_are_masked_before_and_after(browser: Client, clerk: Staff, family: Household) -> None:
    services.change_facts(family, facts={"phone": "13900002207"}, by=clerk, version=1)
    family.refresh_from_db()
    services.change_facts(family, facts={"phone": "13800003308"}, by=clerk, version=family.version)
    family.refresh_from_db()
    services.change_facts(family, facts={"phone": "13855553308"}, by=clerk, version=family.version)
    page = text_of(browser.get(to("record", family.pk)))
    assert "138****3308 → <strong>138****3308（隐去的部分不同）</strong>" in page
    assert "139****2207 → <strong>138****3308</strong>" in page
    assert "13900002207" not in page
    assert "13800003308" not in page
    assert "盲索引" not in page


def test_another_townships_account_finds_neither_record(neighbour: Staff, family: Household) -> None:
    stranger = as_staff(neighbour)
    assert stranger.get(to("record", family.pk)).status_code == 404
    assert stranger.get(to("person_record", family.pk, head(family).pk)).status_code == 404


@pytest.fixture
def gone(clerk: Staff, neighbour: Staff, family: Household) -> Member:
    """Somebody of 临溪镇 in their family of 华阳镇, where the nation was corrected."""
    wife = join(family, clerk)
    Member.objects.filter(pk=wife.pk).update(left_on=ON, left_reason="married_out")
    other = Household.objects.create(
        number="H99000001",
        area=area("341824100201"),
        address="二组",
        registered_by=neighbour,
        registered_at=family.registered_at,
    )
    member = Member.objects.create(household=other, person=wife.person, relation="head", joined_on=ON)
    wife.person.nation = "畲族"
    wife.person.save()
    return member


def nations(member: Member, *, staff: Staff) -> list[Any]:
    entries = record(person_scope(member.person, staff=staff))
    return [change for entry in entries for change in entry.changes if change[0] == "民族"]


def test_what_is_written_of_somebody_who_left_for_another_township_is_not_told_to_the_former_one(
    clerk: Staff, neighbour: Staff, gone: Member
) -> None:
    assert nations(gone, staff=neighbour) == [("民族", "汉族", "畲族")]
    assert nations(gone, staff=clerk) == []


def test_nor_once_they_have_left_that_family_too(
    clerk: Staff, neighbour: Staff, family: Household, gone: Member
) -> None:
    Member.objects.filter(pk=gone.pk).update(left_on=ON, left_reason="moved")
    assert nations(gone, staff=neighbour) == [("民族", "汉族", "畲族")]
    assert nations(gone, staff=clerk) == []
    told = [change for entry in record(family_scope(family, staff=clerk)) for change in entry.changes]
    assert ("民族", "汉族", "畲族") not in told


def test_it_is_filtered_by_kind_paged_and_printed_whole(browser: Client, clerk: Staff, family: Household) -> None:
    for number in range(25):
        family.refresh_from_db()
        services.change_facts(family, facts={"address": f"{number}号"}, by=clerk, version=family.version)
    address = to("record", family.pk)
    only = words(browser.get(address, {"kind": "facts"}))
    assert ("共26条" in only, "登记家庭成员胡德旺" in only) == (True, False)
    assert "登记家庭成员胡德旺" in words(browser.get(address, {"kind": "members"}))
    printed = text_of(browser.get(address, {"kind": "facts", "print": "1"}))
    assert (printed.count("变更家庭情况"), "data-print" in printed) == (25, True)
    assert "没有这一类变动" in words(browser.get(address, {"kind": "payee"}))


def test_a_change_in_the_course_of_a_case_names_the_case(clerk: Staff, family: Household) -> None:
    person = head(family).person
    with acting(actor=str(clerk.pk)), because("评估自理能力", "邻居反映", case="LX2026-7"):
        person.unable_self_care = ["eating"]
        person.save()
    newest = record(family_scope(family, staff=clerk), kind=RecordKind.PEOPLE)[0]
    assert (newest.case, newest.why) == ("LX2026-7", "评估自理能力：邻居反映")


def test_a_long_record_asks_no_more_than_a_short_one(browser: Client, clerk: Staff, family: Household) -> None:
    def queries() -> int:
        browser.get(to("record", family.pk))  # the numbers beside the navigation are kept from here on
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(to("record", family.pk)).status_code == 200
        return len(asked)

    join(family, clerk)
    correct(browser, head(family), health="weak")
    browser.get(to("record", family.pk))
    few = queries()
    for name in ("胡甲", "胡乙", "胡丙"):
        correct(browser, join(family, clerk, name, "child"), name=name, health="weak", relation="child")
    assert queries() == few
    assert few <= 60


def test_every_page_that_writes_is_called_by_its_name() -> None:
    writing = {
        name.removeprefix("households:")
        for name, rule in RULES.items()
        if name.startswith("households:") and "post" in rule.methods
    }
    assert {f"households:{name}" for name in writing - WRITES_NOTHING_OF_A_FAMILY} <= _PAGES.keys()
