"""生活自理能力评估 and 保障选择: what a 特困 case asks of persons before its proposal; F43 §§9, 20–22."""

from typing import Any

from django import forms
from django.db import transaction
from django.forms import BoundField

from applications import services
from applications.forms.act import CHECKING, DRAFTING, INVESTIGATE, TEKUN_APPLICATION, Act, no_minor
from applications.forms.base import ActForm, long_text
from applications.models import ChildSupport
from applications.queries.steps import possible_assessors
from applications.services import SelfCareReport
from foundation.form_fields import DayInput, ScanField
from households.models import Attachment, Member
from households.models.attachments import AttachmentKind
from households.models.people import SELF_CARE_LABELS, SupportMode
from organizations.models import Staff

_MANAGED, _NOT_MANAGED = "yes", "no"


class _PersonForm(ActForm):
    """An act on one person of the family, with a signed paper where there is one."""

    late = False
    member = forms.TypedChoiceField(label="成员", coerce=int)
    paper = ScanField(label="签字的材料", required=False, help_text="手机上可直接拍照。")

    def people(self) -> list[Member]:
        """Whom the act may be about, who waits for it first."""
        return self.file.members

    def prepare(self) -> None:
        field = self.fields["member"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- declared above
        field.choices = [(member.pk, member.person.name) for member in self.people()]

    @property
    def chosen(self) -> Member:
        """Whom the form is about."""
        return next(member for member in self.file.members if member.pk == self.cleaned_data["member"])

    def scan(self, kind: str) -> Attachment | None:
        upload = self.cleaned_data["paper"]
        return self.attach(upload, kind) if upload else None


class _AssessorsField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}（{obj.area.short_name}）"


class SelfCareForm(_PersonForm):
    """生活自理能力评估表 on the page: six indicators, each managed alone or not."""

    body = "applications/forms/self_care.html"

    assessed_on = forms.DateField(label="评估日期", widget=DayInput())
    place = forms.CharField(label="评估地点", max_length=120)
    support_mode = forms.ChoiceField(label="本人选择的供养方式", choices=SupportMode.choices, widget=forms.RadioSelect)
    mode_said_by = forms.CharField(
        label="供养方式由谁表示", max_length=60, help_text="本人；本人不能表示的，写监护人姓名。"
    )
    assessors = _AssessorsField(
        Staff.objects.none(), label="评估人", help_text="县民政局和乡镇共同评估，双方至少各一人，共两人以上。"
    )
    note = long_text("评估情况说明", max_length=500, required=False, rows=2)

    def prepare(self) -> None:
        super().prepare()
        self.fields["paper"].label = "签字的评估表"
        for name, label in SELF_CARE_LABELS.items():
            self.fields[name] = forms.ChoiceField(
                label=label,
                choices=[(_MANAGED, "能自主完成"), (_NOT_MANAGED, "不能")],
                widget=forms.RadioSelect,
                error_messages={"required": f"请选择能不能{label}。"},
            )
        field = self.fields["assessors"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 -- declared above
        field.queryset = possible_assessors(self.case, on=self.on)

    def people(self) -> list[Member]:
        if self.case.matter.is_review:
            return [member for member in self.file.members if member.pk == self.case.applicant_id]
        assessed = {row.member_id for row in self.file.self_care}
        waiting = [member for member in self.file.proposable if member.pk not in assessed]
        return waiting + [member for member in self.file.members if member not in waiting]

    def suggested(self) -> dict[str, Any]:
        values = {
            "assessed_on": self.on,
            "place": self.case.household.address,
            "assessors": [self.by.pk],
            "mode_said_by": "本人",
        }
        if people := self.people():
            values |= {"member": people[0].pk, "support_mode": people[0].person.support_mode}
        return values

    @property
    def indicators(self) -> list[BoundField]:
        """The six rows of the form (F43 §21)."""
        return [self[name] for name in SELF_CARE_LABELS]

    def perform(self) -> Any:
        data = self.cleaned_data
        report = SelfCareReport(
            assessed_on=data["assessed_on"],
            place=data["place"],
            not_managed=[name for name in SELF_CARE_LABELS if data[name] == _NOT_MANAGED],
            support_mode=data["support_mode"],
            mode_said_by=data["mode_said_by"],
            note=data["note"],
        )
        with transaction.atomic():
            return services.assess_self_care(
                self.chosen,
                report=report,
                assessors=list(data["assessors"]),
                by=self.by,
                on=self.on,
                case=self.case,
                scan=self.scan(AttachmentKind.OTHER),
            )


class SupportChoiceForm(_PersonForm):
    """保障选择 of a minor, made by the guardian."""

    choice = forms.ChoiceField(label="监护人的选择", choices=ChildSupport.choices, widget=forms.RadioSelect)
    chosen_on = forms.DateField(label="选择日期", widget=DayInput())
    chosen_by = forms.CharField(label="作出选择的监护人", max_length=60)

    field_order = ("member", "choice", "chosen_by", "chosen_on", "paper")

    def people(self) -> list[Member]:
        chosen = {row.member_id for row in self.file.support_choices}
        return sorted(self.file.minors, key=lambda member: member.pk in chosen)

    def suggested(self) -> dict[str, Any]:
        return {"chosen_on": self.on, **({"member": people[0].pk} if (people := self.people()) else {})}

    def perform(self) -> Any:
        data = self.cleaned_data
        with transaction.atomic():
            return services.choose_support(
                self.case,
                member=self.chosen,
                choice=data["choice"],
                chosen_on=data["chosen_on"],
                chosen_by=data["chosen_by"],
                by=self.by,
                on=self.on,
                scan=self.scan(AttachmentKind.OTHER),
            )


SELF_CARE_ACTS = (
    Act(
        "record-self-care",
        "登记自理能力评估",
        SelfCareForm,
        INVESTIGATE,
        DRAFTING,
        "县民政局和乡镇共同评估，评估结果写入成员资料，供养金随之测算，并制发生活自理能力评估表。",
        mends=lambda file: any(lack.anchor == "self-care" for lack in file.lacks),
        place="self-care",
        of=TEKUN_APPLICATION | {"tekun.review"},
        effects={
            "tekun.review": "县民政局和乡镇共同评估，评估结果写入成员资料，复核建议随之重新测算；"
            "确认复核结果以后，照料护理档次和供养金从下月起调整。",
        },
    ),
    Act(
        "record-support-choice",
        "登记保障选择",
        SupportChoiceForm,
        INVESTIGATE,
        CHECKING,
        "未成年人选择孤儿、事实无人抚养儿童保障的，不再认定为特困人员。",
        no_minor,
        mends=lambda file: any(lack.anchor == "support-choice" for lack in file.lacks),
        place="support-choice",
        of=TEKUN_APPLICATION,
    ),
)
