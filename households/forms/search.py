"""Whom somebody has before them: an ID number typed or read from the card, or a name."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from foundation.identity import InvalidIdNumber, normalize_id_number, parse_id_number

_NUMBER = re.compile(r"\d{6,}[\dX]?")


class PersonSearchForm(forms.Form):
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
    is_number = False

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
