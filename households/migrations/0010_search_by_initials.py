"""Names may be read in several ways, and each way finds them: initials with all their readings, and their index."""

import django.contrib.postgres.indexes
from django.db import migrations

from foundation.names import pinyin_initials, pinyin_key
from foundation.trail import acting

BATCH = 1000


def read_names_again(apps, schema_editor):
    """Of a surname with a reading of its own (单、查、曾…) the letters were those of the ordinary reading."""
    people = apps.get_model("households", "Person")._default_manager.order_by("pk")
    last = 0
    with acting(actor="system:migrate", reason="姓名读音"):
        while rows := list(people.filter(pk__gt=last).values_list("pk", "name", "pinyin", "pinyin_initials")[:BATCH]):
            for pk, name, *kept in rows:
                read = [pinyin_key(name)[:240], pinyin_initials(name, longest=60)]
                if read != kept:
                    people.filter(pk=pk).update(pinyin=read[0], pinyin_initials=read[1])
            last = rows[-1][0]


class Migration(migrations.Migration):
    dependencies = [("households", "0009_every_matter")]

    operations = [
        migrations.RemoveIndex(model_name="person", name="person_initials_prefix"),
        migrations.AddIndex(
            model_name="person",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass("pinyin_initials", name="gin_trgm_ops"),
                fastupdate=False,
                name="person_initials_trigram",
            ),
        ),
        migrations.RunPython(read_names_again, migrations.RunPython.noop),
    ]
