"""Registering an aid at the window (窗口登记): whom, what befell, where."""

from typing import Any

from django import forms

from eligibility.rules.choices import AidCause, AidGrade, HardshipType
from foundation.form_fields import AmountField, DayInput, IdNumberField, ScanField
from households.forms.fields import OnceField, PhoneField, VillageField
from households.forms.search import PersonSearchForm
from households.models import Household, Member
from households.models.people import MissingIdReason, Sex
from households.queries import current_members
from organizations.models import Area, Staff
from organizations.queries import villages_for
from temporary_aid.forms.reports import MomentField
from temporary_aid.models import AidFileKind, Ground, TemporaryAid
from temporary_aid.permissions import Permission
from temporary_aid.services import AidData, HardshipData, Recipient

CAUSES = [
    (kind.label, [(cause.value, cause.label) for cause in AidCause if cause.hardship is kind]) for kind in HardshipType
]
_GRADES = [("", "还不清楚"), *((grade.value, grade.label) for grade in AidGrade)]


class StartForm(PersonSearchForm):
    """An ID number or a name; with it the form of an aid is begun."""

    @property
    def of_recipient(self) -> dict[str, str]:
        """What the form of an aid is begun with, once this one is valid."""
        return {"id_number" if self.is_number else "name": self.cleaned_data["q"]}


