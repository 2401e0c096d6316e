"""Adding and correcting members; a known ID number is said before anything is typed twice."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from foundation.access import grant
from foundation.errors import StaleVersion
from foundation.identity import InvalidIdNumber, parse_id_number
from foundation.once import act_once, tell_once
from foundation.pages import stale_rows
from households import queries, services
from households.forms import MemberForm, OnceField
from households.forms.people import member_initial
from households.models import Member
from households.views.loading import attempt, crumbs, own_family, own_member, staff_of, to_family
from organizations.permissions import Permission


class NewMemberForm(MemberForm):
    once = OnceField()


class CorrectMemberForm(MemberForm):
    """Carries the family's version, so that nobody corrects over somebody else's correction unseen."""

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, member=member, **kwargs)
        self.fields["version"] = forms.IntegerField(
            widget=forms.HiddenInput, required=False, initial=member.household.version
        )


@grant(Permission.REGISTER_HOUSEHOLD)
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a member (成员加入)."""
    household, staff, now = own_family(request, pk), staff_of(request), timezone.now()
    form = NewMemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        on = timezone.localdate(now)
        made = attempt(
            form,
            lambda: act_once(
                form.cleaned_data["once"],
                lambda: services.add_member(household, data=form.member_data(), by=staff, on=on, at=now),
            ),
        )
        if made is not None:
            name = form.cleaned_data["name"]
            tell_once(request, made, what=f"登记{name}", done=f"{name}已加入家庭。")
            return to_family(pk, "members")
    return render(request, "households/member.html", crumbs(household, form=form))


@grant(Permission.REGISTER_HOUSEHOLD)
def correct(request: HttpRequest, pk: int, member_pk: int) -> HttpResponse:
    """Correct what is recorded of a member (更正成员信息)."""
    member = own_member(request, pk, member_pk)
    form = CorrectMemberForm(request.POST or None, member=member)
    stale: Any = None
    if request.method == "POST" and form.is_valid():
        staff, on = staff_of(request), timezone.localdate()
        version = form.cleaned_data["version"] or 0
        try:
            saved = attempt(
                form,
                lambda: services.correct_member(member, data=form.member_data(), by=staff, on=on, version=version),
            )
        except StaleVersion:
            stale = stale_rows(form, member_initial(member))
            typed: Any = form.data.copy()  # type: ignore[attr-defined]
            typed["version"] = str(member.household.version)
            form.data = typed
        else:
            if saved is not None:
                messages.success(request, f"{saved.person}的信息已更正。")
                return to_family(pk, "members")
    context = crumbs(member.household, form=form, member=member, stale=stale)
    return render(request, "households/member.html", context, status=409 if stale else 200)


@grant(Permission.REGISTER_HOUSEHOLD, Permission.OPEN_INTAKE)
@require_POST
def lookup(request: HttpRequest) -> HttpResponse:
    """What is known of an ID number (查询证号): the family at home, the township elsewhere; a piece for htmx."""
    texts = [str(value) for name, value in request.POST.items() if name.endswith("id_number")]
    context: dict[str, Any] = {}
    try:
        number = parse_id_number(texts[0] if texts else "", on=timezone.localdate()).number
        known = services.look_up_person(number, by=staff_of(request), at=timezone.now())
    except InvalidIdNumber:
        known = None
    except services.TooManyLookups as error:
        known, context = None, {"refusal": error.message}
    if known is not None and known.household is not None:
        context["head"] = queries.head_of(known.household)
    return render(request, "households/_known.html", context | {"known": known})
