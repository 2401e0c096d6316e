"""Reads of 补差: which lines of an uplift wait to be entered, and what was entered waits for another's approval."""

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from benefits.models import AwardState, PhaseOut
from dynamic_review.models import UpliftLine, UpliftMakingGood, UpliftResult, UpliftRun, UpliftState, UpliftStep
from dynamic_review.permissions import Permission
from dynamic_review.rules.uplift import Apart
from organizations.models import Staff

MADE_GOOD_IN = (AwardState.STOPPED, AwardState.PHASE_OUT)
"""States of awards whose months behind them no review reaches any more."""
_LEFT = Q(award__state__in=MADE_GOOD_IN) | Q(apart=Apart.PHASE_OUT.value)
"""Also awards that a review brought back from the phase-out in which the uplift found them."""
STANDINGS = (("waiting", "待录入"), ("entered", "待审批"), ("approved", "已审批"))
"""Where the 补差 of a line stands; keys of :func:`with_making_good`."""


def with_making_good(rows: QuerySet[UpliftLine], standing: str) -> QuerySet[UpliftLine]:
    """Lines whose 补差 stands so; a key of :data:`STANDINGS`."""
    if standing == "waiting":
        done = UpliftResult.objects.filter(line=OuterRef("pk"), step=UpliftStep.APPLY, is_done=True)
        # All its months since are those of the phase-out, which stay as they are.
        phased_out = PhaseOut.objects.filter(
            award=OuterRef("award"), first_month__lte=OuterRef("run__uplift__from_month"), revoked_on=None
        )
        rows = rows.filter(_LEFT, making_good=None, run__uplift__state=UpliftState.APPLIED)
        return rows.exclude(Exists(done) | Exists(phased_out))
    return rows.filter(making_good__isnull=False, making_good__approved_by__isnull=standing == "entered")


def made_good_of(run: UpliftRun) -> list[tuple[str, str, int]]:
    """Where the 补差 of a preview's lines stand: key, word, how many; standings without any are left out."""
    approved = Q(approved_by__isnull=False)
    counts: dict[str, int] = UpliftMakingGood.objects.filter(line__run=run).aggregate(
        entered=Count("pk", filter=~approved), approved=Count("pk", filter=approved)
    )
    counts["waiting"] = with_making_good(UpliftLine.objects.filter(run=run), "waiting").count()
    return [(key, word, counts[key]) for key, word in STANDINGS if counts[key]]


def making_good_to_approve(staff: Staff) -> QuerySet[UpliftMakingGood]:
    """What waits for an approval (审批补差) that this person may give: of another's entry, while the uplift stands."""
    if not staff.may(Permission.APPROVE_UPLIFT):
        return UpliftMakingGood.objects.none()
    lines = UpliftLine.objects.filter(_LEFT, run__uplift__state=UpliftState.APPLIED)
    return UpliftMakingGood.objects.filter(line__in=lines, approved_by=None).exclude(entered_by=staff)
