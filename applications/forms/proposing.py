"""初审: drafting beside the suggestion, signing, telling of a refusal that is proposed."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django import forms
from django.forms import BoundField

from applications import services
from applications.forms.base import ActForm, PlainForm, long_text
from applications.models.decisions import OF_FAMILY, Basis, Category
from applications.queries import covered_members, suggested
from applications.rules.suggestion import Suggestion, member_id
from applications.services import ProposalData, ProposedPerson
from foundation.form_fields import AmountField
from foundation.money import in_figures
from households.models import Member
from organizations.models.delegations import Scheme

ELIGIBLE = "yes"
_LEFT_OUT = (
    "{names}已是特困人员，不能同时享受低保，没有列入建议的保障对象。试算的金额是连同他们算出的，因此不作建议："
    "请按其余成员核定金额，并在“与系统建议不同的理由”里写明怎样计算。"
)
_TOPUP_CLASSES = [("", "不增发"), ("A", "A类人员"), ("B", "B类人员")]


@dataclass(frozen=True)
class PersonRow:
    """One member in the proposal: the fields, and what the rules suggest."""

    member: Member
    covered: BoundField
    topup: BoundField
    topup_class: BoundField
    suggested: str


@dataclass(frozen=True)
class Compared:
    """One value of the proposal beside its suggestion."""

    bound: BoundField
    suggested: str


class DraftProposalForm(ActForm):
    """The clerk's final values beside what the rules suggest; a difference is explained."""

    body = "applications/forms/_proposal.html"

    is_eligible = forms.ChoiceField(
        label="初审结论", choices=[("", "请选择"), (ELIGIBLE, "拟同意"), ("no", "拟不予确认")]
    )
    basis = forms.ChoiceField(
        label="纳入方式", choices=[("", "请选择"), *((basis.value, basis.label) for basis in OF_FAMILY)], required=False
    )
    category = forms.ChoiceField(label="类别", choices=[("", "请选择"), *Category.choices], required=False)
    monthly_amount = AmountField(label="月保障金（元）", required=False)
    opinion = long_text("初审意见", max_length=500)
    difference_reason = long_text(
        "与系统建议不同的理由", max_length=300, required=False, rows=2, help_text="与系统建议一致的不用填。"
    )

    def prepare(self) -> None:
        for member in self.file.members:
            pk = member.pk
            self.fields[f"person_{pk}"] = forms.BooleanField(label=f"保障{member.person.name}", required=False)
            self.fields[f"topup_{pk}"] = AmountField(label=f"{member.person.name}每月增发（元）", required=False)
            self.fields[f"class_{pk}"] = forms.ChoiceField(
                label=f"{member.person.name}增发类别", choices=_TOPUP_CLASSES, required=False
            )

    @cached_property
    def suggestion(self) -> Suggestion | None:
        """What the rules come to now; None where the family cannot be assessed yet."""
        shown = self.file.fresh_assessment
        return suggested(self.case, shown.result, shown.facts) if shown.result else None

    def suggested(self) -> dict[str, Any]:
        if self.file.proposal is not None and self.file.proposal.signed_on is None:
            return self._of_draft()
        found = self.suggestion
        if found is None:
            return {}
        values: dict[str, Any] = {
            "is_eligible": ELIGIBLE if found.is_eligible else "no",
            "basis": found.basis,
            "category": found.category,
            "monthly_amount": found.monthly_amount,
        }
        for person in found.persons:
            values |= _person_values(person.member_id, person.topup_monthly_amount, person.topup_class)
        return values

    def _of_draft(self) -> dict[str, Any]:
        draft = self.file.proposal
        assert draft is not None  # noqa: S101 -- asked for only where a draft stands
        values: dict[str, Any] = {
            "is_eligible": ELIGIBLE if draft.is_eligible else "no",
            "basis": draft.basis,
            "category": draft.category,
            "monthly_amount": draft.monthly_amount,
            "opinion": draft.opinion,
            "difference_reason": draft.difference_reason,
        }
        for person in draft.persons.all():
            values |= _person_values(person.member_id, person.topup_monthly_amount, person.topup_class)
        return values

    def theirs(self) -> dict[str, Any]:
        return self._of_draft() if self.file.proposal is not None else {}

    @property
    def left_out(self) -> list[str]:
        """Why some whom the assessment counts are not suggested."""
        result = self.file.fresh_assessment.result
        if not result:
            return []
        counted = {member_id(key) for key in result["dibao"]["persons"]}
        covered = covered_members(self.case.household, scheme=Scheme.TEKUN)
        names = "、".join(name for member, name in covered.items() if member in counted)
        return [_LEFT_OUT.format(names=names)] if names else []

    @property
    def single_persons(self) -> list[str]:
        """Names of whom the rules would cover alone (参照单人户; F57 §8), none where they cover the family."""
        found = self.suggestion
        if found is None or found.basis != Basis.SINGLE_PERSON:
            return []
        names = {member.pk: member.person.name for member in self.file.members}
        return [names[person.member_id] for person in found.persons]

    @property
    def others_are_marginal(self) -> bool:
        """Whether the family is one of 低保边缘 beside them."""
        result = self.file.fresh_assessment.result
        return bool(result) and result["marginal"]["outcome"] == "eligible"

    @property
    def compared(self) -> list[Compared]:
        """Values of the whole family beside the suggestion."""
        found = self.suggestion
        if found is None:
            return [Compared(self[name], "—") for name in ("is_eligible", "basis", "category", "monthly_amount")]
        amount = "—" if found.monthly_amount is None else f"{in_figures(found.monthly_amount)}元"
        return [
            Compared(self["is_eligible"], "符合条件" if found.is_eligible else "不符合条件"),
            Compared(self["basis"], Basis(found.basis).label if found.basis else "—"),
            Compared(self["category"], Category(found.category).label if found.category else "—"),
            Compared(self["monthly_amount"], amount),
        ]

    @property
    def person_rows(self) -> Iterator[PersonRow]:
        """Members beside the suggestion for each."""
        found = {person.member_id: person for person in self.suggestion.persons} if self.suggestion else {}
        for member in self.file.members:
            person = found.get(member.pk)
            words = "不保障"
            if person is not None:
                topup = person.topup_monthly_amount
                words = f"保障，增发{in_figures(topup)}元（{person.topup_class}类人员）" if topup else "保障，不增发"
            yield PersonRow(
                member,
                self[f"person_{member.pk}"],
                self[f"topup_{member.pk}"],
                self[f"class_{member.pk}"],
                words if found else "—",
            )

    def perform(self) -> Any:
        return services.draft_proposal(
            self.case, data=self._data(), by=self.by, on=self.on, version=self.typed_version, **self.late_reasons
        )

    def _data(self) -> ProposalData:
        data = self.cleaned_data
        persons = [
            ProposedPerson(member, data[f"topup_{member.pk}"] or Decimal("0.00"), data[f"class_{member.pk}"])
            for member in self.file.members
            if data[f"person_{member.pk}"]
        ]
        eligible = data["is_eligible"] == ELIGIBLE
        # A refusal carries no amounts: what the suggestion had filled in is left out with the answer.
        return ProposalData(
            is_eligible=eligible,
            opinion=data["opinion"],
            basis=data["basis"] if eligible else "",
            category=data["category"] if eligible else "",
            monthly_amount=data["monthly_amount"] if eligible else None,
            persons=persons if eligible else (),
            difference_reason=data["difference_reason"],
        )


def _person_values(pk: int, topup: Decimal, topup_class: str) -> dict[str, Any]:
    return {f"person_{pk}": True, f"topup_{pk}": topup or None, f"class_{pk}": topup_class}


class SignProposalForm(PlainForm):
    def perform(self) -> Any:
        return services.sign_proposal(
            self.case, by=self.by, on=self.on, version=self.typed_version, **self.late_reasons
        )


class ReturnDraftForm(ActForm):
    late = False
    note = long_text("要修改什么", max_length=300)

    def perform(self) -> Any:
        return services.return_draft(self.case, note=self.cleaned_data["note"], by=self.by, on=self.on)


class TellNotEligibleForm(PlainForm):
    def perform(self) -> Any:
        return services.tell_not_eligible(self.case, by=self.by, on=self.on, **self.late_reasons)


class ContestForm(ActForm):
    evidence = long_text("申请人举出的证据和说明", max_length=500)

    def perform(self) -> Any:
        return services.contest(
            self.case, evidence=self.cleaned_data["evidence"], by=self.by, on=self.on, **self.late_reasons
        )


class SendToConfirmForm(PlainForm):
    def perform(self) -> Any:
        return services.send_to_confirm(self.case, by=self.by, on=self.on, **self.late_reasons)
