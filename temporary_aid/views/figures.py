"""临时救助统计: figures by township, type and month; every number leads to the list that comes to it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from eligibility.rules.choices import HardshipType
from foundation.access import grant
from foundation.error_pages import unreadable_filter
from foundation.rates import EXPORTS_A_MINUTE, limited
from foundation.responses import spreadsheet
from organizations.models import Area, Staff
from organizations.models.records import AccessKind
from organizations.queries import county, townships_for
from organizations.services import record_access
from temporary_aid.forms.figures import FiguresForm
from temporary_aid.permissions import Permission
from temporary_aid.queries import aid_terms
from temporary_aid.queries.figures import NONE_YET, AidFigures, Figure, aid_figures, first_year
from temporary_aid.queries.stages import GOODS
from temporary_aid.resources.figures import figures_book
from temporary_aid.views.loading import REFUSED, staff_of


@dataclass(frozen=True)
class Row:
    """One line of a table, with the addresses of the lists that come to its numbers.

    :param paid: aids that were paid; :param stages: the payments; :param reached: aids whose first help came.
    :param inside: the same figures by what the label is not: of a township its months, of a month its townships.
    :param span: least and most of 户均 in bases (S), of one type in a year: a month may hold part of an aid only.
    """

    label: str
    kind: str
    figure: Figure
    paid: str
    stages: str
    reached: str
    inside: str = ""
    is_sum: bool = False
    span: tuple[Decimal, Decimal] | None = None

    @property
    def times(self) -> str:
        return f"{self.paid}&once=times"

    @property
    def families(self) -> str:
        return f"{self.paid}&once=families"

    @property
    def money(self) -> str:
        return f"{self.stages}&form=money"

    @property
    def goods(self) -> str:
        return f"{self.stages}&form={GOODS}"

    @property
    def returned(self) -> str:
        return f"{self.stages}&returned=yes"

    @property
    def in_time(self) -> str:
        return f"{self.reached}&clock=in_time"

    @property
    def late(self) -> str:
        return f"{self.reached}&clock=late"

    @property
    def outside(self) -> str:
        """How 户均 stands to the county's guideline, where it is not within."""
        multiple = self.figure.base_multiple
        if self.span is None or multiple is None or self.span[0] <= multiple <= self.span[1]:
            return ""
        return "低于标准" if multiple < self.span[0] else "高于标准"


@grant(Permission.VIEW_AID)
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """The figures that the address asks for."""
    staff = staff_of(request)
    form = _form(request, staff)
    if not form.is_valid():
        context = {"form": form, "nav_key": "temporary_aid"}
        return render(request, "temporary_aid/figures.html", context, status=REFUSED)
    found = aid_figures(staff, form.period, **form.cut)
    kinds = [kind for kind in HardshipType if form.cut["kind"] in ("", kind.value)]
    today = timezone.localdate()
    told = _Told(found, kinds, form.cut, spans=_spans(found, on=today))
    context = {
        "form": form,
        "period": form.period,
        "by_township": list(_by_township(told)),
        "by_month": list(_by_month(told)) if form.period.month is None else [],
        "without": [area.name for area in found.townships if found.of(township=area) == NONE_YET],
        "whole": found.of(),
        "hours": aid_terms(county(), on=today).hours,
        "address": request.GET.urlencode(),
        "may_export": staff.may(Permission.EXPORT),
        "nav_key": "temporary_aid",
    }
    return render(request, "temporary_aid/figures.html", context)


