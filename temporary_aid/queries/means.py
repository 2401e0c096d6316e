"""后台核对: how the means check of an urgent aid's family stands, which never holds up the help."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from applications.models import StepTerm
from applications.models.terms import MEANS_CHECK_START
from households.queries import valid_consent
from organizations.models.delegations import Scheme
from organizations.queries import working_calendar
from organizations.rules.working_days import Deadline
from temporary_aid.models import TemporaryAid
from verification.models import MeansCheck, MeansCheckResult, MeansCheckState


@dataclass(frozen=True)
class MeansStanding:
    """核对情况 of an aid's family.

    :param words: one or two sentences, with what is owed.
    :param tone: colour of the state's tag.
    :param is_alert: whether what was found differs from what the family declared (有不一致).
    :param may_ask: whether a check could be asked for now.
    """

    check: MeansCheck | None
    label: str
    tone: str
    words: str
    is_alert: bool = False
    may_ask: bool = False


def means_of(aid: TemporaryAid, *, on: date) -> MeansStanding | None:
    """How the check stands; None of 支出型, whose case asks for its own."""
    if aid.case_id is not None or aid.kind != "urgent":
        return None
    if aid.household is None:
        return MeansStanding(
            None, "待核对", "due", "还没有关联家庭档案，不能核对；关联家庭并签署核查授权以后自动提请。"
        )
    check = check_of(aid)
    if check is not None:
        return _standing(check)
    if valid_consent(aid.household, on=on) is None:
        words = "还没有全体成员签署的有效核查授权书，欠一份授权；补签以后提请核对，不影响先救助。"
        return MeansStanding(None, "欠核查授权", "due", words)
    return MeansStanding(None, "待提请", "due", "已有核查授权，由乡镇经办人下一次办理时自动提请。", may_ask=True)


def check_of(aid: TemporaryAid) -> MeansCheck | None:
    """The check that was asked for since the aid was registered, or was under way then; the latest."""
    since = Q(requested_on__gte=timezone.localdate(aid.opened_at)) | Q(state=MeansCheckState.REQUESTED)
    checks = MeansCheck.objects.filter(since, household=aid.household_id).exclude(state=MeansCheckState.WITHDRAWN)
    return checks.order_by("-requested_on", "-pk").first()


def means_check_due(*, on: date) -> Deadline | None:
    """Until when a check that is asked for on a day is begun: the term of temporary aid's cases; None without one."""
    terms = StepTerm.objects.filter(
        scheme=Scheme.TEMPORARY_AID, kind="application", step=MEANS_CHECK_START, valid__contains=on
    )
    term = terms.order_by("days").first()
    return working_calendar().add(on, term.days) if term is not None else None


def _standing(check: MeansCheck) -> MeansStanding:
    if check.state == MeansCheckState.REQUESTED:
        return MeansStanding(check, "核对中", "accent", f"{check.batch_number}已提请，等待核对结果。")
    result = check.get_result_display()
    if check.result == MeansCheckResult.ALERT:
        words = f"{check.batch_number}：{result}。审核补充说明、办结以前须核实不一致的内容。"
        return MeansStanding(check, result, "late", words, is_alert=True)
    if check.result == MeansCheckResult.FAILED:
        return MeansStanding(check, result, "due", f"{check.batch_number}：{result}。", may_ask=True)
    return MeansStanding(check, result, "good", f"{check.batch_number}：{result}。")
