"""参照单人户: a severely disabled member covered alone, and what each paper says of it, and does not."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from applications import papers, services
from applications.models import Case
from applications.rules.process import CaseState
from benefits.models import Award, Recognition
from documents.models import Document, DocumentKind
from documents.services import archived_pdf
from households.models import Household
from organizations.models.delegations import Scheme
from tests.documents.reading import text_of
from tests.support.crews import Crew, county_data, crew, family
from tests.support.stories import Story, case_in

pytestmark = pytest.mark.django_db
MARGINAL_WAGE = "30000.00"
ABOVE = "90000.00"
"""90,000 ÷ 12 ÷ 3 = 2,500 a month: far above 1.5 × 755.00."""
NEVER_ON_THE_WALL = ("单人", "残", "病", "A类", "汪秋菊", "胡小雨")


@pytest.fixture(autouse=True)
def _files(county: None, settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.PRIVATE_ROOT = tmp_path
    yield


def paper(kind: str) -> str:
    return text_of(archived_pdf(Document.objects.get(kind=kind)))


def alone(people: Crew, *, disabled: bool = True) -> Household:
    """The head, an adult severely disabled man without work, applies alone; his wife earns far above the limit."""
    household = family(people, yearly_wage=ABOVE)
    head = household.members.get(relation="head")
    head.applies_alone = True
    head.save()
    if not disabled:
        head.person.disabilities.update(level=3)
    return household


def applying_alone(state: CaseState, **more: Any) -> Story:
    county_data()
    people = crew()
    return case_in(state, people=people, household=alone(people, **more))


def test_a_severely_disabled_member_of_a_marginal_family_is_covered_alone() -> None:
    case_in(CaseState.APPROVED, yearly_wage=MARGINAL_WAGE)
    version = Award.objects.get().versions.get()
    assert (version.basis, version.person_count, version.monthly_amount) == ("single_person", 1, Decimal("755.00"))
    notice, form, sheet = paper("approval_notice"), paper("approval_form"), paper("publicity_sheet")
    assert "您家庭不整户纳入；按照规定参照单人户纳入，保障对象为胡德旺（共1人）" in notice
    assert "家庭可以另行申请最低生活保障边缘家庭认定" in notice
    assert "家庭不整户纳入，参照单人户纳入，保障对象1人" in form
    for said in ("胡德旺", "3", "755.00"):
        assert said in sheet, said
    for told in NEVER_ON_THE_WALL:
        assert told not in sheet, told


def test_a_jobless_severely_disabled_adult_applies_alone_in_a_family_above_the_limit() -> None:
    story = applying_alone(CaseState.APPROVED)
    version = Award.objects.get().versions.get()
    assert (version.basis, version.person_count, version.monthly_amount) == ("single_person", 1, Decimal("755.00"))
    notice, sheet = paper("approval_notice"), paper("publicity_sheet")
    assert "参照单人户纳入，保障对象为胡德旺" in notice
    assert "边缘" not in notice
    for told in NEVER_ON_THE_WALL:
        assert told not in sheet, told
    printed = papers.paper_for_signature(DocumentKind.APPLICATION_FORM, story.intake, on=story.today)
    assert "胡德旺以本人名义单独提出最低生活保障申请，参照单人户审核" in text_of(printed)


def test_who_applies_alone_and_is_not_severely_disabled_reads_so_in_the_refusal() -> None:
    applying_alone(CaseState.REFUSED, disabled=False)
    notice = paper("refusal_notice")
    assert "参照单人户：胡德旺不是重度残疾人" in notice


def test_the_announcement_says_no_more_than_the_sheet() -> None:
    story = case_in(CaseState.APPROVED, yearly_wage=MARGINAL_WAGE)
    services.announce(story.case, posted_on=story.today, place="村务公开栏", by=story.people.officer, on=story.today)
    sheet = paper("announcement_sheet")
    assert "755.00" in sheet
    for told in NEVER_ON_THE_WALL:
        assert told not in sheet, told


def test_the_rest_of_the_family_is_recognised_in_the_same_intake() -> None:
    story = case_in(CaseState.DRAFT, yearly_wage=MARGINAL_WAGE)
    services.change_draft(
        story.intake,
        applicant=story.case.applicant,
        channel="window",
        accounting_year=story.intake.accounting_year,
        reason="残疾，收入低",
        schemes=[Scheme.DIBAO, Scheme.MARGINAL],
        by=story.people.officer,
        on=story.today,
    )
    story.sign_papers()
    for case in Case.objects.order_by("pk"):
        story.case = case
        story.submit().accept().later().start().ask_check().later(2).answer_check().visit()
        story.later().draft().sign().later().publicise().photograph().wait_publicity().close().later().approve()
    assert Award.objects.get().persons.count() == 1
    assert Recognition.objects.get().persons.count() == 3
