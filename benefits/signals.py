"""What awards tell the rooms above."""

from django.dispatch import Signal

award_ended = Signal()
"""Sent with ``end`` (the decision, with its award) after an award was ended (停发), in the same transaction."""
