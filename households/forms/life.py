"""What happens in families' lives, each act a small form (see :mod:`households.services.life`)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.crypto import salted_hmac

from foundation.form_fields import DayInput, IdNumberField, PersonNameField, ScanField
from households.forms.fields import RELATIONS, OnceField, VillageField
from households.forms.people import MemberForm, NewPersonForm
from households.models import Household, Member
from households.models.families import LeftReason, Relation
from households.models.people import MissingIdReason
from households.queries import visible_to
from organizations.models import Area, Staff
from organizations.permissions import Permission


class ActForm(forms.Form):
    """An act on a family on a day not after today.

    :param members: the family's current members.
    """

    on = forms.DateField(label="日期", widget=DayInput)

    def __init__(
        self, *args: Any, household: Household, members: Sequence[Member], staff: Staff, **kwargs: Any
    ) -> None:
        kwargs["initial"] = {"on": timezone.localdate()} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.household, self.members, self.staff = household, members, staff
        self.build()

    def build(self) -> None:
        """Add what depends on the family."""

    def clean_on(self) -> date:
        """
        :raises ValidationError: a day to come.
        """
        day: date = self.cleaned_data["on"]
        if day > timezone.localdate():
            raise ValidationError("日期不能晚于今天。")
        return day

    def offer_members(self, name: str, label: str, members: Sequence[Member]) -> None:
        """A choice among members."""
        by_key = {str(member.pk): member for member in members}
        choices = [("", "请选择"), *[(key, str(member.person)) for key, member in by_key.items()]]
        self.fields[name] = forms.TypedChoiceField(label=label, choices=choices, coerce=by_key.__getitem__)
        self.order_fields([name])

    def offer_relations(self, members: Sequence[Member], *, label: str, choices: Sequence[Any], required: bool) -> None:
        """A relation for each of the members."""
        for member in members:
            self.fields[f"relation_{member.pk}"] = forms.ChoiceField(
                label=label.format(member.person), choices=choices, required=required
            )

    def relations(self) -> dict[int, str]:
        """Relations chosen, by member id."""
        names = {member.pk: f"relation_{member.pk}" for member in self.members}
        return {pk: self.cleaned_data[name] for pk, name in names.items() if self.cleaned_data.get(name)}


class DivorceForm(ActForm):
    def build(self) -> None:
        self.offer_members("member", "离婚的成员", self.members)


class LeaveForm(ActForm):
    reason = forms.ChoiceField(
        label="离开原因",
        choices=[
            (reason.value, reason.label) for reason in (LeftReason.MOVED, LeftReason.MARRIED_OUT, LeftReason.MISTAKE)
        ],
    )

    def build(self) -> None:
        self.offer_members("member", "离开的成员", self.members)


class DeathForm(ActForm):
    def build(self) -> None:
        self.fields["on"].label = "死亡日期"
        self.offer_members("member", "死亡的成员", self.members)


class MendDeathForm(ActForm):
    reason = forms.CharField(label="更正的依据", max_length=150, help_text="例如死亡医学证明、火化证、户籍注销证明。")

    def build(self) -> None:
        self.fields["on"].label = "更正后的死亡日期"
        gone = self.household.members.filter(left_reason=LeftReason.DIED).select_related("person")
        self.offer_members("member", "已登记死亡的成员", list(gone.order_by("pk")))


class CancelDeathForm(ActForm):
    reason = forms.CharField(label="撤销的原因", max_length=120, help_text="例如同名误登，本人健在。")
    evidence = ScanField(label="证明材料", help_text="例如派出所证明，PDF、JPG、PNG；存入家庭附件。")

    def build(self) -> None:
        del self.fields["on"]
        gone = self.household.members.filter(left_reason=LeftReason.DIED).select_related("person")
        self.offer_members("member", "已登记死亡的成员", list(gone.order_by("pk")))


class HeadForm(ActForm):
    def build(self) -> None:
        self.offer_members("member", "新户主", [member for member in self.members if member.relation != Relation.HEAD])
        self.offer_relations(self.members, label="{}与新户主的关系", choices=RELATIONS, required=False)

    def relations(self) -> dict[int, str]:
        return {pk: value for pk, value in super().relations().items() if pk != self.cleaned_data["member"].pk}


class SplitForm(ActForm):
    area = VillageField(label="新家庭所在村（社区）")
    address = forms.CharField(label="新家庭住址", max_length=120)
    once = OnceField()

    def build(self) -> None:
        area: Any = self.fields["area"]
        area.cut_to(self.staff, Permission.REGISTER_HOUSEHOLD)
        self.initial.setdefault("area", self.household.area_id)
        choices = [("", "留在原家庭"), *Relation.choices]
        others = [member for member in self.members if member.relation != Relation.HEAD]
        self.offer_relations(others, label="{}与新家庭户主的关系", choices=choices, required=False)


class MergeForm(ActForm):
    number = forms.CharField(
        label="并入家庭的编号", max_length=20, widget=forms.TextInput({"placeholder": "例如 H101000012"})
    )

    def build(self) -> None:
        self.offer_relations(self.members, label="{}与并入家庭户主的关系", choices=RELATIONS, required=True)

    def clean_number(self) -> str:
        """
        :raises ValidationError: no family of that number where the person may look.
        """
        number: str = self.cleaned_data["number"].strip().upper()
        self.into = visible_to(self.staff).filter(number=number, ended_on=None).first()
        if self.into is None:
            raise ValidationError("您辖区内没有这个编号的在册家庭，请核对。")
        return number


class MoveForm(ActForm):
    area = VillageField(label="迁往村（社区）")
    address = forms.CharField(label="新住址", max_length=120)

    def build(self) -> None:
        area: Any = self.fields["area"]
        area.offer(list(Area.objects.filter(level="village").select_related("parent")))


class IdentifyForm(ActForm):
    """The number; where it says something else than what is recorded, a tick that both are one person."""

    id_number = IdNumberField()
    confirmed = forms.BooleanField(label="已核对证件，是同一个人", required=False, widget=forms.HiddenInput)
    asked_about = forms.CharField(required=False, widget=forms.HiddenInput)

    def build(self) -> None:
        del self.fields["on"]
        unknown = [member for member in self.members if not member.person.id_number]
        self.offer_members("member", "补登证号的成员", unknown)

    @property
    def is_confirmed(self) -> bool:
        """Whether the tick was set for this very member and number."""
        return bool(self.cleaned_data["confirmed"]) and self.cleaned_data["asked_about"] == self._question

    @property
    def _question(self) -> str:
        cleaned = self.cleaned_data
        return salted_hmac("identify", f"{cleaned['member'].pk}:{cleaned['id_number']}").hexdigest()

    def ask(self) -> None:
        """Show the tick."""
        typed: Any = self.data.copy()  # type: ignore[attr-defined]
        typed["asked_about"] = self._question
        typed.pop("confirmed", None)
        self.data = typed
        self.fields["confirmed"].widget = forms.CheckboxInput()


class BirthForm(ActForm):
    """A newborn; the ID number may follow later (补登证号)."""

    name = PersonNameField(label="婴儿姓名")
    sex = forms.ChoiceField(label="性别", choices=[("", "请选择"), ("male", "男"), ("female", "女")])
    birth_date = forms.DateField(label="出生日期", widget=DayInput)
    id_number = IdNumberField(required=False, help_text="还没有证号的不填，以后补登。")
    relation = forms.ChoiceField(label="与户主关系", choices=RELATIONS, initial=Relation.CHILD)
    once = OnceField()
    person: MemberForm

    def build(self) -> None:
        del self.fields["on"]
        choices = [(str(member.pk), str(member.person)) for member in self.members]
        self.fields["parents"] = forms.MultipleChoiceField(
            label="父母", choices=choices, required=False, widget=forms.CheckboxSelectMultiple
        )

    def clean(self) -> dict[str, Any]:
        """Judge the child by the rules of every member's form."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        names = ("name", "sex", "birth_date", "id_number", "relation")
        reason = "" if cleaned.get("id_number") else MissingIdReason.NEWBORN
        self.person = NewPersonForm(
            {name: cleaned.get(name) for name in names} | {"missing_id_reason": reason, "health": "good"}
        )
        for name, messages in self.person.errors.items():
            if name in self.fields and name not in self.errors:
                self.add_error(name, messages)
        return cleaned

    def parents(self) -> list[Member]:
        """The members ticked as parents."""
        return [member for member in self.members if str(member.pk) in self.cleaned_data["parents"]]


class MarryForm(NewPersonForm):
    """The spouse who joins, and whom they marry."""

    FIELDS = NewPersonForm.FIELDS

    def __init__(
        self, *args: Any, household: Household, members: Sequence[Member], staff: Staff, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        by_key = {str(member.pk): member for member in members}
        choices = [("", "请选择"), *[(key, str(member.person)) for key, member in by_key.items()]]
        self.fields["member"] = forms.TypedChoiceField(label="结婚的成员", choices=choices, coerce=by_key.__getitem__)
        self.fields["on"] = forms.DateField(label="加入日期", widget=DayInput, initial=timezone.localdate)
        self.fields["once"] = OnceField()
        self.order_fields(["member"])

    def clean_on(self) -> date:
        """
        :raises ValidationError: a day to come.
        """
        day: date = self.cleaned_data["on"]
        if day > self.today:
            raise ValidationError("日期不能晚于今天。")
        return day
