"""Steps that several tests of the page take."""

from typing import Any

from django.test import Client
from django.urls import reverse

from households.models import Household
from tests.one_window.filling import fields_of
from tests.support.crews import VILLAGES
from tests.support.factories import area

START = "/intake/"


def register(window: Client, *, number: str, name: str = "胡德旺") -> Household:
    """Type an ID number that nobody has, register the family that the page offers."""
    page = window.post(START, {"q": number})
    fields = fields_of(page, reverse("one_window:register"))
    village = area(VILLAGES["341824101"])
    answer = window.post(
        reverse("one_window:register"),
        fields | {"head-name": name, "family-area": village.pk, "family-address": "一组12号"},
    )
    assert answer.status_code == 302, answer.content.decode()
    return Household.objects.get(members__person__name=name)


def open_page(window: Client, household: Household) -> dict[str, Any]:
    """The page's fields as a browser has them."""
    return fields_of(window.get(f"/intake/{household.pk}/"))


def save(window: Client, household: Household, fields: dict[str, Any], **more: Any) -> Any:
    """Send the page back."""
    return window.post(f"/intake/{household.pk}/", fields | more)


def with_row(fields: dict[str, Any], prefix: str, **values: Any) -> dict[str, Any]:
    """Fill the spare row of a formset."""
    row = int(fields[f"{prefix}-TOTAL_FORMS"]) - 1
    return fields | {f"{prefix}-{row}-{name}": value for name, value in values.items()}
