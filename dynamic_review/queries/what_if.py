"""Reads of drafts (政策测算): who is reckoned, and what a run came to by outcome, place, scheme and category."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from benefits.models import Award, AwardState
from dynamic_review.models import DIFFERENCE, WhatIf, WhatIfLine, WhatIfRun
from dynamic_review.permissions import Permission
from dynamic_review.queries.standings import awards_owed_since
from dynamic_review.rules.uplift import Outcome
from dynamic_review.rules.what_if import BANDS, RESIDENCES, Money
from eligibility.facts import Document, families_facts
from eligibility.queries import ParameterBook
from eligibility.rules import parameters_document
from households.models import Household, Income, Member
from households.queries import search
from organizations.models import Staff
from organizations.models.delegations import Scheme
from organizations.queries import county

ZERO = Decimal("0.00")


def drafts_visible_to(staff: Staff) -> QuerySet[WhatIf]:
    """Drafts for who may draft; they are the county's."""
    if not staff.may(Permission.VIEW_WHAT_IF):
        return WhatIf.objects.none()
    return WhatIf.objects.select_related("made_by", "copied_from")


def figures_of_day(on: date) -> dict[str, dict[str, Any]]:
    """The county's parameters in force on a day, by residence.

    :raises MissingParameters: some parameter has no value in force.
    """
    book, code = ParameterBook(on=on), county().code
    return {residence: parameters_document(book.of(code, residence=residence)) for residence in RESIDENCES}


def awards_in_force(on: date) -> QuerySet[Award]:
    """Awards paid in the month of a day."""
    return awards_owed_since(on.replace(day=1)).exclude(state=AwardState.STOPPED)


def families_without_dibao() -> QuerySet[Household]:
    """Registered families who have no award of 低保 now; of 特困 some of them may."""
    running = Award.objects.filter(household=OuterRef("pk"), scheme=Scheme.DIBAO).exclude(state=AwardState.STOPPED)
    return Household.objects.filter(archived_on=None, ended_on=None).exclude(Exists(running))


def families_of(keys: Sequence[int], *, on: date) -> Iterator[tuple[Household, Document]]:
    """Families with their facts on a day, reckoned on the latest year for which incomes are recorded."""
    households = Household.objects.in_bulk(keys)
    latest = dict(
        Income.objects.filter(member__household__in=keys, voided_at=None, year__lte=on.year)
        .values_list("member__household")
        .annotate(Max("year"))
    )
    by_year: dict[int, list[int]] = {}
    for key in keys:
        by_year.setdefault(latest.get(key, on.year), []).append(key)
    for year, chosen in sorted(by_year.items()):
        for key, document in families_facts(chosen, on=on, year=year).items():
            yield households[key], document


def last_runs(drafts: Sequence[WhatIf]) -> dict[int, WhatIfRun]:
    """The latest finished run of each draft, by the draft."""
    rows = WhatIfRun.objects.filter(what_if__in=drafts, finished_at__isnull=False).select_related("what_if", "begun_by")
    return {run.what_if_id: run for run in rows.order_by("serial")}


def runs_of(what_if: WhatIf) -> QuerySet[WhatIfRun]:
    """Every finished run of a draft, the newest first."""
    return what_if.runs.filter(finished_at__isnull=False).select_related("begun_by").order_by("-serial")


SORTS = {
    "area": ("area__code", "pk"),
    "difference": ("difference", "pk"),
    "after": ("after_amount", "pk"),
}


def lines_of(run: WhatIfRun) -> QuerySet[WhatIfLine]:
    """Rows of a run with head of family and difference."""
    head = Member.objects.filter(household=OuterRef("household"), relation="head", left_on=None)
    return (
        WhatIfLine.objects.filter(run=run)
        .select_related("area__parent", "household", "award")
        .annotate(difference=DIFFERENCE, head_name=Subquery(head.values("person__name")[:1]))
    )


