"""Approving, sending back, refusing and posting an aid."""

from typing import Any

from django import forms
from django.utils import timezone

from foundation.form_fields import DayInput, ScanField


class ApproveForm(forms.Form):
    """同意: the version that was seen goes along."""

    opinion = forms.CharField(
        label="审批意见", max_length=300, initial="同意", widget=forms.Textarea(attrs={"rows": 2})
    )
    late_reason = forms.CharField(label="超过应救助时间的原因", required=False, max_length=200)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, is_late: bool = False, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        if not is_late:
            del self.fields["late_reason"]


class SendBackForm(forms.Form):
    """退回经办."""

    reason = forms.CharField(label="退回的原因", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class RefuseForm(forms.Form):
    """不予救助: told to the family with reasons and remedies."""

    reason = forms.CharField(
        label="不予救助的理由",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明核实到的情况和不符合的条件；告知书照此写。",
    )


class WithdrawForm(forms.Form):
    """不再办理."""

    reason = forms.CharField(label="不再办理的原因", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class PostForm(forms.Form):
    """事后公示."""

    posted_on = forms.DateField(label="公示日期", widget=DayInput, initial=timezone.localdate)
    place = forms.CharField(label="公示地点", max_length=120)
    photo = ScanField(label="公示照片", required=False)
