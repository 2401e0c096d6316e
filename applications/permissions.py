"""Who may do what with a case; the raising twins name the reason, the asking ones answer buttons."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from applications.models import Case, CaseEvent, HomeVisitor, RelativeDeclaration, SelfCareAssessor
from applications.rules.process import FOUR_EYES_ACTS, Authority
from applications.signals import aid_followed_asked
from eligibility.queries import township_aid_limit
from foundation.crypto import normal_form
from foundation.errors import NotPermitted
from households.queries.authors import authors_of
from organizations.models import Staff
from organizations.models.delegations import Scheme
from organizations.permissions import Permission, can_act, check_can_act
from organizations.queries import delegation_on, deputising, staff_with
from organizations.rules.separation import standing_as_one

__all__ = [
    "Permission",
    "Relatives",
    "acted_in",
    "acted_on",
    "authority_of",
    "can_act",
    "can_confirm",
    "check_can_act",
    "check_can_confirm",
    "check_can_sign",
    "confirming_permission",
    "followed_amount",
    "has_lawful_confirmer",
    "has_lawful_signer",
    "is_related",
    "related_to",
    "relatives_of",
    "signing_permission",
    "township_decides",
    "typed_in",
    "with_deputies",
]


def township_decides(case: Case, *, on: date) -> bool:
    """Whether the case's township may decide it on a day: what is entrusted to it (下放), of 临时救助 by the amount.

    Up to 乡镇审批限额 a township decides temporary aid without a delegation of its own (国务院令第649号第四十八条), a
    follow-up (跟进救助) together with what it follows; until an amount is proposed, and where none is, it is the
    township's as soon as there is a limit.
    """
    if case.scheme != Scheme.TEMPORARY_AID:
        return delegation_on(case.area, case.scheme, on=on) is not None
    limit = township_aid_limit(case.area, residence=case.household.residence, on=on)
    if limit is None:
        return False
    proposed = case.proposals.filter(replaced_on=None).values_list("aid_amount", flat=True).first()
    return proposed is None or proposed + followed_amount(case) <= limit


def followed_amount(case: Case) -> Decimal:
    """Of 临时救助, what the same time came to before (跟进救助), as whoever keeps the aid's record says; yuan."""
    answers: list[tuple[Any, Any]] = aid_followed_asked.send(Case, case=case)
    return sum((amount for _, amount in answers if isinstance(amount, Decimal)), Decimal(0))


def authority_of(case: Case, *, on: date) -> Authority:
    """Who decides the case on a day (审核确认机关)."""
    return Authority.TOWNSHIP if township_decides(case, on=on) else Authority.COUNTY


def confirming_permission(case: Case) -> Permission:
    """The permission that confirming the case takes."""
    return Permission.CONFIRM_DELEGATED if case.authority == Authority.TOWNSHIP else Permission.CONFIRM


def signing_permission(case: Case) -> Permission:
    """Who signs the proposal: the lead; in a delegated township, where the lead confirms, the clerk."""
    return Permission.PROPOSE if case.authority == Authority.TOWNSHIP else Permission.SIGN_PROPOSAL


def acted_on(case: Case) -> frozenset[int]:
    """Accounts that entered, investigated or proposed the case; none of them confirms it (F57 §16; handbook 0.5).

    Who registered the family or typed its people, means, property or supporters entered the case, too.
    """
    return acted_in([case])[case.pk]


def acted_in(cases: Collection[Case]) -> dict[int, frozenset[int]]:
    """:func:`acted_on` by case, for many of them in as many queries."""
    kinds = [kind.value for kind in FOUR_EYES_ACTS]
    acts = (
        CaseEvent.objects.filter(case__in=cases, kind__in=kinds, by__isnull=False).order_by().values_list("case", "by")
    )
    visits = HomeVisitor.objects.filter(visit__case__in=cases).order_by().values_list("visit__case", "staff")
    assessors = SelfCareAssessor.objects.filter(assessment__case__in=cases).order_by()
    assessed = assessors.values_list("assessment__case", "staff")
    found: dict[int, set[int]] = {case.pk: set() for case in cases}
    for pk, staff in acts.union(visits, assessed):
        found[pk].add(staff)
    typed = typed_in(cases)
    return with_deputies(cases, {pk: typed[pk] | staff for pk, staff in found.items()})


