"""Papers to be signed and the dossier as PDF: each opening is on record."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from applications import papers
from applications.models import Case
from applications.models.intakes import PaperKind
from applications.permissions import Permission, check_can_act
from applications.views.loading import load_case, staff_of
from documents.models import DocumentKind
from documents.services import preview_pdf
from foundation.access import grant
from foundation.errors import ServiceError
from foundation.responses import private_file
from households.models import Member
from households.queries import current_members
from organizations.models.records import AccessKind
from organizations.services import record_access


@grant(Permission.VIEW_CASE)
@require_POST
@never_cache
def print_paper(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """A paper filled in for signature (打印待签): 申请表 and the like, or a blank form such as 入户调查表."""
    case = load_case(request, pk)
    check_can_act(staff_of(request), Permission.OPEN_INTAKE, area=case.area)
    today = timezone.localdate()
    if case.family_moved_away:
        messages.error(request, f"这个家庭已迁往{case.household.area.parent}，不能再按现在的资料打印。")
        return redirect("applications:detail", pk=case.pk)
    try:
        if blank := papers.BLANK_FORMS.get(kind):
            content, name = preview_pdf(DocumentKind(kind), blank(case)), DocumentKind(kind).label
        elif kind == DocumentKind.SELFCARE_FORM:
            member = _asked_member(request, case)
            content = preview_pdf(DocumentKind.SELFCARE_FORM, papers.selfcare_form(member))
            name = DocumentKind.SELFCARE_FORM.label
        else:
            content, name = papers.paper_for_signature(kind, case.intake, on=today), PaperKind(kind).label
    except ServiceError as error:
        messages.error(request, error.message)
        return redirect("applications:detail", pk=case.pk)
    return _pdf(request, case, content, name=name, reason=f"打印{name}")


@grant(Permission.VIEW_CASE)
@require_POST
@never_cache
def dossier(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything on paper of the case as one PDF (一户一档)."""
    case = load_case(request, pk)
    try:
        content = papers.dossier(case)
    except ServiceError as error:
        messages.error(request, error.message)
        return redirect("applications:detail", pk=case.pk)
    return _pdf(request, case, content, name=f"{case.number}档案", reason="一户一档")


def _asked_member(request: HttpRequest, case: Case) -> Member:
    """Whose form is asked for; the applicant's where nobody is named.

    :raises Http404: the person does not stand in the family.
    """
    asked = request.POST.get("member", "")
    pk = int(asked) if asked.isdecimal() else case.applicant_id
    return get_object_or_404(current_members(case.household), pk=pk)


def _pdf(request: HttpRequest, case: Case, content: bytes, *, name: str, reason: str) -> HttpResponse:
    record_access(
        kind=AccessKind.DOCUMENT,
        staff=staff_of(request),
        at=timezone.now(),
        subject_type="case",
        subject_id=case.pk,
        reason=reason,
    )
    return private_file(content, name=f"{name}.pdf")
