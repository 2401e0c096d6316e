"""Who is covered with which top-up moves from the coverage to the version: a change of the award changes it."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

_MOVE = """
    ALTER TABLE benefits_awardversion DISABLE TRIGGER USER;
    UPDATE benefits_awardversion
       SET kind = CASE WHEN serial > 1 THEN 'care' ELSE 'grant' END,
           source = COALESCE(substring(reason FROM '（([0-9]{4}-[0-9]+)）'), '');
    ALTER TABLE benefits_awardversion ENABLE TRIGGER USER;
    SELECT set_config('pghistory.context_id', gen_random_uuid()::text, TRUE);
    INSERT INTO benefits_awardversionperson
           (version_id, person_id, base_monthly_amount, topup_monthly_amount, topup_class)
    SELECT version_id, person_id, (div(fen, people) + (place <= mod(fen, people))::int) / 100, topup, topup_class
      FROM (
            SELECT v.id AS version_id, p.person_id, p.topup_monthly_amount AS topup, p.topup_class,
                   (v.monthly_amount - sum(p.topup_monthly_amount) OVER of_version) * 100 AS fen,
                   count(*) OVER of_version AS people, row_number() OVER (PARTITION BY v.id ORDER BY p.id) AS place
              FROM benefits_awardversion v JOIN benefits_awardperson p USING (award_id)
            WINDOW of_version AS (PARTITION BY v.id)
           ) shares;
    SELECT set_config('pghistory.context_id', '', TRUE);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('benefits', '0006_versions_by_person'),
    ]

    operations = [
        migrations.RunSQL(_MOVE, migrations.RunSQL.noop),
        pgtrigger.migrations.RemoveTrigger(
            model_name='awardperson',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='awardperson',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='awardperson',
            name='delete_delete',
        ),
        migrations.RemoveField(
            model_name='awardperson',
            name='topup_class',
        ),
        migrations.RemoveField(
            model_name='awardperson',
            name='topup_monthly_amount',
        ),
        migrations.RemoveField(
            model_name='awardpersonhistory',
            name='topup_class',
        ),
        migrations.RemoveField(
            model_name='awardpersonhistory',
            name='topup_monthly_amount',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='awardperson',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "benefits_awardpersonhistory" ("award_id", "covered", "id", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."award_id", NEW."covered", NEW."id", NEW."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='fdce1bd85aa43dd2d9081088718f0189bc36967d', operation='INSERT', pgid='pgtrigger_insert_insert_c5729', table='benefits_awardperson', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='awardperson',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "benefits_awardpersonhistory" ("award_id", "covered", "id", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."award_id", NEW."covered", NEW."id", NEW."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', NEW."id"); RETURN NULL;', hash='1b11ed33c654188af921268676bd09045c6262f8', operation='UPDATE', pgid='pgtrigger_update_update_d4952', table='benefits_awardperson', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='awardperson',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "benefits_awardpersonhistory" ("award_id", "covered", "id", "person_id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."award_id", OLD."covered", OLD."id", OLD."person_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'delete\', OLD."id"); RETURN NULL;', hash='f3f0a393463e6f9bb4d6af634f521361f52af773', operation='DELETE', pgid='pgtrigger_delete_delete_f5fbb', table='benefits_awardperson', when='AFTER')),
        ),
    ]
