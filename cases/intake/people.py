"""Decides whose case a case is, and puts the respondents on record.

There is one respondent per A-number, and one without for each case whose person is not known. An
identity that comes later fills that one, or moves the case to the respondent who has the number
already; the one left behind stays, without a case. What an identity says prevails over what the
courts' row says of the person.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from django.db.backends.utils import CursorWrapper

from cases.intake.eoir import BLOCK_BYTES, Rejected
from cases.intake.identities import Identity, read
from cases.intake.merge import add, change

BY_IDENTITY = (
    *("family_name", "given_names", "aliases", "fin", "fbi_number", "state_ids"),
    *("protected_1367", "juvenile", "competency_indicia"),
)
BY_EITHER = ("birth_date", "birth_precision", "nationality", "sex")
BY_COURT = ("nationality_code", "language_code")
COLUMNS = ("a_number", *BY_IDENTITY, *BY_EITHER, *BY_COURT)

STAGED = (
    *("line", "idncase", "a_number", "family_name", "given_names", "aliases", "birth_date"),
    *("birth_precision", "nationality", "sex", "fin", "fbi_number", "state_ids"),
    *("protected_1367", "juvenile", "competency_indicia"),
)
ROWS_PER_WRITE = 1_000
_FLAG = {True: "t", False: "f", None: ""}
NAMES_ANOTHER = "names another A-number than the one on record"


@dataclass(slots=True, kw_only=True)
class StagedIdentities:
    """The identities in their staging table, with what became of the rows."""

    path: Path | None
    rows: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    added: int = 0
    changed: int = 0


def read_identities(path: Path | None, into: BinaryIO) -> StagedIdentities:
    """Check the identities of a file, and write the good ones as COPY text.

    Nothing of the database is used: a thread can do this while the server is busy with something
    else. Raises DeliveryRefused where the file is not ours.
    """
    staged = StagedIdentities(path=path)
    rows = read(path) if path else iter(())
    while batch := list(islice(rows, ROWS_PER_WRITE)):
        staged.rows += len(batch)
        staged.rejected += [row for row in batch if isinstance(row, Rejected)]
        lines = "".join([_copy_line(row) for row in batch if isinstance(row, Identity)])
        into.write(lines.encode())
    into.seek(0)
    return staged


def stage_identities(cursor: CursorWrapper, staged: StagedIdentities, text: BinaryIO) -> None:
    """Copy what was read into `staged_identity`, and reject what cannot be believed.

    `known_case` must have been made.
    """
    cursor.execute(
        "CREATE TEMPORARY TABLE staged_identity ON COMMIT DROP AS"  # noqa: S608
        f" SELECT 0::bigint AS line, 0::bigint AS idncase, {', '.join(STAGED[2:])}"
        " FROM cases_respondent LIMIT 0"
    )
    columns = ", ".join(STAGED)
    with cursor.copy(f"COPY staged_identity ({columns}) FROM STDIN (NULL '')") as copy:
        while block := text.read(BLOCK_BYTES):
            copy.write(block)
    cursor.execute("ANALYZE staged_identity")
    _reject(
        staged,
        cursor,
        "stands twice for this case",
        "idncase",
        """SELECT line FROM (
               SELECT line, row_number() OVER (PARTITION BY idncase ORDER BY line) AS place
                 FROM staged_identity
           ) p WHERE place > 1""",
    )
    _reject(
        staged,
        cursor,
        "no such case is on record",
        "idncase",
        """SELECT line FROM staged_identity i
            WHERE NOT EXISTS (SELECT FROM known_case k WHERE k.idncase = i.idncase)""",
    )
    _reject(
        staged,
        cursor,
        NAMES_ANOTHER,
        "a_number",
        """SELECT i.line FROM staged_identity i
             JOIN cases_case c USING (idncase) JOIN cases_respondent r ON r.id = c.respondent_id
            WHERE r.a_number <> i.a_number""",
    )


def _reject(
    staged: StagedIdentities, cursor: CursorWrapper, reason: str, column: str, lines: str
) -> None:
    cursor.execute(
        f"DELETE FROM staged_identity s WHERE line IN ({lines}) RETURNING line, idncase"  # noqa: S608
    )
    staged.rejected += [
        Rejected(line=line, column=column, reason=reason, idncase=idncase)
        for line, idncase in cursor.fetchall()
    ]


def _copy_line(row: Identity) -> str:
    """Return an identity as a line of COPY text, a blank for null."""
    fields = (
        str(row.line),
        str(row.idncase),
        row.a_number,
        row.family_name,
        row.given_names,
        _array(row.aliases),
        row.birth_date.isoformat() if row.birth_date else "",
        row.birth_precision or "",
        row.nationality or "",
        row.sex,
        row.fin,
        row.fbi_number,
        _array(row.state_ids),
        _FLAG[row.protected_1367],
        _FLAG[row.juvenile],
        _FLAG[row.competency_indicia],
    )
    line = "\t".join(fields)
    if "\\" in line or "\n" in line or "\r" in line or line.count("\t") >= len(fields):
        line = "\t".join(map(_escaped, fields))
    return line + "\n"


def _escaped(field: str) -> str:
    for raw, escaped in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
        field = field.replace(raw, escaped)
    return field


def _array(parts: list[str]) -> str:
    if not parts:
        return "{}"
    quoted = (part.replace("\\", "\\\\").replace('"', '\\"') for part in parts)
    return '{"' + '","'.join(quoted) + '"}'


def put_on_record(cursor: CursorWrapper, identities: StagedIdentities, *, delivery_id: int) -> None:
    """Make `respondent_of` (case to respondent), and add or change the respondents."""
    cursor.execute("SELECT pg_get_serial_sequence('cases_respondent', 'id')")
    (sequence,) = cursor.fetchone()
    cursor.execute(
        f"""
        CREATE TEMPORARY TABLE person_of ON COMMIT DROP AS
        SELECT i.a_number,
               coalesce(holder.id, i.anonymous, nextval('{sequence}')) AS respondent_id
          FROM (SELECT i.a_number, min(c.respondent_id) AS anonymous
                  FROM staged_identity i LEFT JOIN cases_case c USING (idncase)
                 GROUP BY i.a_number) i
          LEFT JOIN cases_respondent holder ON holder.a_number = i.a_number;
        ANALYZE person_of;

        CREATE TEMPORARY TABLE respondent_of ON COMMIT DROP AS
        SELECT t.idncase, i.line, s.idncase IS NOT NULL AS delivered,
               coalesce(p.respondent_id, c.respondent_id, nextval('{sequence}')) AS respondent_id
          FROM (SELECT idncase FROM incoming_case
                 UNION ALL
                SELECT idncase FROM staged_identity i WHERE NOT EXISTS
                       (SELECT FROM incoming_case s WHERE s.idncase = i.idncase)) t
          LEFT JOIN incoming_case s USING (idncase)
          LEFT JOIN staged_identity i USING (idncase)
          LEFT JOIN person_of p USING (a_number)
          LEFT JOIN cases_case c USING (idncase);
        ANALYZE respondent_of
        """  # noqa: S608  the name is the database's own
    )
    cursor.execute(_INCOMING_RESPONDENT)
    cursor.execute("ANALYZE incoming_respondent")
    rows = "SELECT * FROM incoming_respondent"
    changed = change(
        cursor,
        "cases_respondent",
        "id",
        list(COLUMNS),
        rows,
        delivery_id=delivery_id,
        case_column="idncase",
    )
    add(cursor, "cases_respondent", "id", ["id", *COLUMNS], rows, order="ORDER BY n.id")
    _count(cursor, identities, changed=changed, delivery_id=delivery_id)


# A respondent with an A-number has had an identity before: what that said stays until another
# identity says something else, and the courts' row only fills what is not on record.
_INCOMING_RESPONDENT = """
CREATE TEMPORARY TABLE incoming_respondent ON COMMIT DROP AS
SELECT o.respondent_id AS id, coalesce(o.told_by, o.named_by) AS idncase, o.named_by,
       r.a_number IS NOT NULL AS was_named,
       coalesce(i.a_number, r.a_number) AS a_number,
       CASE WHEN i.line IS NULL THEN coalesce(r.family_name, '')
            ELSE coalesce(i.family_name, '') END AS family_name,
       CASE WHEN i.line IS NULL THEN coalesce(r.given_names, '')
            ELSE coalesce(i.given_names, '') END AS given_names,
       coalesce(i.aliases, r.aliases, '{}') AS aliases,
       CASE WHEN i.line IS NULL THEN coalesce(r.fin, '') ELSE coalesce(i.fin, '') END AS fin,
       CASE WHEN i.line IS NULL THEN coalesce(r.fbi_number, '')
            ELSE coalesce(i.fbi_number, '') END AS fbi_number,
       coalesce(i.state_ids, r.state_ids, '{}') AS state_ids,
       CASE WHEN i.line IS NULL THEN r.protected_1367 ELSE i.protected_1367 END AS protected_1367,
       CASE WHEN i.line IS NULL THEN r.juvenile ELSE i.juvenile END AS juvenile,
       CASE WHEN i.line IS NULL THEN r.competency_indicia
            ELSE i.competency_indicia END AS competency_indicia,
       CASE born.by WHEN 'identity' THEN i.birth_date WHEN 'record' THEN r.birth_date
            ELSE s.birth_date END AS birth_date,
       CASE born.by WHEN 'identity' THEN i.birth_precision WHEN 'record' THEN r.birth_precision
            ELSE CASE WHEN s.birth_date IS NOT NULL THEN 'month' END END AS birth_precision,
       coalesce(i.nationality, CASE WHEN kept.by_record THEN r.nationality END,
                CASE WHEN s.idncase IS NULL THEN r.nationality ELSE n.iso END) AS nationality,
       coalesce(i.sex, CASE WHEN kept.by_record THEN nullif(r.sex, '') END,
                CASE WHEN s.idncase IS NULL THEN r.sex ELSE s.sex END, '') AS sex,
       coalesce(s.nationality_code, r.nationality_code, '') AS nationality_code,
       coalesce(s.language_code, r.language_code, '') AS language_code
  FROM (SELECT respondent_id, max(idncase) FILTER (WHERE line IS NOT NULL) AS named_by,
               max(idncase) FILTER (WHERE delivered) AS told_by
          FROM respondent_of GROUP BY respondent_id) o
  LEFT JOIN staged_identity i ON i.idncase = o.named_by
  LEFT JOIN incoming_case s ON s.idncase = o.told_by
  LEFT JOIN iso_of n ON n.code = s.nationality_code
  LEFT JOIN cases_respondent r ON r.id = o.respondent_id
 CROSS JOIN LATERAL (SELECT i.line IS NULL AND r.a_number IS NOT NULL AS by_record) kept
 CROSS JOIN LATERAL (SELECT CASE WHEN i.birth_date IS NOT NULL THEN 'identity'
                                 WHEN kept.by_record AND r.birth_date IS NOT NULL
                                   OR s.idncase IS NULL THEN 'record' END AS by) born
"""


def _count(
    cursor: CursorWrapper, identities: StagedIdentities, *, changed: int, delivery_id: int
) -> None:
    """Count the identities that are the first of their person, and those that changed one."""
    cursor.execute(
        "SELECT count(*) FILTER (WHERE NOT n.was_named OR c.idncase IS NULL"
        "                           OR c.respondent_id <> n.id)"
        "  FROM staged_identity i JOIN respondent_of o USING (idncase)"
        "  JOIN incoming_respondent n ON n.id = o.respondent_id"
        "  LEFT JOIN cases_case c ON c.idncase = i.idncase"
    )
    (identities.added,) = cursor.fetchone()
    if changed and identities.rows:
        cursor.execute(
            "SELECT count(*) FROM incoming_respondent n JOIN cases_rowchange c"
            " ON c.delivery_id = %s AND c.table = 'cases_respondent' AND c.key = n.id"
            " JOIN cases_case k ON k.idncase = n.named_by AND k.respondent_id = n.id"
            " WHERE n.was_named AND jsonb_exists_any(c.after, %s)",
            [delivery_id, [*BY_IDENTITY, *BY_EITHER]],
        )
        (identities.changed,) = cursor.fetchone()
