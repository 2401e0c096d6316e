"""批量确认: what is said of the one review that is looked at."""

from django import forms


class LookForm(forms.Form):
    """One review: confirmed as it is, sent back with what is missing, or left for later."""

    case = forms.IntegerField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)
    answer = forms.ChoiceField(
        choices=(("agree", "确认"), ("back", "退回"), ("skip", "跳过")),
        error_messages=dict.fromkeys(("required", "invalid_choice"), "请点“确认”“退回”或“跳过”。"),
    )
    opinion = forms.CharField(label="意见", max_length=300, initial="同意维持现有待遇。")
    missing = forms.CharField(label="退回要补查什么", max_length=300, required=False, help_text="退回的必须写明。")
    late_reason = forms.CharField(
        label="超期原因", max_length=300, required=False, help_text="已过本步期限的必须写明。"
    )
