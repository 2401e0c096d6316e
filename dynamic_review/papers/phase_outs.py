"""Content records of the papers that phase-out (渐退) issues by itself."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from applications.models import Case
from applications.papers.bodies import (
    HOTLINE,
    county_body,
    county_government,
    township_body,
    township_telephone,
    window_of,
)
from applications.papers.outcome import sum_part
from applications.rules.process import Authority
from applications.rules.reviews import CLAUSES, ReviewResult
from benefits.models import PhaseOut
from benefits.queries import owed
from benefits.rules.phase_out import is_marginal, unpaid_from
from documents import records
from dynamic_review.queries.restoring import Reassessed
from eligibility.models import Assessment
from eligibility.queries import findings_for_display
from foundation.dates import chinese_month
from households.models import Household
from organizations.models import Area
from organizations.queries import civil_affairs

MATTER = "最低生活保障"
_AMOUNTS = ("amount.difference", "amount.total")
_HARDSHIP = "遭遇突发困难的，可以申请临时救助"
_AGAIN = "收入又低于低保标准的，可以重新申请低保"


@dataclass(frozen=True)
class Found:
    """What the decision found: income a head, the standard, how many times that is; yuan a month.

    :param may_ask_for_marginal: whether the income lies where a family is recognised as 低保边缘 (F57 §8).
    """

    per_capita: Decimal | None = None
    standard: Decimal | None = None
    times: str = ""
    may_ask_for_marginal: bool = False
    multiplier: str = ""


def reminder(row: PhaseOut) -> records.PhaseOutReminder:
    """渐退到期提醒, from the township a month before nothing is paid."""
    award = row.award
    return records.PhaseOutReminder(
        body=township_body(award.area),
        **_of_award(row),
        decided_on=row.decided_on,
        first_month=row.first_month,
        last_month=row.last_month,
        stops_on=unpaid_from(row.last_month),
        monthly_amount=owed(award, row.last_month).amount,
        window=window_of(award.area),
        telephone=township_telephone(award.area),
    )


def end_notice(row: PhaseOut, *, case: Case | None) -> records.PhaseOutEndNotice:
    """渐退到期停发通知, from whoever decided the phase-out.

    :param case: the review that decided it; None where it is not kept here.
    """
    award, found = row.award, found_by(case)
    by_township = case is not None and case.authority == Authority.TOWNSHIP
    claims = [_HARDSHIP, _AGAIN]
    if found.may_ask_for_marginal:
        claims.insert(0, f"当时您家人均月收入低于低保标准的{found.multiplier}倍，可以申请认定为低保边缘家庭")
    return records.PhaseOutEndNotice(
        body=township_body(award.area) if by_township else county_body(),
        **_of_award(row),
        decided_on=row.decided_on,
        reason=row.reason,
        per_capita_monthly=found.per_capita,
        standard=found.standard,
        times=found.times,
        months=row.months,
        first_month=row.first_month,
        last_month=row.last_month,
        stops_on=unpaid_from(row.last_month),
        last_amount=owed(award, row.last_month).amount,
        may_claim=tuple(claims),
        contact=window_of(award.area) if by_township else county_body(),
        telephone=_telephone(award.area, by_township=by_township),
        reconsideration_body=county_government(),
    )


def found_by(case: Case | None) -> Found:
    """What the review's assessment found; nothing where there is none."""
    decision = getattr(case, "decision", None)
    return _of_assessment(decision.assessment) if decision is not None else Found()


def _of_assessment(assessment: Assessment) -> Found:
    result = assessment.result
    shown, figures = result["household"]["per_capita_monthly"], result["parameters"]
    if shown is None:
        return Found()
    per_capita, standard = Decimal(shown), Decimal(figures["dibao_monthly_standard"])
    multiplier = Decimal(figures["marginal_multiplier"])
    hundredths = int(per_capita * 100 / standard)  # cut, as every shown share of the standard is
    return Found(
        per_capita=per_capita,
        standard=standard,
        times=f"{hundredths // 100}.{hundredths % 100:02d}",
        may_ask_for_marginal=result["household"]["property_ok"]
        and is_marginal(per_capita, standard=standard, multiplier=multiplier),
        multiplier=f"{multiplier.normalize():f}",
    )


def _of_award(row: PhaseOut) -> dict[str, str]:
    """Whom a paper is for, and which award and decision it is of."""
    award = row.award
    return {
        "applicant": _name_of(award.household),
        "village": award.area.short_name,
        "matter": MATTER,
        "award_number": award.number,
        "case_number": row.source,
    }


def _name_of(household: Household) -> str:
    """The head, or who headed the family last."""
    member = household.members.filter(relation="head").select_related("person").order_by("-pk").first()
    return member.person.name if member else household.number


def _telephone(area: Area, *, by_township: bool) -> str:
    return township_telephone(area) if by_township else civil_affairs().telephone or HOTLINE


def restored_notice(
    row: PhaseOut, *, assessment: Assessment, found: Reassessed, before: Decimal, year: int, on: date
) -> records.ReviewNotice:
    """复核结果告知书 of a family that comes back in its phase-out (渐退期内恢复), from the county."""
    award, amount = row.award, found.amount
    assert amount is not None and found.suggestion is not None  # noqa: S101 -- only who is below the standard comes back
    rows = findings_for_display(assessment.result, award.household)
    return records.ReviewNotice(
        body=county_body(),
        **_of_award(row),
        cause="渐退期内收入减少",
        decided_on=on,
        result="恢复低保",
        effect=f"原定发放到{chinese_month(row.last_month)}的渐退停止，不再到期停发；"
        f"自{chinese_month(found.month)}起每月{amount:,.2f}元（渐退前每月{before:,.2f}元）",
        monthly_amount=amount,
        category=f"{found.suggestion.category}类",
        sum=sum_part(assessment, year=year),
        reasons=tuple(finding.text for finding in rows if finding.rule.startswith(_AMOUNTS)),
        clause=CLAUSES[ReviewResult.PHASE_OUT],
        next_on=None,
        contact=county_body(),
        telephone=_telephone(award.area, by_township=False),
        reconsideration_body=county_government(),
    )


def revoked_notice(row: PhaseOut) -> records.PhaseOutRevoked:
    """撤销渐退通知书 of a phase-out that was revoked, from the county."""
    award, version = row.award, row.award.versions.latest("serial")
    assert row.revoked_on is not None  # noqa: S101 -- only one that was revoked is told of
    return records.PhaseOutRevoked(
        body=county_body(),
        **_of_award(row),
        decided_on=row.decided_on,
        first_month=row.first_month,
        last_month=row.last_month,
        revoked_on=row.revoked_on,
        reason=row.revoke_reason,
        from_month=version.from_month,
        monthly_amount=owed(award, version.from_month).amount,
        contact=county_body(),
        telephone=_telephone(award.area, by_township=False),
        reconsideration_body=county_government(),
    )
