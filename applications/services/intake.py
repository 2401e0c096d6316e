"""受理前: opening an intake, its signed papers, near relatives, registering the application."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from applications.models import Case, Intake, IntakePaper, RelativeDeclaration
from applications.models.cases import CaseKind
from applications.models.intakes import APPLIED_BY, Channel, NearRelation
from applications.permissions import Permission, check_can_act
from applications.queries import covered_members, terms_exist
from applications.rules.accounting import accounting_years
from applications.rules.matters import MATTERS
from applications.rules.process import OPEN_STATES, CaseState, EventKind
from applications.services.confirming import send_up_if_stranded
from applications.services.ending import withdraw
from applications.services.steps import (
    NotNow,
    NotOpenable,
    advance,
    covered_elsewhere_in_words,
    lock_case,
    next_serial,
    require_state,
    write_event,
)
from benefits.queries import current_awards_of, recognised, recognition_to_come, standing_against
from benefits.rules.recognitions import soon
from foundation.crypto import normal_form
from households.models import Agent, Attachment, Household, Member
from households.services.checks import lock
from organizations.models import Area, Staff
from organizations.models.areas import AreaLevel
from organizations.models.delegations import Scheme
from organizations.queries import township_of


@transaction.atomic
def open_intake(
    household: Household,
    *,
    applicant: Member,
    channel: str,
    accounting_year: int,
    reason: str,
    schemes: Sequence[str],
    by: Staff,
    on: date,
    agent: Agent | None = None,
) -> Intake:
    """Open an intake (一次受理) with a draft case for each scheme (F57 §4).

    :raises NotPermitted: the person may not file applications in the family's area.
    :raises NotOpenable: the family has ended, the applicant or agent is not the family's, the year cannot be, or the
        family has the scheme already.
    """
    household = lock(household)
    check_can_act(by, Permission.OPEN_INTAKE, area=household.area)
    _check_terms(household, applicant, agent, channel=channel, year=accounting_year, schemes=schemes, on=on)
    for scheme in schemes:
        _check_openable(household, scheme, on=on)
    intake = Intake.objects.create(
        number=f"S{on.year}-{next_serial(on.year):04d}",
        household=household,
        area=household.area,
        applicant=applicant,
        agent=agent,
        channel=channel,
        accounting_year=accounting_year,
        reason=reason,
        opened_by=by,
        opened_on=on,
    )
    for scheme in schemes:
        _open_case(intake, scheme, by=by, on=on)
    return intake


@transaction.atomic
def open_case(
    household: Household,
    *,
    applicant: Member,
    reason: str,
    by: Staff,
    on: date,
    scheme: str = Scheme.TEMPORARY_AID,
    channel: str = Channel.WINDOW,
    accounting_year: int | None = None,
    agent: Agent | None = None,
) -> Case:
    """Open an intake with one draft case (一次受理、一个办件), for the room that keeps the case's own record beside it.

    From there it goes the way of every case: its papers are signed (:func:`add_paper`), it is registered
    (:func:`submit`), accepted, investigated, proposed, publicised and decided; ``applications.signals`` says what
    happens on the way.

    :param accounting_year: of the incomes that count; None for the twelve months before the application.
    :raises NotPermitted: the person may not file applications in the family's area.
    :raises NotOpenable: as :func:`open_intake`, also where such a case of the family is under way.
    """
    intake = open_intake(
        household,
        applicant=applicant,
        channel=channel,
        accounting_year=accounting_year or accounting_years(on=on)[0],
        reason=reason,
        schemes=(scheme,),
        by=by,
        on=on,
        agent=agent,
    )
    return intake.cases.get()


@transaction.atomic
def change_draft(
    intake: Intake,
    *,
    applicant: Member,
    channel: str,
    accounting_year: int,
    reason: str,
    schemes: Sequence[str],
    by: Staff,
    on: date,
    agent: Agent | None = None,
) -> Intake:
    """Change an intake of which nothing is registered yet (修改草稿); a scheme dropped is withdrawn, a new one opened.

    :raises NotPermitted: the person may not file applications in the family's area.
    :raises NotNow: one of its cases has been registered.
    :raises NotOpenable: as :func:`open_intake`.
    """
    household = lock(intake.household)
    check_can_act(by, Permission.OPEN_INTAKE, area=household.area)
    intake = Intake.objects.select_for_update(of=("self",)).select_related("household", "area").get(pk=intake.pk)
    cases = [lock_case(case) for case in intake.cases.exclude(state=CaseState.WITHDRAWN)]
    for case in cases:
        require_state(case, CaseState.DRAFT)
    _check_terms(household, applicant, agent, channel=channel, year=accounting_year, schemes=schemes, on=on)
    intake.applicant, intake.agent, intake.channel = applicant, agent, channel
    intake.accounting_year, intake.reason = accounting_year, reason
    intake.save()
    for case in cases:
        if case.scheme not in schemes:
            withdraw(case, reason="录入时取消", by=by, on=on)
        elif case.applicant_id != applicant.pk:
            case.applicant = applicant
            case.version += 1
            case.save()
    for scheme in schemes:
        if scheme not in {case.scheme for case in cases}:
            _check_openable(intake.household, scheme, on=on)
            _open_case(intake, scheme, by=by, on=on)
    return intake


def _check_terms(
    household: Household,
    applicant: Member,
    agent: Agent | None,
    *,
    channel: str,
    year: int,
    schemes: Sequence[str],
    on: date,
) -> None:
    """
    :raises NotOpenable: whoever applies is not of this family now, or what they apply for cannot be.
    """
    if not household.members.filter(pk=applicant.pk, left_on=None).exists():
        raise NotOpenable("申请人须是这个家庭现在的成员。", field="applicant")
    if not schemes:
        raise NotOpenable("请至少选择一项申请的救助。", field="schemes")
    if channel not in dict(APPLIED_BY):
        raise NotOpenable("请选择申请方式。", field="channel")
    if agent is not None and not household.agents.filter(pk=agent.pk, ended_on=None).exists():
        raise NotOpenable("代理人须是这个家庭现在委托的人，请先登记代理人。", field="agent")
    if channel == Channel.AGENT and agent is None:
        raise NotOpenable("委托他人申请的，请先填代理人；没有代理人的，请改选申请方式。", field="channel")
    if year not in accounting_years(on=on):
        years = accounting_years(on=on)
        raise NotOpenable(f"收入核算年度须在{years[-1]}年至{years[0]}年之间。", field="accounting_year")


def _check_openable(household: Household, scheme: str, *, on: date) -> None:
    label = Scheme(scheme).label
    if not terms_exist(scheme, on=on):
        raise NotOpenable(f"{label}申请的办理时限还没有设置，不能受理。请联系县民政局。", field="schemes")
    matter = MATTERS.get(f"{scheme}.application")
    if matter is not None and matter.per_person:
        _check_somebody_left(household, scheme)
    elif current_awards_of(household).filter(scheme=scheme).exists():
        raise NotOpenable(f"这个家庭正在享受{label}，情况有变化请走复核，不用重新申请。", field="schemes")
    if MATTERS[f"{scheme}.{CaseKind.APPLICATION}"].status:
        _check_recognisable(household, scheme, on=on)


def _check_recognisable(household: Household, scheme: str, *, on: date) -> None:
    """
    :raises NotOpenable: what the family stands in excludes it, or it is recognised for longer than another month.
    """
    label = Scheme(scheme).label
    if standing := standing_against(household, scheme=scheme, on=on):
        raise NotOpenable(f"这个家庭已纳入{'、'.join(standing)}，不能再认定为{label}家庭。", field="schemes")
    if later := recognition_to_come(household, scheme=scheme, on=on):
        raise NotOpenable(f"{later.renewed_in_words}，不能重复申请。", field="schemes")
    running = recognised(household, on=on, scheme=scheme).first()
    if running is not None and running.last_day > soon(on):
        last = running.last_day
        raise NotOpenable(
            f"这个家庭已是{label}家庭（{running.number}），有效期至{last:%Y年%-m月%-d日}；到期前30天内可以申请续期。",
            field="schemes",
        )


def _check_somebody_left(household: Household, scheme: str) -> None:
    """Where people are recognised one by one, another of the family may apply while one has an award.

    :raises NotOpenable: everybody has it already.
    """
    covered = covered_members(household, scheme=scheme)
    if covered and not household.members.filter(left_on=None).exclude(pk__in=covered).exists():
        names, label = "、".join(covered.values()), Scheme(scheme).label
        raise NotOpenable(f"{names}都已在享受{label}，情况有变化请走复核，不用重新申请。", field="schemes")


def _open_case(intake: Intake, scheme: str, *, by: Staff, on: date) -> Case:
    try:
        with transaction.atomic():
            case = Case.objects.create(
                number=f"{on.year}-{next_serial(on.year):04d}",
                intake=intake,
                household=intake.household,
                area=intake.area,
                applicant=intake.applicant,
                scheme=scheme,
                state_since=on,
            )
    except IntegrityError as error:
        if "case_one_open_a_scheme" not in str(error):
            raise
        raise NotOpenable(f"这个家庭的{Scheme(scheme).label}申请正在办理，不能重复申请。", field="schemes") from error
    write_event(case, EventKind.OPENED, by=by, on=on, to_state=CaseState.DRAFT)
    return case


@transaction.atomic
def add_paper(
    intake: Intake, *, kind: str, attachment: Attachment, signed_on: date, by: Staff, on: date, at: datetime
) -> IntakePaper:
    """Keep the signed scan of a paper (签字材料); an earlier scan of the kind is voided.

    :raises NotOpenable: the scan is another family's, or signed after today.
    """
    check_can_act(by, Permission.OPEN_INTAKE, area=intake.area)
    if attachment.household_id != intake.household_id or attachment.voided_at is not None:
        raise NotOpenable("这份扫描件不是这个家庭的，或者已经作废。", field="attachment")
    if signed_on > on:
        raise NotOpenable("签署日期不能晚于今天。", field="signed_on")
    Intake.objects.select_for_update().get(pk=intake.pk)
    for case in _lock_open_cases(intake):
        # Whoever has the case open sees that its papers are not what they were.
        case.version += 1
        case.save()
    intake.papers.filter(kind=kind, voided_at=None).update(voided_at=at)
    return IntakePaper.objects.create(intake=intake, kind=kind, attachment=attachment, signed_on=signed_on)


@transaction.atomic
def declare_relative(
    intake: Intake,
    *,
    member: Member,
    relative_name: str,
    relative_unit: str,
    relative_position: str,
    relation: str,
    by: Staff,
    on: date,
) -> RelativeDeclaration:
    """Register apart a near relative of staff or village committee members (近亲属单独登记备案; F57 §11).

    From then on every undecided case of the intake needs a home visit by county staff (F57 §20).
    """
    check_can_act(by, Permission.REGISTER_RELATIVE, area=intake.area)
    if relation not in NearRelation.values:
        raise NotOpenable("请选择与成员的关系；叔侄、姻亲等不是近亲属，不用备案。", field="relation")
    if member.household_id != intake.household_id:
        raise NotOpenable("近亲属须是这个家庭的成员的近亲属，请选择家庭成员。", field="member")
    Intake.objects.select_for_update().get(pk=intake.pk)
    cases = _lock_open_cases(intake)
    declaration = RelativeDeclaration.objects.create(
        intake=intake,
        member=member,
        relative_name="".join(relative_name.split()),
        relative_staff=_account_of(relative_name, area=intake.area, on=on),
        relative_unit=relative_unit,
        relative_position=relative_position,
        relation=relation,
        registered_by=by,
        registered_on=on,
        county_number=f"备{on.year}-{next_serial(on.year):04d}",
    )
    for case in cases:
        case.county_visit_required = True
        case.version += 1
        case.save()
        write_event(
            case,
            EventKind.RELATIVE_REGISTERED,
            by=by,
            on=on,
            note=f"{member.person.name}与{relative_unit}{relative_position}{relative_name}为近亲属（{NearRelation(relation).label}）",
        )
        send_up_if_stranded(case, by=by, on=on)
    return declaration


def _account_of(relative_name: str, *, area: Area, on: date) -> Staff | None:
    """The one account in use in the township or the county that bears the name.

    Namesakes all keep out by their name, so none of several is guessed at.
    """
    name, township = normal_form(relative_name), township_of(area)
    near = Staff.objects.filter(
        Q(active_to=None) | Q(active_to__gte=on),
        Q(area__code__startswith=township.code) | Q(area__level=AreaLevel.COUNTY),
    )
    found = [account for account in near if normal_form(account.name) == name]
    return found[0] if len(found) == 1 else None


def _lock_open_cases(intake: Intake) -> list[Case]:
    """The intake's undecided cases, locked in one order.

    :raises NotNow: every case of the intake has ended.
    """
    open_cases = intake.cases.filter(state__in=[state.value for state in OPEN_STATES]).order_by("pk")
    cases = [case for case in map(lock_case, open_cases) if case.is_open]
    if not cases:
        raise NotNow("这次受理的办件都已经办结，材料和备案不能再改。")
    return cases


@transaction.atomic
def submit(case: Case, *, by: Staff, on: date, version: int | None = None) -> Case:
    """Register the application (登记申请): draft → submitted."""
    case = lock_case(case, version=version)
    check_can_act(by, Permission.OPEN_INTAKE, area=case.area)
    require_state(case, CaseState.DRAFT)
    advance(case, "submit", event=EventKind.SUBMITTED, by=by, on=on, note=covered_elsewhere_in_words(case, on=on))
    return case
