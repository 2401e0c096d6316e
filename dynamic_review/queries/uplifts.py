"""Reads of uplifts (提标): the figures that they rest on, whom they touch, and what comes of them in all."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from benefits.models import AwardVersion, ItemKind, MonthlyRoll, RollItem, RollKind, RollState, VersionKind
from dynamic_review.models import DIFFERENCE, Uplift, UpliftLine, UpliftResult, UpliftRun, UpliftState, UpliftStep
from dynamic_review.permissions import Permission
from dynamic_review.queries.making_good import with_making_good
from dynamic_review.rules.uplift import Apart, Outcome
from eligibility.models import Parameter
from eligibility.queries import AMOUNT_KEYS, described_value, parameter_title
from households.models import Member
from households.queries import search
from organizations.models import Job, Staff
from organizations.models.jobs import OPEN_STATES

KEYS = AMOUNT_KEYS
_YEARS_BACK = timedelta(days=730)
ZERO = Decimal("0.00")
_WHY = {why.value: why.label for why in Apart}
CARRIED = (Outcome.RAISE.value, Outcome.CUT.value)
"""Outcomes that an uplift carries out."""


def uplifts_visible_to(staff: Staff) -> QuerySet[Uplift]:
    """Uplifts for who enters or approves them; they are the county's."""
    if not staff.may(Permission.ENTER_UPLIFT, Permission.APPROVE_UPLIFT):
        return Uplift.objects.none()
    return Uplift.objects.select_related("run", "entered_by")


@dataclass(frozen=True)
class Figure:
    """One figure as a choice: what it is, from when, instead of what, and on which document it rests."""

    parameter: Parameter
    title: str
    value: str
    before: str
    residence: str
    area: str
    from_day: date
    source: str
    is_sample: bool

    @property
    def label(self) -> str:
        """低保标准（农村）740.00，原705.00，2026年7月1日起（宣政秘〔2026〕40号）"""
        place = "" if self.residence == "城乡" else f"（{self.residence}）"
        former = f"，原{self.before}" if self.before else ""
        day = self.from_day
        sample = "，示例" if self.is_sample else ""
        return (
            f"{self.title}{place} {self.value}{former}，{day.year}年{day.month}月{day.day}日起（{self.source}{sample}）"
        )


def uplifts_to_approve(staff: Staff) -> QuerySet[Uplift]:
    """Uplifts that wait for an approval (审批), of who neither entered nor signed them."""
    waiting = uplifts_visible_to(staff).filter(state=UpliftState.PREVIEWED)
    return waiting.exclude(entered_by=staff).exclude(run__approvals__by=staff)


def figures_to_rest_on(*, on: date) -> list[Figure]:
    """Approved figures of the last two years that changed something, the latest first: an uplift may rest on them."""
    keys = [key for keys in KEYS.values() for key in keys]
    rows = Parameter.objects.filter(key__in=keys, valid__startswith__gte=on - _YEARS_BACK)
    found = figures(rows.order_by("-valid__startswith", "key", "residence", "pk"))
    return [figure for figure in found if figure.value != figure.before]


def figures(rows: QuerySet[Parameter]) -> list[Figure]:
    """Figures in words, with the value that ran before each; two queries."""
    chosen = list(rows.select_related("area", "source"))
    keys = {row.key for row in chosen}
    earlier = {
        (row.key, row.area_id, row.residence, row.valid.upper): row.value
        for row in Parameter.objects.filter(key__in=keys, valid__endswith__isnull=False)
    }
    return [_figure(row, earlier.get((row.key, row.area_id, row.residence, row.valid.lower))) for row in chosen]


def _figure(row: Parameter, before: Any) -> Figure:
    return Figure(
        parameter=row,
        title=parameter_title(row.key),
        value=described_value(row.key, row.value),
        before="" if before is None else described_value(row.key, before),
        residence=row.get_residence_display(),
        area=row.area.name,
        from_day=row.valid.lower,
        source=row.source.number,
        is_sample=row.is_sample,
    )


def figures_digest(*, since: date) -> str:
    """A mark of every figure that holds on some day from a month on: another one once any is changed."""
    rows = Parameter.objects.filter(valid__overlap=(since, None)).order_by("pk").values_list("pk", "value", "valid")
    told = [(key, value, str(valid.lower), str(valid.upper)) for key, value, valid in rows]
    return sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def frozen_since(uplift: Uplift) -> MonthlyRoll | None:
    """The first roll frozen after the uplift was carried out that pays a month of it: what it pays is signed for."""
    back = RollItem.objects.filter(
        line__roll=OuterRef("pk"), kind=ItemKind.BACK_PAYMENT, for_month__gte=uplift.from_month
    )
    pays = Q(kind=RollKind.REGULAR, month__gte=uplift.from_month) | Exists(back)
    rolls = MonthlyRoll.objects.filter(pays, scheme=uplift.scheme, frozen_at__gte=uplift.applied_at)
    return rolls.exclude(state=RollState.VOIDED).order_by("frozen_at").first()


SORTS = {
    "area": ("area__code", "pk"),
    "difference": ("difference", "pk"),
    "after": ("after_amount", "pk"),
    "back": ("back_payment_amount", "pk"),
}


def with_phase_outs(lines: QuerySet[UpliftLine]) -> QuerySet[UpliftLine]:
    """Lines with whether their award was ever phased out and the uplift left it as it was (补差)."""
    steps = AwardVersion.objects.filter(award=OuterRef("award"), kind=VersionKind.PHASE_OUT)
    done = UpliftResult.objects.filter(line=OuterRef("pk"), step=UpliftStep.APPLY, is_done=True)
    return lines.annotate(was_passed_over=Exists(steps) & ~Exists(done))


