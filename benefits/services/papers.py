"""待遇文书: a paper goes into the award's papers in the transaction that issues it."""

from collections.abc import Iterable

from django.db import transaction

from benefits.models import AwardCheck, AwardPaper, AwardVersion, PaperOccasion, PhaseOut
from documents.models import Document


@transaction.atomic
def file_paper(phase_out: PhaseOut, *, occasion: str, document: Document) -> AwardPaper:
    """File a paper of a phase-out with its award; a second one on the same occasion is refused by the database.

    :param occasion: a :class:`benefits.models.PaperOccasion`.
    """
    return AwardPaper.objects.create(
        award_id=phase_out.award_id, phase_out=phase_out, occasion=occasion, document=document
    )


@transaction.atomic
def file_papers_of_versions(told: Iterable[tuple[AwardVersion, Document]], *, occasion: str) -> None:
    """File with their awards papers that tell of a version; the database refuses a second one that stands.

    :param occasion: a :class:`benefits.models.PaperOccasion`.
    """
    AwardPaper.objects.bulk_create(
        AwardPaper(award_id=version.award_id, version=version, occasion=occasion, document=document)
        for version, document in told
    )


@transaction.atomic
def file_paper_of_death(check: AwardCheck, *, document: Document) -> AwardPaper:
    """File with its award the paper that tells a family what a death changes."""
    return AwardPaper.objects.create(
        award_id=check.award_id, award_check=check, occasion=PaperOccasion.DEATH, document=document
    )
