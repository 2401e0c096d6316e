"""恢复低保: the county brings a family in phase-out back, on what its data come to now."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from applications.queries import head_of
from applications.rules.accounting import accounting_years
from benefits.models import PhaseOut
from benefits.queries import phase_outs_visible_to
from dynamic_review import services
from dynamic_review.forms.acts import RestoreForm
from dynamic_review.permissions import Permission
from dynamic_review.queries.restoring import reassessed, reported_fall, review_under_way, year_to_reckon
from dynamic_review.views.loading import REFUSED, attempt, staff_of
from foundation.access import grant


@grant(Permission.MANAGE_PHASE_OUT)
@never_cache
@require_http_methods(["GET", "POST"])
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """What the family comes to now, and one press that brings it back."""
    staff, today = staff_of(request), timezone.localdate()
    rows = phase_outs_visible_to(staff).filter(award__area_id__in=staff.area_ids(Permission.MANAGE_PHASE_OUT))
    row = get_object_or_404(rows.select_related("award__household", "award__area__parent"), pk=pk)
    years = accounting_years(on=today)
    form = RestoreForm(request.POST or None, years=years)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        document = attempt(form, "恢复低保", lambda: services.restore_family(row, **given, by=staff, on=today))
        if document is not None:
            messages.success(request, f"待遇{row.award.number}已恢复，告知书{document.number}请交乡镇送达。")
            return redirect("benefits:award", row.award_id)
    asked = request.POST.get("year") or request.GET.get("year") or ""
    year = int(asked) if asked.isdecimal() and int(asked) in years else year_to_reckon(row, on=today)
    return _page(request, row, form, year=year, status=REFUSED if form.is_bound else 200)


def _page(request: HttpRequest, row: PhaseOut, form: RestoreForm, *, year: int, status: int) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "row": row,
        "award": row.award,
        "family_name": head_of(row.award.household),
        "form": form,
        "year": year,
        "years": accounting_years(on=today),
        "found": reassessed(row, year=year, on=today),
        "check": reported_fall(row),
        "case": review_under_way(row),
        "nav_key": "phase_outs",
    }
    return render(request, "dynamic_review/restore.html", context, status=status)
