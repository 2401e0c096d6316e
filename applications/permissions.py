"""Who may do what with a case; the raising twins name the reason, the asking ones answer buttons."""

from datetime import date

from applications.models import Case, CaseEvent, HomeVisitor, RelativeDeclaration
from applications.rules.process import FOUR_EYES_ACTS, Authority
from foundation.crypto import normal_form
from foundation.errors import NotPermitted
from households.models import Expense, Household, Income
from organizations.models import Staff
from organizations.permissions import Permission, can_act, check_can_act
from organizations.queries import delegation_on, staff_with

__all__ = [
    "Permission",
    "acted_on",
    "can_act",
    "can_confirm",
    "check_can_act",
    "check_can_confirm",
    "check_can_sign",
    "confirming_permission",
    "has_lawful_confirmer",
    "has_lawful_signer",
    "is_related",
    "related_names",
    "signing_permission",
]


def confirming_permission(case: Case) -> Permission:
    """The permission that confirming the case takes."""
    return Permission.CONFIRM_DELEGATED if case.authority == Authority.TOWNSHIP else Permission.CONFIRM


def signing_permission(case: Case) -> Permission:
    """Who signs the proposal: the lead; in a delegated township, where the lead confirms, the clerk."""
    return Permission.PROPOSE if case.authority == Authority.TOWNSHIP else Permission.SIGN_PROPOSAL


def acted_on(case: Case) -> frozenset[int]:
    """Accounts that entered, investigated or proposed the case; none of them confirms it (F57 §16; handbook 0.5).

    Who registered the family or typed its incomes and spending entered the case, too.
    """
    acts = CaseEvent.objects.filter(case=case, kind__in=[kind.value for kind in FOUR_EYES_ACTS], by__isnull=False)
    visitors = HomeVisitor.objects.filter(visit__case=case)
    of_year = {"member__household": case.household_id, "year": case.intake.accounting_year}
    of_family = Household.objects.filter(pk=case.household_id)
    return frozenset(
        acts.order_by()
        .values_list("by", flat=True)
        .union(
            visitors.order_by().values_list("staff", flat=True),
            of_family.order_by().values_list("registered_by", flat=True),
            Income.objects.filter(**of_year).order_by().values_list("entered_by", flat=True),
            Expense.objects.filter(household=case.household_id, year=case.intake.accounting_year)
            .order_by()
            .values_list("entered_by", flat=True),
        )
    )


def can_confirm(staff: Staff, case: Case) -> bool:
    """Whether the person may decide the case."""
    return can_act(staff, confirming_permission(case), area=case.area) and staff.pk not in acted_on(case)


def check_can_confirm(staff: Staff, case: Case) -> None:
    """
    :raises NotPermitted: no right to confirm here, or the person had a hand in the case.
    """
    check_can_act(staff, confirming_permission(case), area=case.area)
    if staff.pk in acted_on(case):
        raise NotPermitted("您录入、调查或提出过这个办件的意见，不能再由您审核确认（调查人与确认人分开）。")


def check_can_sign(staff: Staff, case: Case, *, on: date) -> None:
    """
    :raises NotPermitted: the person does not sign proposals of this case.
    """
    if can_act(staff, Permission.PROPOSE, area=case.area) and not has_lawful_signer(case, on=on):
        # Every lead keeps out of the case: the clerk signs, the county confirms.
        return
    check_can_act(staff, signing_permission(case), area=case.area)


def related_names(case: Case) -> frozenset[str]:
    """Names of the registered near relatives (近亲属备案), without blanks."""
    names = RelativeDeclaration.objects.filter(intake=case.intake_id).values_list("relative_name", flat=True)
    return frozenset(normal_form(name) for name in names)


def is_related(staff: Staff, case: Case) -> bool:
    """Whether the person is, or bears the name of, a registered near relative of the family (F57 §11)."""
    return normal_form(staff.name) in related_names(case)


def has_lawful_signer(case: Case, *, on: date) -> bool:
    """Whether anybody is left who may sign the case's proposal with its present authority."""
    return bool(_unrelated(case, signing_permission(case), on=on))


def has_lawful_confirmer(case: Case, *, on: date) -> bool:
    """Whether anybody is left who may confirm the case with its present authority."""
    if case.authority == Authority.TOWNSHIP and delegation_on(case.area, case.scheme, on=on) is None:
        return False
    return bool(_unrelated(case, confirming_permission(case), on=on) - acted_on(case))


def _unrelated(case: Case, permission: Permission, *, on: date) -> set[int]:
    related = related_names(case)
    candidates = staff_with(permission, area=case.area, on=on).order_by().values_list("pk", "name")
    return {pk for pk, name in candidates if normal_form(name) not in related}