def with_deputies(cases: Collection[Case], acted: Mapping[int, frozenset[int]]) -> dict[int, frozenset[int]]:
    """Who had a hand in each case, with whoever stood for them or they for whom while it ran (代理): one person.

    Like any right, it is asked of the moment.
    """
    began = {case.pk: case.intake.opened_on for case in cases}
    pairs = deputising(since=min(began.values()), on=timezone.localdate()) if began else []
    if not pairs:
        return dict(acted)
    return {
        case.pk: standing_as_one(
            acted[case.pk], [pair for pair in pairs if pair.covers(case.area.code, since=began[case.pk])]
        )
        for case in cases
    }


def typed_in(cases: Collection[Case]) -> dict[int, frozenset[int]]:
    """By case, who typed what it rests on of its family."""
    authors = authors_of({case.household_id for case in cases})
    return {
        case.pk: frozenset(
            staff
            for household, year, staff in authors
            if household == case.household_id and year in (None, case.intake.accounting_year)
        )
        for case in cases
    }


def can_confirm(staff: Staff, case: Case) -> bool:
    """Whether the person may decide the case."""
    return can_act(staff, confirming_permission(case), area=case.area) and staff.pk not in acted_on(case)


def check_can_confirm(staff: Staff, case: Case) -> None:
    """
    :raises NotPermitted: no right to confirm here, or the person had a hand in the case.
    """
    check_can_act(staff, confirming_permission(case), area=case.area)
    if staff.pk in acted_on(case):
        raise NotPermitted(
            "您录入、调查或提出过这个办件的意见（您代理的人、代理您的人算作您本人），不能再由您审核确认（调查人与确认人分开）。"
        )


def check_can_sign(staff: Staff, case: Case, *, on: date) -> None:
    """
    :raises NotPermitted: the person does not sign proposals of this case.
    """
    if can_act(staff, Permission.PROPOSE, area=case.area) and not has_lawful_signer(case, on=on):
        # Every lead keeps out of the case: the clerk signs, the county confirms.
        return
    check_can_act(staff, signing_permission(case), area=case.area)


@dataclass(frozen=True)
class Relatives:
    """The registered near relatives (近亲属备案) of a family: by name, and by account where one was found."""

    names: frozenset[str] = frozenset()
    accounts: frozenset[int] = frozenset()

    @classmethod
    def among(cls, rows: Iterable[RelativeDeclaration]) -> "Relatives":
        """Those of declarations that are read already."""
        rows = list(rows)
        return cls(
            names=frozenset(normal_form(row.relative_name) for row in rows),
            accounts=frozenset(row.relative_staff_id for row in rows if row.relative_staff_id is not None),
        )

    def include(self, account: int, name: str) -> bool:
        """Whether somebody is one of them, or bears the name of one."""
        return account in self.accounts or normal_form(name) in self.names


def relatives_of(intakes: Collection[int]) -> dict[int, Relatives]:
    """The registered near relatives by intake, in one query for all of them."""
    rows: dict[int, list[RelativeDeclaration]] = {intake: [] for intake in intakes}
    for row in RelativeDeclaration.objects.filter(intake__in=intakes):
        rows[row.intake_id].append(row)
    return {intake: Relatives.among(found) for intake, found in rows.items()}


def related_to(case: Case) -> Relatives:
    """The registered near relatives of the case's family."""
    return relatives_of([case.intake_id])[case.intake_id]


def is_related(staff: Staff, case: Case) -> bool:
    """Whether the person is, or bears the name of, a registered near relative of the family (F57 §11)."""
    return related_to(case).include(staff.pk, staff.name)


def has_lawful_signer(case: Case, *, on: date) -> bool:
    """Whether anybody is left who may sign the case's proposal with its present authority."""
    return bool(_unrelated(case, signing_permission(case), on=on))


def has_lawful_confirmer(case: Case, *, on: date) -> bool:
    """Whether anybody is left who may confirm the case with its present authority."""
    if case.authority == Authority.TOWNSHIP and not township_decides(case, on=on):
        return False
    return bool(_unrelated(case, confirming_permission(case), on=on) - acted_on(case))


def _unrelated(case: Case, permission: Permission, *, on: date) -> set[int]:
    related = related_to(case)
    candidates = staff_with(permission, area=case.area, on=on).order_by().values_list("pk", "name")
    return {pk for pk, name in candidates if not related.include(pk, name)}
