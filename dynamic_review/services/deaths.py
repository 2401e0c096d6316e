"""死亡待遇告知: a death lowers what an award pays at once, by law and without a decision; the family is told of it."""

import logging
from datetime import date

from django.db import transaction

from benefits.models import AwardCheck
from benefits.queries.death_papers import deaths_to_tell
from benefits.services import file_paper_of_death
from documents.models import Document, DocumentKind
from documents.services import issue_document
from dynamic_review.papers.deaths import death_notice
from foundation.errors import ServiceError
from organizations.queries import township_of

logger = logging.getLogger(__name__)


def tell_of_deaths(*, on: date) -> int:
    """Issue the notice of every death that lowered a sum and is not told of yet; idempotent, after any downtime.

    Each in a transaction of its own, so that one family's does not hold up the others'. Where a notice is void
    because the day was mended, the next night issues it anew.

    :returns: how many were issued.
    :raises ServiceError: some were not, and why; the next night tries again.
    """
    issued, refused = 0, []
    for key in list(deaths_to_tell().values_list("pk", flat=True)):
        try:
            issued += _tell(key, on=on) is not None
        except ServiceError as error:
            logger.error("the notice of death check %s is not issued: %s", key, error.message)
            refused.append(error.message)
    if refused:
        raise ServiceError(f"有{len(refused)}份死亡待遇告知书没有制发：{refused[0]}")
    return issued


@transaction.atomic
def _tell(key: int, *, on: date) -> Document | None:
    AwardCheck.objects.select_for_update(of=("self",)).get(pk=key)
    check = deaths_to_tell().select_related("award__area__parent", "award__household", "person").filter(pk=key).first()
    record = death_notice(check) if check is not None else None
    if check is None or record is None:
        return None
    document = issue_document(
        kind=DocumentKind.DEATH_NOTICE,
        issuing_area=township_of(check.award.area),
        area=check.award.area,
        record=record,
        by=None,
        on=on,
    )
    file_paper_of_death(check, document=document)
    return document
