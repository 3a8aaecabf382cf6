"""An order names what it did to the case, and only what ends a case is with prejudice."""

from __future__ import annotations

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0013_corrected_orders"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="courtorder",
            name="order_is_never_edited",
        ),
        migrations.AddField(
            model_name="courtorder",
            name="move",
            field=models.ForeignKey(
                blank=True,
                help_text="What it did to the case; a correction has that of the first.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="orders",
                to="cases.move",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="courtorder",
            trigger=pgtrigger.compiler.Trigger(
                name="order_is_never_edited",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."case_id" IS DISTINCT FROM (NEW."case_id") OR OLD."corrects_id" IS DISTINCT FROM (NEW."corrects_id") OR OLD."document" IS DISTINCT FROM (NEW."document") OR OLD."ground" IS DISTINCT FROM (NEW."ground") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."motion_id" IS DISTINCT FROM (NEW."motion_id") OR OLD."move_id" IS DISTINCT FROM (NEW."move_id") OR OLD."ordered_by" IS DISTINCT FROM (NEW."ordered_by") OR OLD."ordered_on" IS DISTINCT FROM (NEW."ordered_on") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at") OR OLD."recorded_by_id" IS DISTINCT FROM (NEW."recorded_by_id") OR OLD."why_corrected" IS DISTINCT FROM (NEW."why_corrected") OR OLD."with_prejudice" IS DISTINCT FROM (NEW."with_prejudice"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="6cbba3ef6166befe4363af578e58e0daf370a3f4",
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
                    ("with_prejudice", False),
                    ("kind__in", ("dismiss", "terminate")),
                    _connector="OR",
                ),
                name="only_what_ends_a_case_is_with_prejudice",
            ),
        ),
    ]
