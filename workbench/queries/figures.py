"""Figures of the home page (数据概览): cases and awards by scheme, township and month, each with its list."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django.db.models import Count, F, Q, QuerySet, Sum

from applications.permissions import Permission
from applications.queries import visible_to as cases_visible_to
from applications.rules.process import FINAL_STATES, STEPS, CaseState
from benefits.models import Award, AwardState
from benefits.queries import annotate_current
from benefits.queries import visible_to as awards_visible_to
from foundation.dates import chinese_month
from foundation.money import in_figures
from organizations.models import Staff
from organizations.models.delegations import Scheme
from workbench.queries.links import url_or_nothing
from workbench.rules.charts import Amount, BarChart, LineChart, bar_chart, line_chart

MONTHS_SHOWN = 12
OPEN_STEPS = tuple((label, states) for label, states in STEPS if not states <= FINAL_STATES)


PAYING = (Scheme.DIBAO, Scheme.TEKUN)
"""Schemes that pay awards; as what families are recognised (认定身份) stands on its own list."""


@dataclass(frozen=True)
class CaseFigures:
    """How cases stand: under way by township and step, decided this month, overdue."""

    under_way: int = 0
    overdue: int = 0
    approved: int = 0
    refused: int = 0
    townships: tuple["TownshipCases", ...] = ()

    @property
    def decided(self) -> int:
        return self.approved + self.refused

    @property
    def steps(self) -> tuple[str, ...]:
        return tuple(label for label, _ in OPEN_STEPS)


@dataclass(frozen=True)
class Figure:
    """A number and the list that it counts."""

    label: str
    total: int
    url: str


@dataclass(frozen=True)
class TownshipCases:
    """Open cases of one township, step by step."""

    name: str
    url: str
    steps: tuple[Figure, ...]

    @property
    def total(self) -> int:
        return sum(figure.total for figure in self.steps)


def case_figures(staff: Staff, *, on: date) -> CaseFigures:
    """Cases that the person may see, counted in two queries."""
    if not staff.may(Permission.VIEW_CASE):
        return CaseFigures()
    cases = cases_visible_to(staff)
    is_open = ~Q(state__in=[state.value for state in FINAL_STATES])
    this_month = Q(decided_on__gte=on.replace(day=1), decided_on__lte=on)
    totals = cases.aggregate(
        under_way=Count("pk", filter=is_open),
        overdue=Count("pk", filter=is_open & (Q(state_due_on__lt=on) | Q(due_on__lt=on))),
        approved=Count("pk", filter=this_month & Q(state=CaseState.APPROVED)),
        refused=Count("pk", filter=this_month & Q(state=CaseState.REFUSED)),
    )
    by_state = (
        cases.filter(is_open)
        .order_by()
        .values(code=F("area__parent__code"), name=F("area__parent__name"), step=F("state"))
        .annotate(total=Count("pk"))
    )
    townships: dict[tuple[str, str], dict[str, int]] = {}
    for row in by_state:
        townships.setdefault((row["code"], row["name"]), {})[row["step"]] = row["total"]
    return CaseFigures(**totals, townships=tuple(_township(*key, states) for key, states in sorted(townships.items())))


def _township(code: str, name: str, states: Mapping[str, int]) -> TownshipCases:
    return TownshipCases(
        name=name,
        url=url_or_nothing("applications:list", township=code),
        steps=tuple(_step(code, label, wanted, states) for label, wanted in OPEN_STEPS),
    )


def _step(code: str, label: str, wanted: frozenset[CaseState], states: Mapping[str, int]) -> Figure:
    """Cases of a step; where they stand in one state, the list is cut to it."""
    there = {state: states[state] for state in wanted if state in states}
    query = {"township": code} | ({"state": next(iter(there)).value} if len(there) == 1 else {})
    return Figure(label, sum(there.values()), url_or_nothing("applications:list", **query))


@dataclass(frozen=True)
class SchemeMonth:
    """One scheme's awards of a month: families, people, money."""

    scheme: str
    label: str
    families: int = 0
    persons: int = 0
    monthly_amount: Decimal = Decimal("0.00")
    families_before: int = 0
    families_to_come: int = 0
    url: str = ""

    @property
    def change(self) -> str:
        """Families against the month before, and those whose first month is still to come, in words."""
        difference = self.families - self.families_before
        words = f"较上月 {difference:+d} 户" if difference else "与上月持平"
        return f"{words} ・ 下月起 +{self.families_to_come} 户" if self.families_to_come else words


@dataclass(frozen=True)
class TownshipMonth:
    """One township's awards of a month."""

    name: str
    families: int
    persons: int
    monthly_amount: Decimal
    url: str


