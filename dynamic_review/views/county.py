"""The county's board of lateness (按期情况), and extensions in a public emergency (核查延期)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from dynamic_review import services
from dynamic_review.forms.acts import ExtensionForm, ReasonForm
from dynamic_review.permissions import Permission
from dynamic_review.queries import dues
from dynamic_review.queries.extensions import extensions_visible_to
from dynamic_review.queries.needed import most_extension_months
from dynamic_review.views.loading import attempt, form_page, staff_of
from foundation.access import grant
from foundation.paging import page_of
from organizations.models.delegations import Scheme
from organizations.queries import county, townships_for


@grant(Permission.VIEW_REVIEW)
def board(request: HttpRequest) -> HttpResponse:
    """按期情况: every township, counted as of now."""
    today = timezone.localdate()
    rows = dues.board(staff_of(request), on=today)
    names = ("open", "todo", "under_way", "late", "foreseen", "done", "done_in_time")
    totals = {name: sum(getattr(row, name) for row in rows) for name in names}
    counted = totals["done"] + totals["late"]
    share = totals["done_in_time"] * 100 // counted if counted else None
    return render(
        request, "dynamic_review/board.html", {"rows": rows, "totals": totals, "share": share, "year": today.year}
    )


@grant(Permission.VIEW_REVIEW)
def extension_list(request: HttpRequest) -> HttpResponse:
    """Extensions that touch a township of the person's."""
    staff = staff_of(request)
    page = page_of(request, extensions_visible_to(staff))
    context = {
        "page": page,
        "may_extend": staff.may(Permission.EXTEND_REVIEWS),
        "schemes": dict(Scheme.choices),
        "most": most_extension_months(county(), on=timezone.localdate()),
    }
    return render(request, "dynamic_review/extensions.html", context)


@grant(Permission.EXTEND_REVIEWS)
@require_http_methods(["GET", "POST"])
def extend(request: HttpRequest) -> HttpResponse:
    """登记核查延期."""
    staff, today = staff_of(request), timezone.localdate()
    form = ExtensionForm(request.POST or None, townships=townships_for(staff, Permission.EXTEND_REVIEWS))
    if request.method == "POST" and form.is_valid():
        made = attempt(form, "延长核查期限", lambda: services.extend_reviews(data=form.extension(), by=staff, on=today))
        if made is not None:
            messages.success(request, f"已登记延期，{made.dues.count()}户的期限随之延长。")
            return redirect("dynamic_review:extensions")
    effect = (
        "只用于突发公共事件期间（民发〔2021〕57号第三十一条）。成员死亡的，仍须在死亡之日起三个月内办结，不能延长。"
    )
    return form_page(
        request, form, title="登记核查延期", effect=effect, back=reverse("dynamic_review:extensions"), submit="登记延期"
    )


@grant(Permission.EXTEND_REVIEWS)
@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """撤销延期."""
    staff = staff_of(request)
    extension = get_object_or_404(extensions_visible_to(staff), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        revoked = attempt(
            form,
            "撤销核查延期",
            lambda: services.revoke_extension(extension, by=staff, on=timezone.localdate(), **form.cleaned_data),
        )
        if revoked is not None:
            messages.success(request, "延期已撤销，期限恢复为法定日期。")
            return redirect("dynamic_review:extensions")
    effect = f"撤销“{extension.document}”的延期后，有关家庭的期限恢复为法定日期，已经过期的列为逾期。"
    return form_page(
        request,
        form,
        title="撤销核查延期",
        effect=effect,
        back=reverse("dynamic_review:extensions"),
        submit="撤销延期",
        danger=True,
    )
