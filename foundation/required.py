"""What a field that must be filled in says when it is not: what to do, and of which field; in every form alike."""

import re

from django import forms
from django.forms import BaseForm, BoundField, Field

_FEW_CHOICES = (forms.Select, forms.SelectMultiple, forms.RadioSelect, forms.CheckboxSelectMultiple, forms.DateInput)
_ASIDE = re.compile("（(?!社区).*?）")
"""Units and hints behind a label; 村（社区） is a name."""


def ask_for_it(field: BoundField) -> str:
    """“请选择村（社区）。”, “请填写住址。”, “请上传照片。”, “请勾选已告知。” by the field's widget and label."""
    if field.is_hidden:
        return "提交的内容不完整，请刷新页面后重新提交。"
    verb, label = _verb(field.field), _ASIDE.sub("", str(field.label)).strip().rstrip("？?：:。")
    return f"请{verb}{label.removeprefix(verb)}。"


def _verb(field: Field) -> str:
    widget = field.widget
    if isinstance(widget, forms.FileInput):
        return "上传"
    if isinstance(widget, forms.CheckboxInput):
        return "勾选"
    return "选择" if isinstance(widget, _FEW_CHOICES) else "填写"


def name_what_is_missing() -> None:
    """Let every form ask for what is missing by name, where its field has no sentence of its own.

    Done where Django cleans a form, so that forms of every room, rows of formsets and fields added late have it.
    """
    clean = BaseForm.full_clean

    def full_clean(form: BaseForm) -> None:
        for name, field in form.fields.items():
            if field.required and field.error_messages.get("required") == Field.default_error_messages["required"]:
                field.error_messages["required"] = ask_for_it(form[name])
        clean(form)

    BaseForm.full_clean = full_clean  # type: ignore[method-assign, assignment]
