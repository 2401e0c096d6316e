"""What documents tell the rooms above them."""

from django.dispatch import Signal

document_delivered = Signal()
"""A document was delivered (送达): ``delivery``, ``by``; sent inside the transaction."""

document_voided = Signal()
"""A document was voided (作废): ``document``, ``by``, ``on``; sent inside the transaction."""
