"""Delegations of the confirmation to townships (委托下放)."""

from datetime import date

from django.db import transaction

from foundation.errors import ServiceError
from organizations.models import Area, Delegation
from organizations.models.areas import AreaLevel


class NotDelegable(ServiceError):
    """Only a township can be delegated to."""


@transaction.atomic
def delegate_confirmation(area: Area, *, scheme: str, starts_on: date, document_number: str) -> Delegation:
    """Delegate a scheme's confirmation to a township (审核确认权限下放, 方案 task 17).

    :raises NotDelegable: the area is not a township.
    """
    if area.level != AreaLevel.TOWNSHIP:
        raise NotDelegable("审核确认权限只能下放到乡镇。", field="area")
    return Delegation.objects.create(area=area, scheme=scheme, valid=(starts_on, None), document_number=document_number)
