"""The paper that tells a family what a death changes of its award."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from documents.models import DocumentKind
from documents.records.rows import Record


@dataclass(frozen=True)
class DeathNotice(Record):
    """成员死亡待遇告知书: whose part is not paid from when on, what is paid then, and that a review follows.

    :param before_amount: of the month before; yuan.
    :param persons: whom the award still covers.
    :param due_on: until when the review is done.
    """

    kind: ClassVar[DocumentKind] = DocumentKind.DEATH_NOTICE
    body: str
    applicant: str
    village: str
    matter: str
    award_number: str
    deceased: str
    died_on: date
    from_month: date
    before_amount: Decimal
    monthly_amount: Decimal
    persons: int
    due_on: date
    contact: str
    telephone: str
    reconsideration_body: str
