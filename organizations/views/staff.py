"""人员与岗位: the list of accounts and its export, opening one, one account's page, correcting it."""

from typing import Any, cast

from django.contrib import messages
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.access import grant
from foundation.errors import NotPermitted, ServiceError, StaleVersion
from foundation.history import changes_of
from foundation.once import act_once
from foundation.pages import Happening, show_refusal, stale_rows
from foundation.paging import page_of
from foundation.rates import EXPORTS_A_MINUTE, limited
from foundation.responses import spreadsheet
from organizations import queries, services
from organizations.forms.staff import CorrectForm, OpenForm, StaffFilter, stored_facts
from organizations.models import AccountState, Staff
from organizations.permissions import Permission, Role
from organizations.resources import StaffResource
from organizations.rules.separation import held_apart_from

SORTS = {"number": "staff_number", "name": "name", "area": "area__code", "login": "last_login"}
TONES = {
    AccountState.IN_USE: "good",
    AccountState.FIRST_PASSWORD: "accent",
    AccountState.LOCKED: "late",
    AccountState.TO_COME: "due",
}


def staff_of(request: HttpRequest) -> Staff:
    """Who asks."""
    return cast("Staff", request.user)


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, also where it is nothing."""
    return request.POST if request.method == "POST" else None


def account_or_404(request: HttpRequest, pk: int) -> Any:
    """The account with its state, where the person keeps accounts."""
    accounts = queries.with_state(queries.accounts_for(staff_of(request)), at=timezone.now())
    account: Any = get_object_or_404(accounts, pk=pk)
    return _with_tone(account)


def _with_tone(account: Any) -> Any:
    account.state_label = AccountState(account.state).label
    account.state_tone = TONES.get(account.state, "")
    return account


@grant(Permission.MANAGE_STAFF)
@require_safe
def staff_list(request: HttpRequest) -> HttpResponse:
    """Every account with its posts in force, state and last log-in."""
    form, accounts = _wanted(request)
    page = page_of(request, accounts)
    for account in page:
        _with_tone(account)
    context = {"form": form, "page": page, "nav_key": "system"}
    return render(request, "organizations/staff.html", context, status=200 if form.is_valid() else 422)


@grant(Permission.MANAGE_STAFF)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
def export_staff(request: HttpRequest) -> HttpResponse:
    """Excel of exactly what is filtered; taking the list out is on record."""
    _, accounts = _wanted(request)
    content = services.export_list(
        StaffResource(),
        accounts,
        words="人员与岗位（{}人）",
        query=request.GET.urlencode(),
        by=staff_of(request),
        at=timezone.now(),
    )
    return spreadsheet(content, name=f"staff-{timezone.localdate():%Y%m%d}")


def _wanted(request: HttpRequest) -> tuple[StaffFilter, QuerySet[Staff]]:
    """The filter, and what it asks for in its order; nothing where it cannot be read."""
    staff = staff_of(request)
    form = StaffFilter(request.GET, staff=staff)
    filters = form.cleaned_data if form.is_valid() else {}
    accounts = queries.filtered_accounts(staff, at=timezone.now(), **filters)
    sort = request.GET.get("sort", "")
    column = F(SORTS.get(sort.removeprefix("-"), "staff_number"))
    order = column.desc(nulls_last=True) if sort.startswith("-") else column.asc(nulls_first=True)
    return form, accounts.order_by(order, "pk") if form.is_valid() else accounts.none()


@grant(Permission.MANAGE_STAFF)
@never_cache
@require_http_methods(["GET", "POST"])
def open_account(request: HttpRequest) -> HttpResponse:
    """Open an account (开户); the first password is on the page that answers, once."""
    staff, today = staff_of(request), timezone.localdate()
    form = OpenForm(posted(request), staff=staff, today=today)
    if request.method == "POST" and form.is_valid():
        shown: list[str] = []

        def act() -> Staff:
            account, password = services.open_officer_account(
                facts=form.facts(),
                active_from=form.cleaned_data["active_from"],
                active_to=form.cleaned_data["active_to"],
                role=Role(form.cleaned_data["role"]),
                post_area=form.area_of_post(),
                by=staff,
                on=today,
                id_number=form.cleaned_data["id_number"],
            )
            shown.append(password)
            return account

        try:
            pk, _ = act_once(form.cleaned_data["once"], act)
        except NotPermitted:
            raise
        except ServiceError as error:
            field = "post_area" if isinstance(error, services.NotAppointable) and error.field == "area" else error.field
            show_refusal(form, type(error)(error.message, field=field))
        else:
            return first_password_page(request, pk, shown, title="账号已开通")
    context = {"form": form, "nav_key": "system"}
    return render(request, "organizations/open_account.html", context, status=422 if form.is_bound else 200)


def first_password_page(request: HttpRequest, pk: int, shown: list[str], *, title: str) -> HttpResponse:
    """The first password, this once; whoever sends the same form again is told that it is not shown twice."""
    if not shown:
        messages.info(request, "这一步已经办好，首次密码只显示一次。没有记下的，请重置密码。")
        return redirect("organizations:staff_account", pk) if pk else redirect("organizations:staff")
    context = {"account": account_or_404(request, pk), "password": shown[0], "title": title, "nav_key": "system"}
    response = render(request, "organizations/first_password.html", context)
    response["Cache-Control"] = "no-store, private"
    return response


@grant(Permission.MANAGE_STAFF)
@require_safe
def staff_account(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: facts, posts, acts, everything done with it."""
    account, today = account_or_404(request, pk), timezone.localdate()
    posts = list(queries.posts_of(account))
    changes = changes_of([account], leave_out=("session_round", "second_factor_at")) + changes_of(posts)
    changes.sort(key=lambda change: change.at, reverse=True)
    actors = queries.names_of_actors(change.actor for change in changes)
    is_own = account == staff_of(request)
    for post in posts:
        post.standing = _standing(post, today)  # type: ignore[attr-defined]
        is_locked = is_own and post.role == Role.SYSTEM_ADMINISTRATOR
        post.may_end = not is_locked and (post.ends_on is None or post.ends_on >= today)  # type: ignore[attr-defined]
    context = {
        "account": account,
        "posts": posts,
        "logins": queries.logins_of(account, at=timezone.now()),
        "happenings": [_happening(event) for event in account.events.select_related("by")],
        "changes": [(change, actors[change.actor]) for change in changes],
        "is_own": is_own,
        "is_ended": account.state == AccountState.ENDED,
        "is_locked": account.state == AccountState.LOCKED,
        "has_end": account.active_to is not None,
        "both": _handles_and_approves(account.posts_in_force),
        "why_apart": services.WHY_APART,
        "nav_key": "system",
    }
    return render(request, "organizations/staff_account.html", context)


