"""终止救助供养: opening it, proposing, deciding, and calling it off."""

from datetime import date
from functools import cached_property
from typing import Any

from django import forms
from django.db import transaction

from applications import papers, services
from applications.forms.base import ActForm, ScanField, long_text, not_after
from applications.forms.deciding import ApproveForm, RefuseForm
from applications.forms.investigation import RecordRecheckForm
from applications.models.decisions import Basis
from applications.queries import suggested
from applications.rules.accounting import accounting_years
from applications.rules.suggestion import Suggestion
from applications.rules.terminations import CAUSES, Cause
from applications.services import ProposalData
from foundation.form_fields import DayInput
from households.models.attachments import AttachmentKind

_ENDS, _CONTINUES = "yes", "no"


class OpenTerminationForm(forms.Form):
    """Cause, day, facts and proof; what proves which cause stands beside the causes."""

    cause = forms.ChoiceField(
        label="终止情形",
        choices=[(cause.value, f"{rule.label}（{rule.evidence}）") for cause, rule in CAUSES.items()],
        widget=forms.RadioSelect({"class": "choice-lines"}),
    )
    happened_on = forms.DateField(
        label="发生日期", widget=DayInput(), help_text="死亡或者宣告之日、入监之日、查实之日、本人申请之日。"
    )
    facts = long_text("具体情况", max_length=500, help_text="会写进终止审批表和给本人的通知书，不上公示单。")
    evidence = ScanField(label="证明材料", help_text="自愿退出的，上传本人（监护人）签字的申请。")
    accounting_year = forms.TypedChoiceField(label="收入核算年度", coerce=int)

    def __init__(self, *args: Any, on: date, died_on: date | None, **kwargs: Any) -> None:
        self.on = on
        super().__init__(*args, **kwargs)
        field = self.fields["accounting_year"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 -- declared above
        field.choices = [(year, f"{year}年") for year in accounting_years(on=on)]
        if died_on is not None:
            self.initial.update(cause=Cause.DIED.value, happened_on=died_on)

    def clean_happened_on(self) -> date:
        """
        :raises ValidationError: the day lies ahead.
        """
        return not_after(self.cleaned_data["happened_on"], self.on)


class ProposeTerminationForm(ActForm):
    """To end the support or to let it go on, beside what the three conditions say of the person now."""

    body = "applications/forms/_termination.html"

    is_eligible = forms.ChoiceField(
        label="意见", choices=[(_ENDS, "拟终止供养"), (_CONTINUES, "拟继续供养")], widget=forms.RadioSelect
    )
    opinion = long_text("调查核实意见", max_length=500)
    difference_reason = long_text(
        "与系统建议不同的理由", max_length=300, required=False, rows=2, help_text="与系统建议一致的不用填。"
    )

    @cached_property
    def suggestion(self) -> Suggestion | None:
        """What cause and conditions come to; None where the family cannot be assessed."""
        shown = self.file.fresh_assessment
        return suggested(self.case, shown.result, shown.facts) if shown.result else None

    @property
    def suggested_words(self) -> str:
        """The suggestion in words, with what it rests on."""
        if self.suggestion is None:
            return "—"
        rule, words = self.case.termination.rule, self.case.matter.words
        if not rule.is_assessed:
            return f"{words.agree}：情形属实即可终止，与收入、财产测算无关（{rule.clause}）"
        if self.suggestion.is_eligible:
            return f"{words.agree}：按现在的资料，不再同时具备三项条件"
        return f"{words.disagree}：按现在的资料，没有查明哪一项条件不再具备"

    def suggested(self) -> dict[str, Any]:
        draft = self.file.proposal
        if draft is not None and draft.signed_on is None:
            return self.theirs()
        if self.suggestion is None:
            return {}
        return {"is_eligible": _ENDS if self.suggestion.is_eligible else _CONTINUES}

    def theirs(self) -> dict[str, Any]:
        draft = self.file.proposal
        if draft is None:
            return {}
        return {
            "is_eligible": _ENDS if draft.is_eligible else _CONTINUES,
            "opinion": draft.opinion,
            "difference_reason": draft.difference_reason,
        }

    def perform(self) -> Any:
        ends = self.cleaned_data["is_eligible"] == _ENDS
        data = ProposalData(
            is_eligible=ends,
            basis=Basis.TERMINATION if ends else "",
            opinion=self.cleaned_data["opinion"],
            difference_reason=self.cleaned_data["difference_reason"],
        )
        return services.draft_proposal(
            self.case, data=data, by=self.by, on=self.on, version=self.typed_version, **self.late_reasons
        )


class RecordVerificationForm(RecordRecheckForm):
    """What was verified in writing: papers, registers, other bodies' answers."""

    found = long_text(
        "核实情况", max_length=500, help_text="向谁、凭什么材料核实的，查明了什么；入户的请登记入户调查。"
    )


class EndSupportForm(ApproveForm):
    body = "applications/forms/_end_support.html"

    def suggested(self) -> dict[str, Any]:
        return {"opinion": "同意终止救助供养。"}

    @cached_property
    def doors(self) -> list[str]:
        """What the person may claim then, as the notice says it."""
        return papers.doors_after_end(self.case, self.file.proposal) if self.file.proposal else []


class KeepSupportForm(RefuseForm):
    """Support goes on: the notice says which conditions are still met; staff write what else it rests on."""

    body = "applications/forms/_keep_support.html"

    def prepare(self) -> None:
        super().prepare()
        self.fields["reasons"].label = "继续供养的理由"
        self.fields["facts_found"].help_text = "查明的情况：时间、数额、凭据。"
        self.fields["clause"].help_text = "例如：民发〔2021〕43号第二十四条。"
        if not self.failed:
            self.fields["reasons"].help_text = "会原样印在继续供养告知书上。"

    def suggested(self) -> dict[str, Any]:
        return {"opinion": "继续救助供养。"}


class CallOffForm(ActForm):
    late = False
    reason = long_text("撤销的原因", max_length=300, rows=2)
    paper = ScanField(
        label="本人签字的撤回申请", required=False, help_text="自愿退出的必须上传；其他情形有材料的可以上传。"
    )

    @transaction.atomic
    def perform(self) -> Any:
        upload = self.cleaned_data.get("paper")
        paper = self.attach(upload, AttachmentKind.OTHER) if upload else None
        return services.call_off(self.case, reason=self.cleaned_data["reason"], by=self.by, on=self.on, paper=paper)
