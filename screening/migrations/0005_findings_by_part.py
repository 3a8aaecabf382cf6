"""A determination refers to several sets of findings, where it had one of all its findings."""

import django.contrib.postgres.fields
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

SEVERAL = """
ALTER TABLE screening_determination
      ALTER COLUMN finding_set_id TYPE bigint[] USING ARRAY[finding_set_id];
ALTER TABLE screening_determination RENAME COLUMN finding_set_id TO finding_sets;
ALTER TABLE screening_findingset DISABLE TRIGGER USER;
UPDATE screening_findingset
   SET findings = coalesce((
           SELECT jsonb_agg(finding || jsonb_build_object('place', place - 1) ORDER BY place)
             FROM jsonb_array_elements(findings) WITH ORDINALITY AS f (finding, place)), '[]');
ALTER TABLE screening_findingset ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):
    dependencies = [("screening", "0004_simulation")]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="determination", name="determination_is_never_edited"
        ),
        migrations.RunSQL(
            SEVERAL,
            state_operations=[
                migrations.RemoveField(model_name="determination", name="finding_set"),
                migrations.AddField(
                    model_name="determination",
                    name="finding_sets",
                    field=django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        help_text="The sets of its findings that are not clear.",
                        size=None,
                    ),
                    preserve_default=False,
                ),
            ],
        ),
        migrations.AlterField(
            model_name="findingset",
            name="findings",
            field=models.JSONField(
                help_text="A list of {place, criterion, answer, reason, missing}."
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="determination",
            trigger=pgtrigger.compiler.Trigger(
                name="determination_is_never_edited",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."as_of" IS DISTINCT FROM (NEW."as_of") OR OLD."bulk_review_id" IS DISTINCT FROM (NEW."bulk_review_id") OR OLD."case_id" IS DISTINCT FROM (NEW."case_id") OR OLD."determined_at" IS DISTINCT FROM (NEW."determined_at") OR OLD."engine_version" IS DISTINCT FROM (NEW."engine_version") OR OLD."evidence" IS DISTINCT FROM (NEW."evidence") OR OLD."facts" IS DISTINCT FROM (NEW."facts") OR OLD."finding_sets" IS DISTINCT FROM (NEW."finding_sets") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."known_at" IS DISTINCT FROM (NEW."known_at") OR OLD."leading" IS DISTINCT FROM (NEW."leading") OR OLD."outcome" IS DISTINCT FROM (NEW."outcome") OR OLD."policy_version_id" IS DISTINCT FROM (NEW."policy_version_id") OR OLD."requested_by_id" IS DISTINCT FROM (NEW."requested_by_id") OR OLD."valid_until" IS DISTINCT FROM (NEW."valid_until"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="3e7758dc4ae5b91b00135b6daf31f11fe402c90d",
                    operation="UPDATE",
                    pgid="pgtrigger_determination_is_never_edited_5ccf9",
                    table="screening_determination",
                    when="BEFORE",
                ),
            ),
        ),
    ]
