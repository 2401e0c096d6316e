"""民主评议: who took part and what they said agree with the votes; the record is a numbered paper; F57 §19."""

from typing import Any

import pytest
from django.urls import reverse

from applications import papers, services
from applications.models import Appraisal
from applications.models.investigation import Participant
from applications.rules.process import CaseState
from documents.models import Document, DocumentKind
from documents.services import archived_pdf, preview_pdf, void_document
from tests.documents.reading import text_of
from tests.support.cases import Desk, errors_of
from tests.support.stories import Story, case_in

pytestmark = pytest.mark.django_db
NAMES = ("胡德财", "程桂英", "汪三妹", "章大庆", "许桂香", "邵长发")


def appraising() -> Story:
    return case_in(CaseState.APPRAISING)


def hold(story: Story, participants: list[Participant], votes_for: int, votes_against: int) -> Appraisal:
    return services.record_appraisal(
        story.case,
        held_on=story.today,
        place="村委会会议室",
        host="汪书记",
        dispute="邻里对其务工收入有争议",
        participants=participants,
        votes_for=votes_for,
        votes_against=votes_against,
        by=story.people.officer,
        on=story.today,
    )


def six(*opinions: str, role: str = "representative") -> list[Participant]:
    return [Participant(name, role, opinion) for name, opinion in zip(NAMES, opinions, strict=False)]


def record_of_case(story: Story) -> Document:
    return story.case.documents.get(document__kind=DocumentKind.APPRAISAL_RECORD).document


def test_a_held_appraisal_leaves_the_townships_numbered_record() -> None:
    story = appraising()
    held = hold(story, six("for", "for", "for", "against", ""), 4, 1)
    document = held.document
    assert document is not None
    assert (document.kind, document.number) == (DocumentKind.APPRAISAL_RECORD, "绩临救评〔2026〕1号")
    text = text_of(archived_pdf(document))
    for words in (document.number, document.check_code, "胡德财村（居）民代表赞成", "许桂香村（居）民代表不记名"):
        assert words in text, words
    assert "赞成4票反对1票弃权0人" in text
    assert "邻里对其务工收入有争议" in text
    assert story.household.members.get(relation="head").person.id_number.reveal() not in text
    assert document in [link.document for link in story.case.documents.select_related("document")]


def test_the_record_is_blank_before_the_meeting_and_names_the_dispute() -> None:
    story = appraising()
    blank = papers.appraisal_record(story.case)
    assert (blank.appraisal, blank.dispute, blank.person_count) == (None, "邻里对其务工收入有争议", 3)
    assert "□情况属实□情况不实" in text_of(preview_pdf(blank.kind, blank))
    officer = Desk(story.people.officer, on=story.today)
    url = reverse("applications:print_paper", args=[story.case.pk, "appraisal_record"])
    assert url in officer.get("detail", story.case.pk).content.decode()
    printed = officer.post(url, {})
    assert printed["Content-Type"] == "application/pdf"
    assert "社会救助民主评议记录表" in text_of(b"".join(printed))


@pytest.mark.parametrize(
    ("opinions", "votes", "words"),
    [
        (("for", "for", "against"), (3, 0), "填“赞成”的有2人，不记名的有0人，和赞成3票对不上"),
        (("for", "for", "against"), (2, 0), "和反对0票对不上"),
        (("for", "for", "abstained"), (2, 1), "和反对1票对不上"),
        (("for", "", ""), (0, 2), "和赞成0票对不上"),
        (("", "", ""), (3, 1), "票数之和不能多于参评人数"),
        ((), (1, 0), "请填参评人"),
    ],
)
def test_votes_that_do_not_agree_with_who_was_there_are_refused(
    opinions: tuple[str, ...], votes: tuple[int, int], words: str
) -> None:
    story = appraising()
    with pytest.raises(services.NotNow, match=words):
        hold(story, six(*opinions), *votes)
    assert not Appraisal.objects.exists()


@pytest.mark.parametrize(("opinions", "votes", "abstained"), [(("for", "", ""), (2, 1), 0), (("", "", ""), (1, 1), 1)])
def test_secret_votes_count_as_they_were_counted(
    opinions: tuple[str, ...], votes: tuple[int, int], abstained: int
) -> None:
    assert hold(appraising(), six(*opinions), *votes).abstained == abstained


@pytest.mark.parametrize(("representatives", "hinted"), [(3, True), (4, False), (6, False)])
def test_few_representatives_are_hinted_at_and_nothing_more(representatives: int, hinted: bool) -> None:
    story = appraising()
    others = [Participant(name, "village_official") for name in NAMES[representatives:]]
    held = hold(story, [*six(*[""] * representatives), *others], 6, 0)
    assert (held.representatives, held.has_few_representatives) == (representatives, hinted)
    page = Desk(story.people.officer, on=story.today).get("detail", story.case.pk).content.decode()
    assert (f"参评的村（居）民代表{representatives}人，不到参评人数的三分之二" in page) is hinted
    assert f"民主评议记录表 {record_of_case(story).number}" in page


def test_names_alone_of_earlier_appraisals_still_read() -> None:
    story = appraising()
    earlier = Appraisal(
        case=story.case, participants=["甲", "乙"], votes_for=1, votes_against=1, recorded_by=story.people.officer
    )
    assert earlier.attendance == (Participant("甲"), Participant("乙"))
    assert not earlier.has_few_representatives


def test_the_record_can_be_voided_but_like_the_visits_not_issued_again() -> None:
    story = appraising()
    hold(story, six("for"), 1, 0)
    void_document(record_of_case(story), reason="姓名有误", by=story.people.officer, on=story.today)
    with pytest.raises(services.NotNow, match="没有作废后待重新制发"):
        services.reissue(story.case, kind=DocumentKind.APPRAISAL_RECORD, by=story.people.officer, on=story.today)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "请填参评人，至少一位"),
        ({"participants-0-name": "胡3"}, "姓名"),
        ({"participants-0-name": "胡德财", "participants-0-opinion": "against"}, "和赞成1票对不上"),
    ],
)
def test_what_is_wrong_on_the_page_is_said_and_stays(values: dict[str, Any], words: str) -> None:
    story = appraising()
    officer = Desk(story.people.officer, on=story.today)
    typed = {"place": "村委会", "host": "汪主任", "votes_for": 1, "votes_against": 0, **values}
    answer = officer.act(story, "record-appraisal", **typed)
    assert answer.status_code == 422, errors_of(answer)
    page = answer.content.decode()
    assert words in page
    assert 'value="汪主任"' in page
    if name := values.get("participants-0-name"):
        assert f'value="{name}"' in page
