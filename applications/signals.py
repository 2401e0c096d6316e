"""What cases tell the rooms above."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.dispatch import Signal


@dataclass(frozen=True)
class Aside:
    """What a room above shows on the page of a case: a panel of its own.

    :param rows: what it says, name and words.
    :param links: where to go on, words and address, only such as the person may open.
    """

    title: str
    rows: Sequence[tuple[str, str]] = ()
    links: Sequence[tuple[str, str]] = ()


aid_proposed = Signal()
"""临时救助: sent with ``case``, ``proposal`` (just drafted), ``amount`` (proposed, yuan, Decimal), ``result`` (of the
assessment, with ``temporary_aid``: ``min``, ``max``, ``verdict``), ``by`` and ``on``, in the draft's transaction.
A receiver raises :class:`~applications.services.outcomes.base.NotProposable` where what such an amount takes is missing
(一事一议, a reason, frequency). Nobody connected is an error."""

aid_amount_asked = Signal()
"""临时救助: sent with ``case`` and ``on`` for the form of the proposal; a receiver answers what its record comes to,
yuan as Decimal, or nothing."""

aid_ceiling_asked = Signal()
"""临时救助: sent with ``case`` and ``on`` for the guideline of how much; a receiver answers the county's own top for
the aid's cause (因学上限), a multiple of the base as Decimal, or nothing where the type's holds."""

aid_followed_asked = Signal()
"""临时救助: sent with ``case`` to learn who decides it; a receiver answers what the same time came to before
(跟进救助), yuan as Decimal, or nothing: follow-ups share the township's limit with what they follow."""

aid_approved = Signal()
"""临时救助: sent with ``case``, ``proposal``, ``by`` and ``on`` when the case is approved, in the same transaction; the
receiver creates what is paid. What it answers, where that is words, is said on the trail. Nobody connected is an
error."""

aid_ended = Signal()
"""临时救助: sent with ``case``, ``state`` (``refused``, ``withdrawn``, ``terminated``), ``by`` and ``on`` after a case
ended without aid, in the same transaction; of a refusal the case has its ``decision``."""

case_page_opened = Signal()
"""Sent with ``case``, ``staff`` and ``on`` for the page of a case; a receiver answers an :class:`Aside` or nothing."""

review_decided = Signal()
"""Sent with ``case``, ``result`` (复核结果) and ``on`` after a review was approved, in the same transaction."""
