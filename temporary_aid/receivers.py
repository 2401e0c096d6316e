"""What rooms below tell of cases, families, checks and the calendar, and what temporary aid shows on their pages."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone

from applications.models import Case, Proposal
from applications.services import NotProposable
from applications.signals import (
    Aside,
    aid_amount_asked,
    aid_approved,
    aid_ceiling_asked,
    aid_ended,
    aid_followed_asked,
    aid_proposed,
    case_page_opened,
)
from documents.models import Document
from documents.signals import document_voiding
from foundation.money import in_figures
from households.models import Household, Member, Person
from households.signals import (
    Change,
    FamilyPanel,
    Move,
    families_merging,
    family_ending,
    family_moved,
    family_moving,
    family_page_opened,
    members_changed,
    person_merged,
)
from organizations.models import Staff
from organizations.signals import calendar_year_entered
from temporary_aid import services
from temporary_aid.models import TemporaryAid
from temporary_aid.permissions import Permission
from temporary_aid.queries import aid_terms, followed_amount, visible_to
from temporary_aid.rules.plans import read_plan, times_given, total
from temporary_aid.services import NotAllowed, families
from verification.models import MeansCheck
from verification.signals import means_check_answered

SHOWN_OF_FAMILY = 20
SHOWN_OF_CASE = 5


@receiver(aid_proposed, dispatch_uid="temporary_aid.judge_what_a_case_proposes")
def _aid_proposed(
    sender: Any, *, case: Case, proposal: Proposal, amount: Decimal, by: Staff, on: date, **kwargs: Any
) -> str:
    """
    :raises NotProposable: no plan, another sum, or such an amount takes what is not there.
    """
    try:
        return services.check_proposal(case, proposal, amount=amount, by=by, at=_moment(on)).number
    except NotAllowed as error:
        raise NotProposable(error.message, field="aid_amount") from error


@receiver(aid_amount_asked, dispatch_uid="temporary_aid.say_what_the_plan_comes_to")
def _aid_amount_asked(sender: Any, *, case: Case, **kwargs: Any) -> Decimal | None:
    aid = services.aid_of(case)
    stages = read_plan(aid.plan) if aid is not None else []
    return total(stages) if stages else None


@receiver(aid_ceiling_asked, dispatch_uid="temporary_aid.say_the_top_for_a_cause")
def _aid_ceiling_asked(sender: Any, *, case: Case, on: date, **kwargs: Any) -> Decimal | None:
    aid = services.aid_of(case)
    return aid_terms(aid.area, on=on).guideline(aid.hardship, aid.cause).cause_most if aid is not None else None


@receiver(aid_followed_asked, dispatch_uid="temporary_aid.say_what_the_same_time_came_to")
def _aid_followed_asked(sender: Any, *, case: Case, **kwargs: Any) -> Decimal | None:
    aid = services.aid_of(case)
    return followed_amount(aid) if aid is not None else None


@receiver(aid_approved, dispatch_uid="temporary_aid.grant_what_a_case_approves")
def _aid_approved(sender: Any, *, case: Case, proposal: Proposal, by: Staff, on: date, **kwargs: Any) -> str:
    """The aid is granted with its stages; said on the case's trail."""
    aid = services.grant_by_case(case, proposal, by=by, at=_moment(on))
    return f"临时救助{aid.number}转入发放，共{times_given(read_plan(aid.plan))}期"


@receiver(aid_ended, dispatch_uid="temporary_aid.end_with_the_case")
def _aid_ended(sender: Any, *, case: Case, state: str, by: Staff, on: date, **kwargs: Any) -> None:
    services.end_with_case(case, state=state, by=by, at=_moment(on))


@receiver(case_page_opened, dispatch_uid="temporary_aid.aid_of_a_case")
def _case_page_opened(sender: Any, *, case: Case, staff: Staff, **kwargs: Any) -> Aside | None:
    """The aid that a case is about, with the way to its page and plan; or the aids that were turned into it."""
    found = list(visible_to(staff).filter(Q(case=case) | Q(converted_case=case)).order_by("pk")[:SHOWN_OF_CASE])
    if not found:
        return None
    links = [(f"打开{aid.number}", reverse("temporary_aid:detail", args=[aid.pk])) for aid in found]
    own = next((aid for aid in found if aid.case_id == case.pk), None)
    if own is not None:
        return Aside("临时救助", _rows(own), links)
    return Aside("由临时救助转入", [row for aid in found for row in _origin(aid)], links)


