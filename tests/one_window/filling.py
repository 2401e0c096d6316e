"""A page as a browser sends it back: every field as shown, with what the person types."""

from html.parser import HTMLParser
from typing import Any


class _Form(HTMLParser):
    """The fields of one form of a page, in order."""

    def __init__(self, wanted: str) -> None:
        super().__init__()
        self.wanted = wanted
        self.inside = False
        self.template = 0
        self.fields: dict[str, list[str]] = {}
        self._select = ""
        self._area = ""
        self._first = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag == "form":
            self.inside = self.wanted in (given.get("id", ""), given.get("action", ""))
        self.template += tag == "template"
        if not self.inside or self.template:
            return
        name = given.get("name", "")
        if tag == "input" and name:
            self._take_input(name, given)
        elif tag == "select":
            self._select, self._first = name, True
        elif tag == "option" and self._select:
            if self._first or "selected" in given:
                self.fields[self._select] = [given.get("value", "")]
            self._first = False
        elif tag == "textarea":
            self._area = name
            self.fields[name] = [""]

    def _take_input(self, name: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if kind in ("checkbox", "radio"):
            if "checked" in given:
                self.fields.setdefault(name, []).append(given.get("value", "on"))
        elif kind not in ("file", "submit"):
            self.fields[name] = [given.get("value", "")]

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] = [self.fields[self._area][0] + data]

    def handle_endtag(self, tag: str) -> None:
        self.template -= tag == "template"
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            if self._area:
                self.fields[self._area] = [self.fields[self._area][0].removeprefix("\n")]
            self._area = ""


def fields_of(response: Any, form: str = "intake-form") -> dict[str, Any]:
    """What a browser would send of a form, found by its id or address."""
    parser = _Form(form)
    parser.feed(response.content.decode())
    assert parser.fields, f"the page has no form {form}"
    return {name: values if len(values) > 1 else values[0] for name, values in parser.fields.items()}
