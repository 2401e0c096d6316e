"""Say of each sum that a family gave back of which overpaid month it is."""

import datetime

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("benefits", "0007_shares_of_versions"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="recoupmentreturn", name="return_of_something"),
        migrations.AddField(
            model_name="recoupmentreturn",
            name="for_month",
            field=models.DateField(default=datetime.date(2026, 1, 1), verbose_name="所属月"),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="recoupmentreturn",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0), ("for_month__day", 1)), name="return_of_something"
            ),
        ),
    ]
