"""What rooms below tell of cases, families and papers."""

from typing import Any

from django.dispatch import receiver

from documents.models import Document
from documents.signals import document_voiding
from organizations.models import Staff
from organizations.signals import calendar_year_entered
from temporary_aid import services
from temporary_aid.services import advancing


@receiver(document_voiding, dispatch_uid="temporary_aid.whose_paper_is_voided")
def _document_voiding(sender: Any, *, document: Document, by: Staff, **kwargs: Any) -> None:
    services.check_may_void(document, by=by)


@receiver(calendar_year_entered, dispatch_uid="temporary_aid.recompute_provisional")
def _calendar_year_entered(sender: Any, **kwargs: Any) -> None:
    advancing.recompute_provisional()