def filtered_lines(
    rows: QuerySet[WhatIfLine], *, staff: Staff, text: str = "", cliff: str = "", sort: str = "", **wanted: str
) -> QuerySet[WhatIfLine]:
    """Rows as the list's address asks.

    :param cliff: a cause, or ``any``.
    :param wanted: township, outcome, scheme and category; empty ones do not cut.
    """
    names = {"township": "area__code__startswith", "outcome": "outcome", "scheme": "scheme", "category": "category"}
    rows = rows.filter(**{names[name]: value for name, value in wanted.items() if value})
    if cliff:
        rows = rows.exclude(cliff="") if cliff == "any" else rows.filter(cliff=cliff)
    if text:
        rows = rows.filter(household__in=search(staff, text).order_by().values("pk"))
    order = SORTS.get(sort.removeprefix("-"), SORTS["area"])
    return rows.order_by(*(f"-{name}" if sort.startswith("-") else name for name in order))


@dataclass(frozen=True)
class Effect:
    """What a draft does to one group: rows by outcome, and the money."""

    label: str
    key: str
    counts: dict[str, int]
    money: Money

    @property
    def families(self) -> int:
        """Rows in all."""
        return sum(self.counts.values())


OUTCOMES = [outcome.value for outcome in Outcome]


def effect_of(run: WhatIfRun) -> Effect:
    """The whole of a run."""
    found = _effects(run, F("run"), F("run"))
    return found[0] if found else Effect("合计", "", dict.fromkeys(OUTCOMES, 0), Money(ZERO, ZERO, ZERO))


def effects_by_township(run: WhatIfRun) -> list[Effect]:
    return _effects(run, F("area__parent__name"), F("area__parent__code"))


def effects_by_scheme(run: WhatIfRun) -> list[Effect]:
    labels = dict(Scheme.choices)
    return [_named(effect, str(labels[effect.key])) for effect in _effects(run, F("scheme"), F("scheme"))]


def effects_by_category(run: WhatIfRun) -> list[Effect]:
    """Of 低保 by category (类别)."""
    rows = _effects(run, F("category"), F("category"), scheme=Scheme.DIBAO)
    return [_named(effect, f"{effect.key}类" if effect.key else "未分类") for effect in rows]


def _named(effect: Effect, label: str) -> Effect:
    return Effect(label, effect.key, effect.counts, effect.money)


def _effects(run: WhatIfRun, label: F, key: F, **only: Any) -> list[Effect]:
    counts: Any = {f"n_{value}": Count("pk", filter=Q(outcome=value)) for value in OUTCOMES}
    rows: Any = (
        WhatIfLine.objects.filter(run=run, **only)
        .order_by()
        .values(label=label, key=key)
        .annotate(
            before=Coalesce(Sum("before_amount"), ZERO),
            after=Coalesce(Sum("after_amount"), ZERO),
            yearly_after=Coalesce(Sum(F("after_amount") * F("paid_months")), ZERO),
            **counts,
        )
        .order_by("key")
    )
    return [
        Effect(
            str(row["label"] or "—"),
            str(row["key"] or ""),
            {value: row[f"n_{value}"] for value in OUTCOMES},
            Money(row["before"], row["after"], row["yearly_after"]),
        )
        for row in rows
    ]


def cliffs_of(run: WhatIfRun) -> list[tuple[str, str, int]]:
    """Known cliffs that a draft leads over: key, sentence, how many."""
    labels = dict(WhatIfLine._meta.get_field("cliff").flatchoices)
    rows = WhatIfLine.objects.filter(run=run).exclude(cliff="").order_by().values("cliff").annotate(count=Count("pk"))
    return [(row["cliff"], str(labels[row["cliff"]]), row["count"]) for row in rows.order_by("-count", "cliff")]


def spread_of(run: WhatIfRun) -> list[tuple[str, int]]:
    """How many rows change by how much a month."""
    rows = WhatIfLine.objects.filter(run=run).annotate(difference=DIFFERENCE)
    counts: Any = {f"band_{place}": Count("pk", filter=_within(*band[1:])) for place, band in enumerate(BANDS)}
    found = rows.order_by().aggregate(same=Count("pk", filter=Q(difference=0)), **counts)
    spread = [(band.label, found[f"band_{place}"]) for place, band in enumerate(BANDS)]
    return [*spread[:3], ("不变", found["same"]), *spread[3:]]


def _within(above: int | None, upto: int | None) -> Q:
    """Falls are counted from their upper bound down, rises from their lower one up; nothing falls into two."""
    if upto is not None and upto <= 0:
        lower = Q() if above is None else Q(difference__gte=above)
        return lower & Q(difference__lt=upto)
    upper = Q() if upto is None else Q(difference__lte=upto)
    return Q(difference__gt=above) & upper
