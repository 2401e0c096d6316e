"""What cases tell the rooms above."""

from django.dispatch import Signal

review_decided = Signal()
"""Sent with ``case``, ``result`` (复核结果) and ``on`` after a review was approved, in the same transaction."""
