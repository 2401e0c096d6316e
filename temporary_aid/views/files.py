"""Files of an aid (附件): opened by who may see the aid; the reading is recorded."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from foundation.access import grant
from foundation.responses import private_file
from organizations.models.records import AccessKind
from organizations.services import record_access
from temporary_aid.models import AidFile
from temporary_aid.permissions import Permission
from temporary_aid.queries import visible_to
from temporary_aid.views.loading import staff_of


@grant(Permission.VIEW_AID)
def aid_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a photo or paper of an aid (打开附件)."""
    staff = staff_of(request)
    found = get_object_or_404(AidFile.objects.filter(aid__in=visible_to(staff)), pk=pk)
    record_access(
        kind=AccessKind.ATTACHMENT,
        staff=staff,
        at=timezone.now(),
        subject_type="temporary_aid",
        subject_id=found.aid_id,
        reason=found.get_kind_display(),
    )
    with found.file.open("rb") as file:
        return private_file(file.read(), content_type=found.content_type, name=found.original_name.reveal())
