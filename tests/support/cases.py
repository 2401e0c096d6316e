"""A person at the pages of a case: opens an act, keeps what the page suggests, fills in the rest, sends it."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from organizations.models import Staff
from tests.support.stories import Story

_BACKEND = "django.contrib.auth.backends.ModelBackend"
_HERE = ZoneInfo("Asia/Shanghai")
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c6338b16f150004"
    "8202312e4cec330000000049454e44ae426082"
)


def photo(name: str = "现场.png") -> SimpleUploadedFile:
    """A picture of one dot."""
    return SimpleUploadedFile(name, PNG, "image/png")


class Desk:
    """One person signed in on one day, at ten in the morning."""

    def __init__(self, staff: Staff, *, on: date) -> None:
        self.staff = staff
        self.moment = datetime(on.year, on.month, on.day, 10, tzinfo=_HERE)
        self.client = Client()
        with self._then():
            self.client.force_login(staff, backend=_BACKEND)

    def _then(self) -> Any:
        return time_machine.travel(self.moment, tick=False)

    def get(self, name: str, *args: Any, query: dict[str, Any] | None = None) -> Any:
        with self._then():
            return self.client.get(reverse(f"applications:{name}", args=args), query or {})

    def client_get(self, url: str, query: dict[str, Any]) -> Any:
        """An address with a query; lists give a name several times."""
        with self._then():
            return self.client.get(url, query)

    def fetch(self, url: str) -> Any:
        with self._then():
            return self.client.get(url)

    def post(self, url: str, data: dict[str, Any] | None = None) -> Any:
        with self._then():
            return self.client.post(url, data or {})

    def open_act(self, story: Story, name: str) -> Any:
        return self.get("act", story.case.pk, name)

    def typed(self, page: HttpResponse, **values: Any) -> dict[str, Any]:
        """What the page's form would send, with some fields filled in."""
        form = page.context["form"]  # type: ignore[attr-defined]
        sent = {}
        for form_part in (form, *(_parts(form.rows) if form.rows is not None else ())):
            for bound in form_part:
                value = bound.field.prepare_value(bound.value())
                if value is not None and value is not False and value != "":
                    sent[bound.html_name] = value
        return sent | values

    def act(self, story: Story, name: str, **values: Any) -> Any:
        """Open the act's page and send it."""
        page = self.open_act(story, name)
        assert page.status_code == 200, f"{name}: {page.status_code}"
        return self.send(story, name, self.typed(page, **values))

    def send(self, story: Story, name: str, data: dict[str, Any]) -> Any:
        return self.post(reverse("applications:act", args=[story.case.pk, name]), data)


def _parts(rows: Any) -> list[Any]:
    return [rows.management_form, *rows.forms]


def errors_of(page: Any) -> dict[str, list[str]]:
    """Errors of the page's form by field."""
    return dict(page.context["form"].errors)
