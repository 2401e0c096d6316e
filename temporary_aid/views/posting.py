"""事后公示: the sheet of a village or a township, printed to go up on the wall."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from documents.models import DocumentKind
from documents.services import preview_pdf
from foundation.access import grant
from foundation.responses import private_file
from organizations.models.records import AccessKind
from organizations.services import record_access
from temporary_aid import papers
from temporary_aid.forms.papers import PublicityForm
from temporary_aid.permissions import Permission
from temporary_aid.queries.posting import aids_to_post
from temporary_aid.views.loading import REFUSED, staff_of

SHOWN_DAYS = 7
"""What the form proposes; how long the sheet hangs is written on it."""


@grant(Permission.HANDLE_AID)
@require_http_methods(["GET", "POST"])
@never_cache
def print_publicity(request: HttpRequest) -> HttpResponse:
    """打印公示 of the aids of a village or township that are still to be posted; on record, for it names people."""
    staff, today = staff_of(request), timezone.localdate()
    initial = {"first_day": today, "last_day": today + timedelta(days=SHOWN_DAYS - 1), "area": request.GET.get("area")}
    form = PublicityForm(request.POST if request.method == "POST" else None, staff=staff, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        area = given.pop("area")
        aids = list(aids_to_post(staff, area))
        if aids:
            content = preview_pdf(DocumentKind.AID_PUBLICITY_SHEET, papers.aid_publicity_sheet(area, aids, **given))
            name = f"{area.name}临时救助公示"
            record_access(
                kind=AccessKind.DOCUMENT,
                staff=staff,
                at=timezone.now(),
                subject_type="area",
                subject_id=area.pk,
                reason=f"打印{name}（{'、'.join(aid.number for aid in aids)}）"[:200],
            )
            return private_file(content, name=f"{name}.pdf")
        form.add_error("area", f"{area.name}没有待公示的急难型临时救助。")
    context = {
        "title": "打印临时救助公示",
        "family": "急难型临时救助事后公示",
        "effect": "列出所选范围内已批准、还没有登记公示的急难型救助：姓名、人数、类型、金额、日期和监督电话，"
        "不写事由、病情、住址和号码。张贴以后，到每件救助的页面“登记公示”。",
        "form": form,
        "action_label": "打印公示",
        "cancel_url": reverse("temporary_aid:list") + "?publicity=due",
        "nav_key": "temporary_aid",
    }
    return render(request, "components/confirm_page.html", context, status=REFUSED if form.is_bound else 200)
