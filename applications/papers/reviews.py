"""Papers of 复核: the form of the file, and for each result the notice that says sum, clause and remedies."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from applications.models import Case, Decision
from applications.papers.bodies import (
    confirming_body,
    confirming_contact,
    county_government,
    matter_of,
    township_body,
)
from applications.papers.forms import means_check_line, visit_lines
from applications.papers.outcome import covered_rows, decision_part, finding_rows, proposal_part, sum_part
from applications.queries import grounds_of
from applications.queries.naming import named_differences
from applications.queries.reviewing import Changed, laid_by, next_review_on, version_numbered, what_changed
from applications.queries.telling import result_words
from applications.rules.doors import doors_after_refusal
from applications.rules.process import EventKind
from applications.rules.reviews import CLAUSE_OF_TEKUN, CLAUSES, ReviewResult
from benefits.models import Award, CareLevel, PhaseOut
from benefits.queries import phase_out_sums
from benefits.rules.months import months_after
from benefits.services import first_month
from documents import records
from documents.models import DocumentKind
from documents.records import Record
from eligibility.queries import findings_for_display
from foundation.dates import chinese_date, chinese_month
from organizations.queries import township_of

_R = ReviewResult
_WORKING = ("amount.difference", "amount.topup", "amount.total", "amount.single", "tekun.amount")
_JUDGING = ("property.", "dibao.", "review.", "single_person.")


def review_papers(case: Case, *, decision: Decision) -> tuple[tuple[DocumentKind, Record], ...]:
    """What is issued when a review is decided, in the order issued."""
    form = (DocumentKind.REVIEW_FORM, review_form(case, decision=decision))
    match decision.result:
        case _R.RAISE | _R.CUT:
            return form, (DocumentKind.ADJUSTMENT_NOTICE, adjustment_notice(case, decision=decision))
        case _R.PHASE_OUT:
            return form, (DocumentKind.PHASEOUT_NOTICE, phaseout_notice(case, decision=decision))
        case _R.STOP if not case.matter.person:
            return form, (DocumentKind.STOP_NOTICE, stop_notice(case, decision=decision))
        case _:
            return form, (DocumentKind.REVIEW_NOTICE, review_notice(case, decision=decision))


def review_form(case: Case, *, decision: Decision) -> records.ReviewForm:
    """动态核查表 of a decided review."""
    award, standing = _award(case), _standing(decision)
    changed = _changed(case, decision)
    goes_on = decision.monthly_amount is not None and decision.result != _R.PHASE_OUT
    return records.ReviewForm(
        matter=matter_of(case),
        case_number=case.number,
        opened_on=case.intake.opened_on,
        township=township_of(case.area).name,
        village=case.area.short_name,
        address=case.household.address,
        person=case.applicant.person.name,
        award_number=award.number,
        first_month=award.starts_month,
        person_count=len(standing["persons"]),
        category=_level_or_category(standing),
        monthly_amount=Decimal(standing["monthly_amount"]),
        cause=case.review.get_cause_display(),
        cause_text=case.review.cause_text,
        noted=tuple(case.review.changed),
        last_on=changed.rested_on,
        reviewed_on=decision.decided_on,
        changed=_changed_rows(case, changed),
        means_check=means_check_line(case),
        visits=visit_lines(case),
        sum=_sum(case, decision),
        findings=finding_rows(case, grounds_of(decision), subject=case.matter.person),
        result=_result(case, decision),
        effect=effect_in_words(case, decision),
        township_body=township_body(case.area),
        confirming_body=confirming_body(case),
        proposal=proposal_part(decision.proposal),
        told=_told(case, decision),
        decision=decision_part(decision),
        next_on=next_review_on(case, category=decision.category, decided_on=decision.decided_on) if goes_on else None,
    )


def adjustment_notice(case: Case, *, decision: Decision) -> records.AdjustmentNotice:
    """调整通知书 (增发、减发)."""
    assert decision.monthly_amount is not None  # noqa: S101 -- held by decision_approval_has_amount
    return records.AdjustmentNotice(
        **_to_family(case, decision),
        before_amount=Decimal(_standing(decision)["monthly_amount"]),
        after_amount=decision.monthly_amount,
        first_month=_first_month(decision),
        category=decision.get_category_display(),
        persons=covered_rows(decision.proposal),
        sum=_sum(case, decision),
        working=_sentences(case, decision, _WORKING),
        reasons=_own_reasons(decision),
        clause=_clause(case, decision),
        later=_later(case),
    )


def stop_notice(case: Case, *, decision: Decision) -> records.StopNotice:
    """停发通知书 of a review."""
    assessment = decision.assessment
    gone = case.household.ended_on is not None
    doors = () if gone else tuple(doors_after_refusal(assessment.result, assessment.facts, refused=case.scheme))
    return records.StopNotice(
        **_to_family(case, decision),
        monthly_amount=Decimal(_standing(decision)["monthly_amount"]),
        last_month=decision.decided_on.replace(day=1),
        stop_month=first_month(decision.decided_on),
        sum=None if gone else _sum(case, decision),
        reasons=(*_failed(case, decision), *_own_reasons(decision)),
        clause=_clause(case, decision),
        may_claim=doors,
    )


def phaseout_notice(case: Case, *, decision: Decision) -> records.PhaseoutNotice:
    """渐退通知书 with the decision; what is said of months and end is the award's own phase-out."""
    assert decision.monthly_amount is not None  # noqa: S101 -- held by decision_approval_has_amount
    award, assessment = _award(case), decision.assessment
    row = award.phase_outs.filter(revoked_on=None).order_by("-pk").first()
    assert row is not None  # noqa: S101 -- the decision started one, or one was running
    summed = sum_part(assessment, year=case.intake.accounting_year)
    return records.PhaseoutNotice(
        **_to_family(case, decision),
        per_capita_monthly=summed.per_capita_monthly,
        monthly_standard=summed.monthly_standard,
        months=row.months,
        first_month=row.first_month,
        last_month=row.last_month,
        monthly_amount=decision.monthly_amount,
        stop_month=months_after(row.last_month, 1),
        sum=summed,
        reasons=_own_reasons(decision),
        clause=_clause(case, decision),
        may_claim=tuple(doors_after_refusal(assessment.result, assessment.facts, refused=case.scheme)),
        steps=tuple(records.PaidStep(month, amount) for month, amount in _steps(row)),
    )