def lines_of(run: UpliftRun) -> QuerySet[UpliftLine]:
    """The lines of a preview with head of family and difference, for the list and its export."""
    head = Member.objects.filter(household=OuterRef("household"), relation="head", left_on=None)
    result = UpliftResult.objects.filter(line=OuterRef("pk")).order_by("-pk")
    return (
        UpliftLine.objects.filter(run=run)
        .select_related("award", "area__parent", "household")
        .annotate(
            difference=Coalesce(DIFFERENCE, ZERO),
            head_name=Subquery(head.values("person__name")[:1]),
            is_carried=Subquery(result.values("is_done")[:1]),
            left_because=Subquery(result.values("apart")[:1]),
        )
    )


def filtered_lines(
    rows: QuerySet[UpliftLine],
    *,
    staff: Staff,
    township: str = "",
    outcome: str = "",
    category: str = "",
    apart: str = "",
    making_good: str = "",
    text: str = "",
    sort: str = "",
) -> QuerySet[UpliftLine]:
    """The lines as the list's address asks.

    :param making_good: where its 补差 stands, a key of :data:`dynamic_review.queries.making_good.STANDINGS`.
    :param text: as families are searched, or the number of an award.
    """
    wanted = {"outcome": outcome, "category": category, "apart": apart, "area__code__startswith": township}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    if making_good:
        rows = with_making_good(rows, making_good)
    if text:
        found = search(staff, text).order_by().values("pk")
        rows = rows.filter(Q(household__in=found) | Q(award__number__iexact=text))
    order = SORTS.get(sort.removeprefix("-"), SORTS["area"])
    return rows.order_by(*(f"-{name}" if sort.startswith("-") else name for name in order))


@dataclass(frozen=True)
class Total:
    """What an uplift comes to for one group, in yuan a month, back payment in all."""

    label: str
    key: str
    families: int
    people: int
    before: Decimal
    difference: Decimal
    back_payment: Decimal
    apart: int

    @property
    def after(self) -> Decimal:
        return self.before + self.difference


def totals_by_township(run: UpliftRun) -> list[Total]:
    """One row a township, in the order of their codes."""
    return _totals(run, F("area__parent__name"), F("area__parent__code"))


def totals_by_category(run: UpliftRun) -> list[Total]:
    """One row a category (类别); of 特困 one row in all."""
    return _totals(run, F("category"), F("category"))


def total_of(run: UpliftRun) -> Total:
    """The whole of a preview."""
    rows = totals_by_category(run)
    sums = [sum((getattr(row, name) for row in rows), start) for name, start in _SUMMED]
    return Total("合计", "", *sums)


_SUMMED: Sequence[tuple[str, Any]] = (
    ("families", 0),
    ("people", 0),
    ("before", ZERO),
    ("difference", ZERO),
    ("back_payment", ZERO),
    ("apart", 0),
)


def _totals(run: UpliftRun, label: F, key: F) -> list[Total]:
    carried = Q(outcome__in=CARRIED)
    rows = (
        UpliftLine.objects.filter(run=run)
        .order_by()
        .values(label=label, key=key)
        .annotate(
            families=Count("pk", filter=carried),
            people=Coalesce(Sum("person_count", filter=carried), 0),
            before=Coalesce(Sum("before_amount", filter=carried), ZERO),
            difference=Coalesce(Sum(DIFFERENCE, filter=carried), ZERO),
            back_payment=Coalesce(Sum("back_payment_amount", filter=carried), ZERO),
            apart=Count("pk", filter=Q(outcome=Outcome.APART.value)),
        )
        .order_by("key")
    )
    found: list[dict[str, Any]] = [dict(row) for row in rows]
    return [Total(**(row | {"label": row["label"] or "—", "key": row["key"] or ""})) for row in found]


def reasons_apart(run: UpliftRun) -> list[tuple[str, str, int]]:
    """Why lines are set apart: key, sentence, how many."""
    rows = UpliftLine.objects.filter(run=run, outcome=Outcome.APART.value).order_by().values("apart")
    counted = rows.annotate(count=Count("pk")).order_by("-count", "apart")
    return [(row["apart"], _WHY[row["apart"]], row["count"]) for row in counted]


def carried_lines(run: UpliftRun) -> QuerySet[UpliftLine]:
    """Lines of a preview that an uplift carries out, done or not."""
    return UpliftLine.objects.filter(run=run, outcome__in=CARRIED)


def to_carry_out(run: UpliftRun, *, step: str) -> QuerySet[UpliftLine]:
    """Lines of a preview that a step has not been through yet."""
    done = UpliftResult.objects.filter(line=OuterRef("pk"), step=step)
    return carried_lines(run).exclude(Exists(done))


def left_out(run: UpliftRun, *, step: str) -> int:
    """How many lines a step left as they were."""
    return UpliftResult.objects.filter(line__run=run, step=step, is_done=False).count()


def jobs_on(uplift: Uplift, runs: Sequence[int]) -> QuerySet[Job]:
    """Long work on an uplift that is not over, the newest first."""
    of_uplift = Q(parameters__uplift=uplift.pk) | Q(parameters__run__in=runs)
    kinds = Q(kind__startswith="dynamic_review.uplift.")
    return Job.objects.filter(kinds & of_uplift, state__in=OPEN_STATES).order_by("-pk")
