"""Forms of parameters: the filter of the list, and a new value, field by field as its definition says."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils import timezone

from eligibility.models import ChangeState, ResidenceScope, SourceDocument
from eligibility.queries import DEFINITIONS, source_documents
from eligibility.rules.shapes import Count, Flag, Money, ObjectOf, OneOf, Rate, Shape
from eligibility.services import SourceData
from foundation.form_fields import AmountField, DayInput, ScanField
from foundation.lists import ListSpec, register_list
from organizations.models import Area, Staff
from organizations.models.areas import AreaLevel
from organizations.permissions import Permission
from organizations.queries import areas_for

Json = Any
_VALUE = "value"


class ParameterFilter(forms.Form):
    """Filters of the list (标准与参数)."""

    on = forms.DateField(label="生效日期", required=False, widget=DayInput)
    residence = forms.ChoiceField(
        label="城乡", required=False, choices=[("", "全部"), ("urban", "城市"), ("rural", "农村")]
    )
    marked = forms.ChoiceField(
        label="标记",
        required=False,
        choices=[("", "全部"), ("official", "正式"), ("local", "本地做法"), ("sample", "示例")],
    )


PARAMETER_LIST = register_list(
    ListSpec(key="parameters", url_name="eligibility:list", filters=frozenset(ParameterFilter.base_fields))
)
"""The list of standards and parameters; all its columns are always shown."""


class ParameterForm(forms.Form):
    """A new value of one parameter (调整参数), with what it rests on."""

    area = forms.ModelChoiceField(label="适用区划", queryset=Area.objects.none(), empty_label=None)
    residence = forms.ChoiceField(label="城乡", choices=ResidenceScope.choices)
    from_day = forms.DateField(label="自何日起", widget=DayInput)
    source = forms.ModelChoiceField(
        label="依据文件",
        queryset=SourceDocument.objects.none(),
        required=False,
        empty_label="（新登记一份，填右边三项）",
    )
    source_number = forms.CharField(label="新依据文件：文号", max_length=80, required=False)
    source_title = forms.CharField(label="新依据文件：标题", max_length=200, required=False)
    source_issued_on = forms.DateField(label="新依据文件：发文日期", required=False, widget=DayInput)
    is_local_practice = forms.BooleanField(label="本地做法（上级文件没有规定，由县里定）", required=False)
    is_sample = forms.BooleanField(label="示例数据（不是正式标准）", required=False)
    source_scan = ScanField(label="新依据文件：扫描件", required=False, help_text="PDF、JPG 或 PNG。")
    note = forms.CharField(label="说明", max_length=200, required=False)
    late_reason = forms.CharField(
        label="追溯执行的原因",
        max_length=200,
        required=False,
        help_text="只在这一天以后已有初审或决定按现行值作出时填写；已作出的决定不变。",
    )

    def __init__(self, *args: Any, key: str, staff: Staff, current: Json = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._shape = DEFINITIONS[key].shape
        areas = areas_for(staff, Permission.MANAGE_PARAMETERS)
        self.fields["area"].queryset = areas.exclude(level=AreaLevel.VILLAGE)  # type: ignore[attr-defined]
        self.fields["source"].queryset = source_documents()  # type: ignore[attr-defined]
        parts = {name: _field(shape, label) for name, shape, label in _leaves(_VALUE, self._shape, "新值")}
        for name, shape, _ in _leaves(_VALUE, self._shape, ""):
            parts[name].initial = _typed(shape, _at(current, name))
        self.value_names = list(parts)
        self.fields = {**parts, **self.fields}
        self.initial.setdefault("from_day", timezone.localdate())

    @property
    def value_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.value_names]

    def clean(self) -> dict[str, Any]:
        """
        :raises ValidationError: neither a known source document nor number and title of a new one.
        """
        cleaned = super().clean() or {}
        if not cleaned.get("source"):
            for name, what in (("source_number", "文号"), ("source_title", "标题")):
                if not cleaned.get(name):
                    self.add_error(name, f"请选择依据文件，或填新依据文件的{what}。")
        return cleaned

    def facts(self) -> dict[str, Any]:
        """What :func:`eligibility.services.propose_parameter` takes, of a valid form."""
        kept = ("area", "residence", "from_day", "is_local_practice", "is_sample", "note", "late_reason")
        cleaned = self.cleaned_data
        source = cleaned["source"] or SourceData(
            number=cleaned["source_number"],
            title=cleaned["source_title"],
            issued_on=cleaned["source_issued_on"],
            scan=cleaned["source_scan"],
        )
        return {name: cleaned[name] for name in kept} | {"source": source, "value": self._value(_VALUE, self._shape)}

    def _value(self, name: str, shape: Shape) -> Json:
        if isinstance(shape, ObjectOf):
            return {key: self._value(f"{name}.{key}", part.shape) for key, part in shape.keys.items()}
        return _as_json(shape, self.cleaned_data[name])


def _leaves(name: str, shape: Shape, label: str) -> Iterator[tuple[str, Shape, str]]:
    """Every single value within a parameter: field name, shape, label."""
    if not isinstance(shape, ObjectOf):
        yield name, shape, label
        return
    for key, part in shape.keys.items():
        whole = f"{label}：{part.title}" if "：" in label or label not in ("新值", "") else part.title
        yield from _leaves(f"{name}.{key}", part.shape, whole)


def _field(shape: Shape, label: str) -> forms.Field:
    if isinstance(shape, Money):
        return AmountField(label=label)
    if isinstance(shape, Rate):
        return forms.RegexField(
            r"^[0-9]{1,18}(\.[0-9]{1,18})?$", label=label, error_messages={"invalid": "请填比例或倍数，例如 1.5。"}
        )
    if isinstance(shape, Count):
        return forms.IntegerField(label=label, min_value=0, max_value=100_000)
    if isinstance(shape, Flag):
        return forms.TypedChoiceField(label=label, choices=[("yes", "是"), ("no", "否")])
    if isinstance(shape, OneOf):
        return forms.ChoiceField(label=label, choices=[(choice.value, choice.label) for choice in shape.choices])
    raise TypeError(f"no field for {shape!r}")


def _as_json(shape: Shape, cleaned: Any) -> Json:
    if isinstance(shape, Money):
        return f"{cleaned:.2f}"
    return cleaned == "yes" if isinstance(shape, Flag) else cleaned


def _typed(shape: Shape, value: Json) -> Any:
    """The current value as the field shows it."""
    if isinstance(shape, Flag) and value is not None:
        return "yes" if value else "no"
    return value


def _at(value: Json, name: str) -> Json:
    """The part of a parameter's current value that a field holds."""
    for key in name.split(".")[1:]:
        value = None if value is None else value[key]
    return value


class ChangeFilter(forms.Form):
    """Filter of the changes (调整单)."""

    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *ChangeState.choices])


class ReturnForm(forms.Form):
    """退回 with a reason."""

    reason = forms.CharField(label="退回原因", max_length=200)


class ApproveForm(forms.Form):
    """审批同意."""

    note = forms.CharField(label="审批意见", max_length=200, required=False)
    checked = forms.BooleanField(
        label="已对照依据文件核对无误", error_messages={"required": "请对照依据文件核对后勾选。"}
    )
