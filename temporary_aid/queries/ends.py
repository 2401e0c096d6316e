"""What an end of an aid asks: its stages, its visits, and what the family has applied for already."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from applications.models import Case, Intake
from applications.rules.process import OPEN_STATES, CaseState
from households.models import Household
from organizations.models import Department
from organizations.models.delegations import Scheme
from temporary_aid.models import AidStage, StageForm, StageState, TemporaryAid

CONVERTS_TO = (Scheme.DIBAO, Scheme.TEKUN)
"""What lasting hardship is applied for after temporary aid (转申请)."""
_LEFT = (StageState.PLANNED, StageState.READY)


def stages_left(aid: TemporaryAid) -> QuerySet[AidStage]:
    """Stages that are neither paid nor cancelled."""
    return aid.stages.filter(state__in=_LEFT)


def may_be_cancelled_alone(stage: AidStage, stages: Iterable[AidStage]) -> bool:
    """Whether goods or a service that waits may be cancelled by itself: what it is given together with goes on.

    :param stages: all of the aid.
    """
    if stage.state != StageState.READY or stage.form == StageForm.MONEY:
        return False
    others = (row for row in stages if row.leads == stage.leads and row.pk != stage.pk)
    return any(row.state != StageState.CANCELLED for row in others)


def owes_last_visit(aid: TemporaryAid) -> bool:
    """Whether an aid in stages was not visited since it was last paid, which its end takes.

    What is given together (同时发放) is no aid in stages, however many rows it has.
    """
    stages = list(aid.stages.all())
    if len({stage.leads for stage in stages}) < 2:
        return False
    paid: list[date] = [timezone.localdate(stage.paid_at) for stage in stages if stage.paid_at is not None]
    visits = aid.visits.filter(visited_on__gte=max(paid)) if paid else aid.visits.all()
    return not visits.exists()


def why_not_ended(aid: TemporaryAid) -> list[str]:
    """What has to be done before an approved aid is ended (办结); nothing where it may be."""
    found = []
    if serials := list(stages_left(aid).order_by("serial").values_list("serial", flat=True)):
        found.append(f"第{'、'.join(map(str, serials))}期还没有发放，请先发放或终止余期。")
    if owes_last_visit(aid):
        found.append("分期救助办结前须走访：最后一次发放以后还没有走访，请先登记走访。")
    return found


def open_case_of(household: Household, scheme: str) -> Case | None:
    """The family's application of a scheme that is under way."""
    states = [state.value for state in OPEN_STATES]
    return Case.objects.filter(household=household, scheme=scheme, state__in=states, kind="application").first()


def unregistered_intake_of(household: Household) -> Intake | None:
    """The family's intake of which nothing is registered yet, to which another scheme may be added."""
    cases = Case.objects.filter(intake=OuterRef("pk"))
    is_draft = Exists(cases.filter(state=CaseState.DRAFT))
    is_more = Exists(cases.exclude(state__in=(CaseState.DRAFT, CaseState.WITHDRAWN)))
    return household.intakes.filter(is_draft, ~is_more).select_related("applicant", "agent").order_by("-pk").first()


def departments_to_refer_to() -> QuerySet[Department]:
    """Departments (部门) in use but the bureau itself."""
    return Department.objects.filter(Q(is_active=True)).exclude(code="civil_affairs")
