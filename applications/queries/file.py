"""The file of one case (案卷): everything on record, each part read once, when it is asked for."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Prefetch, QuerySet

from applications.models import (
    Announcement,
    Appraisal,
    Case,
    CaseDocument,
    CaseEvent,
    Decision,
    DrawnCase,
    HomeVisit,
    HomeVisitor,
    Objection,
    OverdueReason,
    Proposal,
    ProposalPerson,
    Publicity,
    PublicityPhoto,
    SelfCareAssessment,
    SelfCareAssessor,
    SupportChoice,
)
from applications.queries import lacking
from applications.queries.choices import choices_in, is_minor
from applications.queries.effects import following_month
from applications.queries.grounds import assess_case, effect_month, further_grounds, grounds_of
from applications.queries.lacking import Lack
from applications.queries.offices import deputies_of
from applications.queries.owed import kinds_to_reissue
from applications.queries.review_file import ReviewFile
from applications.queries.reviewing import decided_without
from applications.queries.shown import ShownAssessment
from applications.queries.steps import latest_means_check, needs_publicity, visible_to
from applications.queries.suggesting import covered_members, suggested
from applications.rules.matters import with_further
from applications.rules.process import CaseState, EventKind
from applications.rules.terminations import of_person
from benefits.models import Award, Recognition
from benefits.queries import current_awards_of, unpaid_after_death
from documents.models import HANDED_OVER, DocumentKind
from eligibility.queries import MarkedFigures, findings_for_display, marked_figures
from foundation.errors import ServiceError
from households.models import Member
from organizations.models import Staff
from organizations.models.delegations import Scheme
from organizations.queries import working_calendar
from organizations.rules.separation import Deputising
from organizations.rules.working_days import WorkingCalendar
from verification.models import MeansCheck, MeansCheckFinding, MeansCheckState

_STORED_FROM = frozenset(
    {
        CaseState.PROPOSED,
        CaseState.PUBLICISED,
        CaseState.OBJECTED,
        CaseState.CONFIRMING,
        CaseState.RETURNED,
        CaseState.WITHDRAWN,
        CaseState.TERMINATED,
    }
)
"""States whose page shows the proposal's stored assessment rather than a fresh one."""


def cases_with_family(staff: Staff) -> QuerySet[Case]:
    """Cases that the person may see, with what every page of a case names."""
    return visible_to(staff).select_related(
        "area__parent",
        "household__area__parent",
        "intake__opened_by",
        "intake__agent",
        "applicant__person",
        "supplement_notice__issued_by",
        "extension",
        "decision__decided_by",
        "decision__assessment",
        "announcement__posted_by",
        "award",
        "termination__evidence",
        "review",
    )


