"""What the intake page shows: the family's facts, the draft and its papers."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path

from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from applications.models import Case, Intake
from applications.models.intakes import IntakePaper, PaperKind
from applications.papers.bodies import township_telephone, window_of
from applications.permissions import Permission
from applications.queries import openable_schemes, required_papers
from applications.queries import visible_to as cases_visible_to
from applications.rules.process import CaseState
from benefits.models import Award, Recognition
from benefits.queries import current_awards_of, recognised
from eligibility.facts import FamilyRows, stored_rows
from eligibility.queries import MissingParameters
from eligibility.services import NotAssessable, Trial, try_out
from foundation.errors import ServiceError
from households import queries as households
from households.models import Agent, Attachment, BankAccount, Expense, Household, Income, Member, Property, Supporter
from households.queries import silent_supporters, supporters_of, valid_consent
from one_window.rules.offers import entitling
from one_window.rules.self_test.papers import Paper
from organizations.models import Area, Staff
from organizations.models.areas import AreaLevel
from organizations.models.delegations import Scheme
from organizations.queries import county, townships


def families_at_window(staff: Staff) -> QuerySet[Household]:
    """Families for whom the person may file applications."""
    areas = staff.area_ids(Permission.OPEN_INTAKE)
    return households.visible_to(staff).filter(area_id__in=areas, ended_on=None).select_related("area__parent")


def drafts(staff: Staff) -> QuerySet[Household]:
    """Families with a draft (草稿) that the person may go on with: an application not registered, or none begun yet.

    A family that the person registered and that has no application at all is a draft as well, so that nobody who
    was called away loses it.
    """
    unregistered = Exists(Case.objects.filter(household=OuterRef("pk"), state=CaseState.DRAFT))
    begun = ~Exists(Intake.objects.filter(household=OuterRef("pk")))
    mine = families_at_window(staff).filter(unregistered) | families_at_window(staff).filter(begun, registered_by=staff)
    return households.annotate_head(mine).annotate(has_case=unregistered).order_by("-registered_at", "-pk")


def families_named(staff: Staff, text: str) -> QuerySet[Household]:
    """Families of the own area by name, initials, last digits or telephone."""
    areas = staff.area_ids(Permission.OPEN_INTAKE)
    return households.search(staff, text).filter(area_id__in=areas, ended_on=None)


def draft_of(household: Household) -> Intake | None:
    """The family's intake of which nothing is registered yet."""
    unregistered = Exists(Case.objects.filter(intake=OuterRef("pk"), state=CaseState.DRAFT))
    return (
        household.intakes.filter(unregistered)
        .select_related("applicant__person", "agent", "area__parent", "household")
        .order_by("-pk")
        .first()
    )


def open_cases_of(household: Household, *, staff: Staff) -> list[Case]:
    """The family's cases under way beside the draft."""
    cases = cases_visible_to(staff).filter(household=household).exclude(state=CaseState.DRAFT)
    return [case for case in cases.order_by("-pk")[:10] if case.is_open]


@dataclass(frozen=True)
class IntakeFacts:
    """Everything typed so far of one family, for one accounting year (核算年度)."""

    household: Household
    on: date
    year: int
    members: Sequence[Member]
    incomes: Sequence[Income]
    expenses: Sequence[Expense]
    owned: Property | None
    supporters: Sequence[Supporter]
    account: BankAccount | None
    agent: Agent | None
    attachments: Sequence[Attachment]
    intake: Intake | None
    cases: Sequence[Case]
    openable: Sequence[str]
    awards: Sequence[Award]
    recognitions: Sequence[Recognition] = ()

    @cached_property
    def head(self) -> Member | None:
        """户主."""
        return next((member for member in self.members if member.relation == "head"), None)

    @property
    def schemes(self) -> list[str]:
        """Schemes of the draft."""
        return [case.scheme for case in self.cases]

    @cached_property
    def rows(self) -> FamilyRows:
        """The family as recorded, as the assessment takes it; in a fixed number of queries."""
        return stored_rows(self.household, on=self.on, year=self.year)

    @cached_property
    def trial(self) -> Trial | ServiceError:
        """What comes out of what is recorded (试算)."""
        return tried(self.rows, on=self.on)

    @cached_property
    def suggested(self) -> list[str]:
        """Schemes that a new draft is begun with: those that what is recorded entitles to, or else the first."""
        found = []
        if isinstance(self.trial, Trial):
            found = entitling(self.trial.assessment.as_dict(with_findings=False), self.openable)
        return found or list(self.openable[:1])


