"""What the organisation tells the rooms above."""

from django.dispatch import Signal

calendar_year_entered = Signal()
"""A year's official holidays have been entered: what was reckoned by weekdays alone is worked out anew. ``year``."""

confirmers_changed = Signal()
"""A post or a delegation ended: some township may have nobody left who may confirm. ``on``."""
