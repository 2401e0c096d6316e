"""重新制发: a voided notice goes out again under a new number, by the body whose paper it is."""

import pytest
from django.urls import reverse

from applications import services
from applications.queries import duties
from applications.rules.process import CaseState
from documents.models import Document, DocumentKind
from documents.services import archived_pdf, record_of, void_document
from foundation.errors import NotPermitted
from tests.applications.telling import changed, die, member, moved
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
    for document in papers_of(story, K.VISIT_FORM):
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


def test_a_paper_of_the_decision_goes_out_again_as_it_was_whatever_the_family_is_now() -> None:
    story = case_in(CaseState.APPROVED)
    first = void(story, K.APPROVAL_FORM)
    other = moved(story)
    changed(story, by=other)
    story.later()
    again = services.reissue(story.case, kind=K.APPROVAL_FORM, by=story.people.approver, on=story.today)
    assert record_of(again) == record_of(first)
    assert (again.issued_on, again.issuing_area, again.area) == (story.today, first.issuing_area, first.area)
    text = text_of(archived_pdf(again))
    assert again.number in text and first.number not in text
    assert not [word for word in ("77,123.45", "98,765.43", "新址88号", "新来人", "13911112222") if word in text]


def test_papers_of_a_family_that_ended_can_still_be_reissued() -> None:
    story = case_in(CaseState.APPROVED)
    for relation in ("child", "spouse", "head"):
        die(story, member(story, relation))
    first = void(story, K.APPROVAL_FORM)
    again = services.reissue(story.case, kind=K.APPROVAL_FORM, by=story.people.approver, on=story.today)
    assert record_of(again) == record_of(first)


@pytest.mark.parametrize("delegated", [False, True])
def test_only_who_confirms_for_the_deciding_body_voids_and_reissues_papers_of_the_decision(delegated: bool) -> None:
    story = case_in(CaseState.APPROVED, delegated=delegated)
    people = story.people
    confirmer, other = (people.lead, people.approver) if delegated else (people.approver, people.lead)
    for kind in (K.APPROVAL_FORM, K.APPROVAL_NOTICE):
        (first,) = papers_of(story, kind)
        for by in (people.officer, people.visitor, other):
            with pytest.raises(NotPermitted):
                void_document(first, reason="姓名有误", by=by, on=story.today)
        void_document(first, reason="姓名有误", by=confirmer, on=story.today)
        for by in (people.officer, people.visitor, other):
            with pytest.raises(NotPermitted):
                services.reissue(story.case, kind=kind, by=by, on=story.today)
        services.reissue(story.case, kind=kind, by=confirmer, on=story.today)
    assert len(papers_of(story, K.APPROVAL_FORM)) == 2


def test_the_clerk_is_not_shown_what_only_the_confirmer_may_do() -> None:
    story = case_in(CaseState.APPROVED, delegated=True)
    (form,) = papers_of(story, K.APPROVAL_FORM)
    clerk, lead = (Desk(staff, on=story.today) for staff in (story.people.officer, story.people.lead))
    voiding, reissuing = reverse("documents:void", args=[form.pk]), ("applications:act", story.case.pk, "reissue")
    page = reverse("documents:preview", args=[form.pk])
    assert voiding not in clerk.client_get(page, {}).content.decode()
    assert voiding in lead.client_get(page, {}).content.decode()
    assert clerk.client_get(voiding, {}).status_code == 403
    void_document(form, reason="姓名有误", by=story.people.lead, on=story.today)
    url = reverse(reissuing[0], args=reissuing[1:])
    assert url not in clerk.get("detail", story.case.pk).content.decode()
    assert "审核确认表已作废，还没有重新制发" in clerk.get("detail", story.case.pk).content.decode()
    assert url in lead.get("detail", story.case.pk).content.decode()


def test_a_termination_notice_goes_out_again() -> None:
    story = case_in(CaseState.TERMINATED)
    first = void(story, K.TERMINATION_NOTICE)
    again = services.reissue(story.case, kind=K.TERMINATION_NOTICE, by=story.people.officer, on=story.today)
    assert record_of(again) == record_of(first)


def test_a_supplement_notice_goes_out_again_only_while_the_case_is_open() -> None:
    story = case_in(CaseState.SUPPLEMENTING)
    void(story, K.SUPPLEMENT_NOTICE)
    story.withdraw()
    with pytest.raises(services.NotNow):
        services.reissue(story.case, kind=K.SUPPLEMENT_NOTICE, by=story.people.officer, on=story.today)


@pytest.mark.parametrize(
    ("state", "kind", "delegated", "who"),
    [
        (CaseState.REFUSED, K.REFUSAL_NOTICE, False, {"approver"}),
        (CaseState.APPROVED, K.APPROVAL_NOTICE, False, {"approver"}),
        (CaseState.APPROVED, K.APPROVAL_NOTICE, True, {"lead"}),
        (CaseState.TERMINATED, K.TERMINATION_NOTICE, False, {"officer"}),
        (CaseState.ACCEPTED, K.ACCEPTANCE_NOTICE, False, {"officer"}),
    ],
)
def test_an_owed_paper_lies_on_the_list_of_who_reissues_it(
    state: CaseState, kind: DocumentKind, delegated: bool, who: set[str]
) -> None:
    story = case_in(state, delegated=delegated)
    first = papers_of(story, kind)[0]
    names = ("officer", "assistant", "lead", "operator", "visitor", "approver")

    def waiting() -> set[str]:
        people = {name: getattr(story.people, name) for name in names}
        return {
            name for name, staff in people.items() if story.case in duties(staff, on=story.today).get("reissue", ())
        }

    assert waiting() == set()
    by = getattr(story.people, next(iter(who)))
    void_document(first, reason="姓名有误", by=by, on=story.today)
    assert waiting() == who
    services.reissue(story.case, kind=kind, by=by, on=story.today)
    assert waiting() == set()
