import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("households", "0004_seal_permit_numbers_and_file_names")]

    operations = [
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Reverse("name"), name="text_pattern_ops"
                ),
                name="person_name_suffix",
            ),
        ),
    ]
