"""Derives where a case stands from its proceedings, charges, hearings, counsel and family."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.backends.utils import CursorWrapper

from cases.intake import codes
from cases.intake.places import CIRCUIT_OF_COURT, COURT_NAMES, OFFICE_NAMES, OFFICE_OF_COURT
from cases.intake.tables import APPLICATIONS, FAMILY_LINKS, HEARINGS, REPRESENTATIONS
from cases.models import Case

DERIVED = (
    *("court_id", "office_id", "status", "charged_on", "completed_on", "removal_ordered_on"),
    *("asylum_filed_on", "entry_manner", "represented", "individual_hearings_on", "family_links"),
    "other_applications",
)
FEW = 20_000
"""Up to so many cases their rows are looked up by index, rather than by reading every table."""


def create_courts(cursor: CursorWrapper) -> None:
    """Put the offices, and the courts that the record names, on record."""
    offices = list(OFFICE_NAMES.items())
    cursor.execute(
        "INSERT INTO cases_office (code, name) SELECT o.code, o.name"
        " FROM unnest(%s::text[], %s::text[]) AS o (code, name)"
        " WHERE NOT EXISTS (SELECT FROM cases_office p WHERE p.code = o.code)",
        [[code for code, _ in offices], [name for _, name in offices]],
    )
    known = sorted(COURT_NAMES)
    cursor.execute(
        # Base cities are three letters; what else stands in the column belongs to another.
        "INSERT INTO cases_court (code, name, office_id, circuit)"
        " SELECT c.code, coalesce(k.name, ''), o.id, coalesce(k.circuit, '')"
        " FROM (SELECT DISTINCT base_city AS code FROM cases_proceeding"
        "        WHERE base_city ~ '^[A-Z]{3}$') c"
        " LEFT JOIN unnest(%s::text[], %s::text[], %s::text[], %s::text[])"
        " AS k (code, name, office, circuit)"
        " ON k.code = c.code LEFT JOIN cases_office o ON o.code = k.office"
        " WHERE NOT EXISTS (SELECT FROM cases_court p WHERE p.code = c.code)",
        [
            known,
            [COURT_NAMES[c] for c in known],
            [OFFICE_OF_COURT.get(c) for c in known],
            [CIRCUIT_OF_COURT.get(c) for c in known],
        ],
    )


def touch(cursor: CursorWrapper, sources: list[str], *, delivered: frozenset[str]) -> None:
    """Make `touched`: the cases of these queries, and those that wait for a kind of table.

    `delivered` are the tables that this delivery or an earlier one had.
    """
    waiting = [
        condition
        for table, condition in (
            (APPLICATIONS, "other_applications IS NULL"),
            (HEARINGS, "individual_hearings_on IS NULL"),
            (FAMILY_LINKS, "family_links IS NULL"),
            (REPRESENTATIONS, "represented IS NULL"),
        )
        if table.name in delivered
    ]
    if waiting:
        query = f"SELECT idncase FROM cases_case WHERE {' OR '.join(waiting)}"  # noqa: S608
        sources = [*sources, query]
    cursor.execute(
        "CREATE TEMPORARY TABLE touched ON COMMIT DROP AS"  # noqa: S608
        f" SELECT t.idncase FROM ({' UNION '.join(sources)}) t WHERE t.idncase IS NOT NULL;"
        " ANALYZE touched"
    )


def derive(cursor: CursorWrapper, *, delivered: frozenset[str]) -> None:
    """Make `standing`: what the records of the courts say of each case of `touched`."""
    _read_decisions(cursor)
    _read_charges(cursor)
    cursor.execute("SELECT count(*) FROM touched")
    few = cursor.fetchone()[0] <= FEW
    only = "idncase IN (SELECT idncase FROM touched)" if few else "true"
    pending, on_appeal = Case.Status.PENDING.value, Case.Status.ON_APPEAL.value
    cursor.execute(
        f"""
        CREATE TEMPORARY TABLE standing ON COMMIT DROP AS
        SELECT t.idncase, court.id AS court_id, court.office_id,
               CASE WHEN recorded.idncase IS NOT NULL THEN recorded.status
                    WHEN outcome.ends AND appealed.filed_on >= last.completed_on
                    THEN '{on_appeal}' ELSE coalesce(outcome.status, '{pending}') END AS status,
               p.charged_on,
               CASE WHEN recorded.idncase IS NOT NULL THEN recorded.completed_on
                    WHEN outcome.ends THEN last.completed_on END AS completed_on,
               p.removal_ordered_on, asked.asylum_filed_on,
               (%(manners)s::text[])[charged.rank + 1] AS entry_manner,
               counsel.idncase IS NOT NULL OR CASE WHEN %(counsel)s THEN false END AS represented,
               CASE WHEN %(hearings)s THEN coalesce(h.days, '{{}}') END AS individual_hearings_on,
               CASE WHEN %(links)s THEN coalesce(f.links, 0) END AS family_links,
               CASE WHEN %(applications)s THEN coalesce(asked.others, '{{}}') END
                   AS other_applications
          FROM touched t
          LEFT JOIN (
                SELECT idncase, max(idnproceeding) AS idnproceeding, min(charged_on) AS charged_on,
                       min(completed_on) FILTER (WHERE decision_code = '{codes.REMOVAL_ORDER}')
                           AS removal_ordered_on
                  FROM cases_proceeding WHERE {only} GROUP BY idncase
               ) p ON p.idncase = t.idncase
          LEFT JOIN cases_proceeding last ON last.idnproceeding = p.idnproceeding
          LEFT JOIN outcome_of outcome
            ON outcome.case_type = last.case_type AND outcome.decision_code = last.decision_code
           AND outcome.other_completion = last.other_completion
          LEFT JOIN (
                SELECT idncase, max(filed_on) AS filed_on FROM cases_appeal
                 WHERE decided_on IS NULL AND appeal_type NOT ILIKE 'bond%%' AND {only}
                 GROUP BY idncase
               ) appealed ON appealed.idncase = t.idncase
          LEFT JOIN (
                -- What the office recorded of the courts stands until a delivery knows a later act.
                SELECT DISTINCT ON (c.idncase) c.idncase, c.status, c.completed_on,
                       coalesce(o.ordered_on, m.happened_on) AS happened_on
                  FROM cases_move m JOIN cases_case c ON c.id = m.case_id
                  -- An order may have been corrected since; what moved the case is never edited.
                  LEFT JOIN cases_courtorder o ON o.move_id = m.id AND o.superseded_at IS NULL
                 WHERE m.machine = 'case' ORDER BY c.idncase, m.id DESC
               ) recorded
            ON recorded.idncase = t.idncase
           AND recorded.happened_on > coalesce(last.completed_on, '-infinity')
           AND recorded.happened_on > coalesce(appealed.filed_on, '-infinity')
          LEFT JOIN cases_court court ON court.code = last.base_city
          LEFT JOIN (
                SELECT idncase,
                       min(received_on) FILTER (WHERE code = ANY (%(asylum)s)) AS asylum_filed_on,
                       array_agg(DISTINCT code) FILTER (WHERE code <> ALL (%(asylum)s)) AS others
                  FROM cases_application WHERE {only} GROUP BY idncase
               ) asked ON asked.idncase = t.idncase
          LEFT JOIN (
                SELECT c.idncase, min(r.rank) AS rank
                  FROM cases_charge c JOIN entry_of r USING (code) WHERE {only} GROUP BY c.idncase
               ) charged ON charged.idncase = t.idncase
          LEFT JOIN (
                SELECT DISTINCT idncase FROM cases_representation
                 WHERE level = 'COURT' AND side = 'ALIEN' AND {only}
               ) counsel ON counsel.idncase = t.idncase
          LEFT JOIN (
                SELECT idncase, array_agg(DISTINCT hearing_on ORDER BY hearing_on) AS days
                  FROM cases_hearing
                 WHERE calendar = 'I' AND hearing_on IS NOT NULL AND {only} GROUP BY idncase
               ) h ON h.idncase = t.idncase
          LEFT JOIN (
                SELECT idncase, count(DISTINCT other) AS links
                  FROM (SELECT lead_idncase AS idncase, rider_idncase AS other FROM cases_familylink
                         WHERE active IS NOT FALSE AND severed_on IS NULL
                         UNION ALL
                        SELECT rider_idncase, lead_idncase FROM cases_familylink
                         WHERE active IS NOT FALSE AND severed_on IS NULL) l
                 WHERE idncase <> other AND {only} GROUP BY idncase
               ) f ON f.idncase = t.idncase
        """,  # noqa: S608  our own names and conditions
        {
            "manners": [manner.value for manner in codes.ENTRY_BY_RANK],
            "counsel": REPRESENTATIONS.name in delivered,
            "hearings": HEARINGS.name in delivered,
            "applications": APPLICATIONS.name in delivered,
            "links": FAMILY_LINKS.name in delivered,
            "asylum": sorted(codes.ASYLUM_APPLICATIONS),
        },
    )
    cursor.execute("ANALYZE standing")


def _read_decisions(cursor: CursorWrapper) -> None:
    """Make `outcome_of`: the status that each combination of codes on record stands for."""
    cursor.execute(
        "SELECT DISTINCT case_type, decision_code, other_completion FROM cases_proceeding"
    )
    rows = []
    for found in cursor.fetchall():
        ordered = codes.decision(*found)
        rows.append((*found, codes.status(ordered).value, codes.ends_the_case(ordered)))
    _table(
        cursor,
        "outcome_of",
        "case_type text, decision_code text, other_completion text, status text, ends boolean",
        rows,
    )


def _read_charges(cursor: CursorWrapper) -> None:
    """Make `entry_of`: the entry that each charge on record alleges."""
    cursor.execute("SELECT DISTINCT code FROM cases_charge")
    ranks = [(code, codes.entry_rank(code)) for (code,) in cursor.fetchall()]
    _table(
        cursor,
        "entry_of",
        "code text, rank int",
        [(code, rank) for code, rank in ranks if rank is not None],
    )


def _table(
    cursor: CursorWrapper, name: str, columns: str, rows: Sequence[tuple[object, ...]]
) -> None:
    cursor.execute(f"CREATE TEMPORARY TABLE {name} ({columns}) ON COMMIT DROP")
    with cursor.copy(f"COPY {name} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    cursor.execute(f"ANALYZE {name}")
