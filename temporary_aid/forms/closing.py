"""办结: how an aid ends, and what each of the three ways needs."""

from collections.abc import Sequence
from typing import Any

from django import forms

from applications.rules.accounting import accounting_years
from organizations.models import Department
from organizations.models.delegations import Scheme
from temporary_aid.models import EndJudgement
from temporary_aid.queries.ends import CONVERTS_TO, departments_to_refer_to

_NEEDED = {
    EndJudgement.CONVERTED: {"scheme": "请选择转申请低保还是特困。", "applicant": "请选择申请人。"},
    EndJudgement.REFERRED: {"department": "请选择接收转介的部门。"},
}


class CloseForm(forms.Form):
    """办结判定; the fields of the two other ways are asked where their way is chosen."""

    judgement = forms.ChoiceField(label="办结判定", choices=EndJudgement.choices, widget=forms.RadioSelect)
    note = forms.CharField(label="办结说明", max_length=300, widget=forms.Textarea({"rows": 3}))
    papers_reason = forms.CharField(
        label="缺手续的理由", required=False, max_length=200, widget=forms.Textarea({"rows": 2})
    )
    scheme = forms.ChoiceField(
        label="转申请",
        required=False,
        choices=[("", "不转"), *((scheme.value, Scheme(scheme).label) for scheme in CONVERTS_TO)],
    )
    applicant = forms.TypedChoiceField(label="申请人", required=False, coerce=int, empty_value=None)
    accounting_year = forms.TypedChoiceField(label="收入核算年度", required=False, coerce=int, empty_value=None)
    reason = forms.CharField(
        label="申请理由", required=False, max_length=200, help_text="临时救助的编号和经过自动写在前面。"
    )
    department = forms.ModelChoiceField(
        Department.objects.none(), label="转介部门", required=False, empty_label="不转介"
    )

    def __init__(self, *args: Any, members: Sequence[tuple[int, str]], today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["applicant"].choices = members
        fields["accounting_year"].choices = [(year, f"{year}年") for year in accounting_years(on=today)]
        fields["department"].queryset = departments_to_refer_to()
        if not members:
            for name in ("scheme", "applicant", "accounting_year", "reason"):
                del self.fields[name]
            fields["judgement"].choices = [row for row in EndJudgement.choices if row[0] != EndJudgement.CONVERTED]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name, sentence in _NEEDED.get(cleaned.get("judgement", ""), {}).items():
            if not cleaned.get(name):
                self.add_error(name, sentence)
        return cleaned
