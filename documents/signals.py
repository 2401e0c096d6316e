"""What documents tell the rooms above them."""

from django.dispatch import Signal

document_delivering = Signal()
"""A delivery is about to be recorded: ``document``, ``delivered_on``, ``late_reason``, ``by``, ``on``; a receiver may
refuse."""

document_delivered = Signal()
"""A document was delivered (送达): ``delivery``, ``by``; sent inside the transaction."""

document_voided = Signal()
"""A document was voided (作废): ``document``, ``by``, ``on``; sent inside the transaction."""

document_voiding = Signal()
"""A document is about to be voided (作废), or asked whether it may be: ``document``, ``by``; a receiver may refuse."""
