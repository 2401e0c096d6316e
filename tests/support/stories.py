"""Cases brought to a state the way people bring them there: by the services, each person in their own role."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from PIL import Image

from applications import services
from applications.models import Case, Intake, Publicity
from applications.queries import suggestion_for
from applications.rules.process import CaseState
from eligibility.models import Parameter
from households import services as households
from households.models import Attachment, Household, Member
from households.services import IncomeData, MemberData
from organizations.models import Staff
from organizations.models.delegations import Scheme
from organizations.permissions import Role
from organizations.queries import working_calendar
from organizations.services import delegate_confirmation
from tests.support.factories import answers_of, area, make_id_number, make_staff
from tests.support.reference import load_once
from tests.support.replay import told_once
from verification import services as verification

HUAYANG, LINXI = "341824100", "341824101"
VILLAGES = {HUAYANG: "341824100201", LINXI: "341824101200"}
START = date(2026, 9, 7)


def county_data() -> None:
    """The county's parameters beside its areas, terms and prefixes."""
    load_once()
    if not Parameter.objects.exists():
        told_once(_load_parameters, anywhere=True)()


def _load_parameters() -> None:
    call_command("load_parameters", verbosity=0)


def instant(day: date) -> datetime:
    return datetime.combine(day, time(2), tzinfo=UTC)


@dataclass
class Crew:
    """Who works on a township's cases."""

    officer: Staff
    assistant: Staff
    lead: Staff
    operator: Staff
    visitor: Staff
    second_visitor: Staff
    approver: Staff


@told_once
def crew(township: str = LINXI) -> Crew:
    on = date(2026, 1, 1)
    return Crew(
        officer=make_staff(Role.TOWNSHIP_OFFICER, township, name="程晓燕", on=on),
        assistant=make_staff(Role.VILLAGE_ASSISTANT, VILLAGES[township], name="汪志强", on=on),
        lead=make_staff(Role.TOWNSHIP_APPROVER, township, name="章建国", on=on),
        operator=make_staff(Role.VERIFICATION_OPERATOR, "341824", name="周敏", on=on),
        visitor=make_staff(Role.COUNTY_OFFICER, "341824", name="许文斌", on=on),
        second_visitor=make_staff(Role.COUNTY_OFFICER, "341824", name="邵丽", on=on),
        approver=make_staff(Role.COUNTY_APPROVER, "341824", name="方文娟", on=on),
    )


def family(people: Crew, *, township: str = LINXI, yearly_wage: str = "6000.00", on: date = START) -> Household:
    """Three people: a head of 58 with a physical disability of level two, his wife, a daughter of 16 at school."""
    head = MemberData(
        name="胡德旺",
        relation="head",
        sex="male",
        birth_date=date(1968, 3, 12),
        id_number=make_id_number(birth_date=date(1968, 3, 12)),
        facts={"health": "disabled"},
        disability={"kind": "physical", "level": 2},
    )
    household = households.register_household(
        area=area(VILLAGES[township]),
        head=head,
        facts={"address": "一组12号", "residence": "rural", "phone": "13905632207"},
        by=people.officer,
        on=on,
        at=instant(on),
    )
    wife = _add(household, people, "汪秋菊", "spouse", "female", date(1972, 5, 20), on=on)
    _add(household, people, "胡小雨", "child", "female", date(2010, 4, 2), on=on, schooling="senior_high")
    households.save_incomes(
        household,
        year=on.year,
        rows=[IncomeData(member=wife, kind="wage", yearly_amount=Decimal(yearly_wage), label="镇上饭店帮工")],
        by=people.officer,
        at=instant(on),
    )
    households.save_property(household, facts={"financial_assets": Decimal("12000.00")}, by=people.officer)
    return household


def _add(
    household: Household, people: Crew, name: str, relation: str, sex: str, born: date, *, on: date, **facts: Any
) -> Member:
    data = MemberData(
        name=name,
        relation=relation,
        sex=sex,
        birth_date=born,
        id_number=make_id_number(birth_date=born, male=sex == "male"),
        facts=facts,
    )
    return households.add_member(household, data=data, by=people.officer, on=on, at=instant(on))


def scan(household: Household, by: Staff, on: date, *, kind: str = "other") -> Attachment:
    """A small photo, as a phone takes it."""
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), (200, 190, 170)).save(picture, "JPEG")
    upload = SimpleUploadedFile("照片.jpg", picture.getvalue(), "image/jpeg")
    return households.add_attachment(household, kind=kind, upload=upload, by=by, at=instant(on))


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
