"""Incomes and spending of a year, property, supporters."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from foundation.access import grant
from foundation.errors import StaleVersion
from foundation.pages import stale_rows
from households import queries, services
from households.forms import PropertyForm, SupportersForm, expense_rows, income_rows, supporter_rows
from households.models import Household
from households.services.means import PROPERTY_FACTS
from households.views.loading import attempt, crumbs, own_family, own_member, staff_of, to_family
from organizations.permissions import Permission

KINDS: dict[str, dict[str, Any]] = {
    "incomes": {
        "title": "收入",
        "rows": income_rows,
        "stored": queries.incomes_of,
        "save": services.save_incomes,
        "add": "添加一项收入",
    },
    "expenses": {
        "title": "刚性支出与就业成本",
        "rows": expense_rows,
        "stored": queries.expenses_of,
        "save": services.save_expenses,
        "add": "添加一项支出",
    },
}
FIRST_YEAR = 2000
"""No earlier year is asked about."""


@grant(Permission.REGISTER_HOUSEHOLD)
def yearly(request: HttpRequest, pk: int, kind: str, year: int) -> HttpResponse:
    """Incomes (收入) or approved spending (核减支出) of one year, as rows."""
    today = timezone.localdate()
    if kind not in KINDS or not FIRST_YEAR <= year <= today.year + 1:
        raise Http404
    household, what = own_family(request, pk), KINDS[kind]
    stored = list(what["stored"](household, year=year).select_related("member__person", "evidence"))
    posted = request.method == "POST"
    rows = what["rows"](household, stored, data=request.POST if posted else None)
    form = SupportersForm(request.POST if posted else None, initial={"version": household.version})
    stale = False
    if posted and all([rows.is_valid(), form.is_valid()]):
        save = _saving(what["save"], household, rows, year, request)
        try:
            if attempt(form, lambda: save(form.cleaned_data["version"] or 0)):
                messages.success(request, f"{year}年{what['title']}已保存。")
                return to_family(pk, "means")
        except StaleVersion:
            stale = True
            _renew(form, household)
    context = crumbs(household, rows=rows, form=form, what=what, year=year, stored=stored, stale=stale, kind=kind)
    return render(request, "households/yearly.html", context | _years(year), status=409 if stale else 200)


def _saving(
    service: Callable[..., None], household: Household, rows: Any, year: int, request: HttpRequest
) -> Callable[[int], bool]:
    def save(version: int) -> bool:
        by = staff_of(request)
        service(household, year=year, rows=rows.rows(), by=by, at=timezone.now(), version=version)
        return True

    return save


def _years(year: int) -> dict[str, Any]:
    today: date = timezone.localdate()
    return {"years": sorted({today.year - 1, today.year, year})}


def _renew(form: Any, household: Household) -> None:
    typed = form.data.copy()
    typed["version"] = str(household.version)
    form.data = typed


@grant(Permission.REGISTER_HOUSEHOLD)
def edit_property(request: HttpRequest, pk: int) -> HttpResponse:
    """Property (财产; F57 §14)."""
    household = own_family(request, pk)
    record = queries.property_of(household)
    stored = {name: getattr(record, name) for name in PROPERTY_FACTS} if record else {}
    form = PropertyForm(request.POST or None, initial=stored | {"version": household.version})
    stale: Any = None
    if request.method == "POST" and form.is_valid():
        version, staff = form.cleaned_data["version"] or 0, staff_of(request)
        try:
            if attempt(form, lambda: services.save_property(household, facts=form.facts(), by=staff, version=version)):
                messages.success(request, "财产已保存。")
                return to_family(pk, "property")
        except StaleVersion:
            stale = stale_rows(form, stored)
            _renew(form, household)
    return render(
        request, "households/property.html", crumbs(household, form=form, stale=stale), status=409 if stale else 200
    )


@grant(Permission.REGISTER_HOUSEHOLD)
def supporters(request: HttpRequest, pk: int, member_pk: int) -> HttpResponse:
    """Who owes support to a member and is not in the family (法定义务人; F43 §8)."""
    member = own_member(request, pk, member_pk)
    household, posted = member.household, request.method == "POST"
    stored = list(member.supporters.filter(ended_on=None))
    initial = {"known_all": member.supporters_known, "version": household.version}
    form = SupportersForm(request.POST if posted else None, initial=initial)
    rows = supporter_rows(stored, data=request.POST if posted else None)
    stale = False
    if posted and all([form.is_valid(), rows.is_valid()]):
        cleaned, staff, on = form.cleaned_data, staff_of(request), timezone.localdate()
        try:
            if attempt(form, lambda: _save_supporters(member, rows, cleaned, staff, on)):
                messages.success(request, f"{member.person}的法定义务人已保存。")
                return to_family(pk, "supporters")
        except StaleVersion:
            stale = True
            _renew(form, household)
    context = crumbs(household, member=member, form=form, rows=rows, stored=stored, stale=stale)
    return render(request, "households/supporters.html", context, status=409 if stale else 200)


def _save_supporters(member: Any, rows: Any, cleaned: dict[str, Any], staff: Any, on: date) -> bool:
    services.save_supporters(
        member,
        rows=rows.rows(),
        known_all=cleaned["known_all"],
        by=staff,
        on=on,
        version=cleaned["version"] or 0,
    )
    return True
