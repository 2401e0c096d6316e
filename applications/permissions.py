"""Who may do what with a case; the raising twins name the reason, the asking ones answer buttons."""

from datetime import date

from applications.models import Case, CaseEvent, HomeVisitor, RelativeDeclaration
from applications.rules.process import FOUR_EYES_ACTS, Authority
from foundation.errors import NotPermitted
from organizations.models import Staff
from organizations.permissions import Permission, can_act, check_can_act
from organizations.queries import staff_with

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
    "signing_permission",
]


def confirming_permission(case: Case) -> Permission:
    """The permission that confirming the case takes."""
    return Permission.CONFIRM_DELEGATED if case.authority == Authority.TOWNSHIP else Permission.CONFIRM


def signing_permission(case: Case) -> Permission:
    """Who signs the proposal: the lead; in a delegated township, where the lead confirms, the clerk."""
    return Permission.PROPOSE if case.authority == Authority.TOWNSHIP else Permission.SIGN_PROPOSAL


def acted_on(case: Case) -> frozenset[int]:
    """Accounts that entered, investigated or proposed the case; none of them confirms it (F57 §16; handbook 0.5)."""
    acts = CaseEvent.objects.filter(case=case, kind__in=[kind.value for kind in FOUR_EYES_ACTS], by__isnull=False)
    visitors = HomeVisitor.objects.filter(visit__case=case)
    return frozenset(acts.values_list("by", flat=True)) | frozenset(visitors.values_list("staff", flat=True))


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


def check_can_sign(staff: Staff, case: Case) -> None:
    """
    :raises NotPermitted: the person does not sign proposals of this case.
    """
    check_can_act(staff, signing_permission(case), area=case.area)


def has_lawful_confirmer(case: Case, *, on: date) -> bool:
    """Whether anybody is left who may confirm the case with its present authority."""
    relatives = RelativeDeclaration.objects.filter(intake=case.intake_id).values("relative_name")
    candidates = staff_with(confirming_permission(case), area=case.area, on=on)
    return candidates.exclude(pk__in=acted_on(case)).exclude(name__in=relatives).exists()
