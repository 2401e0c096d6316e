"""复核: opening it, its proposal beside the award in force, deciding, and calling it off."""

from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django import forms

from applications import services
from applications.forms.base import ActForm, long_text
from applications.forms.deciding import ApproveForm
from applications.forms.proposing import Compared, DraftProposalForm
from applications.models.decisions import Basis, Category
from applications.queries import following_month, suggested, suspension_to_settle, version_in_force
from applications.queries.telling import result_words
from applications.rules.accounting import accounting_years
from applications.rules.reviews import PAID_ON, RESULTS_OF, ReviewCause, ReviewResult, SuspensionAnswer
from applications.rules.suggestion import Suggestion
from applications.services import ProposalData, ProposedPerson
from benefits.models import AwardVersion, CareLevel
from benefits.rules.months import months_after
from foundation.dates import chinese_month
from foundation.form_fields import AmountField, DayInput
from foundation.money import in_figures
from households.models.people import SupportMode

_R = ReviewResult
_VALUES = ("review_result", "basis", "category", "monthly_amount", "phase_out_months")


class OpenReviewForm(forms.Form):
    """Why an award is looked into, and what is known to have changed."""

    cause = forms.ChoiceField(label="复核事由", choices=[(cause.value, cause.label) for cause in ReviewCause])
    cause_text = long_text(
        "具体情况", max_length=300, required=False, rows=2, help_text="例如谁在什么时候报告了什么；定期核查的可以不填。"
    )
    changed_on = forms.DateField(
        label="变化发生日期",
        required=False,
        widget=DayInput(),
        help_text="变化有确定日期的（离开、结婚、从某天起有收入等）填写；因此减少的，从次月起重新核定。",
    )
    changed = long_text(
        "已知的变化", max_length=1000, required=False, help_text="一行写一项；家庭资料有变化的，请先在家庭页改好。"
    )
    accounting_year = forms.TypedChoiceField(label="收入核算年度", coerce=int)

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["accounting_year"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 -- declared above
        field.choices = [(year, f"{year}年") for year in accounting_years(on=on)]
        self.initial.setdefault("cause", ReviewCause.SCHEDULED.value)


class _OfReview(ActForm):
    """What the proposals of both schemes share: the award in force, and the suggestion in words."""

    @cached_property
    def in_force(self) -> AwardVersion:
        """The award as it is in force."""
        assert self.case.award is not None  # noqa: S101 -- held by case_award_is_looked_into
        return version_in_force(self.case.award, on=self.on, month=self.file.effect_month)

    @cached_property
    def suggestion(self) -> Suggestion | None:
        """What the rules come to now; None where the family cannot be assessed."""
        shown = self.file.fresh_assessment
        return suggested(self.case, shown.result, shown.facts) if shown.result else None

    def add_month(self) -> None:
        """Ask for the month from which the award is reckoned anew, where it is not the one after the decision."""
        said, latest = self.file.effect_month, following_month(self.case, on=self.on)
        if said >= latest:
            return
        months = [said]
        while months[-1] < latest:
            months.append(months_after(months[-1], 1))
        self.fields["from_month"] = forms.TypedChoiceField(
            label="从哪个月起",
            coerce=date.fromisoformat,
            choices=[(month.isoformat(), chinese_month(month)) for month in months],
            help_text="建议从变化的次月（提标的从生效月）起；推后的写明理由。",
        )
        self.fields["from_month_reason"] = long_text("推后起始月的理由", max_length=200, required=False, rows=2)

    @property
    def of_month(self) -> dict[str, Any]:
        """The month chosen, and why a later one."""
        data = self.cleaned_data
        return {name: data[name] for name in ("from_month", "from_month_reason") if name in self.fields}

    @property
    def months_between(self) -> str:
        """The months of a phase-out that the county's figures allow."""
        shown = self.file.fresh_assessment
        terms = shown.result.get("parameters") if shown.result else None
        return f"{terms['phase_out_min_months']}—{terms['phase_out_max_months']}个月" if terms else "—"

    def result_in_words(self) -> str:
        """The suggested result."""
        found = self.suggestion
        return result_words(self.case, ReviewResult(found.review_result)) if found else "—"


def _results(scheme: str) -> list[tuple[str, str]]:
    found = [(row.value, row.label) for row in RESULTS_OF[scheme]]
    if scheme == "tekun":
        found = [(value, "不再符合条件，转入终止程序" if value == _R.STOP else label) for value, label in found]
    return [("", "请选择"), *found]


class DibaoReviewForm(DraftProposalForm, _OfReview):
    """复核意见 of 低保: the result with its values; a difference from the suggestion is explained."""

    body = "applications/forms/_review.html"
    is_eligible = None  # type: ignore[assignment]
    review_result = forms.ChoiceField(label="复核结果", choices=_results("dibao"))
    phase_out_months = forms.IntegerField(label="渐退月数", min_value=1, required=False)

    field_order = _VALUES

    def prepare(self) -> None:
        super().prepare()
        self.fields["opinion"].label = "复核意见"
        self.add_month()

    def suggested(self) -> dict[str, Any]:
        if self.file.proposal is not None and self.file.proposal.signed_on is None:
            return self._of_draft()
        found = self.suggestion
        if found is None:
            return {}
        values = {name: getattr(found, name) for name in _VALUES}
        for person in found.persons:
            values |= self._person(person.member_id, person.topup_monthly_amount, person.topup_class)
        return values

    def _of_draft(self) -> dict[str, Any]:
        draft = self.file.proposal
        assert draft is not None  # noqa: S101 -- asked for only where a draft stands
        values = {name: getattr(draft, name) for name in (*_VALUES, "opinion", "difference_reason")}
        for person in draft.persons.all():
            values |= self._person(person.member_id, person.topup_monthly_amount, person.topup_class)
        return values

    @staticmethod
    def _person(pk: int, topup: Any, topup_class: str) -> dict[str, Any]:
        return {f"person_{pk}": True, f"topup_{pk}": topup or None, f"class_{pk}": topup_class}

    @property
    def compared(self) -> list[Compared]:
        """Values of the whole family beside the suggestion."""
        found = self.suggestion
        if found is None:
            return [Compared(self[name], "—") for name in _VALUES]
        amount = "—" if found.monthly_amount is None else f"{in_figures(found.monthly_amount)}元"
        months = f"{found.phase_out_months}个月" if found.phase_out_months else self.months_between
        said = (
            self.result_in_words(),
            Basis(found.basis).label if found.basis else "—",
            Category(found.category).label if found.category else "—",
            amount,
            months if found.review_result == _R.PHASE_OUT else "—",
        )
        return [Compared(self[name], words) for name, words in zip(_VALUES, said, strict=True)]

    def _data(self) -> ProposalData:
        data = self.cleaned_data
        result = data["review_result"]
        persons = [
            ProposedPerson(member, data[f"topup_{member.pk}"] or Decimal(0), data[f"class_{member.pk}"])
            for member in self.file.members
            if data[f"person_{member.pk}"]
        ]
        # A stop says no amounts: what was filled in at first is left out with the answer.
        paid = result in PAID_ON | {_R.PHASE_OUT} or (result == _R.CHANGE_SCHEME and bool(persons))
        return ProposalData(
            is_eligible=True,
            opinion=data["opinion"],
            basis=data["basis"] if paid else "",
            category=data["category"] if paid else "",
            monthly_amount=data["monthly_amount"] if paid else None,
            persons=persons if paid else (),
            difference_reason=data["difference_reason"],
            review_result=result,
            phase_out_months=data["phase_out_months"] if result == _R.PHASE_OUT else None,
            **(self.of_month if result in PAID_ON else {}),
        )


class TekunReviewForm(_OfReview):
    """复核意见 of one person's 特困: it goes on, with which care, or its termination is to begin."""

    body = "applications/forms/_review_tekun.html"

    review_result = forms.ChoiceField(label="复核结果", choices=_results("tekun"))
    care_level = forms.ChoiceField(label="自理能力", choices=[("", "请选择"), *CareLevel.choices], required=False)
    support_mode = forms.ChoiceField(label="供养方式", choices=[("", "请选择"), *SupportMode.choices], required=False)
    basic = AmountField(label="基本生活（元）", required=False)
    care = AmountField(label="照料护理（元）", required=False)
    opinion = long_text("复核意见", max_length=500, help_text="转入终止程序的，会作为终止的具体情况。")
    difference_reason = long_text(
        "与系统建议不同的理由", max_length=300, required=False, rows=2, help_text="与系统建议一致的不用填。"
    )

    def prepare(self) -> None:
        super().prepare()
        self.add_month()

    def suggested(self) -> dict[str, Any]:
        draft = self.file.proposal
        if draft is not None and draft.signed_on is None:
            row = draft.persons.first()
            own = {"opinion": draft.opinion, "difference_reason": draft.difference_reason}
            return {"review_result": draft.review_result, **own, **(_care_values(row) if row else {})}
        found = self.suggestion
        if found is None:
            return {}
        values = _care_values(found.persons[0]) if found.persons else {}
        return {"review_result": found.review_result, **values}

    @property
    def compared(self) -> list[Compared]:
        """The result and what sets the sum beside the suggestion."""
        found = self.suggestion
        names = ("review_result", "care_level", "support_mode", "basic", "care")
        if found is None or not found.persons:
            said = (self.result_in_words(), "—", "—", "—", "—")
        else:
            row = found.persons[0]
            said = (
                self.result_in_words(),
                CareLevel(row.care_level).label,
                SupportMode(row.support_mode).label,
                f"{in_figures((row.monthly_amount or 0) - row.care_monthly_amount)}元",
                f"{in_figures(row.care_monthly_amount)}元",
            )
        return [Compared(self[name], words) for name, words in zip(names, said, strict=True)]

    def perform(self) -> Any:
        data = self.cleaned_data
        result = data["review_result"]
        paid = result in PAID_ON
        basic, care = data["basic"] or Decimal(0), data["care"] or Decimal(0)
        person = ProposedPerson(
            self.case.applicant,
            monthly_amount=basic + care,
            care_monthly_amount=care,
            care_level=data["care_level"],
            support_mode=data["support_mode"],
        )
        values = ProposalData(
            is_eligible=True,
            opinion=data["opinion"],
            basis=Basis.PERSON if paid else "",
            monthly_amount=basic + care if paid else None,
            persons=(person,) if paid else (),
            difference_reason=data["difference_reason"],
            review_result=result,
            **(self.of_month if paid else {}),
        )
        return services.draft_proposal(
            self.case, data=values, by=self.by, on=self.on, version=self.typed_version, **self.late_reasons
        )


def _care_values(row: Any) -> dict[str, Any]:
    return {
        "care_level": row.care_level,
        "support_mode": row.support_mode,
        "basic": (row.monthly_amount or 0) - row.care_monthly_amount,
        "care": row.care_monthly_amount,
    }


class DecideReviewForm(ApproveForm):
    """Of a suspended award it also asks what becomes of the suspension."""

    suspension = forms.ChoiceField(
        label="暂缓发放",
        choices=[("", "请选择"), *((row.value, row.label) for row in SuspensionAnswer)],
        error_messages={"required": "请选择恢复发放还是继续暂缓。"},
    )

    def prepare(self) -> None:
        super().prepare()
        proposal = self.file.proposal
        standing = suspension_to_settle(proposal) if proposal else None
        if standing is None:
            del self.fields["suspension"]
        else:
            month = f"{standing.from_month:%Y年%-m月}"
            self.fields["suspension"].help_text = f"从{month}起暂缓：{standing.reason}。选恢复的，从下月起恢复。"

    def suggested(self) -> dict[str, Any]:
        return {"opinion": "同意复核意见。"}

    def perform(self) -> Any:
        return services.approve_review(
            self.case,
            opinion=self.cleaned_data["opinion"],
            suspension=self.cleaned_data.get("suspension", ""),
            by=self.by,
            on=self.on,
            version=self.typed_version,
            **self.late_reasons,
        )


class CallOffReviewForm(ActForm):
    late = False
    reason = long_text("撤销的原因", max_length=300, rows=2)

    def perform(self) -> Any:
        return services.call_off_review(self.case, reason=self.cleaned_data["reason"], by=self.by, on=self.on)
