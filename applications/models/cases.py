"""办件: one scheme and kind within an intake, with its state, deadlines and trail."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django_fsm import RETURN_VALUE, FSMField, FSMModelMixin, transition

from applications.models.freezing import frozen_with_case
from applications.models.intakes import Intake
from applications.rules.matters import MATTERS, Matter
from applications.rules.process import (
    ENTRUSTED_TOWNSHIP,
    FINAL_STATES,
    OPEN_STATES,
    TAKE_BACK,
    Authority,
    CaseState,
    EventKind,
)
from benefits.models import Award
from documents.models import Document
from foundation.trail import append_only, recorded
from households.models import Household, Member
from organizations.models import Area
from organizations.models.delegations import Scheme
from verification.models import MeansCheck

_S = CaseState
_TAKEN_BACK_TO = frozenset().union(*TAKE_BACK.values())


class CaseKind(models.TextChoices):
    APPLICATION = "application", "申请"
    REVIEW = "review", "复核"
    CHANGE = "change", "变更"
    TERMINATION = "termination", "终止"


_OF_AWARDS = (CaseKind.REVIEW.value, CaseKind.TERMINATION.value)
"""Kinds that look into an award that runs."""


@recorded()
class CaseCounter(models.Model):
    """办件编号计数: the last number given in a year; its row is the lock."""

    year = models.PositiveSmallIntegerField("年度", unique=True)
    last = models.PositiveIntegerField("末号", default=0)

    class Meta:
        verbose_name = "办件编号计数"
        verbose_name_plural = "办件编号计数"

    def __str__(self) -> str:
        return f"{self.year} {self.last}"


AUTHORITIES = [(Authority.COUNTY.value, "县民政局"), (Authority.TOWNSHIP.value, "乡镇（下放）")]


def authority_in_words(authority: str, *, scheme: str) -> str:
    """确认机关: whom the law entrusts with what is small (临时救助; F649 §48) is not called delegated (下放)."""
    if authority == Authority.TOWNSHIP and scheme == Scheme.TEMPORARY_AID:
        return ENTRUSTED_TOWNSHIP
    return dict(AUTHORITIES)[authority]


def _values(states: object) -> list[str]:
    return sorted(str(state) for state in states)  # type: ignore[attr-defined]


@recorded()
class Case(FSMModelMixin, models.Model):
    """办件（案件）: state changes go through ``applications.services`` only."""

    number = models.CharField("办件编号", max_length=20, unique=True)
    intake = models.ForeignKey(Intake, on_delete=models.RESTRICT, related_name="cases", verbose_name="一次受理")
    household = models.ForeignKey(Household, on_delete=models.RESTRICT, related_name="cases", verbose_name="家庭")
    area = models.ForeignKey(Area, on_delete=models.RESTRICT, related_name="cases", verbose_name="村（社区）")
    applicant = models.ForeignKey(Member, on_delete=models.RESTRICT, related_name="+", verbose_name="申请人")
    scheme = models.CharField("险种", max_length=30, choices=Scheme)
    kind = models.CharField("事项", max_length=20, choices=CaseKind, default=CaseKind.APPLICATION)
    award = models.ForeignKey(
        Award, on_delete=models.RESTRICT, null=True, blank=True, related_name="cases", verbose_name="所涉待遇"
    )
    authority = models.CharField(
        "确认机关",
        max_length=20,
        choices=AUTHORITIES,
        default=Authority.COUNTY,
    )
    state = FSMField(
        "状态",
        max_length=20,
        choices=[(state.value, state.label) for state in CaseState],
        default=CaseState.DRAFT.value,
        protected=True,
    )
    state_since = models.DateField("进入本状态日期")
    state_due_on = models.DateField("本步期限", null=True, blank=True)
    due_on = models.DateField("办结期限", null=True, blank=True)
    due_is_provisional = models.BooleanField("期限暂按周一至周五计算", default=False)
    accepted_on = models.DateField("受理日期", null=True, blank=True)
    investigation_started_on = models.DateField("启动调查日期", null=True, blank=True)
    awaits_signature = models.BooleanField("初审意见待签发", default=False)
    county_visit_required = models.BooleanField("须县民政局入户", default=False)
    decided_on = models.DateField("决定日期", null=True, blank=True)
    version = models.PositiveIntegerField("版本", default=1)

    class Meta:
        verbose_name = "办件"
        verbose_name_plural = "办件"
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                name="case_one_open_a_scheme",
                fields=("household", "scheme", "kind"),
                condition=Q(state__in=_values(OPEN_STATES)) & ~Q(kind__in=_OF_AWARDS),
                violation_error_message="这个家庭的同一险种已有一件正在办理。",
            ),
            models.UniqueConstraint(
                name="case_one_open_termination",
                fields=("award",),
                condition=Q(state__in=_values(OPEN_STATES), kind="termination"),
                violation_error_message="这份待遇的终止正在办理。",
            ),
            models.UniqueConstraint(
                name="case_one_open_review",
                fields=("award",),
                condition=Q(state__in=_values(OPEN_STATES), kind="review"),
                violation_error_message="这份待遇的复核正在办理。",
            ),
            models.CheckConstraint(
                name="case_award_is_looked_into",
                condition=Q(kind__in=_OF_AWARDS, award__isnull=False) | ~Q(kind__in=_OF_AWARDS) & Q(award=None),
                violation_error_message="复核和终止办件须写明所涉的待遇，其他办件不写。",
            ),
            models.CheckConstraint(
                name="case_decided_has_date",
                condition=~Q(state__in=["approved", "refused"]) | Q(decided_on__isnull=False),
            ),
            models.CheckConstraint(
                name="case_accepted_before_later_steps",
                condition=Q(state__in=["draft", "submitted", "supplementing", "withdrawn", "terminated"])
                | Q(accepted_on__isnull=False),
            ),
            models.CheckConstraint(
                name="case_decided_after_acceptance",
                condition=Q(decided_on=None) | Q(decided_on__gte=F("accepted_on")),
            ),
        ]
        indexes = [
            models.Index(fields=("area", "state", "state_due_on"), name="case_by_area_state"),
            models.Index(fields=("state", "state_due_on"), name="case_by_state_due"),
            models.Index(fields=("household",), name="case_by_household"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="final_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=_values(FINAL_STATES)),
                func="RAISE EXCEPTION 'jixi: a decided case cannot be changed in place';",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.get_kind_display()} {self.number}"

    @property
    def authority_in_words(self) -> str:
        """确认机关 as pages name it, in the words of the scheme."""
        return authority_in_words(self.authority, scheme=self.scheme)

    @property
    def is_open(self) -> bool:
        """Whether the case is still under way."""
        return self.state not in FINAL_STATES

    @property
    def matter(self) -> Matter:
        """事项: what is particular to the case's scheme and kind, and to its person where it is one person's."""
        matter = MATTERS[f"{self.scheme}.{self.kind}"]
        if matter.about is None:
            return matter
        return matter.about(f"m{self.applicant_id}", lambda: self.termination.cause)

    @property
    def state_in_words(self) -> str:
        """The state as pages name it: a decision as its matter calls it."""
        words = MATTERS[f"{self.scheme}.{self.kind}"].words
        decided = {CaseState.APPROVED: words.approved, CaseState.REFUSED: words.refused}
        return decided.get(self.case_state, self.case_state.label)

    family_out_of_reach = False
    """Whether who asks may see the case and not its family; set where the case is loaded for somebody."""

    @property
    def family_moved_away(self) -> bool:
        """Whether the family is another township's now: a decided case stays where it was decided, as it was.

        So it is within a township for who sees the case's village and not the family's.
        """
        return self.family_out_of_reach or self.household.area.township_code != self.area.township_code

    @property
    def family_moved_to(self) -> Area:
        """Where the family is now: the township, of a move within it the village."""
        area: Area = self.household.area
        return area.parent or area if area.township_code != self.area.township_code else area

    @property
    def case_state(self) -> CaseState:
        """The state as an enum member."""
        return CaseState(self.state)

    @transition("state", source=_S.DRAFT.value, target=_S.SUBMITTED.value)
    def submit(self) -> None: ...

    @transition("state", source=_S.SUBMITTED.value, target=_S.SUPPLEMENTING.value)
    def ask_supplement(self) -> None: ...

    @transition("state", source=[_S.SUBMITTED.value, _S.SUPPLEMENTING.value], target=_S.ACCEPTED.value)
    def accept(self) -> None: ...

    @transition("state", source=_S.ACCEPTED.value, target=_S.INVESTIGATING.value)
    def start_investigation(self) -> None: ...

    @transition("state", source=[_S.INVESTIGATING.value, _S.OBJECTED.value], target=_S.APPRAISING.value)
    def call_appraisal(self) -> None: ...

    @transition("state", source=[_S.INVESTIGATING.value, _S.APPRAISING.value], target=_S.PROPOSED.value)
    def propose(self) -> None: ...

    @transition("state", source=_S.PROPOSED.value, target=_S.PUBLICISED.value)
    def publicise(self) -> None: ...

    @transition("state", source=_S.PUBLICISED.value, target=_S.OBJECTED.value)
    def object(self) -> None: ...

    @transition(
        "state",
        source=[_S.OBJECTED.value, _S.PROPOSED.value, _S.RETURNED.value],
        target=_S.INVESTIGATING.value,
    )
    def reinvestigate(self) -> None: ...

    @transition("state", source=[_S.PROPOSED.value, _S.PUBLICISED.value], target=_S.CONFIRMING.value)
    def send_to_confirm(self) -> None: ...

    @transition("state", source=_S.CONFIRMING.value, target=_S.RETURNED.value)
    def send_back(self) -> None: ...

    @transition("state", source=_S.CONFIRMING.value, target=_S.APPROVED.value)
    def approve(self) -> None: ...

    @transition("state", source=_S.CONFIRMING.value, target=_S.REFUSED.value)
    def refuse(self) -> None: ...

    @transition("state", source=_values(OPEN_STATES), target=_S.WITHDRAWN.value)
    def withdraw(self) -> None: ...

    @transition("state", source=_values(OPEN_STATES), target=_S.TERMINATED.value)
    def terminate(self) -> None: ...

    @transition("state", source=_values(TAKE_BACK), target=RETURN_VALUE(*_values(_TAKEN_BACK_TO)))
    def take_back(self, to: str) -> str:
        return to


@pgtrigger.register(append_only())
class CaseEvent(models.Model):
    """经过: what happened to a case, written in the same transaction, once."""

    case = models.ForeignKey(Case, on_delete=models.RESTRICT, related_name="events", verbose_name="办件")
    kind = models.CharField("事件", max_length=30, choices=[(kind.value, kind.label) for kind in EventKind])
    on = models.DateField("日期")
    at = models.DateTimeField("登记时间", auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.RESTRICT, null=True, related_name="+", verbose_name="经办人"
    )
    from_state = models.CharField("前状态", max_length=20, blank=True)
    to_state = models.CharField("后状态", max_length=20, blank=True)
    note = models.CharField("说明", max_length=500, blank=True)
    data = models.JSONField("明细", default=dict, blank=True)

    class Meta:
        verbose_name = "办件经过"
        verbose_name_plural = "办件经过"
        ordering = ("-pk",)
        indexes = [models.Index(fields=("case", "kind"), name="case_event_by_case")]

    def __str__(self) -> str:
        return f"{self.on} {self.get_kind_display()}"


@pgtrigger.register(frozen_with_case())
@recorded()
class CaseMeansCheck(models.Model):
    """办件所用核对: a case rests on a means check of its family."""

    case = models.ForeignKey(Case, on_delete=models.RESTRICT, related_name="means_checks", verbose_name="办件")
    means_check = models.ForeignKey(MeansCheck, on_delete=models.RESTRICT, related_name="+", verbose_name="核对")

    class Meta:
        verbose_name = "办件所用核对"
        verbose_name_plural = "办件所用核对"
        constraints = [models.UniqueConstraint(name="case_means_check_once", fields=("case", "means_check"))]

    def __str__(self) -> str:
        return f"{self.case} {self.means_check}"


@pgtrigger.register(append_only())
class CaseDocument(models.Model):
    """办件文书: a document issued in a case."""

    case = models.ForeignKey(Case, on_delete=models.RESTRICT, related_name="documents", verbose_name="办件")
    document = models.ForeignKey(Document, on_delete=models.RESTRICT, related_name="+", verbose_name="文书")

    class Meta:
        verbose_name = "办件文书"
        verbose_name_plural = "办件文书"
        ordering = ("pk",)
        constraints = [models.UniqueConstraint(name="case_document_once", fields=("case", "document"))]

    def __str__(self) -> str:
        return f"{self.case} {self.document}"