def tried(rows: FamilyRows, *, on: date) -> Trial | ServiceError:
    """What comes out of a family's rows (试算), or the refusal that says why they cannot be assessed."""
    try:
        return try_out(rows, on=on)
    except (NotAssessable, MissingParameters) as error:
        return error


def intake_facts(household: Household, *, on: date, year: int | None = None) -> IntakeFacts:
    """Read a family for the page; a fixed number of queries whatever its size.

    :param year: accounting year to show; the draft's, or else this one.
    """
    intake = draft_of(household)
    chosen = year or (intake.accounting_year if intake else on.year)
    return IntakeFacts(
        household=household,
        on=on,
        year=chosen,
        members=list(households.current_members(household)),
        incomes=list(households.incomes_of(household, year=chosen)),
        expenses=list(households.expenses_of(household, year=chosen)),
        owned=households.property_of(household),
        supporters=list(households.supporters_of(household)),
        account=household.bank_accounts.filter(ended_on=None).first(),
        agent=household.agents.filter(ended_on=None).first(),
        attachments=list(households.attachments_of(household)),
        intake=intake,
        cases=list(intake.cases.filter(state=CaseState.DRAFT).order_by("pk")) if intake else [],
        openable=openable_schemes(on=on),
        awards=list(current_awards_of(household)),
        recognitions=list(recognised(household, on=on)),
    )


@dataclass(frozen=True)
class PaperRow:
    """A paper for signature (签字材料) and its signed scan, where there is one."""

    kind: PaperKind
    paper: IntakePaper | None

    @property
    def is_there(self) -> bool:
        return self.paper is not None


@dataclass(frozen=True)
class SigningDesk:
    """八、签字材料: what is printed, signed and scanned before the application is accepted."""

    rows: Sequence[PaperRow]
    is_consented: bool
    supporters: Sequence[Supporter] = ()
    """Who signs as well, for 特困 (F43 §10)."""
    silent: Sequence[Supporter] = ()
    """Of them, who has neither signed nor said no."""

    @property
    def missing(self) -> list[str]:
        """Names of papers that are not there yet."""
        return [row.kind.label for row in self.rows if not row.is_there]


def signing_desk(intake: Intake, *, on: date) -> SigningDesk:
    """The papers that the intake needs, and whether every member has consented to the means check."""
    there = {paper.kind: paper for paper in intake.papers.filter(voided_at=None).select_related("attachment")}
    asked = list(supporters_of(intake.household)) if _asks_supporters(intake) else []
    is_whole = valid_consent(intake.household, on=on, supporters=asked) is not None
    return SigningDesk(
        rows=[PaperRow(kind, there.get(kind.value)) for kind in required_papers(intake)],
        is_consented=is_whole,
        supporters=asked,
        silent=silent_supporters(asked, valid_consent(intake.household, on=on)) if asked and not is_whole else [],
    )


def _asks_supporters(intake: Intake) -> bool:
    return any(case.scheme == Scheme.TEKUN for case in intake.cases.all())


def intakes_at_window(staff: Staff) -> QuerySet[Intake]:
    """Intakes for which the person may hand in papers and register; not of a family that has moved away since.

    Papers are filled in with what stands of the family now, which is the new township's.
    """
    areas = staff.area_ids(Permission.OPEN_INTAKE)
    return (
        Intake.objects.filter(
            area_id__in=areas & staff.area_ids(Permission.VIEW_CASE), household__in=households.visible_to(staff)
        )
        .select_related("household__area__parent", "applicant__person", "agent", "area__parent")
        .prefetch_related(Prefetch("cases", queryset=Case.objects.order_by("pk")))
    )


# --- 资格自测: for everybody; of no family -----------------------------------------------------------------------


def self_test_areas() -> list[Area]:
    """Where a family may live: a township, or the county where they do not know."""
    return [*townships(), county()]


@dataclass(frozen=True)
class WindowContact:
    """Where to apply and whom to call."""

    name: str
    telephone: str


def window_contact(area: Area) -> WindowContact:
    """The township's window (为民服务中心); of the county as a whole, whichever township's the family belongs to."""
    is_county = area.level == AreaLevel.COUNTY
    name = "户口所在乡镇的为民服务中心社会救助窗口" if is_county else window_of(area)
    return WindowContact(name=name, telephone=township_telephone(area))


@cache
def listed_papers() -> tuple[Paper, ...]:
    """What families are asked to bring (要带的材料), as the county's list has it."""
    with Path(settings.FIXTURES_ROOT, "papers_to_bring.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Paper(row["scheme"], row["case"], row["name"], row["note"], row["source"]) for row in csv.DictReader(file)
        )
