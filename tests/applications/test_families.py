"""What happens to a family while it has a case, or after one was decided."""

from collections.abc import Callable

import pytest

from applications import services
from applications.models import IntakePaper, PublicityPhoto, VisitAttachment
from applications.rules.process import CaseState
from households import services as households
from households.models import Attachment
from households.services import NotAllowedNow
from tests.support.crews import crew, instant
from tests.support.stories import Story, case_in, new_story
from tests.support.tekun import child, tekun_case_in

pytestmark = pytest.mark.usefixtures("county")
S = CaseState


def void(story: Story, attachment: Attachment) -> None:
    households.void_attachment(attachment, reason="传错", by=story.people.officer, at=instant(story.today))


@pytest.mark.parametrize(
    ("used", "sentence"),
    [
        (lambda story: IntakePaper.objects.filter(intake=story.intake).first(), "签字材料"),
        (lambda story: VisitAttachment.objects.get(visit__case=story.case), "入户调查记录"),
        (lambda story: PublicityPhoto.objects.get(publicity__case=story.case), "公示张贴证明"),
    ],
)
def test_what_a_case_rests_on_is_not_voided(used: Callable[[Story], IntakePaper], sentence: str) -> None:
    story = case_in(S.APPROVED)
    attachment = used(story).attachment
    with pytest.raises(NotAllowedNow, match=sentence):
        void(story, attachment)
    assert Attachment.objects.get(pk=attachment.pk).voided_at is None


def test_the_posting_of_an_announcement_and_a_supplement_are_not_voided() -> None:
    story = case_in(S.SUPPLEMENTING)
    item, paper = story.case.supplement_notice.items.first(), story.scan()
    services.receive_supplement(item, by=story.people.officer, on=story.today, attachment=paper)
    with pytest.raises(NotAllowedNow, match="补正材料"):
        void(story, paper)
    decided = case_in(S.APPROVED, people=story.people)
    photo = decided.scan()
    services.announce(
        decided.case, posted_on=decided.today, place="公开栏", by=story.people.officer, on=decided.today, photo=photo
    )
    with pytest.raises(NotAllowedNow, match="村内公布"):
        void(decided, photo)


def test_the_signed_self_care_form_and_choice_of_support_are_not_voided() -> None:
    people = crew()
    story = tekun_case_in(S.INVESTIGATING, people=people, household=child(people))
    form, choice = story.scan(), story.scan()
    report = services.SelfCareReport(story.today, "家中", [], "home_based", "汪建国")
    by = {"by": people.officer, "on": story.today}
    services.assess_self_care(
        story.head(), report=report, assessors=story.assessors(), case=story.case, scan=form, **by
    )
    services.choose_support(
        story.case,
        member=story.head(),
        choice="tekun",
        chosen_on=story.today,
        chosen_by="汪建国",
        scan=choice,
        **by,
    )
    for attachment, sentence in ((form, "生活自理能力评估表"), (choice, "保障选择")):
        with pytest.raises(NotAllowedNow, match=sentence):
            void(story, attachment)
        assert Attachment.objects.get(pk=attachment.pk).voided_at is None


def test_a_scan_that_a_newer_one_replaced_may_be_voided() -> None:
    story = new_story().sign_papers()
    former = IntakePaper.objects.get(intake=story.intake, kind="commitment_letter").attachment
    story.add_paper("commitment_letter")
    void(story, former)
    assert Attachment.objects.get(pk=former.pk).voided_at is not None
