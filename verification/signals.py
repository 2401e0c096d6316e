"""What verification tells the rooms above it."""

from django.dispatch import Signal

means_check_answered = Signal()
"""A check has its result (核对结果返回): ``check``, ``by``, ``on``; sent inside the transaction."""
