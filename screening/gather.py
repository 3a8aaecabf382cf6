"""The one query that produces facts: for one case or for the docket, as of a day and an instant.

Each evidence table is aggregated once per respondent and joined by hash; the range of respondents
stands on every table, because the planner does not carry it through a join (measured: a third
of the time). What is derogatory counts whatever its date; a check from the day of its completion.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection
from psycopg import sql

from screening.facts import USABLE_RESULTS, CaseFacts
from screening.facts_text import decode
from screening.policies.document import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which cases: those of the respondents from `first` to just before `before`."""

    first: int
    before: int
    case_ids: tuple[int, ...] | None = None
    office_ids: tuple[int, ...] | None = None
    scope: Scope | None = None
    """For screening: leaves out what is outside this scope and has no determination to supersede,
    and what has been determined from later knowledge than this."""
    covered_by: tuple[Scope, ...] = ()
    """For a simulation: only what is in one of these scopes."""


class Beside(NamedTuple):
    """What is read of a case beside its facts, as one text; no criterion sees it."""

    column: sql.Composable
    joined: sql.Composable


CURRENT_DETERMINATION = Beside(
    sql.SQL(
        "d.policy_version_id || '/' || d.engine_version || '/' || d.outcome || '/'"
        " || d.finding_sets::text || '/' || coalesce(d.valid_until::text, '') || '/'"
        " || d.evidence::text"
    ),
    sql.SQL("LEFT JOIN screening_determination d ON d.case_id = c.id AND d.superseded_at IS NULL"),
)
GROUPS = Beside(
    sql.SQL(
        "concat_ws('/', coalesce(c.office_id::text, ''), coalesce(r.nationality, ''),"
        " coalesce(c.represented::text, ''))"
    ),
    sql.SQL(""),
)
"""The office, the nationality and whether there is counsel: for counting, never for judging."""


class Gathered(NamedTuple):
    """One case: its id, what was asked beside the facts ("" for none), its facts as text."""

    case_id: int
    beside: str
    line: str


QUERY = sql.SQL("""
COPY (
    SELECT c.id,
           {beside},
           c.status,
           nullif(translate(c.case_type, '|\\', ''), ''),
           c.asylum_filed_on,
           c.entry_on,
           c.entry_manner,
           nullif(translate(c.custody, '|\\', ''), ''),
           CASE WHEN c.individual_hearings_on IS NOT NULL THEN ARRAY(
               SELECT day FROM unnest(c.individual_hearings_on) day WHERE day >= {as_of}) END,
           c.represented,
           c.family_links,
           r.a_number IS NOT NULL,
           orders.ordered_on,
           r.birth_date,
           r.birth_precision,
           r.protected_1367,
           translate(c.other_applications::text, '|\\"', ''),
           nullif(court.circuit, ''),
           records.items,
           indicators.items,
           forms.items,
           checks.items
      FROM cases_case c
      JOIN cases_respondent r ON r.id = c.respondent_id
      LEFT JOIN cases_court court ON court.id = c.court_id
      {joined}
      LEFT JOIN (
            SELECT respondent_id, min(removal_ordered_on) AS ordered_on
              FROM cases_case
             WHERE removal_ordered_on IS NOT NULL
               AND respondent_id >= {first} AND respondent_id < {before}
             GROUP BY respondent_id
           ) orders ON orders.respondent_id = r.id
      LEFT JOIN (
            SELECT respondent_id, string_agg(
                       concat_ws(',', id, family, severity, coalesce(disposition, ''),
                                 coalesce(arrested_on::text, ''), coalesce(disposed_on::text, ''),
                                 coalesce(sentence_days::text, ''),
                                 coalesce(maximum_days::text, ''),
                                 coalesce(vacated, ''),
                                 CASE weapon WHEN true THEN 't' WHEN false THEN 'f' ELSE '' END,
                                 coalesce(age_at_offence::text, ''),
                                 CASE WHEN place <> '' AND place NOT LIKE 'US%'
                                      THEN 't' ELSE 'f' END,
                                 ncic, coalesce(loss_dollars::text, ''),
                                 CASE victim_minor WHEN true THEN 't' WHEN false THEN 'f'
                                      ELSE '' END,
                                 source_relation),
                       ';' ORDER BY id) AS items
              FROM screening_criminalrecord
             WHERE recorded_at <= {known_at}
               AND (superseded_at IS NULL OR superseded_at > {known_at})
               AND respondent_id >= {first} AND respondent_id < {before}
             GROUP BY respondent_id
           ) records ON records.respondent_id = r.id
      LEFT JOIN (
            SELECT respondent_id, string_agg(
                       concat_ws(',', id, category, resolution, coalesce(noted_on::text, ''),
                                 source_relation),
                       ';' ORDER BY id) AS items
              FROM screening_threatindicator
             WHERE recorded_at <= {known_at}
               AND (superseded_at IS NULL OR superseded_at > {known_at})
               AND respondent_id >= {first} AND respondent_id < {before}
             GROUP BY respondent_id
           ) indicators ON indicators.respondent_id = r.id
      LEFT JOIN (
            SELECT respondent_id, string_agg(
                       id || ',' || form || ',' || array_to_string(present, '+'),
                       ';' ORDER BY id) AS items
              FROM screening_completedform
             WHERE completed_on <= {as_of}
               AND recorded_at <= {known_at}
               AND (superseded_at IS NULL OR superseded_at > {known_at})
               AND respondent_id >= {first} AND respondent_id < {before}
             GROUP BY respondent_id
           ) forms ON forms.respondent_id = r.id
      LEFT JOIN (
            SELECT respondent_id, string_agg(
                       id || ',' || kind || ',' || completed_on || ',' || result || ','
                           || coalesce(expires_on::text, ''),
                       ';' ORDER BY id) AS items
              FROM screening_backgroundcheck
             WHERE completed_on <= {as_of}
               AND result IN ({usable})
               AND recorded_at <= {known_at}
               AND (superseded_at IS NULL OR superseded_at > {known_at})
               AND respondent_id >= {first} AND respondent_id < {before}
             GROUP BY respondent_id
           ) checks ON checks.respondent_id = r.id
     WHERE c.respondent_id >= {first} AND c.respondent_id < {before}
       AND r.id >= {first} AND r.id < {before}
       {narrower}
) TO STDOUT (DELIMITER '|', NULL '')
""")


