"""Files of an aid (附件): opened by who may see the aid; the reading is recorded."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from foundation.access import grant
from foundation.errors import NotPermitted, ServiceError
from foundation.rates import REVEALS_A_MINUTE, limited
from foundation.responses import private_file
from foundation.trail import because
from organizations.models import Staff
from organizations.models.records import AccessKind
from organizations.services import record_access
from temporary_aid import services
from temporary_aid.forms.aids import AddFileForm
from temporary_aid.models import AidFile, AidFileKind
from temporary_aid.permissions import Permission, can_act
from temporary_aid.queries import visible_to
from temporary_aid.services.files import ADDING
from temporary_aid.services.owed import confirm_papers as confirm_all
from temporary_aid.views.loading import aid_or_404, attempt, staff_of, to_aid
from temporary_aid.views.pages import act_page
from temporary_aid.views.reading import with_purpose


@grant(*ADDING)
@require_http_methods(["GET", "POST"])
def add_file(request: HttpRequest, pk: int) -> HttpResponse:
    """补充附件: papers follow the help, also after the aid was decided or closed."""
    aid, staff = aid_or_404(request, pk), staff_of(request)
    if not any(can_act(staff, permission, area=aid.area) for permission in ADDING):
        raise NotPermitted(f"您没有为{aid.area.name}的临时救助上传附件的权限。")
    form = AddFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        kind, upload = form.cleaned_data["kind"], form.cleaned_data["photo"]
        done = attempt(
            form,
            "补充附件",
            lambda: services.add_file(aid, kind=kind, upload=upload, by=staff, at=timezone.now(), field="photo"),
        )
        if done is not None:
            messages.success(request, f"{done.get_kind_display()}已保存。")
            return to_aid(aid.pk, "files")
    effect = "先救助，材料可以后补。照片和扫描件加密保存，只有能看这件临时救助的人能打开。"
    return act_page(request, aid, form, title="补充附件", effect=effect)


@grant(Permission.HANDLE_AID)
@require_POST
def confirm_papers(request: HttpRequest, pk: int) -> HttpResponse:
    """确认补齐 of papers that were owed."""
    aid, staff = aid_or_404(request, pk), staff_of(request)
    try:
        with because("确认补齐手续"):
            confirm_all(aid, by=staff, at=timezone.now())
    except NotPermitted:
        raise
    except ServiceError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "手续已补齐。")
    return to_aid(aid.pk, "owed")


@grant(Permission.VIEW_AID)
@limited("reveal", a_minute=REVEALS_A_MINUTE, methods=("POST",))
@require_http_methods(["GET", "POST"])
def aid_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a photo or paper of an aid (打开附件); proof of identity for a purpose only."""
    staff = staff_of(request)
    files = AidFile.objects.filter(aid__in=visible_to(staff)).select_related("aid__area__parent")
    found = get_object_or_404(files, pk=pk)
    if found.kind == AidFileKind.IDENTITY:
        subject, title = ("aid_file", found.pk), f"打开{found.get_kind_display()}"
        return with_purpose(request, found.aid, title=title, subject=subject, opened=lambda: _opened(found, staff))
    return _opened(found, staff)


def _opened(found: AidFile, staff: Staff) -> HttpResponse:
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
