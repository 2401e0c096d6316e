"""Bank account and payee, agent, consent, attachments."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from foundation.form_fields import CameraInput, DayInput, IdNumberField, PersonNameField
from foundation.identity import age_on
from households.forms.fields import PhoneField
from households.forms.people import optional
from households.models import Attachment, Household, Member, Supporter, UnsignedReason
from households.models.attachments import AttachmentKind
from households.models.representation import PayeeKind
from households.queries import attachments_of, supporters_of
from households.services.representation import ADULT_AGE, SupporterAnswer


class BankAccountForm(forms.Form):
    """发放账户 and who receives (领款人)."""

    bank = forms.CharField(label="开户银行", max_length=60)
    account = forms.CharField(
        label="账号", max_length=40, widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"})
    )
    holder = forms.CharField(label="户名", max_length=60)
    payee_kind = forms.ChoiceField(label="领款人身份", choices=PayeeKind.choices, initial=PayeeKind.OWN)
    payee_member = forms.ModelChoiceField(Member.objects.none(), label="领款成员", required=False, empty_label="户主")
    payee_name = PersonNameField(label="监护人或代管人姓名", required=False)
    payee_relation = forms.CharField(label="与家庭关系", max_length=30, required=False)

    def __init__(self, *args: Any, household: Household, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        member: Any = self.fields["payee_member"]
        member.queryset = household.members.filter(left_on=None).select_related("person")

    def clean(self) -> dict[str, Any]:
        """A guardian or custodian is named."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("payee_kind") != PayeeKind.OWN and not cleaned.get("payee_name"):
            self.add_error("payee_name", "由监护人或代管人领款的，请填其姓名。")
        return cleaned


class AgentForm(forms.Form):
    """代理人 (F57 §4)."""

    name = PersonNameField()
    relation = forms.CharField(label="与申请人关系或单位", max_length=60)
    id_number = IdNumberField(required=False)
    phone = PhoneField(label="电话", required=False)


_SIGNED = "signed"
_SUPPORTER_ANSWERS = [(_SIGNED, "已签字"), *UnsignedReason.choices]


class SupporterSignatures:
    """What a consent form asks of legal supporters outside the family (法定义务人; F43 §10).

    :attr supporters: whom the form asks of; the form that uses this sets them before :meth:`ask_supporters`.
    """

    supporters: Sequence[Supporter]
    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]

    def ask_supporters(self, supporters: Sequence[Supporter]) -> None:
        self.supporters = supporters
        for row in supporters:
            label = f"{row.name}（{row.member.person}的{row.relation}）"
            self.fields[f"supporter_{row.pk}"] = forms.ChoiceField(
                label=label, required=False, choices=optional(_SUPPORTER_ANSWERS, "还没有答复")
            )
            self.fields[f"supporter_note_{row.pk}"] = forms.CharField(
                label=f"{label}没有签字的情况",
                required=False,
                max_length=120,
                widget=forms.TextInput({"placeholder": "没有签字的，写明何时、怎样联系"}),
            )

    def supporter_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Per supporter: signed or why not, and how it came about."""
        form: Any = self
        return [(form[f"supporter_{row.pk}"], form[f"supporter_note_{row.pk}"]) for row in self.supporters]

    def supporter_answers(self) -> dict[int, SupporterAnswer]:
        """Answers by supporter, of whom there is one."""
        found = {}
        for row in self.supporters:
            if said := self.cleaned_data[f"supporter_{row.pk}"]:
                reason = "" if said == _SIGNED else said
                found[row.pk] = SupporterAnswer(reason, self.cleaned_data[f"supporter_note_{row.pk}"])
        return found


class ConsentForm(SupporterSignatures, forms.Form):
    """核查授权: a tick for who signed, a guardian's name where one signed instead."""

    signed_on = forms.DateField(label="签署日期", widget=DayInput)
    valid_to = forms.DateField(label="有效期至", required=False, widget=DayInput, help_text="授权书没有写明的不填。")
    scan = forms.ModelChoiceField(Attachment.objects.none(), label="签字扫描件", required=False, empty_label="未附")

    def __init__(self, *args: Any, household: Household, members: Sequence[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = members
        self.ask_supporters(list(supporters_of(household)))
        scan: Any = self.fields["scan"]
        scan.queryset = attachments_of(household).filter(kind=AttachmentKind.AUTHORIZATION_LETTER)
        today = timezone.localdate()
        for member in members:
            is_minor = age_on(member.person.birth_date, on=today) < ADULT_AGE
            self.fields[f"signed_{member.pk}"] = forms.BooleanField(label=f"{member.person}已签字", required=False)
            self.fields[f"guardian_{member.pk}"] = PersonNameField(
                label=f"{member.person}的监护人代签",
                required=False,
                help_text="未满18周岁，须由监护人代签。" if is_minor else "不能自己签字的，填代签的监护人。",
            )

    def signature_rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The two fields of each member."""
        return [(self[f"signed_{member.pk}"], self[f"guardian_{member.pk}"]) for member in self.members]

    def clean_signed_on(self) -> Any:
        """
        :raises ValidationError: signed in the future.
        """
        if self.cleaned_data["signed_on"] > timezone.localdate():
            raise ValidationError("签署日期不能晚于今天。")
        return self.cleaned_data["signed_on"]

    def signers(self) -> dict[int, str]:
        """Guardian's name by member who signed or was signed for."""
        cleaned = self.cleaned_data
        return {
            member.pk: cleaned[f"guardian_{member.pk}"]
            for member in self.members
            if cleaned[f"signed_{member.pk}"] or cleaned[f"guardian_{member.pk}"]
        }


class AttachmentForm(forms.Form):
    """附件: PDF, JPG or PNG, judged by content."""

    kind = forms.ChoiceField(label="种类", choices=optional(AttachmentKind.choices, "请选择"))
    file = forms.FileField(label="文件", widget=CameraInput, help_text="PDF、JPG、PNG，手机可直接拍照。")
