"""Reads of documents, cut to what the person may see; and the public check, which shows no personal data."""

import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery

from documents.models import HANDED_OVER, Document, NumberCounter, NumberPrefix
from organizations.models import Area, Staff
from organizations.models.areas import AreaLevel
from organizations.permissions import Permission
from organizations.queries import civil_affairs

_ADDRESSEES = ("applicant", "person", "household", "village")
"""Fields of content records that say to whom a notice goes, the first that is there."""
_CODE = re.compile(r"[0-9a-f]{16}")


def visible_to(staff: Staff) -> QuerySet[Document]:
    """Documents that concern areas whose cases the person may see; the start of every read of documents."""
    return Document.objects.filter(area_id__in=staff.area_ids(Permission.VIEW_CASE)).select_related(
        "issuing_area", "area__parent", "issued_by", "voided_by"
    )


@dataclass(frozen=True)
class PrintFilter:
    """Which notices are printed in one go (成批打印); empty fields do not cut.

    :param last_pk: the last document that was there when it was asked for; None for any.
    """

    kind: str = ""
    township: str = ""
    village: str = ""
    issued_from: date | None = None
    issued_to: date | None = None
    last_pk: int | None = None


def to_print(staff: Staff, wanted: PrintFilter) -> QuerySet[Document]:
    """Notices that wait to be handed over and that the person may issue papers for, by village and number."""
    exact = {
        "kind": wanted.kind,
        "area__parent__code": wanted.township,
        "area__code": wanted.village,
        "issued_on__gte": wanted.issued_from,
        "issued_on__lte": wanted.issued_to,
        "pk__lte": wanted.last_pk,
    }
    waiting = visible_to(staff).filter(
        area_id__in=staff.area_ids(Permission.ISSUE_DOCUMENT), kind__in=HANDED_OVER, voided_on=None, delivery=None
    )
    asked = {lookup: value for lookup, value in exact.items() if value}
    return waiting.filter(**asked).order_by("area__code", "issued_on", "pk")


def villages_to_print(documents: QuerySet[Document]) -> list[dict[str, Any]]:
    """How many of the notices lie in each village, in code order."""
    columns = {"township": F("area__parent__name"), "village": F("area__name"), "code": F("area__code")}
    counted: Any = documents.order_by().values(**columns).annotate(total=Count("pk"))
    return list(counted.order_by("code"))


def addressee_of(document: Document) -> str:
    """To whom a notice goes, as its content record says; empty where it names nobody."""
    fields = json.loads(document.record.reveal())["fields"]
    return next((str(fields[name]) for name in _ADDRESSEES if fields.get(name)), "")


def prefix_in_force(area: Area, kind: str, *, year: int) -> NumberPrefix | None:
    """The prefix (文号字头) that a body's numbers of a kind take in a year."""
    return prefixes_of(area, kind).filter(from_year__lte=year).first()


def prefixes_of(area: Area, kind: str) -> QuerySet[NumberPrefix]:
    """Every prefix of a body's papers of a kind, the latest first."""
    return NumberPrefix.objects.filter(area=area, kind=kind).select_related("area").order_by("-from_year")


def prefixes_in_force(*, year: int, area: Area | None = None, kind: str = "") -> QuerySet[NumberPrefix]:
    """Prefixes of a year by body and kind, with ``last`` number given and ``next_prefix`` of the year after."""
    counted = NumberCounter.objects.filter(area=OuterRef("area"), kind=OuterRef("kind"), year=year)
    coming = NumberPrefix.objects.filter(area=OuterRef("area"), kind=OuterRef("kind"), from_year=year + 1)
    rows = NumberPrefix.objects.filter(from_year__lte=year).select_related("area")
    if area is not None:
        rows = rows.filter(area=area)
    if kind:
        rows = rows.filter(kind=kind)
    return (
        rows.annotate(last=Subquery(counted.values("last")), next_prefix=Subquery(coming.values("prefix")))
        .order_by("area__code", "kind", "-from_year")
        .distinct("area__code", "kind")
    )


class Genuineness(StrEnum):
    """What the check page says."""

    GENUINE = "genuine"
    VOIDED = "voided"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class CheckAnswer:
    """The answer to a public check (文书核验): kind, number, body and dates; nobody's name."""

    state: Genuineness
    kind: str = ""
    number: str = ""
    issuing_body: str = ""
    issued_on: date | None = None
    voided_on: date | None = None
    by_code: bool = False


def check_document(text: str) -> CheckAnswer:
    """Whether a number (文号) or check code (校验码) is of a document that was issued."""
    code = normal_code(text)
    # A range and not a prefix match: it goes by the index whatever the database's collation.
    matches = (
        Document.objects.filter(record_digest__gte=code, record_digest__lt=code + "g")
        if code
        else Document.objects.filter(number=normal_number(text))
    )
    document = matches.select_related("issuing_area").first()
    if document is None:
        return CheckAnswer(state=Genuineness.UNKNOWN)
    return CheckAnswer(
        state=Genuineness.VOIDED if document.voided_on else Genuineness.GENUINE,
        kind=document.get_kind_display(),
        number=document.number,
        issuing_body=_body(document.issuing_area),
        issued_on=document.issued_on,
        voided_on=document.voided_on,
        by_code=bool(code),
    )


def _body(area: Area) -> str:
    if area.level == AreaLevel.COUNTY:
        return area.name + civil_affairs().name.removeprefix("县")
    return f"{area.name}人民政府"


def normal_code(text: str) -> str:
    """The check code in a text, without spaces and dashes; empty when the text is none."""
    code = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text)).lower()
    return code if _CODE.fullmatch(code) else ""


def normal_number(text: str) -> str:
    """A number with the brackets that papers print, whichever were typed: 绩民救确[2026]1 → 绩民救确〔2026〕1号."""
    number = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    number = re.sub(r"[\[(【〔]", "〔", number)
    number = re.sub(r"[\])】〕]", "〕", number)
    return number if number.endswith("号") else f"{number}号"
