"""What leaves as Excel: masked, harmless when opened, in full only with a reason, a watermark and a record."""

import io
import re
import unicodedata
from typing import Any

import pytest
from django.urls import reverse

from foundation.spreadsheets import PlainResource, plain_cell, workbook
from households.models import Household
from households.resources import HouseholdResource
from organizations.models import AccessRecord, ReadingPurpose, Staff
from organizations.permissions import ROLE_PERMISSIONS, Permission, Role
from organizations.services import Reason, export_in_full
from organizations.services.exports import NotExportable
from tests.households.builders import data, head, register
from tests.households.web import as_staff
from tests.support.factories import AT, ON, make_id_number, make_staff

pytestmark = pytest.mark.django_db
FULL = {"export-reason": "报送上级或其他部门"}


def sheet(content: bytes) -> Any:
    import openpyxl

    return openpyxl.load_workbook(io.BytesIO(content)).active


def sheet_of(content: bytes) -> list[tuple[Any, ...]]:
    return list(sheet(content).iter_rows(values_only=True))


def full(**filters: str) -> dict[str, str]:
    return FULL | filters


@pytest.mark.parametrize(
    "text",
    [*"=1+1 +SUM(A1) -2+3 @SUM(A1) ＝1+1 ＋1 －cmd ＠x".split(), "\t=1", "\r=1", "\n=1", "  =1", "\u3000=1", "\x01=1"],
)
def test_a_cell_that_a_spreadsheet_would_run_is_text_in_the_file(clerk: Staff, text: str) -> None:
    register(clerk, head=data("胡德旺"), address=text)
    content = workbook(HouseholdResource(), Household.objects.all()).content
    written = sheet(content)
    assert "f" not in {cell.data_type for row in written.iter_rows() for cell in row}
    assert str(written.cell(2, 7).value).startswith("'")


@pytest.mark.parametrize("value", ["-120.50", "+3", "12000", "胡德旺", "2026-11-23", "H101000001", 5, None])
def test_figures_and_words_stay_as_they_are(value: Any) -> None:
    assert plain_cell(value) == value


def test_the_daily_export_masks_also_for_whoever_may_export_in_full(
    officer: Staff, family: Household, number: str
) -> None:
    answer = as_staff(officer).post(reverse("households:export"), {})
    text = str(sheet_of(answer.content))
    assert f"{number[:4]}****{number[-4:]}" in text
    assert number not in text and "13905632207" not in text
    record = AccessRecord.objects.get(kind="export")
    assert (record.row_count, record.person_ids) == (1, [head(family).person_id])


def test_a_full_export_asks_for_the_reason_first(officer: Staff, family: Household, number: str) -> None:
    browser, address = as_staff(officer), reverse("households:full_export")
    asked = browser.post(address, {"q": "胡德旺"})
    assert asked.status_code == 200 and "家庭名单1户" in asked.content.decode()
    for refused in ({"export-reason": ""}, {"export-reason": "好奇"}, {"export-reason": "其他", "export-note": " "}):
        page = browser.post(address, refused)
        assert page.status_code == 422 and number not in page.content.decode()
    assert not AccessRecord.objects.exists()


def test_a_full_export_is_headed_by_who_and_when_and_is_on_record(
    officer: Staff, family: Household, number: str
) -> None:
    register(make_staff(Role.TOWNSHIP_OFFICER, "341824100"), code="341824100001", head=data("唐玉兰"))
    answer = as_staff(officer).post(
        reverse("households:full_export"), {"q": "胡德旺", "export-reason": "其他", "export-note": "县财政局核对账户"}
    )
    rows = sheet_of(answer.content)
    assert answer["Cache-Control"] == "private, no-store"
    assert rows[0][1:6] == (
        f"导出人：方明（{officer.staff_number}）",
        "岗位：绩溪县・县民政经办",
        "时间：2026-11-23 09:00:00",
        "原因：其他：县财政局核对账户",
        "行数：1",
    )
    assert rows[2][4] == number and rows[2][7] == "13905632207" and len(rows) == 3
    record = AccessRecord.objects.get(kind="full_export")
    assert (record.staff, record.at, record.purpose, record.row_count) == (officer, AT, "其他", 1)
    assert record.person_ids == [head(family).person_id]
    assert record.reason == "其他：县财政局核对账户（家庭名单1户）"
    assert record.filters == "查找：胡德旺"


