"""A month's rolls of many townships as long work (后台办理): one transaction a township."""

from collections.abc import Sequence
from datetime import date, datetime

from benefits.models import MonthlyRoll, RollKind, RollState
from benefits.services.rolls.preparing import NothingOwed, prepare_roll
from foundation.errors import ServiceError
from organizations.models import Area, Job, Staff
from organizations.models.delegations import Scheme
from organizations.permissions import Permission
from organizations.services import JobRun, job_kind, start_job

PREPARE_ROLLS = "rolls.prepare"


def prepare_rolls_of_month(
    month: date, scheme: str, townships: Sequence[Area], *, by: Staff, at: datetime, token: str = ""
) -> Job:
    """Start making the rolls of a month and scheme in the background, a township after the other.

    A township that has a roll of the month is left as it is, so that begun anew nothing is done twice; making one roll
    again is :func:`prepare_roll`.

    :raises NotPermitted: the person makes no rolls.
    """
    where = townships[0].name if len(townships) == 1 else f"{len(townships)}个乡镇"
    return start_job(
        PREPARE_ROLLS,
        title=f"生成{month:%Y年%-m月}{Scheme(scheme).label}发放册（{where}）",
        parameters={"month": month.isoformat(), "scheme": scheme, "townships": [area.code for area in townships]},
        by=by,
        at=at,
        token=token,
    )


@job_kind(PREPARE_ROLLS, permission=Permission.PREPARE_ROLL, cancellable=True)
def prepare_rolls(job: JobRun) -> None:
    """Make each township's roll in a transaction of its own; a refusal is on the job's list and the others go on."""
    month, scheme = date.fromisoformat(job.parameters["month"]), job.parameters["scheme"]
    codes = job.parameters["townships"]
    townships = {area.code: area for area in Area.objects.filter(code__in=codes)}
    job.begin(len(codes))
    made = families = 0
    for code in codes:
        if job.is_cancelled():
            return
        roll = _prepare(job, month, scheme, townships[code])
        if roll is not None:
            made, families = made + 1, families + roll.line_count
    job.result(url="/awards/rolls/", message=f"生成{made}本发放册，共{families}户")


def _prepare(job: JobRun, month: date, scheme: str, township: Area) -> MonthlyRoll | None:
    there = MonthlyRoll.objects.filter(month=month, scheme=scheme, area=township, kind=RollKind.REGULAR)
    roll = there.exclude(state=RollState.VOIDED).first()
    try:
        roll = roll or prepare_roll(month, scheme, township, by=job.by, on=job.on)
    except NothingOwed:
        pass
    except ServiceError as error:
        job.fail(row=township.name, message=error.message)
        return None
    job.done()
    return roll
