"""All that a person reads without naming a family: lists, home page, search, exports."""

from django.urls import reverse

from tests.matrix.world import NAMES_HERE, Visitor, lasting_text_of

Overview = dict[str, tuple[int, str]]

_PAGES = (
    "workbench:home",
    "households:list",
    "households:duplicates",
    "households:transfers",
    "applications:list",
    "applications:documents",
    "verification:list",
    "one_window:start",
    "organizations:account",
)
_QUERIES = (
    {"state": "confirming"},
    {"lamp": "late"},
    {"mine": "on"},
    *({"q": name} for name in NAMES_HERE),
    {"q": "hdw"},
    {"township": "341824101"},
    {"village": "341824101200"},
)


def overview_of(visitor: Visitor) -> Overview:
    """Status and text of every list, filtered in every way, and of every export, by address."""
    browser = visitor.browser()
    found = {}
    for page in _PAGES:
        found[page] = browser.get(reverse(page))
    for page in ("households:list", "applications:list", "applications:documents", "workbench:search"):
        for query in _QUERIES:
            found[f"{page} {query}"] = browser.get(reverse(page), query)
    for page in ("households:export", "applications:export", "applications:documents_export"):
        found[page] = browser.post(reverse(page))
    return {address: (answer.status_code, lasting_text_of(answer)) for address, answer in found.items()}
