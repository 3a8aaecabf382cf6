"""Derives where a case stands from its proceedings, charges, hearings, counsel and family."""

from __future__ import annotations

from django.db.backends.utils import CursorWrapper

from cases.intake import codes
from cases.intake.places import COURT_NAMES, OFFICE_NAMES, OFFICE_OF_COURT
from cases.models import Case

DERIVED = (
    *("court_id", "office_id", "status", "charged_on", "completed_on", "removal_ordered_on"),
    *("asylum_filed_on", "entry_manner", "represented", "individual_hearings_on", "family_links"),
)


def status_sql(dec_code: str, other_comp: str, case_type: str) -> str:
    """Return the expression of a case's status by the decision of its latest proceeding."""

    def cases(field: codes.DecisionField, table: dict[str, codes.DecisionMeaning]) -> str:
        whens = " ".join(
            f"WHEN '{code}' THEN '{codes.status(codes.meaning('RMV', field, code))}'"
            for code in table
        )
        return f"{whens} ELSE '{Case.Status.OTHER}'"

    field = codes.DecisionField
    review = ", ".join(f"'{t}'" for t in sorted(codes.REVIEW_CASE_TYPES))
    return f"""
        CASE WHEN {dec_code} <> '' AND {case_type} IN ({review}) AND {dec_code} IN ('A', 'V')
             THEN '{Case.Status.OTHER}'
             WHEN {dec_code} <> ''
             THEN CASE {dec_code} {cases(field.DEC_CODE, codes.AS_DECISION)} END
             WHEN {other_comp} <> ''
             THEN CASE {other_comp} {cases(field.OTHER_COMP, codes.AS_OTHER_COMPLETION)} END
             ELSE '{Case.Status.PENDING}' END"""


def create_courts(cursor: CursorWrapper) -> None:
    """Put the offices, and the courts that the record names, on record."""
    offices = list(OFFICE_NAMES.items())
    cursor.execute(
        "INSERT INTO cases_office (code, name) SELECT * FROM unnest(%s::text[], %s::text[])"
        " ON CONFLICT DO NOTHING",
        [[code for code, _ in offices], [name for _, name in offices]],
    )
    known = sorted(COURT_NAMES)
    cursor.execute(
        "INSERT INTO cases_court (code, name, office_id)"
        " SELECT c.code, coalesce(k.name, ''), o.id"
        " FROM (SELECT DISTINCT base_city AS code FROM cases_proceeding WHERE base_city <> '') c"
        " LEFT JOIN unnest(%s::text[], %s::text[], %s::text[]) AS k (code, name, office)"
        " ON k.code = c.code LEFT JOIN cases_office o ON o.code = k.office"
        " ON CONFLICT DO NOTHING",
        [known, [COURT_NAMES[c] for c in known], [OFFICE_OF_COURT.get(c) for c in known]],
    )


def derive(cursor: CursorWrapper) -> None:
    """Make `standing`: what the records of the courts say of each case of `touched`."""
    cursor.execute("SELECT DISTINCT code FROM cases_charge")
    ranks = {c: r for (c,) in cursor.fetchall() if (r := codes.entry_rank(c)) is not None}
    cursor.execute(
        "SELECT EXISTS (SELECT FROM cases_hearing), EXISTS (SELECT FROM cases_familylink)"
    )
    hearings_delivered, links_delivered = cursor.fetchone()
    manners = [str(manner) for manner in codes.ENTRY_BY_RANK]
    cursor.execute(
        f"""
        CREATE TEMPORARY TABLE standing ON COMMIT DROP AS
        SELECT t.idncase, court.id AS court_id, court.office_id,
               CASE WHEN a.idncase IS NOT NULL AND last.status <> '{Case.Status.PENDING}'
                    THEN '{Case.Status.ON_APPEAL}'
                    ELSE coalesce(last.status, '{Case.Status.PENDING}') END AS status,
               p.charged_on,
               CASE WHEN last.status <> '{Case.Status.PENDING}' THEN last.completed_on END
                   AS completed_on,
               p.removal_ordered_on, asked.asylum_filed_on,
               (%(manners)s::text[])[charged.rank + 1] AS entry_manner,
               coalesce(counsel.represented, false) AS represented,
               CASE WHEN %(hearings)s THEN coalesce(h.days, '{{}}') END AS individual_hearings_on,
               CASE WHEN %(links)s THEN coalesce(f.links, 0) END AS family_links
          FROM touched t
          LEFT JOIN (
                SELECT DISTINCT ON (idncase) idncase, base_city, completed_on,
                       {status_sql("decision_code", "other_completion", "case_type")} AS status
                  FROM cases_proceeding ORDER BY idncase, idnproceeding DESC
               ) last ON last.idncase = t.idncase
          LEFT JOIN cases_court court ON court.code = last.base_city
          LEFT JOIN (
                SELECT idncase, min(charged_on) AS charged_on,
                       min(completed_on) FILTER (WHERE decision_code = '{codes.REMOVAL_ORDER}')
                           AS removal_ordered_on
                  FROM cases_proceeding GROUP BY idncase
               ) p ON p.idncase = t.idncase
          LEFT JOIN (
                SELECT idncase, min(received_on) AS asylum_filed_on
                  FROM cases_application WHERE code = ANY (%(asylum)s) GROUP BY idncase
               ) asked ON asked.idncase = t.idncase
          LEFT JOIN (
                SELECT c.idncase, min(r.rank) AS rank
                  FROM cases_charge c
                  JOIN unnest(%(codes)s::text[], %(ranks)s::int[]) AS r (code, rank) USING (code)
                 GROUP BY c.idncase
               ) charged ON charged.idncase = t.idncase
          LEFT JOIN (
                SELECT idncase, true AS represented FROM cases_representation
                 WHERE level = 'COURT' AND side = 'ALIEN' GROUP BY idncase
               ) counsel ON counsel.idncase = t.idncase
          LEFT JOIN (
                SELECT idncase, array_agg(DISTINCT hearing_on ORDER BY hearing_on) AS days
                  FROM cases_hearing WHERE calendar = 'I' AND hearing_on IS NOT NULL
                 GROUP BY idncase
               ) h ON h.idncase = t.idncase
          LEFT JOIN (
                SELECT idncase, count(DISTINCT other) AS links
                  FROM (SELECT lead_idncase AS idncase, rider_idncase AS other FROM cases_familylink
                         WHERE active IS NOT FALSE AND severed_on IS NULL
                         UNION ALL
                        SELECT rider_idncase, lead_idncase FROM cases_familylink
                         WHERE active IS NOT FALSE AND severed_on IS NULL) l
                 WHERE idncase <> other GROUP BY idncase
               ) f ON f.idncase = t.idncase
          LEFT JOIN (
                SELECT idncase FROM cases_appeal
                 WHERE filed_on IS NOT NULL AND decided_on IS NULL GROUP BY idncase
               ) a ON a.idncase = t.idncase
        """,  # noqa: S608  our own names and tables of codes
        {
            "manners": manners,
            "hearings": hearings_delivered,
            "links": links_delivered,
            "asylum": sorted(codes.ASYLUM_APPLICATIONS),
            "codes": list(ranks),
            "ranks": list(ranks.values()),
        },
    )
    cursor.execute("ANALYZE standing")
