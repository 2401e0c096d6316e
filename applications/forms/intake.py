"""受理 and before: registering, the one list of what is missing, signed papers, near relatives."""

from typing import Any

from django import forms
from django.db import transaction
from django.forms import BaseFormSet

from applications import services
from applications.forms.base import ActForm, PlainForm, ScanField, long_text
from applications.models import SupplementItem
from applications.models.intakes import NearRelation, PaperKind
from applications.queries import missing_papers, required_papers
from applications.services import MissingPaper
from foundation.form_fields import DayInput, PersonNameField
from households.models.attachments import AttachmentKind

USUAL_PAPERS = (
    "身份证复印件",
    "户口簿复印件",
    "残疾证复印件",
    "诊断证明、住院病历",
    "医疗费用票据",
    "收入证明",
    "务工单位证明",
    "在校学籍证明",
    "离婚证或调解书、判决书",
    "房屋租赁合同",
    "法定义务人身份证复印件",
    "银行存折（卡）复印件",
)
"""Papers that are usually missing, offered while typing."""


class SubmitForm(PlainForm):
    late = False

    def perform(self) -> Any:
        return services.submit(self.case, by=self.by, on=self.on, version=self.typed_version)


class _MissingPaperForm(forms.Form):
    name = forms.CharField(
        label="材料名称", max_length=60, widget=forms.TextInput(attrs={"list": "usual-papers", "autocomplete": "off"})
    )
    note = forms.CharField(label="要求或说明", max_length=120, required=False)


class AskSupplementForm(ActForm):
    """The one list of what is missing, as rows."""

    body = "applications/forms/_supplement.html"

    def prepare(self) -> None:
        names = [kind.label for kind in missing_papers(self.case.intake)]
        rows = forms.formset_factory(_MissingPaperForm, extra=0 if names else 1, can_delete=True, max_num=40)
        self._rows = rows(
            self.data if self.is_bound else None,
            prefix="items",
            initial=[{"name": name, "note": "须签字"} for name in names],
        )

    @property
    def rows(self) -> "BaseFormSet[Any]":
        return self._rows

    @property
    def usual_papers(self) -> tuple[str, ...]:
        return USUAL_PAPERS

    def perform(self) -> Any:
        items = [
            MissingPaper(row["name"], row["note"])
            for row in self._rows.cleaned_data
            if row.get("name") and not row.get("DELETE")
        ]
        return services.ask_supplement(self.case, items=items, by=self.by, on=self.on, **self.late_reasons)


class ReceiveSupplementForm(ActForm):
    late = False
    item = forms.ModelChoiceField(SupplementItem.objects.none(), label="收到的材料", empty_label=None)
    attachment = ScanField(label="扫描件", required=False, help_text="拍照或选择文件；原件已收存的可以不上传。")

    def prepare(self) -> None:
        field = self.fields["item"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 -- declared above
        field.queryset = SupplementItem.objects.filter(notice__case=self.case, received_on=None)

    def perform(self) -> Any:
        upload = self.cleaned_data["attachment"]
        with transaction.atomic():
            attachment = self.attach(upload, AttachmentKind.OTHER) if upload else None
            return services.receive_supplement(self.cleaned_data["item"], by=self.by, on=self.on, attachment=attachment)


class AcceptForm(PlainForm):
    def perform(self) -> Any:
        return services.accept(self.case, by=self.by, on=self.on, **self.late_reasons)


class AddPaperForm(ActForm):
    """The signed scan of one paper."""

    late = False
    kind = forms.ChoiceField(label="材料", choices=PaperKind.choices)
    scan = ScanField(label="签字扫描件")
    signed_on = forms.DateField(label="签署日期", widget=DayInput())

    def prepare(self) -> None:
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- declared above
        field.choices = [(kind.value, kind.label) for kind in required_papers(self.case.intake)]

    def suggested(self) -> dict[str, Any]:
        missing = missing_papers(self.case.intake)
        return {"signed_on": self.on} | ({"kind": missing[0].value} if missing else {})

    def perform(self) -> Any:
        kind = self.cleaned_data["kind"]
        with transaction.atomic():
            return services.add_paper(
                self.case.intake,
                kind=kind,
                attachment=self.attach(self.cleaned_data["scan"], kind),
                signed_on=self.cleaned_data["signed_on"],
                by=self.by,
                on=self.on,
                at=self.at,
            )


class DeclareRelativeForm(ActForm):
    late = False
    member = forms.TypedChoiceField(label="家庭成员", coerce=int)
    relation = forms.ChoiceField(
        label="关系人是该成员的",
        choices=[("", "请选择"), *NearRelation.choices],
        help_text="叔侄、姻亲等不是近亲属，不用备案。",
    )
    relative_name = PersonNameField(label="关系人姓名")
    relative_unit = forms.CharField(label="关系人单位", max_length=60, help_text="如：临溪镇人民政府、临溪村村委会。")
    relative_position = forms.CharField(label="关系人职务", max_length=60)

    def prepare(self) -> None:
        field = self.fields["member"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- declared above
        field.choices = [(member.pk, member.person.name) for member in self.file.members]

    def perform(self) -> Any:
        values = {name: self.cleaned_data[name] for name in ("relation", *_RELATIVE)}
        member = next(row for row in self.file.members if row.pk == self.cleaned_data["member"])
        return services.declare_relative(self.case.intake, member=member, by=self.by, on=self.on, **values)


_RELATIVE = ("relative_name", "relative_unit", "relative_position")


class ReceiveComplaintForm(ActForm):
    late = False
    received_on = forms.DateField(label="收到日期", widget=DayInput())
    content = long_text("投诉举报内容", max_length=500)

    def suggested(self) -> dict[str, Any]:
        return {"received_on": self.on}

    def perform(self) -> Any:
        return services.receive_complaint(
            self.case,
            received_on=self.cleaned_data["received_on"],
            content=self.cleaned_data["content"],
            by=self.by,
            on=self.on,
        )
