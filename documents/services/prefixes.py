"""文号字头: each body × kind its own."""

from collections.abc import Iterable, Mapping

from django.db import transaction

from documents.models import NumberPrefix
from organizations.models import Area


@transaction.atomic
def load_number_prefixes(rows: Iterable[Mapping[str, str]]) -> int:
    """Load the number prefixes (文号字头); what the county has changed since stays.

    :param rows: area_code, kind, prefix.
    :returns: how many were new.
    """
    rows = list(rows)
    areas = Area.objects.in_bulk({row["area_code"] for row in rows}, field_name="code")
    known = set(NumberPrefix.objects.values_list("area", "kind"))
    new = [
        NumberPrefix(area=areas[row["area_code"]], kind=row["kind"], prefix=row["prefix"])
        for row in rows
        if (areas[row["area_code"]].pk, row["kind"]) not in known
    ]
    NumberPrefix.objects.bulk_create(new)
    return len(new)
