"""The list of documents (文书) over the cases that a person may see; names and figures of all rows in one query."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from applications.models import CaseDocument
from documents.models import HANDED_OVER, Document
from documents.queries import normal_number
from documents.queries import visible_to as documents_visible_to
from organizations.models import Staff

DELIVERY_STATES = {"waiting": "未送达", "delivered": "已送达", "voided": "已作废"}
DOCUMENT_SORTS = {
    "issued": ("issued_on", "pk"),
    "number": ("issuing_area__code", "kind", "year", "serial"),
    "kind": ("kind", "issued_on", "pk"),
    "area": ("area__code", "pk"),
}
DEFAULT_DOCUMENT_SORT = "-issued"


@dataclass(frozen=True)
class DocumentFilter:
    """What a list of documents is cut to; empty fields do not cut.

    :param text: a document's number or a part of it, or a case number.
    :param delivery: a key of :data:`DELIVERY_STATES`.
    """

    text: str = ""
    kind: str = ""
    township: str = ""
    village: str = ""
    delivery: str = ""
    issued_from: date | None = None
    issued_to: date | None = None
    sort: str = DEFAULT_DOCUMENT_SORT


def list_documents(staff: Staff, wanted: DocumentFilter) -> QuerySet[Document]:
    """Documents that the person may see and that the filter leaves, in its order."""
    exact = {
        "kind": wanted.kind,
        "area__parent__code": wanted.township,
        "area__code": wanted.village,
        "issued_on__gte": wanted.issued_from,
        "issued_on__lte": wanted.issued_to,
    }
    documents = _with_cases(documents_visible_to(staff)).filter(
        **{lookup: value for lookup, value in exact.items() if value}
    )
    if wanted.text:
        documents = documents.filter(_said(wanted.text))
    if wanted.delivery:
        documents = documents.filter(_delivered(wanted.delivery))
    return documents.order_by(*_order(wanted.sort))


def _with_cases(documents: QuerySet[Document]) -> QuerySet[Document]:
    """Add whose case each document is of; a sheet may be of several."""
    links = CaseDocument.objects.filter(document=OuterRef("pk")).order_by("pk")
    count = links.order_by().values("document").annotate(total=Count("pk")).values("total")
    return (
        documents.select_related("delivery")
        .defer("record")
        .annotate(
            case_pk=Subquery(links.values("case")[:1]),
            case_number=Subquery(links.values("case__number")[:1]),
            applicant_name=Subquery(links.values("case__applicant__person__name")[:1]),
            applicant_person=Subquery(links.values("case__applicant__person")[:1]),
            case_count=Subquery(count),
        )
    )


def _said(text: str) -> Q:
    number = normal_number(text)
    if not text.strip().endswith("号"):
        number = number.removesuffix("号")
    of_case = CaseDocument.objects.filter(case__number=text.strip()).values("document")
    return Q(number__contains=number) | Q(pk__in=of_case)


def _delivered(state: str) -> Q:
    match state:
        case "voided":
            return Q(voided_on__isnull=False)
        case "delivered":
            return Q(delivery__isnull=False)
        case _:
            return Q(kind__in=HANDED_OVER, voided_on=None, delivery=None)


def _order(sort: str) -> list[str]:
    name = sort if sort.removeprefix("-") in DOCUMENT_SORTS else DEFAULT_DOCUMENT_SORT
    sign = "-" if name.startswith("-") else ""
    return [sign + field for field in DOCUMENT_SORTS[name.removeprefix("-")]]
