"""Logs, error pages, tasks and Redis: no number of a person, whatever goes wrong."""

import inspect
import io
import json
import logging
import re
import runpy
import sys
import unicodedata
from typing import Any

import pytest
from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.views.debug import ExceptionReporter

from foundation.logs import MaskingFormatter
from foundation.personal_numbers import holds_number, mask_numbers
from households.models import Household
from organizations.models import Staff
from tests.households.web import as_staff

ID, PHONE, CARD = "341899196803120011", "13905632207", "6217001234567890123"


@pytest.fixture
def lines() -> Any:
    """A logger that writes as ours do, and what it wrote."""
    written, logger = io.StringIO(), logging.getLogger("test.masking")
    handler = logging.StreamHandler(written)
    handler.setFormatter(MaskingFormatter("{levelname} {message}", style="{"))
    logger.handlers, logger.propagate = [handler], False
    yield logger, written
    logger.handlers, logger.propagate = [], True


@pytest.mark.parametrize("number", [ID, "34189919680312001X", PHONE, CARD])
def test_a_number_in_message_argument_or_traceback_is_masked(lines: Any, number: str) -> None:
    logger, written = lines
    logger.warning(f"证号{number}重复")  # noqa: G004 -- what nobody should write
    logger.warning("found %s in %r", number, {"id_number": number})
    try:
        raise ValueError(f"invalid {number}")
    except ValueError:
        logger.exception("save failed")
    text = written.getvalue()
    assert number not in text and number[3:14] not in text
    assert "save failed" in text and "ValueError" in text and f"{number[:3]}****{number[-4:]}" in text


def test_every_handler_of_ours_masks() -> None:
    formatters = settings.LOGGING["formatters"]
    assert {formatter["()"] for formatter in formatters.values()} == {"foundation.logs.MaskingFormatter"}
    assert all(handler["formatter"] in formatters for handler in settings.LOGGING["handlers"].values())
    loggers = settings.LOGGING["loggers"]
    assert loggers["django.server"] == {"handlers": ["django.server"], "level": "INFO", "propagate": False}
    assert loggers["django"]["handlers"] == [], "reports by mail would carry what was sent"


def test_the_web_servers_own_lines_have_no_query_and_are_masked() -> None:
    before = list(sys.path)
    config = runpy.run_path(str(settings.BASE_DIR / "gunicorn.conf.py"))
    sys.path[:] = before
    assert "%(B)sB %(D)sus" in config["access_log_format"], "figures side by side would be masked as a telephone"
    assert not any(part in config["access_log_format"] for part in ("%(r)s", "%(q)s", "%(f)s", "{referer}i"))
    masking = config["logger_class"]
    log, logger = logging.getLogger("test.gunicorn"), masking.__new__(masking)
    logger._set_handler(log, "-", logging.Formatter("%(message)s"))
    assert [type(handler.formatter) for handler in log.handlers] == [MaskingFormatter]
    log.handlers = []


