"""初审 of 特困: one row a person, with what settles each; F43 §§4, 8, 13, 22."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django import forms
from django.forms import BoundField

from applications import papers, services
from applications.forms.base import ActForm, long_text
from applications.models import ChildSupport, ProposalPerson
from applications.models.decisions import Basis
from applications.queries import covered_members, suggested
from applications.rules.matters.tekun import deciding_sentence
from applications.rules.suggestion import SuggestedPerson, Suggestion
from applications.services import ProposalData, ProposedPerson
from benefits.models import CareLevel
from foundation.form_fields import AmountField
from households.models import Member
from households.models.people import SupportMode

_ELIGIBLE = "yes"
_OUTCOMES = {"eligible": ("符合", "good"), "unknown": ("待查明", "due"), "not_eligible": ("不符合", "late")}
_ALREADY = ("已是特困人员", "accent")
_NOT_COUNTED = ("不计入", "")


@dataclass(frozen=True)
class TekunRow:
    """One member in the proposal: what the rules say and why, the fields, and what would be paid."""

    member: Member
    answer: str
    tone: str
    sentence: str
    suggested: SuggestedPerson | None
    covered: BoundField
    level: BoundField
    mode: BoundField
    basic: BoundField
    care: BoundField


class TekunProposalForm(ActForm):
    """The clerk's final values, person by person, beside what the rules suggest; a difference is explained."""

    body = "applications/forms/_proposal_tekun.html"

    is_eligible = forms.ChoiceField(
        label="初审结论", choices=[("", "请选择"), (_ELIGIBLE, "拟同意"), ("no", "拟不予确认")]
    )
    opinion = long_text("初审意见", max_length=500)
    difference_reason = long_text(
        "与系统建议不同的理由",
        max_length=300,
        required=False,
        rows=2,
        help_text="与系统建议一致的不用填。待查明的人要认定、或者没有查明就拟不予确认的，必须写明理由。",
    )

    def prepare(self) -> None:
        for member in self.file.members:
            pk, name = member.pk, member.person.name
            self.fields[f"person_{pk}"] = forms.BooleanField(label=f"认定{name}", required=False)
            self.fields[f"level_{pk}"] = forms.ChoiceField(
                label=f"{name}自理能力", choices=[("", "请选择"), *CareLevel.choices], required=False
            )
            self.fields[f"mode_{pk}"] = forms.ChoiceField(
                label=f"{name}供养方式", choices=[("", "请选择"), *SupportMode.choices], required=False
            )
            self.fields[f"amount_{pk}"] = AmountField(label=f"{name}基本生活（元）", required=False)
            self.fields[f"care_{pk}"] = AmountField(label=f"{name}照料护理（元）", required=False)

    @cached_property
    def suggestion(self) -> Suggestion | None:
        """What the rules come to now; None where the family cannot be assessed yet."""
        shown = self.file.fresh_assessment
        return suggested(self.case, shown.result, shown.facts) if shown.result else None

    @property
    def left_out(self) -> list[str]:
        """Sentences on minors whom the suggestion leaves out for what their guardian chose (F43 §9)."""
        return [
            f"{row.member.person.name}已选择孤儿、事实无人抚养儿童保障（{row.chosen_by}，"
            f"{row.chosen_on:%Y年%-m月%-d日}），不再认定为特困人员（民发〔2021〕43号第九条）。"
            for row in self.file.support_choices
            if row.choice == ChildSupport.CHILD
        ]

    def suggested(self) -> dict[str, Any]:
        if self.file.proposal is not None and self.file.proposal.signed_on is None:
            return self._of_draft()
        found = self.suggestion
        if found is None:
            return {}
        # Where nothing is found out yet, nothing is proposed by itself (F43 §8).
        answer = _ELIGIBLE if found.is_eligible else "" if found.is_unsettled else "no"
        return {"is_eligible": answer, **_values((row.member_id, row) for row in found.persons)}

    def _of_draft(self) -> dict[str, Any]:
        draft = self.file.proposal
        assert draft is not None  # noqa: S101 -- asked for only where a draft stands
        return {
            "is_eligible": _ELIGIBLE if draft.is_eligible else "no",
            "opinion": draft.opinion,
            "difference_reason": draft.difference_reason,
            **_values((row.member_id, row) for row in draft.persons.all()),
        }

    def theirs(self) -> dict[str, Any]:
        return self._of_draft() if self.file.proposal is not None else {}

    @cached_property
    def person_rows(self) -> list[TekunRow]:
        """Members beside what the rules say of each."""
        return list(self._rows_of_members())

    def _rows_of_members(self) -> Iterator[TekunRow]:
        shown = self.file.fresh_assessment
        outcomes = {row["member"]: row["outcome"] for row in shown.result.get("tekun", ())}
        found = {row.member_id: row for row in self.suggestion.persons} if self.suggestion else {}
        recognised = covered_members(self.case.household, scheme=self.case.scheme)
        for member in self.file.members:
            pk, outcome = member.pk, outcomes.get(member.reference)
            sentence = papers.named(deciding_sentence(shown.result, member.reference), shown.names) if outcome else ""
            answer, tone = _ALREADY if pk in recognised else _OUTCOMES[outcome] if outcome else _NOT_COUNTED
            names = (f"{name}_{pk}" for name in ("person", "level", "mode", "amount", "care"))
            yield TekunRow(member, answer, tone, sentence, found.get(pk), *(self[name] for name in names))

    def perform(self) -> Any:
        return services.draft_proposal(
            self.case, data=self._data(), by=self.by, on=self.on, version=self.typed_version, **self.late_reasons
        )

    def _data(self) -> ProposalData:
        data = self.cleaned_data
        eligible = data["is_eligible"] == _ELIGIBLE
        # A refusal carries no amounts: what the suggestion had filled in is left out with the answer.
        persons = [self._person(member) for member in self.file.members if eligible and data[f"person_{member.pk}"]]
        return ProposalData(
            is_eligible=eligible,
            opinion=data["opinion"],
            basis=Basis.PERSON if eligible else "",
            monthly_amount=sum((row.monthly_amount or Decimal(0) for row in persons), Decimal(0)) if eligible else None,
            persons=persons,
            difference_reason=data["difference_reason"],
        )

    def _person(self, member: Member) -> ProposedPerson:
        data, pk = self.cleaned_data, member.pk
        basic, care = data[f"amount_{pk}"] or Decimal(0), data[f"care_{pk}"] or Decimal(0)
        return ProposedPerson(
            member,
            monthly_amount=basic + care,
            care_monthly_amount=care,
            care_level=data[f"level_{pk}"],
            support_mode=data[f"mode_{pk}"],
        )


def _values(rows: Iterable[tuple[int, SuggestedPerson | ProposalPerson]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for pk, row in rows:
        assert row.monthly_amount is not None  # noqa: S101 -- of 特困 each person's is known
        values |= {
            f"person_{pk}": True,
            f"level_{pk}": row.care_level,
            f"mode_{pk}": row.support_mode,
            f"amount_{pk}": row.monthly_amount - row.care_monthly_amount,
            f"care_{pk}": row.care_monthly_amount,
        }
    return values
