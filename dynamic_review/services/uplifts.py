"""提标: entered by the county's clerk, previewed, approved by two others, carried out, rolled back while it may be."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from benefits.models import MonthlyRoll
from benefits.rules.months import first_month
from benefits.services.rolls import RollRefused
from dynamic_review.models import (
    APPROVALS,
    Uplift,
    UpliftApproval,
    UpliftMakingGood,
    UpliftParameter,
    UpliftResult,
    UpliftRun,
    UpliftState,
    UpliftStep,
)
from dynamic_review.permissions import Permission, check_can_act
from dynamic_review.queries.uplifts import KEYS, figures_digest, frozen_since
from dynamic_review.rules.uplift import Apart
from eligibility.models import Parameter
from foundation.errors import NotPermitted, ServiceError
from organizations.models import Area, Job, Staff
from organizations.queries import county, deputising
from organizations.rules.separation import standing_as_one
from organizations.services.jobs import start_job

PREVIEW, APPLY, ROLL_BACK = (
    "dynamic_review.uplift.preview",
    "dynamic_review.uplift.apply",
    "dynamic_review.uplift.roll_back",
)
_CHANGED = "测算以后标准和参数有变动，请重新测算。"


class UpliftRefused(ServiceError):
    """The uplift does not allow the act now, or lacks what it must rest on."""


@transaction.atomic
def enter_uplift(*, title: str, figures: Sequence[Parameter], note: str = "", by: Staff, on: date) -> Uplift:
    """Enter an uplift (录入提标) on approved figures; scheme and month are theirs.

    :raises NotPermitted: the person may not enter uplifts.
    :raises UpliftRefused: no title, no figure, figures of two schemes or months, or another uplift is open.
    """
    check_can_act(by, Permission.ENTER_UPLIFT, area=county())
    if not title.strip():
        raise UpliftRefused("请填提标的名称。", field="title")
    scheme, month = _scheme_of(figures), _month_of(figures)
    uplift = Uplift(
        number=_next_number(month),
        scheme=scheme,
        from_month=month,
        title=title.strip(),
        note=note.strip(),
        entered_by=by,
        entered_on=on,
    )
    try:
        with transaction.atomic():
            uplift.save()
    except IntegrityError as error:
        if "uplift_one_open" not in str(error):
            raise
        raise UpliftRefused("这个险种已有一份提标还没有办完，请先执行或者撤回那一份。", field="figures") from error
    UpliftParameter.objects.bulk_create(UpliftParameter(uplift=uplift, parameter=row) for row in figures)
    return uplift


def _scheme_of(figures: Sequence[Parameter]) -> str:
    if not figures:
        raise UpliftRefused("请选择提标所依据的标准。标准要先在“标准与参数”里录入并由另一人批准。", field="figures")
    schemes = {scheme for scheme, keys in KEYS.items() for row in figures if row.key in keys}
    if len(schemes) != 1 or any(row.key not in KEYS[next(iter(schemes))] for row in figures):
        raise UpliftRefused("低保和特困的标准请分两次提标，一次只选一个险种的标准。", field="figures")
    return schemes.pop()


def _month_of(figures: Sequence[Parameter]) -> date:
    """The first month that lies wholly within the figures' days."""
    days = {row.valid.lower for row in figures}
    if len(days) != 1:
        raise UpliftRefused("所选标准的生效日期不同，请分开提标。", field="figures")
    day: date = days.pop()
    return day if day.day == 1 else first_month(day)


def _next_number(month: date) -> str:
    prefix = f"TB{month:%Y}"
    Area.objects.select_for_update(of=("self",), no_key=True).get(level="county")
    last = Uplift.objects.filter(number__startswith=prefix).order_by("-number").values_list("number", flat=True).first()
    return f"{prefix}{int(last[len(prefix) :]) + 1 if last else 1:03d}"


@transaction.atomic
def start_preview(uplift: Uplift, *, by: Staff, at: datetime) -> Job:
    """Have an uplift reckoned (测算) against the awards as they stand; what was approved before is no longer.

    :raises NotPermitted: the person may not enter uplifts.
    :raises UpliftRefused: it is carried out or withdrawn.
    """
    uplift = locked_uplift(uplift, by=by, permission=Permission.ENTER_UPLIFT)
    _check_open(uplift)
    serial = uplift.runs.count() + 1
    run = UpliftRun.objects.create(
        uplift=uplift,
        serial=serial,
        on=timezone.localdate(at),
        figures=figures_digest(since=uplift.from_month),
        begun_by=by,
        begun_at=at,
    )
    uplift.run, uplift.state = None, UpliftState.ENTERED
    uplift.save(update_fields=["run", "state"])
    return start_job(
        PREVIEW,
        title=f"测算提标{uplift.number}",
        parameters={"run": run.pk},
        by=by,
        at=at,
        token=f"{PREVIEW}:{run.pk}",
    )


