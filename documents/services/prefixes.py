"""文号字头: each body × kind its own."""

import csv
from pathlib import Path

from django.conf import settings
from django.db import transaction

from documents.models import NumberPrefix
from organizations.models import Area


@transaction.atomic
def load_number_prefixes() -> int:
    """Load the number prefixes (文号字头) of the county and all townships; what the county has changed since stays.

    :returns: how many were new.
    """
    with Path(settings.FIXTURES_ROOT, "number_prefixes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    areas = Area.objects.in_bulk({row["area_code"] for row in rows}, field_name="code")
    known = set(NumberPrefix.objects.values_list("area", "kind"))
    new = [
        NumberPrefix(area=areas[row["area_code"]], kind=row["kind"], prefix=row["prefix"])
        for row in rows
        if (areas[row["area_code"]].pk, row["kind"]) not in known
    ]
    NumberPrefix.objects.bulk_create(new)
    return len(new)
