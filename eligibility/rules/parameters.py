"""Dated standards and parameters (标准和参数) in force on the day, and the figures that rules derive from them."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from eligibility.rules.amounts import MONTHS, Exact, exact, fen
from eligibility.rules.choices import AmountRounding, HardshipType, SelfCareLevel, SupportMode, TopupBase
from eligibility.rules.parameter_document import PARAMETERS
from eligibility.rules.shapes import in_one_line


@dataclass(frozen=True, kw_only=True)
class TopupRates:
    """分类施保增发比例."""

    a: Decimal
    b: Decimal


@dataclass(frozen=True, kw_only=True)
class CareStandards:
    """照料护理标准 a month by self-care level."""

    self_reliant: Decimal
    semi_disabled: Decimal
    disabled: Decimal


@dataclass(frozen=True, kw_only=True)
class CareByMode:
    """照料护理标准 by 供养方式."""

    home_based: CareStandards
    institutional: CareStandards


@dataclass(frozen=True, kw_only=True)
class MultiplierRange:
    """Multiples of the base between which temporary aid stays in principle."""

    min: Decimal
    max: Decimal


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """Everything that is policy and not law, in yuan, rates and counts; the names are the contract's."""

    dibao_monthly_standard: Decimal
    marginal_multiplier: Decimal
    phase_out_multiplier: Decimal
    phase_out_min_months: int
    phase_out_max_months: int
    phase_out_lower_inclusive: bool
    financial_assets_months: int
    financial_assets_months_severe: int
    max_vehicles: int
    max_vehicle_value: Decimal
    max_houses: int
    max_businesses: int
    rigid_expense_rate: Decimal
    employment_cost_rate: Decimal
    topup_rates: TopupRates
    topup_base: TopupBase
    elderly_age: int
    amount_rounding: AmountRounding
    minimum_monthly_amount: Decimal
    tekun_basic_monthly_amount: Decimal
    tekun_care_monthly: CareByMode
    per_capita_disposable_income_yearly: Decimal
    temporary_aid_base_monthly: Decimal
    urgent_multiplier: MultiplierRange
    expenditure_multiplier: MultiplierRange

    @cached_property
    def standard(self) -> int:
        """S, 低保标准 a month, in fen."""
        return fen(self.dibao_monthly_standard)

    @cached_property
    def standard_yearly(self) -> int:
        """S × 12, in fen."""
        return self.standard * MONTHS

    @cached_property
    def marginal_yearly(self) -> Exact:
        """The 低保边缘 limit a head and year, in fen."""
        return exact(exact(self.marginal_multiplier) * self.standard_yearly)

    @cached_property
    def phase_out_yearly(self) -> Exact:
        """The 渐退 limit a head and year, in fen."""
        return exact(exact(self.phase_out_multiplier) * self.standard_yearly)

    @cached_property
    def vehicle_value_limit(self) -> int:
        """In fen."""
        return fen(self.max_vehicle_value)

    @cached_property
    def minimum_amount(self) -> int:
        """Least 低保 amount a month, in fen."""
        return fen(self.minimum_monthly_amount)

    @cached_property
    def disposable_income(self) -> int:
        """上年度人均可支配收入 a year, in fen."""
        return fen(self.per_capita_disposable_income_yearly)

    @cached_property
    def rigid_rate(self) -> Exact:
        return exact(self.rigid_expense_rate)

    @cached_property
    def employment_rate(self) -> Exact:
        return exact(self.employment_cost_rate)

    @cached_property
    def document(self) -> dict[str, Any]:
        """By the contract's names, as JSON. Not to be changed."""
        document: dict[str, Any] = PARAMETERS.write(self)
        return document

    @cached_property
    def line(self) -> str:
        """``document`` as JSON without spaces."""
        return in_one_line(self.document)

    @cached_property
    def topup_rate_a(self) -> Exact:
        return exact(self.topup_rates.a)

    @cached_property
    def topup_rate_b(self) -> Exact:
        return exact(self.topup_rates.b)

    def care_amount(self, mode: SupportMode, level: SelfCareLevel) -> int:
        """照料护理标准 a month, in fen."""
        standards: CareStandards = getattr(self.tekun_care_monthly, mode.value)
        amount: Decimal = getattr(standards, level.value)
        return fen(amount)

    def temporary_aid_multipliers(self, hardship: HardshipType) -> MultiplierRange:
        return self.urgent_multiplier if hardship is HardshipType.URGENT else self.expenditure_multiplier
