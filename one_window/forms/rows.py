"""Members and supporters as rows edited in place, each carrying the key of what it corrects."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from foundation.identity import age_on
from households.forms import MemberForm
from households.forms.means import BaseRows, SupporterRowForm
from households.forms.people import BaseMemberRows, optional
from households.models import Member
from households.models.people import SupportMode
from households.services import SupporterData

HEAD_FIELDS = ("name", "relation", "id_number", "health", "disability_kind", "disability_level")
LINE_FIELDS = (*HEAD_FIELDS, "labour_capacity", "schooling", "employment")
"""Fields of a member's line; all others lie under 更多情况."""
LONG_NAME = 5
"""Characters of a name that a line of the table has room for."""
SHORT_LABOUR = optional([("full", "有"), ("partial", "部分"), ("none", "无")], "推定")
SUPPORTER_LINE = ("member", "name", "relation", "birth_date", "status", "yearly_income")


class _TwoParts(forms.Form):
    """A row with a line that is always seen and a part that opens."""

    LINE: tuple[str, ...] = ()

    def more_fields(self) -> list[forms.BoundField]:
        """Fields under 更多情况."""
        return [self[name] for name in self.fields if name not in {*self.LINE, "id", "DELETE"}]

    @property
    def opens(self) -> bool:
        """Whether a fault lies in the part that is closed."""
        return any(bound.errors for bound in self.more_fields())


class MemberRow(MemberForm, _TwoParts):
    """One member; a line of what the paper form has, the rest below it."""

    LINE = LINE_FIELDS
    id = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.member is not None:
            self.initial["id"] = self.member.pk
            if self.member.person.id_number:
                self.fields["id_number"].widget.attrs["placeholder"] = str(self.member.person.id_number)
        labour: Any = self.fields["labour_capacity"]
        labour.choices = SHORT_LABOUR
        self.fields["name"].widget.attrs["data-no-copy"] = ""
        self.fields["id_number"].widget.attrs["data-no-copy"] = ""

    @property
    def has_long_name(self) -> bool:
        """Whether the name needs a line of its own (阿卜杜热合曼·买买提明)."""
        return len(str(self["name"].value() or "")) > LONG_NAME

    @property
    def sex_and_age(self) -> str:
        """男 58, as recorded."""
        if self.member is None:
            return "—"
        person = self.member.person
        return f"{person.get_sex_display()} {age_on(person.birth_date, on=self.today)}"

    def facts_in_short(self) -> list[str]:
        """What lies under 更多情况 and matters, in a word each."""
        if self.member is None:
            return []
        person, member = self.member.person, self.member
        words = [
            "重病" if person.serious_illness else "",
            f"不能自理{len(person.unable_self_care)}项" if person.unable_self_care else "",
            "" if member.lives_together else "不共同居住",
            "不能独立生活" if member.cannot_live_alone else "",
            "单独提出申请" if member.applies_alone else "",
            "未成年时认定特困" if person.tekun_since_minor else "",
            person.get_support_mode_display() if person.support_mode == SupportMode.INSTITUTIONAL else "",
            member.get_not_counted_display() if member.not_counted else "",
            person.get_missing_id_reason_display() if person.missing_id_reason else "",
        ]
        return [word for word in words if word]


class _MemberRows(BaseMemberRows):
    """Rows whose member is found by the key that the row carries, not by its place."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        kwargs: dict[str, Any] = dict(super().get_form_kwargs(index))
        members: Mapping[str, Member] = kwargs.pop("members")
        if index is None:
            return kwargs
        if self.is_bound:
            key = str(self.data.get(f"{self.prefix}-{index}-id") or "")
        else:
            key = str(self.initial[index]["id"]) if self.initial and index < len(self.initial) else ""
        member = members.get(key)
        return kwargs | ({"member": member} if member else {})


_MemberFormset = forms.formset_factory(
    MemberRow,
    formset=_MemberRows,
    can_delete=True,
    extra=1,
    max_num=30,
    validate_max=True,
)


def member_rows(members: Iterable[Member], data: Any = None) -> Any:
    """The members as rows, to show or as sent."""
    members = list(members)
    return _MemberFormset(
        data,
        prefix="members",
        initial=[{"id": member.pk} for member in members],
        form_kwargs={"members": {str(member.pk): member for member in members}},
    )


class SupporterRow(SupporterRowForm, _TwoParts):
    """One legal supporter outside the family, and whom they owe support."""

    LINE = SUPPORTER_LINE
    member = forms.TypedChoiceField(label="被赡养人", coerce=int, empty_value=None)
    field_order = ("member",)

    def __init__(self, *args: Any, members: Iterable[Member] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        member: Any = self.fields["member"]
        member.choices = optional([(person.pk, str(person.person)) for person in members], "请选择")

    def row(self) -> SupporterData:
        """What ``services.save_supporters`` takes."""
        return super().row()


_SupporterFormset = forms.formset_factory(
    SupporterRow, formset=BaseRows, can_delete=True, extra=1, max_num=40, validate_max=True
)


def supporter_rows(initial: list[dict[str, Any]], members: Iterable[Member], data: Any = None) -> Any:
    """The supporters of all members as rows."""
    return _SupporterFormset(data, prefix="supporters", initial=initial, form_kwargs={"members": list(members)})


class SupportersKnown(forms.Form):
    """Whose legal supporters have all been established (家庭外法定义务人已查明)."""

    def __init__(self, *args: Any, members: Iterable[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for member in members:
            self.fields[f"known_{member.pk}"] = forms.BooleanField(
                label=str(member.person), required=False, initial=member.supporters_known
            )

    def is_known(self, member: Member) -> bool:
        """What is ticked for a member."""
        name = f"known_{member.pk}"
        return bool(self.cleaned_data[name]) if name in self.cleaned_data else member.supporters_known
