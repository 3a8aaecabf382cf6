"""How long it takes from an event to a review, to a decision, to a filing, to an order: from moves.

Counted in days. A step that has not been taken yet is counted as waiting, never as a duration.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils.timezone import get_current_timezone_name

from cases.models import states

STEPS = {
    "event-to-review": ("an event", "the review of it is opened"),
    "review-to-decision": ("a review is opened", "it is approved, or closed without action"),
    "decision-to-filing": ("approval", "the motion or charging document is filed"),
    "filing-to-order": ("the motion is filed", "an order on it"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """One step: how many took it, in how many days. None: nobody has."""

    step: str
    count: int
    p25: float | None = None
    median: float | None = None
    p75: float | None = None
    p90: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The steps of the reviews opened in a time, and where these reviews stand."""

    opened_from: date | None
    opened_to: date | None
    timings: tuple[Timing, ...]
    standing: dict[str, int]


def report(*, opened_from: date | None = None, opened_to: date | None = None) -> Report:
    """Return the timings of the reviews that were opened between two days, both included."""
    given: dict[str, date | str] = {
        "from": opened_from or date.min,
        "to": opened_to or date.max,
        "zone": get_current_timezone_name(),
    }
    with connection.cursor() as cursor:
        cursor.execute(TIMINGS, given)
        found = {
            step: Timing(step=step, count=n, p25=p[0], median=p[1], p75=p[2], p90=p[3])
            for step, n, p in cursor.fetchall()
        }
        cursor.execute(STANDING, given)
        standing = dict.fromkeys(states.Restart.values, 0) | dict(cursor.fetchall())
    return Report(
        opened_from=opened_from,
        opened_to=opened_to,
        timings=tuple(found.get(step, Timing(step=step, count=0)) for step in STEPS),
        standing=standing,
    )


REVIEWS = """
    SELECT r.id, r.case_id, r.status, opened.at AS opened_at,
           (opened.at AT TIME ZONE %(zone)s)::date AS opened_on
      FROM cases_restartreview r
      JOIN cases_move opened ON opened.restart_id = r.id AND opened.transition = 'open'
     WHERE (opened.at AT TIME ZONE %(zone)s)::date BETWEEN %(from)s AND %(to)s
"""
TIMINGS = f"""
WITH reviews AS ({REVIEWS}),
steps AS (
    SELECT r.*,
           -- The first day of those that had been noticed, and that no earlier review was about.
           (SELECT min(e.happened_on) FROM cases_postclosureevent e
             WHERE e.case_id = r.case_id AND e.noticed_at <= r.opened_at
               AND e.noticed_at > coalesce(
                   (SELECT max(b.opened_at) FROM cases_restartreview b
                     WHERE b.case_id = r.case_id AND b.id < r.id), '-infinity')) AS happened_on,
           -- What was returned is decided again: the last decision counts.
           (SELECT (max(m.at) AT TIME ZONE %(zone)s)::date FROM cases_move m
             WHERE m.restart_id = r.id AND m.transition IN ('approve', 'close')) AS decided_on,
           (SELECT (max(m.at) AT TIME ZONE %(zone)s)::date FROM cases_move m
             WHERE m.restart_id = r.id AND m.transition = 'approve') AS approved_on,
           (SELECT max(m.happened_on) FROM cases_move m
             WHERE m.restart_id = r.id AND m.transition IN ('file', 'charge-anew')) AS filed_on,
           (SELECT max(m.happened_on) FROM cases_move m
             WHERE m.restart_id = r.id AND m.transition = 'file') AS motion_filed_on,
           (SELECT max(m.happened_on) FROM cases_move m
             WHERE m.restart_id = r.id
               AND m.transition IN ('recalendared', 'reopened', 'refused')) AS ordered_on
      FROM reviews r
),
durations AS (
    SELECT d.step, d.days
      FROM steps s
     CROSS JOIN LATERAL (VALUES
           ('event-to-review', s.opened_on - s.happened_on),
           ('review-to-decision', s.decided_on - s.opened_on),
           ('decision-to-filing', s.filed_on - s.approved_on),
           ('filing-to-order', s.ordered_on - s.motion_filed_on)) AS d (step, days)
     WHERE d.days IS NOT NULL
)
SELECT step, count(*), percentile_cont(ARRAY[0.25, 0.5, 0.75, 0.9]) WITHIN GROUP (ORDER BY days)
  FROM durations GROUP BY step
"""  # noqa: S608  our own query
STANDING = f"SELECT status, count(*) FROM ({REVIEWS}) r GROUP BY status"  # noqa: S608  our own
