"""Forms of uplifts (提标): the figures it rests on, signatures and reasons, and the filter of its lines."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from dynamic_review.models.uplifts import APART, OUTCOMES
from dynamic_review.queries.making_good import STANDINGS
from dynamic_review.queries.uplifts import Figure
from eligibility.models import Parameter
from foundation.lists import ListSpec, register_list
from foundation.personal_numbers import holds_number
from organizations.models import Area


class UpliftForm(forms.Form):
    """录入提标: scheme and month follow from the figures."""

    figures = forms.MultipleChoiceField(
        label="依据的标准",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="只列已批准的标准。同一险种、同一天生效的一起选；险种和生效月由所选标准定。",
    )
    title = forms.CharField(label="名称", max_length=80, help_text="例如：2026年度农村低保提标。")
    note = forms.CharField(label="说明", max_length=300, required=False, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, figures: Sequence[Figure], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._figures = {str(figure.parameter.pk): figure.parameter for figure in figures}
        field: Any = self.fields["figures"]
        field.choices = [(str(figure.parameter.pk), figure.label) for figure in figures]

    def facts(self) -> dict[str, Any]:
        """What :func:`dynamic_review.services.enter_uplift` takes, of a valid form."""
        chosen: list[Parameter] = [self._figures[key] for key in self.cleaned_data["figures"]]
        return {"figures": chosen, "title": self.cleaned_data["title"], "note": self.cleaned_data["note"]}


class OpinionForm(forms.Form):
    """审批意见."""

    opinion = forms.CharField(label="审批意见", max_length=200, initial="同意")
    checked = forms.BooleanField(
        label="已看过测算的合计和须逐户看的名单", error_messages={"required": "请看过测算结果后勾选。"}
    )


class ReasonForm(forms.Form):
    """Why it is withdrawn or rolled back."""

    reason = forms.CharField(label="原因", max_length=200)


class LineFilter(forms.Form):
    """Filters of the lines of a preview."""

    township = forms.ChoiceField(label="乡镇", required=False)
    outcome = forms.ChoiceField(label="测算结果", required=False, choices=[("", "全部"), *OUTCOMES])
    apart = forms.ChoiceField(label="逐户看的原因", required=False, choices=[("", "全部"), *APART])
    category = forms.ChoiceField(
        label="类别", required=False, choices=[("", "全部"), ("A", "A类"), ("B", "B类"), ("C", "C类")]
    )
    making_good = forms.ChoiceField(label="补差", required=False, choices=[("", "全部"), *STANDINGS])
    q = forms.CharField(label="查找", required=False, max_length=60, help_text="姓名、拼音首字母或待遇编号")

    def __init__(self, data: Any, *, townships: Iterable[Area]) -> None:
        super().__init__(data)
        field: Any = self.fields["township"]
        field.choices = [("", "全部"), *((area.code, area.name) for area in townships)]

    @property
    def wanted(self) -> dict[str, str]:
        """What :func:`dynamic_review.queries.uplifts.filtered_lines` takes."""
        chosen = {name: self.cleaned_data[name] for name in self.base_fields if name != "q"}
        return chosen | {"text": self.cleaned_data["q"]}


UPLIFT_LINES = register_list(
    ListSpec(
        key="uplift_lines",
        url_name="dynamic_review:uplifts",
        filters=frozenset(LineFilter.base_fields),
        is_personal=lambda text: holds_number([text]),
    )
)
"""The lines of a preview; all columns are always shown."""
