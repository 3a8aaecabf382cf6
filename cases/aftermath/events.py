"""What is noticed of closed cases: it opens a review for a person, and never does more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db import connection, transaction
from django.utils.timezone import now

from cases.aftermath.record import followed, may_record
from cases.models import (
    Case,
    PostClosureEvent,
    RestartReview,
    states,
)
from cases.workflow import Act, TransitionRefused, begin_many
from cases.workflow.engine import ASKED
from cases.workflow.restart import UNDONE

Kind = PostClosureEvent.Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class EventNotice:
    """What came in about the person of a closed case. `happened_on` None: not on record."""

    case_id: int
    kind: str
    source: str
    source_record: str
    trust: str
    happened_on: date | None = None
    disposition: str = ""


@transaction.atomic
def record_event(case: Case, notice: EventNotice, act: Act) -> PostClosureEvent:
    """Put an event on record and open a review for a person; a notice that came before is that one.

    Raises PermissionDenied, and TransitionRefused with every reason against it.
    """
    may_record(case, act)
    notice = replace(
        notice, source=notice.source.strip(), source_record=notice.source_record.strip()
    )
    reasons = []
    if case.status not in states.CLOSED:
        reasons.append(f"The case is {case.get_status_display()}: events are of closed cases.")
    if followed(case):
        reasons.append("A new case follows it: take it in there.")
    if not notice.source or not notice.source_record:
        reasons.append("Name the source, and the record's key there.")
    if notice.happened_on is not None and notice.happened_on > act.on:
        reasons.append("The day of the event is in the future.")
    if reasons:
        raise TransitionRefused("record-event", reasons)
    record_events([replace(notice, case_id=case.pk)], act)
    return PostClosureEvent.objects.get(
        case=case, source=notice.source, source_record=notice.source_record, kind=notice.kind
    )


@dataclass(frozen=True, slots=True)
class Noticed:
    """What came of notices: those that were new, by kind, and the reviews they opened."""

    events: dict[str, int]
    reviews: int


@transaction.atomic
def record_events(notices: Iterable[EventNotice], act: Act) -> Noticed:
    """Put events on record and open the reviews they call for. Set-based; twice is once."""
    given = list(notices)
    with connection.cursor() as cursor:
        cursor.execute(
            EVENTS,
            {
                "cases": [n.case_id for n in given],
                "kinds": [str(n.kind) for n in given],
                "days": [n.happened_on for n in given],
                "sources": [n.source for n in given],
                "records": [n.source_record for n in given],
                "trusts": [str(n.trust) for n in given],
                "dispositions": [n.disposition for n in given],
                "at": now(),
                "by": act.by.pk,
            },
        )
        new = cursor.fetchall()
    counts: dict[str, int] = {}
    for _, kind in new:
        counts[kind] = counts.get(kind, 0) + 1
    # What ends an accusation gives nothing to restart; it is seen where a review is open.
    wanting = {case for case, kind in new if kind != Kind.ACQUITTAL}
    return Noticed(counts, open_restarts(wanting, act))


EVENTS = """
INSERT INTO cases_postclosureevent (uuid, case_id, kind, happened_on, source, source_record, trust,
                                    disposition, noticed_at, recorded_by_id)
SELECT gen_random_uuid(), n.case_id, n.kind, n.day, n.source, n.record, n.trust, n.disposition,
       %(at)s, %(by)s
  FROM unnest(%(cases)s::bigint[], %(kinds)s::text[], %(days)s::date[], %(sources)s::text[],
              %(records)s::text[], %(trusts)s::text[], %(dispositions)s::text[]) WITH ORDINALITY
         AS n (case_id, kind, day, source, record, trust, disposition, place)
 ORDER BY n.place
    ON CONFLICT DO NOTHING
RETURNING case_id, kind
"""


@transaction.atomic
def open_restarts(cases: Iterable[int], act: Act) -> int:
    """Open a review of each of these closed cases that has none open; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            OPEN,
            {
                "cases": sorted(cases),
                "closed": [str(status) for status in states.CLOSED],
                "ended": [str(status) for status in states.RESTART_ENDED],
                "undone": [str(status) for status in UNDONE],
                "at": now(),
                "by": act.by.pk,
            },
        )
        ids = [pk for (pk,) in cursor.fetchall()]
    if ids:
        note = act.note.strip() or "Something was noticed after the closure."
        begin_many(states.RESTART.name, "open", ids, replace(act, note=note))
    return len(ids)


OPEN = """
INSERT INTO cases_restartreview (uuid, case_id, status, tool, factors, ground, authority_cited,
                                 opened_at, changed_at, version, opened_by_id)
SELECT gen_random_uuid(), c.id, 'open', '', '{}', '', '', %(at)s, %(at)s, 1, %(by)s
  FROM cases_case c
 WHERE c.id = ANY (%(cases)s) AND c.status = ANY (%(closed)s)
   AND NOT EXISTS (SELECT FROM cases_restartreview r
                    WHERE r.case_id = c.id AND r.status <> ALL (%(ended)s))
   AND NOT EXISTS (SELECT FROM cases_case n
                    WHERE n.predecessor_id = c.id AND n.status <> ALL (%(undone)s))
 ORDER BY c.id
    ON CONFLICT DO NOTHING
RETURNING id
"""


@transaction.atomic
def open_restart(case: Case, act: Act) -> RestartReview:
    """Open a review of a closed case by hand, with the reason. Returns the one that is open.

    Raises PermissionDenied, and TransitionRefused with every reason against it.
    """
    may_record(case, act)
    there, say = ASKED["note"]
    reasons = [] if there(act) else [say]
    if case.status not in states.CLOSED:
        reasons.append(f"The case is {case.get_status_display()}: it has not been closed.")
    if followed(case):
        reasons.append("A new case follows it.")
    if reasons:
        raise TransitionRefused("open", reasons)
    open_restarts([case.pk], act)
    return RestartReview.objects.open().get(case=case)
