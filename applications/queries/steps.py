"""What stands: visibility, terms, papers asked for, proposal, publicity, visits."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet

from applications.models import (
    BATCH_LIMIT,
    Case,
    CaseMeansCheck,
    HomeVisit,
    Intake,
    Proposal,
    Publicity,
    StepItem,
    StepPaper,
    StepTerm,
)
from applications.models.cases import CaseKind
from applications.models.intakes import PaperKind
from applications.models.terms import (
    REFUSAL_PUBLICITY,
    TELL_FAMILY,
    TO_NEW_PROPOSAL,
    TO_PROPOSAL,
    TermUnit,
)
from applications.permissions import Permission, Relatives, related_to
from applications.rules.process import CaseState, proposal_clock
from applications.rules.suggestion import member_id
from organizations.models import Staff
from organizations.models.delegations import Scheme
from organizations.queries import staff_with, with_posts, working_calendar
from organizations.rules.working_days import Deadline
from verification.models import MeansCheck, MeansCheckResult, MeansCheckState

_OPENED_ELSEWHERE = frozenset({Scheme.TEMPORARY_AID.value})
"""What the room that keeps its own record opens with it (临时救助: 事由, 金额构成)."""
_INVESTIGATED = frozenset({CaseState.INVESTIGATING, CaseState.APPRAISING})
_UNTIL_PROPOSAL = _INVESTIGATED | {CaseState.ACCEPTED, CaseState.OBJECTED}


def visible_to(staff: Staff) -> QuerySet[Case]:
    """Cases that the person may see, the start of every read of cases; those of archived families are not at hand."""
    return Case.objects.filter(area_id__in=staff.area_ids(Permission.VIEW_CASE), household__archived_on=None)


def intakes_visible_to(staff: Staff) -> QuerySet[Intake]:
    """Intakes that the person may see."""
    return Intake.objects.filter(area_id__in=staff.area_ids(Permission.VIEW_CASE), household__archived_on=None)


def term(case: Case, step: str, *, on: date) -> StepTerm | None:
    """The term of a step in force on a day, after the case's scheme, kind and authority."""
    return StepTerm.objects.filter(
        scheme=case.scheme, kind=case.kind, authority=case.authority, step=step, valid__contains=on
    ).first()


def terms_exist(scheme: str, *, on: date, kind: str = CaseKind.APPLICATION) -> bool:
    """Whether a kind of cases under a scheme has terms on a day; without them none can be opened."""
    return StepTerm.objects.filter(scheme=scheme, kind=kind, valid__contains=on).exists()


def openable_schemes(*, on: date) -> list[str]:
    """Schemes of which applications can be opened at the window on a day, in their usual order."""
    rows = StepTerm.objects.filter(kind=CaseKind.APPLICATION, valid__contains=on).order_by()
    there = set(rows.values_list("scheme", flat=True).distinct())
    return [scheme for scheme in Scheme.values if scheme in there and scheme not in _OPENED_ELSEWHERE]


def due_after(case: Case, step: str, *, start: date) -> Deadline | None:
    """The day until which a step that starts on a day is due; None where it has no term."""
    found = term(case, step, on=start)
    if found is None:
        return None
    if found.unit == TermUnit.CALENDAR_DAYS:
        return Deadline(on=start + timedelta(days=found.days))
    return working_calendar().add(start, found.days)


def state_due(case: Case, *, start: date) -> Deadline | None:
    """The day until which the present state of a case is to be left; None where it has no term.

    Until the proposal is signed a term may run over several states (受理至初审, 公示异议至重新初审; F43 §§13, 15):
    there it is the term of investigating and appraising, and no earlier state outlasts it.

    :param start: day from which the state's own term runs.
    """
    own = due_after(case, case.state, start=start)
    whole = _due_until_proposal(case) if case.state in _UNTIL_PROPOSAL else None
    if whole is None or own is None:
        return whole or own
    return whole if case.state in _INVESTIGATED else min(own, whole, key=lambda deadline: deadline.on)