@receiver(family_page_opened, dispatch_uid="temporary_aid.aids_of_family")
def _family_page_opened(sender: Any, *, household: Household, staff: Staff, **kwargs: Any) -> FamilyPanel | None:
    """What the family was helped with, the latest first; nothing where it never was."""
    if not staff.may(Permission.VIEW_AID):
        return None
    aids = list(visible_to(staff).filter(household=household)[:SHOWN_OF_FAMILY])
    if not aids:
        return None
    return FamilyPanel(27, "temporary-aid", "临时救助", "temporary_aid/_of_family.html", {"aids": aids})


@receiver(family_moving, dispatch_uid="temporary_aid.refuse_moving_what_is_in_hand")
def _family_moving(sender: Any, *, move: Move, **kwargs: Any) -> None:
    families.check_movable(move)


@receiver(family_moved, dispatch_uid="temporary_aid.follow_the_family")
def _family_moved(sender: Any, *, move: Move, **kwargs: Any) -> None:
    families.follow_family(move, at=_moment(move.on))


@receiver(families_merging, dispatch_uid="temporary_aid.refuse_merging_a_family_with_aid_under_way")
def _families_merging(sender: Any, *, household: Household, **kwargs: Any) -> None:
    families.check_may_end(household, before="并户")


@receiver(family_ending, dispatch_uid="temporary_aid.refuse_ending_a_family_with_aid_under_way")
def _family_ending(sender: Any, *, household: Household, **kwargs: Any) -> None:
    families.check_may_end(household, before="成员离开")


@receiver(members_changed, dispatch_uid="temporary_aid.note_who_left")
def _members_changed(sender: Any, *, change: Change, **kwargs: Any) -> None:
    families.note_change(change, at=_moment(change.on))


@receiver(person_merged, dispatch_uid="temporary_aid.name_who_stays")
def _person_merged(
    sender: Any, *, known: Person, member: Member, standing: Member, by: Staff, on: date, **kwargs: Any
) -> None:
    families.take_over(member, standing=standing, known=known, by=by, at=_moment(on))


@receiver(means_check_answered, dispatch_uid="temporary_aid.note_the_answer")
def _means_check_answered(sender: Any, *, check: MeansCheck, by: Staff, on: date, **kwargs: Any) -> None:
    services.note_means_answer(check, by=by, at=_moment(on))


@receiver(document_voiding, dispatch_uid="temporary_aid.whose_paper_is_voided")
def _document_voiding(sender: Any, *, document: Document, by: Staff, **kwargs: Any) -> None:
    services.check_may_void(document, by=by)


@receiver(calendar_year_entered, dispatch_uid="temporary_aid.recompute_provisional")
def _calendar_year_entered(sender: Any, **kwargs: Any) -> None:
    services.recompute_provisional()
    services.recompute_provisional_publicity()


def _rows(aid: TemporaryAid) -> list[tuple[str, str]]:
    stages = read_plan(aid.plan)
    planned = f"{in_figures(total(stages))}元，{times_given(stages)}期" if stages else "还没有填写"
    return [
        ("救助编号", aid.number),
        ("事由", aid.get_cause_display()),
        ("状态", aid.aid_state.label),
        ("自付支出", f"{in_figures(aid.self_paid_amount)}元" if aid.self_paid_amount is not None else "—"),
        ("拟发放计划", planned),
    ]


def _origin(aid: TemporaryAid) -> list[tuple[str, str]]:
    given = f"，救助{in_figures(aid.amount)}元" if aid.amount is not None else ""
    return [
        (aid.number, f"{aid.get_kind_display()}、{aid.get_cause_display()}{given}"),
        ("困难情况", aid.situation),
        ("办结说明", aid.end_note),
    ]


def _moment(on: date) -> datetime:
    """The moment of an act of which the room below tells the day only: now, or noon of another day."""
    now = timezone.now()
    return now if timezone.localdate(now) == on else timezone.make_aware(datetime.combine(on, time(12)))
