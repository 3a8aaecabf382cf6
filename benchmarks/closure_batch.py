"""A closure batch: ours, from assembling to motions ready to sign, and plain SQL for the same rows.

    python -m benchmarks.closure_batch --items 20000 [--json] [--repeat 3]

Both check every item again and write the same rows: the items, one move of each review and of each
motion, the reviews approved, and the motions drafted, under the same constraints and triggers. The
plain SQL is five statements in one transaction, written for this batch alone: it says of nothing
why it is blocked, asks for no permission, and knows one form, one ground and one authority.
"""

from __future__ import annotations

import argparse
import json
import statistics
from datetime import date
from time import perf_counter
from typing import Any

from benchmarks.scratch import scratch_database

ON = date(2024, 1, 15)

FILL = """
INSERT INTO cases_respondent (uuid, family_name, given_names, birth_date, birth_precision,
    nationality_code, language_code, sex, fin, fbi_number, protected_1367)
SELECT gen_random_uuid(), '', '', '1980-01-01', 'day', '', '', '', '', '', false
  FROM generate_series(1, %(count)s);
INSERT INTO cases_case (uuid, idncase, respondent_id, case_type, custody, priority_code,
    update_site, status, represented, court_id, office_id)
SELECT gen_random_uuid(), id, id, 'RMV', 'N', '', '', 'pending', true, %(court)s, %(office)s
  FROM cases_respondent;
INSERT INTO cases_review (uuid, case_id, status, origin, determination, outcome, policy, engine,
    hits, holds, screened_as_of, valid_until, case_version, stale, ground, authority_cited,
    against_screening, opened_at, changed_at, version, opened_by_id)
SELECT gen_random_uuid(), id, 'screened', 'bulk', id, 'flagged', 'doyle-2:2', '1', '{}',
       ARRAY[CASE WHEN id %% 3 = 0 THEN 'MI-01' ELSE 'MI-02' END], '2024-01-15', '2025-01-01', 1,
       false, '', '', false, now(), now(), 1, %(by)s
  FROM cases_case;
ANALYZE;
"""
FLOOR = """
SET LOCAL enable_nestloop = off;
INSERT INTO cases_batchitem (batch_id, review_id, number, determination, review_version, stratum,
    sampled, status, reasons)
SELECT %(batch)s, id, row_number() OVER (ORDER BY id), determination, version,
       array_to_string(holds, ' '), false, 'waiting', '{}'
  FROM cases_review WHERE status = 'screened' AND outcome = 'flagged' AND NOT stale;
ANALYZE cases_batchitem;
CREATE TEMPORARY TABLE passing ON COMMIT DROP AS
SELECT r.id, r.case_id, r.policy, r.engine, i.id AS item_id
  FROM cases_batchitem i JOIN cases_review r ON r.id = i.review_id
  JOIN cases_case c ON c.id = r.case_id JOIN cases_respondent p ON p.id = c.respondent_id
 WHERE i.batch_id = %(batch)s AND r.version = i.review_version
   AND r.determination = i.determination AND r.status = 'screened' AND r.outcome = 'flagged'
   AND NOT r.stale AND r.valid_until > %(on)s AND r.case_version = c.version AND r.hits = '{}'
   AND c.custody <> 'D' AND c.status = 'pending' AND c.office_id = %(office)s
   AND p.birth_date <= %(on)s::date - interval '18 years' AND p.juvenile IS NOT TRUE
   AND p.competency_indicia IS NOT TRUE AND p.protected_1367 IS FALSE;
ANALYZE passing;
INSERT INTO cases_move (machine, case_id, review_id, transition, source, target, note, criteria,
    document, actor, policy, engine, at, by_id)
SELECT 'review', case_id, id, 'approve-in-batch', 'screened', 'approved', 'The batch.', '{batch}',
       '', '', policy, engine, now(), %(approver)s FROM passing;
UPDATE cases_review r
   SET status = 'approved', version = version + 1, changed_at = now(), form_id = 'dismissal',
       ground = '7', proposed_by_id = %(by)s, approved_by_id = %(approver)s
  FROM passing p WHERE p.id = r.id;
WITH drafted AS (
INSERT INTO cases_motion (uuid, review_id, case_id, form_id, status, ground, authority, joint, oral,
    drafted_at, changed_at, version, proposed_by_id, approved_by_id)
SELECT gen_random_uuid(), id, case_id, 'dismissal', 'draft', '7', '8 CFR 239.2(c)', false, false,
       now(), now(), 1, %(by)s, %(approver)s FROM passing
RETURNING id, review_id, case_id)
INSERT INTO cases_move (machine, case_id, review_id, motion_id, transition, source, target, note,
    criteria, document, actor, policy, engine, at, by_id)
SELECT 'motion', case_id, review_id, id, 'draft', '', 'draft', '', '{}', '', '', '', '', now(),
       %(approver)s FROM drafted;
UPDATE cases_batchitem i SET status = 'done', ended_at = now()
  FROM passing p WHERE p.item_id = i.id;
"""
EMPTY = """
TRUNCATE cases_move, cases_motion, cases_samplereading, cases_batchitem, cases_closurebatch,
    cases_safeguardstep, cases_respondentposition, cases_review, cases_courtorder, cases_case,
    cases_respondent RESTART IDENTITY CASCADE
"""


