"""支出型: into the ordinary way; and the means check of urgent aid, asked for by hand where it was not by itself."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from foundation.access import grant
from foundation.errors import NotPermitted, ServiceError
from foundation.trail import because
from temporary_aid import services
from temporary_aid.permissions import Permission, check_can_act
from temporary_aid.views.loading import aid_or_404, staff_of, to_aid

_EFFECT = (
    "按申请、受理、核对、入户、公示、审核确认办理；困难情况作为申请理由带入，不用重填。"
    "救助金额和各期在临时救助的页面“拟发放计划”填写。"
)


@grant(Permission.HANDLE_AID)
@require_http_methods(["GET", "POST"])
def open_expenditure(request: HttpRequest, pk: int) -> HttpResponse:
    """转入一般程序: confirmed first, for the case that is opened is the family's application."""
    aid, staff = aid_or_404(request, pk), staff_of(request)
    check_can_act(staff, Permission.HANDLE_AID, area=aid.area)
    refused = ""
    if request.method == "POST":
        try:
            with because("转入一般程序"):
                case = services.open_expenditure(aid, by=staff, at=timezone.now())
        except NotPermitted:
            raise
        except ServiceError as error:
            refused = error.message
        else:
            messages.success(request, f"已转入办件{case.number}，请在办件中打印申请材料、签字登记。")
            return redirect("applications:detail", case.pk)
    context = {
        "title": "转入一般程序",
        "family": f"{aid.recipient_name}：{aid.number}",
        "effect": refused or _EFFECT,
        "action_label": "转入办件",
        "cancel_url": reverse("temporary_aid:detail", args=[aid.pk]),
        "nav_key": "temporary_aid",
    }
    return render(request, "components/confirm_page.html", context, status=422 if refused else 200)


@grant(Permission.REQUEST_MEANS_CHECK)
@require_POST
def request_means(request: HttpRequest, pk: int) -> HttpResponse:
    """提请后台核对."""
    aid, staff = aid_or_404(request, pk), staff_of(request)
    try:
        with because("提请后台核对"):
            check = services.request_means(aid, by=staff, at=timezone.now())
    except NotPermitted:
        raise
    except ServiceError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"已提请核对（{check.batch_number}）。")
    return to_aid(aid.pk, "means-check")
