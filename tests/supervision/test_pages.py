"""The archive's pages: ticking, looking at what is about to happen, archiving, reading with a reason, taking back."""

import io

import pytest
import tablib
from django.urls import reverse

from households.models import Household
from organizations.models import AccessRecord, Staff
from organizations.permissions import Role
from supervision.models import Archiving, RetentionPeriod
from tests.supervision.builders import archived_family, silent_family
from tests.support.cases import Desk
from tests.support.crews import HUAYANG, START, Crew
from tests.support.factories import make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(clerk: Staff) -> Desk:
    return Desk(clerk, on=START)


def test_ticked_families_are_shown_before_they_are_archived(desk: Desk, clerk: Staff) -> None:
    family = silent_family(clerk, name="胡德旺")
    page = desk.fetch(reverse("supervision:due")).content.decode()
    assert "胡德旺（1人）" in page and "2021年3月8日" in page
    chosen = reverse("supervision:archive_chosen")
    asked = desk.post(chosen, {"chosen": [family.pk]}).content.decode()
    assert "归档这1户" in asked and not Archiving.objects.exists()
    assert desk.post(chosen, {"chosen": [family.pk], "confirmed": "1"}).status_code == 302
    assert Archiving.objects.get().household == family
    assert "胡德旺（1人）" in desk.fetch(reverse("supervision:archive")).content.decode()


def test_nothing_ticked_or_anothers_family_archives_nothing(desk: Desk, clerk: Staff, neighbour: Staff) -> None:
    theirs = silent_family(neighbour, township=HUAYANG)
    chosen = reverse("supervision:archive_chosen")
    for sent in ({}, {"chosen": [theirs.pk], "confirmed": "1"}, {"chosen": ["x"], "confirmed": "1"}):
        assert desk.post(chosen, sent).status_code == 302
    assert not Archiving.objects.exists()


def test_an_archived_file_opens_for_a_reason_that_is_on_record(desk: Desk, clerk: Staff) -> None:
    family = archived_family(clerk, on=START)
    address = reverse("supervision:archived", args=[family.pk])
    assert "一组12号" not in desk.fetch(address).content.decode()
    for wrong in ({}, {"reason": ""}, {"reason": "好奇"}, {"reason": "其他"}):
        refused = desk.post(address, wrong)
        assert (refused.status_code, "一组12号" in refused.content.decode()) == (422, False)
    assert not AccessRecord.objects.filter(subject_type="household").exists()
    opened = desk.post(address, {"reason": "其他", "note": "核实信访"}).content.decode()
    assert "一组12号" in opened
    assert AccessRecord.objects.get(subject_type="household").reason == "其他：核实信访"


def test_who_stands_in_an_archived_file_is_told_who_used_it_and_elsewhere_it_is_not_found(
    desk: Desk, clerk: Staff, neighbour: Staff
) -> None:
    family = archived_family(clerk, on=START)
    address = reverse("supervision:archived", args=[family.pk])
    where = [family.pk, family.members.get().pk]
    uses = reverse("supervision:uses", args=where)
    assert uses in desk.post(address, {"reason": "其他", "note": "核实信访"}).content.decode()
    page = desk.fetch(uses).content.decode()
    assert "核实信访" in page and address in page
    assert desk.post(reverse("supervision:print_uses", args=where)).status_code == 200
    assert Desk(neighbour, on=START).fetch(uses).status_code == 404


def test_a_family_that_comes_again_is_led_from_the_window_to_the_archive_and_back(desk: Desk, clerk: Staff) -> None:
    family = archived_family(clerk, on=START)
    number = family.members.get().person.id_number.reveal()
    window = desk.post(reverse("one_window:start"), {"q": number}).content.decode()
    back = reverse("supervision:take_back", args=[family.pk])
    assert back in window
    assert desk.post(back, {"reason": "再次申请"}).status_code == 302
    assert Household.objects.get(pk=family.pk).archived_on is None


def test_who_may_not_take_a_family_back_is_told_whom_to_ask(people: Crew, clerk: Staff) -> None:
    family = archived_family(clerk, on=START)
    number = family.members.get().person.id_number.reveal()
    window = Desk(people.assistant, on=START).post(reverse("one_window:start"), {"q": number}).content.decode()
    assert reverse("supervision:take_back", args=[family.pk]) not in window
    assert f"{family.number}，档案已于" in window and "请临溪镇的乡镇经办人或县民政经办从归档库恢复" in window


def test_the_lists_are_exported_without_numbers_and_on_record(desk: Desk, clerk: Staff) -> None:
    families = silent_family(clerk, name="汪长根"), archived_family(clerk, on=START)
    for name, head in (("export_due", "汪长根"), ("export_archive", "胡德旺")):
        answer = desk.post(reverse(f"supervision:{name}"))
        rows = tablib.Dataset().load(io.BytesIO(answer.content), format="xlsx")
        assert rows["户主"] == [head]
    named = AccessRecord.objects.filter(kind="export").order_by("pk").values_list("person_ids", flat=True)
    assert list(named) == [[family.members.get().person_id] for family in families]


def test_an_administrator_changes_a_period_and_a_wrong_one_comes_back_with_its_values(people: Crew) -> None:
    desk = Desk(make_staff(Role.SYSTEM_ADMINISTRATOR, "341824", on=START), on=START)
    period = RetentionPeriod.objects.get(record_kind="unaided_family")
    address = reverse("supervision:change_period", args=[period.pk])
    given = {"active_years": "3", "keep_years": "2", "from_day": START.isoformat(), "source": "绩民〔2026〕21号"}
    refused = desk.post(address, given).content.decode()
    assert "不能短于" in refused and "绩民〔2026〕21号" in refused
    assert desk.post(address, given | {"keep_years": "10"}).status_code == 302
    assert "满3年归档" in desk.fetch(reverse("supervision:periods")).content.decode()
