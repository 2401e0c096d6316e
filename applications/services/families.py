"""What happens to a family, told by the room below, and what it means for its cases."""

from applications.models import (
    Announcement,
    Case,
    Intake,
    IntakePaper,
    PublicityPhoto,
    RelativeDeclaration,
    SelfCareAssessment,
    SupplementItem,
    SupportChoice,
    Termination,
    VisitAttachment,
)
from applications.rules.process import BEFORE_ACCEPTANCE, OPEN_STATES, CaseState, EventKind
from applications.rules.terminations import Cause
from applications.services.steps import hand_back_draft, lock_case, write_event
from documents import services as documents
from households.models import Attachment, Household, HouseholdEvent, Member
from households.services import NotAllowedNow
from households.signals import Cancelled, Change, Move


def check_unused(attachment: Attachment) -> None:
    """
    :raises NotAllowedNow: something on record in an intake or a case rests on the attachment.
    """
    uses = (
        (
            IntakePaper.objects.filter(attachment=attachment, voided_at=None),
            "签字材料",
            "要更换的，请在办件里上传新的签字件",
        ),
        (SupplementItem.objects.filter(attachment=attachment), "收到的补正材料", ""),
        (VisitAttachment.objects.filter(attachment=attachment), "入户调查记录", ""),
        (SelfCareAssessment.objects.filter(scan=attachment), "签字的生活自理能力评估表", ""),
        (SupportChoice.objects.filter(scan=attachment), "签字的保障选择材料", ""),
        (PublicityPhoto.objects.filter(attachment=attachment), "公示张贴证明", ""),
        (Announcement.objects.filter(photo=attachment), "村内公布证明", ""),
        (Termination.objects.filter(evidence=attachment), "终止救助供养的证明材料", ""),
    )
    for rows, use, way in uses:
        if rows.exists():
            raise NotAllowedNow(f"这个附件是办件里的{use}，不能作废{f'；{way}' if way else ''}。")


def _open_cases(household: Household) -> list[Case]:
    """The family's undecided cases, locked in one order."""
    cases = Case.objects.filter(household=household, state__in=[state.value for state in OPEN_STATES])
    return [case for case in map(lock_case, cases.order_by("pk")) if case.is_open]


def _refuse(cases: list[Case], *, family: str, before: str) -> None:
    """
    :raises NotAllowedNow: there is a case.
    """
    for case in cases:
        matter = f"{case.get_scheme_display()}{case.get_kind_display()}（{case.number}）"
        raise NotAllowedNow(f"{family}有正在办理的{matter}，请先办结或撤回，再办{before}。")


def check_death_may_be_cancelled(cancelled: Cancelled) -> None:
    """
    :raises NotAllowedNow: a case is under way that ends care because of the death.
    """
    cases = Case.objects.filter(
        termination__cause=Cause.DIED,
        applicant__person=cancelled.person,
        state__in=[state.value for state in OPEN_STATES],
    )
    _refuse(list(cases), family="按这次死亡登记", before="撤销死亡登记")


def check_movable(move: Move) -> None:
    """From acceptance to the decision a case is its township's: its papers, publicity and clock go on there.

    :raises NotAllowedNow: the family has such a case.
    """
    accepted = [case for case in _open_cases(move.household) if case.case_state not in BEFORE_ACCEPTANCE]
    _refuse(accepted, family="该家庭", before="迁移")


def follow_family(move: Move) -> None:
    """Cases not accepted yet and their papers go along with the family; decided ones stay their township's history."""
    cases = _open_cases(move.household)
    for case in cases:
        case.area = move.to_area
        case.version += 1
        case.save()
        documents.move_documents([link.document for link in case.documents.select_related("document")], area=case.area)
        write_event(
            case, EventKind.FAMILY_CHANGED, by=move.by, on=move.on, note=f"迁移：{move.from_area}→{move.to_area}"
        )
    Intake.objects.filter(cases__in=cases).update(area=move.to_area)


def check_mergeable(household: Household) -> None:
    """
    :raises NotAllowedNow: the family that would end has a case under way.
    """
    _refuse(_open_cases(household), family="要并入的家庭", before="并户")


def check_may_end(household: Household) -> None:
    """
    :raises NotAllowedNow: the family whose last member would leave has a case under way.
    """
    _refuse(_open_cases(household), family="该家庭", before="成员离开")


def note_change(change: Change) -> None:
    """Write on every open case who joined or left the family; where the applicant left, its head applies on.

    Who dies or leaves as the head was followed by another one first (变更户主), so the family itself named who goes
    on; where nobody is left the case can only be ended. A draft that waits for its signature is drafted anew.
    """
    what = HouseholdEvent(kind=change.kind).get_kind_display()
    for case in _open_cases(change.household):
        if case.awaits_signature:
            hand_back_draft(case)
        gone = next((member for member in change.left if member.pk == case.applicant_id), None)
        if gone is not None and not case.matter.person:
            _hand_on(case, gone, change, what=what)
        elif case.case_state != CaseState.DRAFT:
            write_event(case, EventKind.FAMILY_CHANGED, by=change.by, on=change.on, note=f"{what}：{change.words}")


def _hand_on(case: Case, gone: Member, change: Change, *, what: str) -> None:
    head = Member.objects.filter(household=change.household, relation="head", left_on=None).first()
    note, data = f"{what}：申请人{gone.person}", {"applicant": gone.pk}
    if change.kind == "died":
        data["died"] = gone.pk
    if head is not None:
        note += f"，由户主{head.person}{'代表家庭' if case.matter.of_award else '继续申请'}"
        _change_applicant(case, head)
    write_event(case, EventKind.FAMILY_CHANGED, by=change.by, on=change.on, note=note, data=data)


def _change_applicant(case: Case, member: Member) -> None:
    case.applicant = member
    case.version += 1
    case.save()
    Intake.objects.filter(pk=case.intake_id).update(applicant=member)


def take_over(member: Member, *, standing: Member) -> None:
    """Where a member's record was found to be another one's, open cases name the one that stays."""
    for case in _open_cases(member.household):
        if case.awaits_signature:
            hand_back_draft(case)
        if case.applicant_id == member.pk:
            _change_applicant(case, standing)
        RelativeDeclaration.objects.filter(intake=case.intake_id, member=member).update(member=standing)
