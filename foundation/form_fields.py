"""Form fields that read what people type: amounts, ID numbers, days."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from foundation.files import check_picture, check_upload
from foundation.identity import InvalidIdNumber, normalize_id_number, parse_id_number
from foundation.money import in_figures, parse_amount
from foundation.names import person_name


class AmountField(forms.Field):
    """Yuan from 12000, 12,000.00 or 1.2万; the page shows beside it what was read."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs |= {"data-amount": "", "inputmode": "decimal", "autocomplete": "off", "class": "num"}

    def to_python(self, value: Any) -> Decimal | None:
        """
        :raises ValidationError: not an amount, negative, or finer than a fen.
        """
        return None if value in self.empty_values else parse_amount(str(value))

    def prepare_value(self, value: Any) -> Any:
        return in_figures(value) if isinstance(value, Decimal) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True


class IdNumberField(forms.CharField):
    """An ID number (身份证号), checked as of today; fills ``data-id-fill`` fields of its row or form."""

    def __init__(self, *, today: Callable[[], date] = timezone.localdate, **kwargs: Any) -> None:
        kwargs.setdefault("label", "身份证号")
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)
        self.today = today
        self.widget.attrs |= {"data-id-number": "", "autocomplete": "off", "spellcheck": "false"}

    def clean(self, value: Any) -> str:
        """
        :raises ValidationError: wrong length, characters, birth date or check digit.
        """
        number = normalize_id_number(super().clean(value) or "")
        if not number:
            return ""
        try:
            return parse_id_number(number, on=self.today()).number
        except InvalidIdNumber as error:
            raise ValidationError(str(error), code="invalid_id_number") from error


class PersonNameField(forms.CharField):
    """Somebody's name (姓名): letters of every script, no digits, no signs (:func:`foundation.names.person_name`)."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "姓名")
        kwargs.setdefault("max_length", 60)
        super().__init__(**kwargs)
        self.widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}

    def clean(self, value: Any) -> str:
        """
        :raises ValidationError: a digit or a sign stands in it.
        """
        return person_name(super().clean(value) or "")


class DayInput(forms.DateInput):
    """The browser's own calendar; values as ISO dates in every language."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class CameraInput(forms.FileInput):
    """Scans and photos: PDF, JPG or PNG; ``camera_field`` opens the camera on the phone."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"accept": "image/jpeg,image/png,application/pdf"} | (attrs or {}))


class PhotoInput(CameraInput):
    """Photos only: JPG or PNG."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"accept": "image/jpeg,image/png"} | (attrs or {}))


class ScanField(forms.FileField):
    """One scan or photo: PDF, JPG or PNG by its content."""

    widget = CameraInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if upload:
            check_upload(upload)
        return upload


class PhotoField(ScanField):
    """One photo: JPG or PNG by its content; a scanned PDF shows no scene."""

    widget = PhotoInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = forms.FileField.clean(self, data, initial)
        if upload:
            check_picture(upload)
        return upload


def hide_if_alone(form: forms.BaseForm, name: str) -> None:
    """Ask nothing where there is nothing to choose; what an address names beside it stays an error."""
    field: Any = form.fields[name]
    if len(field.choices) <= 2:  # 全部 and the only one
        field.widget = forms.HiddenInput()
