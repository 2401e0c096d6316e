"""A person at a browser: reads pages as text, fills in the form whose button they press, follows links by their words.

Fields keep what the page put into them; only what the person types is given. No address and no hidden field is
written by hand, so what a page does not offer cannot be done.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.test import Client

from organizations.models import Staff

PASSWORD = "Correct-Horse-88"
_SILENT = frozenset({"script", "style", "template", "head", "option", "svg"})
_VOID = frozenset({"input", "br", "hr", "img", "meta", "link", "path", "rect", "col", "use"})


@dataclass
class Button:
    words: str
    form: "Form | None"
    name: str = ""
    value: str = ""


@dataclass
class Form:
    """One form of a page: where it goes and what it would send."""

    action: str
    id: str = ""
    fields: dict[str, list[str]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, Any]:
        return {name: values if len(values) > 1 else values[0] for name, values in self.fields.items()}


class _Reader(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url
        self.words: list[str] = []
        self.forms: list[Form] = []
        self.buttons: list[tuple[Button, str]] = []
        self.links: list[tuple[str, str]] = []
        self._stack: list[str] = []
        self._form: Form | None = None
        self._into: list[list[str]] = []
        self._select: tuple[str, bool] = ("", False)
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag not in _VOID:
            self._stack.append(tag)
        if "template" in self._stack:
            return
        if tag == "form":
            action = urlsplit(urljoin(self.url, given.get("action", "")))
            self._form = Form(action.path + (f"?{action.query}" if action.query else ""), given.get("id", ""))
            self.forms.append(self._form)
        elif tag == "a" and "href" in given:
            self._listen(lambda words: self.links.append((words, given["href"])))
        elif tag == "button" and "disabled" not in given:
            button = Button("", self._form, given.get("name", ""), given.get("value", ""))
            self.buttons.append((button, given.get("form", "")))
            self._listen(lambda words: setattr(button, "words", words))
        elif self._form is not None:
            self._field(self._form, tag, given)

    def _listen(self, done: Any) -> None:
        self._into.append([])
        self._done = done

    def _field(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "text")
        if "disabled" in given:
            return
        if tag == "input" and kind in ("checkbox", "radio"):
            if "checked" in given:
                form.fields.setdefault(name, []).append(given.get("value", "on"))
        elif tag == "input" and name and kind not in ("file", "submit"):
            form.fields[name] = [given.get("value", "")]
        elif tag == "select":
            self._select = (name, True)
        elif tag == "option" and self._select[0]:
            self._option(form, given)
        elif tag == "textarea":
            self._area = name
            form.fields[name] = [""]

    def _option(self, form: Form, given: dict[str, str]) -> None:
        name, is_first = self._select
        if is_first or "selected" in given:
            form.fields[name] = [given.get("value", "")]
        self._select = (name, False)

    def handle_data(self, data: str) -> None:
        if self._area and self._form is not None:
            self._form.fields[self._area][0] += data.removeprefix("\n")
        if not _SILENT & set(self._stack):
            self.words.append(data)
            for listening in self._into:
                listening.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._stack:
            while self._stack.pop() != tag:
                pass
        if tag in ("a", "button") and self._into:
            self._done(_joined(self._into.pop()))
        elif tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ("", False)
        elif tag == "textarea":
            self._area = ""


def _joined(words: list[str]) -> str:
    return re.sub(r"\s+", " ", "".join(words)).strip()


class Page:
    """A page that was opened: its words, and what may be pressed on it."""

    def __init__(self, browser: "Browser", response: Any) -> None:
        self.browser, self.response = browser, response
        self.status = response.status_code
        self.url: str = response.request["PATH_INFO"]
        self.is_html = response.get("Content-Type", "").startswith("text/html")
        self.html = response.content.decode() if self.is_html else ""
        reader = _Reader(self.url)
        reader.feed(self.html)
        self.forms = reader.forms
        self.links = reader.links
        self.buttons = [_bound(button, form, self.forms) for button, form in reader.buttons]
        self.text = _joined(reader.words)

    def says(self, *texts: str) -> "Page":
        for text in texts:
            assert text in self.text, f"{self.url} ({self.status}) does not say {text!r}: {self.text}"
        return self

    def is_silent_about(self, *texts: str) -> "Page":
        for text in texts:
            assert text not in self.html, f"{self.url} says {text!r}"
        return self

    def offers(self, words: str) -> bool:
        """Whether there is a button or a link with these words."""
        found = [button.words for button in self.buttons] + [link for link, _ in self.links]
        return any(_means(words, one) for one in found)

    def form_with(self, words: str) -> Form:
        """The form that a button sends."""
        return self._button(words)[0]

    def _button(self, words: str) -> tuple[Form, Button]:
        for button in self.buttons:
            if button.form is not None and _means(words, button.words):
                return button.form, button
        raise AssertionError(f"{self.url} has no button {words!r}: {[button.words for button in self.buttons]}")

    def press(self, words: str, **typed: Any) -> "Page":
        """Fill in the form of the button with these words, and press it."""
        form, button = self._button(words)
        sent = form.values | ({button.name: button.value} if button.name else {}) | typed
        return self.browser.send(form.action, sent)

    def click(self, words: str) -> "Page":
        """Follow the link with these words."""
        for link, href in self.links:
            if _means(words, link):
                return self.browser.open(urljoin(self.url, href))
        raise AssertionError(f"{self.url} has no link {words!r}: {[link for link, _ in self.links]}")


def _means(words: str, found: str) -> bool:
    return found == words or found.startswith((f"{words} ", f"{words}："))


def _bound(button: Button, form: str, forms: list[Form]) -> Button:
    if form:
        button.form = next((one for one in forms if one.id == form), None)
    return button


class Browser:
    """One person's browser; where the session is over they sign in at the log-in form and go on."""

    def __init__(self, staff: Staff) -> None:
        self.staff = staff
        self.client = Client()

    def open(self, url: str) -> Page:
        page = Page(self, self.client.get(url, follow=True))
        if page.offers("登录"):
            page = page.press("登录", username=self.staff.staff_number, password=PASSWORD)
        return page

    def send(self, url: str, data: dict[str, Any]) -> Page:
        return Page(self, self.client.post(url, data, follow=True))

    def home(self) -> Page:
        return self.open("/")


def page_of(response: Any) -> Page:
    """A response that somebody else fetched, read as a page."""
    return Page(None, response)  # type: ignore[arg-type]
