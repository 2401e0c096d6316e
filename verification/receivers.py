"""What means checks show on a family's page, and which of its attachments they rest on."""

from datetime import date
from typing import Any

from django.dispatch import receiver

from households.models import Attachment, Household
from households.services import NotAllowedNow
from households.signals import FamilyPanel, attachment_voiding, family_page_opened
from organizations.models import Staff
from verification.models import MeansCheckFinding
from verification.permissions import Permission
from verification.queries import visible_to


@receiver(family_page_opened, dispatch_uid="verification.checks_of_family")
def checks_of_family(sender: Any, *, household: Household, staff: Staff, on: date, **kwargs: Any) -> FamilyPanel | None:
    """The family's means checks (信息核对), for who may see them."""
    if not staff.may(Permission.VIEW_CASE, Permission.ANSWER_MEANS_CHECK):
        return None
    checks = visible_to(staff).filter(household=household)
    return FamilyPanel(10, "means-checks", "信息核对", "verification/_of_family.html", {"checks": checks})


@receiver(attachment_voiding, dispatch_uid="verification.refuse_voiding_a_report")
def refuse_voiding_a_report(sender: Any, *, attachment: Attachment, **kwargs: Any) -> None:
    """
    :raises NotAllowedNow: a finding of a means check rests on it.
    """
    if MeansCheckFinding.objects.filter(report=attachment).exists():
        raise NotAllowedNow("这个附件是信息核对的回执，不能作废。")
