"""核查延期: reviews due in a public emergency may be later by some months, and never what a death calls for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from dynamic_review.models import ReviewExtension
from dynamic_review.permissions import Permission, check_can_act
from dynamic_review.queries.needed import most_extension_months
from dynamic_review.services.planning import plan_township
from dynamic_review.services.triggering import NotAllowed
from organizations.models import Area, Staff
from organizations.models.areas import AreaLevel


@dataclass(frozen=True)
class ExtensionData:
    """Which reviews (townships, schemes, due from and to) may be later, by how many months, and by what document."""

    areas: Sequence[Area]
    schemes: Sequence[str]
    from_day: date
    to_day: date
    months: int
    document: str
    reason: str


@transaction.atomic
def extend_reviews(*, data: ExtensionData, by: Staff, on: date) -> ReviewExtension:
    """Extend the due dates of reviews (延长核查期限; F57 §31); the plans of what is extended may be later too.

    :raises NotPermitted: the person does not extend reviews in one of the townships.
    :raises NotAllowed: nothing chosen, days out of order, more months than the parameter lets, no document or reason.
    """
    _check(data, by=by, on=on)
    extension = ReviewExtension.objects.create(
        schemes=list(data.schemes),
        from_day=data.from_day,
        to_day=data.to_day,
        months=data.months,
        document=data.document.strip(),
        reason=data.reason.strip(),
        decided_by=by,
        decided_on=on,
    )
    extension.areas.set(data.areas)
    _plan_again(data.areas, on=on)
    return extension


@transaction.atomic
def revoke_extension(extension: ReviewExtension, *, reason: str, by: Staff, on: date) -> ReviewExtension:
    """Take an extension back (撤销延期): the days are those of the law again, and what is past is overdue.

    :raises NotPermitted: the person does not extend reviews in one of its townships.
    :raises NotAllowed: revoked before, or no reason.
    """
    extension = ReviewExtension.objects.select_for_update().get(pk=extension.pk)
    areas = list(extension.areas.all())
    for place in areas:
        check_can_act(by, Permission.EXTEND_REVIEWS, area=place)
    if extension.revoked_on is not None:
        raise NotAllowed("这次延期已经撤销。")
    if not reason.strip():
        raise NotAllowed("请写明撤销的原因。", field="reason")
    extension.revoked_on, extension.revoked_by, extension.revoked_reason = on, by, reason.strip()
    extension.save(update_fields=["revoked_on", "revoked_by", "revoked_reason"])
    _plan_again(areas, on=on)
    return extension


def _plan_again(areas: Sequence[Area], *, on: date) -> None:
    for township in areas:
        plan_township(township, on=on)


def _check(data: ExtensionData, *, by: Staff, on: date) -> None:
    if not data.areas:
        raise NotAllowed("请选择乡镇。", field="areas")
    for place in data.areas:
        if place.level != AreaLevel.TOWNSHIP:
            raise NotAllowed("延期按乡镇登记，请选择乡镇。", field="areas")
        check_can_act(by, Permission.EXTEND_REVIEWS, area=place)
        most = most_extension_months(place, on=on)
        if not 1 <= data.months <= most:
            raise NotAllowed(f"最多延长{most}个月。", field="months")
    if not data.schemes:
        raise NotAllowed("请选择险种。", field="schemes")
    if data.to_day < data.from_day:
        raise NotAllowed("止日不能早于起日。", field="to_day")
    if not data.document.strip():
        raise NotAllowed("请写明依据的文件。", field="document")
    if not data.reason.strip():
        raise NotAllowed("请写明事由。", field="reason")
