"""Awards that were granted before versions said it rest on the assessment of their decision."""

from django.db import migrations

_REST = """
    ALTER TABLE benefits_awardversion DISABLE TRIGGER USER;
    UPDATE benefits_awardversion v SET assessment_id = d.assessment_id
      FROM applications_decision d JOIN applications_case c ON c.id = d.case_id
     WHERE v.kind = 'grant' AND v.assessment_id IS NULL AND v.source <> '' AND c.number = v.source;
    SET CONSTRAINTS ALL IMMEDIATE;
    ALTER TABLE benefits_awardversion ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0011_self_care_stays'),
        ('benefits', '0007_shares_of_versions'),
    ]

    operations = [migrations.RunSQL(_REST, migrations.RunSQL.noop)]
