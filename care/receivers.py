"""What rooms below tell of people, attachments, papers and the calendar, and what care shows on a family's page."""

from datetime import date
from typing import Any

from django.dispatch import receiver

from benefits.models import AwardEnd, AwardState
from benefits.signals import award_ended
from care import services
from care.permissions import Permission
from care.queries import annotate_care, visible_to
from documents.models import Document
from documents.signals import document_voiding
from households.models import Attachment, Household, Person
from households.signals import (
    Change,
    FamilyPanel,
    attachment_voiding,
    family_page_opened,
    members_changed,
    person_merged,
)
from organizations.models import Staff
from organizations.signals import calendar_year_entered


@receiver(family_page_opened, dispatch_uid="care.people_of_family")
def people_of_family(sender: Any, *, household: Household, staff: Staff, on: date, **kwargs: Any) -> FamilyPanel | None:
    """Who of the family is supported as 特困, with the way to their care; nothing where nobody is."""
    if not staff.may(Permission.VIEW_CARE):
        return None
    awards = visible_to(staff).filter(household=household).exclude(state=AwardState.STOPPED)
    people = list(annotate_care(awards, on=on))
    return FamilyPanel(25, "care", "照料服务", "care/_of_family.html", {"people": people}) if people else None


@receiver(attachment_voiding, dispatch_uid="care.refuse_voiding_what_care_rests_on")
def _attachment_voiding(sender: Any, *, attachment: Attachment, **kwargs: Any) -> None:
    services.check_unused(attachment)


@receiver(document_voiding, dispatch_uid="care.refuse_voiding_a_paper_that_stands")
def _document_voiding(sender: Any, *, document: Document, **kwargs: Any) -> None:
    services.check_stands(document)


@receiver(person_merged, dispatch_uid="care.take_over_agreements")
def _person_merged(sender: Any, *, former: Person, known: Person, **kwargs: Any) -> None:
    services.take_over(former, known=known)


@receiver(calendar_year_entered, dispatch_uid="care.recompute_provisional")
def _calendar_year_entered(sender: Any, **kwargs: Any) -> None:
    services.recompute_provisional()


@receiver(award_ended, dispatch_uid="care.settle_what_an_ended_award_leaves_open")
def _award_ended(sender: Any, *, end: AwardEnd, **kwargs: Any) -> None:
    services.settle_without_decision(
        award=end.award, reason=f"待遇{end.award.number}已经停发，不再评估。", on=end.decided_on
    )


@receiver(members_changed, dispatch_uid="care.settle_what_a_death_leaves_open")
def _members_changed(sender: Any, *, change: Change, **kwargs: Any) -> None:
    if change.kind == "died":
        for member in change.left:
            services.settle_without_decision(person=member.person, reason="本人已登记死亡，不再评估。", on=change.on)
