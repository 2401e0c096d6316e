"""我的后台办理: one's own long work, how far it is, what failed of it; another person's does not exist."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from foundation.access import signed_in
from foundation.errors import NotPermitted, ServiceError
from foundation.paging import page_of
from foundation.rates import EXPORTS_A_MINUTE, limited
from foundation.responses import private_file, spreadsheet
from organizations import services
from organizations.models import Job, JobFile
from organizations.queries.jobs import faults_of, jobs_of
from organizations.resources import JobFaultResource
from organizations.rules.jobs import pace
from organizations.views.staff import staff_of

_FAULTS_ON_PAGE = 50


@signed_in
@never_cache
@require_safe
def job_list(request: HttpRequest) -> HttpResponse:
    """Everything that one has started, the newest first."""
    return render(request, "organizations/jobs.html", {"page": page_of(request, jobs_of(staff_of(request)))})


@signed_in
@never_cache
@require_safe
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """One's long work and how far it is; asked by htmx, the piece that moves."""
    found, now = _own(request, pk), timezone.now()
    faults = faults_of(found)
    seconds = ((found.finished_at or now) - found.begun_at).total_seconds() if found.begun_at else 0.0
    context = {
        "job": found,
        "pace": pace(total=found.total, done=found.done + found.failed, seconds=seconds),
        "through": found.done + found.failed,
        "today": timezone.localdate(now),
        "faults": faults[:_FAULTS_ON_PAGE],
        "fault_count": faults.count(),
        "kept": JobFile.objects.filter(job=found).first(),
        "may_cancel": found.is_open and services.is_cancellable(found),
    }
    is_piece = bool(request.headers.get("HX-Request"))
    return render(request, "organizations/_job.html" if is_piece else "organizations/job.html", context)


@signed_in
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop one's long work (取消)."""
    found = _own(request, pk)
    try:
        found = services.cancel_job(found, by=staff_of(request), at=timezone.now())
    except NotPermitted:
        raise
    except ServiceError as refusal:
        messages.warning(request, refusal.message)
    else:
        said = "正在取消，办完手上的一批就停。" if found.is_open else "已取消。"
        messages.success(request, said)
    return redirect("organizations:job", pk=pk)


@signed_in
@never_cache
@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file that one's long work made, for some days; each time it is taken away is on record."""
    kept = get_object_or_404(JobFile, job=_own(request, pk))
    try:
        content = services.take_away(kept, by=staff_of(request), at=timezone.now())
    except services.FileGone as gone:
        messages.warning(request, gone.message)
        return redirect("organizations:job", pk=pk)
    return private_file(content, content_type=kept.content_type, name=kept.name, download=True)


@signed_in
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
def export_faults(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows that could not be done, as Excel."""
    found, now = _own(request, pk), timezone.now()
    content = services.export_list(
        JobFaultResource(), faults_of(found), words="导出后台办理未成的{}行", query="", by=staff_of(request), at=now
    )
    return spreadsheet(content, name=f"job-{found.pk}-faults-{timezone.localdate(now):%Y%m%d}")


def _own(request: HttpRequest, pk: int) -> Job:
    return get_object_or_404(jobs_of(staff_of(request)), pk=pk)
