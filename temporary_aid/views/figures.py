"""临时救助统计: figures by township, type and month; every number leads to exactly the aids behind it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
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
from temporary_aid.resources.figures import figures_book
from temporary_aid.views.loading import REFUSED, staff_of


@dataclass(frozen=True)
class Row:
    """One line of a table, with the addresses of the aids behind its numbers."""

    label: str
    kind: str
    figure: Figure
    paid: str
    reached: str
    is_sum: bool = False

    @property
    def times(self) -> str:
        return f"{self.paid}&once=times"

    @property
    def families(self) -> str:
        return f"{self.paid}&once=families"

    @property
    def in_time(self) -> str:
        return f"{self.reached}&clock=in_time"

    @property
    def late(self) -> str:
        return f"{self.reached}&clock=late"


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
    context = {
        "form": form,
        "period": form.period,
        "by_township": list(_by_township(found, kinds, form.cut["township"])),
        "by_month": list(_by_month(found, kinds, form.cut["township"])) if form.period.month is None else [],
        "without": [area.name for area in found.townships if found.of(township=area) == NONE_YET],
        "whole": found.of(),
        "hours": aid_terms(county(), on=timezone.localdate()).hours,
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


def _by_township(found: AidFigures, kinds: list[HardshipType], township: str) -> Iterator[Row]:
    for area in found.townships:
        for kind in kinds:
            figure = found.of(township=area, kind=kind)
            if figure != NONE_YET:
                yield _row(found, area.name, figure, township=area, kind=kind)
        if len(kinds) > 1 and found.of(township=area) != NONE_YET:
            yield _row(found, area.name, found.of(township=area), township=area, is_sum=True)
    yield from _sums(found, kinds, township)


def _by_month(found: AidFigures, kinds: list[HardshipType], township: str) -> Iterator[Row]:
    for month in found.months:
        label = f"{month.month}月"
        for kind in kinds:
            figure = found.of(kind=kind, month=month)
            if figure != NONE_YET:
                yield _row(found, label, figure, kind=kind, month=month, code=township)
        if len(kinds) > 1 and found.of(month=month) != NONE_YET:
            yield _row(found, label, found.of(month=month), month=month, is_sum=True, code=township)
    yield from _sums(found, kinds, township)


def _sums(found: AidFigures, kinds: list[HardshipType], township: str) -> Iterator[Row]:
    for kind in kinds:
        yield _row(found, "合计", found.of(kind=kind), kind=kind, is_sum=True, code=township)
    if len(kinds) > 1:
        yield _row(found, "合计", found.of(), is_sum=True, code=township)


def _row(
    found: AidFigures,
    label: str,
    figure: Figure,
    *,
    township: Area | None = None,
    kind: HardshipType | None = None,
    month: date | None = None,
    is_sum: bool = False,
    code: str = "",
) -> Row:
    cut = {"kind": kind.value if kind else "", "township": township.code if township else code}
    period, address = found.period, reverse("temporary_aid:list")
    number = month.month if month else period.month
    when = ("month", f"{period.year}-{number:02d}") if number else ("year", str(period.year))
    kept = {name: value for name, value in cut.items() if value}
    return Row(
        label=label,
        kind=kind.label if kind else "合计",
        figure=figure,
        paid=f"{address}?{urlencode(kept | {f'paid_{when[0]}': when[1]})}",
        reached=f"{address}?{urlencode(kept | {f'helped_{when[0]}': when[1]})}",
        is_sum=is_sum,
    )
