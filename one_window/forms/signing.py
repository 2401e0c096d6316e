"""八、签字材料: signed scans handed in with the signatures on the consent; near relatives on record."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from applications.models.intakes import NearRelation, PaperKind
from foundation.form_fields import CameraInput, DayInput, PersonNameField
from foundation.identity import age_on
from households.forms.representation import SupporterSignatures
from households.models import Member, Supporter
from households.services.representation import ADULT_AGE


class HandInForm(SupporterSignatures, forms.Form):
    """Scans of the papers that were signed; with the authorization letter goes who signed it."""

    signed_on = forms.DateField(label="签署日期", widget=DayInput)

    def __init__(
        self,
        *args: Any,
        kinds: Sequence[PaperKind],
        members: Sequence[Member],
        today: date,
        supporters: Sequence[Supporter] = (),
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = {"signed_on": today}
        super().__init__(*args, **kwargs)
        self.kinds, self.members, self.today = kinds, members, today
        for kind in kinds:
            self.fields[kind.value] = forms.FileField(label=kind.label, required=False, widget=CameraInput)
        self.ask_supporters(supporters)
        head = next((str(member.person) for member in members if member.relation == "head"), "")
        for member in members:
            is_minor = age_on(member.person.birth_date, on=today) < ADULT_AGE
            self.fields[f"signed_{member.pk}"] = forms.BooleanField(
                label=str(member.person), required=False, initial=True
            )
            self.fields[f"guardian_{member.pk}"] = PersonNameField(
                label=f"{member.person}的代签监护人",
                required=False,
                initial=head if is_minor else "",
                widget=forms.TextInput({"placeholder": "监护人代签" if is_minor else "本人签字"}),
            )

    def file_fields(self) -> list[tuple[PaperKind, forms.BoundField]]:
        """The file fields by paper."""
        return [(kind, self[kind.value]) for kind in self.kinds]

    def signature_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Per member: signed, and by whom instead."""
        return [(self[f"signed_{member.pk}"], self[f"guardian_{member.pk}"]) for member in self.members]

    def clean_signed_on(self) -> date:
        """
        :raises ValidationError: a day to come.
        """
        day: date = self.cleaned_data["signed_on"]
        if day > self.today:
            raise ValidationError("签署日期不能晚于今天。")
        return day

    def clean(self) -> dict[str, Any]:
        """At least one scan."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not any(cleaned.get(kind.value) for kind in self.kinds):
            raise ValidationError("请选择至少一份签字扫描件，或用手机拍照上传。")
        return cleaned

    def uploads(self) -> dict[str, Any]:
        """The files by kind of paper."""
        return {kind.value: self.cleaned_data[kind.value] for kind in self.kinds if self.cleaned_data[kind.value]}

    def signers(self) -> dict[int, str]:
        """Guardian's name by member who signed or was signed for."""
        cleaned = self.cleaned_data
        return {
            member.pk: cleaned[f"guardian_{member.pk}"].strip()
            for member in self.members
            if cleaned[f"signed_{member.pk}"]
        }


class RelativeForm(forms.Form):
    """近亲属单独登记备案 (F57 §11)."""

    member = forms.TypedChoiceField(label="家庭成员", coerce=int)
    relation = forms.ChoiceField(label="关系人是该成员的", choices=[("", "请选择"), *NearRelation.choices])
    relative_name = PersonNameField(label="关系人姓名")
    relative_unit = forms.CharField(label="关系人单位", max_length=60)
    relative_position = forms.CharField(label="关系人职务", max_length=60)

    def __init__(self, *args: Any, members: Sequence[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        member: Any = self.fields["member"]
        member.choices = [(person.pk, str(person.person)) for person in members]
