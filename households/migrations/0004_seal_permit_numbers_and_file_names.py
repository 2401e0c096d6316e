"""Encrypt what was written in plain, in the rows and in their history; in batches, and reversible."""

from collections.abc import Callable

from django.db import migrations

from foundation.crypto import decrypt_text, encrypt_text

COLUMNS = (
    ("households_household", "id", "residence_permit_number", "permit"),
    ("households_householdhistory", "pgh_id", "residence_permit_number", "permit"),
    ("households_attachment", "id", "original_name", "file_name"),
    ("households_attachmenthistory", "pgh_id", "original_name", "file_name"),
)
BATCH = 1000


def seal(apps, schema_editor):
    _rewrite(schema_editor, lambda text, purpose: encrypt_text(text, purpose=purpose))


def open_again(apps, schema_editor):
    _rewrite(schema_editor, lambda text, purpose: decrypt_text(text, purpose=purpose))


def _rewrite(schema_editor, written: Callable[[str, str], str]) -> None:
    # The triggers record and protect what people change; here the writing changes and not what is written, and a
    # history that kept the plain values would keep what the encryption is to hide.
    with schema_editor.connection.cursor() as cursor:
        for table, key, column, purpose in COLUMNS:
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
            last = 0
            while rows := _batch(cursor, table, key, column, last):
                cursor.execute(
                    f'UPDATE "{table}" SET "{column}" = sealed.text'
                    f' FROM unnest(%s::bigint[], %s::text[]) AS sealed(pk, text) WHERE "{table}"."{key}" = sealed.pk',
                    [[pk for pk, _ in rows], [written(text, purpose) for _, text in rows]],
                )
                last = rows[-1][0]
            cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')


def _batch(cursor, table: str, key: str, column: str, last: int) -> list[tuple[int, str]]:
    cursor.execute(
        f'SELECT "{key}", "{column}" FROM "{table}" WHERE "{key}" > %s AND "{column}" <> \'\' ORDER BY "{key}" LIMIT {BATCH}',
        [last],
    )
    return list(cursor.fetchall())


class Migration(migrations.Migration):
    dependencies = [("households", "0003_hold_permit_numbers_and_file_names_sealed")]

    operations = [migrations.RunPython(seal, open_again)]