@transaction.atomic
def finish_preview(run: UpliftRun, *, at: datetime) -> bool:
    """Make a preview that is through the one to be approved; an older one than the newest is not.

    :returns: whether it is.
    """
    uplift = Uplift.objects.select_for_update(of=("self",)).get(pk=run.uplift_id)
    run.finished_at = at
    run.save(update_fields=["finished_at"])
    if uplift.state != UpliftState.ENTERED or uplift.runs.filter(serial__gt=run.serial).exists():
        return False
    uplift.run, uplift.state = run, UpliftState.PREVIEWED
    uplift.save(update_fields=["run", "state"])
    return True


@transaction.atomic
def approve_uplift(uplift: Uplift, *, opinion: str, by: Staff, on: date) -> UpliftApproval:
    """Sign an uplift (审批); the second signature makes it ready to be carried out.

    :raises NotPermitted: who entered it, who signed already, or who stands for one of them (代理).
    :raises UpliftRefused: not previewed, the figures changed since, or no opinion.
    """
    uplift = locked_uplift(uplift, by=by, permission=Permission.APPROVE_UPLIFT)
    if uplift.state != UpliftState.PREVIEWED or uplift.run is None:
        raise UpliftRefused(f"这份提标{uplift.get_state_display()}，现在不能审批。")
    if not opinion.strip():
        raise UpliftRefused("请写审批意见。", field="opinion")
    signed = list(uplift.run.approvals.values_list("by_id", flat=True))
    _check_another(uplift, signed, by=by, on=on)
    _check_figures(uplift)
    approval = UpliftApproval.objects.create(
        run=uplift.run, place=len(signed) + 1, by=by, on=on, opinion=opinion.strip()
    )
    if approval.place == APPROVALS:
        uplift.state = UpliftState.APPROVED
        uplift.save(update_fields=["state"])
    return approval


def _check_another(uplift: Uplift, signed: Sequence[int], *, by: Staff, on: date) -> None:
    """
    :raises NotPermitted: the person, or whom they stand for, entered or signed the uplift.
    """
    if by.pk == uplift.entered_by_id:
        raise NotPermitted("录入人不能审批自己录入的提标，请由另外两人审批。")
    if by.pk in signed:
        raise NotPermitted("两次审批须由两个人办理，您已经审批过一次。")
    deputies = deputising(since=uplift.entered_on, on=on)
    if by.pk in standing_as_one(frozenset({uplift.entered_by_id, *signed}), deputies):
        raise NotPermitted("您代理录入人或前一位审批人，或由他们代理，两人算一个人：请由另一人审批。")


@transaction.atomic
def withdraw_uplift(uplift: Uplift, *, reason: str, by: Staff, on: date) -> Uplift:
    """Withdraw an uplift that is not carried out (撤回), by whom it was entered or by an approver.

    :raises NotPermitted: the person may neither enter nor approve uplifts.
    :raises UpliftRefused: carried out already, or no reason.
    """
    may_approve = by.may(Permission.APPROVE_UPLIFT)
    permission = Permission.APPROVE_UPLIFT if may_approve else Permission.ENTER_UPLIFT
    uplift = locked_uplift(uplift, by=by, permission=permission)
    _check_open(uplift)
    if not reason.strip():
        raise UpliftRefused("请写明撤回的原因。", field="reason")
    uplift.state, uplift.withdrawn_reason = UpliftState.WITHDRAWN, reason.strip()
    uplift.save(update_fields=["state", "withdrawn_reason"])
    return uplift


@transaction.atomic
def start_applying(uplift: Uplift, *, by: Staff, at: datetime) -> Job:
    """Carry an approved uplift out (执行提标) in one job; a job that broke off is started again.

    :raises NotPermitted: the person may not enter uplifts.
    :raises UpliftRefused: not approved, or the figures changed since the preview.
    """
    uplift = locked_uplift(uplift, by=by, permission=Permission.ENTER_UPLIFT)
    if uplift.state == UpliftState.APPROVED:
        _check_figures(uplift)
        uplift.state, uplift.applied_by, uplift.applied_at = UpliftState.APPLYING, by, at
        uplift.save(update_fields=["state", "applied_by", "applied_at"])
    elif uplift.state != UpliftState.APPLYING:
        raise UpliftRefused(f"这份提标{uplift.get_state_display()}，不能执行。")
    return job_on(APPLY, uplift, title=f"执行提标{uplift.number}", by=by, at=at)


