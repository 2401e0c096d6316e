"""What rooms below tell the cases, and what cases show on a family's page."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.dispatch import receiver
from django.urls import reverse

from applications.permissions import Permission, can_act
from applications.queries import cases_elsewhere, cases_of_family, endable_awards, visible_to
from applications.queries.timeline import record_entries
from applications.rules.process import CaseState
from applications.services import families
from applications.services.confirming import send_up_stranded
from applications.services.deadlines import recompute_provisional
from applications.services.investigation import note_family_told, note_means_check_answer
from applications.services.issuing import explain_late_delivery, note_delivery, note_voiding
from applications.services.reissuing import check_may_void
from benefits.signals import sources_asked
from documents.models import Delivery, Document
from documents.signals import document_delivered, document_delivering, document_voided, document_voiding
from households.models import Attachment, Household, Member
from households.signals import (
    Cancelled,
    Change,
    Entry,
    FamilyPanel,
    Move,
    attachment_voiding,
    death_cancelled,
    families_merging,
    family_ending,
    family_moved,
    family_moving,
    family_page_opened,
    members_changed,
    person_merged,
    record_asked,
)
from organizations.models import Staff
from organizations.signals import calendar_year_entered, confirmers_changed
from verification.models import MeansCheck
from verification.signals import family_told, means_check_answered


@receiver(means_check_answered)
def _means_check_answered(
    sender: object, *, check: MeansCheck, by: Staff, on: date, late_reason: str, **_: Any
) -> None:
    note_means_check_answer(check, by=by, on=on, late_reason=late_reason)


@receiver(family_told)
def _family_told(sender: object, *, check: MeansCheck, by: Staff, on: date, late_reason: str, **_: Any) -> None:
    note_family_told(check, by=by, on=on, late_reason=late_reason)


@receiver(calendar_year_entered)
def _calendar_year_entered(sender: object, **_: Any) -> None:
    recompute_provisional()


@receiver(confirmers_changed)
def _confirmers_changed(sender: object, *, on: date, **_: Any) -> None:
    send_up_stranded(on=on)


@receiver(document_delivering)
def _document_delivering(
    sender: object, *, document: Document, delivered_on: date, late_reason: str, by: Staff, on: date, **_: Any
) -> None:
    explain_late_delivery(document, delivered_on=delivered_on, late_reason=late_reason, by=by, on=on)


@receiver(document_delivered)
def _document_delivered(sender: object, *, delivery: Delivery, by: Staff, **_: Any) -> None:
    note_delivery(delivery, by=by)


@receiver(document_voiding)
def _document_voiding(sender: object, *, document: Document, by: Staff, **_: Any) -> None:
    check_may_void(document, by=by)


@receiver(document_voided)
def _document_voided(sender: object, *, document: Document, by: Staff, on: date, **_: Any) -> None:
    note_voiding(document, by=by, on=on)


@receiver(attachment_voiding)
def _attachment_voiding(sender: object, *, attachment: Attachment, **_: Any) -> None:
    families.check_unused(attachment)


@receiver(family_moving)
def _family_moving(sender: object, *, move: Move, **_: Any) -> None:
    families.check_movable(move)


@receiver(family_moved)
def _family_moved(sender: object, *, move: Move, **_: Any) -> None:
    families.follow_family(move)


@receiver(families_merging)
def _families_merging(sender: object, *, household: Household, **_: Any) -> None:
    families.check_mergeable(household)


@receiver(family_ending)
def _family_ending(sender: object, *, household: Household, **_: Any) -> None:
    families.check_may_end(household)


@receiver(members_changed)
def _members_changed(sender: object, *, change: Change, **_: Any) -> None:
    families.note_change(change)


@receiver(death_cancelled)
def _death_cancelled(sender: object, *, cancelled: Cancelled, **_: Any) -> None:
    families.check_death_may_be_cancelled(cancelled)


@receiver(person_merged)
def _person_merged(sender: object, *, member: Member, standing: Member, **_: Any) -> None:
    families.take_over(member, standing=standing)


@receiver(family_page_opened, dispatch_uid="applications.cases_of_family")
def _cases_of_family(sender: object, *, household: Household, staff: Staff, on: date, **_: Any) -> FamilyPanel | None:
    """The family's cases (办件), for who may see them; the way to its application, for who may file one."""
    if not staff.may(Permission.VIEW_CASE):
        return None
    cases = list(cases_of_family(staff, household))
    accepts = staff.may(Permission.ACCEPT)
    endable = endable_awards(staff, household) if accepts else []
    action = None
    if household.ended_on is None and can_act(staff, Permission.OPEN_INTAKE, area=household.area):
        has_draft = any(case.state == CaseState.DRAFT for case in cases)
        action = ("继续填写申请" if has_draft else "登记申请", reverse("one_window:intake", args=[household.pk]))
    return FamilyPanel(
        5,
        "cases",
        "办件",
        "applications/_of_family.html",
        {
            "cases": cases,
            "elsewhere": cases_elsewhere(household, seen=cases),
            "endable": endable,
        },
        action,
    )


@receiver(record_asked, dispatch_uid="applications.cases_of_record")
def _cases_of_record(sender: object, *, households: Collection[int], staff: Staff, **_: Any) -> list[Entry]:
    return record_entries(households, staff=staff) if staff.may(Permission.VIEW_CASE) else []


@receiver(sources_asked, dispatch_uid="applications.addresses_of_cases")
def _sources_asked(sender: object, *, numbers: Collection[str], staff: Staff, **_: Any) -> dict[str, str]:
    """The pages of cases that changes of awards were decided in."""
    rows = visible_to(staff).filter(number__in=numbers).values_list("number", "pk")
    return {number: reverse("applications:detail", args=[pk]) for number, pk in rows}
