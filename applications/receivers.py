"""What rooms below tell the cases."""

from datetime import date
from typing import Any

from django.dispatch import receiver

from applications.services import families
from applications.services.confirming import send_up_stranded
from applications.services.deadlines import recompute_provisional
from applications.services.investigation import note_means_check_answer
from applications.services.issuing import note_delivery
from documents.models import Delivery
from documents.signals import document_delivered
from households.models import Attachment
from households.signals import attachment_voiding
from organizations.models import Staff
from organizations.signals import calendar_year_entered, confirmers_changed
from verification.models import MeansCheck
from verification.signals import means_check_answered


@receiver(means_check_answered)
def _means_check_answered(sender: object, *, check: MeansCheck, by: Staff, on: date, **_: Any) -> None:
    note_means_check_answer(check, by=by, on=on)


@receiver(calendar_year_entered)
def _calendar_year_entered(sender: object, **_: Any) -> None:
    recompute_provisional()


@receiver(confirmers_changed)
def _confirmers_changed(sender: object, *, on: date, **_: Any) -> None:
    send_up_stranded(on=on)


@receiver(document_delivered)
def _document_delivered(sender: object, *, delivery: Delivery, by: Staff, **_: Any) -> None:
    note_delivery(delivery, by=by)


@receiver(attachment_voiding)
def _attachment_voiding(sender: object, *, attachment: Attachment, **_: Any) -> None:
    families.check_unused(attachment)
