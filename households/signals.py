"""What families tell the rooms above."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.dispatch import Signal

if TYPE_CHECKING:
    from datetime import date, datetime

    from households.models import Household, Member, Person
    from organizations.models import Area, Staff


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

family_moving = Signal()
"""Sent with a :class:`Move` before a family moves to another village or is sent on its way to another township; a
receiver whose rows cannot go along refuses with a ServiceError that says what to do first."""

family_moved = Signal()
"""Sent with the :class:`Move` after a family moved, in the same transaction."""

families_merging = Signal()
"""Sent with ``household``, ``into`` and ``on`` before the first family joins the second; a receiver may refuse."""

family_ending = Signal()
"""Sent with ``household`` before its last member leaves alive; a receiver may refuse."""

members_changed = Signal()
"""Sent with a :class:`Change` after people joined or left a family, in the same transaction."""

death_mended = Signal()
"""Sent with a :class:`Mended` after the day of a death was corrected, in the same transaction."""

death_cancelled = Signal()
"""Sent with a :class:`Cancelled` after the registration of a death was cancelled, in the same transaction; a receiver
whose rows rest on the death and cannot follow refuses with a ServiceError."""

person_merged = Signal()
"""Sent with ``former``, ``known`` (people), ``member`` and ``standing`` (members), ``by`` and ``on`` after the record
of a person was found to be another one's: what stands under the former goes over, or a receiver refuses."""


record_asked = Signal()
"""Sent with ``households`` (keys of families that ``staff`` may see); a receiver answers a list of :class:`Entry`."""


@dataclass(frozen=True)
class Entry:
    """One entry of a family's or a person's record (档案变动).

    :param changes: what was changed, from what, to what; masked.
    :param case: number of the case in whose course it happened.
    :param url: where the case is, for who may open it.
    """

    at: datetime
    title: str
    by: str
    why: str = ""
    changes: tuple[tuple[str, str, str], ...] = ()
    case: str = ""
    url: str = ""


@dataclass(frozen=True)
class Move:
    """A family's way from one village to another.

    :param by: who moves or accepts it.
    """

    household: Household
    from_area: Area
    to_area: Area
    by: Staff
    on: date


@dataclass(frozen=True)
class Mended:
    """The day of a person's death as it was registered and as it is corrected."""

    household: Household
    person: Person
    before: date
    died_on: date
    by: Staff
    on: date


@dataclass(frozen=True)
class Cancelled:
    """A death that was registered of somebody who lives, and why its registration is cancelled.

    :param died_on: the day that was on record.
    """

    household: Household
    person: Person
    died_on: date
    by: Staff
    on: date
    reason: str


@dataclass(frozen=True)
class Change:
    """Who joined or left a family, why and when.

    :param kind: a kind of event of the family (``died``, ``left``, ``split``, ``merged``, ``joined`` …).
    """

    household: Household
    kind: str
    by: Staff
    on: date
    joined: tuple[Member, ...] = ()
    left: tuple[Member, ...] = ()

    @property
    def words(self) -> str:
        """Who joined or left, for the trail of the rooms above."""
        return "、".join(str(member.person) for member in (*self.left, *self.joined))
