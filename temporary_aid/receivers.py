"""What rooms below tell of cases, families and the calendar."""

from typing import Any

from django.dispatch import receiver

from organizations.signals import calendar_year_entered
from temporary_aid.services import advancing


@receiver(calendar_year_entered, dispatch_uid="temporary_aid.recompute_provisional")
def _calendar_year_entered(sender: Any, **kwargs: Any) -> None:
    advancing.recompute_provisional()
