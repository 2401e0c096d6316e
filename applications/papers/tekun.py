"""特困人员救助供养: the form of the decision and what was found person by person, as papers print it; F43."""

from datetime import date

from applications.models import Case, Decision
from applications.papers.family import load_family
from applications.papers.forms import file_parts
from applications.papers.outcome import named
from applications.rules.matters.tekun import considered
from documents import records
from eligibility.models import Assessment
from eligibility.queries import member_names

_ANSWERS = {"eligible": "符合", "unknown": "待查明", "not_eligible": "不符合"}
_SUMS = ("tekun.self_care", "tekun.amount")


def tekun_form(case: Case, *, on: date, decision: Decision) -> records.TekunForm:
    """特困人员救助供养审批表 of a decision."""
    if case.accepted_on is None:
        raise ValueError("没有受理，不能打印审批表")
    assessment = decision.assessment
    household, means = case.household, assessment.result["household"]
    family = load_family(household, year=case.intake.accounting_year)
    return records.TekunForm(
        **file_parts(case, decision=decision, proposal=decision.proposal),
        accepted_on=case.accepted_on,
        applicant=family.member_row(case.applicant_id),
        persons=family.person_rows(means["counted"]),
        incomes=family.income_rows(),
        year=family.year,
        property=family.property_part(),
        property_ok=means["property_ok"],
        supporters=family.supporter_rows(on=on),
        tested=tested_rows(case, assessment),
    )


def tested_rows(case: Case, assessment: Assessment) -> tuple[records.TekunRow, ...]:
    """三条件佐证 of each person of whom the decision speaks, in the order tested."""
    result = assessment.result
    names = member_names(result, assessment.household)
    outcomes = {row["member"]: row["outcome"] for row in result["tekun"]}

    def found(member: str, prefix: str) -> tuple[records.FindingRow, ...]:
        return tuple(
            records.FindingRow(named(row["text"], names).rstrip("。"), row["clause"], row["passed"])
            for row in result["findings"]
            if row["subject"] == member and row["rule"].startswith(prefix) and row["rule"] not in _SUMS
        )

    return tuple(
        records.TekunRow(
            name=names.get(member, ""),
            answer=_ANSWERS[outcomes[member]],
            conditions=found(member, "tekun."),
            obligors=found(member, "obligor."),
        )
        for member in considered(result, case.applicant.reference)
    )


def tested_in_words(case: Case, assessment: Assessment) -> tuple[str, ...]:
    """The same as a notice says it, one paragraph a person."""
    return tuple(
        f"{row.name}：" + "；".join(item.text for item in (*row.obligors, *row.conditions)) + "。"
        for row in tested_rows(case, assessment)
    )
