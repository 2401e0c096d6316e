"""What awards tell the rooms above."""

from django.dispatch import Signal

award_ended = Signal()
"""Sent with ``end`` (the decision, with its award) after an award was ended (停发), in the same transaction."""

laid_before_a_standard = Signal()
"""Sent with ``version`` (just written) and ``later`` (months after its own from which another standard holds, in their
order), in the same transaction: whoever lays uplifts (提标) reckons the version's facts by each and lays that behind
it."""

phase_out_revoked = Signal()
"""Sent with ``phase_out`` after the county took it back (撤销渐退), in the same transaction."""

roll_freezing = Signal()
"""Sent with ``roll`` before finance's signature freezes it (定册), under the lock of its scheme's freezing: a receiver
that must not have it frozen now raises :class:`benefits.services.rolls.RollRefused`."""

award_page_opened = Signal()
"""Sent with ``award``, ``staff`` and ``on``; a receiver answers (words, address) of each act that the person may do."""

sources_asked = Signal()
"""Sent with ``numbers`` (办件编号 and others on which changes rest) and ``staff``; a receiver answers the addresses of
those that the person may open, by number."""

phase_outs_listed = Signal()
"""Sent with ``rows`` (phase-outs that run), ``staff`` and ``on``; a receiver answers by key the address where
the person brings a family back (恢复低保)."""
