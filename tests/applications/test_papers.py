"""Papers filled from intakes and cases: what people entered is what is printed."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage

from applications import papers
from applications.models import Decision, HomeVisit
from applications.rules.process import CaseState
from documents.models import Document, DocumentKind
from documents.services import archived_pdf, preview_pdf
from households import services as households
from tests.documents.reading import text_of
from tests.support.stories import Story, case_in, new_story

pytestmark = pytest.mark.usefixtures("county")


@pytest.fixture(autouse=True)
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(default_storage, "location", str(tmp_path))
    return tmp_path


def document(story: Story, kind: DocumentKind) -> Document:
    return Document.objects.get(kind=kind, pk__in=story.case.documents.values("document"))


def test_application_form_prints_the_family_as_it_was_entered() -> None:
    story = new_story()
    form = papers.application_form(story.intake, on=story.today)
    assert form.matters == ("最低生活保障",)
    assert (form.township, form.village, form.address) == ("临溪镇", "临溪村", "一组12号")
    assert [(row.name, row.relation, row.sex) for row in form.persons] == [
        ("胡德旺", "户主", "男"),
        ("汪秋菊", "配偶", "女"),
        ("胡小雨", "子女", "女"),
    ]
    assert form.persons[0].disability == "肢体二级"
    assert form.persons[1].monthly_income == Decimal("500.00")
    assert len(form.applicant.id_number) == 18
    assert [(row.name, row.kind, row.yearly_amount) for row in form.incomes] == [
        ("汪秋菊", "工资性收入", Decimal("6000.00"))
    ]
    assert form.property.financial_assets == Decimal("12000.00")
    assert form.phone == "13905632207"
    assert form.agent is None
    assert form.account is None


def test_every_adult_signs_the_authorization_and_a_guardian_for_the_child() -> None:
    story = new_story()
    letter = papers.authorization_letter(story.intake, on=story.today)
    assert [(row.name, row.by_guardian) for row in letter.signers] == [
        ("胡德旺", False),
        ("汪秋菊", False),
        ("胡小雨", True),
    ]
    assert letter.body == "绩溪县临溪镇人民政府"
    assert {"银行存款", "不动产登记", "证券"} <= set(letter.sources)


def test_guardian_signs_until_the_eighteenth_birthday() -> None:
    story = new_story()
    assert papers.authorization_letter(story.intake, on=date(2028, 4, 1)).signers[2].by_guardian
    assert not papers.authorization_letter(story.intake, on=date(2028, 4, 2)).signers[2].by_guardian


@pytest.mark.parametrize("kind", ["application_form", "authorization_letter", "commitment_letter"])
def test_papers_for_signature_print(kind: str) -> None:
    story = new_story()
    text = text_of(papers.paper_for_signature(kind, story.intake, on=story.today))
    assert "胡德旺" in text
    assert story.intake.number in text


@pytest.mark.parametrize("kind", ["agent_letter", "relative_record"])
def test_paper_without_an_occasion_is_refused_with_the_reason(kind: str) -> None:
    story = new_story()
    with pytest.raises(papers.PaperNotNeeded, match="不需要"):
        papers.paper_for_signature(kind, story.intake, on=story.today)


def test_agent_letter_names_the_agent() -> None:
    story = new_story()
    story.intake.agent = households.set_agent(
        story.household,
        name="周文彬",
        relation="邻居",
        phone="13905630000",
        by=story.people.officer,
        on=story.today,
    )
    letter = papers.agent_letter(story.intake, on=story.today)
    assert (letter.agent.name, letter.agent.phone, letter.applicant) == ("周文彬", "13905630000", "胡德旺")


def test_near_relatives_are_printed_on_their_record() -> None:
    story = new_story()
    story.intake.relatives.create(
        member=story.intake.applicant,
        relative_name="胡德财",
        relative_unit="临溪村委会",
        relative_position="委员",
        relation="sibling",
        registered_by=story.people.officer,
        registered_on=story.today,
    )
    record = papers.relative_record(story.intake, on=story.today)
    found = [(row.member, row.relation, row.relative_name) for row in record.relatives]
    assert found == [("胡德旺", "兄弟姐妹", "胡德财")]
    assert "胡德财" in text_of(preview_pdf(record.kind, record))


def test_queries_of_a_form_do_not_grow_with_the_family(django_assert_max_num_queries: Any) -> None:
    story = new_story()
    for name in ("胡小一", "胡小二", "胡小三", "胡小四", "胡小五", "胡小六"):
        households.add_member(
            story.household,
            data=households.MemberData(
                name=name,
                relation="child",
                sex="male",
                birth_date=date(2020, 1, 1),
                id_number="",
                missing_id_reason="newborn",
            ),
            by=story.people.officer,
            on=story.today,
            at=story.household.registered_at,
        )
    intake = type(story.intake).objects.select_related("household", "applicant__person", "area__parent").get()
    with django_assert_max_num_queries(16):
        assert len(papers.application_form(intake, on=story.today).persons) == 9


def test_acceptance_notice_is_issued_with_the_dates_of_the_case() -> None:
    story = case_in(CaseState.ACCEPTED)
    text = text_of(archived_pdf(document(story, DocumentKind.ACCEPTANCE_NOTICE)))
    due = story.case.due_on
    assert due is not None
    assert f"承诺办结日期为{due.year}年{due.month}月{due.day}日" in text
    assert "由绩溪县民政局作出审核确认决定" in text
    assert story.case.number in text


def test_supplement_notice_lists_everything_once() -> None:
    story = case_in(CaseState.SUPPLEMENTING)
    text = text_of(archived_pdf(document(story, DocumentKind.SUPPLEMENT_NOTICE)))
    assert "1．残疾证复印件；" in text
    assert "2．收入证明（汪秋菊近12个月）。" in text
    assert document(story, DocumentKind.SUPPLEMENT_NOTICE).number.startswith("绩临救补〔2026〕")


def test_visit_form_is_blank_before_the_visit_and_filled_after() -> None:
    story = case_in(CaseState.PROPOSED)
    blank = papers.visit_form(story.case)
    assert blank.visit is None
    assert "□一致" in text_of(preview_pdf(blank.kind, blank))
    filled = papers.visit_form(story.case, HomeVisit.objects.get(case=story.case))
    assert filled.visit is not None
    assert filled.visit.visitors == ("程晓燕", "汪志强")
    assert filled.visit.photos == 1
    assert "拄拐" in text_of(preview_pdf(filled.kind, filled))


def test_a_recorded_visit_leaves_a_numbered_archived_form_that_reprints_the_same() -> None:
    story = case_in(CaseState.PROPOSED)
    visit = HomeVisit.objects.get(case=story.case)
    form = document(story, DocumentKind.VISIT_FORM)
    assert visit.document == form
    assert form.number == "绩临救查〔2026〕1号"
    first = archived_pdf(form)
    text = text_of(first)
    assert form.number in text and form.check_code in text
    assert "拄拐" in text and "程晓燕、汪志强" in text
    default_storage.delete(str(form.pdf.name))
    assert archived_pdf(form) == first


def test_a_visit_of_the_county_is_the_countys_paper() -> None:
    story = case_in(CaseState.CONFIRMING).later().county_visit()
    numbers = story.case.documents.filter(document__kind="visit_form").values_list("document__number", flat=True)
    assert sorted(numbers) == ["绩临救查〔2026〕1号", "绩民救查〔2026〕1号"]


def test_publicity_sheet_says_only_what_the_village_may_read() -> None:
    story = case_in(CaseState.PUBLICISED)
    text = text_of(archived_pdf(document(story, DocumentKind.PUBLICITY_SHEET)))
    proposal = story.case.proposals.get()
    assert f"1胡德旺3{proposal.monthly_amount:,.2f}" in text
    assert "监督电话：0563-8160000" in text
    for word in ("A类", "B类", "C类", "残疾", "病", "身份证", "341899", "账号", "汪秋菊", "胡小雨"):
        assert word not in text


def test_approval_prints_form_and_notice_with_the_decided_amount() -> None:
    story = case_in(CaseState.APPROVED)
    decision = Decision.objects.get(case=story.case)
    amount = f"{decision.monthly_amount:,.2f}元"
    form = text_of(archived_pdf(document(story, DocumentKind.APPROVAL_FORM)))
    notice = text_of(archived_pdf(document(story, DocumentKind.APPROVAL_NOTICE)))
    for text in (form, notice):
        assert amount in text
        assert "胡小雨" in text
    assert "程晓燕" in form
    assert "章建国" in form
    assert "方文娟" in form
    assert "无异议" in form
    assert "未发现不一致" in form
    assert "成员“m" not in form
    assert document(story, DocumentKind.APPROVAL_NOTICE).number.startswith("绩民救确〔2026〕")
    assert "向绩溪县人民政府申请行政复议" in notice


def test_decision_of_a_delegated_township_is_its_own_paper() -> None:
    story = case_in(CaseState.APPROVED, delegated=True)
    notice = document(story, DocumentKind.APPROVAL_NOTICE)
    assert notice.number.startswith("绩临救确〔2026〕")
    text = text_of(archived_pdf(notice))
    assert "绩溪县临溪镇人民政府" in text
    assert "绩溪县民政局" not in text


def test_refusal_states_the_sum_the_failed_test_and_the_remedies() -> None:
    story = case_in(CaseState.REFUSED)
    text = text_of(archived_pdf(document(story, DocumentKind.REFUSAL_NOTICE)))
    assert "可计收入90,000.00元" in text
    assert "人均月收入2,500.00元" in text
    assert "民发〔2021〕57号" in text or "国务院令第649号第九条" in text
    # 90,000 yuan a year against 755 × 12 × 3 = 27,180: over by 62,820.
    assert text.count("超出62,820.00元") == 1
    assert text.count("临时救助（乡镇社会救助窗口）") == 1
    assert "月人均收入高于标准。" in text
    assert "60日内" in text
    assert "成员“m" not in text


def test_announcement_says_name_number_and_amount() -> None:
    story = case_in(CaseState.APPROVED)
    decision = Decision.objects.select_related("case__applicant__person", "case__area", "assessment").get(
        case=story.case
    )
    sheet = papers.announcement_sheet([decision], place="村务公开栏")
    (row,) = sheet.rows
    assert (row.name, row.person_count) == ("胡德旺", 3)
    assert row.monthly_amount == Decision.objects.get(case=story.case).monthly_amount
    assert sheet.first_month == date(story.today.year, story.today.month + 1, 1)
