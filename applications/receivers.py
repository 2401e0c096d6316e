"""What rooms below tell the cases."""

from datetime import date
from typing import Any

from django.dispatch import receiver

from applications.services.investigation import note_means_check_answer
from organizations.models import Staff
from verification.models import MeansCheck
from verification.signals import means_check_answered


@receiver(means_check_answered)
def _means_check_answered(sender: object, *, check: MeansCheck, by: Staff, on: date, **_: Any) -> None:
    note_means_check_answer(check, by=by, on=on)
