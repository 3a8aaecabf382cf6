"""Orders that ended a case as one view, of the courts' data and of the office's own record.

What the office recorded counts in the statistics from the day it is recorded, and once: an order
within seven days of a completion in the courts' data is that completion.
"""

from __future__ import annotations

from django.db import migrations, models

WITHIN = 7
"""Days: EOIR dates a completion by when it was entered, the document by when it was signed."""
COMPLETING = (
    *("close-administratively", "dismiss", "terminate", "grant-relief", "grant-withholding"),
    *("order-removal", "grant-voluntary-departure", "withdraw-application", "find-abandoned"),
)
STANDING = f"""
    o.superseded_at IS NULL AND o.kind IN ({", ".join(f"'{kind}'" for kind in COMPLETING)})"""
OF_THE_CASE = """
    coalesce(court.code, '') AS court, coalesce(office.code, '') AS office,
    coalesce(r.nationality, '') AS nationality,
    CASE c.represented WHEN true THEN 'yes' WHEN false THEN 'no' ELSE '' END AS representation"""
ASYLUM = """
    CASE WHEN c.idncase IN (SELECT a.idncase FROM cases_application a
                             WHERE a.code IN ('ASYL', 'ASYW'))
         THEN 'yes' ELSE 'no' END AS asylum"""

VIEW = f"""
CREATE VIEW cases_completingorder AS
SELECT p.idnproceeding AS id, c.id AS case_id, p.completed_on AS ordered_on, {OF_THE_CASE},
       coalesce(nullif(p.custody, ''), c.custody) AS custody, p.case_type, {ASYLUM},
       c.priority_code AS priority, p.decision_code, p.other_completion, p.absentia,
       '' AS order_kind,
       CASE WHEN c.id IN (SELECT o.case_id FROM cases_courtorder o WHERE {STANDING})
             AND EXISTS (SELECT FROM cases_courtorder o WHERE o.case_id = c.id AND {STANDING}
                          AND abs(o.ordered_on - p.completed_on) <= {WITHIN})
            THEN 'both' ELSE 'courts' END AS record
  FROM cases_proceeding p
  JOIN cases_case c ON c.idncase = p.idncase
  JOIN cases_respondent r ON r.id = c.respondent_id
  LEFT JOIN cases_court court ON court.code = p.base_city
  LEFT JOIN cases_office office ON office.id = court.office_id
 WHERE p.completed_on IS NOT NULL
UNION ALL
SELECT -o.id, c.id, o.ordered_on, {OF_THE_CASE}, c.custody, c.case_type, {ASYLUM},
       c.priority_code, '', '', '',
       o.kind || CASE WHEN o.motion_id IS NULL THEN '' ELSE ' on motion' END, 'office'
  FROM cases_courtorder o
  JOIN cases_case c ON c.id = o.case_id
  JOIN cases_respondent r ON r.id = c.respondent_id
  LEFT JOIN cases_court court ON court.id = c.court_id
  LEFT JOIN cases_office office ON office.id = court.office_id
 WHERE {STANDING}
   AND NOT EXISTS (SELECT FROM cases_proceeding p WHERE p.idncase = c.idncase
                    AND abs(o.ordered_on - p.completed_on) <= {WITHIN})
"""  # noqa: S608  our own names


class Migration(migrations.Migration):
    dependencies = [("cases", "0010_after_closure")]

    operations = [
        migrations.CreateModel(
            name="CompletingOrder",
            fields=[("id", models.BigIntegerField(primary_key=True, serialize=False))],
            options={"managed": False},
        ),
        migrations.RunSQL(VIEW, "DROP VIEW cases_completingorder"),
        migrations.AddField(
            model_name="completioncount",
            name="record",
            field=models.CharField(
                default="courts", help_text="Whose: courts, both or office.", max_length=6
            ),
        ),
    ]
