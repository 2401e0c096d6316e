"""Until when a family is handed a notice or told of differences (送达、告知期限): for the acts and the task list."""

from datetime import date, timedelta

from django.db.models import QuerySet

from applications.models import Case, CaseDocument, CaseMeansCheck
from applications.models.terms import END_NOTICE, REFUSAL_NOTICE, TELL_FAMILY, TermUnit
from applications.queries.sheets import Terms
from documents.models import Document, DocumentKind
from organizations.queries import working_calendar
from organizations.rules.working_days import WorkingCalendar
from verification.models import MeansCheckResult

_TERMS_OF = {
    DocumentKind.REFUSAL_NOTICE: REFUSAL_NOTICE,
    DocumentKind.SUPPORT_END_NOTICE: END_NOTICE,
    DocumentKind.SUPPORT_END_VILLAGE: END_NOTICE,
    DocumentKind.ADJUSTMENT_NOTICE: END_NOTICE,
    DocumentKind.STOP_NOTICE: END_NOTICE,
    DocumentKind.PHASEOUT_NOTICE: END_NOTICE,
}
"""Notices that are to be handed over within a term, and which."""


def delivery_due(
    case: Case, document: Document, *, terms: Terms | None = None, calendar: WorkingCalendar | None = None
) -> date | None:
    """The last day for a refusal (F57 §21) or the end of support: its days run from the issue; others have no term.

    The first notice is issued on the day of the decision; one that was voided and reissued has its own days.
    """
    step = _TERMS_OF.get(DocumentKind(document.kind))
    if step is None:
        return None
    found = (terms or Terms()).of(case, step, on=document.issued_on)
    if found is None:
        return None
    if found.unit == TermUnit.CALENDAR_DAYS:
        return document.issued_on + timedelta(days=found.days)
    return (calendar or working_calendar()).add(document.issued_on, found.days).on


def deliveries_due(documents: QuerySet[Document], *, calendar: WorkingCalendar) -> dict[date, list[int]]:
    """By last day, which of the documents are due then; two queries."""
    refusals = documents.filter(kind__in=_TERMS_OF).order_by().values("pk")
    links = CaseDocument.objects.filter(document__in=refusals).select_related("case", "document")
    found: dict[date, list[int]] = {}
    terms: Terms | None = None
    for link in links.defer("document__record"):
        terms = terms or Terms()
        due = delivery_due(link.case, link.document, terms=terms, calendar=calendar)
        if due is not None:
            found.setdefault(due, []).append(link.document_id)
    return found


def tellings_due(cases: QuerySet[Case], *, calendar: WorkingCalendar) -> dict[date, list[int]]:
    """By last day, which of the cases' families are to be told of differences by then (F57 §18); two queries."""
    links = CaseMeansCheck.objects.filter(
        case__in=cases.order_by().values("pk"), means_check__result=MeansCheckResult.ALERT
    )
    found: dict[date, list[int]] = {}
    terms: Terms | None = None
    for link in links.filter(means_check__told_family_on=None).select_related("case", "means_check"):
        terms = terms or Terms()
        answered = link.means_check.answered_on
        assert answered is not None  # noqa: S101 -- held by means_check_answer_whole
        term = terms.of(link.case, TELL_FAMILY, on=answered)
        if term is not None:
            found.setdefault(calendar.add(answered, term.days).on, []).append(link.case_id)
    return found
