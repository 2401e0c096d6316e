"""A new standard in the simulation: a figure approved by two, previewed, signed by two, carried out by a job."""

from datetime import date
from decimal import Decimal

from dynamic_review import services
from dynamic_review.models import UpliftLine, UpliftState
from eligibility.services import SourceData, approve_change, propose_parameter
from organizations.models import Job
from organizations.permissions import Role
from organizations.services import carry_out
from tests.simulation.driver import at
from tests.simulation.office import CountyOffice
from tests.support.factories import area, make_staff


def raise_standard(office: CountyOffice, amount: Decimal, *, since: date, on: date) -> dict[int, str]:
    """Raise the rural standard from a month on that has begun long ago; by family what became of its award."""
    first, second = (make_staff(Role.SYSTEM_ADMINISTRATOR, "341824", on=on) for _ in range(2))
    change = propose_parameter(
        "dibao_monthly_standard",
        value=f"{amount:.2f}",
        area=area("341824"),
        residence="rural",
        from_day=since,
        source=SourceData("宣政秘〔2027〕18号", "2027年度社会救助标准", since),
        late_reason="市里下文晚",
        by=first,
        on=on,
    )
    figure = approve_change(change, by=second, on=on)
    uplift = services.enter_uplift(title="2027年度提标", figures=[figure], by=office.officer, on=on)
    _done(services.start_preview(uplift, by=office.officer, at=at(on)), on=on)
    for name in ("汪建华", "胡伟"):
        by = make_staff(Role.COUNTY_APPROVER, "341824", name=name, on=on)
        services.approve_uplift(uplift, opinion="同意", by=by, on=on)
    _done(services.start_applying(uplift, by=office.officer, at=at(on)), on=on)
    uplift.refresh_from_db()
    assert uplift.state == UpliftState.APPLIED
    numbers = {award: number for number, award in office.awards.items()}
    lines = UpliftLine.objects.filter(run=uplift.run).values_list("award", "outcome")
    return {numbers[award]: "apart" if outcome == "apart" else "uplifted" for award, outcome in lines}


def _done(job: Job, *, on: date) -> None:
    """Do a job as a worker does it."""
    carry_out(job.pk, clock=lambda: at(on))
    job.refresh_from_db()
    assert job.state == "done", job.message
