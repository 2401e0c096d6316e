"""A member of a family as a form: whole for the family's page, as a row for the intake page."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils import timezone

from foundation.dates import chinese_date
from foundation.form_fields import DayInput, IdNumberField, PersonNameField
from foundation.identity import parse_id_number
from households.forms.fields import RELATIONS
from households.models import Member
from households.models.families import NotCounted, Relation
from households.models.people import (
    DisabilityKind,
    DisabilityLevel,
    Employment,
    Health,
    LabourCapacity,
    MissingIdReason,
    Schooling,
    Sex,
    SupportMode,
)
from households.services import MemberData
from households.services.families import STANDING
from households.services.people import PERSON_FACTS

INDICATORS = [
    ("eating", "吃饭"),
    ("dressing", "穿衣"),
    ("in_out_of_bed", "上下床"),
    ("toileting", "如厕"),
    ("walking", "室内行走"),
    ("bathing", "洗澡"),
]
SINGLE_DISABILITIES = [kind for kind in DisabilityKind if kind != DisabilityKind.MULTIPLE]


def optional(choices: Any, empty: str = "—") -> list[tuple[Any, str]]:
    """Choices of a field that may be left empty."""
    return [("", empty), *choices]


class MemberForm(forms.Form):
    """家庭成员: who, how related, health, schooling, work.

    :param member: the member being corrected; their ID number is kept where the field is left empty.
    :param is_head: the head's form has no relation.
    """

    name = PersonNameField()
    id_number = IdNumberField(required=False)
    missing_id_reason = forms.ChoiceField(
        label="无证号原因", required=False, choices=optional(MissingIdReason.choices, "有证号")
    )
    relation = forms.ChoiceField(label="与户主关系", choices=RELATIONS)
    sex = forms.ChoiceField(
        label="性别", required=False, choices=optional(Sex.choices), widget=forms.Select({"data-id-fill": "sex"})
    )
    birth_date = forms.DateField(label="出生日期", required=False, widget=DayInput({"data-id-fill": "birth_date"}))
    nation = forms.CharField(label="民族", max_length=20, required=False, initial="汉族")
    health = forms.ChoiceField(label="健康状况", choices=Health.choices, initial=Health.GOOD)
    serious_illness = forms.BooleanField(label="重病（重特大疾病）", required=False)
    illness_name = forms.CharField(label="病种", max_length=60, required=False)
    disability_kind = forms.ChoiceField(
        label="残疾类别", required=False, choices=optional(DisabilityKind.choices, "无")
    )
    disability_level = forms.TypedChoiceField(
        label="残疾等级", required=False, choices=optional(DisabilityLevel.choices), coerce=int, empty_value=None
    )
    labour_capacity = forms.ChoiceField(
        label="劳动能力", required=False, choices=optional(LabourCapacity.choices, "按年龄、残疾、就学推定")
    )
    schooling = forms.ChoiceField(label="就学", choices=Schooling.choices, initial=Schooling.NONE)
    school_name = forms.CharField(label="学校", max_length=60, required=False)
    employment = forms.ChoiceField(label="就业", choices=Employment.choices, initial=Employment.NONE)
    employer = forms.CharField(label="单位或职业", max_length=60, required=False)
    unable_self_care = forms.MultipleChoiceField(
        label="不能自理项", required=False, choices=INDICATORS, widget=forms.CheckboxSelectMultiple
    )
    support_mode = forms.TypedChoiceField(
        label="供养方式",
        required=False,
        choices=SupportMode.choices,
        initial=SupportMode.HOME_BASED,
        empty_value=SupportMode.HOME_BASED.value,
        help_text="特困人员由本人选择。",
    )
    tekun_since_minor = forms.BooleanField(label="未成年时认定为特困并延续至今", required=False)
    lives_together = forms.BooleanField(label="共同居住", required=False, initial=True)
    shares_support = forms.NullBooleanField(label="有法定义务且共同生活", required=False)
    cannot_live_alone = forms.BooleanField(label="成年但不能独立生活", required=False)
    applies_alone = forms.BooleanField(label="单独提出申请", required=False)
    not_counted = forms.ChoiceField(label="不计入原因", required=False, choices=optional(NotCounted.choices, "计入"))

    FIELDS: tuple[str, ...] = ()

    def __init__(
        self,
        *args: Any,
        member: Member | None = None,
        is_head: bool = False,
        today: date | None = None,
        **kwargs: Any,
    ) -> None:
        self.member = member
        self.today = today or timezone.localdate()
        if member is not None:
            kwargs["initial"] = member_initial(member) | (kwargs.get("initial") or {})
            is_head = member.relation == Relation.HEAD
        super().__init__(*args, **kwargs)
        self.is_head = is_head
        if self.FIELDS:
            self.fields = {name: self.fields[name] for name in self.FIELDS}
        if "unable_self_care" in self.fields:
            self._add_components()
        if is_head:
            del self.fields["relation"]
        number = self.fields["id_number"]
        number.widget.attrs |= {
            "hx-post": reverse_lazy("households:lookup"),
            "hx-trigger": "change",
            "hx-target": "next [data-known]",
            "hx-params": self.add_prefix("id_number"),
        }
        if member is not None and member.person.id_number:
            number.widget.attrs["placeholder"] = f"{member.person.id_number}（不改请留空）"

    def _add_components(self) -> None:
        for kind in SINGLE_DISABILITIES:
            self.fields[f"component_{kind.value}"] = forms.TypedChoiceField(
                label=kind.label,
                required=False,
                choices=optional(DisabilityLevel.choices),
                coerce=int,
                empty_value=None,
            )

    def component_fields(self) -> list[forms.BoundField]:
        """Levels of each kind in a multiple disability."""
        return [self[name] for name in self.fields if name.startswith("component_")]

    def clean(self) -> dict[str, Any]:
        """Fill birth date and sex from the ID number; one that contradicts it is refused, also without scripts."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        number = cleaned.get("id_number")
        if self.member is not None and not number and "id_number" not in self.errors:
            number = cleaned["id_number"] = self.member.person.id_number.reveal()
        if number:
            self._follow_number(cleaned, number)
        elif "id_number" not in self.errors:
            self._need_reason(cleaned)
        if bool(cleaned.get("disability_kind")) != bool(cleaned.get("disability_level")):
            field = "disability_level" if cleaned.get("disability_kind") else "disability_kind"
            self.add_error(field, "残疾类别和等级要一起填。")
        return cleaned

    def _follow_number(self, cleaned: dict[str, Any], number: str) -> None:
        parsed = parse_id_number(number, on=self.today)
        cleaned["missing_id_reason"] = ""
        if cleaned.get("birth_date") and cleaned["birth_date"] != parsed.birth_date:
            self.add_error("birth_date", f"出生日期与身份证号不符，证号上是{chinese_date(parsed.birth_date)}。")
        if cleaned.get("sex") and cleaned["sex"] != parsed.sex:
            self.add_error("sex", "性别与身份证号不符，请核对。")
        cleaned |= {"birth_date": parsed.birth_date, "sex": parsed.sex}

    def _need_reason(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("missing_id_reason"):
            self.add_error("id_number", "请填身份证号；确实没有的，选择无证号原因。")
        if "sex" not in self.errors and not cleaned.get("sex"):
            self.add_error("sex", "没有证号的，请选择性别。")
        if "birth_date" not in self.errors and not cleaned.get("birth_date"):
            self.add_error("birth_date", "没有证号的，请填出生日期。")
        elif cleaned.get("birth_date") and cleaned["birth_date"] > self.today:
            self.add_error("birth_date", "出生日期不能晚于今天。")

    def member_data(self) -> MemberData:
        """What the services take; fields that this form does not show stay as they are."""
        cleaned = self.cleaned_data
        return MemberData(
            name=cleaned["name"],
            relation=Relation.HEAD if self.is_head else cleaned["relation"],
            sex=cleaned["sex"],
            birth_date=cleaned["birth_date"],
            id_number=cleaned.get("id_number", ""),
            missing_id_reason=cleaned.get("missing_id_reason", ""),
            facts={name: cleaned[name] for name in PERSON_FACTS if name in self.fields},
            standing={name: cleaned[name] for name in STANDING if name in self.fields},
            disability=self._disability(),
        )

    def _disability(self) -> Mapping[str, Any] | None:
        cleaned = self.cleaned_data
        if not cleaned.get("disability_kind"):
            return None
        data: dict[str, Any] = {"kind": cleaned["disability_kind"], "level": cleaned["disability_level"]}
        if "unable_self_care" in self.fields:
            levels = {kind.value: cleaned.get(f"component_{kind.value}") for kind in SINGLE_DISABILITIES}
            is_multiple = data["kind"] == DisabilityKind.MULTIPLE
            data["components"] = [
                {"kind": kind, "level": level} for kind, level in levels.items() if level and is_multiple
            ]
        return data


class MemberRowForm(MemberForm):
    """A member as one row: the columns of the paper form."""

    FIELDS = (
        "name",
        "relation",
        "id_number",
        "missing_id_reason",
        "sex",
        "birth_date",
        "health",
        "disability_kind",
        "disability_level",
        "labour_capacity",
        "schooling",
        "employment",
    )


class NewPersonForm(MemberForm):
    """Who joins by marriage: the essentials, the rest is filled in on their own page."""

    FIELDS = ("name", "id_number", "missing_id_reason", "relation", "sex", "birth_date", "health")


def member_initial(member: Member) -> dict[str, Any]:
    """What is recorded of a member, by form field; the ID number stays sealed."""
    person = member.person
    facts = {name: getattr(person, name) for name in PERSON_FACTS}
    standing = {name: getattr(member, name) for name in STANDING}
    initial = facts | standing | {"name": person.name, "sex": person.sex, "birth_date": person.birth_date}
    initial |= {"relation": member.relation, "missing_id_reason": person.missing_id_reason}
    # queries.current_members reads the disabilities of all rows at once.
    known = getattr(person, "current", None)
    disability = next(iter(known), None) if known is not None else person.disabilities.filter(ended_on=None).first()
    if disability is not None:
        initial |= {"disability_kind": disability.kind, "disability_level": disability.level}
        initial |= {f"component_{item['kind']}": item["level"] for item in disability.components}
    return initial


class BaseMemberRows(forms.BaseFormSet):
    """Members as rows; nobody is written twice in one form."""

    def clean(self) -> None:
        """
        :raises ValidationError: one ID number in two rows.
        """
        if any(self.errors):
            return
        rows = [form for form in self.forms if form.has_changed() and not form.cleaned_data.get("DELETE")]
        numbers = [form.cleaned_data["id_number"] for form in rows if form.cleaned_data.get("id_number")]
        if len(set(numbers)) < len(numbers):
            raise ValidationError("同一个身份证号填了两行，请核对。")


MemberRows = forms.formset_factory(
    MemberRowForm, formset=BaseMemberRows, can_delete=True, extra=1, max_num=30, validate_max=True
)
"""Members as rows; ``form.member_data()`` of each changed row goes to ``services.add_member``."""
