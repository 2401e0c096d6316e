"""What rooms below tell of cases, families and papers."""

from typing import Any

from django.dispatch import receiver

from documents.models import Document
from documents.signals import document_voiding
from organizations.models import Staff
from temporary_aid import services


@receiver(document_voiding, dispatch_uid="temporary_aid.whose_paper_is_voided")
def _document_voiding(sender: Any, *, document: Document, by: Staff, **kwargs: Any) -> None:
    services.check_may_void(document, by=by)
