"""步骤时限: loading the terms that the law and local practice set."""

import csv
from datetime import date
from pathlib import Path

from django.db import transaction

from applications.models import StepTerm


@transaction.atomic
def load_terms(path: Path) -> int:
    """Load step terms from a CSV file; what the county has entered for the same time stays.

    :returns: how many terms were new.
    """
    made = 0
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            made += _load(row)
    return made


def _load(row: dict[str, str]) -> bool:
    valid = (date.fromisoformat(row["from"]), date.fromisoformat(row["to"]) if row["to"] else None)
    key = {name: row[name] for name in ("scheme", "kind", "authority", "step")}
    if StepTerm.objects.filter(**key, valid__overlap=valid).exists():
        return False
    StepTerm.objects.create(
        **key,
        days=int(row["days"]),
        unit=row["unit"],
        valid=valid,
        source=row["source"],
        is_local_practice=row["is_local_practice"] == "1",
    )
    return True