def people() -> tuple[Any, Any, Any, Any, Any]:
    from django.contrib.auth.models import Permission, User

    from cases.models import Court, Office

    office, _ = Office.objects.get_or_create(code="NYC", name="An office")
    court, _ = Court.objects.get_or_create(code="NYC", circuit="2", office=office)
    roles = {
        "proposer": ("propose_batch",),
        "reader": ("read_sample",),
        "approver": ("approve_batch",),
    }
    made = []
    for role, permissions in roles.items():
        user, _ = User.objects.get_or_create(username=role, is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
        office.staff.add(user)
        made.append(User.objects.get(pk=user.pk))
    return office, court, *made


def fill(items: int, office: Any, court: Any, by: Any) -> None:
    from django.db import connection, transaction

    given = {"count": items, "office": office.pk, "court": court.pk, "by": by.pk}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(EMPTY)
        cursor.execute(FILL, given)


def floor(items: int) -> float:
    from django.db import connection, transaction

    from cases.models import ClosureBatch

    office, court, proposer, _, approver = people()
    fill(items, office, court, proposer)
    batch = ClosureBatch.objects.create(
        office=office, title="Floor", form_id="dismissal", ground="7", proposed_by=proposer
    )
    given = {
        "batch": batch.pk,
        "office": office.pk,
        "by": proposer.pk,
        "approver": approver.pk,
        "on": ON,
    }
    started = perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FLOOR, given)
    seconds = perf_counter() - started
    assert batch.items.filter(status="done").count() == items
    return seconds


def ours(items: int) -> dict[str, float]:
    from cases import batches
    from cases.batches import Wanted
    from cases.models import FormOfDiscretion, Motion
    from cases.workflow import Act

    office, court, proposer, reader, approver = people()
    fill(items, office, court, proposer)

    def act(by: Any) -> Act:
        note = "Read, and nothing speaks against it."
        return Act(by=by, on=ON, note=note, criteria=("MI-01",), consequences_read=True)

    seconds = {}
    started = perf_counter()
    form = FormOfDiscretion.objects.get(pk="dismissal")
    wanted = Wanted(office=office, title="Ours", form=form, ground="7")
    batch = batches.assemble(wanted, by=proposer, on=ON)
    seconds["assemble"] = perf_counter() - started
    started = perf_counter()
    batches.freeze(batch, seen=batches.manifest(batch), act=act(proposer))
    seconds["freeze"] = perf_counter() - started
    batches.draw_sample(batch, act(proposer))
    for item in batches.to_read(batch, by=reader):
        batches.read_item(item, would_close=True, act=act(reader))
    batch.refresh_from_db()
    batches.approve(batch, act(approver))
    batches.advance(batch, "execute", act(approver))
    started = perf_counter()
    while batches.work(batch, on=ON):
        pass
    batches.finish_if_done(batch, on=ON)
    seconds["execute"] = perf_counter() - started
    assert batch.items.filter(status="done").count() == items
    assert Motion.objects.count() == items
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with scratch_database("bench_closure_batch"):
        floors, parts = [], []
        for _ in range(options.repeat):
            floors.append(floor(options.items))
            parts.append(ours(options.items))
    medians = {name: statistics.median(part[name] for part in parts) for name in parts[0]}
    total = statistics.median(sum(part.values()) for part in parts)
    plain = statistics.median(floors)
    told = {
        "items": options.items,
        "seconds": {"floor": round(plain, 3), "ours": round(total, 3)}
        | {name: round(value, 3) for name, value in medians.items()},
        "ratios": {"ours_to_floor": round(total / plain, 2)},
    }
    if options.json:
        print(json.dumps(told))
    else:
        for name, value in {**told["seconds"], **told["ratios"]}.items():
            print(f"{name:>14}  {value}")


if __name__ == "__main__":
    main()
