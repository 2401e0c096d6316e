"""What happens once 特困 support is decided: who cares, visits, re-assessments, and the end of support."""

from abc import abstractmethod
from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from applications import services
from applications.models import Case, Intake
from applications.services import TerminationData
from benefits.models import Award
from care import services as care
from care.models import WelfareHome
from care.services import AgreementData, AssessmentData, VisitData
from households.models import Attachment, Household
from organizations.models import Staff
from organizations.models.delegations import Scheme
from workbench.demo_data.files import photo, scan
from workbench.demo_data.officers import Offices
from workbench.demo_data.registering import DemoFamily
from workbench.demo_data.times import office_hour

AGREED_DAYS = 365


class SupportActs:
    """Acts on the award of a 特困 person; every method is one act on one day."""

    family: DemoFamily
    household: Household
    offices: Offices
    year: int
    number: int
    clerk: Staff
    _intake: Intake | None

    @property
    @abstractmethod
    def case(self) -> Case:
        """The case as it stands now."""

    @abstractmethod
    def _file(self, kind: str, upload: SimpleUploadedFile, day: date, *, by: Staff | None = None) -> Attachment: ...

    @property
    def award(self) -> Award:
        """The family's one award of 特困."""
        return Award.objects.get(household=self.household, scheme=Scheme.TEKUN)

    def arrange_care(self, day: date) -> None:
        carer = self.family.plan.carer
        assert carer is not None  # noqa: S101 -- the story belongs to families with a carer
        data = AgreementData(
            carer_kind=carer.kind,
            carer_name=carer.name,
            carer_id_number=carer.id_number,
            carer_phone=carer.phone,
            relation=carer.relation,
            contents=carer.contents,
            other_contents="",
            frequency=carer.frequency,
            starts_on=day,
            ends_on=day + timedelta(days=AGREED_DAYS),
        )
        agreement = care.draft_agreement(self.award, data=data, by=self.clerk, on=day)
        paper = scan("委托照料服务协议.pdf")
        care.sign_agreement(agreement, signed_on=day, scan=paper, by=self.clerk, at=office_hour(day), on=day)

    def admit(self, day: date) -> None:
        township = self.household.area.parent
        assert township is not None  # noqa: S101 -- families live in villages
        home = WelfareHome.objects.filter(area=township).first() or care.save_home(
            None, name=f"{township.short_name}敬老院（示例）", area=township, by=self.offices.county(1)
        )
        care.admit(self.award, home=home, admitted_on=day, by=self.clerk, on=day)

    def care_visit(self, day: date) -> None:
        self._care_visit(day, note="当天已吃过午饭，衣被干净，血压平稳")

    def find_problem(self, day: date) -> None:
        self._care_visit(
            day, housing="poor", problem="厨房屋面漏雨，墙角返潮", follow_up="联系镇村镇建设办上门查看，雨季前修好"
        )

    def _care_visit(self, day: date, **found: str) -> None:
        said = {"diet": "good", "hygiene": "fair", "health": "fair", "housing": "good", "visitors": self.clerk.name}
        picture = photo("走访照片.jpg", seed=3000 + self.number)
        data = VisitData(visited_on=day, **said | found)
        care.record_visit(self.award, data=data, by=self.clerk, at=office_hour(day), on=day, photo=picture)

    def report_change(self, day: date) -> None:
        care.report_change(
            self.award,
            reported_on=day,
            reported_by=f"{self.household.area.short_name}村级协理员",
            change="上月在院里摔伤，出院后不能自己走动、洗澡、上下床，穿衣要人帮忙",
            by=self.clerk,
            on=day,
        )

    def reassess(self, day: date) -> None:
        data = AssessmentData(
            unable=["dressing", "in_out_of_bed", "walking", "bathing"],
            support_mode="home_based",
            mode_said_by="本人",
            assessed_on=day,
            place=self.household.address,
            township_assessor=self.clerk,
            county_assessor=self.offices.county(1),
            opinion="到家中评估，四项不能自主完成，侄女愿意继续在家照料",
        )
        care.assess_self_care(self.award.self_care_reports.get(), data=data, by=self.clerk, on=day)

    def open_termination(self, day: date) -> None:
        ending = self.family.plan.ending
        assert ending is not None  # noqa: S101 -- the story belongs to families whose support ends
        data = TerminationData(
            cause=ending.cause,
            happened_on=day,
            facts=ending.facts,
            evidence=self._file("other", scan("终止情形证明.pdf"), day),
            accounting_year=self.year,
        )
        self._intake = services.open_termination(self.award, data=data, by=self.clerk, on=day).intake

    def verify(self, day: date) -> None:
        found = "与本人、村委会核实并查看证明材料，情况属实"
        services.record_recheck(self.case, found=found, by=self.clerk, on=day)
