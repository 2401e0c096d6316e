"""What families tell the self-test, as their browser sends it."""

import itertools
from typing import Any

from django.test import Client

URL = "/self-test/"
LINXI = "341824101"
Sent = dict[str, Any]
_addresses = (f"10.{first}.{second}.1" for first, second in itertools.product(range(256), range(256)))

PLACE: Sent = {"place-area": LINXI, "place-residence": "rural"}
MEANS: Sent = {"means-housing": "sound", "means-mishap": "none"}


def person(age: int | str, occupation: str = "at_home", kin: str = "", **facts: Any) -> Sent:
    """One person's answers; incomes by their names (wage, business, pension_monthly, support, other)."""
    return {"age": str(age), "occupation": occupation, **({"kin": kin} if kin else {}), **facts}


_INCOMES = ("wage", "business", "pension_monthly", "support", "other")


def family(*people: Sent, **more: Any) -> Sent:
    """Everything up to the step of means; ``means`` and ``place`` values by their full names."""
    sent = PLACE | MEANS | {"place-people": str(len(people)), "step": "means", "go": "next"}
    for index, facts in enumerate(people):
        for name, value in facts.items():
            sent[f"{'income' if name in _INCOMES else 'person'}-{index}-{name}"] = value
    return sent | {name.replace("__", "-"): value for name, value in more.items()}


def with_relatives(sent: Sent, known: str, *relatives: Sent, **more: Any) -> Sent:
    """The last step too."""
    rows = {f"relative-{place}-{name}": value for place, row in enumerate(relatives) for name, value in row.items()}
    count = {"relatives-count": str(max(2, len(relatives)))}
    return sent | rows | count | {"relatives-known": known, "step": "relatives"} | more


def tell(sent: Sent, client: Client | None = None) -> Any:
    """Send it, each time from another address."""
    return (client or Client()).post(URL, sent, REMOTE_ADDR=next(_addresses))


def verdicts(answer: Any) -> dict[str, str]:
    """How likely each scheme is, of an answer page."""
    return {guide.scheme: guide.verdict.value for guide in answer.context["answers"]}


def lines(answer: Any, scheme: str) -> list[str]:
    """The sentences of one scheme."""
    return next(list(guide.lines) for guide in answer.context["answers"] if guide.scheme == scheme)


def headline(answer: Any, scheme: str) -> str:
    """The amount of one scheme."""
    return next(str(guide.headline) for guide in answer.context["answers"] if guide.scheme == scheme)
