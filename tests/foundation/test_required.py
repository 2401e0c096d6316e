"""What a form says of a field that must be filled in and is not."""

from typing import Any

import pytest
from django import forms

from foundation.form_fields import DayInput, ScanField


class AskingForm(forms.Form):
    area = forms.ChoiceField(label="所在村（社区）", choices=[("1", "杨柳社区")])
    address = forms.CharField(label="住址")
    amount = forms.CharField(label="年金额（元）")
    day = forms.DateField(label="走访日期", widget=DayInput())
    choice_day = forms.DateField(label="选择日期", widget=DayInput())
    scan = ScanField(label="签字扫描件")
    told = forms.BooleanField(label="已告知本人")
    kind = forms.ChoiceField(label="结论？", choices=[("1", "同意")], widget=forms.RadioSelect)
    token = forms.CharField(widget=forms.HiddenInput)
    own = forms.CharField(label="理由", error_messages={"required": "退回的，请写明理由。"})
    note = forms.CharField(label="备注", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["late"] = forms.CharField(label="逾期原因")


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ("area", "请选择所在村（社区）。"),
        ("address", "请填写住址。"),
        ("amount", "请填写年金额。"),
        ("day", "请选择走访日期。"),
        ("choice_day", "请选择日期。"),
        ("scan", "请上传签字扫描件。"),
        ("told", "请勾选已告知本人。"),
        ("kind", "请选择结论。"),
        ("token", "提交的内容不完整，请刷新页面后重新提交。"),
        ("own", "退回的，请写明理由。"),
        ("late", "请填写逾期原因。"),
    ],
)
def test_what_is_missing_is_asked_for_by_name(field: str, sentence: str) -> None:
    assert AskingForm({}).errors[field] == [sentence]


def test_what_need_not_be_filled_in_is_not_asked_for() -> None:
    assert "note" not in AskingForm({}).errors


def test_rows_of_a_formset_ask_by_name_too() -> None:
    rows = forms.formset_factory(AskingForm, extra=1)
    sent = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-address": "一组3号"}
    errors = rows(sent).errors[0]
    assert errors["area"] == ["请选择所在村（社区）。"] and "address" not in errors
