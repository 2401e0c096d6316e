"""Keep re-assessments where assessments of cases are kept (生活自理能力评估): each row says what it did, once."""

import django.db.models.deletion
from django.db import migrations, models

from foundation.trail import acting

_TABLE = "care_selfcarereassessment"
_NOT_SAID = "（原记录没有写）"
_MOVED = (
    "unable_self_care",
    "care_level",
    "support_mode",
    "assessed_on",
    "township_assessor",
    "county_assessor",
    "opinion",
    "recorded_by",
)


def move(apps, schema_editor):
    """Write each re-assessment as an assessment without a case; what it never said is said not to have been."""
    with acting(actor="system:migration"):
        records = {row.pk: _record(apps, row) for row in apps.get_model("care", "SelfCareReassessment").objects.all()}
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        # What is written once is not changed here, only kept elsewhere.
        cursor.execute(f"ALTER TABLE {_TABLE} DISABLE TRIGGER USER")
        for pk, record in records.items():
            cursor.execute(f"UPDATE {_TABLE} SET record_id = %s WHERE id = %s", [record, pk])
        cursor.execute(f"ALTER TABLE {_TABLE} ENABLE TRIGGER USER")


def _record(apps, row) -> int:
    members = apps.get_model("households", "Member").objects.filter(household=row.report.award.household_id)
    person = row.report.award.persons.latest("pk").person_id
    record = apps.get_model("applications", "SelfCareAssessment").objects.create(
        member=members.filter(person=person).latest("pk"),
        assessed_on=row.assessed_on,
        place=_NOT_SAID,
        not_managed=row.unable_self_care,
        level=row.care_level,
        support_mode=row.support_mode,
        mode_said_by=_NOT_SAID,
        note=row.opinion,
        recorded_by_id=row.recorded_by_id,
    )
    assessor = apps.get_model("applications", "SelfCareAssessor").objects
    assessor.create(assessment=record, staff_id=row.township_assessor_id, is_of_county=False)
    assessor.create(assessment=record, staff_id=row.county_assessor_id, is_of_county=True)
    return record.pk


def _record_field(**more):
    return models.OneToOneField(
        on_delete=django.db.models.deletion.RESTRICT,
        related_name="reassessment",
        to="applications.selfcareassessment",
        verbose_name="生活自理能力评估",
        **more,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0011_self_care_stays"),
        ("benefits", "0005_every_matter"),
        ("care", "0001_every_matter"),
        ("documents", "0007_care_change_notice"),
    ]

    operations = [
        migrations.AddField("selfcarereassessment", "record", _record_field(null=True)),
        migrations.RunPython(move),
        migrations.RemoveConstraint("selfcarereassessment", "reassessment_by_two"),
        *(migrations.RemoveField("selfcarereassessment", name) for name in _MOVED),
        migrations.AlterField("selfcarereassessment", "record", _record_field()),
        migrations.AddField(
            "caredecision",
            "notice",
            models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="+",
                to="documents.document",
                verbose_name="调整告知书",
            ),
        ),
        migrations.AddConstraint(
            "caredecision",
            models.CheckConstraint(
                condition=models.Q(("version__isnull", False), ("notice", None), _connector="OR"),
                name="care_decision_notice_of_change",
            ),
        ),
    ]
