"""待遇名单: every award of a person's areas with what it is paid in a month; stopped families only when asked for."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum

from benefits.models import Award, AwardState, AwardVersion
from benefits.queries.awards import annotate_current, visible_to
from households.models import Member
from organizations.models import Staff

RUNNING = "running"
"""未停发的: what is listed unless another state is asked for."""
CATEGORIES = ("A", "B", "C")
SORTS = {"number": "number", "area": "area__code", "amount": "monthly_amount", "starts": "starts_month"}


@dataclass(frozen=True)
class AwardFilter:
    """What the list is cut to; empty for all but what was stopped."""

    text: str = ""
    scheme: str = ""
    state: str = ""
    category: str = ""
    township: str = ""
    village: str = ""
    least: Decimal | None = None
    most: Decimal | None = None


def list_awards(staff: Staff, wanted: AwardFilter, *, month: date, sort: str = "") -> QuerySet[Award]:
    """待遇 for the list: with amount, persons and category of the month, and the head's name.

    An award that begins later is listed with what it will be paid.

    :param sort: a key of :data:`SORTS`, with a minus for the other way round.
    """
    head = Member.objects.filter(household=OuterRef("household"), relation="head").order_by(
        F("left_on").desc(nulls_first=True), "-pk"
    )
    first = AwardVersion.objects.filter(award=OuterRef("pk")).order_by("serial")
    rows = annotate_current(visible_to(staff), month=month).annotate(
        head_name=Subquery(head.values("person__name")[:1]),
        first_amount=Subquery(first.values("monthly_amount")[:1]),
        first_count=Subquery(first.values("person_count")[:1]),
    )
    if wanted.state == RUNNING or not wanted.state:
        rows = rows.exclude(state=AwardState.STOPPED)
    else:
        rows = rows.filter(state=wanted.state)
    exact = {
        "scheme": wanted.scheme,
        "category": wanted.category,
        "area__parent__code": wanted.township,
        "area__code": wanted.village,
        "monthly_amount__gte": wanted.least,
        "monthly_amount__lte": wanted.most,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value not in ("", None)})
    if wanted.text:
        rows = rows.filter(_named(wanted.text))
    column = SORTS.get(sort.removeprefix("-"), "area__code")
    return rows.select_related("area__parent", "household").order_by(
        f"-{column}" if sort.startswith("-") else column, "number"
    )


def _named(text: str) -> Q:
    people = Member.objects.filter(Q(person__name__icontains=text) | Q(person__pinyin_initials__istartswith=text))
    return Q(number__iexact=text) | Q(household__number__iexact=text) | Q(household__in=people.values("household"))


@dataclass(frozen=True)
class AwardTotals:
    """Awards, persons and yuan a month of a list."""

    awards: int
    persons: int
    monthly_amount: Decimal


def totals_of(awards: QuerySet[Award]) -> AwardTotals:
    """What a list comes to in the month, in one query."""
    found = awards.order_by().aggregate(
        awards=Count("pk"),
        persons=Sum("person_count", default=0),
        amount=Sum("monthly_amount", default=Decimal("0.00")),
    )
    return AwardTotals(found["awards"], found["persons"], found["amount"])
