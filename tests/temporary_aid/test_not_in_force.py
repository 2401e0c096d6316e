"""Where a figure of the county is not in force, pages of aid say which one instead of breaking."""

from collections.abc import Mapping

import pytest
from django.test import Client
from django.urls import reverse

from eligibility.queries import parameters
from tests.support.aid import open_urgent
from tests.support.crews import county_data
from tests.temporary_aid.granted import helped

pytestmark = pytest.mark.django_db
SENTENCE = "没有下列标准和参数的有效值"
BACKEND = "django.contrib.auth.backends.ModelBackend"


def test_pages_say_what_is_missing_and_a_part_of_a_page_the_sentence_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    county_data()
    story = helped()
    waiting = open_urgent(story.people.officer)
    stage = story.stage()

    def nothing(*args: object, **kwargs: object) -> Mapping[str, object]:
        return {}

    monkeypatch.setattr(parameters, "_nearest", nothing)
    client = Client()
    client.force_login(story.people.officer, backend=BACKEND)
    told = 0
    for name, args in (
        ("list", []),
        ("reports", []),
        ("quick", []),
        ("figures", []),
        ("advances", []),
        ("reserve", []),
        ("stages", []),
        ("open", []),
        ("detail", [waiting.pk]),
        ("detail", [story.aid.pk]),
        ("propose", [waiting.pk]),
        ("pay_advance", [waiting.pk]),
        ("pay_stage", [stage.pk]),
    ):
        response = client.get(reverse(f"temporary_aid:{name}", args=args))
        assert response.status_code in (200, 422), name
        if response.status_code == 422:
            assert SENTENCE in response.content.decode(), name
            assert "请县民政局在“标准与参数”中补录" in response.content.decode(), name
            told += 1
    assert told
    typed = {"cause": "fire", "grade": "general", "kind": "urgent"}
    part = client.post(reverse("temporary_aid:suggest"), typed, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert SENTENCE in part.content.decode()
    assert "<html" not in part.content.decode()
