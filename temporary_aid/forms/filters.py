"""What the filters of all lists of aid share: their areas, and a text that holds no number of a person."""

from typing import Any

from django import forms

from foundation.form_fields import hide_if_alone
from foundation.personal_numbers import holds_number
from organizations.models import Staff
from organizations.queries import townships_for, villages_for
from temporary_aid.permissions import Permission

ANY = [("", "全部")]


def areas_of_filter(form: forms.Form, staff: Staff) -> None:
    """Let a filter's 乡镇 and 村 be those whose aid the person sees."""
    townships, villages = (form.fields[name] for name in ("township", "village"))
    places: Any = townships
    places.choices = [*ANY, *((area.code, area.name) for area in townships_for(staff, Permission.VIEW_AID))]
    chosen = form.data.get("township", "")
    found = villages_for(staff, Permission.VIEW_AID).filter(code__startswith=chosen if chosen.isdigit() else "")
    places = villages
    places.choices = [*ANY, *((area.code, area.short_name) for area in found)]
    hide_if_alone(form, "township")
    hide_if_alone(form, "village")


def plain_text(text: str, *, instead: str = "不要填身份证号或电话号码") -> str:
    """A search text; an ID number never stands in an address.

    :param instead: what to do where one was typed.
    :raises ValidationError: it holds one.
    """
    words = " ".join(text.split())
    if holds_number([words]):
        raise forms.ValidationError(f"这里按姓名或编号查，{instead}。")
    return words
