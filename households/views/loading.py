"""Load and authorise: what lies outside a person's areas is not found."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar, cast

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from foundation.errors import NotPermitted, ServiceError, StaleVersion
from foundation.pages import show_refusal
from households.models import Household, Member
from households.permissions import can_change
from households.queries import current_members, visible_to
from organizations.models import Staff

T = TypeVar("T")


def staff_of(request: HttpRequest) -> Staff:
    """Who asks."""
    return cast("Staff", request.user)


def family_or_404(request: HttpRequest, pk: int) -> Household:
    """The family, where the person may look."""
    families = visible_to(staff_of(request)).select_related("area__parent")
    return get_object_or_404(families, pk=pk)


def own_family(request: HttpRequest, pk: int) -> Household:
    """The family, where the person may change it.

    :raises NotPermitted: they may only look.
    """
    household = family_or_404(request, pk)
    if not can_change(staff_of(request), household):
        raise NotPermitted("您可以查看这个家庭，但不能变更。如需变更，请联系家庭所在乡镇。")
    return household


def own_member(request: HttpRequest, pk: int, member_pk: int) -> Member:
    """A current member of a family that the person may change."""
    household = own_family(request, pk)
    member = get_object_or_404(current_members(household), pk=member_pk)
    member.household = household
    return member


def attempt(form: BaseForm, act: Callable[[], T], *, others: Iterable[BaseForm] = ()) -> T | None:
    """Act; a refusal stands beside its field, in the form that has it, and gives nothing.

    :raises NotPermitted: answers 403.
    :raises StaleVersion: answered by the page that shows both versions.
    """
    try:
        return act()
    except (NotPermitted, StaleVersion):
        raise
    except ServiceError as error:
        holder = next((item for item in (form, *others) if error.field in item.fields), form)
        show_refusal(holder, error)
        return None


def to_family(household_pk: int, anchor: str = "") -> HttpResponse:
    """Back to the family's page, at the panel that was changed."""
    return redirect(reverse("households:detail", args=[household_pk]) + (f"#{anchor}" if anchor else ""))


def crumbs(household: Household, **more: Any) -> dict[str, Any]:
    """What every page of a family shows at its head."""
    head = household.members.select_related("person").filter(relation="head", left_on=None).first()
    return {"household": household, "family_name": f"{head.person}家庭" if head else household.number} | more
