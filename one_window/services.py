"""What the window does: keep the page, hand in signed papers, register the applications; each in one transaction."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.core.files.base import File
from django.db import transaction
from pypdf import PdfReader, PdfWriter

from applications import services as applications
from applications.models import Case, Intake
from applications.models.intakes import PaperKind
from applications.papers import paper_for_signature
from applications.queries import required_papers
from foundation.errors import NotPermitted, ServiceError
from households import services as households
from households.models import Agent, Household, Member
from households.services import ExpenseData, IncomeData, MemberData, SupporterAnswer, SupporterData, check_version
from households.services.checks import open_for
from households.services.people import records_strangers
from organizations.models import Staff
from organizations.services import record_access


@dataclass
class Place:
    """Where the saving has come to: the section, and the row in it, for who must say what was refused."""

    section: str = ""
    row: int | None = None

    @contextmanager
    def at(self, section: str, row: int | None = None) -> Iterator[None]:
        self.section, self.row = section, row
        yield


@dataclass(frozen=True)
class MemberChange:
    """One row of the members: whom it corrects (None for somebody new), and what it says (None to take them out)."""

    row: int
    member: Member | None
    data: MemberData | None


@dataclass(frozen=True)
class SupporterChange:
    """A member's supporters as typed."""

    member: Member
    rows: Sequence[SupporterData]
    known_all: bool


@dataclass(frozen=True)
class ApplicationData:
    """七、申请 as typed; the applicant by member."""

    applicant: Member
    channel: str
    accounting_year: int
    reason: str
    schemes: Sequence[str]


@dataclass(frozen=True)
class PageChanges:
    """What of the page differs from what is recorded; None where nothing does."""

    year: int
    facts: Mapping[str, Any] | None = None
    members: Sequence[MemberChange] = ()
    incomes: Sequence[IncomeData] | None = None
    expenses: Sequence[ExpenseData] | None = None
    owned: Mapping[str, Any] | None = None
    supporters: Sequence[SupporterChange] = ()
    account: Mapping[str, Any] | None = None
    agent: Mapping[str, str] | None = None
    """Empty where the family now files by itself."""
    application: ApplicationData | None = None
    application_waits: bool = False
    """Nobody typed the application, its papers are wanted: it is opened only where all else was kept."""


@dataclass(frozen=True)
class Refusal:
    """What a part of the page was refused for, and the row of it."""

    section: str
    row: int | None
    error: ServiceError


@dataclass
class Kept:
    """What came of a save: the draft, where one is open, and the parts that were not kept."""

    intake: Intake | None
    refusals: list[Refusal] = field(default_factory=list)

    @contextmanager
    def part(self, section: str) -> Iterator[Place]:
        """Keep one part; a refusal of it stops no other."""
        place = Place(section)
        try:
            yield place
        except NotPermitted:
            raise
        except ServiceError as error:
            self.refusals.append(Refusal(section, place.row, error))


@transaction.atomic
def keep_page(
    household: Household,
    *,
    changes: PageChanges,
    intake: Intake | None,
    version: int,
    by: Staff,
    on: date,
    at: datetime,
) -> Kept:
    """Keep what was typed on the page (保存), part by part: each is kept whole or, where refused, not at all.

    :param intake: the draft, where there is one; the application opens one.
    :raises StaleVersion: somebody else saved the family since the page was opened.
    """
    household = open_for(household, by=by)
    check_version(household, version)
    kept = Kept(intake)
    if changes.facts is not None:
        with kept.part("household"):
            current = Household.objects.get(pk=household.pk)
            households.change_facts(current, facts=changes.facts, by=by, version=current.version)
    gone = _keep_members(household, changes.members, kept=kept, by=by, on=on, at=at)
    _keep_means(household, changes, kept=kept, gone=gone, by=by, at=at)
    _keep_supporters(household, changes, kept=kept, gone=gone, by=by, on=on)
    agent = _keep_payee_and_agent(household, changes, kept=kept, by=by, on=on)
    _keep_application(household, changes, kept=kept, agent=agent, by=by, on=on)
    return kept


def _keep_members(
    household: Household, changes: Sequence[MemberChange], *, kept: Kept, by: Staff, on: date, at: datetime
) -> set[int]:
    """Keep the rows of members; who was taken out by them."""
    with kept.part("members") as place:
        _write_members(household, changes, place=place, by=by, on=on, at=at)
        return {change.member.pk for change in changes if change.data is None and change.member is not None}
    return set()


@records_strangers
@transaction.atomic
def _write_members(
    household: Household, changes: Sequence[MemberChange], *, place: Place, by: Staff, on: date, at: datetime
) -> None:
    for change in changes:
        with place.at("members", change.row):
            if change.data is None and change.member is not None:
                households.leave(change.member, reason="mistake", by=by, on=on, at=at)
            elif change.data is not None and change.member is None:
                households.add_member(household, data=change.data, by=by, on=on, at=at)
            elif change.data is not None and change.member is not None:
                households.correct_member(change.member, data=change.data, by=by, on=on)