def gather(
    selection: Selection,
    *,
    as_of: date,
    known_at: datetime,
    beside: Beside = CURRENT_DETERMINATION,
) -> Iterator[Gathered]:
    """Yield the cases of a selection with their facts as of a day, known at an instant."""
    narrower = []
    if selection.case_ids is not None:
        narrower.append(sql.SQL("AND c.id = ANY ({})").format(list(selection.case_ids)))
    if selection.office_ids is not None:
        narrower.append(sql.SQL("AND c.office_id = ANY ({})").format(list(selection.office_ids)))
    if selection.scope is not None:
        narrower.append(_to_screen(selection.scope, as_of, known_at))
    if selection.covered_by:
        # Mostly two policies of one scope: asked twice, it misleads the planner about its rows.
        covered = [_covered(scope, as_of) for scope in dict.fromkeys(selection.covered_by)]
        narrower.append(sql.SQL("AND ({})").format(sql.SQL(" OR ").join(covered)))
    query = QUERY.format(
        first=selection.first,
        before=selection.before,
        as_of=as_of,
        known_at=known_at,
        usable=sql.SQL(", ").join(sorted(r.value for r in USABLE_RESULTS)),
        beside=beside.column,
        joined=beside.joined,
        narrower=sql.SQL(" ").join(narrower),
    )
    rest = b""
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        for block in copy:
            lines = (rest + bytes(block)).split(b"\n")
            rest = lines.pop()
            for line in lines:
                case_id, asked, facts = line.decode().split("|", 2)
                yield Gathered(int(case_id), asked, facts)


def _to_screen(scope: Scope, as_of: date, known_at: datetime) -> sql.Composed:
    """Return which cases a screening reads.

    A chunk may come late: what one case was determined from since must not be unlearned.
    """
    return sql.SQL("AND CASE WHEN d.id IS NOT NULL THEN d.known_at <= {} ELSE {} END").format(
        known_at, _covered(scope, as_of)
    )


def _covered(scope: Scope, as_of: date) -> sql.Composed:
    """Return which cases are in the scope: the same data that `Scope.covers` reads."""
    filed: sql.Composable = sql.SQL("true")
    if scope.asylum_application:
        filed = sql.SQL("c.asylum_filed_on <= {}").format(as_of)
    return sql.SQL(
        "(c.status = ANY ({}) AND (c.case_type = '' OR c.case_type = ANY ({})) AND {})"
    ).format(sorted(scope.court_statuses), sorted(scope.case_types), filed)


def facts_of(selection: Selection, *, as_of: date, known_at: datetime) -> Iterator[CaseFacts]:
    """Yield the facts of a selection's cases as values."""
    for gathered in gather(selection, as_of=as_of, known_at=known_at):
        yield decode(gathered.line, as_of)
