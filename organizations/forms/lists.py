"""Naming a filter of a list."""

from django import forms


class SavedFilterForm(forms.Form):
    """保存筛选, 改名."""

    name = forms.CharField(label="名称", max_length=30, error_messages={"required": "请填名称。"})
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)
