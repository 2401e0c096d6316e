"""重新制发: a voided notice goes out again under a new number, by the body whose paper it is."""

import pytest
from django.urls import reverse

from applications import services
from applications.rules.process import CaseState
from documents.models import Document, DocumentKind
from documents.services import archived_pdf, void_document
from foundation.errors import NotPermitted
from tests.documents.reading import text_of
from tests.support.cases import Desk
from tests.support.stories import Story, case_in

pytestmark = pytest.mark.usefixtures("county")
K = DocumentKind


def papers_of(story: Story, kind: DocumentKind) -> list[Document]:
    links = story.case.documents.filter(document__kind=kind).select_related("document").order_by("pk")
    return [link.document for link in links]


def void(story: Story, kind: DocumentKind) -> Document:
    (document,) = papers_of(story, kind)
    by = story.people.approver if document.issuing_area.code == "341824" else story.people.officer
    return void_document(document, reason="姓名有误", by=by, on=story.today)


def test_a_voided_refusal_goes_out_again_with_the_same_reasons_under_a_new_number() -> None:
    story = case_in(CaseState.REFUSED)
    first = void(story, K.REFUSAL_NOTICE)
    second = services.reissue(story.case, kind=K.REFUSAL_NOTICE, by=story.people.approver, on=story.today)
    assert (first.number, second.number) == ("绩民救不予〔2026〕1号", "绩民救不予〔2026〕2号")
    assert papers_of(story, K.REFUSAL_NOTICE) == [first, second]
    text = text_of(archived_pdf(second))
    assert "超出62,820.00元" in text and second.number in text


@pytest.mark.parametrize("kind", [K.APPROVAL_FORM, K.APPROVAL_NOTICE])
def test_papers_of_an_approval_go_out_again_with_the_decided_amount(kind: DocumentKind) -> None:
    story = case_in(CaseState.APPROVED)
    void(story, kind)
    again = services.reissue(story.case, kind=kind, by=story.people.approver, on=story.today)
    assert f"{story.case.decision.monthly_amount:,.2f}元" in text_of(archived_pdf(again))


def test_an_acceptance_notice_goes_out_again_with_the_day_of_acceptance() -> None:
    story = case_in(CaseState.ACCEPTED)
    void(story, K.ACCEPTANCE_NOTICE)
    again = services.reissue(story.case, kind=K.ACCEPTANCE_NOTICE, by=story.people.officer, on=story.later().today)
    assert "已于2026年9月7日受理" in text_of(archived_pdf(again))


def test_a_paper_in_force_is_not_issued_twice() -> None:
    story = case_in(CaseState.REFUSED)
    with pytest.raises(services.NotNow, match="没有作废后待重新制发"):
        services.reissue(story.case, kind=K.REFUSAL_NOTICE, by=story.people.approver, on=story.today)
    void(story, K.REFUSAL_NOTICE)
    services.reissue(story.case, kind=K.REFUSAL_NOTICE, by=story.people.approver, on=story.today)
    with pytest.raises(services.NotNow, match="没有作废后待重新制发"):
        services.reissue(story.case, kind=K.REFUSAL_NOTICE, by=story.people.approver, on=story.today)


@pytest.mark.parametrize("kind", [K.VISIT_FORM, K.PUBLICITY_SHEET, K.APPROVAL_NOTICE, "stranger"])
def test_what_belongs_to_a_day_or_was_never_owed_is_not_issued_again(kind: str) -> None:
    story = case_in(CaseState.PUBLICISED)
    for document in papers_of(story, K.VISIT_FORM) + papers_of(story, K.PUBLICITY_SHEET):
        void_document(document, reason="姓名有误", by=story.people.officer, on=story.today)
    with pytest.raises(services.NotNow):
        services.reissue(story.case, kind=kind, by=story.people.approver, on=story.today)


def test_a_notice_voided_by_taking_the_acceptance_back_is_not_offered() -> None:
    story = case_in(CaseState.ACCEPTED)
    services.take_back(story.case, by=story.people.officer, on=story.today)
    with pytest.raises(services.NotNow):
        services.reissue(story.case, kind=K.ACCEPTANCE_NOTICE, by=story.people.officer, on=story.today)


def test_a_township_does_not_issue_the_countys_paper() -> None:
    story = case_in(CaseState.REFUSED)
    void(story, K.REFUSAL_NOTICE)
    with pytest.raises(NotPermitted):
        services.reissue(story.case, kind=K.REFUSAL_NOTICE, by=story.people.officer, on=story.today)


def test_the_case_page_offers_it_once_a_notice_is_voided() -> None:
    story = case_in(CaseState.REFUSED)
    approver = Desk(story.people.approver, on=story.today)
    url = reverse("applications:act", args=[story.case.pk, "reissue"])
    assert url not in approver.get("detail", story.case.pk).content.decode()
    void(story, K.REFUSAL_NOTICE)
    assert url in approver.get("detail", story.case.pk).content.decode()
    assert approver.act(story, "reissue").status_code == 302
    assert len(papers_of(story, K.REFUSAL_NOTICE)) == 2
    assert url not in approver.get("detail", story.case.pk).content.decode()
