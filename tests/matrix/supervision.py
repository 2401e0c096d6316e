"""Who may go through which door of supervision: records of processing, the archive, retention periods."""

from typing import Any

from django.core.management import call_command

from foundation.trail import acting
from households.models import Member
from organizations.permissions import Permission, Role
from supervision.models import RetentionPeriod
from tests.matrix.rule import BOTH, POST, Rule, any_of
from tests.matrix.world import MORNING, World
from tests.supervision.builders import archived_family
from tests.support.crews import LINXI
from tests.support.factories import make_staff

P = Permission
USES, ARCHIVE, EXPORT = any_of(P.VIEW_DATA_USES), any_of(P.MANAGE_ARCHIVE), any_of(P.EXPORT)
READERS = any_of(P.MANAGE_ARCHIVE, P.VIEW_TRAIL)


def _member(world: World) -> list[dict[str, Any]]:
    """Of a family at hand, and of one in the archive."""
    families = world.story.household.pk, *(found["pk"] for found in _archived(world))
    heads = Member.objects.filter(household__in=families, relation="head", left_on=None)
    return [{"pk": head.household_id, "member_pk": head.pk} for head in heads]


def _archived(world: World) -> list[dict[str, Any]]:
    with acting(actor="system:test"):
        call_command("load_retention", verbosity=0)
        return [{"pk": archived_family(make_staff(Role.TOWNSHIP_OFFICER, LINXI), on=MORNING.date()).pk}]


def _period(world: World) -> list[dict[str, Any]]:
    with acting(actor="system:test"):
        call_command("load_retention", verbosity=0)
    return [{"pk": RetentionPeriod.objects.get(record_kind="aided_family").pk}]


SUPERVISION = {
    "uses": Rule(USES, USES, None, _member),
    "print_uses": Rule(USES, USES, None, _member, POST),
    "due": Rule(ARCHIVE),
    "export_due": Rule(EXPORT, methods=POST),
    "due_aids": Rule(ARCHIVE),
    "export_due_aids": Rule(EXPORT, methods=POST),
    "archive_chosen": Rule(ARCHIVE, methods=POST),
    "archive": Rule(READERS),
    "export_archive": Rule(EXPORT, methods=POST),
    "archived": Rule(READERS, READERS, None, _archived, BOTH),
    "take_back": Rule(ARCHIVE, ARCHIVE, None, _archived, BOTH),
    "periods": Rule(any_of(P.MANAGE_ARCHIVE, P.VIEW_TRAIL, P.MANAGE_PARAMETERS)),
    "change_period": Rule(any_of(P.MANAGE_PARAMETERS), kwargs=_period, methods=BOTH),
}
