"""Two people at the same step at the same moment: one acts, the other reads why not, nothing is done twice."""

from datetime import date

import pytest

from applications import services
from applications.models import Case, CaseEvent, Decision, Intake, Proposal, Publicity
from applications.rules.process import CaseState, EventKind
from benefits.models import Award
from documents.models import Delivery, Document
from foundation.errors import StaleVersion
from organizations.permissions import Role
from tests.concurrency.together import refusals, sentence, together
from tests.support.crews import LINXI, START, crew, family
from tests.support.factories import make_staff
from tests.support.stories import Story, case_in, new_story
from verification import services as verification
from verification.models import MeansCheck

pytestmark = pytest.mark.django_db(transaction=True)
S = CaseState
SINCE = date(2026, 1, 1)


def events(case: Case, kind: EventKind) -> int:
    return CaseEvent.objects.filter(case=case, kind=kind).count()


def test_two_people_confirm_the_same_case() -> None:
    story = case_in(S.CONFIRMING).later()
    second = make_staff(Role.COUNTY_APPROVER, "341824", name="舒畅", on=SINCE)
    outcomes = together(
        *(
            lambda by=by: services.approve(Case.objects.get(pk=story.case.pk), opinion="同意", by=by, on=story.today)
            for by in (story.people.approver, second)
        )
    )
    assert "现在是“确认同意”" in sentence(outcomes)
    assert Decision.objects.count() == Award.objects.count() == 1
    assert story.refresh().state == S.APPROVED
    assert events(story.case, EventKind.APPROVED) == 1
    kinds = [row.document.kind for row in story.case.documents.select_related("document")]
    assert sorted(kinds).count("approval_form") == sorted(kinds).count("approval_notice") == 1


def test_one_confirms_while_another_sends_back() -> None:
    story = case_in(S.CONFIRMING).later()
    second = make_staff(Role.COUNTY_APPROVER, "341824", name="舒畅", on=SINCE)
    case = Case.objects.get(pk=story.case.pk)
    outcomes = together(
        lambda: services.approve(case, opinion="同意", by=story.people.approver, on=story.today, version=case.version),
        lambda: services.send_back(case, missing="补查", by=second, on=story.today, version=case.version),
    )
    (refusal,) = refusals(outcomes)
    assert isinstance(refusal, StaleVersion)
    assert "刚刚被别人办理过" in refusal.message
    approved = story.refresh().state == S.APPROVED
    assert approved or story.case.state == S.RETURNED
    assert Decision.objects.count() == Award.objects.count() == approved


def test_two_clerks_accept_the_same_application() -> None:
    story = case_in(S.SUBMITTED)
    second = make_staff(Role.TOWNSHIP_OFFICER, LINXI, name="舒畅", on=SINCE)
    outcomes = together(
        *(
            lambda by=by: services.accept(Case.objects.get(pk=story.case.pk), by=by, on=story.today)
            for by in (story.people.officer, second)
        )
    )
    assert "现在是“已受理”" in sentence(outcomes)
    assert events(story.case, EventKind.ACCEPTED) == 1
    assert list(story.case.documents.values_list("document__serial", flat=True)) == [1]


def test_one_publishes_while_the_signer_takes_back() -> None:
    story = case_in(S.PROPOSED)
    people, case = story.people, story.case
    outcomes = together(
        lambda: services.publicise(case, place="公开栏", telephone="0563-8160000", by=people.officer, on=story.today),
        lambda: services.take_back(case, by=people.lead, on=story.today),
    )
    assert sentence(outcomes)
    published = story.refresh().state == S.PUBLICISED
    assert published or story.case.state == S.INVESTIGATING
    assert Publicity.objects.filter(case=case).count() == published
    assert events(case, EventKind.PUBLICISED) == published
    assert (Proposal.objects.get(case=case).signed_on is not None) == published