@transaction.atomic
def start_rolling_back(uplift: Uplift, *, reason: str, by: Staff, at: datetime) -> Job:
    """Roll an uplift back (回退) by versions that restore what was before; until the next roll is frozen.

    :raises NotPermitted: the person may not approve uplifts.
    :raises UpliftRefused: not carried out, no reason, or a roll was frozen since.
    """
    uplift = locked_uplift(uplift, by=by, permission=Permission.APPROVE_UPLIFT)
    if uplift.state == UpliftState.APPLIED:
        _check_not_frozen(uplift)
        if not reason.strip():
            raise UpliftRefused("请写明回退的原因。", field="reason")
        uplift.state, uplift.rolled_back_by, uplift.rolled_back_at = UpliftState.ROLLING_BACK, by, at
        uplift.rolled_back_reason = reason.strip()
        uplift.save(update_fields=["state", "rolled_back_by", "rolled_back_at", "rolled_back_reason"])
    elif uplift.state != UpliftState.ROLLING_BACK:
        raise UpliftRefused(f"这份提标{uplift.get_state_display()}，不能回退。")
    return job_on(ROLL_BACK, uplift, title=f"回退提标{uplift.number}", by=by, at=at)


def check_nothing_is_rolled_back(roll: MonthlyRoll) -> None:
    """Hold a roll up while an uplift of its scheme is being rolled back: half of it would be paid, half taken back.

    :raises RollRefused: one is.
    """
    going = Uplift.objects.filter(scheme=roll.scheme, state=UpliftState.ROLLING_BACK).first()
    if going is not None:
        raise RollRefused(f"提标{going.number}正在回退，办完以后重新生成这本发放册，再定册。")


@transaction.atomic
def finish_step(uplift: Uplift, *, state: UpliftState) -> None:
    """Say that every line has been through the step."""
    uplift = Uplift.objects.select_for_update(of=("self",)).get(pk=uplift.pk)
    uplift.state = state
    uplift.save(update_fields=["state"])


@transaction.atomic
def finish_rolling_back(uplift: Uplift) -> bool:
    """Say that every line has been through; where a roll was frozen before anything was restored, the uplift stands.

    :returns: whether it was rolled back.
    """
    uplift = Uplift.objects.select_for_update(of=("self",)).get(pk=uplift.pk)
    results = UpliftResult.objects.filter(line__run=uplift.run_id, step=UpliftStep.ROLL_BACK)
    stands = results.filter(apart=Apart.FROZEN.value).exists() and not results.filter(is_done=True).exists()
    if stands:
        uplift.state, uplift.rolled_back_reason = UpliftState.APPLIED, ""
        uplift.rolled_back_by = uplift.rolled_back_at = None
    else:
        uplift.state = UpliftState.ROLLED_BACK
    uplift.save(update_fields=["state", "rolled_back_by", "rolled_back_at", "rolled_back_reason"])
    return not stands


def why_not_rolled_back(uplift: Uplift) -> str:
    """Why an uplift that was carried out can no longer be rolled back; empty where it can."""
    made_good = UpliftMakingGood.objects.filter(line__run=uplift.run_id, approved_by__isnull=False).count()
    if made_good:
        return f"已有{made_good}户停发的待遇按新标准审批了补差，不能回退；确有错误的，请逐户复核更正。"
    roll = frozen_since(uplift)
    if roll is None:
        return ""
    return (
        f"{roll.month.year}年{roll.month.month}月发放册（{roll.number}）已按提标后的金额定册，不能回退；"
        "确有错误的，请逐户复核更正，多发的在追回里办理。"
    )


def _check_not_frozen(uplift: Uplift) -> None:
    if why := why_not_rolled_back(uplift):
        raise UpliftRefused(why)


def _check_open(uplift: Uplift) -> None:
    if not uplift.is_open:
        raise UpliftRefused(f"这份提标{uplift.get_state_display()}，不能再改。")


def _check_figures(uplift: Uplift) -> None:
    if uplift.run is None or uplift.run.figures != figures_digest(since=uplift.from_month):
        raise UpliftRefused(_CHANGED)


def locked_uplift(uplift: Uplift, *, by: Staff, permission: Permission) -> Uplift:
    """The uplift under its lock, with the preview that holds.

    :raises NotPermitted: the person lacks the permission in the county.
    """
    check_can_act(by, permission, area=county())
    return Uplift.objects.select_for_update(of=("self",)).select_related("run").get(pk=uplift.pk)


def job_on(kind: str, uplift: Uplift, *, title: str, by: Staff, at: datetime) -> Job:
    """One job at a time; where the last one ended without the step being through, another goes on from there."""
    known = Job.objects.filter(kind=kind, parameters__uplift=uplift.pk).order_by("-pk")
    last = known.first()
    if last is not None and last.is_open:
        return last
    token = f"{kind}:{uplift.pk}:{known.count()}"
    return start_job(kind, title=title, parameters={"uplift": uplift.pk}, by=by, at=at, token=token)
