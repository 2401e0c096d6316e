"""临时救助（支出型）through the pages: the proposal with its sum, the case's page, lists, terms and delegations."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from applications.forms.acts import ACTS
from applications.models import Case, Decision, Proposal
from applications.queries import CaseFile
from applications.resources import CaseResource
from applications.rules.process import CaseState
from applications.services import NotProposable
from applications.signals import Aside
from organizations.models.delegations import DELEGABLE
from organizations.permissions import Role
from organizations.services import NotDelegable
from organizations.services.delegations import DelegationPaper, start_delegation
from tests.support.aid_cases import AidStory, Keeper, aid_case, refusing
from tests.support.cases import Desk, errors_of, photo
from tests.support.crews import HUAYANG, LINXI
from tests.support.factories import area, make_staff

pytestmark = pytest.mark.usefixtures("county")
S = CaseState


@pytest.fixture(autouse=True)
def keeper(settings: Any, tmp_path: Path) -> Iterator[Keeper]:
    settings.PRIVATE_ROOT = tmp_path
    with Keeper().listening() as listening:
        yield listening


def clerk(story: AidStory) -> Desk:
    return Desk(story.people.officer, on=story.today)


def body(page: Any) -> str:
    return str(page.content.decode()).replace("\n", "")


def investigated(**options: Any) -> AidStory:
    story = aid_case(S.INVESTIGATING, **options)
    story.ask_check().later(2).answer_check().visit()
    return story


def test_the_form_shows_the_guideline_and_who_decides_up_to_where(keeper: Keeper) -> None:
    story = investigated()
    page = body(clerk(story).open_act(story, "draft-proposal"))
    # S = 780.00: 2 × 780 = 1,560, 10 × 780 = 7,800, 4 × 780 = 3,120.
    assert "救助标准1,560.00—7,800.00元" in page
    assert "不超过3,120.00元的，由经办人签发、乡镇审批" in page
    assert "月保障金" not in page
    assert "一次性救助金额（元）" in page


def test_the_form_begins_with_what_the_record_comes_to(keeper: Keeper) -> None:
    keeper.amount = Decimal("2340.00")
    story = investigated()
    page = clerk(story).open_act(story, "draft-proposal")
    assert page.context["form"]["aid_amount"].value() == "2,340.00"
    assert "2,340.00元（救助标准1,560.00—7,800.00元）" in body(page)


def test_a_sum_is_proposed_signed_publicised_and_approved_through_the_pages() -> None:
    story = investigated()
    drafted = clerk(story).act(story, "draft-proposal", aid_amount="3000", opinion="住院自付多，拟救助。")
    assert drafted.status_code == 302, errors_of(drafted)
    assert Proposal.objects.get().aid_amount == Decimal("3000.00")
    assert clerk(story).act(story, "sign-proposal").status_code == 302
    posted = clerk(story).act(story, "publicise", telephone="0563-8160000")
    assert posted.status_code == 302, errors_of(posted)
    assert clerk(story).act(story, "add-publicity-photo", photos=[photo()]).status_code == 302
    story.wait_publicity()
    assert clerk(story).act(story, "close-publicity").status_code == 302
    lead = Desk(story.people.lead, on=story.later().today)
    page = body(lead.open_act(story, "approve"))
    assert "给予一次性救助3,000.00元" in page
    assert "每月" not in page
    assert lead.act(story, "approve").status_code == 302
    assert Decision.objects.get().aid_amount == Decimal("3000.00")
    page = body(clerk(story).get("detail", story.case.pk))
    assert "一次性救助3,000.00元" in page
    assert "同意救助" in page
    assert "每月" not in page


def test_an_error_stands_beside_the_sum_with_what_was_typed(keeper: Keeper) -> None:
    story = investigated()
    keeper.refuses = NotProposable("超过标准，须先登记一事一议。", field="aid_amount")
    page = clerk(story).act(story, "draft-proposal", aid_amount="9000.00", opinion="拟救助。")
    assert page.status_code == 422
    assert errors_of(page) == {"aid_amount": ["超过标准，须先登记一事一议。"]}
    assert "9000.00" in body(page)
    assert not Proposal.objects.exists()


def test_the_case_page_shows_what_the_room_above_keeps(keeper: Keeper) -> None:
    story = aid_case(S.ACCEPTED)
    assert "救助记录" not in body(clerk(story).get("detail", story.case.pk))
    keeper.aside = Aside("救助记录", rows=(("事由", "重病住院"),), links=(("打开救助记录", "/temporary-aid/1/"),))
    page = body(clerk(story).get("detail", story.case.pk))
    for said in ("救助记录", "重病住院", 'href="/temporary-aid/1/"'):
        assert said in page


def test_another_townships_clerk_finds_no_such_case() -> None:
    story = aid_case(S.ACCEPTED)
    stranger = Desk(make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, name="外乡人", on=story.today), on=story.today)
    assert stranger.get("detail", story.case.pk).status_code == 404
    assert stranger.get("act", story.case.pk, "draft-proposal").status_code == 404


def test_it_is_announced_to_nobody_and_says_so() -> None:
    story = aid_case(S.APPROVED)
    assert ACTS["announce"].refusal(CaseFile(story.case, on=story.today)) == "临时救助（支出型）不作村内公布。"


def test_a_refusal_is_written_with_its_own_words() -> None:
    story = refusing(aid_case(S.INVESTIGATING, yearly_wage="90000.00"))
    story.later()
    page = Desk(story.people.lead, on=story.today).open_act(story, "refuse")
    assert page.context["form"]["opinion"].value() == "不予救助"
    assert "民发〔2018〕23号二（一）" in body(page)
    assert Desk(story.people.lead, on=story.today).act(story, "refuse").status_code == 302
    assert story.refresh().state == "refused"


def test_it_is_found_in_the_list_and_its_terms_on_the_page_of_steps() -> None:
    story = aid_case(S.ACCEPTED)
    desk = clerk(story)
    assert story.case.number in body(desk.get("list", query={"scheme": "temporary_aid"}))
    assert story.case.number not in body(desk.get("list", query={"scheme": "dibao"}))
    terms = body(Desk(story.people.approver, on=story.today).get("terms", query={"scheme": "temporary_aid"}))
    assert "临时救助・申请・乡镇" in terms
    assert "20个工作日" in terms


def test_it_is_delegated_by_its_amount_and_by_no_document() -> None:
    story = aid_case(S.ACCEPTED)
    page = Desk(story.people.approver, on=story.today).get("delegations")
    assert {row.scheme for row in page.context["rows"]} == set(DELEGABLE)
    with pytest.raises(NotDelegable, match="按金额"):
        start_delegation(
            area(LINXI),
            scheme="temporary_aid",
            starts_on=story.today,
            paper=DelegationPaper("绩民〔2026〕1号", story.today, photo()),
            by=story.people.approver,
            on=story.today,
        )


def test_the_page_reads_as_often_for_it_as_for_others(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    story = aid_case(S.CONFIRMING)
    desk = Desk(story.people.lead, on=story.today)
    with django_assert_max_num_queries(60):
        assert desk.fetch(reverse("applications:detail", args=[story.case.pk])).status_code == 200


def test_its_buttons_and_its_authority_are_called_as_the_matter_calls_them() -> None:
    """同意救助 and 不予救助, by a township that is entrusted (国务院令第649号第四十八条) and not delegated to."""
    story = aid_case(S.CONFIRMING)
    lead = Desk(story.people.lead, on=story.today)
    page = body(lead.get("detail", story.case.pk))
    assert "同意救助" in page
    assert "确认同意" not in page
    assert "由乡镇（委托）审核确认" in page
    asked = body(lead.open_act(story, "approve"))
    assert "同意救助" in asked
    assert "确认同意" not in asked
    answer = lead.act(story, "approve")
    assert answer.status_code == 302
    assert "“同意救助”已办好" in body(lead.get("detail", story.case.pk))


def test_its_refusal_is_called_as_the_matter_calls_it() -> None:
    story = refusing(aid_case(S.INVESTIGATING, yearly_wage="90000.00"))
    story.later()
    lead = Desk(story.people.lead, on=story.today)
    assert "不予确认" not in body(lead.get("detail", story.case.pk))
    assert ACTS["refuse"].told_of(story.case).label == "不予救助"
    lead.act(story, "refuse")
    assert "“不予救助”已办好" in body(lead.get("detail", story.case.pk))


def test_lists_terms_and_exports_call_an_entrusted_township_so_and_a_delegated_one_otherwise() -> None:
    story = aid_case(S.ACCEPTED)
    assert story.case.authority == "township"
    assert CaseResource().export(Case.objects.all()).dict[0]["确认机关"] == "乡镇（委托）"
    terms = body(Desk(story.people.approver, on=story.today).get("terms", query={"scheme": "temporary_aid"}))
    assert "临时救助・申请・乡镇（委托）" in terms
    others = body(Desk(story.people.approver, on=story.today).get("terms", query={"scheme": "dibao"}))
    assert "低保・申请・乡镇（下放）" in others