def _due_until_proposal(case: Case) -> Deadline | None:
    steps = (TO_PROPOSAL, TO_NEW_PROPOSAL)
    terms = StepTerm.objects.filter(scheme=case.scheme, kind=case.kind, authority=case.authority, step__in=steps)
    if case.accepted_on is None or not terms.exists():
        return None
    happened = case.events.exclude(to_state="").order_by("pk").values_list("kind", "from_state", "on")
    runs_from = proposal_clock(happened, accepted_on=case.accepted_on)
    if runs_from is None:
        return None
    after_objection, day = runs_from
    return due_after(case, TO_NEW_PROPOSAL if after_objection else TO_PROPOSAL, start=day)


def term_days(case: Case, step: str, *, on: date) -> int:
    """Days of a step's term, 0 where it has none."""
    found = term(case, step, on=on)
    return found.days if found else 0


def step_items(case: Case, state: str, *, on: date) -> list[StepItem]:
    """What a state must have before it is left, in force on a day, after the case's scheme, kind and authority."""
    rows = StepPaper.objects.filter(
        scheme=case.scheme, kind=case.kind, authority=case.authority, state=state, valid__contains=on
    )
    return [StepItem(item) for item in rows.order_by("pk").values_list("item", flat=True)]


def required_papers(intake: Intake, *, has_relatives: bool | None = None) -> list[PaperKind]:
    """Papers whose signed scans an intake needs before acceptance, in force when it was opened (F57 §§4, 9–11).

    :param has_relatives: whether near relatives are registered, where that is known already.
    """
    of_cases = Exists(
        Case.objects.filter(
            intake=intake, scheme=OuterRef("scheme"), kind=OuterRef("kind"), authority=OuterRef("authority")
        )
    )
    rows = StepPaper.objects.filter(
        of_cases, state=CaseState.SUBMITTED, item__in=PaperKind.values, valid__contains=intake.opened_on
    )
    asked = set(rows.order_by().values_list("item", flat=True))
    if PaperKind.AGENT_LETTER in asked and intake.agent_id is None:
        asked.discard(PaperKind.AGENT_LETTER)
    if PaperKind.RELATIVE_RECORD in asked and not (
        intake.relatives.exists() if has_relatives is None else has_relatives
    ):
        asked.discard(PaperKind.RELATIVE_RECORD)
    return [kind for kind in PaperKind if kind in asked]


def missing_papers(intake: Intake) -> list[PaperKind]:
    """Required papers whose signed scan is not there yet."""
    scans = intake.papers.filter(voided_at=None, attachment__voided_at=None)
    there = set(scans.values_list("kind", flat=True))
    return [kind for kind in required_papers(intake) if kind not in there]


def current_proposal(case: Case) -> Proposal | None:
    """The proposal that stands, drafted or signed."""
    return case.proposals.filter(replaced_on=None).select_related("drafted_by", "signed_by", "assessment").first()


def open_publicity(case: Case) -> Publicity | None:
    """The publicity under way; an objection does not take the sheet off the wall."""
    return case.publicities.filter(closed_on=None).first()


def sheet_mates(publicity: Publicity) -> QuerySet[Publicity]:
    """Other cases' publicities that still hang on the same sheet (同一张公示单)."""
    return Publicity.objects.filter(document=publicity.document_id, closed_on=None).exclude(pk=publicity.pk)


def proposed_beside(case: Case) -> list[int]:
    """Other cases of the village that wait for publicity as well."""
    waiting = Case.objects.filter(area=case.area_id, state=CaseState.PROPOSED).exclude(pk=case.pk)
    return list(waiting.order_by("pk").values_list("pk", flat=True)[: BATCH_LIMIT - 1])


