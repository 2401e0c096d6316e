"""The main job from intake to award, by the services that the pages use, each act by the person whose act it is."""

import io
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from applications import papers, services
from applications.models import Case, Intake, Publicity
from applications.models.intakes import PaperKind
from applications.queries import required_papers
from applications.rules.process import CaseState
from applications.rules.suggestion import suggest
from benefits.models import Award
from benefits.queries import current_awards_of
from documents.services import archived_pdf
from eligibility.services import assess_household
from foundation.money import in_figures
from foundation.trail import acting
from households import services as households
from households.models import Attachment, Household, Member
from households.queries import supporters_of
from households.services import ExpenseData, IncomeData, MemberData
from organizations import services as organizations
from organizations.models import Area, Staff
from organizations.models.delegations import Scheme
from organizations.permissions import Role
from organizations.queries import working_calendar
from verification import services as verification
from verification.models import MeansCheck

_HOUR = time(2)  # 10 in the morning in Asia/Shanghai


class WalkFailed(Exception):
    """The main job did not come to its end."""


class Walk:
    """One family's way; ``today`` moves only by :meth:`working_days` and the day after publicity."""

    household: Household
    intake: Intake
    case: Case
    check: MeansCheck
    publicity: Publicity

    def __init__(self, story: Mapping[str, Any], *, output: Path, say: Callable[[str], None]) -> None:
        self.story = story
        self.output = output
        self.say = say
        self.today = date.fromisoformat(story["starts_on"])
        self.staff = {key: self._hire(data) for key, data in story["staff"].items()}
        self.steps = 0
        self.printed = 0

    def run(self) -> Award:
        """Take the family from the window to the award.

        :raises WalkFailed: the award differs from the one worked out by hand in the fixture.
        """
        for step in (
            self.register,
            self.open_and_print,
            self.sign_and_submit,
            self.accept,
            self.investigate,
            self.answer_check,
            self.visit,
            self.propose,
            self.sign,
            self.publicise,
            self.close_publicity,
            self.confirm,
            self.announce_and_deliver,
        ):
            step()
        return self.verify()

    # --- The steps ---------------------------------------------------------------------------------------------

    def register(self) -> None:
        with self._as("officer") as officer:
            head, *others = (self._member_data(row) for row in self.story["members"])
            self.household = households.register_household(
                area=Area.objects.get(code=self.story["village"]),
                head=head,
                facts=self.story["household"],
                by=officer,
                on=self.today,
                at=self._now(),
            )
            for data in others:
                households.add_member(self.household, data=data, by=officer, on=self.today, at=self._now())
            self._enter_means(officer)
            households.set_bank_account(self.household, **self.story["bank"], by=officer, on=self.today)
        self._tell("登记家庭", officer, f"{self.household.number}，{len(self._members())}人")

    def _enter_means(self, officer: Staff) -> None:
        members = self._members()
        year = self.today.year
        incomes = [
            IncomeData(members[row["member"]], row["kind"], Decimal(row["yearly_amount"]), row["label"])
            for row in self.story["incomes"]
        ]
        households.save_incomes(self.household, year=year, rows=incomes, by=officer, at=self._now())
        expenses = [
            ExpenseData(members[row["member"]], row["kind"], Decimal(row["yearly_amount"]), label=row["label"])
            for row in self.story["expenses"]
        ]
        households.save_expenses(self.household, year=year, rows=expenses, by=officer, at=self._now())
        households.save_property(self.household, facts=self.story["property"], by=officer)

    def open_and_print(self) -> None:
        with self._as("officer") as officer:
            self.intake = services.open_intake(
                self.household,
                applicant=self._members()[0],
                channel="window",
                accounting_year=self.today.year,
                reason=self.story["household"]["hardship_causes"],
                schemes=[Scheme.DIBAO],
                by=officer,
                on=self.today,
            )
            self.case = self.intake.cases.get()
        amount = suggest(self._assessed()).monthly_amount
        self._tell("试算并打印申请材料", officer, f"建议每月{in_figures(amount or Decimal(0))}元")
        for kind in required_papers(self.intake):
            self._write(PaperKind(kind).label, self._paper(kind))

    def sign_and_submit(self) -> None:
        with self._as("officer") as officer:
            signers = {member.pk: "" for member in self._members()}
            signers[self._members()[-1].pk] = self._members()[0].person.name
            for kind in required_papers(self.intake):
                attachment = self._attach(self._pdf(kind), kind=kind, by=officer)
                services.add_paper(
                    self.intake,
                    kind=kind,
                    attachment=attachment,
                    signed_on=self.today,
                    by=officer,
                    on=self.today,
                    at=self._now(),
                )
                if kind == PaperKind.AUTHORIZATION_LETTER:
                    households.record_consent(
                        self.household,
                        signed_on=self.today,
                        signers=signers,
                        supporters={row.pk: households.SupporterAnswer() for row in supporters_of(self.household)},
                        by=officer,
                        on=self.today,
                        scan=attachment,
                    )
            services.submit(self.case, by=officer, on=self.today)
        self._tell("上传签字材料，登记申请", officer)

    def accept(self) -> None:
        with self._as("officer") as officer:
            self.case = services.accept(self.case, by=officer, on=self.today)
        self._tell("受理", officer, f"总时限{self.case.due_on:%Y-%m-%d}")

    def investigate(self) -> None:
        self.working_days(1)
        with self._as("officer") as officer:
            services.start_investigation(self.case, by=officer, on=self.today)
            self.check = services.ask_means_check(self.case, by=officer, on=self.today)
        self._tell("启动调查，提请信息核对", officer, f"核对应于{self.check.due_on:%Y-%m-%d}前启动")

    def answer_check(self) -> None:
        self.working_days(2)
        finding = {
            "member": self._members()[0],
            "source": "bank",
            "declared": Decimal(self.story["property"]["financial_assets"]),
            "found": Decimal(self.story["property"]["financial_assets"]),
            "agrees": True,
        }
        with self._as("operator") as operator:
            verification.answer_means_check(self.check, result="clean", findings=[finding], by=operator, on=self.today)
        self._tell("回填核对结果", operator, "未发现不一致")

    def visit(self) -> None:
        self.working_days(1)
        with self._as("officer") as officer:
            photo = self._attach(_photo(), kind="visit_photo", by=officer, name="入户照片.jpg")
            visit = services.record_visit(
                self.case,
                report=services.VisitReport(
                    visited_on=self.today,
                    place=self.household.address,
                    living_conditions="砖瓦房两间，无大宗家电，粮食自给。",
                    facts_found="程国富右下肢残疾，需拄拐；葛秀兰种茶养蚕，采茶季帮工；女儿在读初中。",
                    neighbor_inquiry="邻居反映与申报一致。",
                    opinion="情况属实。",
                    family_signed_by="程国富",
                ),
                visitors=[officer, self.staff["assistant"]],
                attachments=[photo],
                by=officer,
                on=self.today,
            )
        self._tell("入户调查", officer, "、".join(str(row.staff) for row in visit.visitors.select_related("staff")))

    def propose(self) -> None:
        self.working_days(1)
        suggestion = suggest(self._assessed())
        members = {member.pk: member for member in self._members()}
        data = services.ProposalData(
            is_eligible=suggestion.is_eligible,
            opinion="经核对、入户调查，家庭月人均收入低于保障标准，财产符合规定，拟同意。",
            basis=suggestion.basis,
            category=suggestion.category,
            monthly_amount=suggestion.monthly_amount,
            persons=[
                services.ProposedPerson(members[row.member_id], row.topup_monthly_amount, row.topup_class)
                for row in suggestion.persons
            ],
        )
        with self._as("officer") as officer:
            services.draft_proposal(self.case, data=data, by=officer, on=self.today)
        self._tell("拟初审意见", officer, f"{data.category}类，每月{in_figures(data.monthly_amount or Decimal(0))}元")

    def sign(self) -> None:
        with self._as("lead") as lead:
            services.sign_proposal(self.case, by=lead, on=self.today)
        self._tell("签发初审意见", lead)

    def publicise(self) -> None:
        self.working_days(1)
        with self._as("officer") as officer:
            self.publicity = services.publicise(
                self.case, place="村务公开栏", telephone="0563-8160000", by=officer, on=self.today
            )
            photo = self._attach(_photo(), kind="publicity_photo", by=officer, name="公示照片.jpg")
            services.add_publicity_photo(self.publicity, attachment=photo, by=officer, on=self.today)
        self._tell("张贴公示", officer, f"{self.publicity.first_day:%Y-%m-%d}至{self.publicity.last_day:%Y-%m-%d}")

    def close_publicity(self) -> None:
        self.today = working_calendar().add(self.publicity.last_day, 1).on
        with self._as("officer") as officer:
            services.close_publicity(self.case, by=officer, on=self.today)
        self._tell("公示期满，报审核确认", officer)

    def confirm(self) -> None:
        self.working_days(3)
        with self._as("approver") as approver:
            services.approve(self.case, opinion="同意", by=approver, on=self.today)
        self._tell("确认同意", approver)

    def announce_and_deliver(self) -> None:
        self.working_days(2)
        with self._as("officer") as officer:
            services.announce(self.case, posted_on=self.today, place="村务公开栏", by=officer, on=self.today)
            notice = self.case.documents.get(document__kind="approval_notice").document
            services.deliver(
                self.case,
                notice,
                delivered_on=self.today,
                way="direct",
                received_by="程国富",
                note="",
                by=officer,
                on=self.today,
            )
        self._tell("公布并送达确认通知书", officer)
        for link in self.case.documents.select_related("document"):
            self._write(f"{link.document.get_kind_display()} {link.document.number}", archived_pdf(link.document))
        self._write("一户一档", papers.dossier(self.case))

    def verify(self) -> Award:
        """The award as the database holds it, against the one worked out by hand."""
        expected = self.story["expected"]
        award = current_awards_of(self.household).get()
        version = award.versions.get()
        found = (self.case.state, str(version.monthly_amount), award.starts_month.isoformat(), award.persons.count())
        wanted = (CaseState.APPROVED, expected["monthly_amount"], expected["first_month"], len(self._members()))
        if found != wanted:
            raise WalkFailed(f"待遇是 {found}，按手算应为 {wanted}（{expected['why']}）")
        return award

    def working_days(self, days: int) -> None:
        """Let working days pass."""
        self.today = working_calendar().add(self.today, days).on

    # --- Hands -------------------------------------------------------------------------------------------------

    @contextmanager
    def _as(self, key: str) -> Iterator[Staff]:
        staff = Staff.objects.get(pk=self.staff[key].pk)
        with acting(actor=str(staff.pk), reason="walk"):
            yield staff

    def _hire(self, data: Mapping[str, str]) -> Staff:
        area = Area.objects.get(code=data["area"])
        staff = organizations.open_account(
            staff_number=data["number"],
            name=data["name"],
            area=area,
            on=self.today,
            password=secrets.token_urlsafe(24),
        )
        organizations.appoint(staff, role=Role(data["role"]), area=area, on=self.today)
        return staff

    def _member_data(self, row: Mapping[str, Any]) -> MemberData:
        return MemberData(**{**row, "birth_date": date.fromisoformat(row["birth_date"])})

    def _members(self) -> list[Member]:
        return list(self.household.members.filter(left_on=None).select_related("person").order_by("pk"))

    def _assessed(self) -> dict[str, Any]:
        return assess_household(self.household, on=self.today, year=self.intake.accounting_year).as_dict()

    def _paper(self, kind: str) -> bytes:
        return papers.paper_for_signature(kind, self.intake, on=self.today)

    def _pdf(self, kind: str) -> SimpleUploadedFile:
        return SimpleUploadedFile(f"{PaperKind(kind).label}.pdf", self._paper(kind), "application/pdf")

    def _attach(self, upload: SimpleUploadedFile, *, kind: str, by: Staff, name: str = "") -> Attachment:
        upload.name = name or upload.name
        return households.add_attachment(self.household, kind=kind, upload=upload, by=by, at=self._now())

    def _now(self) -> datetime:
        return datetime.combine(self.today, _HOUR, tzinfo=UTC)

    def _tell(self, what: str, who: Staff, note: str = "") -> None:
        self.steps += 1
        state = due = ""
        if hasattr(self, "case"):
            self.case.refresh_from_db()
            state = self.case.case_state.label
            due = f"，本步期限{self.case.state_due_on:%Y-%m-%d}" if self.case.state_due_on else ""
        post = who.posts.select_related("area").get()
        where = f"［{state}{due}］" if state else ""
        self.say(f"{self.steps:2d}  {self.today:%Y-%m-%d}  {post} {who.name}  {what}  {note} {where}".rstrip())

    def _write(self, title: str, content: bytes) -> None:
        if not content.startswith(b"%PDF-"):
            raise WalkFailed(f"{title} 不是 PDF")
        self.printed += 1
        path = self.output / f"{self.printed:02d}-{title.replace('/', '_')}.pdf"
        path.write_bytes(content)
        self.say(f"      → {path}")


def _photo() -> SimpleUploadedFile:
    picture = io.BytesIO()
    Image.new("RGB", (320, 240), (196, 205, 190)).save(picture, "JPEG")
    return SimpleUploadedFile("照片.jpg", picture.getvalue(), "image/jpeg")
