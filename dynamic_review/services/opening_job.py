"""发起复核（成批）: the reviews of a village or of chosen families, opened by a worker one after another."""

from dynamic_review.models import ReviewDue
from dynamic_review.permissions import Permission
from dynamic_review.services.opening import start_review
from foundation.errors import ServiceError
from organizations.services.job_run import JobRun
from organizations.services.jobs import job_kind


@job_kind("dynamic_review.open", permission=Permission.MANAGE_REVIEWS, cancellable=True)
def open_reviews(job: JobRun) -> None:
    """Open the review of every award named, one transaction each; what is under way already is left as it is.

    Begun anew it opens what is not open yet: a refusal stands in the list of faults with its sentence.
    """
    keys = [int(key) for key in job.parameters["dues"]]
    rows = list(ReviewDue.objects.filter(pk__in=keys, closed_on=None).select_related("award", "case").order_by("pk"))
    waiting = [row for row in rows if row.case is None or not row.case.is_open]
    job.begin(len(waiting))
    for row in waiting:
        if job.is_cancelled():
            break
        try:
            start_review(row.award, by=job.by, on=job.on)
        except ServiceError as error:
            job.fail(row=row.award.number, message=error.message)
        else:
            job.done()
    job.result(url="/reviews/?shown=under_way")
