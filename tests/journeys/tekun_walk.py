"""The way of an old man to 特困, and of a family of which he alone is 特困 and the others are on 低保."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from applications.models import Case
from households.models import Member
from households.models.people import SELF_CARE_LABELS
from organizations.models import Staff
from tests.journeys.walk import TELEPHONE, Walk
from tests.support.browser import Page
from tests.support.cases import photo
from tests.support.factories import make_id_number

FATHER = "胡福生"


class TekunWalk(Walk):
    """As :class:`Walk`, of one of several cases of the family at a time."""

    scheme = "tekun"

    @property
    def case(self) -> Case:
        return Case.objects.get(scheme=self.scheme)

    def each(self, *acts: Callable[[], object], schemes: Sequence[str] = ("dibao", "tekun")) -> None:
        """Acts on the cases of one intake, side by side."""
        for self.scheme in schemes:
            for act in acts:
                act()

    def without_supporters(self, page: Page, member: Member) -> Page:
        """Nobody outside the family owes the member support."""
        return page.press("保存", **{f"known-known_{member.pk}": "on"})

    def add_father(self, page: Page) -> Page:
        page = self.add_row(
            page,
            "members",
            name=FATHER,
            relation="parent",
            id_number=make_id_number(birth_date=date(1940, 3, 5)),
        )
        return self.without_supporters(page, self.family.members.get(person__name=FATHER))

    def sign_and_register_for(self, page: Page, schemes: list[str], **more: Any) -> Page:
        page = page.press(
            "打印申请材料并登记", **{"application-reason": "年老，无依无靠", "application-schemes": schemes}, **more
        )
        page = page.says("签字材料与登记")
        papers = ("application_form", "authorization_letter", "commitment_letter")
        page = page.press("上传签字件", **{kind: photo() for kind in papers})
        return page.press("登记申请").says("申请已登记")

    def step(self, staff: Staff, act: str, **typed: Any) -> Page:
        """An act that the case's own page offers."""
        return self.do(self.case_page(staff), act, **typed)

    def accepted(self) -> None:
        self.step(self.people.officer, "受理")

    def started(self) -> None:
        self.step(self.people.officer, "启动调查")
        self.step(self.people.officer, "提请信息核对")

    def checked(self) -> None:
        check = self.case.means_checks.get().means_check
        if check.answered_on is not None:  # the family's other case asked for it
            self.visit()
            return
        page = self.at(self.people.operator).open(reverse("verification:detail", args=[check.pk])).click("回填结果")
        page.press("回填", result="clean").says("核对结果已回填")
        self.visit()

    def assessed(self, name: str) -> None:
        """The township and the county assess together how much the old man manages alone."""
        people = self.people
        member = self.family.members.get(person__name=name)
        managed = dict.fromkeys(SELF_CARE_LABELS, "yes") | {"bathing": "no"}
        self.step(
            people.officer,
            "登记自理能力评估",
            member=str(member.pk),
            assessors=[str(people.officer.pk), str(people.visitor.pk)],
            support_mode="home_based",
            **managed,
        )

    def drawn(self) -> None:
        """The county draws from what waits; the only case is drawn and two of the county visit."""
        people = self.people
        page = self.at(people.visitor).home().click("随机抽查").says(self.case.number)
        page.press("抽取").says("待核查")
        self.step(
            people.visitor,
            "登记县级入户",
            visitors=[str(people.visitor.pk), str(people.second_visitor.pk)],
            living_conditions="砖瓦房两间，无大宗家电。",
            facts_found="独居，无人赡养。",
            agrees_with_declaration="yes",
            photos=[photo()],
        )

    def investigated(self) -> None:
        """Accepted, checked and visited."""
        self.accepted()
        self.later()
        self.started()
        self.later(2)
        self.checked()
        self.later()

    def opinion(self) -> None:
        """The clerk drafts what the rules suggest, the lead signs."""
        self.step(self.people.officer, "拟初审意见", opinion="情况属实，拟同意。")
        self.step(self.people.lead, "签发初审意见")

    def posted(self) -> None:
        self.step(self.people.officer, "张贴公示", telephone=TELEPHONE)
        self.step(self.people.officer, "上传公示照片", photos=[photo("公示.png")])

    def to_the_day_after_publicity(self) -> None:
        self.go_to(self.case.publicities.get(closed_on=None).last_day)
        self.later()

    def sent_up(self) -> None:
        self.step(self.people.officer, "公示期满，报审核确认")

    def confirmed(self) -> Page:
        page = self.case_page(self.people.approver).click("确认同意")
        return page.press("确认同意", opinion="同意").says("“确认同意”已办好")
