"""What a batch would do to each of the chosen cases (批量办理预览); read at once, whatever their number."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Prefetch, QuerySet

from applications.models import (
    BATCH_LIMIT,
    Batch,
    BatchAct,
    BatchRow,
    Case,
    CaseDocument,
    Outcome,
    Proposal,
    ProposalPerson,
    Publicity,
)
from applications.models.terms import REFUSAL_PUBLICITY
from applications.permissions import Permission, Relatives, can_act
from applications.queries.delivering import delivery_due
from applications.queries.listing import annotate_list
from applications.queries.sheets import AnnouncementKey, PublicityKey, Terms, announcement_key, publicity_key
from applications.queries.steps import goes_on_the_wall, visible_to
from applications.rules.process import CaseState
from documents.models import Document, DocumentKind
from eligibility.models import Assessment
from organizations.models import Area, Staff
from organizations.queries import working_calendar

PRINT = "print"
"""Printing notices changes nothing; it is chosen and shown as the acts are."""
LATEST = "latest"
NOTICES: dict[str, tuple[DocumentKind, ...]] = {
    "decision": (
        DocumentKind.APPROVAL_NOTICE,
        DocumentKind.REFUSAL_NOTICE,
        DocumentKind.SUPPORT_END_NOTICE,
        DocumentKind.SUPPORT_KEPT_NOTICE,
        DocumentKind.ADJUSTMENT_NOTICE,
        DocumentKind.STOP_NOTICE,
        DocumentKind.PHASEOUT_NOTICE,
        DocumentKind.REVIEW_NOTICE,
    ),
    "acceptance": (DocumentKind.ACCEPTANCE_NOTICE,),
    "supplement": (DocumentKind.SUPPLEMENT_NOTICE,),
}
"""Papers that go to the family (通知书), by what a person asks for."""
_ALL_NOTICES = tuple(kind for kinds in NOTICES.values() for kind in kinds)
_SHEETS = frozenset({DocumentKind.PUBLICITY_SHEET, DocumentKind.ANNOUNCEMENT_SHEET, DocumentKind.SUPPORT_END_SHEET})
_AFTER_ACCEPTANCE = frozenset(CaseState) - {CaseState.DRAFT, CaseState.SUBMITTED}


@dataclass(frozen=True)
class Offer:
    """A batch act as the list offers it."""

    name: str
    label: str
    permission: Permission
    states: frozenset[CaseState]

    @property
    def state_names(self) -> str:
        return " ".join(sorted(self.states))


OFFERS = (
    Offer(BatchAct.PUBLICISE, "按村公示", Permission.PUBLICISE, frozenset({CaseState.PROPOSED})),
    Offer(BatchAct.ANNOUNCE, "登记公布", Permission.PUBLICISE, frozenset({CaseState.APPROVED})),
    Offer(PRINT, "打印通知书", Permission.VIEW_CASE, _AFTER_ACCEPTANCE),
    Offer(BatchAct.DELIVER, "登记送达", Permission.RECORD_DELIVERY, _AFTER_ACCEPTANCE),
)


def offers_for(staff: Staff, cases: Iterable[Case]) -> list[Offer]:
    """The batch acts that the person may do and that fit some of the cases."""
    states = {case.case_state for case in cases}
    return [offer for offer in OFFERS if staff.may(offer.permission) and offer.states & states]


@dataclass(frozen=True)
class Planned:
    """One chosen case: what will happen, or why it is left out."""

    case: Case
    refusal: str = ""
    key: PublicityKey | AnnouncementKey | None = None
    person_count: int | None = None
    amount: Decimal | None = None
    document: Document | None = None
    is_late: bool = False


@dataclass(frozen=True)
class Sheet:
    """One sheet that a batch would post."""

    key: PublicityKey | AnnouncementKey
    rows: tuple[Planned, ...]

    @property
    def area(self) -> Area:
        area: Area = self.rows[0].case.area
        return area

    @property
    def cases(self) -> list[Case]:
        return [row.case for row in self.rows]


@dataclass(frozen=True)
class Plan:
    """What a batch would do, row by row."""

    act: str
    rows: list[Planned] = field(default_factory=list)

    @cached_property
    def going(self) -> list[Planned]:
        return [row for row in self.rows if not row.refusal]

    @cached_property
    def left_out(self) -> list[Planned]:
        return [row for row in self.rows if row.refusal]

    @cached_property
    def sheets(self) -> list[Sheet]:
        """The sheets by village, their rows in the order of the case numbers."""
        found: dict[PublicityKey | AnnouncementKey, list[Planned]] = {}
        for row in self.going:
            if row.key is not None:
                found.setdefault(row.key, []).append(row)
        return [Sheet(key, tuple(rows)) for key, rows in found.items()]

    @cached_property
    def areas(self) -> list[Area]:
        """The villages in which something is posted."""
        return list({sheet.area.pk: sheet.area for sheet in self.sheets}.values())

    @property
    def is_late(self) -> bool:
        """Whether some row takes a reason for coming late."""
        return any(row.is_late for row in self.going)


def chosen_pks(values: Iterable[str]) -> list[int]:
    """Primary keys as a page sends them; what is none is passed over."""
    return sorted({int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 19})


def plan(act: str, staff: Staff, pks: Sequence[int], *, on: date, notices: str = LATEST) -> Plan:
    """What a batch act would do to the chosen cases that the person may see.

    :param act: a :class:`BatchAct` or :data:`PRINT`.
    :param notices: a key of :data:`NOTICES`, or :data:`LATEST` for each family's last one.
    """
    looker = _Looker(staff, on=on, notices=notices)
    looked: Callable[[Case], Planned] = {
        BatchAct.PUBLICISE.value: looker.publicise,
        BatchAct.ANNOUNCE.value: looker.announce,
        BatchAct.DELIVER.value: looker.deliver,
        PRINT: looker.print_notice,
    }[str(act)]
    cases = annotate_list(visible_to(staff).filter(pk__in=pks[:BATCH_LIMIT]))
    cases = _with_what_is_asked(cases, str(act)).order_by("area__parent__code", "area__code", "pk")
    return Plan(str(act), [looked(case) for case in cases])


def _with_what_is_asked(cases: QuerySet[Case], act: str) -> QuerySet[Case]:
    cases = cases.select_related("applicant__person").prefetch_related("intake__relatives", "overdue_reasons")
    if act == BatchAct.PUBLICISE:
        persons = Prefetch("persons", queryset=ProposalPerson.objects.all())
        proposals = Proposal.objects.filter(replaced_on=None).select_related("assessment").prefetch_related(persons)
        posted = Publicity.objects.filter(taken_back=False).order_by("-pk")
        publicities = posted.select_related("proposal__assessment", "document")
        return cases.prefetch_related(
            Prefetch("proposals", queryset=proposals, to_attr="standing_proposals"),
            Prefetch(
                "publicities",
                queryset=publicities.prefetch_related("objections", "proposal__persons"),
                to_attr="past_publicities",
            ),
        )
    if act == BatchAct.ANNOUNCE:
        decided = cases.select_related("decision__assessment", "decision__proposal", "announcement")
        return decided.prefetch_related("decision__proposal__persons")
    notices = CaseDocument.objects.filter(document__kind__in=_ALL_NOTICES, document__voided_on=None)
    return cases.prefetch_related(
        Prefetch(
            "documents",
            queryset=notices.select_related("document__delivery", "document__issuing_area").order_by("-pk"),
            to_attr="notices",
        )
    )


class _Looker:
    """Looks at one case after the other with what is read once for all of them."""

    def __init__(self, staff: Staff, *, on: date, notices: str) -> None:
        self._staff, self._on = staff, on
        self._kinds = NOTICES.get(notices, _ALL_NOTICES)
        self._terms, self._calendar = Terms(), working_calendar()

    def publicise(self, case: Any) -> Planned:
        if refusal := self._barred(case, Permission.PUBLICISE, CaseState.PROPOSED):
            return Planned(case, refusal)
        proposal = next(iter(case.standing_proposals), None)
        last = next(iter(case.past_publicities), None)
        refusal_days = self._terms.days(case, REFUSAL_PUBLICITY, on=self._on)
        if proposal is None or not goes_on_the_wall(proposal, last, refusal_days=refusal_days):
            return Planned(case, "这份初审意见不需要公示，请直接报审核确认。")
        key = publicity_key(case, proposal, posted_on=self._on, terms=self._terms, calendar=self._calendar)
        if key is None:
            return Planned(case, "还没有设置公示天数，请联系县民政局。")
        return Planned(
            case,
            key=key,
            person_count=_counted(case, proposal, proposal.assessment),
            amount=proposal.publicised_amount,
            is_late=self._is_late(case),
        )

    def announce(self, case: Any) -> Planned:
        if refusal := self._barred(case, Permission.PUBLICISE, CaseState.APPROVED):
            return Planned(case, refusal)
        if case.matter.ends_award:
            return Planned(case, "终止救助供养不在村内公布。")
        if not case.matter.is_announced:
            return Planned(case, f"{case.matter.title}不作村内公布。")
        if hasattr(case, "announcement"):
            return Planned(case, "这个办件已经公布过。")
        decision = case.decision
        return Planned(
            case,
            key=announcement_key(case, decision),
            person_count=_counted(case, decision.proposal, decision.assessment),
            amount=decision.monthly_amount,
        )

    def print_notice(self, case: Any) -> Planned:
        document = self._notice(case)
        return Planned(case, "" if document else "没有这种通知书。", document=document)

    def deliver(self, case: Any) -> Planned:
        if not can_act(self._staff, Permission.RECORD_DELIVERY, area=case.area):
            return Planned(case, _not_permitted(case, Permission.RECORD_DELIVERY))
        document = self._notice(case)
        if document is None:
            return Planned(case, "没有这种通知书。")
        if hasattr(document, "delivery"):
            return Planned(case, f"{document.number}已经登记过送达。", document=document)
        return Planned(case, document=document, is_late=self._is_delivered_late(case, document))

    def _notice(self, case: Any) -> Document | None:
        return next((link.document for link in case.notices if link.document.kind in self._kinds), None)

    def _barred(self, case: Case, permission: Permission, state: CaseState) -> str:
        if not can_act(self._staff, permission, area=case.area):
            return _not_permitted(case, permission)
        if case.state != state:
            return f"现在是“{case.case_state.label}”，只有“{state.label}”的才能办理。"
        if Relatives.among(case.intake.relatives.all()).include(self._staff.pk, self._staff.name):
            return "您与这个家庭有近亲属备案关系（或同名），须回避，请交由其他人员办理。"
        return ""

    def _is_late(self, case: Case) -> bool:
        late_for = [due for due in (case.state_due_on, case.due_on) if due and self._on > due]
        return bool(late_for) and not _is_explained(case, min(late_for))

    def _is_delivered_late(self, case: Case, document: Document) -> bool:
        due = delivery_due(case, document, terms=self._terms, calendar=self._calendar)
        return due is not None and self._on > due and not _is_explained(case, due)


def _not_permitted(case: Case, permission: Permission) -> str:
    return f"您没有在{case.area.name}“{permission.label}”的权限。"


def _is_explained(case: Case, due_on: date) -> bool:
    return any(row.state == case.state and row.due_on == due_on for row in case.overdue_reasons.all())


def _counted(case: Case, proposal: Proposal, assessment: Assessment) -> int:
    """What the sheet says: the family's members; of a scheme person by person, who is recognised."""
    if case.matter.per_person and proposal.is_eligible:
        return len(proposal.persons.all())
    return len(assessment.result["household"]["counted"])


def batches_of(staff: Staff) -> QuerySet[Batch]:
    """Batches that the person started."""
    return Batch.objects.filter(started_by=staff)


def batch_rows(staff: Staff, batch: Batch) -> list[BatchRow]:
    """How a batch ended for each case that the person may still see."""
    cases = annotate_list(visible_to(staff)).select_related("applicant__person")
    found = cases.in_bulk(list(batch.rows.values_list("case_id", flat=True)))
    rows = [row for row in batch.rows.select_related("document") if row.case_id in found]
    for row in rows:
        row.case = found[row.case_id]
    return sorted(rows, key=lambda row: (row.outcome == Outcome.DONE, row.pk))


def sheets_of(rows: Iterable[BatchRow]) -> list[Document]:
    """The sheets that a batch posted, each once, in the order of their numbers."""
    sheets = {row.document.pk: row.document for row in rows if row.document and row.document.kind in _SHEETS}
    return [sheets[pk] for pk in sorted(sheets)]
