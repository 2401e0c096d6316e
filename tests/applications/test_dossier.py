"""一户一档: the dossier names and holds everything on record of a case, also what has no paper of its own."""

import io
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from pypdf import PdfReader

from applications import papers, services
from applications.models import Objection
from applications.models.investigation import Participant
from applications.rules.process import CaseState
from tests.support.stories import Story, case_in, new_story
from verification import services as verification

pytestmark = pytest.mark.usefixtures("county")


@pytest.fixture(autouse=True)
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(default_storage, "location", str(tmp_path))
    return tmp_path


class Dossier:
    """A dossier as it reads: titles in order, the index, and the page on which each part begins."""

    def __init__(self, story: Story) -> None:
        self.reader = PdfReader(io.BytesIO(papers.dossier(story.refresh())))
        self.pages = ["".join(page.extract_text().split()) for page in self.reader.pages]
        outline = self.reader.outline
        self.begins = {str(item.title): self.reader.get_destination_page_number(item) for item in outline}  # type: ignore[arg-type,union-attr]
        self.titles = list(self.begins)
        self.index = "".join(self.pages[1 : min(self.begins.values())])

    def part(self, title: str) -> str:
        """What a part says."""
        later = [page for page in self.begins.values() if page > self.begins[title]]
        return "".join(self.pages[self.begins[title] : min(later, default=len(self.pages))])


def disputed() -> Story:
    """A check that differs and is answered, an objection heard and appraised, a complaint, a late step explained."""
    story = new_story().sign_papers().submit().accept().later().start().ask_check().later(2)
    finding = {
        "member": story.household.members.get(relation="spouse"),
        "source": "bank",
        "declared": Decimal("2000.00"),
        "found": Decimal("12500.00"),
        "description": "存款余额",
        "agrees": False,
        "handling": "按查得数录入",
    }
    verification.answer_means_check(
        story.check, result="alert", findings=[finding], by=story.people.operator, on=story.today
    )
    officer = story.people.officer
    services.tell_family(story.case, statement="是女儿的压岁钱", by=officer, on=story.today)
    story.visit().later().draft().sign().later().publicise().photograph().later().object()
    services.receive_complaint(story.case, received_on=story.today, content="名下有车", by=officer, on=story.today)
    services.call_appraisal(story.case, reason="儿子收入有争议", by=officer, on=story.today)
    services.record_appraisal(
        story.case,
        held_on=story.today,
        place="村委会会议室",
        host="胡书记",
        dispute="儿子收入",
        participants=[Participant(name, "representative") for name in ("胡德财", "程桂英", "汪三")],
        votes_for=2,
        votes_against=1,
        by=officer,
        on=story.today,
    )
    objection = Objection.objects.get(publicity__case=story.case)
    services.resolve_objection(objection, resolution="儿子已分户，查无此收入", by=officer, on=story.today)
    services.extend_deadline(
        story.case, cause="objection", reason="公示有异议", by=story.people.approver, on=story.today
    )
    return story


def test_every_part_is_named_in_the_index_with_the_page_on_which_it_begins() -> None:
    dossier = Dossier(case_in(CaseState.APPROVED))
    assert dossier.titles == [
        "申请表（签字）",
        "核查授权书（签字）",
        "承诺书（告知承诺书）（签字）",
        "最低生活保障受理通知书",
        "信息核对提请和结果",
        "最低生活保障入户调查表",
        "入户照片",
        "初审意见",
        "试算依据（审核确认所依据）",
        "最低生活保障公示",
        "公示照片",
        "最低生活保障审核确认表",
        "最低生活保障确认通知书",
        "办理经过",
    ]
    for number, title in enumerate(dossier.titles, start=1):
        _, found, after = dossier.index.partition(f"{number}{title}")
        assert found, title
        rest = after.partition(f"{number + 1}{dossier.titles[number]}")[0] if number < len(dossier.titles) else after
        # The row ends with the number of pages and the first page, as the outline has it.
        assert f"{dossier.begins[title] + 1}" in rest
    for title in ("信息核对提请和结果", "初审意见", "办理经过"):
        assert title in dossier.pages[dossier.begins[title]]


def test_the_assessment_behind_the_decision_is_there_with_sums_and_clauses() -> None:
    part = Dossier(case_in(CaseState.APPROVED)).part("试算依据（审核确认所依据）")
    # 6,000 yuan a year against 755 × 12 × 3 = 27,180.
    assert "全年可计收入6,000.00元，低于755.00元×12月×3人＝27,180.00元" in part
    assert "国务院令第649号第九条" in part
    assert "成员“m" not in part


def test_check_appraisal_objection_complaint_and_extension_are_there_with_their_answers() -> None:
    dossier = Dossier(disputed())
    check = dossier.part("信息核对提请和结果")
    for words in ("周敏", "银行存款", "2,000.00", "12,500.00", "不一致", "按查得数录入", "是女儿的压岁钱"):
        assert words in check, words
    title = next(title for title in dossier.titles if title.endswith("民主评议记录表"))
    appraisal = dossier.part(title)
    for words in ("绩临救评〔2026〕1号", "胡书记", "程桂英村（居）民代表", "赞成2票反对1票弃权0人", "■情况属实"):
        assert words in appraisal, words
    objection = dossier.part("公示异议及处理")
    assert "他家儿子在外地打工有收入。" in objection and "儿子已分户，查无此收入" in objection
    assert "名下有车" in dossier.part("投诉举报登记")
    assert "公示有异议" in dossier.part("延长时限和超期原因")


def test_a_return_and_late_steps_are_there_with_their_reasons() -> None:
    story = case_in(CaseState.RETURNED).later(20)
    services.resume(story.case, by=story.people.officer, on=story.today, late_reason="等待饭店出具证明")
    services.record_recheck(story.case, found="饭店证明月工资500元", by=story.people.officer, on=story.today)
    dossier = Dossier(story)
    returned = dossier.part("退回补查情况")
    assert "请补查妻子的务工收入。" in returned and "饭店证明月工资500元" in returned
    assert "等待饭店出具证明" in dossier.part("延长时限和超期原因")


def test_deliveries_are_there() -> None:
    story = case_in(CaseState.ACCEPTED)
    notice = story.case.documents.get(document__kind="acceptance_notice").document
    services.deliver(
        story.case,
        notice,
        delivered_on=story.today,
        way="direct",
        received_by="胡德旺",
        note="",
        by=story.people.officer,
        on=story.today,
    )
    part = Dossier(story).part("文书送达记录")
    assert notice.number in part and "直接送达" in part and "胡德旺" in part


@pytest.mark.parametrize(
    ("state", "titles", "why"),
    [
        (CaseState.WITHDRAWN, ["撤回申请登记", "撤回申请（签字）"], "已找到工作"),
        (CaseState.TERMINATED, ["终止办理登记"], "两次上门均拒绝调查"),
    ],
)
def test_an_end_without_a_decision_is_there_with_its_reason(state: CaseState, titles: list[str], why: str) -> None:
    dossier = Dossier(case_in(state))
    assert [title for title in dossier.titles if title.startswith(("撤回", "终止"))] == titles
    assert why in dossier.part(titles[0])


def test_a_refusal_proposed_is_there_with_what_the_family_was_told_and_answered() -> None:
    story = case_in(CaseState.PROPOSED, yearly_wage="90000.00")
    services.tell_not_eligible(story.case, by=story.people.officer, on=story.today)
    services.contest(story.case, evidence="提供停工证明", by=story.people.officer, on=story.today)
    part = Dossier(story).part("初审意见")
    assert "拟不予确认：" in part and "告知拟不予确认" in part and "提供停工证明" in part
