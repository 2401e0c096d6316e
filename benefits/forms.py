"""What is asked about an award."""

from django import forms


class CheckForm(forms.Form):
    finding = forms.CharField(label="核查情况和处理意见", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