def _steps(row: PhaseOut | None) -> list[tuple[date, Decimal]]:
    """What a phase-out pays in each month as it was written down; nothing where every month pays the same."""
    sums = phase_out_sums(row) if row is not None else []
    return sums if len({amount for _, amount in sums}) > 1 else []


def _phase_out_in_words(case: Case, decision: Decision) -> str:
    steps = _steps(_award(case).phase_outs.filter(revoked_on=None).order_by("-pk").first())
    if not steps:
        return f"期内每月{decision.monthly_amount:,.2f}元"
    return "期内逐月递减，" + "、".join(f"{chinese_month(month)}{amount:,.2f}元" for month, amount in steps)


def review_notice(case: Case, *, decision: Decision) -> records.ReviewNotice:
    """复核结果告知书: no change, or what takes the award's place later."""
    standing = _standing(decision)
    goes_on = decision.result == _R.CONTINUE
    category = decision.category or standing["category"]
    return records.ReviewNotice(
        **_to_family(case, decision),
        result=_result(case, decision),
        effect=effect_in_words(case, decision),
        monthly_amount=Decimal(standing["monthly_amount"]),
        category=f"{category}类" if category else "",
        sum=_sum(case, decision),
        reasons=(*_sentences(case, decision, ("review.",)), *_own_reasons(decision)),
        clause=_clause(case, decision),
        next_on=next_review_on(case, category=category, decided_on=decision.decided_on) if goes_on else None,
    )


def effect_in_words(case: Case, decision: Decision) -> str:
    """What the result does to the award, with months and sums."""
    month, amount = chinese_month(first_month(decision.decided_on)), decision.monthly_amount
    since = chinese_month(_first_month(decision))
    match decision.result:
        case _R.STOP if case.matter.person:
            return "原有待遇在决定终止以前照发；是否终止供养，经公示后另行决定并书面通知"
        case _R.STOP:
            return f"待遇发放到{chinese_month(decision.decided_on)}，自{month}起停发"
        case _R.PHASE_OUT:
            return f"自{month}起渐退{decision.phase_out_months}个月，{_phase_out_in_words(case, decision)}，期满停发"
        case _R.CHANGE_SCHEME:
            return "低保金照发，特困人员救助供养确认后从其起发的当月起转入，不断发、不重发"
        case _R.CONTINUE:
            return f"每月{amount:,.2f}元，金额不变"
        case _R.CUT if since != month:
            return f"自{since}起每月{amount:,.2f}元{_later_in_words(case)}，已经多发的另行办理追回"
        case _:
            return f"自{since}起每月{amount:,.2f}元{_later_in_words(case)}"


