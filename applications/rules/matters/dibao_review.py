"""最低生活保障, review: whether and with how much an award goes on; 民发〔2021〕57号 §§31–34, contract rule 6."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from applications.rules.matters.base import Beside, Facts, Further, Matter, Result, Words
from applications.rules.process import CaseState
from applications.rules.reviews import Band, ReviewResult, band_of, means_of, result_of_amount
from applications.rules.suggestion import SuggestedPerson, Suggestion, member_id, persons_of
from benefits.rules.phase_out import Terms
from benefits.rules.phase_out import suggest as suggest_months

REVIEW_WORDS = Words("复核意见", "复核意见", "复核办结", "复核办结")
REVIEW_ACTS: Mapping[str, str] = {
    CaseState.ACCEPTED: "启动复核调查",
    CaseState.INVESTIGATING: "核对、入户并提出复核意见",
    CaseState.PROPOSED: "告知家庭或报审核确认",
    CaseState.CONFIRMING: "确认复核结果",
}
_F57_31, _F57_33 = "民发〔2021〕57号第三十一条", "民发〔2021〕57号第三十三条"
_WORKS = ("wage", "business")


def further(result: Result, facts: Facts, beside: Beside) -> Further:
    """What the review comes to, beside the award in force; staff sign the final values.

    :param beside: ``award`` in force, ``before`` of the assessment that it rests on, and what limits phase-outs.
    """
    findings: list[dict[str, Any]] = []
    answer = {
        **_answer(result, facts, beside, findings),
        "current_monthly_amount": beside["award"]["monthly_amount"],
    }
    return {"beside": beside, "review": answer, "findings": findings}


def _answer(result: Result, facts: Facts, beside: Beside, findings: list[dict[str, Any]]) -> dict[str, Any]:
    dibao, award = result["dibao"], beside["award"]
    if beside["is_gone"]:
        return _says(ReviewResult.STOP)
    if dibao["outcome"] == "not_applicable":
        return _says(ReviewResult.CHANGE_SCHEME if dibao["reason"] == "all_tekun" else ReviewResult.STOP)
    if dibao["outcome"] == "phase_out":
        return _phase_out(result, facts, beside, findings)
    if dibao["outcome"] != "continue":
        return _says(ReviewResult.STOP)
    amount, current = Decimal(dibao["monthly_amount"]), Decimal(award["monthly_amount"])
    covered = _persons(persons_of(result))
    if set(result["household"]["tekun_members"]) & set(award["persons"]):
        return _says(ReviewResult.CHANGE_SCHEME, dibao, amount=amount, persons=covered)
    band = band_of(result, facts, award=award, before=beside["before"])
    if band.applies:
        findings.append(_band_finding(band, beside))
    if band.is_inside:
        return _says(ReviewResult.CONTINUE, dibao, amount=current, persons=award["covered"])
    return _says(result_of_amount(amount, current), dibao, amount=amount, persons=covered)


def _phase_out(result: Result, facts: Facts, beside: Beside, findings: list[dict[str, Any]]) -> dict[str, Any]:
    dibao, award, running = result["dibao"], beside["award"], beside["phase_out_months"]
    if running is None and beside["phase_outs"] >= beside["phase_outs_per_coverage"]:
        findings.append(_once_finding(beside))
        return _says(ReviewResult.STOP)
    if beside["phase_out_requires_employment"] and not _somebody_works(result, facts):
        findings.append(_employment_finding())
        return _says(ReviewResult.STOP)
    amount = Decimal(dibao["monthly_amount"]) if dibao["monthly_amount"] is not None else None
    answer = _says(ReviewResult.PHASE_OUT, dibao, amount=amount, persons=_stay(result, award))
    answer["category"] = award["category"]
    answer["phase_out_months"], answer["phase_out_reason"] = (
        (running, "") if running else _months(result, facts, beside)
    )
    answer["running_months"], answer["months_between"] = running, dibao["phase_out_months"]
    if answer["phase_out_reason"]:
        clause = f"{_F57_33}；月数为本地做法"
        findings.append(_finding("review.phase_out_months", clause, answer["phase_out_reason"], passed=True))
    return answer


def _months(result: Result, facts: Facts, beside: Beside) -> tuple[int, str]:
    """How many months are suggested (建议月数), and why; local practice."""
    terms, means = result["parameters"], means_of(result, facts, basis="household")
    per_capita = Fraction(means["yearly"]) / 12 / means["heads"]
    return suggest_months(
        per_capita,
        Terms(
            standard=Decimal(terms["dibao_monthly_standard"]),
            multiplier=Decimal(terms["phase_out_multiplier"]),
            lower_inclusive=terms["phase_out_lower_inclusive"],
            min_months=terms["phase_out_min_months"],
            max_months=terms["phase_out_max_months"],
            requires_employment=beside["phase_out_requires_employment"],
            per_coverage=beside["phase_outs_per_coverage"],
        ),
    )


def _stay(result: Result, award: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Whom the award in force covers, with what each has, as far as they are still of the family."""
    remaining = set(result["household"]["remaining"])
    return [row for row in award["covered"] if row["member"] in remaining]