def latest_means_check(case: Case) -> CaseMeansCheck | None:
    """The means check that the case rests on: the last one not withdrawn."""
    return (
        case.means_checks.exclude(means_check__state=MeansCheckState.WITHDRAWN)
        .select_related("means_check__consent")
        .order_by("-pk")
        .first()
    )


def telling_due(case: Case, check: MeansCheck) -> Deadline | None:
    """Until when the family is to be told of differences that a check found; None where nothing is to be told."""
    if check.result != MeansCheckResult.ALERT or check.told_family_on is not None or check.answered_on is None:
        return None
    return due_after(case, TELL_FAMILY, start=check.answered_on)


def needs_publicity(case: Case, proposal: Proposal, *, on: date) -> bool:
    """Whether a signed proposal goes up on the wall."""
    posted = case.publicities.filter(taken_back=False).select_related("proposal__assessment", "document")
    last = posted.order_by("-pk").first()
    refusal_days = 0 if proposal.is_eligible else term_days(case, REFUSAL_PUBLICITY, on=on)
    return goes_on_the_wall(proposal, last, refusal_days=refusal_days)


def goes_on_the_wall(proposal: Proposal, last: Publicity | None, *, refusal_days: int) -> bool:
    """Whether a proposal is publicised after the case's last publicity.

    Once; after an objection 特困 is publicised again (F43 §15), 低保 is not (F57 §19); after a return only what was
    not publicised so, or what was on a sheet that was voided since.

    :param refusal_days: how long a proposed refusal is publicised, 0 for not at all.
    """
    if not proposal.case.matter.is_publicised:
        return False
    if not proposal.is_eligible and refusal_days == 0:
        return False
    if last is None:
        return True
    if last.objections.all():
        return proposal.case.matter.publicised_anew
    if last.document.voided_on is not None or last.applicant_id not in (None, proposal.case.applicant_id):
        return True
    return _as_publicised(last.proposal) != _as_publicised(proposal)


def _as_publicised(proposal: Proposal) -> tuple[bool, Decimal | None, frozenset[int]]:
    """Outcome, amount and who is covered: other people at the same amount were not on the wall."""
    if proposal.aid_amount is not None:
        family = proposal.assessment.result["household"]["counted"]
        return proposal.is_eligible, proposal.aid_amount, frozenset(member_id(key) for key in family)
    covered = frozenset(person.member_id for person in proposal.persons.all())
    return proposal.is_eligible, proposal.monthly_amount, covered


def visits_of(case: Case) -> QuerySet[HomeVisit]:
    """Home visits of a case with visitors and attachments."""
    return case.visits.select_related("recorded_by").prefetch_related("visitors__staff", "attachments__attachment")


def possible_assessors(case: Case, *, on: date) -> QuerySet[Staff]:
    """Who may take part in a self-care assessment of the case (F43 §20): nobody who is a registered near relative."""
    return _unrelated(case, (Permission.INVESTIGATE, Permission.COUNTY_VISIT), on=on)


def possible_visitors(case: Case, *, by_county: bool, on: date) -> QuerySet[Staff]:
    """Who may take part in a home visit of the case (F57 §16): nobody who is a registered near relative."""
    allowed = (Permission.COUNTY_VISIT,) if by_county else (Permission.INVESTIGATE, Permission.OPEN_INTAKE)
    return _unrelated(case, allowed, on=on)


def _unrelated(case: Case, allowed: Sequence[Permission], *, on: date) -> QuerySet[Staff]:
    lawful = [staff_with(permission, area=case.area, on=on).order_by().values("pk") for permission in allowed]
    people = Staff.objects.filter(Q(pk__in=lawful[0]) | Q(pk__in=lawful[-1]))
    related = related_to(case)
    if related != Relatives():
        people = people.exclude(
            pk__in=[pk for pk, name in people.values_list("pk", "name") if related.include(pk, name)]
        )
    return with_posts(people.select_related("area"), on=on).order_by("area__code", "staff_number")