def _later(case: Case) -> tuple[records.PaidStep, ...]:
    """What the award is paid from later months on by the standards that hold from then (分段执行标准)."""
    return tuple(records.PaidStep(row.from_month, row.monthly_amount) for row in laid_by(case)[1:])


def _later_in_words(case: Case) -> str:
    return "".join(f"，自{chinese_month(step.month)}起每月{step.monthly_amount:,.2f}元" for step in _later(case))


def _first_month(decision: Decision) -> date:
    """From which month a decided review takes effect."""
    return decision.proposal.from_month or first_month(decision.decided_on)


def _to_family(case: Case, decision: Decision) -> dict[str, Any]:
    contact, telephone = confirming_contact(case)
    person = case.applicant.person
    return {
        "body": confirming_body(case),
        "applicant": f"{person.name}的家属" if person.died_on else person.name,
        "village": case.area.short_name,
        "matter": matter_of(case),
        "case_number": case.number,
        "award_number": _award(case).number,
        "cause": case.review.get_cause_display(),
        "decided_on": decision.decided_on,
        "contact": contact,
        "telephone": telephone,
        "reconsideration_body": county_government(),
    }


def _award(case: Case) -> Award:
    assert case.award is not None  # noqa: S101 -- held by case_award_is_looked_into
    return case.award


def _standing(decision: Decision) -> Mapping[str, Any]:
    """The award as it was in force when the review was decided."""
    award: Mapping[str, Any] = decision.proposal.further["beside"]["award"]
    return award


def _level_or_category(standing: Mapping[str, Any]) -> str:
    if standing["care_level"]:
        return CareLevel(standing["care_level"]).label
    return f"{standing['category']}类" if standing["category"] else ""


def _result(case: Case, decision: Decision) -> str:
    assert decision.result is not None  # noqa: S101 -- a review's decision says its result
    return result_words(case, decision.result)


def _clause(case: Case, decision: Decision) -> str:
    assert decision.result is not None  # noqa: S101 -- a review's decision says its result
    return CLAUSE_OF_TEKUN if case.matter.person else CLAUSES[decision.result]


def _sum(case: Case, decision: Decision) -> records.SumPart | None:
    """The sum of the family's income; of 特困, tested person by person, there is none."""
    return None if case.matter.person else sum_part(decision.assessment, year=case.intake.accounting_year)


def _sentences(case: Case, decision: Decision, rules: tuple[str, ...]) -> tuple[str, ...]:
    rows = findings_for_display(grounds_of(decision).result, case.household)
    own = [row for row in rows if not case.matter.person or row.subject == case.applicant.person.name]
    return tuple(row.text for row in own if row.rule.startswith(rules))


def _failed(case: Case, decision: Decision) -> tuple[str, ...]:
    """Which tests are not passed now, each with its clause; of a family that is gone, that nobody is left."""
    if decision.proposal.further["beside"]["is_gone"]:
        return ("保障对象都已死亡或者家庭已经注销。",)
    rows = findings_for_display(grounds_of(decision).result, case.household)
    failed = [row for row in rows if not row.passed and row.rule.startswith(_JUDGING)]
    found = [row for row in failed if not row.rule.startswith("single_person.")] or failed
    return tuple(dict.fromkeys(f"{row.text.rstrip('。')}（依据：{row.clause}）。" for row in found))


def _own_reasons(decision: Decision) -> tuple[str, ...]:
    """What staff wrote where they differ from the reckoning."""
    reason = decision.proposal.difference_reason.strip()
    return (f"另行考虑：{reason.rstrip('。')}。",) if reason else ()


def _told(case: Case, decision: Decision) -> str:
    told = decision.proposal.told_family_on
    if told is None:
        return ""
    contested = case.events.filter(kind=EventKind.CONTESTED).order_by("pk")
    said = "；".join(f"{chinese_date(event.on)}家庭提出：{event.note}" for event in contested)
    return f"{chinese_date(told)}已将拟作的决定和理由告知家庭。{said}"


def _changed(case: Case, decision: Decision) -> Changed:
    award = _award(case)
    version = version_numbered(award, _standing(decision)["version"])
    found = what_changed(award, decision.assessment.result, decision.assessment.facts, version=version)
    return found.of_person(case.matter.person)


def _changed_rows(case: Case, changed: Changed) -> tuple[records.ChangedRow, ...]:
    figures = [records.ChangedRow("", row.label, row.before, row.after) for row in changed.figures if not row.is_same]
    facts = named_differences(changed.facts, case.household)
    return (*figures, *(records.ChangedRow(row.subject, row.label, row.before, row.after) for row in facts))
