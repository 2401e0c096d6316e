"""审核确认 and the other ends: confirming, refusing, returning, withdrawing, terminating, delivering."""

from typing import Any

from django import forms
from django.db import transaction

from applications import services
from applications.forms.base import ActForm, PlainForm, ScanField, long_text
from applications.models import CaseDocument
from applications.rules.process import CaseState
from applications.rules.refusal import failed_tests, other_doors
from applications.services import TERMINATION_CAUSES
from documents.models import DeliveryWay
from foundation.form_fields import DayInput
from households.models.attachments import AttachmentKind


class ApproveForm(ActForm):
    opinion = long_text("审核确认意见", max_length=500, rows=2)

    def suggested(self) -> dict[str, Any]:
        return {"opinion": "同意"}

    def perform(self) -> Any:
        return services.approve(
            self.case,
            opinion=self.cleaned_data["opinion"],
            by=self.by,
            on=self.on,
            version=self.typed_version,
            **self.late_reasons,
        )


class RefuseForm(ActForm):
    """Reasons begin with the tests that failed and what else the family may claim."""

    reasons = long_text("不予确认的理由", max_length=4000, rows=8, help_text="会原样印在不予确认通知书上。")
    opinion = long_text("审核确认意见", max_length=500, rows=2)

    def suggested(self) -> dict[str, Any]:
        return {"opinion": "不予确认", "reasons": self._reasons()}

    def _reasons(self) -> str:
        shown = self.file.assessment
        if shown is None or not shown.result:
            return ""
        failed = failed_tests({**shown.result, "findings": [_row(shown, row) for row in shown.result["findings"]]})
        doors = "；".join(other_doors(shown.result))
        return "\n".join([*failed, f"您还可以申请：{doors}。"]) if failed else ""

    def perform(self) -> Any:
        return services.refuse(
            self.case,
            opinion=self.cleaned_data["opinion"],
            reasons=self.cleaned_data["reasons"],
            by=self.by,
            on=self.on,
            version=self.typed_version,
            **self.late_reasons,
        )


def _row(shown: Any, row: dict[str, Any]) -> dict[str, Any]:
    text = row["text"]
    for reference, name in shown.names.items():
        text = text.replace(f"成员“{reference}”", name)
    return {**row, "text": text}


class SendBackForm(ActForm):
    missing = long_text("要补查什么", max_length=500, help_text="会原样告诉乡镇。")

    def perform(self) -> Any:
        return services.send_back(
            self.case,
            missing=self.cleaned_data["missing"],
            by=self.by,
            on=self.on,
            version=self.typed_version,
            **self.late_reasons,
        )


class ResumeForm(PlainForm):
    def perform(self) -> Any:
        return services.resume(self.case, by=self.by, on=self.on, **self.late_reasons)


class WithdrawForm(ActForm):
    late = False
    reason = long_text("家庭撤回的原因", max_length=300, rows=2)
    paper = ScanField(label="家庭签字的撤回申请", help_text="手写的也可以，拍照或扫描上传。")

    def prepare(self) -> None:
        if self.case.state == CaseState.DRAFT:
            del self.fields["paper"]

    @transaction.atomic
    def perform(self) -> Any:
        upload = self.cleaned_data.get("paper")
        paper = self.attach(upload, AttachmentKind.OTHER) if upload else None
        return services.withdraw(self.case, reason=self.cleaned_data["reason"], by=self.by, on=self.on, paper=paper)


class TerminateForm(ActForm):
    late = False
    cause = forms.ChoiceField(label="情形", choices=list(TERMINATION_CAUSES.items()), widget=forms.RadioSelect)
    reason = long_text("具体情况", max_length=300, rows=2)

    def perform(self) -> Any:
        return services.terminate(
            self.case, cause=self.cleaned_data["cause"], reason=self.cleaned_data["reason"], by=self.by, on=self.on
        )


class TakeBackForm(PlainForm):
    late = False

    def perform(self) -> Any:
        return services.take_back(self.case, by=self.by, on=self.on)


class _DocumentField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.document.get_kind_display()} {obj.document.number}"


class DeliverForm(ActForm):
    document = _DocumentField(CaseDocument.objects.none(), label="文书", empty_label=None)
    delivered_on = forms.DateField(label="送达日期", widget=DayInput())
    way = forms.ChoiceField(label="送达方式", choices=DeliveryWay.choices)
    received_by = forms.CharField(label="签收人", max_length=60, required=False, help_text="直接送达的必须填。")
    note = forms.CharField(label="说明", max_length=200, required=False)
    late_reason = long_text(
        "超期原因", max_length=300, required=False, rows=2, help_text="不予确认通知书超过规定时间送达的，须写明原因。"
    )

    def prepare(self) -> None:
        field = self.fields["document"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 -- declared above
        waiting = self.case.documents.filter(document__voided_on=None, document__delivery=None)
        field.queryset = waiting.select_related("document")

    def suggested(self) -> dict[str, Any]:
        return {"delivered_on": self.on, "received_by": self.case.applicant.person.name}

    def perform(self) -> Any:
        names = ("delivered_on", "way", "received_by", "note")
        values = {name: self.cleaned_data[name] for name in names}
        document = self.cleaned_data["document"].document
        late_reason = self.late_reasons["late_reason"]
        return services.deliver(self.case, document, by=self.by, on=self.on, late_reason=late_reason, **values)

    def may_be_late(self) -> bool:
        dues = [services.delivery_due(self.case, link.document) for link in self.file.undelivered]
        return any(due is not None and self.on > due for due in dues)
