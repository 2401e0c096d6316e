"""A preview reads at once what it shows, whatever the number of cases."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications import services
from applications.models import BatchAct, Case, CaseDocument, Proposal, ProposalPerson
from applications.rules.process import CaseState
from documents.models import Document, DocumentKind
from foundation.once import fresh_token
from tests.applications.telling import family_cases
from tests.support.cases import Desk
from tests.support.crews import instant
from tests.support.stories import Story, case_in, new_story

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]


def as_proposed(story: Story, cases: list[Case]) -> None:
    """Cases with a signed proposal like the story's."""
    pattern = story.case.proposals.get()
    member = pattern.persons.all()[0].member
    for case in cases:
        Case.objects.filter(pk=case.pk).update(state=CaseState.PROPOSED, accepted_on=story.case.accepted_on)
        copied = {field: getattr(pattern, field) for field in "is_eligible basis category monthly_amount".split()}
        proposal = Proposal.objects.create(
            case=case,
            assessment=pattern.assessment,
            opinion="同意",
            drafted_by=pattern.drafted_by,
            drafted_on=pattern.drafted_on,
            signed_by=pattern.signed_by,
            signed_on=pattern.signed_on,
            **copied,
        )
        ProposalPerson.objects.create(proposal=proposal, member=member)


def with_notices(story: Story, cases: list[Case]) -> None:
    """Cases with an acceptance notice like the story's."""
    pattern = story.case.documents.get(document__kind=DocumentKind.ACCEPTANCE_NOTICE).document
    for case in cases:
        serial = pattern.serial + case.pk
        document = Document.objects.get(pk=pattern.pk)
        document.pk, document.serial, document.number = None, serial, f"绩临救受〔2026〕{serial}号"
        document.save(force_insert=True)
        CaseDocument.objects.create(case=case, document=document)


def costs(story: Story, act: str, grow: Callable[[Story, list[Case]], None]) -> list[int]:
    """Queries of the preview for one, three and fifty cases."""
    desk = Desk(story.people.officer, on=story.today)

    def read() -> int:
        pks = list(Case.objects.values_list("pk", flat=True))
        with CaptureQueriesContext(connection) as captured:
            page = desk.client_get(reverse("applications:batch", args=[act]), {"case": pks})
        assert len(page.context["plan"].going) == len(pks)
        return len(captured)

    read()
    found = [read()]
    for more in (2, 47):
        known = set(Case.objects.values_list("pk", flat=True))
        family_cases(story, more)
        grow(story, list(Case.objects.exclude(pk__in=known)))
        found.append(read())
    assert Case.objects.count() == 50
    return found


@pytest.mark.parametrize(
    ("act", "grow"), [("publicise", as_proposed), ("print", with_notices), ("deliver", with_notices)]
)
def test_a_preview_costs_the_same_for_one_three_and_fifty_cases(
    act: str, grow: Callable[[Story, list[Case]], None]
) -> None:
    state = CaseState.PROPOSED if act == "publicise" else CaseState.ACCEPTED
    one, three, fifty = costs(case_in(state), act, grow)
    assert one == three == fifty


def test_a_result_costs_the_same_for_one_three_and_fifty_cases() -> None:
    story = new_story()
    desk, counts = Desk(story.people.officer, on=story.today), []
    for more in (0, 2, 47):
        family_cases(story, more)
        cases = list(Case.objects.all())
        batch = services.open_batch(
            BatchAct.PUBLICISE, cases, token=fresh_token(), by=story.people.officer, at=instant(story.today)
        )
        services.leave_out(batch, {case.pk: "还没有初审。" for case in cases})
        address = reverse("applications:batch_result", args=[batch.pk])
        desk.fetch(address)
        with CaptureQueriesContext(connection) as captured:
            page = desk.fetch(address)
        assert len(page.context["rows"]) == len(cases)
        counts.append(len(captured))
    assert len(set(counts)) == 1, counts
