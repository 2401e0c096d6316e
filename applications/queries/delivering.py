"""Until when a notice is to be delivered (送达期限): reckoned once, for the act, the batches, the task list."""

from datetime import date, timedelta

from django.db.models import QuerySet

from applications.models import Case, CaseDocument
from applications.models.terms import REFUSAL_NOTICE, TermUnit
from applications.queries.sheets import Terms
from documents.models import Document, DocumentKind
from organizations.queries import working_calendar
from organizations.rules.working_days import WorkingCalendar


def delivery_due(
    case: Case, document: Document, *, terms: Terms | None = None, calendar: WorkingCalendar | None = None
) -> date | None:
    """The last day for a refusal (F57 §21): its days run from the issue; other papers have no term.

    The first notice is issued on the day of the decision; one that was voided and reissued has its own days.
    """
    if document.kind != DocumentKind.REFUSAL_NOTICE:
        return None
    found = (terms or Terms()).of(case, REFUSAL_NOTICE, on=document.issued_on)
    if found is None:
        return None
    if found.unit == TermUnit.CALENDAR_DAYS:
        return document.issued_on + timedelta(days=found.days)
    return (calendar or working_calendar()).add(document.issued_on, found.days).on


def deliveries_due(documents: QuerySet[Document], *, calendar: WorkingCalendar) -> dict[date, list[int]]:
    """By last day, which of the documents are due then; two queries."""
    refusals = documents.filter(kind=DocumentKind.REFUSAL_NOTICE).order_by().values("pk")
    links = CaseDocument.objects.filter(document__in=refusals).select_related("case", "document")
    found: dict[date, list[int]] = {}
    terms: Terms | None = None
    for link in links.defer("document__record"):
        terms = terms or Terms()
        due = delivery_due(link.case, link.document, terms=terms, calendar=calendar)
        if due is not None:
            found.setdefault(due, []).append(link.document_id)
    return found