def _standing(post: Any, today: Any) -> tuple[str, str]:
    if post.ends_on is not None and post.ends_on < post.starts_on:
        return "撤销，未到任", ""
    if post.ends_on is not None and post.ends_on < today:
        return "已结束", ""
    if post.starts_on > today:
        return "未到任", "due"
    if post.ends_on is None:
        return "在任", "good"
    return f"代理{post.on_behalf_of or ''}", "accent"


def _handles_and_approves(posts: list[Any]) -> list[str]:
    """Areas in which the person both handles and approves today."""
    held = {(post.role, post.area_id) for post in posts}
    return sorted({post.area.name for post in posts if (held_apart_from(post.role), post.area_id) in held})


def _happening(event: Any) -> Happening:
    note = "；".join(filter(None, (event.note, f"原因：{event.reason}" if event.reason else "")))
    return Happening(title=event.get_kind_display(), at=event.at, by=str(event.by or "系统"), note=note)


@grant(Permission.MANAGE_STAFF)
@require_http_methods(["GET", "POST"])
def correct_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct an account's facts (更正资料); a stale form shows both versions."""
    account, staff = account_or_404(request, pk), staff_of(request)
    form = CorrectForm(posted(request), account=account, staff=staff)
    stale: Any = None
    if request.method == "POST" and form.is_valid():
        seen = {name: form.cleaned_data[name] for name in ("version", "reason")}
        try:
            services.correct_account(account, facts=form.facts(), by=staff, on=timezone.localdate(), **seen)
        except NotPermitted:
            raise
        except StaleVersion:
            stale = _stale(form, account)
        except ServiceError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{form.cleaned_data['name']}的账号资料已更正。")
            return redirect("organizations:staff_account", pk)
    context = {"account": account, "form": form, "stale": stale, "nav_key": "system"}
    status = 409 if stale else 422 if form.is_bound else 200
    return render(request, "organizations/correct_account.html", context, status=status)


def _stale(form: CorrectForm, account: Staff) -> Any:
    """Both versions; the next save is taken as one that has seen them."""
    account = Staff.objects.get(pk=account.pk)
    theirs = stored_facts(account)
    seen: Any = form.data
    form.data = seen = seen.copy()
    seen["version"] = str(theirs.pop("version"))
    return stale_rows(form, theirs)
