"""初审 of 临时救助（支出型）: the answer and one sum, beside what the rules and the county's guideline say."""

from decimal import Decimal
from functools import cached_property
from typing import Any

from django import forms

from applications.forms.proposing import ELIGIBLE, Compared, DraftProposalForm
from applications.models import Case
from applications.models.decisions import Basis
from applications.permissions import followed_amount
from applications.services import ProposalData
from applications.services.aid import cause_ceiling
from applications.signals import aid_amount_asked
from eligibility.queries import township_aid_limit
from eligibility.rules import HardshipType, read_parameters, temporary_aid_range
from foundation.form_fields import AmountField
from foundation.money import in_figures

_FROM_DRAFT = ("aid_amount", "opinion", "difference_reason")


class TemporaryAidProposalForm(DraftProposalForm):
    """The clerk's answer and the amount beside what the rules say of them; a difference is explained."""

    body = "applications/forms/_proposal_aid.html"
    basis = None  # type: ignore[assignment]
    category = None  # type: ignore[assignment]
    monthly_amount = None  # type: ignore[assignment]
    is_eligible = forms.ChoiceField(
        label="初审结论", choices=[("", "请选择"), (ELIGIBLE, "拟救助"), ("no", "拟不予救助")]
    )
    aid_amount = AmountField(
        label="一次性救助金额（元）", required=False, help_text="分期和实物折价都算在内；只转介服务的填0。"
    )

    field_order = ("is_eligible", "aid_amount", "opinion", "difference_reason")

    def prepare(self) -> None:
        """The family as a whole is helped: there is nobody to choose."""

    def suggested(self) -> dict[str, Any]:
        if self.file.proposal is not None and self.file.proposal.signed_on is None:
            return self._of_draft()
        found = self.suggestion
        if found is None:
            return {}
        answer: dict[str, Any] = {"is_eligible": ELIGIBLE if found.is_eligible else "no"}
        return answer | ({"aid_amount": self.asked_amount} if found.is_eligible else {})

    def _of_draft(self) -> dict[str, Any]:
        draft = self.file.proposal
        assert draft is not None  # noqa: S101 -- asked for only where a draft stands
        values = {name: getattr(draft, name) for name in _FROM_DRAFT}
        return values | {"is_eligible": ELIGIBLE if draft.is_eligible else "no"}

    @cached_property
    def asked_amount(self) -> Decimal | None:
        """What the aid's own record comes to, where one is kept, in yuan."""
        answers: list[tuple[Any, Any]] = aid_amount_asked.send(Case, case=self.case, on=self.on)
        return next((amount for _, amount in answers if isinstance(amount, Decimal)), None)

    @property
    def guideline(self) -> str:
        """Least and most for a household and time (救助标准) and its cause, in words."""
        result = self.file.fresh_assessment.result
        if not result:
            return "—"
        parameters = read_parameters(result["parameters"]).whole
        ceiling = cause_ceiling(self.case, on=self.on)
        least, most = temporary_aid_range(HardshipType.EXPENDITURE, parameters=parameters, cause_most=ceiling)
        return f"{in_figures(least)}—{in_figures(most)}元"

    @property
    def who_decides(self) -> str:
        """Up to how much the township decides (乡镇审批限额), in words."""
        limit = township_aid_limit(self.case.area, residence=self.case.household.residence, on=self.on)
        if limit is None:
            return "本县没有委托乡镇审批临时救助，由县民政局审批。"
        followed = followed_amount(self.case)
        before = f"（连同此前同一次已救助的{in_figures(followed)}元）" if followed else ""
        return (
            f"救助金额{before}不超过{in_figures(limit)}元的，由经办人签发、乡镇审批；"
            "超过的，由分管负责人签发、县民政局审批。"
        )

    @property
    def compared(self) -> list[Compared]:
        """The answer beside the suggestion, the amount beside the guideline."""
        found = self.suggestion
        answer = "—" if found is None else "符合条件" if found.is_eligible else "不符合条件"
        amount = self.guideline
        if self.asked_amount is not None:
            amount = f"{in_figures(self.asked_amount)}元（救助标准{amount}）"
        return [Compared(self["is_eligible"], answer), Compared(self["aid_amount"], amount)]

    def _data(self) -> ProposalData:
        data = self.cleaned_data
        eligible = data["is_eligible"] == ELIGIBLE
        # A refusal carries no amount: what the suggestion had filled in is left out with the answer.
        return ProposalData(
            is_eligible=eligible,
            opinion=data["opinion"],
            basis=Basis.AID if eligible else "",
            aid_amount=data["aid_amount"] if eligible else None,
            difference_reason=data["difference_reason"],
        )
