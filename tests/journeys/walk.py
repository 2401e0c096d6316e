"""One family's way through the pages, by the people whose acts they are, day by day.

Everybody has a browser of their own and signs in at the log-in form, again each morning. Whoever acts begins at
their task list and goes where it leads; nothing is done that a page does not offer.
"""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from applications.models import Case
from documents.models import Document
from households.models import Household
from organizations.models import Staff
from organizations.queries import working_calendar
from tests.documents.reading import text_of
from tests.support.browser import Browser, Page
from tests.support.cases import photo
from tests.support.crews import LINXI, START, VILLAGES, Crew
from tests.support.factories import area, make_id_number

TELEPHONE = "0563-8160000"


def morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


class Walk:
    """
    :param clock: the time traveller that everything reads.
    """

    def __init__(self, clock: Any, people: Crew) -> None:
        self.clock, self.people, self.today = clock, people, START
        self.head_number = make_id_number(birth_date=date(1968, 3, 12))
        self._browsers: dict[int, Browser] = {}

    # --- Days and people ---------------------------------------------------------------------------------------

    def later(self, working_days: int = 1) -> None:
        self.go_to(working_calendar().add(self.today, working_days).on)

    def go_to(self, day: date) -> None:
        self.today = day
        self.clock.move_to(morning(day))

    def at(self, staff: Staff) -> Browser:
        return self._browsers.setdefault(staff.pk, Browser(staff))

    def task(self, staff: Staff, words: str) -> Page:
        """What the person's task list leads to; the list names the family."""
        home = self.at(staff).home()
        return home.click(f"{words}：胡德旺")

    def has_no_task(self, staff: Staff) -> None:
        home = self.at(staff).home()
        assert not [link for link, _ in home.links if link.endswith("：胡德旺")], home.links

    @property
    def case(self) -> Case:
        return Case.objects.get()

    @property
    def family(self) -> Household:
        return Household.objects.get()

    def case_page(self, staff: Staff) -> Page:
        return self.at(staff).open(f"/cases/{self.case.pk}/")

    def document(self, kind: str) -> Document:
        return Document.objects.get(kind=kind, voided_on=None)

    def paper(self, staff: Staff, kind: str) -> str:
        """What the archived paper says, as the person opens it from the case page; without spaces."""
        document = self.document(kind)
        page = self.case_page(staff).says(document.number)
        (href,) = {href for words, href in page.links if words == "打印" and f"/{document.pk}/" in href}
        answer = self.at(staff).open(href).response
        assert answer["Content-Type"] == "application/pdf"
        return text_of(answer.content).replace(",", "")

    # --- At the window -----------------------------------------------------------------------------------------

    def register_family(self) -> Page:
        """The clerk reads the head's card, nobody is known by it, and registers the family."""
        start = self.at(self.people.officer).home().click("受理一户")
        offered = start.press("查找", q=self.head_number)
        return offered.press(
            "登记家庭，继续填写",
            **{
                "head-name": "胡德旺",
                "head-health": "disabled",
                "family-area": str(area(VILLAGES[LINXI]).pk),
                "family-address": "一组12号",
                "family-phone": "13905632207",
            },
        )

    def fill_in(self, page: Page, *, yearly_wage: str = "6000") -> Page:
        """Members, income and property go in once, on the one page."""
        page = self.add_row(
            page,
            "members",
            name="汪秋菊",
            relation="spouse",
            id_number=make_id_number(birth_date=date(1972, 5, 20), male=False),
        )
        page = self.add_row(
            page,
            "members",
            name="胡小雨",
            relation="child",
            id_number=make_id_number(birth_date=date(2010, 4, 2), male=False),
            schooling="senior_high",
        )
        wife = self.family.members.get(relation="spouse")
        page = self.add_row(page, "incomes", member=str(wife.pk), kind="wage", yearly_amount=yearly_wage, label="帮工")
        return page.press(
            "保存",
            **{
                "members-0-disability_kind": "physical",
                "members-0-disability_level": "2",
                "owned-financial_assets": "12,000",
                "account-bank": "徽商银行",
                "account-account": "6217000000000019",
                "account-holder": "胡德旺",
            },
        )

    def add_row(self, page: Page, rows: str, **values: str) -> Page:
        spare = int(page.form_with("保存").values[f"{rows}-TOTAL_FORMS"]) - 1
        return page.press("保存", **{f"{rows}-{spare}-{name}": value for name, value in values.items()})

    def sign_and_register(self, page: Page) -> Page:
        """The papers are printed and signed, their scans handed in, and the application is registered."""
        page = page.press("打印申请材料并登记", **{"application-reason": "残疾，收入低"}).says("签字材料与登记")
        printed = page.press("打印全部材料").response
        assert "胡德旺" in text_of(printed.content)
        papers = ("application_form", "authorization_letter", "commitment_letter")
        page = page.press("上传签字件", **{kind: photo() for kind in papers})
        return page.press("登记申请").says("申请已登记")

    def apply(self, *, yearly_wage: str = "6000") -> Page:
        page = self.fill_in(self.register_family(), yearly_wage=yearly_wage)
        return self.sign_and_register(page)

    # --- Steps of the township ---------------------------------------------------------------------------------

    def do(self, page: Page, act: str, **typed: Any) -> Page:
        """Do an act that the page offers, on the spot or on the act's own page; it was taken."""
        if not any(button.words == act and button.form for button in page.buttons):
            page = page.click(act)
        return page.press(act, **typed).says(f"“{act}”已办好")

    def accept(self) -> Page:
        return self.do(self.task(self.people.officer, "审查材料并受理"), "受理")

    def investigate(self) -> Page:
        """Started, checked by the county's operator, visited by two of the township."""
        self.do(self.task(self.people.officer, "启动经济状况调查"), "启动调查")
        self.do(self.case_page(self.people.officer), "提请信息核对")
        self.later(2)
        self.answer_check()
        return self.visit()

    def answer_check(self) -> Page:
        page = self.task(self.people.operator, "回填核对结果").click("回填结果").says("胡德旺")
        return page.press("回填", result="clean").says("核对结果已回填", "未发现不一致")

    def visit(self) -> Page:
        people = self.people
        return self.do(
            self.case_page(people.officer),
            "登记入户调查",
            visitors=[str(people.officer.pk), str(people.assistant.pk)],
            living_conditions="砖瓦房两间，无大宗家电。",
            facts_found="右下肢残疾，需拄拐；妻子在镇上饭店帮工。",
            agrees_with_declaration="yes",
            photos=[photo(), photo("二.png")],
        )

    def propose(self, opinion: str = "情况属实，拟同意。", *, signer: Staff | None = None) -> Page:
        """The clerk drafts what the rules suggest, the lead (in a delegated township the clerk) signs."""
        page = self.case_page(self.people.officer)
        self.do(page, "拟初审意见", opinion=opinion)
        return self.do(self.task(signer or self.people.lead, "签发初审意见"), "签发初审意见")

    def publicise(self) -> Page:
        page = self.task(self.people.officer, "公示或告知申请人")
        page = self.do(page, "张贴公示", telephone=TELEPHONE)
        return self.do(page, "上传公示照片", photos=[photo("公示.png")])

    def close_publicity(self) -> Page:
        """Seven days pass; on the day after the last the case goes up."""
        publicity = self.case.publicities.get(closed_on=None)
        self.go_to(publicity.last_day)
        self.later()
        return self.do(self.task(self.people.officer, "公示期满，报审核确认"), "公示期满，报审核确认")

    def deliver_everything(self) -> None:
        """Whatever waits for delivery is handed to the head of the family."""
        officer = self.at(self.people.officer)
        while waiting := [link for link, _ in officer.home().links if link.startswith("送达") and "：" in link]:
            page = officer.home().click(waiting[0])
            self.do(page, "登记送达", way="direct", received_by="胡德旺")

    def to_confirming(self, *, yearly_wage: str = "6000", signer: Staff | None = None) -> None:
        """A family that is entitled, up to the desk of who confirms; the acceptance notice is in its hands."""
        self.apply(yearly_wage=yearly_wage)
        self.accept()
        self.deliver_everything()
        self.later()
        self.investigate()
        self.later()
        self.propose(signer=signer)
        self.later()
        self.publicise()
        self.close_publicity()
        self.later()
