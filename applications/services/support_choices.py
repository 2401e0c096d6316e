"""保障选择: a minor has either 特困 or the support of orphans and de facto orphans; F43 §9."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from applications.models import Case, ChildSupport, SupportChoice
from applications.models.terms import StepItem
from applications.permissions import Permission, check_can_act
from applications.queries.choices import MAJORITY, choices_in, is_minor
from applications.queries.steps import step_items
from applications.rules.process import CaseState, EventKind
from applications.services.outcomes import NotProposable
from applications.services.steps import NotNow, hand_back_draft, lock_case, require_state, write_event
from households.models import Attachment, Member
from organizations.models import Staff


@transaction.atomic
def choose_support(
    case: Case,
    *,
    member: Member,
    choice: str,
    chosen_on: date,
    chosen_by: str,
    by: Staff,
    on: date,
    scan: Attachment | None = None,
) -> SupportChoice:
    """Record which support the guardian chose for a minor (保障选择; F43 §9); a later choice takes its place.

    :raises NotNow: the member is of age or of another family, or something is not filled in.
    """
    case = lock_case(case)
    check_can_act(by, Permission.INVESTIGATE, area=case.area)
    require_state(case, CaseState.ACCEPTED, CaseState.INVESTIGATING, CaseState.APPRAISING)
    if member.household_id != case.household_id or member.left_on is not None:
        raise NotNow(f"{member.person}不在这个家庭里，请刷新后再办。", field="member")
    if not is_minor(member, on=on):
        raise NotNow(f"{member.person}已满{MAJORITY}周岁，不需要作保障选择。", field="member")
    if choice not in ChildSupport.values:
        raise NotNow("请选择保障项目。", field="choice")
    if not chosen_by.strip():
        raise NotNow("请填作出选择的监护人。", field="chosen_by")
    if chosen_on > on:
        raise NotNow("选择日期不能晚于今天。", field="chosen_on")
    if scan is not None and scan.household_id != case.household_id:
        raise NotNow("附件不是这个家庭的。", field="scan")
    row = SupportChoice.objects.create(
        case=case,
        member=member,
        choice=choice,
        chosen_on=chosen_on,
        chosen_by=chosen_by.strip(),
        scan=scan,
        recorded_by=by,
    )
    hand_back_draft(case)
    note = f"{member.person.name}：{row.get_choice_display()}（{row.chosen_by}）"
    write_event(case, EventKind.SUPPORT_CHOSEN, by=by, on=chosen_on, note=note, data={"member": member.pk})
    return row


def check_chosen(case: Case, members: Sequence[Member], *, on: date) -> None:
    """Whom a proposal covers has not chosen the other support; of minors the choice is on record (F43 §9).

    :raises NotProposable: somebody has, or a minor's choice is not recorded where the step asks for it.
    """
    if case.scheme != "tekun":
        return
    chosen = {row.member_id: row.choice for row in choices_in(case)}
    for member in members:
        if chosen.get(member.pk) == ChildSupport.CHILD:
            raise NotProposable(
                f"{member.person}已选择孤儿、事实无人抚养儿童保障，不再认定为特困人员（民发〔2021〕43号第九条）。",
                field="persons",
            )
    if StepItem.SUPPORT_CHOICE not in step_items(case, case.state, on=on):
        return
    unsaid = [str(row.person) for row in members if is_minor(row, on=on) and row.pk not in chosen]
    if unsaid:
        raise NotProposable(f"还没有登记保障选择：{'、'.join(unsaid)}。", field="persons")
