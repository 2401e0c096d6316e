"""What documents tell the rooms above them."""

from django.dispatch import Signal

document_delivered = Signal()
"""A document was delivered (送达): ``delivery``, ``by``; sent inside the transaction."""
