"""调整通知书 after 提标: one for every award that it changed, issued piece by piece as long work, voided with it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from benefits.models import AwardVersion, PaperOccasion
from benefits.services import file_papers_of_versions
from documents.models import DocumentKind
from documents.services import Paper, issue_documents, void_documents
from dynamic_review.models import Uplift, UpliftLine, UpliftState
from dynamic_review.papers.uplifts import uplift_notices
from dynamic_review.permissions import Permission
from dynamic_review.queries.standings import in_chunks, versions_of
from dynamic_review.queries.uplift_notices import notices_on, without_notice
from dynamic_review.services.uplifts import UpliftRefused, job_on, locked_uplift
from organizations.models import Job, Staff
from organizations.queries import county
from organizations.services.job_run import JobRun
from organizations.services.jobs import job_kind

NOTICES = "dynamic_review.uplift.notices"
_PIECE = 25
"""Notices numbered and printed in one transaction: some seconds for which the counter of their kind is held."""


@transaction.atomic
def start_issuing_notices(uplift: Uplift, *, by: Staff, at: datetime) -> Job:
    """Have the notices (调整通知书) issued that are not yet; broken off, it goes on where it was.

    :raises NotPermitted: the person may not enter uplifts.
    :raises UpliftRefused: it is not carried out, or every family that it changed has its notice.
    """
    uplift = locked_uplift(uplift, by=by, permission=Permission.ENTER_UPLIFT)
    if uplift.state != UpliftState.APPLIED:
        raise UpliftRefused(f"这份提标{uplift.get_state_display()}，执行完了才能制发调整通知书。")
    if not without_notice(uplift).exists():
        raise UpliftRefused("调整的户都已经制发调整通知书。")
    return job_on(NOTICES, uplift, title=f"制发提标{uplift.number}的调整通知书", by=by, at=at)


@job_kind(NOTICES, permission=Permission.ENTER_UPLIFT, cancellable=True)
def issue_notices(job: JobRun) -> None:
    """Issue every notice that is not there, in pieces; what one piece committed is not done again."""
    uplift = Uplift.objects.get(pk=job.parameters["uplift"])
    waiting = without_notice(uplift)
    job.begin(waiting.count())
    issued = 0
    for keys in in_chunks(waiting, size=_PIECE):
        if job.is_cancelled():
            break
        done = _issue(uplift, keys, job)
        issued += done
        job.done(done)
    url = reverse("dynamic_review:uplift", args=[uplift.pk]) + "#notices"
    job.result(url=url, message=f"已制发{issued}份调整通知书，可以成批打印。")


@transaction.atomic
def _issue(uplift: Uplift, keys: Sequence[int], job: JobRun) -> int:
    """Under the uplift's lock, so that neither another job nor a roll-back comes between."""
    uplift = Uplift.objects.select_for_update(of=("self",)).get(pk=uplift.pk)
    if uplift.state != UpliftState.APPLIED:
        raise UpliftRefused(f"这份提标{uplift.get_state_display()}，没有再制发调整通知书。")
    rows = without_notice(uplift).filter(pk__in=keys)
    results: list[Any] = list(
        rows.select_related("line__award", "line__household", "line__area__parent").order_by("line__area__code", "pk")
    )
    versions = AwardVersion.objects.select_related("assessment").in_bulk([result.last_version for result in results])
    carried = [(result.line, versions[result.last_version]) for result in results]
    notices = uplift_notices(uplift, carried)
    papers = [Paper(line.area, notice) for (line, _), notice in zip(carried, notices, strict=True)]
    documents = issue_documents(papers, kind=DocumentKind.UPLIFT_NOTICE, issuing_area=county(), by=job.by, on=job.on)
    told = [(version, document) for (_, version), document in zip(carried, documents, strict=True)]
    file_papers_of_versions(told, occasion=PaperOccasion.UPLIFT)
    return len(told)


def void_notices(uplift: Uplift, lines: Sequence[UpliftLine], job: JobRun) -> int:
    """Void the notices of lines that were rolled back, with the roll-back's reason; who had one in hand is shown.

    :returns: how many were voided.
    """
    versions = versions_of(uplift.number).filter(award__in=[line.award_id for line in lines])
    keys = list(notices_on(versions).values_list("document_id", flat=True))
    return void_documents(keys, reason=f"提标已回退：{uplift.rolled_back_reason}", by=job.by, on=job.on)


def void_notice_of_former_sum(version: AwardVersion, *, number: str) -> int:
    """Void what a family was told of an uplift that was laid anew behind a version; its page says who lacks one now.

    :returns: how many were voided.
    """
    papers = notices_on(versions_of(number).filter(award=version.award_id))
    keys = list(papers.values_list("document_id", flat=True))
    reason = f"{version.reason}后，提标的金额已重新核定"
    return void_documents(keys, reason=reason, by=version.decided_by, on=version.decided_on)