def _keep_means(
    household: Household, changes: PageChanges, *, kept: Kept, gone: set[int], by: Staff, at: datetime
) -> None:
    if changes.incomes is not None:
        with kept.part("incomes"):
            earned = [row for row in changes.incomes if row.member.pk not in gone]
            households.save_incomes(household, year=changes.year, rows=earned, by=by, at=at)
    if changes.expenses is not None:
        with kept.part("expenses"):
            spent = [row for row in changes.expenses if row.member is None or row.member.pk not in gone]
            households.save_expenses(household, year=changes.year, rows=spent, by=by, at=at)
    if changes.owned is not None:
        with kept.part("owned"):
            households.save_property(household, facts=changes.owned, by=by)


def _keep_supporters(
    household: Household, changes: PageChanges, *, kept: Kept, gone: set[int], by: Staff, on: date
) -> None:
    with kept.part("supporters"), transaction.atomic():
        for change in changes.supporters:
            if change.member.pk not in gone:
                households.save_supporters(change.member, rows=change.rows, known_all=change.known_all, by=by, on=on)


def _keep_payee_and_agent(
    household: Household, changes: PageChanges, *, kept: Kept, by: Staff, on: date
) -> Agent | None:
    if changes.account is not None:
        with kept.part("account"):
            households.set_bank_account(household, by=by, on=on, **changes.account)
    if changes.agent is not None:
        with kept.part("agent"):
            if changes.agent:
                return households.set_agent(household, by=by, on=on, **changes.agent)
            households.end_agent(household, by=by, on=on)
    return household.agents.filter(ended_on=None).first()


def _keep_application(
    household: Household, changes: PageChanges, *, kept: Kept, agent: Agent | None, by: Staff, on: date
) -> None:
    wanted, intake = changes.application, kept.intake
    if wanted is None and intake is not None and intake.agent_id != (agent.pk if agent else None):
        schemes = [case.scheme for case in intake.cases.filter(state="draft")]
        wanted = ApplicationData(intake.applicant, intake.channel, intake.accounting_year, intake.reason, schemes)
    if wanted is None or (changes.application_waits and kept.refusals):
        return
    with kept.part("application"):
        facts = vars(wanted) | {"agent": agent, "by": by, "on": on}
        if intake is None:
            kept.intake = applications.open_intake(household, **facts)
        else:
            kept.intake = applications.change_draft(intake, **facts)


class NothingToRegister(ServiceError):
    """The intake has no case that is still a draft."""


@transaction.atomic
def hand_in(
    intake: Intake,
    *,
    uploads: Mapping[str, File],  # type: ignore[type-arg]
    signed_on: date,
    signers: Mapping[int, str],
    by: Staff,
    on: date,
    at: datetime,
    place: Place,
    supporters: Mapping[int, SupporterAnswer] | None = None,
) -> None:
    """Keep the scans of signed papers (上传签字件); with the authorization letter the consent is on record.

    :param uploads: files by kind of paper.
    :param signers: guardian's name by member id, empty where the member signed; for the authorization letter.
    :param supporters: of legal supporters, by id: signed, or why not (F43 §10).
    :raises ServiceError: a file is refused, or somebody has not signed; ``place`` says which.
    """
    for kind, upload in uploads.items():
        with place.at(kind):
            attachment = households.add_attachment(intake.household, kind=kind, upload=upload, by=by, at=at)
            if kind == PaperKind.AUTHORIZATION_LETTER:
                households.record_consent(
                    intake.household,
                    signed_on=signed_on,
                    signers=signers,
                    by=by,
                    on=on,
                    scan=attachment,
                    supporters=supporters,
                )
            applications.add_paper(intake, kind=kind, attachment=attachment, signed_on=signed_on, by=by, on=on, at=at)


@transaction.atomic
def register_applications(intake: Intake, *, by: Staff, on: date) -> list[Case]:
    """Register every application of the intake (登记申请).

    :raises NothingToRegister: all of them are registered already.
    """
    waiting = list(Case.objects.select_for_update(of=("self",)).filter(intake=intake, state="draft").order_by("pk"))
    if not waiting:
        raise NothingToRegister("这次受理的申请已经登记过了。")
    return [applications.submit(case, by=by, on=on) for case in waiting]


@transaction.atomic
def papers_to_sign(intake: Intake, *, kinds: Sequence[str], by: Staff, on: date, at: datetime) -> bytes:
    """The papers for signature as one PDF (打印签字材料); they show full ID numbers, so the printing is recorded.

    :raises PaperNotNeeded: the intake has nothing to print on one of them.
    """
    record_access(kind="document", staff=by, at=at, subject_type="intake", subject_id=intake.pk, reason="打印签字材料")
    wanted = [kind.value for kind in required_papers(intake) if not kinds or kind.value in kinds]
    printed = [paper_for_signature(kind, intake, on=on) for kind in wanted]
    if len(printed) == 1:
        return printed[0]
    writer = PdfWriter()
    for paper in printed:
        writer.append(PdfReader(BytesIO(paper)))
    bound = BytesIO()
    writer.write(bound)
    return bound.getvalue()