@dataclass(frozen=True)
class AwardFigures:
    """Awards in force in a month (在保), with the month before and the way of twelve months."""

    month: date
    schemes: tuple[SchemeMonth, ...] = ()
    townships: tuple[TownshipMonth, ...] = ()
    trend: LineChart | None = None
    bars: BarChart = field(default_factory=lambda: bar_chart([]))

    @property
    def monthly_amount(self) -> Decimal:
        """Yuan to be paid this month."""
        return sum((row.monthly_amount for row in self.schemes), Decimal("0.00"))


def award_figures(staff: Staff, *, on: date) -> AwardFigures | None:
    """Awards that the person may see; three queries, none for who sees no awards."""
    if not staff.may(Permission.VIEW_AWARD):
        return None
    month = on.replace(day=1)
    awards = awards_visible_to(staff)
    rows = list(_by_township_and_scheme(awards, month))
    around: dict[str, Any] = {
        row["scheme"]: row
        for row in awards.order_by()
        .values("scheme")
        .annotate(
            before=Count("household", distinct=True, filter=_runs_in(month_before(month))),
            to_come=Count("household", distinct=True, filter=Q(starts_month__gt=month)),
        )
    }
    townships = _townships(rows)
    return AwardFigures(
        month=month,
        schemes=tuple(_scheme(scheme, rows, around.get(scheme.value, {})) for scheme in PAYING),
        townships=townships,
        trend=_trend(awards, month),
        bars=bar_chart(
            [Amount(row.name, row.monthly_amount, f"{in_figures(row.monthly_amount)}元", row.url) for row in townships]
        ),
    )


def _in_force(awards: QuerySet[Award], month: date) -> QuerySet[Award]:
    return awards.filter(_runs_in(month))


def _runs_in(month: date) -> Q:
    return Q(starts_month__lte=month) & (Q(ends_month=None) | Q(ends_month__gte=month))


def _by_township_and_scheme(awards: QuerySet[Award], month: date) -> Iterable[dict[str, Any]]:
    rows: Any = (
        annotate_current(_in_force(awards, month), month=month)
        .order_by()
        .values("scheme", code=F("area__parent__code"), name=F("area__parent__name"))
        .annotate(
            families=Count("household", distinct=True),
            people=Sum("person_count"),
            amount=Sum("monthly_amount", filter=~Q(state=AwardState.SUSPENDED)),
        )
    )
    return cast("Iterable[dict[str, Any]]", rows)


def _scheme(scheme: Scheme, rows: list[dict[str, object]], around: Mapping[str, int]) -> SchemeMonth:
    mine = [row for row in rows if row["scheme"] == scheme]
    return SchemeMonth(
        scheme=scheme.value,
        label=scheme.label,
        families=_total(mine, "families"),
        persons=_total(mine, "people"),
        monthly_amount=_money(mine),
        families_before=around.get("before", 0),
        families_to_come=around.get("to_come", 0),
        url=url_or_nothing("benefits:list", scheme=scheme.value),
    )


def _townships(rows: list[dict[str, object]]) -> tuple[TownshipMonth, ...]:
    by_code: dict[tuple[str, str], list[dict[str, object]]] = {}
    for row in rows:
        by_code.setdefault((str(row["code"]), str(row["name"])), []).append(row)
    return tuple(
        TownshipMonth(
            name=name,
            families=_total(mine, "families"),
            persons=_total(mine, "people"),
            monthly_amount=_money(mine),
            url=url_or_nothing("benefits:list", township=code),
        )
        for (code, name), mine in sorted(by_code.items())
    )


def _total(rows: list[dict[str, object]], key: str) -> int:
    return sum(int(str(row[key] or 0)) for row in rows)


def _money(rows: list[dict[str, object]]) -> Decimal:
    return sum((Decimal(str(row["amount"] or 0)) for row in rows), Decimal("0.00"))


def _trend(awards: QuerySet[Award], month: date) -> LineChart | None:
    """Families in force in each of twelve months, in one query; nothing while there is none."""
    months = [month]
    while len(months) < MONTHS_SHOWN:
        months.insert(0, month_before(months[0]))
    counts = awards.aggregate(**{f"m{start:%Y%m}": Count("pk", filter=_runs_in(start)) for start in months})
    if not any(counts.values()):
        return None
    return line_chart([(chinese_month(start), counts[f"m{start:%Y%m}"]) for start in months])


def month_before(month: date) -> date:
    """The first day of the month before."""
    return date(month.year - (month.month == 1), month.month - 1 or 12, 1)
