"""What a proposal says, and what each matter adds to the common process: its checks and its effect."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from applications.models import Case, Decision, Proposal
from foundation.errors import ServiceError
from foundation.money import half_up_to_fen
from households.models import Member
from organizations.models import Staff


class NotProposable(ServiceError):
    """The proposal lacks what it must rest on, or its values do not fit together."""


@dataclass(frozen=True)
class ProposedPerson:
    """Whom a proposal covers: of 低保 with the top-up (增发), of 特困 with what the person is paid; yuan a month."""

    member: Member
    topup_monthly_amount: Decimal = Decimal("0.00")
    topup_class: str = ""
    monthly_amount: Decimal | None = None
    care_monthly_amount: Decimal = Decimal("0.00")
    care_level: str = ""
    support_mode: str = ""


@dataclass(frozen=True)
class ProposalData:
    """The clerk's proposal (初审意见): final values, which may differ from the suggestion with a reason."""

    is_eligible: bool
    opinion: str
    basis: str = ""
    category: str = ""
    monthly_amount: Decimal | None = None
    valid_months: int | None = None
    persons: Sequence[ProposedPerson] = ()
    difference_reason: str = ""
    review_result: str = ""
    phase_out_months: int | None = None
    from_month: date | None = None
    """Of a review that pays on: from which month; None for the month that the rules say."""
    from_month_reason: str = ""
    aid_amount: Decimal | None = None
    """Of 临时救助: once, with all stages and the value of what is given in kind, yuan."""


@dataclass(frozen=True)
class Effect:
    """What approving brought about: a note for the trail, and keys for those who read it."""

    note: str
    data: Mapping[str, Any] = field(default_factory=dict)


class NothingMore:
    """What most matters do once a case is decided and its papers are issued: nothing."""

    def follow_up(self, case: Case, decision: Decision, *, by: Staff, on: date) -> None:
        """Nothing follows."""


class Outcome(Protocol):
    """A matter's own part of proposing and approving."""

    def check_values(self, case: Case, data: ProposalData) -> None:
        """
        :raises NotProposable: the values of a proposal to agree do not fit together.
        """

    def check_result(self, case: Case, data: ProposalData, result: Mapping[str, Any]) -> None:
        """
        :raises NotProposable: the proposal cannot rest on this assessment.
        """

    def in_words(self, data: ProposalData) -> str:
        """The proposal to agree in one line, for the trail."""

    def carry_out(self, case: Case, proposal: Proposal, *, by: Staff, on: date) -> Effect:
        """What the approval of a locked case brings about.

        :raises AlreadyCovered: a person stands in another current award.
        """

    def follow_up(self, case: Case, decision: Decision, *, by: Staff, on: date) -> None:
        """What follows once the case is decided and its papers are issued, in the same transaction."""


def check_amount(amount: Decimal | None, *, title: str, name: str = "monthly_amount") -> None:
    """
    :raises NotProposable: no amount, none above 0, or fractions of a fen.
    """
    if amount is None or amount <= 0:
        raise NotProposable(f"拟同意的，请填{title}，须大于0。", field=name)
    if amount != half_up_to_fen(amount):
        raise NotProposable(f"{title}最多两位小数。", field=name)


def check_persons(case: Case, data: ProposalData) -> None:
    """
    :raises NotProposable: nobody is covered, somebody twice, or somebody who is not of the family now.
    """
    if not data.persons:
        raise NotProposable("拟同意的，请选择保障对象。", field="persons")
    members = set(case.household.members.filter(left_on=None).values_list("pk", flat=True))
    if any(person.member.pk not in members for person in data.persons):
        raise NotProposable("保障对象须是家庭现在的成员。", field="persons")
    if len({person.member.pk for person in data.persons}) < len(data.persons):
        raise NotProposable("同一个人只能列一次。", field="persons")
