"""What verification tells the rooms above it."""

from django.dispatch import Signal

means_check_answered = Signal()
"""A check has its result (核对结果返回): ``check``, ``by``, ``on``, ``late_reason``; sent inside the transaction."""

family_told = Signal()
"""The family was told of differences (告知申请人): ``check``, ``by``, ``on``, ``late_reason``; as above.

A receiver may refuse what is late without a reason, or not for this person to do.
"""
