"""Closed cases, watched: new evidence becomes events, and events open reviews for a person.

What is new is what came after the closing: by its own day, or, where the office itself recorded the
closing, by when it came in. A day that is not on record counts as after. Nothing here brings a case
back, and re-screening writes no determination.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils.timezone import now
from psycopg import sql

from cases.aftermath import EventNotice, record_events
from cases.models import PostClosureEvent, states
from cases.workflow import Act
from cases.workflow.restart import UNDONE
from screening.facts import PROHIBITED_SOURCES
from screening.findings import Answer, Effect
from screening.gather import Beside, Selection, gather
from screening.memo import Memo
from screening.models import PolicyVersion
from screening.policies.document import Policy, Scope
from screening.policies.release import policy_of
from screening.reviews import service_account

Kind = PostClosureEvent.Kind
SCREENING = "screening"
AT_ONCE = 10_000
CLOSED = [str(status) for status in states.CLOSED]


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitored:
    """What came of it: closed cases watched, new events by kind, reviews opened."""

    cases: int
    events: dict[str, int]
    reviews: int


def monitor(*, on: date) -> Monitored:
    """Make events of what is new about closed cases, and open the reviews. May run twice."""
    events: Counter[str] = Counter()
    reviews = 0
    act = Act(by=service_account(), on=on)
    for notices in _batches(_noticed()):
        noticed = record_events(notices, act)
        events.update(noticed.events)
        reviews += noticed.reviews
    for first, before in _ranges():
        with transaction.atomic():
            found = record_events(_found_by_screening(first, before, on=on), act)
        events.update(found.events)
        reviews += found.reviews
    return Monitored(cases=_watched(), events=dict(sorted(events.items())), reviews=reviews)


# New evidence


def _noticed() -> list[EventNotice]:
    """Return what the evidence says anew of closed cases, and is no event yet."""
    with connection.cursor() as cursor:
        cursor.execute(NOTICED, PARAMETERS)
        return [
            EventNotice(
                case_id=case_id,
                kind=kind,
                source=source,
                source_record=record,
                trust=trust,
                happened_on=day,
                disposition=disposition,
            )
            for case_id, kind, day, source, record, trust, disposition in cursor.fetchall()
        ]


PARAMETERS: dict[str, Any] = {
    "closed": CLOSED,
    "undone": [str(status) for status in UNDONE],
    "prohibited": sorted(source.value for source in PROHIBITED_SOURCES),
}
WATCHED = """
    SELECT c.id, c.respondent_id, coalesce(c.completed_on, '-infinity') AS closed_on,
           r.protected_1367 IS NOT FALSE AS protected,
           (SELECT max(m.at) FROM cases_move m
             WHERE m.case_id = c.id AND m.machine = 'case' AND m.target = c.status
               AND m.source <> m.target) AS recorded_at
      FROM cases_case c
      JOIN cases_respondent r ON r.id = c.respondent_id
     WHERE c.status = ANY (%(closed)s)
       AND NOT EXISTS (SELECT FROM cases_case n
                        WHERE n.predecessor_id = c.id AND n.status <> ALL (%(undone)s))
"""
NOTICED = f"""
WITH watched AS ({WATCHED}),
evidence AS (
    SELECT respondent_id, recorded_at, source, source_record, source_relation,
           CASE WHEN disposition = 'convicted' AND vacated = 'legal-defect'
                    OR disposition IN ('dismissed', 'acquitted', 'not-prosecuted')
                THEN 'acquittal-or-dismissal'
                WHEN disposition = 'convicted' THEN 'conviction'
                WHEN disposition IS NOT NULL OR charged_on IS NOT NULL THEN 'charge'
                ELSE 'arrest' END AS kind,
           CASE WHEN disposition = 'convicted' AND vacated = 'legal-defect' THEN NULL
                WHEN disposition IN ('convicted', 'dismissed', 'acquitted', 'not-prosecuted')
                THEN disposed_on
                ELSE coalesce(charged_on, arrested_on) END AS day,
           CASE source_relation WHEN 'government' THEN 'record' WHEN 'court' THEN 'court'
                ELSE 'tip' END AS trust,
           concat_ws(', ', family, disposition, 'vacated: ' || vacated) AS disposition
      FROM screening_criminalrecord WHERE superseded_at IS NULL
     UNION ALL
    -- A name hit is not a person: what nobody has resolved is worth no more than a tip.
    SELECT respondent_id, recorded_at, source, source_record || '/' || resolution,
           source_relation, 'security-hit', coalesce(resolved_on, noted_on),
           CASE WHEN resolution = 'identical-derogatory' AND category <> 'interpol-notice'
                     AND source_relation IN ('government', 'court') THEN 'record'
                ELSE 'tip' END,
           concat_ws(', ', category, resolution)
      FROM screening_threatindicator
     WHERE superseded_at IS NULL
       AND resolution IN ('unresolved', 'identical-derogatory', 'withheld-by-owner')
     UNION ALL
    SELECT respondent_id, recorded_at, source, source_record || '/' || result,
           source_relation, 'security-hit', completed_on,
           CASE WHEN result <> 'identical-derogatory' THEN 'tip'
                WHEN kind = 'fingerprint' THEN 'fingerprint'
                WHEN kind = 'state-court' THEN 'court'
                ELSE 'record' END,
           concat_ws(', ', kind || ' check', result)
      FROM screening_backgroundcheck
     WHERE superseded_at IS NULL
       AND result IN ('hit-unresolved', 'identical-derogatory', 'withheld-by-owner')
     UNION ALL
    SELECT respondent_id, recorded_at, source, source_record, source_relation,
           CASE found WHEN 'deceased' THEN 'death' ELSE 'departure' END, completed_on,
           'record', form
      FROM screening_completedform, unnest(present) found
     WHERE superseded_at IS NULL AND found IN ('deceased', 'departed')
)
SELECT w.id, e.kind, e.day, e.source, e.source_record, e.trust, left(e.disposition, 80)
  FROM watched w
  JOIN evidence e ON e.respondent_id = w.respondent_id
 WHERE (e.day > w.closed_on
        OR e.recorded_at > w.recorded_at
        OR e.day IS NULL AND w.recorded_at IS NULL AND e.recorded_at::date >= w.closed_on)
   -- Nothing adverse about a protected person rests on these. Law: 8 U.S.C. 1367(a)(1)
   AND NOT (w.protected AND e.source_relation = ANY (%(prohibited)s))
   AND NOT EXISTS (SELECT FROM cases_postclosureevent p
                    WHERE p.case_id = w.id AND p.source = e.source
                      AND p.source_record = e.source_record AND p.kind = e.kind)
 ORDER BY w.id, e.recorded_at
