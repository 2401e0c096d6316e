from django.db import migrations

# Django empties the tables of a test database between tests; it makes and names that database itself, and only the
# tests' own connections carry the setting. Neither alone is enough.
FUNCTION = r"""
CREATE OR REPLACE FUNCTION jixi_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_database() LIKE 'test\_%' AND current_setting('jixi.may_empty', true) = 'yes' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'jixi: % is on record and cannot be emptied', TG_TABLE_NAME;
END;
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("foundation", "0001_extensions")]
    operations = [migrations.RunSQL(FUNCTION, "DROP FUNCTION jixi_refuse_truncate() CASCADE")]
