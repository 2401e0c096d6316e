"""Second factor (两步验证): the second step of log-in, setting it up, recovery codes (备用码)."""

from typing import Any

import pyotp
import segno
from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.access import owes_second_step, pass_second_step, second_step, sets_second_factor
from foundation.crypto import blind_index
from foundation.pages import show_refusal
from organizations import services
from organizations.forms.second_factor import CodeForm, SecondStepForm, StartForm
from organizations.models import SecondFactor, Staff
from organizations.models.staff import REQUIRED
from organizations.services import Answer, FactorRefused
from organizations.views.account import session_of, stay_signed_in, wanted_page
from organizations.views.staff import posted, staff_of

_ISSUER = "绩溪县社会救助"
_WRONG = "验证码不对，或已经用过。请等手机上换出新的数字再填；手机时间要设为自动。"
_LOCKED = "连续输错，两步验证暂时锁定{minutes}分钟。不是您本人操作的，请立即联系系统管理员。"
_RECOVERED = "您用了一个备用码登录，还剩{left}个。手机丢了的，请马上重新设置两步验证。"

_NO_KEY = "没有等待启用的二维码，或者已超过{minutes}分钟、是在别处开始的。请重新点“开始设置”，再扫码。"
_NEW_KEY = "second_factor_new_key"
"""In the session: the mark of the key that it made, and when."""


@second_step
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest) -> HttpResponse:
    """The second step of log-in (登录的第二步); nothing else is open before it."""
    staff = staff_of(request)
    if not owes_second_step(request):
        return HttpResponseRedirect(wanted_page(request))
    form = SecondStepForm(posted(request))
    status = 422 if form.is_bound else 200
    if form.is_valid():
        found = services.answer_second_step(staff, code=form.cleaned_data["code"], at=timezone.now())
        if found in (Answer.RIGHT, Answer.RECOVERY):
            pass_second_step(request)
            stay_signed_in(request, staff)
            if found == Answer.RECOVERY:
                messages.warning(request, _RECOVERED.format(left=len(_factor(staff).recovery)))
            return HttpResponseRedirect(wanted_page(request))
        status = _refuse(form, found)
    context = {"form": form, "next": wanted_page(request), "staff": staff}
    return render(request, "organizations/second_step.html", context, status=status)


def _refuse(form: Form, found: Answer) -> int:
    """Put what is wrong with a code beside it; the status of the page."""
    is_locked = found == Answer.LOCKED
    form.add_error("code", _LOCKED.format(minutes=settings.LOCKOUT_MINUTES) if is_locked else _WRONG)
    return settings.AXES_HTTP_RESPONSE_CODE if is_locked else 422


@sets_second_factor
@never_cache
@require_safe
def second_factor(request: HttpRequest) -> HttpResponse:
    """How it stands with one's second factor, and the new key where one waits to be confirmed."""
    return _page(request)


@sets_second_factor
@never_cache
@sensitive_post_parameters()
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Make a new key (开始设置), for who knows the password and has the old phone."""
    staff = staff_of(request)
    form = StartForm(request.POST, staff=staff)
    if not form.is_valid():
        return _page(request, start_form=form, status=422)
    if "code" in form.fields:
        found = services.answer_second_step(staff, code=form.cleaned_data["code"], at=timezone.now())
        if found not in (Answer.RIGHT, Answer.RECOVERY):
            return _page(request, start_form=form, status=_refuse(form, found))
    services.start_second_factor(staff)
    request.session[_NEW_KEY] = [_mark_of(_factor(staff).pending.reveal()), timezone.now().timestamp()]
    return redirect("organizations:second_factor")


@sets_second_factor
@never_cache
@sensitive_post_parameters()
@sensitive_variables()
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Put the new key into force (启用); other sessions end, the recovery codes are on the page that answers, once."""
    staff, form = staff_of(request), CodeForm(request.POST)
    if not form.is_valid():
        return _page(request, code_form=form, status=422)
    if not _key_here(request, _factor(staff)):
        messages.error(request, _NO_KEY.format(minutes=settings.NEW_KEY_MINUTES))
        return _page(request, status=422)
    code, keep = form.cleaned_data["code"], session_of(request)
    try:
        codes = services.confirm_second_factor(staff, code=code, at=timezone.now(), keep=keep)
    except FactorRefused as error:
        show_refusal(form, error)
        return _page(request, code_form=form, status=422)
    del request.session[_NEW_KEY]
    pass_second_step(request)
    stay_signed_in(request, staff)
    return _shown_once(request, codes, "两步验证已启用")


