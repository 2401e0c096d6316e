"""Fields of families: telephone, village cut to the person's permission, relation, a token against double sending."""

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from foundation.once import fresh_token
from households.models.families import Relation
from organizations.models import Area, Staff
from organizations.permissions import Permission
from organizations.queries import villages_for

_PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}[2-9]\d{6,7}")
RELATIONS = [("", "请选择"), *[(value, label) for value, label in Relation.choices if value != Relation.HEAD]]
"""与户主关系 without the head."""


class PhoneField(forms.CharField):
    """A mobile or landline number; spaces and dashes are dropped."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 30)
        super().__init__(**kwargs)
        self.widget.attrs |= {"inputmode": "tel", "autocomplete": "off"}

    def clean(self, value: Any) -> str:
        """
        :raises ValidationError: neither a mobile nor a landline number.
        """
        plain = re.sub(r"[\s\-—–()]", "", unicodedata.normalize("NFKC", super().clean(value) or ""))
        plain = re.sub(r"^(\+|00)86", "", plain)
        if plain and not _PHONE.fullmatch(plain):
            raise ValidationError("请填11位手机号，或带区号的固定电话，例如 0563-8160000。")
        return plain


class VillageField(forms.ModelChoiceField):
    """Villages in which the person may do an act, grouped by township."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "村（社区）")
        kwargs.setdefault("empty_label", "请选择")
        super().__init__(Area.objects.none(), **kwargs)

    def cut_to(self, staff: Staff, permission: Permission) -> None:
        """Offer what the person may act in; a single village is chosen already."""
        villages = list(villages_for(staff, permission))
        self.offer(villages)
        if len(villages) == 1:
            self.initial = villages[0].pk

    def offer(self, villages: list[Area]) -> None:
        """Offer these villages."""
        self.queryset = Area.objects.filter(pk__in=[village.pk for village in villages])
        self.choices = self._grouped(villages)

    def _grouped(self, villages: list[Area]) -> list[Any]:
        groups: dict[str, list[tuple[int, str]]] = {}
        for village in villages:
            groups.setdefault(str(village.parent), []).append((village.pk, village.short_name))
        return [("", self.empty_label), *groups.items()]


class OnceField(forms.CharField):
    """Hidden token: a form sent twice acts once (see :mod:`foundation.once`)."""

    def __init__(self) -> None:
        super().__init__(
            widget=forms.HiddenInput,
            initial=fresh_token,
            max_length=32,
            error_messages={"required": "请刷新页面再填。"},
        )


class VoidForm(forms.Form):
    """Why something is taken out of use."""

    reason = forms.CharField(label="作废原因", max_length=100)
