"""What is sent as a file: spreadsheets and private papers, each with the headers that all of them need."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'self'"
"""Of a picture that somebody handed in: shown, and nothing else, whatever a browser takes it for."""
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def spreadsheet(content: bytes, *, name: str) -> HttpResponse:
    """A list as Excel, to be saved as ``name.xlsx`` and kept by nobody on the way."""
    response = HttpResponse(content, content_type=_XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def private_file(
    content: bytes, *, content_type: str = "application/pdf", name: str = "", download: bool = False
) -> HttpResponse:
    """A paper or scan, shown in place or saved; never taken for another type, kept by nobody on the way.

    :param name: the file's name, in any script.
    """
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(download, name) or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    if content_type != "application/pdf":  # the browser's own viewer of PDFs does not open in a sandbox
        response["Content-Security-Policy"] = SANDBOX
    return response
