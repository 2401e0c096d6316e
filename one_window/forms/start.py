"""Whom the clerk has before them: an ID number typed or read from the card, or a name."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from foundation.identity import InvalidIdNumber, normalize_id_number, parse_id_number

_NUMBER = re.compile(r"\d{6,}[\dX]?")


class StartForm(forms.Form):
    """An ID number or a name; an ID-card reader types like a keyboard."""

    q = forms.CharField(
        label="身份证号或姓名",
        max_length=60,
        widget=forms.TextInput(
            {
                "autocomplete": "off",
                "spellcheck": "false",
                "autofocus": True,
                "placeholder": "刷身份证，或输入证号、姓名",
            }
        ),
    )

    def clean_q(self) -> str:
        """
        :raises ValidationError: meant as an ID number, and wrong.
        """
        text: str = self.cleaned_data["q"].strip()
        number = normalize_id_number(text)
        self.is_number = bool(_NUMBER.fullmatch(number))
        if not self.is_number:
            return text
        try:
            return parse_id_number(number, on=timezone.localdate()).number
        except InvalidIdNumber as error:
            raise ValidationError(str(error), code="invalid_id_number") from error

    def initial_of_head(self) -> dict[str, Any]:
        """What the form of a new family is begun with."""
        text = self.cleaned_data["q"]
        if not self.is_number:
            return {"name": text}
        parsed = parse_id_number(text, on=timezone.localdate())
        return {"id_number": parsed.number, "birth_date": parsed.birth_date, "sex": parsed.sex}
