"""Telling the stories: each step of a case through its service, by the officer whose task it is."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from applications import services
from applications.models import Case, Intake, SupplementItem
from applications.models.investigation import Participant, ParticipantOpinion, ParticipantRole
from applications.queries import latest_means_check, missing_papers, suggestion_for
from applications.rules.process import Authority
from applications.services import MissingPaper, ProposalData, ProposedPerson, VisitReport
from documents.models import DocumentKind
from households.models import Attachment, Member
from households.services import add_attachment
from organizations.models import Staff
from organizations.models.delegations import Scheme
from organizations.rules.working_days import WorkingCalendar
from verification import services as verification
from workbench.demo_data.files import photo, scan
from workbench.demo_data.officers import Offices
from workbench.demo_data.registering import DemoFamily
from workbench.demo_data.stories import Act, Story, days_of, story_of
from workbench.demo_data.support_acts import SupportActs
from workbench.demo_data.tekun_steps import assess_self_care, is_drawn
from workbench.demo_data.times import office_hour

TELEPHONE = "0563-0000000"
NOTICES = (
    DocumentKind.APPROVAL_NOTICE,
    DocumentKind.REFUSAL_NOTICE,
    DocumentKind.TERMINATION_NOTICE,
    DocumentKind.SUPPORT_END_NOTICE,
)
CHANNELS = ("window", "window", "village", "window", "proactive")
"""In turn, for families that nobody files for."""
DELIVERIES = (
    ("direct", True, ""),
    ("entrusted", True, "请村委会转交，已交到本人手上"),
    ("direct", True, ""),
    ("post", False, "挂号信，家庭在外务工，已妥投"),
    ("left", False, "本人拒绝签字，在村委会干部见证下留置"),
)
"""In turn: the way, whether the family signed, and what is noted."""
OF_INTAKE = (Act.OPEN, Act.DECLARE_RELATIVE)
"""Acts on the whole intake, whatever the number of its cases."""
EMERGENCY = "特大暴雨冲断进村道路，暂时不能入户，道路抢通后补做实地查看"


def make_cases(
    families: Iterable[DemoFamily], offices: Offices, *, on: date, year: int, calendar: WorkingCalendar
) -> list[Case]:
    """Bring the families' cases as far as their stories go.

    :param on: the demo's today; the last step lies on it or some working days before.
    """
    cases = []
    for number, family in enumerate(families):
        story = story_of(family.plan, number)
        if story is not None:
            cases += Teller(family, offices, year=year, number=number).tell(story, on=on, calendar=calendar)
    return cases


class Teller(SupportActs):
    """Tells one family's story; every method is one act on one day."""

    def __init__(self, family: DemoFamily, offices: Offices, *, year: int, number: int) -> None:
        self.family = family
        self.household = family.household
        self.offices = offices
        self.year = year
        self.number = number
        self.clerk = self._officer(1)
        self.second = self._officer(2)
        self.lead = self._officer(3)
        self._intake: Intake | None = None
        self._schemes: tuple[str, ...] = ()
        self._scheme = ""

    def tell(self, story: Story, *, on: date, calendar: WorkingCalendar) -> list[Case]:
        self._schemes = story.schemes
        days = days_of(story, on=on, calendar=calendar)
        for step, day in zip(story.steps, days, strict=True):
            for self._scheme in story.schemes[:1] if step.act in OF_INTAKE else story.schemes:
                self.act(step.act, day)
        return list(Case.objects.filter(household=self.household).order_by("pk"))

    def act(self, act: Act, day: date) -> None:
        _ACTS[act](self, day)

    @property
    def case(self) -> Case:
        """The case as it stands now."""
        return self.intake.cases.get(scheme=self._scheme)

    @property
    def intake(self) -> Intake:
        assert self._intake is not None  # noqa: S101 -- every story opens an intake first
        return self._intake

    def open(self, day: date) -> None:
        agent = self.household.agents.filter(ended_on=None).first()
        self._intake = services.open_intake(
            self.household,
            applicant=self._applicant,
            channel="agent" if agent else CHANNELS[self.number % len(CHANNELS)],
            accounting_year=self.year,
            reason=f"{self.family.plan.title}，收入不足以维持基本生活",
            schemes=list(self._schemes),
            by=self.clerk,
            on=day,
            agent=agent,
        )

    @property
    def _applicant(self) -> Member:
        """The head, or who is looked after as 特困 where the others apply for 低保."""
        if Scheme.TEKUN not in self._schemes:
            return self.family.members[0]
        both = zip(self.family.plan.people, self.family.members, strict=True)
        return next(member for person, member in both if person.supporters_known)

    def declare_relative(self, day: date) -> None:
        relative = self.family.plan.relative
        assert relative is not None  # noqa: S101 -- the story belongs to the family with a relative
        services.declare_relative(
            self.intake,
            member=self.family.members[0],
            relative_name=relative.name,
            relative_unit=relative.unit,
            relative_position=relative.position,
            relation=relative.relation,
            by=self.clerk,
            on=day,
        )

    def submit(self, day: date) -> None:
        services.submit(self.case, by=self.clerk, on=day)

    def ask_supplement(self, day: date) -> None:
        items = [MissingPaper("身份证明", "补办回执也可"), MissingPaper("收入证明", "上年度")]
        services.ask_supplement(self.case, items=items, by=self.clerk, on=day)

    def receive_one(self, day: date) -> None:
        self._receive(SupplementItem.objects.filter(notice__case=self.case, received_on=None)[:1], day)

    def _receive(self, items: Iterable[SupplementItem], day: date) -> None:
        for item in items:
            paper = self._file("other", scan(f"{item.name}.pdf"), day)
            services.receive_supplement(item, by=self.clerk, on=day, attachment=paper)

    def accept(self, day: date) -> None:
        for kind in missing_papers(self.intake):
            paper = self._file(kind, scan(f"{kind.label}.pdf"), day)
            services.add_paper(
                self.intake, kind=kind, attachment=paper, signed_on=day, by=self.clerk, on=day, at=office_hour(day)
            )
        self._receive(SupplementItem.objects.filter(notice__case=self.case, received_on=None), day)
        services.accept(self.case, by=self.clerk, on=day)

    def start(self, day: date) -> None:
        services.start_investigation(self.case, by=self.clerk, on=day)

    def start_late(self, day: date) -> None:
        reason = "连日防汛值守，经办人全部下村，调查推迟"
        services.start_investigation(self.case, by=self.clerk, on=day, late_reason=reason)

    def ask_check(self, day: date) -> None:
        services.ask_means_check(self.case, by=self.clerk, on=day)

    def answer_clean(self, day: date) -> None:
        self._answer("clean", [], day)

    def answer_alert(self, day: date) -> None:
        finding = {
            "member": self.family.members[0],
            "source": "bank",
            "declared": self.family.plan.property["financial_assets"],
            "found": self.family.plan.property["financial_assets"] + 3200,
            "description": "另有一张存折未申报",
            "agrees": False,
            "handling": "已告知，按查得数登记",
        }
        self._answer("alert", [finding], day)

    def answer_failed(self, day: date) -> None:
        self._answer("failed", [], day, note="银行接口故障，存款没有查到，请重新提请")

    def _answer(self, result: str, findings: list[dict[str, object]], day: date, *, note: str = "") -> None:
        link = latest_means_check(self.case)
        assert link is not None  # noqa: S101 -- asked for in an earlier step
        if link.means_check.answered_on is not None:
            return  # the family's other case rests on the same check
        operator = self.offices.county(4)
        verification.answer_means_check(
            link.means_check, result=result, findings=findings, by=operator, on=day, note=note
        )

    def tell_family(self, day: date) -> None:
        services.tell_family(self.case, statement="存折是给孩子攒的学费，忘记申报了", by=self.clerk, on=day)

    def visit(self, day: date) -> None:
        self._visit((self.clerk, self.second), day, by_county=False)

    def county_visit(self, day: date) -> None:
        self._visit((self.offices.county(1), self.offices.county(2)), day, by_county=True)

    def call_by_video(self, day: date) -> None:
        self._visit((self.clerk, self.second), day, by_county=False, way="video")

    def call_by_telephone(self, day: date) -> None:
        self._visit((self.clerk, self.second), day, by_county=False, way="telephone")

    def _visit(self, visitors: tuple[Staff, ...], day: date, *, by_county: bool, way: str = "home") -> None:
        report = VisitReport(
            visited_on=day,
            place=f"{self.household.area.short_name}{self.household.address}",
            way=way,
            way_reason="" if way == "home" else EMERGENCY,
            living_conditions="住砖木结构老屋，家具陈旧，电器只有电视和冰箱",
            facts_found="家庭人口、收入、财产与申报相符",
            family_signed_by=self.family.plan.people[0].name,
            neighbor_inquiry="邻居反映家庭确有困难",
            opinion="情况属实",
        )
        by = visitors[0]
        files = [
            self._file("visit_photo", photo("入户照片.jpg", seed=1000 + self.number), day, by=by),
            self._file("visit_form", scan("入户调查表.pdf"), day, by=by),
        ]
        services.record_visit(
            self.case, report=report, visitors=visitors, attachments=files, by=by, on=day, by_county=by_county
        )

    def draft(self, day: date) -> None:
        self._draft(day)

    def draft_brief(self, day: date) -> None:
        """Propose three months only, so that the recognition soon comes to its end."""
        self._draft(day, valid_months=3, difference_reason="主要劳动力三个月后结束治疗返岗，到期重新认定")

    def _draft(self, day: date, **changes: Any) -> None:
        assess_self_care(self.case, clerk=self.clerk, county_officer=self.offices.county(1), on=day)
        case = self.case
        suggestion = suggestion_for(case, on=day)
        what = case.matter.status or case.matter.title
        agreed = "情况属实，拟终止救助供养" if case.matter.ends_award else f"经调查核实，符合{what}条件，拟同意"
        members = {member.pk: member for member in self.family.members}
        data = ProposalData(
            is_eligible=suggestion.is_eligible,
            opinion=agreed if suggestion.is_eligible else f"不符合{what}条件，拟不予确认",
            basis=suggestion.basis,
            category=suggestion.category,
            monthly_amount=suggestion.monthly_amount,
            valid_months=suggestion.valid_months,
            persons=[
                ProposedPerson(
                    members[person.member_id],
                    person.topup_monthly_amount,
                    person.topup_class,
                    person.monthly_amount,
                    person.care_monthly_amount,
                    person.care_level,
                    person.support_mode,
                )
                for person in suggestion.persons
            ],
        )
        services.draft_proposal(case, data=replace(data, **changes), by=self.clerk, on=day)

    def sign(self, day: date) -> None:
        services.sign_proposal(self.case, by=self.second if self._is_delegated() else self.lead, on=day)

    def tell_not_eligible(self, day: date) -> None:
        services.tell_not_eligible(self.case, by=self.clerk, on=day)

    def send_up(self, day: date) -> None:
        services.send_to_confirm(self.case, by=self.clerk, on=day, late_reason="等候申请人举证期满")

    def publicise(self, day: date) -> None:
        place = f"{self.household.area.short_name}公示栏"
        publicity = services.publicise(self.case, place=place, telephone=TELEPHONE, by=self.clerk, on=day)
        picture = self._file("publicity_photo", photo("公示照片.jpg", seed=2000 + self.number), day)
        services.add_publicity_photo(publicity, attachment=picture, by=self.clerk, on=day)

    def close_publicity(self, day: date) -> None:
        services.close_publicity(self.case, by=self.clerk, on=day)

    def object(self, day: date) -> None:
        content = "反映该户子女在外务工，收入没有申报"
        services.raise_objection(self.case, raised_on=day, content=content, by=self.clerk, on=day)

    def reinvestigate(self, day: date) -> None:
        services.reinvestigate(self.case, by=self.clerk, on=day)

    def resolve(self, day: date) -> None:
        objection = self.case.publicities.order_by("-pk")[0].objections.get()
        resolution = "经查，子女已单独立户，不是共同生活的家庭成员，收入情况与申报一致"
        services.resolve_objection(objection, resolution=resolution, by=self.clerk, on=day)

    def call_appraisal(self, day: date) -> None:
        services.call_appraisal(self.case, reason="群众对收入情况有异议", by=self.clerk, on=day)

    def appraise(self, day: date) -> None:
        services.record_appraisal(
            self.case,
            held_on=day,
            place=f"{self.household.area.short_name}会议室",
            host="村党组织负责人",
            dispute="是否有未申报的务工收入",
            participants=[
                Participant(name, role, opinion)
                for name, role, opinion in (
                    ("汪德福", ParticipantRole.VILLAGE_OFFICIAL, ParticipantOpinion.FOR),
                    ("程友根", ParticipantRole.PARTY_MEMBER, ParticipantOpinion.FOR),
                    ("胡秋莲", ParticipantRole.REPRESENTATIVE, ParticipantOpinion.FOR),
                    ("章大庆", ParticipantRole.REPRESENTATIVE, ParticipantOpinion.AGAINST),
                    ("许桂香", ParticipantRole.REPRESENTATIVE, ParticipantOpinion.FOR),
                    ("邵长发", ParticipantRole.REPRESENTATIVE, ParticipantOpinion.FOR),
                    ("曹玉珍", ParticipantRole.REPRESENTATIVE, ParticipantOpinion.FOR),
                    ("周来顺", ParticipantRole.REPRESENTATIVE, ParticipantOpinion.FOR),
                    ("方小满", ParticipantRole.TOWNSHIP_OFFICIAL, ParticipantOpinion.FOR),
                )
            ],
            votes_for=8,
            votes_against=1,
            by=self.clerk,
            on=day,
        )

    def complain(self, day: date) -> None:
        content = "来电反映申请人名下有车"
        services.receive_complaint(self.case, received_on=day, content=content, by=self.clerk, on=day)

    def approve(self, day: date) -> None:
        if is_drawn(self.case, county_officer=self.offices.county(1), on=day):
            self.county_visit(day)
        services.approve(self.case, opinion="同意", by=self._confirmer(), on=day)

    def refuse(self, day: date) -> None:
        services.refuse(self.case, opinion="不予确认", by=self._confirmer(), on=day)

    def send_back(self, day: date) -> None:
        services.send_back(self.case, missing="请补充近六个月的工资流水", by=self._confirmer(), on=day)

    def resume(self, day: date) -> None:
        services.resume(self.case, by=self.clerk, on=day)

    def extend(self, day: date) -> None:
        reason = "户籍地在外乡镇，需异地核实"
        services.extend_deadline(self.case, cause="separated", reason=reason, by=self.offices.county(3), on=day)

    def deliver(self, day: date) -> None:
        link = self.case.documents.filter(document__kind__in=NOTICES).select_related("document").get()
        way, is_signed, note = DELIVERIES[self.number % len(DELIVERIES)]
        services.deliver(
            self.case,
            link.document,
            delivered_on=day,
            way=way,
            received_by=self.family.plan.people[0].name if is_signed else "",
            note=note,
            by=self.clerk,
            on=day,
        )

    def announce(self, day: date) -> None:
        place = f"{self.household.area.short_name}公示栏"
        services.announce(self.case, posted_on=day, place=place, by=self.clerk, on=day)

    def withdraw(self, day: date) -> None:
        paper = self._file("other", scan("撤回申请.pdf"), day)
        services.withdraw(self.case, reason="子女返乡就业，家庭自愿撤回", by=self.clerk, on=day, paper=paper)

    def terminate(self, day: date) -> None:
        reason = "两次约定入户均无人在家，电话告知后仍拒绝配合"
        services.terminate(self.case, cause="refuses", reason=reason, by=self.clerk, on=day)

    def _officer(self, digit: int) -> Staff:
        return self.offices.township(self.household.area, digit)

    def _is_delegated(self) -> bool:
        return self.case.authority == Authority.TOWNSHIP

    def _confirmer(self) -> Staff:
        return self.lead if self._is_delegated() else self.offices.county(3)

    def _file(self, kind: str, upload: SimpleUploadedFile, day: date, *, by: Staff | None = None) -> Attachment:
        return add_attachment(self.household, kind=kind, upload=upload, by=by or self.clerk, at=office_hour(day))


_ACTS: dict[Act, Callable[[Teller, date], None]] = {act: getattr(Teller, act.name.lower()) for act in Act}
"""An act and the method of its name."""
