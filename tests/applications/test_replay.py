"""Replay (复算): a decision's kept facts and parameters reckoned again for their day, and every difference shown."""

import io
from datetime import date
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from applications import services
from applications.queries import assessment_of
from applications.rules.process import CaseState
from eligibility.rules import assessment as engine
from eligibility.rules import compare_results
from eligibility.services import SourceData, approve_change, propose_parameter, replay
from households import services as households
from households.services import IncomeData
from organizations.permissions import Role
from tests.support.cases import Desk
from tests.support.crews import instant
from tests.support.factories import area, make_staff
from tests.support.stories import Story, case_in, new_story

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
S = CaseState


def change_a_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on nobody's property is within the limits."""
    monkeypatch.setattr(engine, "meets_property_test", lambda *args, **kwargs: False)


def supersede_standard(story: Story, value: str, *, from_day: date) -> None:
    """The city's document comes late and holds from a day for which the family was decided."""
    first, second = (make_staff(Role.SYSTEM_ADMINISTRATOR, "341824", on=date(2026, 1, 1)) for _ in range(2))
    change = propose_parameter(
        "dibao_monthly_standard",
        value=value,
        area=area("341824"),
        residence="rural",
        from_day=from_day,
        source=SourceData("宣政秘〔2026〕9号", "2026年度标准"),
        late_reason="市政府文件9月印发，自7月起执行",
        by=first,
        on=story.today,
    )
    approve_change(change, by=second, on=story.today)


def run(*args: str, **options: Any) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("replay", *args, stdout=out, **options)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue()
    return 0, out.getvalue()


def approved() -> Story:
    return case_in(S.APPROVED)


def test_what_the_family_and_the_county_changed_since_is_no_difference_of_the_rules() -> None:
    story = approved()
    wife = story.household.members.get(relation="spouse")
    rows = [IncomeData(member=wife, kind="wage", yearly_amount="60000.00", label="新单位")]
    households.save_incomes(
        story.household, year=story.today.year, rows=rows, by=story.people.officer, at=instant(story.today)
    )
    found = replay(assessment_of(story.case))
    assert found.is_same and not found.deviations


def test_a_changed_rule_is_reported_with_what_it_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    story = approved()
    change_a_rule(monkeypatch)
    found = {row.what: (row.before, row.after) for row in replay(assessment_of(story.case)).deviations}
    assert found["家庭：财产合规"] == ("是", "否")
    assert found["低保：结论"] == ("符合", "不符合")
    assert found["低保：月保障金"][1] == "无" and float(found["低保：月保障金"][0]) > 0


def test_a_parameter_corrected_since_is_shown_apart_from_the_rules() -> None:
    story = approved()
    supersede_standard(story, "1.00", from_day=story.today)
    found = replay(assessment_of(story.case))
    assert not found.deviations and not found.is_same
    assert [(row.what, row.after) for row in found.parameters] == [("低保标准（元/月）", "1.00")]


def test_a_figure_that_is_no_longer_stated_is_named() -> None:
    story = approved()
    assessment = assessment_of(story.case)
    assessment.facts["area"] = "340100101"
    found = replay(assessment)
    assert (found.problem, found.is_same) == ("", False)
    assert "低保标准（元/月）" in {row.what for row in found.parameters}


def test_a_sentence_in_other_words_with_the_same_figures_is_no_difference() -> None:
    result = assessment_of(approved().case).result
    reworded = {**result, "findings": [row | {"text": "换一种说法"} for row in result["findings"]]}
    assert compare_results(result, reworded) == []
    moved = {**result, "findings": [result["findings"][0] | {"threshold": "0.01"}, *result["findings"][1:]]}
    assert [row.after for row in compare_results(result, moved)] == ["0.01"]
    assert compare_results(result, {**result, "findings": result["findings"][1:]})[0].after == "没有这一项比较"


def test_the_command_says_same_and_ends_well() -> None:
    story = approved()
    code, said = run(story.case.number)
    assert code == 0 and f"{story.case.number} " in said and "：一致" in said and "0 件有不同" in said


def test_the_command_lists_differences_and_ends_with_one(monkeypatch: pytest.MonkeyPatch) -> None:
    story = approved()
    change_a_rule(monkeypatch)
    for args in ((story.case.number,), ("--all",)):
        code, said = run(*args)
        assert code == 1 and "家庭：财产合规：是 → 否" in said and "1 件有不同" in said


def test_all_means_all_that_are_decided_since_a_day() -> None:
    story = approved()
    case_in(S.PROPOSED, people=story.people)
    assert "复算 1 件" in run("--all")[1]
    later = story.today.replace(year=story.today.year + 1).isoformat()
    assert "复算 0 件" in run("--all", "--since", later)[1]


@pytest.mark.parametrize("args", [(), ("DB2099-000001",)])
def test_the_command_says_in_one_line_what_it_lacks(args: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match=r"办件编号|没有编号") as refused:
        run(*args)
    assert refused.value.returncode == 2


def test_a_case_without_a_kept_assessment_is_named() -> None:
    story = new_story()
    with pytest.raises(CommandError, match="没有留存的试算"):
        run(story.case.number)
    assert Desk(story.people.officer, on=story.today).get("replay", story.case.pk).status_code == 404


def test_the_page_names_persons_and_shows_what_is_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    story = approved()
    desk = Desk(story.people.officer, on=story.today)
    same = desk.get("replay", story.case.pk).content.decode()
    assert "与当时一致" in same and "每一项结果和每一次比较都与当时相同" in same
    change_a_rule(monkeypatch)
    shown = desk.get("replay", story.case.pk).content.decode()
    assert "有不同" in shown and "家庭：财产合规" in shown and "胡德旺" in shown
    assert "复算" in desk.get("detail", story.case.pk).content.decode()


def test_a_proposal_before_the_decision_can_be_replayed_too() -> None:
    story = case_in(S.CONFIRMING)
    services.send_back(story.case, missing="补查", by=story.people.approver, on=story.today)
    assert run(story.case.number)[0] == 0