@grant(Permission.EXPORT)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Excel of the same figures, by month too; nobody is named in it; on record."""
    staff, now = staff_of(request), timezone.now()
    form = _form(request, staff)
    if not form.is_valid():
        return unreadable_filter(request, form)
    found = aid_figures(staff, form.period, **form.cut)
    words = [dict(form.fields[name].choices)[form.cut[name]] for name in ("township", "kind") if form.cut[name]]  # type: ignore[attr-defined]
    cut = f"（{'、'.join(words)}）" if words else ""
    record_access(
        kind=AccessKind.EXPORT,
        staff=staff,
        at=now,
        subject_type="temporary_aid",
        subject_id=None,
        reason=f"导出{form.period.in_words}临时救助统计{cut}",
        row_count=found.of().times,
        query=request.GET.urlencode(),
    )
    return spreadsheet(figures_book(found, cut=cut), name=f"aid-figures-{form.period.year}")


def _form(request: HttpRequest, staff: Staff) -> FiguresForm:
    this_year = timezone.localdate().year
    since = min(first_year(staff) or this_year, this_year)
    townships = list(townships_for(staff, Permission.VIEW_AID))
    return FiguresForm(request.GET, years=range(this_year, since - 1, -1), townships=townships)


@dataclass(frozen=True)
class _Told:
    """The figures of the page, and what they are cut to."""

    found: AidFigures
    kinds: Sequence[HardshipType]
    cut: Mapping[str, str]
    spans: Mapping[HardshipType, tuple[Decimal, Decimal]]


def _spans(found: AidFigures, *, on: date) -> dict[HardshipType, tuple[Decimal, Decimal]]:
    """By type the least and most multiple of the base, as it was when the period ended; nothing where nobody was paid.

    :param on: today.
    """
    if not found.of().times:
        return {}
    last = timezone.localdate(found.period.until) - timedelta(days=1)
    terms = aid_terms(county(), on=min(last, on))
    return {row.kind: (row.least, row.most) for row in (terms.urgent, terms.expenditure)}


def _by_township(told: _Told) -> Iterator[Row]:
    for area in told.found.townships:
        yield from _lines(told, area.name, township=area)
    yield from _sums(told)


def _by_month(told: _Told) -> Iterator[Row]:
    for month in told.found.months:
        yield from _lines(told, f"{month.month}月", month=month)
    yield from _sums(told)


def _lines(told: _Told, label: str, *, township: Area | None = None, month: date | None = None) -> Iterator[Row]:
    """A township or month by type, and together where there are several; nothing where nothing was paid."""
    for kind in told.kinds:
        if told.found.of(township=township, kind=kind, month=month) != NONE_YET:
            yield _row(told, label, kind=kind, township=township, month=month)
    if len(told.kinds) > 1 and told.found.of(township=township, month=month) != NONE_YET:
        yield _row(told, label, township=township, month=month, is_sum=True)


def _sums(told: _Told) -> Iterator[Row]:
    for kind in told.kinds:
        yield _row(told, "合计", kind=kind, is_sum=True)
    if len(told.kinds) > 1:
        yield _row(told, "合计", is_sum=True)


def _row(
    told: _Told,
    label: str,
    *,
    township: Area | None = None,
    kind: HardshipType | None = None,
    month: date | None = None,
    is_sum: bool = False,
) -> Row:
    period = told.found.period
    number = month.month if month else period.month
    when = ("month", f"{period.year}-{number:02d}") if number else ("year", str(period.year))
    code = township.code if township else told.cut["township"]
    kept = {name: value for name, value in {"kind": kind.value if kind else "", "township": code}.items() if value}
    aids = reverse("temporary_aid:list")
    paid = {f"paid_{when[0]}": when[1]}
    # A township opens its months, so that the month which the page is cut to is left out.
    inside = {"year": period.year, "month": month.month if month else None, "kind": told.cut["kind"], "township": code}
    is_split = (township is not None or month is not None) and len(told.found.townships) > 1
    return Row(
        label=label,
        kind=kind.label if kind else "合计",
        figure=told.found.of(township=township, kind=kind, month=month),
        paid=f"{aids}?{urlencode(kept | paid)}",
        stages=f"{reverse('temporary_aid:stages')}?{urlencode({'show': 'paid'} | kept | paid)}",
        reached=f"{aids}?{urlencode(kept | {f'helped_{when[0]}': when[1]})}",
        inside=_inside(inside) if is_split else "",
        is_sum=is_sum,
        span=told.spans.get(kind) if kind and not number else None,
    )


def _inside(cut: Mapping[str, object]) -> str:
    return f"{reverse('temporary_aid:figures')}?{urlencode({name: value for name, value in cut.items() if value})}"
