"""特困: the legal supporters sign the authorization at the window, or it is said why not (F43 §10)."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from applications import services
from applications.queries import CaseFile, lacks_before_acceptance
from applications.queries.consents import silent_of
from households import services as households
from households.models import Supporter
from households.services import SupporterData
from tests.one_window.filling import fields_of
from tests.support.cases import Desk, photo
from tests.support.crews import HUAYANG, crew
from tests.support.stories import Story, new_story
from tests.support.tekun import TekunStory, elder, tekun_story

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
LETTER = "authorization_letter"


def with_son(story: Story, *names: str) -> list[Supporter]:
    head = story.household.members.get(relation="head")
    rows = [SupporterData(name, "儿子", date(1985, 5, 1), {}) for name in names]
    households.save_supporters(head, rows=rows, known_all=True, by=story.people.officer, on=story.today)
    return list(Supporter.objects.filter(member=head, ended_on=None))


@pytest.fixture
def story() -> TekunStory:
    people = crew()
    return tekun_story(elder(people), people=people)


def desk_of(story: Story) -> Desk:
    return Desk(story.people.officer, on=story.today)


def page_of(story: Story) -> Any:
    return desk_of(story).fetch(f"/intake/{story.household.pk}/")


def hand_in(story: Story, **answers: str) -> Any:
    url = reverse("one_window:papers", args=[story.intake.pk])
    fields = fields_of(page_of(story), url)
    return desk_of(story).post(url, fields | answers | {LETTER: photo("授权书.png")})


def test_the_page_asks_every_supporter_and_says_who_is_missing(story: TekunStory) -> None:
    (son,) = with_son(story, "程小明")
    page = page_of(story).content.decode()
    assert f'name="supporter_{son.pk}"' in page and "程小明（程德福的儿子）" in page
    assert hand_in(story).status_code == 302
    page = page_of(story)
    assert page.context["desk"].silent == [son] and not page.context["desk"].is_consented
    assert "还缺：" in page.content.decode()


def test_who_signed_or_said_no_makes_the_consent_whole(story: TekunStory) -> None:
    first, second = with_son(story, "程小明", "程小亮")
    answer = hand_in(
        story,
        **{f"supporter_{first.pk}": "signed", f"supporter_{second.pk}": "refused"},
        **{f"supporter_note_{second.pk}": "9月6日上门，本人拒绝签字"},
    )
    assert answer.status_code == 302
    assert page_of(story).context["desk"].is_consented
    shown = desk_of(story).fetch(reverse("households:detail", args=[story.household.pk])).content.decode()
    assert "程小亮（拒绝签字：9月6日上门，本人拒绝签字）" in " ".join(shown.split())


def test_no_reason_keeps_what_was_typed_and_says_what_to_do(story: TekunStory) -> None:
    (son,) = with_son(story, "程小明")
    answer = hand_in(story, **{f"supporter_{son.pk}": "lost"})
    assert answer.status_code == 200 and not story.household.consents.exists()
    assert "程小明没有签字的，请选择原因并写明情况" in answer.content.decode()
    assert answer.context["hand_in"][f"supporter_{son.pk}"].value() == "lost"


def test_a_supporter_found_later_stops_acceptance_and_the_check_and_is_named(story: TekunStory) -> None:
    story.sign_papers().submit()
    with_son(story, "程小明")
    said = [lack.text for lack in lacks_before_acceptance(story.refresh(), on=story.today)]
    assert said == ["法定义务人还没有签署核查授权，也没有登记不签的原因：程小明"]
    with pytest.raises(services.NotAcceptable, match="程小明"):
        story.accept()
    story.sign_papers().accept().later().start()
    with_son(story, "程小亮")
    with pytest.raises(services.NotNow, match="程小亮"):
        story.ask_check()
    story.sign_papers().ask_check()


def test_a_dibao_application_does_not_wait_for_them() -> None:
    story = new_story()
    with_son(story, "胡建国")
    assert page_of(story).context["desk"].supporters == []
    story.sign_papers().submit().accept()
    assert silent_of(CaseFile(story.refresh(), on=story.today)) == []


def test_another_township_does_not_find_the_papers(story: TekunStory) -> None:
    desk = Desk(crew(HUAYANG).officer, on=story.today)
    url = reverse("one_window:papers", args=[story.intake.pk])
    assert desk.post(url, {LETTER: photo()}).status_code == 404
