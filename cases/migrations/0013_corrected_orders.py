"""An order can be put on record anew, as its document says: which one it corrects, and why."""

from __future__ import annotations

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0012_urgency"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="courtorder",
            name="order_is_never_edited",
        ),
        migrations.AddField(
            model_name="courtorder",
            name="corrects",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrected_by",
                to="cases.courtorder",
            ),
        ),
        migrations.AddField(
            model_name="courtorder",
            name="why_corrected",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="courtorder",
            trigger=pgtrigger.compiler.Trigger(
                name="order_is_never_edited",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."case_id" IS DISTINCT FROM (NEW."case_id") OR OLD."corrects_id" IS DISTINCT FROM (NEW."corrects_id") OR OLD."document" IS DISTINCT FROM (NEW."document") OR OLD."ground" IS DISTINCT FROM (NEW."ground") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."motion_id" IS DISTINCT FROM (NEW."motion_id") OR OLD."ordered_by" IS DISTINCT FROM (NEW."ordered_by") OR OLD."ordered_on" IS DISTINCT FROM (NEW."ordered_on") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at") OR OLD."recorded_by_id" IS DISTINCT FROM (NEW."recorded_by_id") OR OLD."why_corrected" IS DISTINCT FROM (NEW."why_corrected") OR OLD."with_prejudice" IS DISTINCT FROM (NEW."with_prejudice"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="e0513159ee5a44a0ad36a4d1505e6914b59af243",
                    operation="UPDATE",
                    pgid="pgtrigger_order_is_never_edited_c85e2",
                    table="cases_courtorder",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="courtorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("corrects", None),
                    models.Q(("why_corrected", ""), _negated=True),
                    _connector="OR",
                ),
                name="a_correction_says_why",
            ),
        ),
    ]
