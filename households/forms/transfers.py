"""Answers to a family on its way to another township."""

from django import forms


class PlainForm(forms.Form):
    """A press is all it takes."""


class DeclineForm(PlainForm):
    reason = forms.CharField(
        label="退回原因", max_length=150, widget=forms.Textarea(attrs={"rows": 2}), help_text="原乡镇会看到。"
    )