@pytest.mark.django_db
def test_a_fault_tells_the_person_nothing_of_it_and_the_log_no_number(
    clerk: Staff, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError(f"no row for {ID}")

    monkeypatch.setattr("workbench.views.find", fails)
    browser = as_staff(clerk)
    browser.raise_request_exception = False
    answer = browser.post(reverse("workbench:search"), {"q": ID})
    assert answer.status_code == 500
    page = answer.content.decode()
    assert ID not in page and "RuntimeError" not in page and "Traceback" not in page
    record = next(record for record in caplog.records if record.name == "django.request")
    assert ID not in MaskingFormatter("%(message)s").format(record)


def test_a_report_of_a_fault_holds_nothing_that_was_sent_or_held(rf: RequestFactory) -> None:
    request: HttpRequest = rf.post("/families/", {"id_number": ID}, headers={"cookie": "sessionid=abcdef"})
    id_number = ID
    try:
        assert not id_number
    except AssertionError:
        reporter = ExceptionReporter(request, *sys.exc_info())
    reporter.filter.is_active = lambda request: False  # type: ignore[method-assign]
    data = reporter.get_traceback_data()
    assert all(not frame["vars"] for frame in data["frames"])
    assert not data["filtered_POST_items"] and "abcdef" not in str(dict(data["request_COOKIES_items"]))


@pytest.mark.parametrize(
    "text",
    [
        ID,
        "34189919680312001x",
        PHONE,
        CARD,
        "３４１８９９１９６８０３１２００１１",
        "341899 19680312 0011",
        "139-0563-2207",
        "139_0563–2207",
        "1 3 9 0 5 6 3 2 2 0 7",
        "5 139 0563 2207",
        "139\u200b0563\u200b2207",
        "张13905632207",
        "胡341824196803120012号",
    ],
)
def test_what_looks_like_a_persons_number_is_found_and_masked(lines: Any, text: str) -> None:
    assert holds_number([f"q={text}"])
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", text.removeprefix("5 ")))
    logger, written = lines
    logger.warning(f"q={text}")  # noqa: G004 -- what nobody should write
    for masked in (mask_numbers(f"q={text}"), written.getvalue()):
        assert "****" in masked and digits[4:-4] not in re.sub(r"\D", "", masked)


@pytest.mark.parametrize(
    "text",
    [
        "H101000001",
        "341824101200",
        "2026-01-01 2026-12-31",
        "2026-01-15 2026-12-31",
        "341824101200 341824101201",
        "1a13905632207bcd",
        "8430125597013426",
        "",
        "胡德旺 （1968）",
    ],
)
def test_numbers_of_areas_cases_and_papers_are_nobodys(text: str) -> None:
    assert not holds_number([text]) and mask_numbers(text) == text


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", [f"q={ID}", f"next=/families/?q={ID}", f"x={PHONE}", f"{CARD}=1", "q=341899+19680312+0011"]
)
@pytest.mark.parametrize("signed_in", [True, False])
def test_an_address_with_a_number_is_not_worked_on(
    client: Client, clerk: Staff, family: Household, query: str, signed_in: bool, django_assert_num_queries: Any
) -> None:
    browser = as_staff(clerk) if signed_in else client
    for page in ("workbench:search", "households:list", "applications:list", "organizations:login"):
        with django_assert_num_queries(0):
            answer = browser.get(f"{reverse(page)}?{query}")
        assert answer.status_code == 400
        text = answer.content.decode()
        assert "查找框" in text and ID not in text and PHONE not in text


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["workbench:search", "households:list", "applications:list", "applications:documents"])
def test_a_number_that_is_looked_for_never_comes_back_as_an_address(
    clerk: Staff, family: Household, number: str, page: str
) -> None:
    answer = as_staff(clerk).post(reverse(page), {"q": number})
    assert number not in answer.get("Location", "")
    assert f"={number}" not in answer.content.decode()


@pytest.mark.django_db
def test_whoever_is_signed_out_is_not_sent_on_with_a_number(client: Client) -> None:
    referer = f"http://testserver/families/?q={ID}"
    answer = client.post(reverse("households:export"), headers={"Referer": referer})
    assert answer.status_code == 302 and ID not in answer["Location"]


def test_tasks_take_keys_only() -> None:
    current_app.loader.import_default_modules()
    tasks = {name: task for name, task in current_app.tasks.items() if not name.startswith("celery.")}
    assert tasks
    for name, task in tasks.items():
        for parameter in inspect.signature(task.run).parameters.values():
            is_open = parameter.kind is inspect.Parameter.VAR_KEYWORD and parameter.name == "kwargs"
            is_key = parameter.name.endswith(("_id", "_ids")) and parameter.annotation in (int, "int", list[int])
            assert is_open or is_key, f"{name} takes {parameter}"
    assert settings.CELERY_TASK_IGNORE_RESULT and not getattr(settings, "CELERY_RESULT_BACKEND", None)
    assert not any(entry.get("kwargs") or entry.get("args") for entry in settings.CELERY_BEAT_SCHEDULE.values())


@pytest.mark.django_db
def test_redis_holds_counts_of_visits_and_nothing_of_people(clerk: Staff, family: Household, number: str) -> None:
    browser = as_staff(clerk)
    browser.post(reverse("workbench:search"), {"q": number})
    browser.post(reverse("households:export"), {"q": number})
    client = cache._cache.get_client(None)
    own = [key for key in client.keys(f"*{cache.key_prefix}*")]
    assert own and all(b"rate:" in key for key in own)
    kept = json.dumps([[key.decode(), client.get(key).decode(errors="replace")] for key in own])
    assert number not in kept and clerk.name not in kept
    assert settings.SESSION_ENGINE == "django.contrib.sessions.backends.db"