"""  # noqa: S608  our own query


def _batches(notices: list[EventNotice]) -> Iterator[list[EventNotice]]:
    for start in range(0, len(notices), AT_ONCE):
        yield notices[start : start + AT_ONCE]


def _watched() -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({WATCHED}) w", PARAMETERS)  # noqa: S608  our own
        return int(cursor.fetchone()[0])


# What re-screening finds

CLOSED_WITH = Beside(
    sql.SQL("closed_with.version || '/' || closed_with.holds"),
    sql.SQL("""
      LEFT JOIN LATERAL (
            SELECT d.policy_version_id AS version,
                   (SELECT coalesce(string_agg(DISTINCT code, ','), '')
                      FROM screening_findingset f, unnest(f.holds) code
                     WHERE f.id = ANY (d.finding_sets)) AS holds
              FROM screening_determination d
             WHERE d.case_id = c.id
               AND NOT EXISTS (SELECT FROM cases_case n
                                WHERE n.predecessor_id = c.id AND n.status <> ALL ({}))
             ORDER BY d.id DESC LIMIT 1
           ) closed_with ON true
    """).format([str(status) for status in UNDONE]),
)
"""The last determination of a case that no other follows, and what held in it."""


def _ranges() -> list[tuple[int, int]]:
    """Return ranges of respondents with closed cases that were screened before they closed."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT min(id), max(id) + 1
              FROM (SELECT respondent_id AS id,
                           (row_number() OVER (ORDER BY respondent_id) - 1) / %(size)s AS chunk
                      FROM cases_case c
                     WHERE status = ANY (%(closed)s)
                       AND EXISTS (SELECT FROM screening_determination d WHERE d.case_id = c.id)
                     GROUP BY respondent_id) people
             GROUP BY chunk ORDER BY chunk
            """,
            {"closed": CLOSED, "size": AT_ONCE},
        )
        return [(first, before) for first, before in cursor.fetchall()]


def _found_by_screening(first: int, before: int, *, on: date) -> list[EventNotice]:
    """Return what now excludes cases and did not when they were closed, under the same policy.

    A change of policy is no news of a person: each case is asked by the version of its last
    determination. Only what excludes counts; checks that expire and hearings that pass do not.
    """
    versions = {str(v.pk): v for v in PolicyVersion.objects.all()}
    asked = {key: _Asked(version, on) for key, version in versions.items()}
    scopes = tuple(one.policy.scope for one in asked.values())
    selection = Selection(first=first, before=before, covered_by=scopes)
    notices = []
    for case_id, closed_with, line in gather(
        selection, as_of=on, known_at=now(), beside=CLOSED_WITH
    ):
        version, _, held = closed_with.partition("/")
        if version:
            for criterion, label in asked[version].excluding(line):
                if criterion not in held.split(","):
                    notices.append(
                        EventNotice(
                            case_id=case_id,
                            kind=Kind.SCREENING,
                            source=SCREENING,
                            source_record=f"{asked[version].name}/{criterion}",
                            trust=PostClosureEvent.Trust.RECORD,
                            happened_on=on,
                            disposition=f"{criterion} {label}"[:80],
                        )
                    )
    return notices


class _Asked:
    """A policy version, asked of closed cases."""

    def __init__(self, version: PolicyVersion, on: date) -> None:
        policy = policy_of(version)
        self.name = f"{version.code}:{version.version}"
        self.policy: Policy = replace(policy, scope=of_closed(policy.scope))
        self._memo = Memo(self.policy, on)
        self._labels = {c.code: c.label for c in policy.criteria if c.effect is Effect.EXCLUDE}

    def excluding(self, line: str) -> list[tuple[str, str]]:
        """Return the criteria that hold and exclude, with their labels."""
        judged = self._memo.judge(line)
        if judged is None:
            return []
        return [
            (code, self._labels[code])
            for found in self._memo.findings(judged.findings).values()
            for _, code, answer, _, _ in found
            if answer == Answer.HOLDS.value and code in self._labels
        ]


def of_closed(scope: Scope) -> Scope:
    """Return the scope over cases that were closed."""
    return scope.model_copy(update={"court_statuses": frozenset(CLOSED)})
