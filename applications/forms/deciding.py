"""审核确认 and the other ends: confirming, refusing, returning, withdrawing, terminating, delivering."""

from functools import cached_property
from typing import Any

from django import forms
from django.db import transaction

from applications import papers, services
from applications.forms.base import ActForm, PlainForm, ScanField, long_text
from applications.models import CaseDocument
from applications.queries import delivery_due, grounds_of
from applications.rules.doors import doors_after_refusal
from applications.rules.process import CaseState
from applications.services import TERMINATION_CAUSES
from documents.models import HANDED_OVER, DeliveryWay
from foundation.form_fields import DayInput
from households.models.attachments import AttachmentKind
from organizations.models.delegations import Scheme

_CLAUSES: dict[str, str] = {
    Scheme.TEKUN: "民发〔2021〕43号第六条",
    Scheme.TEMPORARY_AID: "民发〔2018〕23号二（一）",
}
"""What a refusal may rest on beside the failed tests, as an example."""


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
    """The notice says the failed tests and the other doors by itself; staff write what rests on something else."""

    body = "applications/forms/_refusal.html"
    facts_found = long_text("另行查明的事实", max_length=2000, rows=3, required=False)
    reasons = long_text("不予确认的理由", max_length=2000, rows=3, required=False)
    clause = forms.CharField(label="依据的条款", max_length=200, required=False)
    opinion = long_text("审核确认意见", max_length=500, rows=2)

    def prepare(self) -> None:
        if self.failed:
            self.fields["reasons"].help_text = "上列条件会自动写入，不用重抄；只补充上面没有说到的，可以不填。"
        else:
            for name in ("facts_found", "reasons", "clause"):
                self.fields[name].required = True
            self.fields["reasons"].help_text = "会原样印在不予确认通知书上。"
        self.fields["facts_found"].help_text = "例如核对或入户发现的未申报财产、虚假材料：时间、数额、凭据。"
        clause = _CLAUSES.get(self.case.scheme, "民发〔2021〕57号第十四条")
        self.fields["clause"].help_text = f"例如：{clause}。"

    def suggested(self) -> dict[str, Any]:
        return {"opinion": self.case.matter.words.refused}

    @cached_property
    def failed(self) -> list[str]:
        """Tests that the family did not pass, as the notice says them."""
        proposal = self.file.proposal
        return papers.failed_sentences(self.case, grounds_of(proposal)) if proposal else []

    @cached_property
    def doors(self) -> list[str]:
        """What else the family may claim, as the notice says it."""
        proposal = self.file.proposal
        if proposal is None:
            return []
        rested_on = proposal.assessment
        return doors_after_refusal(rested_on.result, rested_on.facts, refused=self.case.scheme)

    def perform(self) -> Any:
        names = ("opinion", "reasons", "facts_found", "clause")
        return services.refuse(
            self.case,
            **{name: self.cleaned_data[name] for name in names},
            by=self.by,
            on=self.on,
            version=self.typed_version,
            **self.late_reasons,
        )


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

    def suggested(self) -> dict[str, Any]:
        return {"cause": "died"} if services.applicant_died(self.case) else {}

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
        waiting = self.case.documents.filter(
            document__kind__in=HANDED_OVER, document__voided_on=None, document__delivery=None
        )
        field.queryset = waiting.select_related("document")

    def suggested(self) -> dict[str, Any]:
        person = self.case.applicant.person
        return {"delivered_on": self.on, "received_by": "" if person.died_on else person.name}

    def perform(self) -> Any:
        names = ("delivered_on", "way", "received_by", "note")
        values = {name: self.cleaned_data[name] for name in names}
        document = self.cleaned_data["document"].document
        late_reason = self.late_reasons["late_reason"]
        return services.deliver(self.case, document, by=self.by, on=self.on, late_reason=late_reason, **values)

    def may_be_late(self) -> bool:
        dues = [delivery_due(self.case, link.document) for link in self.file.undelivered]
        return any(due is not None and self.on > due for due in dues)