class CaseFile(ReviewFile):
    """One case and all that is on record of it."""

    # --- What it is about ---------------------------------------------------------------------------------------

    @cached_property
    def award(self) -> Award | None:
        """The award that runs now, where there is one; of a family that moved away it is not ours to tell.

        Of a scheme under which each person has an own award, the first of those that the decision granted.
        """
        if self.case.family_moved_away:
            return None
        if self.case.award is not None:
            return self.case.award
        awards = current_awards_of(self.case.household).filter(scheme=self.case.scheme)
        if self.case.matter.per_person:
            granted = [event.data["awards"] for event in self.events if event.kind == EventKind.APPROVED]
            awards = awards.filter(pk__in=granted[0] if granted else ())
        return awards.first()

    @cached_property
    def recognition(self) -> Recognition | None:
        """What the decision recognised the family as (认定身份); of a family that moved away it is not ours to tell."""
        if self.case.family_moved_away or self.decision is None or not self.decision.valid_months:
            return None
        rows = self.case.household.recognitions.filter(scheme=self.case.scheme, decided_on=self.decision.decided_on)
        return rows.first()

    @cached_property
    def unpaid_from(self) -> date | None:
        """Of a termination after a death: the first month that may not be paid."""
        if self.case.award is None:
            return None
        return unpaid_after_death(self.case.award, self.case.applicant.person)

    @cached_property
    def to_be_taken_out(self) -> list[str]:
        """Names of whom the proposal (else the suggestion) recognises as 特困 while the family's 低保 covers them.

        Nobody stands in both: the 低保 is reviewed first, which says what the others are paid. Where it covers nobody
        else it ends with the decision.
        """
        if self.case.matter.key != "tekun.application" or not self.case.is_open or self.case.accepted_on is None:
            return []
        covered = covered_members(self.case.household, scheme=Scheme.DIBAO)
        proposed = self._proposed if covered else []
        if covered.keys() <= set(proposed):
            return []
        awards = current_awards_of(self.case.household).filter(scheme=Scheme.DIBAO) if proposed else ()
        if any(decided_without(award, proposed) for award in awards):
            return []
        return [covered[key] for key in proposed if key in covered]

    @property
    def _proposed(self) -> list[int]:
        if self.proposal is not None:
            return [row.member_id for row in self.proposal.persons.all()]
        shown = self.fresh_assessment
        if shown.problem:
            return []
        return [person.member_id for person in suggested(self.case, shown.result, shown.facts).persons]

    # --- Investigation ----------------------------------------------------------------------------------------

    @cached_property
    def means_check(self) -> MeansCheck | None:
        """The check that the case rests on."""
        link = latest_means_check(self.case)
        return link.means_check if link else None

    @cached_property
    def only_spending_verified(self) -> bool:
        """Whether 低保 or 特困 covers the whole family: its means are not checked again (民发〔2018〕23号 二（二）)."""
        if not self.case.matter.is_paid_once:
            return False
        return bool(self.fresh_assessment.result.get("aid", {}).get("enrolled"))

    @cached_property
    def check_findings(self) -> list[MeansCheckFinding]:
        if self.means_check is None:
            return []
        return list(self.means_check.findings.select_related("member__person"))

    @property
    def check_is_open(self) -> bool:
        return self.means_check is not None and self.means_check.state == MeansCheckState.REQUESTED

    @cached_property
    def visits(self) -> list[HomeVisit]:
        visitors = Prefetch("visitors", queryset=HomeVisitor.objects.select_related("staff"))
        return list(self.case.visits.select_related("document").prefetch_related(visitors, "attachments"))

    @cached_property
    def self_care(self) -> list[SelfCareAssessment]:
        """Self-care assessments (生活自理能力评估), the newest first."""
        if not self._happened(EventKind.SELF_CARE_ASSESSED):
            return []
        assessors = Prefetch("assessors", queryset=SelfCareAssessor.objects.select_related("staff"))
        rows = self.case.self_care_assessments.select_related("member__person", "document")
        return list(rows.prefetch_related(assessors))

    @cached_property
    def support_choices(self) -> list[SupportChoice]:
        """What the guardians of minors chose (保障选择; F43 §9)."""
        return choices_in(self.case) if self._happened(EventKind.SUPPORT_CHOSEN) else []

    @cached_property
    def proposable(self) -> list[Member]:
        """Of 特困, who meets the conditions as the family stands, is not recognised yet and chose no other support."""
        shown = self.fresh_assessment if self.case.scheme == "tekun" else None
        if shown is None or not shown.result:
            return []
        eligible = {row["member"] for row in shown.result["tekun"] if row["outcome"] == "eligible"}
        others = {row.member_id for row in self.support_choices if row.choice == "child_support"}
        others |= covered_members(self.case.household, scheme=Scheme.TEKUN).keys()
        return [row for row in self.members if row.reference in eligible and row.pk not in others]

    @property
    def minors(self) -> list[Member]:
        """Members under age."""
        return [member for member in self.members if is_minor(member, on=self.on)]

    @cached_property
    def draw_row(self) -> DrawnCase | None:
        """The case in the county's draw (随机抽查; F43 §16), where it took part in one."""
        if not self._happened(EventKind.DRAWN):
            return None
        return DrawnCase.objects.filter(case=self.case).select_related("draw").first()

    @cached_property
    def appraisals(self) -> list[Appraisal]:
        if not self._happened(EventKind.APPRAISED):
            return []
        return list(self.case.appraisals.select_related("recorded_by", "document"))

    # --- Proposal, publicity, decision --------------------------------------------------------------------------

    @cached_property
    def proposal(self) -> Proposal | None:
        """The proposal that stands, drafted or signed, with whom it covers."""
        if not self._happened(EventKind.DRAFTED):
            return None
        persons = Prefetch("persons", queryset=ProposalPerson.objects.select_related("member__person"))
        return (
            self.case.proposals.filter(replaced_on=None)
            .select_related("drafted_by", "signed_by", "assessment")
            .prefetch_related(persons)
            .first()
        )

    @cached_property
    def needs_publicity(self) -> bool:
        """Whether the signed proposal goes up on the wall next."""
        return self.proposal is not None and needs_publicity(self.case, self.proposal, on=self.on)

    @cached_property
    def publicities(self) -> list[Publicity]:
        photos = Prefetch("photos", queryset=PublicityPhoto.objects.select_related("attachment"))
        return list(
            self.case.publicities.select_related("posted_by", "document").prefetch_related(photos, "objections")
        )

    @property
    def publicised_anew(self) -> frozenset[int]:
        """Keys of publicities that went up after an objected one (重新公示)."""
        found, objected = set(), False
        for row in reversed([row for row in self.publicities if not row.taken_back]):
            if objected:
                found.add(row.pk)
            objected = objected or bool(row.objections.all())
        return frozenset(found)

    @property
    def publicity(self) -> Publicity | None:
        """The publicity under way."""
        return next((row for row in self.publicities if row.closed_on is None), None)

    @property
    def objections(self) -> list[Objection]:
        """Objections that wait for an answer."""
        return [
            objection for row in self.publicities for objection in row.objections.all() if objection.resolved_on is None
        ]

    @property
    def decision(self) -> Decision | None:
        return getattr(self.case, "decision", None)

    @property
    def decided_effect(self) -> str:
        """What the decision brought about, as the trail says it."""
        return next((event.note for event in self.events if event.kind == EventKind.APPROVED), "")

    @property
    def announcement(self) -> Announcement | None:
        """The posting in the village (公布)."""
        return getattr(self.case, "announcement", None)

    # --- Papers, terms, what happened ---------------------------------------------------------------------------

    @cached_property
    def documents(self) -> list[CaseDocument]:
        return list(self.case.documents.select_related("document__delivery", "document__issuing_area"))

    @cached_property
    def owed(self) -> list[DocumentKind]:
        """Kinds that the case must have and whose every paper was voided (待重新制发)."""
        return kinds_to_reissue(self.case, (link.document for link in self.documents))

    @property
    def undelivered(self) -> list[CaseDocument]:
        """Notices in force that have not been recorded as delivered."""
        return [
            link
            for link in self.documents
            if link.document.kind in HANDED_OVER
            and link.document.voided_on is None
            and not hasattr(link.document, "delivery")
        ]

    @cached_property
    def overdue_reasons(self) -> list[OverdueReason]:
        if not self._happened(EventKind.OVERDUE_EXPLAINED):
            return []
        return list(self.case.overdue_reasons.select_related("given_by"))

    @cached_property
    def events(self) -> list[CaseEvent]:
        """Everything done, the newest first."""
        return list(self.case.events.select_related("by"))

    def _happened(self, kind: EventKind) -> bool:
        return any(event.kind == kind for event in self.events)

    @cached_property
    def deputies(self) -> list[Deputising]:
        """Deputies' posts under which something may have been done (代理)."""
        return deputies_of(self.case)

    @cached_property
    def calendar(self) -> WorkingCalendar:
        return working_calendar()

    @cached_property
    def lacks(self) -> list[Lack]:
        """What the present step lacks before it is left."""
        return lacking.for_present_step(self)

    # --- Assessment ---------------------------------------------------------------------------------------------

    @cached_property
    def assessment(self) -> ShownAssessment | None:
        """The assessment behind the decision or the proposal; before a proposal a fresh one, which is not kept."""
        if self.decision is not None:
            return self._stored(self.decision)
        is_settled = self.case.awaits_signature or self.case.case_state in _STORED_FROM
        if self.proposal is not None and is_settled:
            return self._stored(self.proposal)
        return self.fresh_assessment if self.case.is_open else None

    @cached_property
    def fresh_assessment(self) -> ShownAssessment:
        """An assessment of the family as it stands or last stood (试算), not kept."""
        month, day = self.effect_month, self.on
        try:
            facts, found = assess_case(self.case, on=self.on, month=month)
            result, day = found.as_dict(), found.on
            further = further_grounds(self.case, result, facts, on=self.on, month=month)
        except ServiceError as error:
            return ShownAssessment(on=day, is_fresh=True, problem=error.message)
        return self._shown(with_further(result, further), facts, on=day, is_fresh=True)

    @cached_property
    def effect_month(self) -> date:
        """From which month a decision of today takes effect, as the rules say."""
        try:
            return effect_month(self.case, on=self.on)
        except ServiceError:  # what cannot be assessed is said where the assessment stands
            return following_month(self.case, on=self.on)

    @cached_property
    def marked_figures(self) -> MarkedFigures:
        """Sample and local figures (示例、本地做法) that the shown assessment rests on."""
        shown, household = self.assessment, self.case.household
        if shown is None:
            return MarkedFigures()
        return marked_figures(household.area, residence=household.residence, on=shown.on, scheme=self.case.scheme)

    def _stored(self, outcome: Proposal | Decision) -> ShownAssessment:
        grounds = grounds_of(outcome)
        return self._shown(grounds.result, grounds.facts, on=grounds.assessment.on)

    def _shown(
        self, result: Mapping[str, Any], facts: Mapping[str, Any], *, on: date, is_fresh: bool = False
    ) -> ShownAssessment:
        if self.case.matter.person:
            result = of_person(result, self.case.matter.person)
        return ShownAssessment(
            on=on,
            is_fresh=is_fresh,
            result=result,
            facts=facts,
            matter=self.case.matter,
            rows=findings_for_display(result, self.case.household, members=self.members),
            household=self.case.household,
        )
