"""Two townships with families and cases, and one account of every role on either side."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from http.cookies import SimpleCookie
from typing import Any
from zoneinfo import ZoneInfo

import tablib
from django.test import Client
from pypdf import PdfReader

from applications.models import Batch, BatchAct, CheckDraw
from applications.services import open_batch
from benefits.models import Award, AwardCheck, Recognition
from benefits.services import recognise
from documents.models import Document
from eligibility.models import ParameterChange
from eligibility.services import SourceData, propose_parameter
from foundation.crypto import Secret
from foundation.lists import LISTS
from foundation.once import fresh_token
from foundation.trail import acting
from households import services as households
from households.models import Attachment, Household, Transfer
from households.services import SupporterData
from organizations.models import Delegation, Job, LoginSession, SavedFilter, Staff
from organizations.permissions import ROLE_LEVELS, Role
from organizations.services import DelegationPaper, begin_login, open_account, save_filter, start_delegation
from tests.benefits.builders import grant
from tests.households.builders import data, join, register
from tests.support.cases import photo
from tests.support.crews import HUAYANG, LINXI, START, VILLAGES, crew
from tests.support.factories import area, make_id_number, make_staff
from tests.support.jobs import make_job
from tests.support.stories import Story, new_story

MORNING = datetime(2026, 9, 25, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
NEXT_VILLAGE = "341824101201"
HERE = {"county": "341824", "township": LINXI, "village": VILLAGES[LINXI]}
ELSEWHERE = {"township": HUAYANG, "village": VILLAGES[HUAYANG]}
NAMES_HERE = ("胡德旺", "汪秋菊", "胡小雨", "汪长根", "胡德才")
"""Members of the families of 临溪镇, a legal supporter and an agent; nobody of 华阳镇 is called so."""
_SINCE = date(2026, 1, 1)
_BACKEND = "django.contrib.auth.backends.ModelBackend"
_browser = Client()


@dataclass(frozen=True)
class Visitor:
    """Somebody who tries a door: nobody signed in, an account without a post, or a role here or elsewhere."""

    label: str
    role: Role | None = None
    is_here: bool = True
    cookies: SimpleCookie = field(default_factory=SimpleCookie)

    def browser(self) -> Client:
        """The one browser of the matrix (loading the middleware takes longer than a page), signed in as they are."""
        _browser.cookies = SimpleCookie({name: morsel.value for name, morsel in self.cookies.items()})
        return _browser


def everybody() -> list[Visitor]:
    """Every role where the families live, roles below the county elsewhere too, and those without a role."""
    idle = open_account(
        staff_number="S99998",
        name="无岗位",
        area=area(LINXI),
        on=_SINCE,
        password="Correct-Horse-88",
        must_change_password=False,
    )
    people = [Visitor("anonymous"), Visitor("no role", cookies=_signed_in(idle))]
    for role in Role:
        level = ROLE_LEVELS[role]
        people.append(_visitor(role, HERE[level], is_here=True))
        if level in ELSEWHERE:
            people.append(_visitor(role, ELSEWHERE[level], is_here=False))
    people.append(_visitor(Role.VILLAGE_ASSISTANT, NEXT_VILLAGE, is_here=False))
    return people


def _visitor(role: Role, code: str, *, is_here: bool) -> Visitor:
    staff = make_staff(role, code, name="经办人甲", on=_SINCE)
    return Visitor(f"{role} at {code}", role, is_here, _signed_in(staff))


def _signed_in(staff: Staff) -> SimpleCookie:
    _browser.cookies = SimpleCookie()
    _browser.force_login(staff, backend=_BACKEND)
    return SimpleCookie({name: morsel.value for name, morsel in _browser.cookies.items()})


def neighbours_family() -> Story:
    """A draft of a family of 华阳镇, named unlike the families of 临溪镇."""
    story = new_story(township=HUAYANG)
    for member, name in zip(story.household.members.order_by("pk"), ("唐玉兰", "邵国平", "邵晓彤"), strict=True):
        member.person.name = name
        member.person.save()
    facts = {"phone": "13800001111", "address": "三组8号"}
    version = Household.objects.get(pk=story.household.pk).version
    households.change_facts(story.household, facts=facts, by=story.people.officer, version=version)
    return story


@dataclass
class World:
    """What the doors of 临溪镇 lead to: a case up for confirmation, another whose means check is not answered."""

    story: Story
    waiting: Story
    visitors: list[Visitor]

    @property
    def stories(self) -> tuple[Story, Story]:
        return self.story, self.waiting

    def visitor(self, role: Role, *, is_here: bool) -> Visitor:
        return next(one for one in self.visitors if one.role == role and one.is_here == is_here)

    def documents(self) -> Iterator[Document]:
        return (row.document for story in self.stories for row in story.case.documents.select_related("document"))

    def attachment(self) -> Attachment:
        found = self.story.household.attachments.first()
        assert found is not None
        return found

    def batch(self) -> Batch:
        """A batch that none of the visitors started."""
        officer = self.story.people.officer
        with acting(actor="system:test"):
            return open_batch(BatchAct.PUBLICISE, [self.story.case], token=fresh_token(), by=officer, at=MORNING)

    def draw(self) -> CheckDraw:
        """A draw of the county's (随机抽查)."""
        visitor = self.story.people.visitor
        found = CheckDraw.objects.first()
        with acting(actor=str(visitor.pk)):
            return found or CheckDraw.objects.create(
                drawn_on=MORNING.date(),
                drawn_by=visitor,
                percent=30,
                seed="1",
                list_digest="0" * 64,
                candidate_count=1,
                drawn_count=1,
            )

    def transfers(self) -> tuple[Transfer, Transfer]:
        """A family of 华阳镇 on its way to 临溪镇, and one the other way."""
        return _sent(HUAYANG, to=LINXI), _sent(LINXI, to=HUAYANG)

    def award_check(self) -> AwardCheck:
        """An award of 临溪镇 to be looked into, since somebody joined the family."""
        family = _small_family(LINXI)
        award = grant(family, make_staff(Role.COUNTY_APPROVER, "341824", on=_SINCE))
        by = make_staff(Role.TOWNSHIP_OFFICER, LINXI, on=_SINCE)
        join(family, by, "邵晓彤", "child")
        return award.checks.get()

    def recognition(self) -> Recognition:
        """A family of 临溪镇 recognised as 低保边缘."""
        family = _small_family(LINXI)
        by = make_staff(Role.COUNTY_APPROVER, "341824", on=_SINCE)
        return recognise(
            scheme="marginal",
            household=family,
            area=family.area,
            persons=[member.person for member in family.members.all()],
            months=12,
            decided_by=by,
            decided_on=START,
        )

    def tekun_award(self) -> Award:
        """The running 特困 award of a family of 临溪镇."""
        if made := Award.objects.filter(scheme="tekun").first():
            return made
        with acting(actor="system:test"):
            by = make_staff(Role.COUNTY_APPROVER, "341824", on=_SINCE)
            return grant(_small_family(LINXI), by, scheme="tekun")

    def delegation(self) -> Delegation:
        """临溪镇 confirms its own cases from next year on."""
        on = date(2026, 9, 25)
        if made := Delegation.objects.filter(scheme="tekun").first():
            return made
        with acting(actor="system:test"):
            return start_delegation(
                area(LINXI),
                scheme="tekun",
                starts_on=date(2027, 1, 1),
                paper=DelegationPaper("绩民〔2026〕9号", on, photo()),
                by=make_staff(Role.COUNTY_APPROVER, "341824", on=_SINCE),
                on=on,
            )

    def saved_filter(self) -> SavedFilter:
        """A filter that none of the visitors keeps."""
        officer = self.story.people.officer
        with acting(actor="system:test"):
            return save_filter(LISTS["cases"], name="胡德旺", query="q=胡德旺", by=officer)

    def job(self) -> Job:
        """Long work that none of the visitors started."""
        return Job.objects.first() or make_job(
            self.story.people.officer, title="成批打印胡德旺等家庭的通知书", at=MORNING
        )

    def login(self) -> LoginSession:
        """A log-in of somebody who is none of the visitors."""
        officer = self.story.people.officer
        with acting(actor="system:test"):
            return begin_login(officer, session_key=fresh_token(), address="", device="", at=MORNING)

    def change(self) -> ParameterChange:
        """A new limit that waits for its approval, with its document."""
        if made := ParameterChange.objects.first():
            return made
        with acting(actor="system:test"):
            return propose_parameter(
                "max_houses",
                value=2,
                area=area("341824"),
                residence="both",
                from_day=date(2027, 1, 1),
                source=SourceData("绩民〔2026〕10号", "财产限额", scan=photo()),
                by=make_staff(Role.SYSTEM_ADMINISTRATOR, "341824", on=_SINCE),
                on=date(2026, 9, 25),
            )

    def personal_values(self) -> list[Secret]:
        """ID numbers, telephones and accounts of the families."""
        found: list[Secret] = []
        for story in self.stories:
            family = Household.objects.get(pk=story.household.pk)
            found += [member.person.id_number for member in family.members.select_related("person")]
            found.append(family.phone)
        family = self.story.household
        found += [row.account for row in family.bank_accounts.all()]
        found += [value for row in family.agents.all() for value in (row.id_number, row.phone)]
        supporters = [row for member in family.members.all() for row in member.supporters.all()]
        found += [value for row in supporters for value in (row.id_number, row.phone)]
        return found

    def traces(self) -> set[str]:
        """Whatever would tell a stranger something of the families: names, numbers, also masked."""
        found = set(NAMES_HERE)
        for value in self.personal_values():
            found |= {value.reveal(), str(value)}
        for story in self.stories:
            found |= {story.household.number, story.intake.number, story.case.number, story.check.batch_number}
        return (found | {document.number for document in self.documents()}) - {""}