def test_two_clerks_draft_the_same_proposal() -> None:
    story = case_in(S.INVESTIGATING).ask_check().later(2).answer_check().visit()
    second = make_staff(Role.TOWNSHIP_OFFICER, LINXI, name="舒畅", on=SINCE)
    case = story.refresh()
    outcomes = together(
        *(
            lambda by=by: services.draft_proposal(
                case, data=story.suggested(), by=by, on=story.today, version=case.version
            )
            for by in (story.people.officer, second)
        )
    )
    assert "刚刚被别人办理过" in sentence(outcomes)
    assert Proposal.objects.filter(case=case).count() == 1


def opened(story: Story) -> Intake:
    return services.open_intake(
        story.household,
        applicant=story.household.members.get(relation="head"),
        channel="window",
        accounting_year=2026,
        reason="",
        schemes=["dibao"],
        by=story.people.officer,
        on=story.today,
    )


def test_one_family_applies_at_two_windows() -> None:
    story = new_story()
    story.sign_papers().submit().withdraw()
    outcomes = together(lambda: opened(story), lambda: opened(story))
    assert "低保" in sentence(outcomes)
    assert Case.objects.filter(household=story.household, state=S.DRAFT).count() == 1


def test_families_that_apply_at_once_get_neighbouring_numbers() -> None:
    story = new_story()
    families = [family(story.people) for _ in range(4)]
    stories = [Story(story.people, household, story.intake, story.case, START) for household in families]
    outcomes = together(*(lambda one=one: opened(one) for one in stories))
    assert refusals(outcomes) == []
    numbers = [*Intake.objects.values_list("number", flat=True), *Case.objects.values_list("number", flat=True)]
    assert sorted(int(number.rpartition("-")[2]) for number in numbers) == list(range(1, 11))


def test_papers_issued_at_once_are_numbered_without_gap_or_twin() -> None:
    people = crew()
    stories = [case_in(S.SUBMITTED, people=people) for _ in range(4)]
    outcomes = together(
        *(lambda one=one: services.accept(one.case, by=people.officer, on=one.today) for one in stories)
    )
    assert refusals(outcomes) == []
    assert sorted(Document.objects.values_list("serial", flat=True)) == [1, 2, 3, 4]
    assert len(set(Document.objects.values_list("number", flat=True))) == 4


def test_a_refused_act_leaves_no_gap_between_the_papers_of_the_others() -> None:
    people = crew()
    stories = [case_in(S.SUBMITTED, people=people) for _ in range(2)]
    twice = [*stories, *stories]
    outcomes = together(*(lambda one=one: services.accept(one.case, by=people.officer, on=one.today) for one in twice))
    assert len(refusals(outcomes)) == 2
    assert sorted(Document.objects.values_list("serial", flat=True)) == [1, 2]


def test_a_means_check_is_asked_for_twice_and_runs_once() -> None:
    story = case_in(S.INVESTIGATING)
    outcomes = together(
        *(
            lambda: services.ask_means_check(
                Case.objects.get(pk=story.case.pk), by=story.people.officer, on=story.today
            )
            for _ in range(2)
        )
    )
    assert "核对" in sentence(outcomes)
    assert MeansCheck.objects.count() == 1


def test_two_operators_answer_one_means_check() -> None:
    story = case_in(S.INVESTIGATING).ask_check()
    second = make_staff(Role.VERIFICATION_OPERATOR, "341824", name="舒畅", on=SINCE)
    outcomes = together(
        *(
            lambda by=by: verification.answer_means_check(
                MeansCheck.objects.get(), result="clean", findings=[], by=by, on=story.today
            )
            for by in (story.people.operator, second)
        )
    )
    assert sentence(outcomes)
    assert MeansCheck.objects.get().state == "answered"


def test_two_clerks_record_one_delivery() -> None:
    story = case_in(S.ACCEPTED)
    document = story.case.documents.get().document
    outcomes = together(
        *(
            lambda: services.deliver(
                Case.objects.get(pk=story.case.pk),
                Document.objects.get(pk=document.pk),
                delivered_on=story.today,
                way="direct",
                received_by="胡德旺",
                note="",
                by=story.people.officer,
                on=story.today,
            )
            for _ in range(2)
        )
    )
    assert sentence(outcomes)
    assert Delivery.objects.count() == 1
