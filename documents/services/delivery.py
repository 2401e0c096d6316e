"""Delivery (送达): once, after the issue, on record."""

from datetime import date

from django.db import transaction

from documents.models import HANDED_OVER, Delivery, DeliveryWay, Document
from documents.signals import document_delivered, document_delivering
from foundation.errors import ServiceError
from organizations.models import Staff
from organizations.permissions import Permission, check_can_act


class NotDeliverable(ServiceError):
    """The document cannot be recorded as delivered."""


@transaction.atomic
def record_delivery(
    document: Document,
    *,
    delivered_on: date,
    way: str,
    received_by: str = "",
    note: str = "",
    by: Staff,
    on: date,
    late_reason: str = "",
) -> Delivery:
    """Record how and when a document reached the family (登记送达).

    :param late_reason: why it was delivered late, where the paper has a term.
    :raises NotPermitted: the person may not record deliveries in the document's area.
    :raises NotDeliverable: not a notice to the family, voided, delivered before, before its issue, in days to come, or
        handed over without a signature.
    :raises ServiceError: a room above asks for the reason.
    """
    document = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    check_can_act(by, Permission.RECORD_DELIVERY, area=document.area)
    if document.kind not in HANDED_OVER:
        raise NotDeliverable(f"{document.get_kind_display()}不交给家庭，不用登记送达。")
    if document.voided_on is not None:
        raise NotDeliverable(f"{document.number}已作废，不能登记送达。")
    if Delivery.objects.filter(document=document).exists():
        raise NotDeliverable(f"{document.number}已经登记过送达。")
    if delivered_on < document.issued_on:
        raise NotDeliverable("送达日期不能早于制发日期。", field="delivered_on")
    if delivered_on > on:
        raise NotDeliverable("送达日期不能晚于今天。", field="delivered_on")
    if way not in DeliveryWay.values:
        raise NotDeliverable("请选择送达方式。", field="way")
    if way == DeliveryWay.DIRECT and not received_by.strip():
        raise NotDeliverable("直接送达的，请填签收人。", field="received_by")
    document_delivering.send(
        Document, document=document, delivered_on=delivered_on, late_reason=late_reason, by=by, on=on
    )
    delivery = Delivery.objects.create(
        document=document,
        delivered_on=delivered_on,
        way=way,
        received_by=received_by.strip(),
        note=note.strip(),
        recorded_by=by,
    )
    document_delivered.send(Delivery, delivery=delivery, by=by)
    return delivery
