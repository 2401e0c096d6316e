"""What bringing a family in phase-out back rests on (渐退期内恢复): its data as they are now, reckoned again."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from applications.models import Case
from applications.models.cases import CaseKind
from applications.queries import award_in_force, day_of_amounts
from applications.rules.accounting import accounting_years
from applications.rules.process import OPEN_STATES
from applications.rules.suggestion import Suggestion, suggest
from benefits.models import Award, AwardCheck, AwardState, CheckCause, PhaseOut
from benefits.rules.months import first_month
from benefits.rules.phase_out import unpaid_from
from eligibility.services import assess_household
from foundation.errors import ServiceError
from foundation.money import in_figures
from households.models import Income, Member

_HOUSEHOLD = "household"


@dataclass(frozen=True)
class Reassessed:
    """A family in phase-out on its present data.

    :param suggestion: whom the award would cover, and with how much.
    :param month: the first month of the sum.
    :param why_not: why the family is not brought back on it; empty where it is.
    """

    suggestion: Suggestion | None
    per_capita: Decimal | None
    standard: Decimal | None
    month: date
    why_not: str

    @property
    def amount(self) -> Decimal | None:
        """Yuan a month; None where the family is not brought back."""
        return None if self.why_not or self.suggestion is None else self.suggestion.monthly_amount


def phase_out_running(award: Award, *, on: date) -> PhaseOut | None:
    """The phase-out that ends an award by itself, until its last day."""
    if award.ends_month is None or award.state not in (AwardState.PHASE_OUT, AwardState.SUSPENDED):
        return None
    row = award.phase_outs.filter(revoked_on=None, last_month=award.ends_month).first()
    return row if row is not None and on < unpaid_from(row.last_month) else None


def reported_fall(row: PhaseOut) -> AwardCheck | None:
    """What the township wrote down of the family's income (登记收入减少), not looked into yet."""
    checks = AwardCheck.objects.filter(award=row.award_id, cause=CheckCause.PHASE_OUT, settled_on=None)
    return checks.select_related("noted_by").first()


def review_under_way(row: PhaseOut) -> Case | None:
    """The review of the award that is open: what it comes to decides on the phase-out."""
    return Case.objects.filter(award=row.award_id, kind=CaseKind.REVIEW, state__in=OPEN_STATES).first()


def year_to_reckon(row: PhaseOut, *, on: date) -> int:
    """The latest year of which an income of the family is recorded: without any, no income would be found in it."""
    members = Member.objects.filter(household=row.award.household_id, left_on=None)
    known = set(Income.objects.filter(member__in=members, voided_at=None).values_list("year", flat=True))
    return next((year for year in accounting_years(on=on) if year in known), on.year)


def reassessed(row: PhaseOut, *, year: int, on: date) -> Reassessed:
    """Reckon the family of a phase-out on its present data; nothing is kept.

    :param row: with its award and household.
    """
    month = max(first_month(on), row.first_month)
    try:
        day = day_of_amounts(row.award.household, scheme=row.award.scheme, on=on, month=month)
        found = assess_household(row.award.household, on=day, year=year, award=award_in_force(row.award, on=on))
    except ServiceError as error:
        return Reassessed(None, None, None, month, error.message)
    return read_result(row, found.as_dict(), month=month)


def read_result(row: PhaseOut, result: dict[str, Any], *, month: date) -> Reassessed:
    """What an assessment's result says of bringing the family back."""
    means, shown = result["household"], result["household"]["per_capita_monthly"]
    per_capita = None if shown is None else Decimal(shown)
    standard = Decimal(result["parameters"]["dibao_monthly_standard"])
    suggestion = suggest(result)
    why = ""
    if not suggestion.is_eligible:
        why = _not_below(per_capita, standard, property_ok=means["property_ok"])
    elif suggestion.basis != _HOUSEHOLD or means["tekun_members"]:
        why = "家里有人符合特困条件，或者只有个别成员符合低保条件，保障方式会变，请发起复核。"
    return Reassessed(suggestion, per_capita, standard, month, why)


def _not_below(per_capita: Decimal | None, standard: Decimal, *, property_ok: bool) -> str:
    if not property_ok:
        return "家庭财产不符合规定，不能恢复。"
    if per_capita is not None and per_capita >= standard:
        return f"人均月收入{in_figures(per_capita)}元，不低于低保标准{in_figures(standard)}元，渐退照旧。"
    return "按现在的资料不符合低保条件，渐退照旧。"