class AidForm(forms.Form):
    """登记临时救助; of a family on record the person is chosen among its members, others are written down."""

    applicant = forms.ModelChoiceField(queryset=Member.objects.none(), label="申请人", empty_label=None)
    name = forms.CharField(label="救助对象", max_length=60)
    id_number = IdNumberField(required=False)
    missing_id_reason = forms.ChoiceField(
        label="没有身份证号的原因", required=False, choices=[("", "—"), *MissingIdReason.choices]
    )
    sex = forms.ChoiceField(label="性别", required=False, choices=[("", "—"), *Sex.choices])
    birth_date = forms.DateField(label="出生日期", required=False, widget=DayInput)
    people_count = forms.IntegerField(label="家庭人口", min_value=1, max_value=30, initial=1)
    registered_place = forms.CharField(
        label="户籍地", required=False, max_length=120, help_text="外地户籍的写到县（市、区）。"
    )
    living_place = forms.CharField(label="居住地", required=False, max_length=120)
    phone = PhoneField(label="联系电话", required=False)
    area = VillageField()
    ground = forms.ChoiceField(label="受理地", choices=Ground.choices)
    cause = forms.ChoiceField(label="事由", choices=[("", "请选择"), *CAUSES])
    grade = forms.ChoiceField(label="困难程度", required=False, choices=_GRADES)
    self_paid_amount = AmountField(
        label="自付支出（元）", required=False, help_text="支出型必填：扣除报销和其他救助以后自己付的。"
    )
    occurred_on = forms.DateField(label="发生日期", widget=DayInput)
    occurred_place = forms.CharField(label="发生地点", required=False, max_length=120)
    situation = forms.CharField(label="困难情况", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    first_reported_at = MomentField(
        label="首次报告时间",
        required=False,
        help_text="村里或本人第一次报告的时间，救助时限从这时起算；不填为现在。",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    once = OnceField()

    OF_STRANGERS = ("name", "id_number", "missing_id_reason", "sex", "birth_date", "people_count")

    def __init__(
        self,
        data: Any = None,
        *,
        staff: Staff,
        family: Household | None = None,
        aid: TemporaryAid | None = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=(_kept(aid) if aid is not None else {}) | (initial or {}))
        self.family = family
        self.kept_number = str(aid.recipient_id_number.reveal()) if aid is not None else ""
        area: Any = self.fields["area"]
        area.cut_to(staff, Permission.HANDLE_AID)
        applicant: Any = self.fields["applicant"]
        if family is None:
            del self.fields["applicant"]
        else:
            applicant.queryset = current_members(family)
            applicant.label_from_instance = lambda member: f"{member.person.name}（{member.get_relation_display()}）"
            self.initial.setdefault("area", family.area_id)
            for name in self.OF_STRANGERS:
                del self.fields[name]
        if aid is not None:
            del self.fields["once"]
            del self.fields["first_reported_at"]
        else:
            del self.fields["version"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.family is None and "id_number" not in self.errors:
            number, reason = cleaned.get("id_number"), cleaned.get("missing_id_reason")
            if not number and not reason and not self.kept_number:
                self.add_error("id_number", "请填身份证号；确实没有的，选择没有证号的原因。")
            if number and reason:
                self.add_error("missing_id_reason", "填了身份证号的，不选原因。")
        cause: str = cleaned.get("cause") or ""
        is_spending = bool(cause) and AidCause(cause).hardship is HardshipType.EXPENDITURE
        if is_spending and cleaned.get("self_paid_amount") is None and "self_paid_amount" not in self.errors:
            self.add_error("self_paid_amount", "支出型的，请填自付支出。")
        return cleaned

    def aid_data(self) -> AidData:
        """As the services take it, once the form is valid."""
        given = self.cleaned_data
        area: Area = given["area"]
        recipient = Recipient(
            name=given.get("name", ""),
            id_number=given.get("id_number") or self.kept_number,
            missing_id_reason=given.get("missing_id_reason", ""),
            sex=given.get("sex", ""),
            birth_date=given.get("birth_date"),
            phone=given["phone"],
            people_count=given.get("people_count") or 1,
            registered_place=given["registered_place"],
            living_place=given["living_place"],
            household=self.family,
            applicant=given.get("applicant"),
        )
        hardship = HardshipData(
            kind=AidCause(given["cause"]).hardship.value,
            cause=given["cause"],
            grade=given["grade"],
            occurred_on=given["occurred_on"],
            occurred_place=given["occurred_place"],
            situation=given["situation"],
            self_paid_amount=given["self_paid_amount"],
        )
        return AidData(
            area=area,
            recipient=recipient,
            hardship=hardship,
            ground=given["ground"],
            first_reported_at=given.get("first_reported_at"),
        )


class TypedForm(forms.Form):
    """What the suggestion beside the form needs of what is typed just now; what cannot be read is left out."""

    area = forms.ModelChoiceField(queryset=Area.objects.none(), required=False)
    cause = forms.ChoiceField(required=False, choices=[("", ""), *((cause.value, cause.label) for cause in AidCause)])
    grade = forms.ChoiceField(required=False, choices=_GRADES)
    self_paid_amount = AmountField(required=False)

    def __init__(self, data: Any, *, staff: Staff) -> None:
        super().__init__(data)
        field: Any = self.fields["area"]
        field.queryset = villages_for(staff, Permission.HANDLE_AID)

    def typed(self) -> dict[str, Any]:
        """What could be read."""
        self.is_valid()
        return self.cleaned_data


class AddFileForm(forms.Form):
    """补充附件: papers of an aid that was decided before they were at hand."""

    KINDS = (
        AidFileKind.SCENE_PHOTO,
        AidFileKind.APPLICATION,
        AidFileKind.IDENTITY,
        AidFileKind.CONSENT,
        AidFileKind.EXPENSE_PROOF,
        AidFileKind.RECEIPT,
        AidFileKind.OTHER,
    )
    kind = forms.ChoiceField(label="种类", choices=[("", "请选择"), *((kind.value, kind.label) for kind in KINDS)])
    photo = ScanField(label="照片或扫描件", help_text="PDF、JPG 或 PNG。")


class IdentifyForm(forms.Form):
    """补登身份."""

    id_number = IdNumberField()


class CorrectNumberForm(forms.Form):
    """更正身份证号 of aid that was granted."""

    id_number = IdNumberField()
    reason = forms.CharField(
        label="更正原因", max_length=200, widget=forms.Textarea({"rows": 3}), help_text="写明错在哪里、凭什么证件核对。"
    )


class LinkForm(forms.Form):
    """关联家庭: the member for whom the aid is."""

    applicant = forms.ModelChoiceField(queryset=Member.objects.none(), label="申请人", empty_label=None)

    def __init__(self, data: Any = None, *, family: Household) -> None:
        super().__init__(data)
        field: Any = self.fields["applicant"]
        field.queryset = current_members(family)
        field.label_from_instance = lambda member: f"{member.person.name}（{member.get_relation_display()}）"


def _kept(aid: TemporaryAid) -> dict[str, Any]:
    """An aid as the form shows it; numbers of people stay unshown and are kept where nothing is typed."""
    return {
        "applicant": aid.applicant_id,
        "name": aid.recipient_name,
        "missing_id_reason": aid.missing_id_reason,
        "sex": aid.recipient_sex,
        "birth_date": aid.recipient_birth_date,
        "people_count": aid.people_count,
        "registered_place": aid.registered_place,
        "living_place": aid.living_place,
        "area": aid.area_id,
        "ground": aid.ground,
        "cause": aid.cause,
        "grade": aid.grade,
        "self_paid_amount": aid.self_paid_amount,
        "occurred_on": aid.occurred_on,
        "occurred_place": aid.occurred_place,
        "situation": aid.situation,
        "version": aid.version,
    }
