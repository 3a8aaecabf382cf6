"""Decides whose case a case is, and puts the respondents on record."""

from __future__ import annotations

from pathlib import Path

from django.db.backends.utils import CursorWrapper

from cases.intake.eoir import Rejected
from cases.intake.identities import Identity, read
from cases.intake.places import ISO_OF_NATIONALITY

COLUMNS = (
    *("a_number", "family_name", "given_names", "aliases", "birth_date", "birth_precision"),
    *("nationality", "sex", "fin", "fbi_number", "state_ids"),
    *("protected_1367", "juvenile", "competency_indicia"),
)


def stage_identities(
    cursor: CursorWrapper, path: Path | None
) -> tuple[int, list[tuple[Rejected, str]]]:
    """Stage the identities; return the rows read, and the rejected with their text."""
    cursor.execute(
        "CREATE TEMPORARY TABLE staged_identity ON COMMIT DROP AS"  # noqa: S608
        f" SELECT 0::bigint AS line, 0::bigint AS idncase, {', '.join(COLUMNS)}"
        " FROM cases_respondent LIMIT 0"
    )
    if path is None:
        return 0, []
    rows = 0
    rejected: list[tuple[Rejected, str]] = []
    with cursor.copy(
        f"COPY staged_identity (line, idncase, {', '.join(COLUMNS)}) FROM STDIN"
    ) as copy:
        for row in read(path):
            rows += 1
            if isinstance(row, Identity):
                values = [getattr(row, name) for name in COLUMNS]
                copy.write_row([row.line, row.idncase, *values])
            else:
                rejected.append(row)
    cursor.execute("ANALYZE staged_identity")
    reasons = {
        "stands twice for this case": """
            SELECT line FROM (SELECT line, row_number() OVER (PARTITION BY idncase ORDER BY line)
            AS place FROM staged_identity) p WHERE place > 1""",
        "no such case is on record": """
            SELECT line FROM staged_identity i WHERE NOT EXISTS
            (SELECT FROM known_case k WHERE k.idncase = i.idncase)""",
        "names another A-number than the one on record": """
            SELECT line FROM staged_identity i JOIN cases_case c USING (idncase)
            JOIN cases_respondent r ON r.id = c.respondent_id WHERE r.a_number <> i.a_number""",
    }
    for reason, wrong in reasons.items():
        cursor.execute(
            f"DELETE FROM staged_identity s WHERE line IN ({wrong}) RETURNING line, idncase"  # noqa: S608
        )
        for line, idncase in cursor.fetchall():
            # The text stays in the file and out of the message: it names a person.
            told = Rejected(line=line, column="idncase", reason=reason, idncase=idncase)
            rejected.append((told, f"idncase {idncase}"))
    return rows, rejected


def put_on_record(cursor: CursorWrapper) -> None:
    """Make `respondent_of` (case to respondent), and add or change the respondents.

    One respondent per A-number; a case without identity has a respondent without. An identity
    that comes later fills that respondent, or moves the case to the one who has the number.
    """
    cursor.execute(
        """
        CREATE TEMPORARY TABLE respondent_of ON COMMIT DROP AS
        WITH wanted AS (
            SELECT s.idncase, c.respondent_id AS present, i.a_number, holder.id AS holder
              FROM incoming_case s
              LEFT JOIN cases_case c ON c.idncase = s.idncase
              LEFT JOIN staged_identity i ON i.idncase = s.idncase
              LEFT JOIN cases_respondent holder ON holder.a_number = i.a_number
        ), first AS (
            SELECT *, first_value(idncase) OVER (PARTITION BY coalesce(a_number, idncase::text)
                                                 ORDER BY (present IS NULL), idncase) AS first_case
              FROM wanted
        ), numbered AS (
            SELECT idncase, coalesce(holder, present,
                   nextval(pg_get_serial_sequence('cases_respondent', 'id'))) AS respondent_id
              FROM first WHERE idncase = first_case
        )
        SELECT f.idncase, n.respondent_id
          FROM first f JOIN numbered n ON n.idncase = f.first_case
        """
    )
    cursor.execute("CREATE UNIQUE INDEX ON respondent_of (idncase)")
    cursor.execute("ANALYZE respondent_of")
    cursor.execute("CREATE TEMPORARY TABLE iso_of (code text PRIMARY KEY, iso text) ON COMMIT DROP")
    with cursor.copy("COPY iso_of (code, iso) FROM STDIN") as copy:
        for code, iso in ISO_OF_NATIONALITY.items():
            copy.write_row((code, iso))
    names = [*COLUMNS, "nationality_code", "language_code"]
    cursor.execute(
        """
        CREATE TEMPORARY TABLE incoming_respondent ON COMMIT DROP AS
        SELECT DISTINCT ON (o.respondent_id) o.respondent_id AS id, i.idncase IS NOT NULL AS named,
               i.a_number, coalesce(i.family_name, '') AS family_name,
               coalesce(i.given_names, '') AS given_names, coalesce(i.aliases, '{}') AS aliases,
               coalesce(i.birth_date, s.birth_date) AS birth_date,
               CASE WHEN i.birth_date IS NOT NULL THEN i.birth_precision
                    WHEN s.birth_date IS NOT NULL THEN 'month' END AS birth_precision,
               coalesce(i.nationality, n.iso) AS nationality,
               coalesce(nullif(i.sex, ''), s.sex) AS sex, coalesce(i.fin, '') AS fin,
               coalesce(i.fbi_number, '') AS fbi_number, coalesce(i.state_ids, '{}') AS state_ids,
               i.protected_1367, i.juvenile, i.competency_indicia,
               s.nationality_code, s.language_code
          FROM respondent_of o JOIN incoming_case s USING (idncase)
          LEFT JOIN staged_identity i USING (idncase)
          LEFT JOIN iso_of n ON n.code = s.nationality_code
         ORDER BY o.respondent_id, (i.idncase IS NULL), o.idncase DESC
        """
    )
    cursor.execute("ANALYZE incoming_respondent")
    cursor.execute(
        f"UPDATE cases_respondent r SET {', '.join(f'{c} = n.{c}' for c in names)}"  # noqa: S608
        " FROM incoming_respondent n WHERE r.id = n.id AND (n.named OR r.a_number IS NULL)"
        f" AND ({', '.join(f'r.{c}' for c in names)}) IS DISTINCT FROM"
        f" ({', '.join(f'n.{c}' for c in names)})"
    )
    listed = ", ".join(names)
    cursor.execute(
        f"INSERT INTO cases_respondent (id, {listed}) SELECT id, {listed}"  # noqa: S608
        " FROM incoming_respondent n WHERE NOT EXISTS"
        " (SELECT FROM cases_respondent r WHERE r.id = n.id) ORDER BY id"
    )
