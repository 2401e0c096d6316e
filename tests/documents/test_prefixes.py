"""文号字头: changed by who keeps parameters, from a year on; numbers given keep theirs."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from documents import services
from documents.models import Document, DocumentKind, NumberPrefix
from documents.queries import prefix_in_force
from foundation.errors import NotPermitted
from organizations.models import Area, Staff
from organizations.permissions import Role
from tests.documents.samples import SAMPLES
from tests.support.factories import area, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("prefixes")]
COUNTY, LINXI, VILLAGE = "341824", "341824101", "341824101200"
KIND = DocumentKind.ACCEPTANCE_NOTICE
TODAY, NEXT_YEAR = date(2026, 11, 23), date(2027, 1, 4)


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with time_machine.travel("2026-11-23T10:00:00+08:00", tick=False):
        yield


@pytest.fixture
def keeper() -> Staff:
    return make_staff(Role.SYSTEM_ADMINISTRATOR, COUNTY, name="洪志远", on=date(2026, 1, 1))


@pytest.fixture
def linxi() -> Area:
    return area(LINXI)


def old(linxi: Area) -> str:
    row = prefix_in_force(linxi, KIND, year=2026)
    assert row is not None
    return row.prefix


def issue(linxi: Area, on: date = TODAY) -> Document:
    return services.issue_document(
        kind=KIND, issuing_area=linxi, area=area(VILLAGE), record=SAMPLES[KIND], by=None, on=on
    )


def change(linxi: Area, keeper: Staff, *, on: date = TODAY, **more: Any) -> NumberPrefix:
    values: dict[str, Any] = {"new_prefix": "临救助受", "from_year": 2026, "reason": ""} | more
    return services.change_number_prefix(linxi, KIND, **values, by=keeper, on=on)


def test_a_prefix_under_which_nothing_was_issued_is_changed_at_once(linxi: Area, keeper: Staff) -> None:
    change(linxi, keeper)
    assert issue(linxi).number == "临救助受〔2026〕1号"


def test_papers_of_this_year_keep_the_prefix_that_begins_to_change_next_year(linxi: Area, keeper: Staff) -> None:
    first, before = issue(linxi), old(linxi)
    change(linxi, keeper, from_year=2027)
    assert [issue(linxi).number, issue(linxi, NEXT_YEAR).number] == [f"{before}〔2026〕2号", "临救助受〔2027〕1号"]
    assert Document.objects.get(pk=first.pk).number == f"{before}〔2026〕1号"


def test_a_prefix_used_this_year_is_changed_this_year_only_with_a_sentence(linxi: Area, keeper: Staff) -> None:
    issue(linxi)
    with pytest.raises(services.NotAPrefix, match=r"编到1号.*请从明年起改") as refusal:
        change(linxi, keeper)
    assert refusal.value.field == "reason"
    change(linxi, keeper, reason="机构改革")
    assert issue(linxi).number == "临救助受〔2026〕2号"
    history = apps.get_model("documents", "NumberPrefixHistory").objects.filter(prefix="临救助受")
    assert history.get().pgh_context["reason"] == "调整文号字头：机构改革"


def test_a_prefix_of_next_year_may_be_mended_before_it_begins(linxi: Area, keeper: Staff) -> None:
    issue(linxi)
    change(linxi, keeper, from_year=2027)
    change(linxi, keeper, from_year=2027, new_prefix="临民受")
    assert issue(linxi, NEXT_YEAR).number == "临民受〔2027〕1号"
    assert not NumberPrefix.objects.filter(prefix="临救助受").exists()


def test_only_who_keeps_parameters_changes_a_prefix(linxi: Area) -> None:
    for role, code in ((Role.COUNTY_APPROVER, COUNTY), (Role.TOWNSHIP_OFFICER, LINXI)):
        with pytest.raises(NotPermitted):
            change(linxi, make_staff(role, code))


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"new_prefix": "临救〔2026〕"}, "new_prefix"),
        ({"new_prefix": "受"}, "new_prefix"),
        ({"from_year": 2025}, "from_year"),
        ({"from_year": 2028}, "from_year"),
    ],
)
def test_what_is_no_prefix_is_refused(linxi: Area, keeper: Staff, more: dict[str, Any], field: str) -> None:
    with pytest.raises(services.NotAPrefix) as refusal:
        change(linxi, keeper, **more)
    assert refusal.value.field == field


def test_a_prefix_belongs_to_one_body_and_kind(linxi: Area, keeper: Staff) -> None:
    other = prefix_in_force(area(COUNTY), "approval_notice", year=2026)
    assert other is not None
    with pytest.raises(services.NotAPrefix, match="是绩溪县“确认通知书”的字头"):
        change(linxi, keeper, new_prefix=other.prefix)
    with pytest.raises(IntegrityError, match="number_prefix_own"), transaction.atomic():
        NumberPrefix.objects.create(area=linxi, kind=KIND, prefix=other.prefix, from_year=2027)


def test_a_prefix_given_up_is_not_taken_again(linxi: Area, keeper: Staff) -> None:
    issue(linxi)
    before = old(linxi)
    change(linxi, keeper, reason="机构改革")
    issue(linxi)
    with pytest.raises(services.NotAPrefix, match="不再重复起用"):
        change(linxi, keeper, new_prefix=before, reason="改回")


def test_loading_again_brings_no_prefix_back(linxi: Area, keeper: Staff) -> None:
    issue(linxi)
    change(linxi, keeper, from_year=2027)
    assert services.load_number_prefixes() == 0


# --- Pages --------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(keeper: Staff) -> Client:
    client = Client()
    client.force_login(keeper, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_list_shows_each_body_once_with_its_last_number_and_next_year(
    linxi: Area, keeper: Staff, desk: Client
) -> None:
    number = issue(linxi).number
    change(linxi, keeper, from_year=2027)
    url = reverse("documents:prefixes")
    first = desk.get(url, {"area": linxi.pk})
    pages = first.context["page"].paginator.page_range
    listed = [row for page in pages for row in desk.get(url, {"area": linxi.pk, "page": page}).context["page"]]
    rows = {row.kind: row for row in listed}
    assert len(rows) == len(listed) == NumberPrefix.objects.filter(area=linxi).count() - 1
    assert number in first.content.decode() and rows[KIND].next_prefix == "临救助受"


def test_an_unreadable_filter_lists_nothing(desk: Client) -> None:
    answer = desk.get(reverse("documents:prefixes"), {"area": "nowhere"})
    assert answer.status_code == 422 and "没有符合条件" in answer.content.decode()


def test_the_page_takes_a_change_and_brings_a_refused_one_back(linxi: Area, desk: Client) -> None:
    issue(linxi)
    url = reverse("documents:change_prefix", args=[NumberPrefix.objects.get(area=linxi, kind=KIND).pk])
    typed = {"new_prefix": "临救助受", "from_year": "2026"}
    refused = desk.post(url, typed)
    assert refused.status_code == 422 and 'value="临救助受"' in refused.content.decode()
    assert refused.context["form"].errors["reason"]
    assert desk.post(url, typed | {"reason": "机构改革"}).status_code == 302
    assert "机构改革" not in desk.get(reverse("documents:prefixes")).content.decode()
    row = prefix_in_force(linxi, KIND, year=2026)
    assert row is not None and row.prefix == "临救助受"


def test_a_prefix_that_papers_bear_stays_its_bodys_and_kinds_for_ever(linxi: Area, keeper: Staff) -> None:
    issue(linxi)
    change(linxi, keeper, new_prefix="甲甲甲", reason="机构改革")
    issue(linxi)
    change(linxi, keeper, new_prefix="乙乙乙", reason="机构改革")
    with pytest.raises(services.NotAPrefix, match="用过的字头") as refusal:
        services.change_number_prefix(
            linxi,
            DocumentKind.SUPPLEMENT_NOTICE,
            new_prefix="甲甲甲",
            from_year=2026,
            reason="机构改革",
            by=keeper,
            on=TODAY,
        )
    assert refusal.value.field == "new_prefix"
    change(linxi, keeper, new_prefix="甲甲甲", reason="改回")
    assert issue(linxi).number == "甲甲甲〔2026〕3号"


def test_a_prefix_that_no_paper_bears_is_free_again(linxi: Area, keeper: Staff) -> None:
    change(linxi, keeper, new_prefix="甲甲甲")
    change(linxi, keeper, new_prefix="乙乙乙")
    row = services.change_number_prefix(
        linxi, DocumentKind.SUPPLEMENT_NOTICE, new_prefix="甲甲甲", from_year=2026, reason="", by=keeper, on=TODAY
    )
    assert row.prefix == "甲甲甲"
