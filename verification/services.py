"""信息核对: request, answer, tell the family (F57 §§17–18; handbook task 21)."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from foundation.errors import ServiceError
from households.models import Household, Supporter
from households.queries import valid_consent
from organizations.models import Area, Staff
from organizations.rules.working_days import Deadline
from verification.models import MeansCheck, MeansCheckFinding, MeansCheckResult, MeansCheckState
from verification.permissions import Permission, check_can_act
from verification.signals import family_told, means_check_answered

FINDING_FIELDS = frozenset("member source declared found description agrees handling".split())


class ConsentMissing(ServiceError):
    """No consent in force that every member signed: no means check may be asked for."""


class NotCheckable(ServiceError):
    """The check is not in a state that allows the act."""


@transaction.atomic
def request_means_check(
    household: Household, *, by: Staff, on: date, due: Deadline, supporters: Iterable[Supporter] = ()
) -> MeansCheck:
    """Ask the county to check a family's means (提请核对; F57 §17).

    :param due: until when the county starts it.
    :param supporters: legal supporters of whom the consent must say something as well (特困; F43 §10); those who
        signed are checked, the others are not.
    :raises ConsentMissing: not every current member has signed a consent in force.
    :raises NotCheckable: a check of the family is under way.
    """
    check_can_act(by, Permission.REQUEST_MEANS_CHECK, area=household.area)
    consent = valid_consent(household, on=on, supporters=supporters)
    if consent is None:
        raise ConsentMissing("还没有全体成员签署的有效核查授权书，不能发起核对。请先补签授权书。")
    try:
        with transaction.atomic():
            return MeansCheck.objects.create(
                household=household,
                consent=consent,
                batch_number=_next_batch_number(on=on),
                requested_by=by,
                requested_on=on,
                due_on=due.on,
                due_is_provisional=due.provisional,
            )
    except IntegrityError as error:
        if "means_check_one_open" not in str(error):
            raise
        raise NotCheckable("这个家庭已有一次核对正在进行，请等结果返回。") from error


@transaction.atomic
def answer_means_check(
    check: MeansCheck,
    *,
    result: str,
    findings: Iterable[Mapping[str, Any]],
    by: Staff,
    on: date,
    note: str = "",
    late_reason: str = "",
) -> MeansCheck:
    """Enter the result of a check by hand (回填核对结果).

    :param late_reason: why it comes after its day; asked for by the cases that wait for it.
    :raises NotCheckable: answered already, or the result does not go with the findings.
    """
    check = _lock(check)
    check_can_act(by, Permission.ANSWER_MEANS_CHECK, area=check.household.area)
    if check.state != MeansCheckState.REQUESTED:
        raise NotCheckable("这次核对已有结果，不能再次回填。")
    if check.consent.withdrawn_on is not None:
        raise NotCheckable("家庭已经撤回核查授权，不能再查询和回填；请由乡镇撤回这次提请。")
    if result not in MeansCheckResult.values:
        raise NotCheckable("请选择核对结果。", field="result")
    rows = [_finding(check, data) for data in findings]
    if result == MeansCheckResult.ALERT and all(row.agrees for row in rows):
        raise NotCheckable("结果为“有不一致”时，请至少登记一条不一致的明细。", field="result")
    if result == MeansCheckResult.CLEAN and not all(row.agrees for row in rows):
        raise NotCheckable("明细里有不一致，结果不能选“未发现不一致”。", field="result")
    check.state, check.result, check.note = MeansCheckState.ANSWERED, result, note
    check.answered_by, check.answered_on = by, on
    check.save()
    for row in rows:
        row.save()
    means_check_answered.send(MeansCheck, check=check, by=by, on=on, late_reason=late_reason)
    return check


@transaction.atomic
def tell_family(check: MeansCheck, *, statement: str, by: Staff, on: date, late_reason: str = "") -> MeansCheck:
    """Record that the family was told of a difference and what it says (告知申请人; F57 §18).

    :raises NotCheckable: nothing differs, or no statement.
    """
    check = _lock(check)
    check_can_act(by, Permission.INVESTIGATE, area=check.household.area)
    if not statement.strip():
        raise NotCheckable("请填申请人的说明；没有说明的，写“无异议”。", field="statement")
    if check.result != MeansCheckResult.ALERT:
        raise NotCheckable("这次核对没有不一致，不需要告知。")
    if check.told_family_on is not None:
        raise NotCheckable("已经告知过申请人，说明不能再改。有新情况请重新提请核对。")
    family_told.send(MeansCheck, check=check, by=by, on=on, late_reason=late_reason)
    check.told_family_on, check.family_statement = on, statement
    check.save(update_fields=["told_family_on", "family_statement"])
    return check


@transaction.atomic
def withdraw_means_check(check: MeansCheck, *, by: Staff) -> None:
    """Withdraw a request that is not answered yet."""
    check = _lock(check)
    check_can_act(by, Permission.REQUEST_MEANS_CHECK, area=check.household.area)
    if check.state != MeansCheckState.REQUESTED:
        raise NotCheckable("这次核对已有结果，不能撤回。")
    check.state = MeansCheckState.WITHDRAWN
    check.save(update_fields=["state"])


def set_due(check: MeansCheck, *, due: Deadline) -> None:
    """Move the day until which the county starts a check: a year's holidays have been entered since."""
    check.due_on, check.due_is_provisional = due.on, due.provisional
    check.save(update_fields=["due_on", "due_is_provisional"])


def _lock(check: MeansCheck) -> MeansCheck:
    return (
        MeansCheck.objects.select_for_update(of=("self",)).select_related("household__area", "consent").get(pk=check.pk)
    )


def _finding(check: MeansCheck, data: Mapping[str, Any]) -> MeansCheckFinding:
    if unknown := data.keys() - FINDING_FIELDS:
        raise ValueError(f"fields not open to editing: {sorted(unknown)}")
    row = MeansCheckFinding(means_check=check, **data)
    if row.member is not None and row.member.household_id != check.household_id:
        raise ValueError("a finding names a member of another family")
    if min(row.declared or 0, row.found or 0) < 0:
        raise NotCheckable("核对金额不能是负数。", field="findings")
    return row


def _next_batch_number(*, on: date) -> str:
    prefix = f"HD{on:%Y%m%d}"
    # The county's row is the lock: two townships that ask in one moment get two numbers.
    Area.objects.select_for_update(of=("self",), no_key=True).get(level="county")
    last = (
        MeansCheck.objects.filter(batch_number__startswith=prefix)
        .order_by("-batch_number")
        .values_list("batch_number", flat=True)
        .first()
    )
    return f"{prefix}{int(last[len(prefix) :]) + 1 if last else 1:04d}"