def _somebody_works(result: Result, facts: Facts) -> bool:
    remaining = set(result["household"]["remaining"])
    return any(
        row["kind"] in _WORKS and Decimal(row["yearly"]) > 0
        for member in facts["members"]
        if member["id"] in remaining
        for row in member.get("incomes", ())
    )


def _says(
    answer: ReviewResult,
    dibao: Mapping[str, Any] | None = None,
    *,
    amount: Decimal | None = None,
    persons: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    return {
        "result": answer.value,
        "basis": (dibao and dibao["basis"]) or "",
        "category": (dibao and dibao["category"]) or "",
        "monthly_amount": None if amount is None else f"{amount:.2f}",
        "persons": persons or [],
        "phase_out_months": None,
        "running_months": None,
        "months_between": None,
    }


def _persons(found: tuple[SuggestedPerson, ...]) -> list[dict[str, Any]]:
    return [
        {
            "member": f"m{row.member_id}",
            "topup_monthly_amount": f"{row.topup_monthly_amount:.2f}",
            "topup_class": row.topup_class,
        }
        for row in found
    ]


def _finding(rule: str, clause: str, text: str, *, passed: bool, **values: Any) -> dict[str, Any]:
    named = {"value": "", "comparison": "", "threshold": "", **values}
    return {"rule": rule, "clause": clause, "subject": "household", "passed": passed, "text": text, **named}


def _band_finding(band: Band, beside: Beside) -> dict[str, Any]:
    before = beside["before"]
    standard, rate = Decimal(before["standard"]), Decimal(before["rate"])
    share = f"低保标准{standard:,.2f}元×{rate:.0%}＝{band.limit:,.2f}元"
    said = (
        f"低于{share}，没有明显变化，月保障金不调整"
        if band.is_inside
        else f"不低于{share}，有明显变化，按现在的情况重新核算"
    )
    return _finding(
        "review.no_clear_change",
        f"{_F57_31}；变动比例为本地做法",
        f"月人均收入与上次认定（{before['on']}）相比变动{band.change:,.2f}元，{said}。",
        passed=band.is_inside,
        value=f"{band.change:.2f}",
        comparison="<",
        threshold=f"{band.limit:.2f}",
    )


def _once_finding(beside: Beside) -> dict[str, Any]:
    had, most = beside["phase_outs"], beside["phase_outs_per_coverage"]
    text = f"本次在保期已经给过{had}次渐退，最多{most}次，不再渐退。"
    clause = f"{_F57_33}；次数为本地做法"
    return _finding(
        "review.phase_outs", clause, text, passed=False, value=str(had), comparison="<", threshold=str(most)
    )


def _employment_finding() -> dict[str, Any]:
    text = "家庭收入增加不是因为就业，按本县设置不给渐退。"
    return _finding("review.employment", f"{_F57_33}；限就业为本地做法", text, passed=False)


def suggest(result: Result, _facts: Facts) -> Suggestion:
    """The review's answer as a suggestion."""
    found = result["review"]
    amount = found["monthly_amount"]
    return Suggestion(
        is_eligible=True,
        basis=found["basis"],
        category=found["category"],
        monthly_amount=None if amount is None else Decimal(amount),
        persons=tuple(
            SuggestedPerson(member_id(row["member"]), Decimal(row["topup_monthly_amount"]), row["topup_class"])
            for row in found["persons"]
        ),
        review_result=found["result"],
        phase_out_months=found["phase_out_months"],
    )


def _compared(result: Result) -> Mapping[str, Any]:
    dibao, found = result["dibao"], result["review"]
    own = {key: found[key] for key in ("basis", "category", "monthly_amount", "persons")}
    return {"outcome": dibao["outcome"], "review_result": found["result"], **own}


def _no_tests(_result: Result, _facts: Facts) -> list[str]:
    """A review is not refused: what ends or lessens an award is a result of it."""
    return []


DIBAO_REVIEW = Matter(
    scheme="dibao",
    kind="review",
    title="最低生活保障",
    suggest=suggest,
    failed_tests=_no_tests,
    compared=_compared,
    deciding=("review.", "property.", "dibao.", "single_person.", "means.adjusted", "means.per_capita", "amount."),
    printed=("review.", "property.", "dibao.", "single_person.", "amount.difference", "amount.total", "amount.single"),
    further=further,
    is_announced=False,
    is_publicised=False,
    of_award=True,
    words=REVIEW_WORDS,
    next_acts=REVIEW_ACTS,
)
