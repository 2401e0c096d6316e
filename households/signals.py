"""What families tell the rooms above."""

from dataclasses import dataclass, field
from typing import Any

from django.dispatch import Signal


@dataclass(frozen=True)
class FamilyPanel:
    """What a room above shows on a family's page: awards, means checks, cases.

    :param order: place among the panels.
    :param action: words and address of what the room lets the person do for the family, at the head of the page.
    """

    order: int
    anchor: str
    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    action: tuple[str, str] | None = None


family_page_opened = Signal()
"""Sent with ``household``, ``staff`` and ``on``; a receiver answers a :class:`FamilyPanel` or nothing."""

attachment_voiding = Signal()
"""Sent with ``attachment`` before it is voided; a receiver whose rows rest on it refuses with a ServiceError."""
