"""初审 of 认定身份: the family as a whole, for how many months; no amount and no category."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField

from applications.forms.proposing import ELIGIBLE, Compared, DraftProposalForm
from applications.models.decisions import Basis
from applications.services import ProposalData, ProposedPerson
from households.models import Member

_FROM_DRAFT = ("valid_months", "opinion", "difference_reason")


@dataclass(frozen=True)
class RecognisedRow:
    """One member in the proposal, and what the rules suggest."""

    member: Member
    covered: BoundField
    suggested: str


class RecognitionProposalForm(DraftProposalForm):
    """The clerk's answer and months beside what the rules suggest; a difference is explained."""

    body = "applications/forms/_recognition.html"
    basis = None  # type: ignore[assignment]
    category = None  # type: ignore[assignment]
    monthly_amount = None  # type: ignore[assignment]
    is_eligible = forms.ChoiceField(
        label="初审结论", choices=[("", "请选择"), (ELIGIBLE, "拟认定"), ("no", "拟不予认定")]
    )
    valid_months = forms.IntegerField(label="有效期（月）", min_value=1, required=False)

    field_order = ("is_eligible", "valid_months", "opinion", "difference_reason")

    def prepare(self) -> None:
        for member in self.file.members:
            label = f"认定{member.person.name}"
            self.fields[f"person_{member.pk}"] = forms.BooleanField(label=label, required=False)

    def suggested(self) -> dict[str, Any]:
        if self.file.proposal is not None and self.file.proposal.signed_on is None:
            return self._of_draft()
        found = self.suggestion
        if found is None:
            return {}
        answer = {"is_eligible": ELIGIBLE if found.is_eligible else "no", "valid_months": found.valid_months}
        return answer | {f"person_{person.member_id}": True for person in found.persons}

    def _of_draft(self) -> dict[str, Any]:
        draft = self.file.proposal
        assert draft is not None  # noqa: S101 -- asked for only where a draft stands
        values = {name: getattr(draft, name) for name in _FROM_DRAFT}
        covered = {f"person_{person.member_id}": True for person in draft.persons.all()}
        return values | covered | {"is_eligible": ELIGIBLE if draft.is_eligible else "no"}

    @property
    def compared(self) -> list[Compared]:
        """The answer and the months beside the suggestion."""
        found = self.suggestion
        if found is None:
            return [Compared(self[name], "—") for name in ("is_eligible", "valid_months")]
        return [
            Compared(self["is_eligible"], "符合条件" if found.is_eligible else "不符合条件"),
            Compared(self["valid_months"], f"{found.valid_months}个月" if found.valid_months else "—"),
        ]

    @property
    def person_rows(self) -> Iterator[RecognisedRow]:  # type: ignore[override]
        """Members beside the suggestion for each."""
        found = {person.member_id for person in self.suggestion.persons} if self.suggestion else set()
        for member in self.file.members:
            words = "认定" if member.pk in found else "不计入"
            yield RecognisedRow(member, self[f"person_{member.pk}"], words if found else "—")

    def _data(self) -> ProposalData:
        data = self.cleaned_data
        eligible = data["is_eligible"] == ELIGIBLE
        persons = [ProposedPerson(member) for member in self.file.members if data[f"person_{member.pk}"]]
        # A refusal names nobody and no months: what the suggestion had filled in is left out with the answer.
        return ProposalData(
            is_eligible=eligible,
            opinion=data["opinion"],
            basis=Basis.RECOGNITION if eligible else "",
            valid_months=data["valid_months"] if eligible else None,
            persons=persons if eligible else (),
            difference_reason=data["difference_reason"],
        )