def test_a_number_that_cut_the_list_is_masked_on_record(officer: Staff, family: Household, number: str) -> None:
    as_staff(officer).post(reverse("households:full_export"), full(q=number))
    record = AccessRecord.objects.get(kind="full_export")
    assert record.row_count == 1 and number not in record.query and "****" in record.query


@pytest.mark.parametrize(
    "typed",
    [
        "张13905632207",
        "139 0563 2207",
        "139-0563-2207。",
        "胡341824196803120012",
        "1 13905632207",
        "１３９０５６３２２０７",
        "\u202a139\u200b05632207",
        "6217 0012 3456 7890 123",
    ],
)
def test_however_a_number_was_typed_it_is_masked_on_record(officer: Staff, family: Household, typed: str) -> None:
    browser = as_staff(officer)
    browser.post(reverse("households:full_export"), full(q=typed))
    browser.post(reverse("households:export"), {"q": typed})
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", typed))
    kept = [record.filters for record in AccessRecord.objects.all()]
    assert len(kept) == 2 and all("查找：" in said and f"****{digits[-4:]}" in said for said in kept)
    assert all(digits[3:-4] not in re.sub(r"\D", "", unicodedata.normalize("NFKC", said)) for said in kept)


def test_only_the_county_officer_exports_in_full(clerk: Staff, supervisor: Staff, family: Household) -> None:
    """Finance writes the bank's file, the only one with whole accounts, and no list of families or cases."""
    assert {role for role in Role if Permission.FULL_EXPORT in ROLE_PERMISSIONS[role]} == {Role.COUNTY_OFFICER}
    assert {role for role in Role if Permission.WRITE_BANK_FILE in ROLE_PERMISSIONS[role]} == {Role.FINANCE_OFFICER}
    finance = make_staff(Role.FINANCE_OFFICER, "341824", name="石庆丰")
    for staff in (clerk, supervisor, finance):
        for room in ("households", "applications"):
            assert as_staff(staff).post(reverse(f"{room}:full_export"), FULL).status_code == 403
    with pytest.raises(Exception, match="完整导出"):
        _export(clerk)


def test_too_many_full_exports_in_an_hour_are_refused(officer: Staff, family: Household, settings: Any) -> None:
    settings.FULL_EXPORTS_PER_HOUR = 2
    _export(officer)
    _export(officer)
    with pytest.raises(NotExportable, match="一小时内最多完整导出2次"):
        _export(officer)


def _export(by: Staff) -> bytes:
    reason = Reason(purpose="配合核查", words="配合核查")
    resource, rows = HouseholdResource(in_full=True), Household.objects.order_by("pk")
    return export_in_full(resource, rows, words="家庭{}户", query="", reason=reason, by=by, at=AT)


def test_a_purpose_that_the_county_has_ended_is_no_reason(officer: Staff, family: Household) -> None:
    ReadingPurpose.objects.filter(name=FULL["export-reason"]).update(ends_on=ON.replace(day=22))
    assert as_staff(officer).post(reverse("households:full_export"), FULL).status_code == 422


def test_a_long_list_is_read_in_pieces(
    clerk: Staff, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("foundation.spreadsheets._ROWS_AT_ONCE", 2)
    for _ in range(5):
        register(clerk, head=data(id_number=make_id_number()))
    pieces: list[int] = []
    export_field = PlainResource.export_field
    monkeypatch.setattr(PlainResource, "export_field", lambda *args: pieces.append(args[2].pk) or export_field(*args))
    with django_assert_max_num_queries(7):  # the rows in one cursor, their heads two families at a time
        book = workbook(HouseholdResource(), Household.objects.select_related("area__parent").order_by("pk"))
    assert book.row_count == 5 and len(set(pieces)) == 5


def test_supervisors_see_who_exported_what(officer: Staff, supervisor: Staff, family: Household, number: str) -> None:
    as_staff(officer).post(reverse("households:full_export"), full(q="胡德旺"))
    browser = as_staff(supervisor)
    page = browser.get(reverse("organizations:readings"), {"kind": "full_export"}).content.decode()
    assert "方明" in page and "家庭名单1户" in page and "查找：胡德旺" in page
    exported = browser.post(reverse("organizations:export_readings") + "?kind=full_export")
    assert "报送上级或其他部门" in str(sheet_of(exported.content))
    assert browser.get(reverse("organizations:readings"), {"kind": "x"}).status_code == 422
    assert as_staff(officer).get(reverse("organizations:readings")).status_code == 403
