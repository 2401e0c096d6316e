"""What every act on a family asks first: is it open, is it the newest, is the member still in it, does the row hold."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db.models import Model

from foundation.crypto import BlindIndexField
from foundation.dates import chinese_date
from foundation.errors import ServiceError, StaleVersion
from households.models import Attachment, Household, Member
from households.permissions import check_can_change
from organizations.models import Staff


class NotAllowedNow(ServiceError):
    """The family's state does not allow the act, or a row would not hold."""


def lock(household: Household) -> Household:
    """The family's row, locked for the transaction.

    :raises NotAllowedNow: the family has ended.
    """
    # Rows that point to the family may be written meanwhile; its own acts and decisions on it wait for each other.
    # Without a join: who waits for a family that moves meanwhile would find no row with the village that it had.
    household = Household.objects.select_for_update(no_key=True).get(pk=household.pk)
    if household.ended_on:
        raise NotAllowedNow(f"这个家庭已于{chinese_date(household.ended_on)}注销（{household.ended_reason}）。")
    if household.archived_on:
        raise NotAllowedNow(
            f"这个家庭（{household.number}）的档案已于{chinese_date(household.archived_on)}归档。请先在“归档库”中恢复，再办理。"
        )
    return household


def open_for(household: Household, *, by: Staff, version: int | None = None) -> Household:
    """The family's row, locked, for somebody who may change it.

    :param version: the version that the person looked at, where they typed over it.
    :raises NotPermitted: the person may not change families there.
    :raises StaleVersion: somebody else saved first.
    """
    check_can_change(by, household)
    household = lock(household)
    # The family may have moved between reading and locking.
    check_can_change(by, household)
    if version is not None:
        check_version(household, version)
    return household


def check_version(household: Household, version: int) -> None:
    """
    :raises StaleVersion: somebody else saved the family since the page was opened.
    """
    if household.version != version:
        raise StaleVersion("这个家庭刚被别人修改过。下面列出两个版本，请核对后再保存。")


def touch(household: Household) -> None:
    """Count a new version of the family."""
    household.version += 1
    household.save(update_fields=["version"])


def current_member(member: Member, *, of: Household) -> Member:
    """The member as the locked family has them now.

    :raises NotAllowedNow: they left it meanwhile or never stood in it.
    """
    current = of.members.filter(pk=member.pk, left_on=None).select_related("person", "household__area").first()
    if current is None:
        raise NotAllowedNow(f"{member.person}已不在这个家庭里，请刷新后再办。")
    return current


def check_attachment(attachment: Attachment | None, *, of: Household) -> None:
    """
    :raises ValueError: the attachment belongs to another family.
    """
    if attachment is not None and attachment.household_id != of.pk:
        raise ValueError("an attachment of another family")


def save_checked(row: Model, *, exclude: Collection[str] = ()) -> None:
    """Save a row that its fields and database constraints allow.

    :raises NotAllowedNow: they do not; the sentence stands beside the first field at fault.
    """
    relations = {field.name for field in row._meta.fields if field.is_relation or isinstance(field, BlindIndexField)}
    try:
        row.clean_fields(exclude=relations | set(exclude))
        row.validate_constraints(exclude=set(exclude))
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise NotAllowedNow(messages[0], field=None if field == "__all__" else field) from error
    row.save()
