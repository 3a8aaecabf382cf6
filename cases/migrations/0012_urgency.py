"""How urgent a review of a closed case is: it orders the queue, see `screening.urgency`."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0011_completing_orders"),
    ]

    operations = [
        migrations.AddField(
            model_name="restartreview",
            name="urgency",
            field=models.PositiveSmallIntegerField(
                choices=[(1, "the law may require detention"), (2, "not known"), (3, "not urgent")],
                db_default=2,
                default=2,
            ),
        ),
        migrations.AddField(
            model_name="restartreview",
            name="urgency_as_of",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="restartreview",
            name="urgency_known_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="restartreview",
            name="urgency_reason",
            field=models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
        migrations.AddIndex(
            model_name="restartreview",
            index=models.Index(fields=["urgency", "id"], name="restart_reviews_by_urgency"),
        ),
    ]
