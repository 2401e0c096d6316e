"""不予确认: which test failed, by how much, after which clause; what else is open; grounds that staff write."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from applications import services
from applications.models import Decision
from applications.rules.doors import doors_after_refusal
from applications.rules.process import CaseState
from applications.rules.refusal import failed_tests
from benefits.models import Award
from documents.models import DocumentKind
from documents.services import archived_pdf
from tests.documents.reading import text_of
from tests.eligibility.families import SEVERE, assessed, child, family, member, spouse, wage
from tests.support.cases import Desk
from tests.support.stories import Story, case_in, new_story, refusal_to_confirming

CLAUSE = "民发〔2021〕57号第十四条"
LIMIT = "国务院令第649号第九条"


def failed(*members: Any, **keys: Any) -> list[str]:
    facts = family(*members, **keys)
    return failed_tests(assessed(*members, **keys), facts)


# --- The rule: S = 700 yuan a month in the sample parameters -----------------------------------------------------


def test_income_above_the_standard_is_over_by_so_much() -> None:
    # 40,000 a year against 700 × 12 × 3 = 25,200: over by 14,800.
    (sentence,) = failed(member(incomes=wage("40000")), spouse(), child())
    assert "全年可计收入40,000.00元，不低于700.00元×12月×3人＝25,200.00元" in sentence
    assert sentence.endswith(f"，超出14,800.00元（依据：{LIMIT}）。")


def test_income_equal_to_the_standard_is_said_to_be_equal() -> None:
    (sentence,) = failed(member(incomes=wage("25200")), spouse(), child())
    assert sentence.endswith(f"，等于标准，低保须低于标准（依据：{LIMIT}）。")
    assert "超出" not in sentence


@pytest.mark.parametrize(
    ("owned", "sentence"),
    [
        ({"vehicles": 2}, "有机动车2辆，限1辆，超出1辆"),
        ({"houses": 4}, "有房屋4套，限2套，超出2套"),
        ({"businesses": 1}, "有经营实体1个，限0个，超出1个"),
        ({"vehicles": 1, "vehicle_value": "98000.50"}, "超过80,000.00元，超出18,000.50元"),
    ],
)
def test_property_is_over_by_so_much(owned: dict[str, Any], sentence: str) -> None:
    limits = {"max_vehicles": 1, "max_houses": 2, "max_businesses": 0, "max_vehicle_value": "80000.00"}
    (said,) = failed(member(), property=owned, parameters=limits)
    assert sentence in said
    assert CLAUSE in said


def test_a_severely_disabled_member_is_told_why_they_are_not_covered_alone() -> None:
    # Per-capita 40,000 against the 低保边缘 limit of 700 × 1.5 × 12 × 2 = 25,200: over by 14,800.
    sentences = failed(member("a", disability=SEVERE), spouse("b", incomes=wage("40000")))
    assert len(sentences) == 2
    assert sentences[1].startswith("参照单人户：全年可计收入40,000.00元")
    assert "，超出14,800.00元（依据：" in sentences[1]


def test_members_who_could_never_be_covered_alone_are_not_named() -> None:
    (sentence,) = failed(member("a"), spouse("b", incomes=wage("40000")))
    assert "参照单人户" not in sentence


def test_a_family_that_is_covered_alone_has_no_failed_test() -> None:
    members = (member("a", disability=SEVERE), spouse("b", incomes=wage("20000")))
    assert assessed(*members)["dibao"]["basis"] == "single_person"
    assert failed(*members) == []


def test_other_doors_follow_from_the_facts_of_the_assessment() -> None:
    members = (
        member(incomes=wage("30000")),
        spouse(disability=SEVERE),
        child(born="2009-05-05", schooling="senior_high"),
    )
    parameters = {"marginal_multiplier": "1.5"}
    limits = {"max_vehicles": 0}
    refused = assessed(*members, parameters=parameters | limits, property={"vehicles": 1})
    facts = family(*members)
    assert doors_after_refusal(refused, facts, refused="dibao") == [
        "残疾：重度残疾人护理补贴（乡镇残联窗口）",
        "遭遇突发困难的，临时救助（乡镇社会救助窗口）",
    ]
    members = (member(incomes=wage("30000")), spouse(), child(born="2009-05-05", schooling="senior_high"))
    marginal = assessed(*members, parameters=parameters)
    assert doors_after_refusal(marginal, family(*members), refused="dibao") == [
        "最低生活保障边缘家庭认定（乡镇社会救助窗口）",
        "教育：普通高中免学杂费、国家助学金（转办县教体局）",
        "遭遇突发困难的，临时救助（乡镇社会救助窗口）",
    ]


def test_an_old_person_is_sent_to_the_tekun_door() -> None:
    alone = (member(born="1950-01-01", supporters=[]),)
    doors = doors_after_refusal(assessed(*alone), family(*alone), refused="dibao")
    assert doors[0] == "特困人员救助供养（乡镇社会救助窗口）"
    unknown = (member(born="1950-01-01"),)
    doors = doors_after_refusal(assessed(*unknown), family(*unknown), refused="dibao")
    assert doors[0] == "特困人员救助供养（须先查明法定义务人）"


# --- The decision ------------------------------------------------------------------------------------------------


def before_refusal(**options: Any) -> Story:
    story = new_story(**options)
    story.sign_papers().submit().accept().later().start().ask_check().later(2).answer_check().visit().later()
    return story


def against_the_suggestion() -> Story:
    """A family that the assessment finds eligible, and the township does not: a hidden van."""
    story = before_refusal()
    data = services.ProposalData(
        is_eligible=False, opinion="隐瞒营运货车，拟不予确认。", difference_reason="核对发现未申报的营运货车"
    )
    story.draft(data).sign()
    refusal_to_confirming(story)
    return story.later()


def notice_of(story: Story) -> str:
    link = story.case.documents.select_related("document").get(document__kind=DocumentKind.REFUSAL_NOTICE)
    return text_of(archived_pdf(link.document))


@pytest.mark.usefixtures("county")
class TestDecision:
    def test_failed_tests_are_reason_enough(self) -> None:
        story = case_in(CaseState.REFUSED)
        decision = Decision.objects.get(case=story.case)
        first, *_, last = decision.reasons.splitlines()
        assert "超出62,820.00元" in first
        assert last == "月人均收入高于标准。"
        assert (decision.facts_found, decision.clause) == ("", "")
        assert not Award.objects.exists()

    def test_nothing_written_is_needed_where_a_test_failed(self) -> None:
        story = before_refusal(yearly_wage="90000.00").draft().sign()
        refusal_to_confirming(story)
        services.refuse(story.case, opinion="不予确认", by=story.people.approver, on=story.later().today)
        assert "超出62,820.00元" in Decision.objects.get(case=story.case).reasons

    @pytest.mark.parametrize(
        ("written", "field"),
        [
            ({}, "facts_found"),
            ({"reasons": "隐瞒财产"}, "facts_found"),
            ({"facts_found": "名下有营运货车一辆", "clause": CLAUSE}, "reasons"),
            ({"facts_found": "名下有营运货车一辆", "reasons": "隐瞒财产"}, "clause"),
            ({"facts_found": "　", "reasons": "隐瞒财产", "clause": CLAUSE}, "facts_found"),
        ],
    )
    def test_without_a_failed_test_facts_reason_and_clause_are_written(
        self, written: dict[str, str], field: str
    ) -> None:
        story = against_the_suggestion()
        with pytest.raises(services.NotNow, match="试算没有未通过的条件") as refused:
            services.refuse(story.case, opinion="", by=story.people.approver, on=story.today, **written)
        assert refused.value.field == field
        assert story.refresh().state == CaseState.CONFIRMING
        assert not Decision.objects.filter(case=story.case).exists()

    def test_the_notice_states_the_facts_the_reason_and_the_clause_that_were_written(self) -> None:
        story = against_the_suggestion()
        services.refuse(
            story.case,
            opinion="",
            facts_found="信息核对查明户主名下有营运货车一辆，购置价96,000.00元，未申报。",
            reasons="隐瞒财产，不符合财产状况规定。",
            clause=f"{CLAUSE}。",
            by=story.people.approver,
            on=story.today,
        )
        text = notice_of(story)
        assert "一、查明的事实和计算" in text
        assert "营运货车一辆，购置价96,000.00元，未申报。" in text
        assert "隐瞒财产，不符合财产状况规定。" in text
        assert f"依据：{CLAUSE}。" in text
        form = story.case.documents.select_related("document").get(document__kind=DocumentKind.APPROVAL_FORM)
        filed = text_of(archived_pdf(form.document))
        page = Desk(story.people.approver, on=story.today).get("detail", story.case.pk).content.decode()
        for words in (
            "营运货车一辆，购置价96,000.00元，未申报。",
            "隐瞒财产，不符合财产状况规定。",
            f"依据：{CLAUSE}。",
        ):
            assert words in filed and words in page, words

    def test_facts_without_a_clause_are_forbidden_by_the_database(self) -> None:
        story = case_in(CaseState.REFUSED)
        decision = Decision.objects.get(case=story.case)
        decision.pk, decision.case_id = None, case_in_again(story)
        decision.facts_found = "名下有货车"
        with pytest.raises(IntegrityError, match="decision_own_grounds_whole"), transaction.atomic():
            decision.save(force_insert=True)

    def test_the_page_asks_for_grounds_only_where_no_test_failed(self) -> None:
        story = against_the_suggestion()
        approver = Desk(story.people.approver, on=story.today)
        assert "试算没有未通过的条件" in approver.open_act(story, "refuse").content.decode()
        refused = approver.act(story, "refuse", reasons="隐瞒财产")
        assert refused.status_code == 422
        assert set(refused.context["form"].errors) == {"facts_found", "clause"}
        assert "隐瞒财产" in refused.content.decode()


def case_in_again(story: Story) -> int:
    """Another case, so that only the grounds stand against the row."""
    return new_story(people=story.people, on=story.today).case.pk
