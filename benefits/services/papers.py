"""待遇文书: a paper goes into the award's papers in the transaction that issues it."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Q

from benefits.models import AwardCheck, AwardPaper, AwardVersion, PaperOccasion, PhaseOut
from benefits.rules.months import first_month
from documents.models import Document
from documents.services import void_documents
from households.models import Person
from organizations.models import Staff


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


def void_papers_of_death(person: Person, *, since: date, reason: str, by: Staff, on: date) -> int:
    """Void what families were told of a death whose day was wrong, or that was none; in the caller's transaction.

    So are notices of other deaths in the same awards, from that month on and still looked into: the sums before and
    after that they state are others now. The next night issues anew what is still to be told.

    :param since: the earlier of the days that were and are on record.
    :returns: how many were voided.
    """
    told = AwardPaper.objects.filter(occasion=PaperOccasion.DEATH, document__voided_on=None)
    beside = Q(
        award__in=person.awards.filter(covered__overlap=(since, None)).values("award"),
        award_check__settled_on=None,
        award_check__unpaid_from__gte=first_month(since),
    )
    papers = told.filter(Q(award_check__person=person) | beside)
    return void_documents(list(papers.values_list("document", flat=True)), reason=reason, by=by, on=on)