@sets_second_factor
@never_cache
@sensitive_post_parameters()
@sensitive_variables()
@require_POST
def renew_recovery(request: HttpRequest) -> HttpResponse:
    """Ten new recovery codes (更换备用码), for who has the phone."""
    staff, form = staff_of(request), CodeForm(request.POST)
    if not form.is_valid() or staff.second_factor_at is None:
        return _page(request, recovery_form=form, status=422)
    found = services.answer_second_step(staff, code=form.cleaned_data["code"], at=timezone.now())
    if found not in (Answer.RIGHT, Answer.RECOVERY):
        return _page(request, recovery_form=form, status=_refuse(form, found))
    return _shown_once(request, services.renew_recovery_codes(staff, on=timezone.localdate()), "备用码已更换")


def _page(
    request: HttpRequest,
    *,
    start_form: Form | None = None,
    code_form: Form | None = None,
    recovery_form: Form | None = None,
    status: int = 200,
) -> HttpResponse:
    staff = staff_of(request)
    factor = _factor(staff)
    context = {
        "is_forced": staff.lacks_second_factor(),
        "is_asked_of_the_county": settings.SECOND_FACTOR == REQUIRED,
        "factor": factor,
        "start_form": start_form or StartForm(staff=staff),
        "code_form": code_form or CodeForm(auto_id="id_new_%s"),
        "recovery_form": recovery_form or CodeForm(auto_id="id_recovery_%s"),
        **_new_key(staff, _key_here(request, factor)),
    }
    return render(request, "organizations/second_factor.html", context, status=status)


def _factor(staff: Staff) -> SecondFactor:
    return SecondFactor.objects.filter(staff=staff).first() or SecondFactor(staff=staff)


@sensitive_variables()
@sensitive_variables()
def _key_here(request: HttpRequest, factor: SecondFactor) -> str:
    """The key that waits to be confirmed: for a while, and only in the session that gave the password for it."""
    mark, made_at = request.session.get(_NEW_KEY, ("", 0))
    key = factor.pending.reveal()
    is_in_time = timezone.now().timestamp() < made_at + settings.NEW_KEY_MINUTES * 60
    return key if key and is_in_time and mark == _mark_of(key) else ""


@sensitive_variables()
def _mark_of(key: str) -> str:
    return blind_index(key, purpose="new_key")


@sensitive_variables()
def _new_key(staff: Staff, key: str) -> dict[str, Any]:
    """The key as a picture to scan and in groups to type."""
    if not key:
        return {}
    address = pyotp.TOTP(key).provisioning_uri(name=staff.staff_number, issuer_name=_ISSUER)
    return {"picture": _picture(address), "typed_key": " ".join(key[i : i + 4] for i in range(0, len(key), 4))}


def _picture(address: str) -> SafeString:
    drawn = segno.make(address, error="m").svg_inline(scale=5, border=4, omitsize=True, dark="#000", light="#fff")
    return mark_safe(drawn)  # noqa: S308 -- drawn here, of squares alone


@sensitive_variables()
def _shown_once(request: HttpRequest, codes: list[str], title: str) -> HttpResponse:
    response = render(request, "organizations/recovery_codes.html", {"codes": codes, "title": title})
    response["Cache-Control"] = "no-store, private"
    return response
