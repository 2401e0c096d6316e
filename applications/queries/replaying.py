"""Which stored assessment a case rests on, for reckoning it again (复算)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from django.db.models import QuerySet

from applications.models import Case, Decision, Proposal
from applications.queries.steps import current_proposal
from applications.rules.matters.base import ANSWERS
from eligibility.models import Assessment
from eligibility.rules import Deviation, compare_results

_ANSWERS = {
    "is_eligible": "结论",
    "persons": "认定人员",
    "valid_months": "有效期（月）",
    "enrolled": "已纳入",
    "result": "复核结果",
    "basis": "纳入方式",
    "category": "类别",
    "monthly_amount": "月保障金",
    "care_monthly_amount": "照料护理",
    "care_level": "自理能力",
    "support_mode": "供养方式",
    "person": "复核对象",
    "phase_out_months": "渐退月数",
    "months_between": "渐退月数范围",
}
_REFERENCE = re.compile(r"\bm\d+\b")


def assessment_of(case: Case) -> Assessment | None:
    """The assessment behind the decision, before one behind the proposal that stands; None where nothing is kept."""
    outcome = _outcome_of(case)
    return outcome.assessment if outcome else None


def _outcome_of(case: Case) -> Decision | Proposal | None:
    decision = Decision.objects.filter(case=case).select_related("assessment").first()
    return decision if decision is not None else current_proposal(case)


def further_deviations(case: Case) -> list[Deviation]:
    """What today's rules find otherwise beside the assessment (另行依据), from what was kept with the outcome."""
    outcome = _outcome_of(case)
    if outcome is None or not outcome.further or case.matter.further is None:
        return []
    kept, assessment = outcome.further, outcome.assessment
    answer = next(key for key in ANSWERS if key in kept)
    fresh = case.matter.further(assessment.result, assessment.facts, kept["beside"])
    answers = [
        Deviation("", f"{case.matter.title}：{_ANSWERS.get(key, key)}", str(value), str(fresh[answer].get(key)))
        for key, value in kept[answer].items()
        if fresh[answer].get(key) != value
    ]
    return answers + compare_results({"findings": kept["findings"]}, {"findings": fresh["findings"]})


def decided_cases(*, since: date | None = None) -> QuerySet[Case]:
    """Decided cases with their assessments, in the order of decision."""
    cases = Case.objects.filter(decision__isnull=False).select_related("decision__assessment")
    if since is not None:
        cases = cases.filter(decided_on__gte=since)
    return cases.order_by("decided_on", "pk")


def named_deviations(rows: Iterable[Deviation], names: Mapping[str, str]) -> list[Deviation]:
    """What came out otherwise, with names in place of member references (m12)."""

    def named(text: str) -> str:
        return _REFERENCE.sub(lambda match: names.get(match[0], match[0]), text)

    return [replace(row, subject=named(row.subject), before=named(row.before), after=named(row.after)) for row in rows]
