"""Hundreds of notices as one PDF (成批打印): long work, village by village, a register of handing over before each."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db.models import Max
from django.template.loader import render_to_string
from pypdf import PdfReader, PdfWriter

from documents.models import Document
from documents.queries import PrintFilter, addressee_of, to_print
from documents.services.archive import ArchiveDamaged, archived_pdf
from documents.services.rendering import html_pdf
from foundation.errors import NotPermitted, ServiceError
from organizations.models import Area, Job, Staff
from organizations.models.records import AccessKind
from organizations.permissions import Permission
from organizations.services import JobRun, job_kind, record_accesses, start_job

MOST_AT_ONCE = 600
"""Papers in one file: a township's families. Each brings its fonts, some 150 KB; nobody could open many more."""
_KIND = "documents.batch"


class NotPrintable(ServiceError):
    """There is nothing to print, or too much for one file."""


@dataclass(frozen=True)
class _Paper:
    """A notice and to whom it goes."""

    document: Document
    addressee: str

    @property
    def area(self) -> Area:
        return self.document.area

    @property
    def place(self) -> tuple[str, str, int]:
        return self.area.code, self.addressee, self.document.pk


def start_printing(wanted: PrintFilter, *, both_sides: bool, token: str, by: Staff, at: datetime) -> Job:
    """Start printing notices in one go (成批打印).

    :param both_sides: every notice begins on a sheet of its own where both sides are printed.
    :raises NotPermitted: the person may issue papers nowhere.
    :raises NotPrintable: none is left to hand over, or too many are.
    """
    if not by.may(Permission.ISSUE_DOCUMENT):
        raise NotPermitted(f"您没有“{Permission.ISSUE_DOCUMENT.label}”的权限。")
    found = to_print(by, wanted)
    count = found.count()
    if not count:
        raise NotPrintable("没有要打印的通知书：都已登记送达，或没有符合条件的。")
    if count > MOST_AT_ONCE:
        raise NotPrintable(f"共{count}份，一次最多打印{MOST_AT_ONCE}份。请按乡镇、村或文种分开打印。")
    asked = asdict(wanted) | {"last_pk": found.order_by().aggregate(last=Max("pk"))["last"], "both_sides": both_sides}
    return start_job(
        _KIND, title=f"成批打印通知书（{count}份）", parameters=asked, by=by, at=at, token=f"{_KIND}:{by.pk}:{token}"
    )


@job_kind(_KIND, permission=Permission.ISSUE_DOCUMENT, cancellable=True)
def print_notices(job: JobRun) -> None:
    """One PDF of the notices by village and name, each village with its register (送达登记表) in front."""
    papers = _papers(to_print(job.by, _asked(job.parameters)))
    job.begin(len(papers))
    writer, printed = PdfWriter(), 0
    for _, group in groupby(papers, key=lambda paper: paper.area.code):
        bodies = list(_read(list(group), job))
        if job.was_cancelled:
            return
        if bodies:
            _add_village(writer, bodies, on=job.on, both_sides=job.parameters["both_sides"])
            printed += len(bodies)
    if not printed:
        raise NotPrintable("没有打印出任何一份：通知书已登记送达，或归档文件打不开。")
    _keep(job, writer)
    keys = [paper.document.pk for paper in papers]
    reason = "成批打印通知书"
    record_accesses(
        kind=AccessKind.DOCUMENT, staff=job.by, at=job.at, subject_type="document", subject_ids=keys, reason=reason
    )
    left_out = f"，另有{job.failed}份打不开，见下" if job.failed else ""
    job.result(message=f"{printed}份通知书已合成一个文件{left_out}。送达后请登记送达。")


def _asked(parameters: Mapping[str, Any]) -> PrintFilter:
    kept = {name: parameters[name] for name in ("kind", "township", "village", "last_pk")}
    return PrintFilter(**kept, issued_from=_day(parameters["issued_from"]), issued_to=_day(parameters["issued_to"]))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _papers(documents: Any) -> list[_Paper]:
    found = [_Paper(document, addressee_of(document)) for document in documents.iterator(chunk_size=200)]
    return sorted(found, key=lambda paper: paper.place)


def _read(papers: Sequence[_Paper], job: JobRun) -> Iterator[tuple[_Paper, PdfReader]]:
    """The archived papers until somebody cancels; one that cannot be opened goes on the job's list."""
    for paper in papers:
        if job.is_cancelled():
            return
        try:
            content = archived_pdf(paper.document)
        except ArchiveDamaged as damaged:
            job.fail(row=paper.document.number, message=damaged.message)
            continue
        yield paper, PdfReader(io.BytesIO(content))
        job.done()


def _add_village(writer: PdfWriter, bodies: Sequence[tuple[_Paper, PdfReader]], *, on: date, both_sides: bool) -> None:
    area = bodies[0][0].area
    place = f"{area.parent.name if area.parent else ''}{area.name}"
    rows = [(paper.addressee, paper.document.get_kind_display(), paper.document.number) for paper, _ in bodies]
    html = render_to_string("documents/papers/handing_over.html", {"place": place, "rows": rows, "on": on})
    _add(writer, PdfReader(io.BytesIO(html_pdf(html, identifier=f"register-{area.code}"))), place, both_sides)
    for paper, reader in bodies:
        _add(writer, reader, f"{paper.addressee}　{paper.document.number}", both_sides)


def _add(writer: PdfWriter, reader: PdfReader, title: str, both_sides: bool) -> None:
    writer.append(reader, outline_item=title)
    if both_sides and len(reader.pages) % 2:
        writer.add_blank_page()


def _keep(job: JobRun, writer: PdfWriter) -> None:
    writer.compress_identical_objects()
    writer.metadata = None
    output = io.BytesIO()
    writer.write(output)
    job.keep_file(output.getvalue(), name=f"notices-{job.on:%Y%m%d}-{job.pk}.pdf", content_type="application/pdf")