def linxis_families() -> tuple[Story, Story]:
    """Two families of 临溪镇; the first with everything that may be shown of one."""
    people = crew(LINXI)
    waiting = new_story(people=people).sign_papers().submit().accept().later().start().ask_check()
    story = new_story(people=people).sign_papers().submit().accept().later().start()
    story.ask_check().later(2).answer_check().visit().later().draft().sign()
    story.later().publicise().photograph().wait_publicity().close()
    complete(story.household, by=people.officer, on=story.today)
    story.refresh()
    return story, waiting


def complete(household: Household, *, by: Staff, on: date) -> None:
    """Give a family an account, an agent and a supporter."""
    household.refresh_from_db()
    households.set_bank_account(household, bank="徽商银行", account="6217000000000019", holder="胡德旺", by=by, on=on)
    households.set_agent(
        household, name="胡德才", relation="弟弟", id_number=make_id_number(), phone="13905632208", by=by, on=on
    )
    facts = {"id_number": make_id_number(birth_date=date(1990, 1, 1)), "phone": "13905632209", "status": "other"}
    supporter = SupporterData("汪长根", "子女", date(1990, 1, 1), facts)
    head = household.members.get(relation="head")
    households.save_supporters(head, rows=[supporter], known_all=True, by=by, on=on)


def _small_family(township: str) -> Household:
    by = make_staff(Role.TOWNSHIP_OFFICER, township, on=_SINCE)
    return register(by, code=VILLAGES[township], head=data("唐玉兰"))


def _sent(township: str, *, to: str) -> Transfer:
    by = make_staff(Role.TOWNSHIP_OFFICER, township, on=_SINCE)
    day = MORNING.date()
    return households.propose_transfer(
        _small_family(township), area=area(VILLAGES[to]), address="新村", by=by, on=day, at=MORNING
    )


def text_of(response: Any) -> str:
    """All that a response says: the page, the cells of a workbook, the text of a PDF."""
    kind = response.get("Content-Type", "")
    if "spreadsheetml" in kind:
        sheet = tablib.Dataset().load(response.content, format="xlsx")
        return "\n".join("\t".join(str(cell) for cell in row) for row in (sheet.headers, *sheet))
    if kind == "application/pdf":
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages)
    if kind.startswith("text/") or "json" in kind:
        return str(response.content.decode())
    return ""


def lasting_text_of(response: Any) -> str:
    """What a response says, without the tokens that differ from one to the next."""
    return re.sub(r"\b([0-9a-f]{32}|[A-Za-z0-9]{64})\b", "", text_of(response))
