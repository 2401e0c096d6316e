"""Cases brought to a state the way people bring them there: by the services, each person in their own role."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from applications import services
from applications.models import Case, Intake, Publicity
from applications.queries import suggestion_for
from applications.rules.process import CaseState
from households import services as households
from households.models import Attachment, Household
from organizations.models import Staff
from organizations.models.delegations import Scheme
from organizations.queries import working_calendar
from organizations.services import delegate_confirmation
from tests.support.crews import LINXI, START, Crew, county_data, crew, family, instant, scan
from tests.support.factories import answers_of, area
from tests.support.replay import told_once
from verification import services as verification


@dataclass
class Story:
    """One case and the day it has come to; each method is one act of the person whose act it is."""

    people: Crew
    household: Household
    intake: Intake
    case: Case
    today: date
    check: Any = field(default=None)

    def later(self, days: int = 1) -> "Story":
        """Working days pass."""
        self.today = working_calendar().add(self.today, days).on
        return self

    def refresh(self) -> Case:
        self.case = Case.objects.get(pk=self.case.pk)
        return self.case

    def scan(self, by: Staff | None = None, *, kind: str = "other") -> Attachment:
        return scan(self.household, by or self.people.officer, self.today, kind=kind)

    def sign_papers(self) -> "Story":
        members = self.household.members.filter(left_on=None).select_related("person")
        signers = {m.pk: "胡德旺" if self.today.year - m.person.birth_date.year < 19 else "" for m in members}
        signed: dict[str, Any] = {"signers": signers, "supporters": answers_of(self.household)}
        households.record_consent(self.household, signed_on=self.today, by=self.people.officer, on=self.today, **signed)
        for kind in ("application_form", "authorization_letter", "commitment_letter"):
            self.add_paper(kind)
        return self

    def add_paper(self, kind: str) -> "Story":
        services.add_paper(
            self.intake,
            kind=kind,
            attachment=self.scan(),
            signed_on=self.today,
            by=self.people.officer,
            on=self.today,
            at=instant(self.today),
        )
        return self

    def submit(self) -> "Story":
        services.submit(self.case, by=self.people.officer, on=self.today)
        return self

    def accept(self) -> "Story":
        services.accept(self.case, by=self.people.officer, on=self.today)
        return self

    def start(self) -> "Story":
        services.start_investigation(self.case, by=self.people.officer, on=self.today)
        return self

    def ask_check(self) -> "Story":
        self.check = services.ask_means_check(self.case, by=self.people.officer, on=self.today)
        return self

    def answer_check(self) -> "Story":
        verification.answer_means_check(self.check, result="clean", findings=[], by=self.people.operator, on=self.today)
        return self

    def visit(self) -> "Story":
        services.record_visit(
            self.case,
            report=self._report(),
            visitors=[self.people.officer, self.people.assistant],
            attachments=[self.scan(kind="visit_photo")],
            by=self.people.officer,
            on=self.today,
        )
        return self

    def county_visit(self) -> "Story":
        services.record_visit(
            self.case,
            report=self._report(),
            visitors=[self.people.visitor, self.people.second_visitor],
            attachments=[self.scan(self.people.visitor, kind="visit_photo")],
            by=self.people.visitor,
            on=self.today,
            by_county=True,
        )
        return self

    def _report(self) -> services.VisitReport:
        return services.VisitReport(
            visited_on=self.today,
            place="家中",
            living_conditions="砖瓦房两间，无大宗家电。",
            facts_found="胡德旺右下肢残疾，需拄拐；妻子汪秋菊在镇上饭店帮工。",
            family_signed_by="胡德旺",
        )

    def suggested(self) -> services.ProposalData:
        suggestion, members = suggestion_for(self.case, on=self.today), self.household.members.in_bulk()
        return services.ProposalData(
            is_eligible=suggestion.is_eligible,
            opinion="经核对和入户调查，情况属实。",
            basis=suggestion.basis,
            category=suggestion.category,
            monthly_amount=suggestion.monthly_amount,
            valid_months=suggestion.valid_months,
            persons=[
                services.ProposedPerson(members[p.member_id], p.topup_monthly_amount, p.topup_class)
                for p in suggestion.persons
            ],
        )

    def draft(self, data: services.ProposalData | None = None) -> "Story":
        services.draft_proposal(self.case, data=data or self.suggested(), by=self.people.officer, on=self.today)
        return self

    def sign(self) -> "Story":
        township = self.refresh().authority == "township"
        by = self.people.officer if township else self.people.lead
        services.sign_proposal(self.case, by=by, on=self.today)
        return self

    def publicise(self) -> "Story":
        services.publicise(
            self.case, place="村务公开栏", telephone="0563-8160000", by=self.people.officer, on=self.today
        )
        return self

    def photograph(self) -> "Story":
        publicity = Publicity.objects.get(case=self.case, closed_on=None)
        services.add_publicity_photo(
            publicity, attachment=self.scan(kind="publicity_photo"), by=self.people.officer, on=self.today
        )
        return self

    def wait_publicity(self) -> "Story":
        publicity = Publicity.objects.get(case=self.case, closed_on=None)
        self.today = publicity.last_day
        return self.later()

    def close(self) -> "Story":
        services.close_publicity(self.case, by=self.people.officer, on=self.today)
        return self

    def withdraw(self, reason: str = "已找到工作") -> "Story":
        services.withdraw(self.case, reason=reason, by=self.people.officer, on=self.today, paper=self.scan())
        return self

    def object(self) -> "Story":
        services.raise_objection(
            self.case,
            raised_on=self.today,
            content="他家儿子在外地打工有收入。",
            raised_by_name="邻居",
            by=self.people.officer,
            on=self.today,
        )
        return self

    def confirmer(self) -> Staff:
        return self.people.lead if self.refresh().authority == "township" else self.people.approver

    def approve(self) -> "Story":
        services.approve(self.case, opinion="同意", by=self.confirmer(), on=self.today)
        return self

    def refuse(self) -> "Story":
        services.refuse(
            self.case, opinion="不予确认", reasons="月人均收入高于标准。", by=self.confirmer(), on=self.today
        )
        return self

    def send_back(self) -> "Story":
        services.send_back(self.case, missing="请补查妻子的务工收入。", by=self.confirmer(), on=self.today)
        return self


@told_once
def new_story(
    *,
    township: str = LINXI,
    people: Crew | None = None,
    yearly_wage: str = "6000.00",
    delegated: bool = False,
    on: date = START,
    scheme: str = Scheme.DIBAO,
    household: Household | None = None,
) -> Story:
    """A drafted application of a family, with a yearly wage of 6,000 yuan clearly below the standard."""
    county_data()
    people = people or crew(township)
    if delegated:
        delegate_confirmation(
            area(township), scheme=scheme, starts_on=date(2026, 1, 1), document_number="绩民〔2026〕1号"
        )
    household = household or family(people, township=township, yearly_wage=yearly_wage, on=on)
    intake = services.open_intake(
        household,
        applicant=household.members.get(relation="head"),
        channel="window",
        accounting_year=on.year,
        reason="残疾，收入低",
        schemes=[scheme],
        by=people.officer,
        on=on,
    )
    return Story(people, household, intake, intake.cases.get(), on)


@told_once
def case_in(state: CaseState, **options: Any) -> Story:
    """A story brought to a state; a refusal is of a family whose wage is far above the standard."""
    if state == CaseState.REFUSED:
        options.setdefault("yearly_wage", "90000.00")
    story = new_story(**options)
    for reached, act in _path(state):
        act(story)
        if reached == state:
            break
    assert story.refresh().state == state
    return story


def _path(state: CaseState) -> list[tuple[CaseState | None, Callable[[Story], Any]]]:
    if state == CaseState.DRAFT:
        return []
    path: list[tuple[CaseState | None, Callable[[Story], Any]]] = [
        (CaseState.SUBMITTED, lambda s: s.sign_papers().submit())
    ]
    if state == CaseState.SUPPLEMENTING:
        return [*path, (state, _ask_supplement)]
    if state == CaseState.WITHDRAWN:
        return [*path, (state, lambda s: s.withdraw())]
    if state == CaseState.TERMINATED:
        return [*path, (state, _terminate)]
    path += [
        (CaseState.ACCEPTED, lambda s: s.accept()),
        (CaseState.INVESTIGATING, lambda s: s.later().start()),
    ]
    if state == CaseState.APPRAISING:
        return [*path, (state, _call_appraisal)]
    path += [
        (None, lambda s: s.ask_check().later(2).answer_check().visit()),
        (CaseState.PROPOSED, lambda s: s.later().draft().sign()),
    ]
    if state == CaseState.REFUSED:
        return [*path, (None, refusal_to_confirming), (state, lambda s: s.later().refuse())]
    path.append((CaseState.PUBLICISED, lambda s: s.later().publicise().photograph()))
    if state == CaseState.OBJECTED:
        return [*path, (state, lambda s: s.later().object())]
    path.append((CaseState.CONFIRMING, lambda s: s.wait_publicity().close()))
    if state == CaseState.RETURNED:
        return [*path, (state, lambda s: s.later().send_back())]
    return [*path, (CaseState.APPROVED, lambda s: s.later().approve())]


def refusal_to_confirming(story: Story) -> None:
    """The family is told of the refusal, lets its days pass, and the case goes up."""
    services.tell_not_eligible(story.case, by=story.people.officer, on=story.today)
    story.later(4)
    services.send_to_confirm(story.case, by=story.people.officer, on=story.today)


def _ask_supplement(story: Story) -> None:
    missing = [services.MissingPaper("残疾证复印件"), services.MissingPaper("收入证明", "汪秋菊近12个月")]
    services.ask_supplement(story.case, items=missing, by=story.people.officer, on=story.today)


def _terminate(story: Story) -> None:
    services.terminate(
        story.case, cause="refuses", reason="两次上门均拒绝调查", by=story.people.officer, on=story.today
    )


def _call_appraisal(story: Story) -> None:
    services.call_appraisal(story.case, reason="邻里对其务工收入有争议", by=story.people.officer, on=story.today)
    story.ask_check().later().answer_check().visit()
