"""The user guide names the buttons that the pages have."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = (
    "applications",
    "benefits",
    "care",
    "dynamic_review",
    "households",
    "one_window",
    "organizations",
    "temporary_aid",
    "verification",
    "workbench",
)
GUIDE = sorted((ROOT / "docs" / "user-guide").glob("*.md"))
_PRESSED = re.compile(r"(?:点|有|后)“([^”]+)”")
NOT_BUTTONS = {"示例"}


def words_of_the_pages() -> str:
    files = [*ROOT.glob("templates/**/*.html"), *(path for room in ROOMS for path in (ROOT / room).glob("**/*.py"))]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


@pytest.mark.parametrize("page", GUIDE, ids=lambda page: page.stem)
def test_every_button_that_the_guide_tells_to_press_is_on_a_page(page: Path) -> None:
    text = page.read_text(encoding="utf-8").replace("\n   ", "").replace("\n", "")
    pressed = set(_PRESSED.findall(text)) - NOT_BUTTONS
    there = words_of_the_pages()
    assert [word for word in sorted(pressed) if word not in there] == []


def test_the_guide_tells_to_press_something() -> None:
    assert sum(len(_PRESSED.findall(page.read_text(encoding="utf-8"))) for page in GUIDE) > 30
