"""SQL that turns a staged text into what its column holds, or into null.

A date, a time of day or a month is read by joining the table of all of them: what does not join is
none. That is both the check and the cast, at a tenth of the cost of a pattern, and PostgreSQL 15
has no `pg_input_is_valid`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.backends.utils import CursorWrapper

from cases.intake.codes import FILING_CHANNEL
from cases.intake.places import ISO_OF_NATIONALITY
from cases.intake.tables import Kind, Stored

NO_DATE = "1900-01-01"  # what a database writes that knows no null
NO_TIME = "0000"

_TABLES = f"""
CREATE TEMPORARY TABLE day_of (text text PRIMARY KEY, value date NOT NULL) ON COMMIT DROP;
INSERT INTO day_of
SELECT day::date::text, day::date
  FROM generate_series('1900-01-01'::timestamp, '2099-12-31', '1 day') AS day
 WHERE day::date::text <> '{NO_DATE}';
CREATE TEMPORARY TABLE time_of (text text PRIMARY KEY, value time NOT NULL) ON COMMIT DROP;
INSERT INTO time_of
SELECT to_char(minute, 'HH24MI'), minute::time
  FROM generate_series('2000-01-01'::timestamp, '2000-01-01 23:59', '1 minute') AS minute
 WHERE to_char(minute, 'HH24MI') <> '{NO_TIME}';
CREATE TEMPORARY TABLE month_of (text text PRIMARY KEY, value date NOT NULL) ON COMMIT DROP;
INSERT INTO month_of
SELECT DISTINCT to_char(month, format), month::date
  FROM generate_series('1900-01-01'::timestamp, '2099-12-01', '1 month') AS month,
       unnest(ARRAY['FMMM/YYYY', 'MM/YYYY']) AS format;
CREATE TEMPORARY TABLE iso_of (code text PRIMARY KEY, iso text NOT NULL) ON COMMIT DROP
"""  # noqa: S608  our own constants
_TABLE_OF = {Kind.DATE: "day_of", Kind.TIME: "time_of", Kind.BIRTH: "month_of"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How the rows of a staging table are read.

    `values` are the expressions by the name of our column; `left_out` the conditions, by header,
    under which a text is there and means nothing. Both hold over `source`.
    """

    source: str
    values: dict[str, str]
    left_out: dict[str, str]


def create_tables(cursor: CursorWrapper) -> None:
    """Make the tables that texts are read by."""
    cursor.execute(_TABLES)
    cursor.execute(
        "INSERT INTO iso_of SELECT * FROM unnest(%s::text[], %s::text[])",
        [list(ISO_OF_NATIONALITY), list(ISO_OF_NATIONALITY.values())],
    )
    for table in (*_TABLE_OF.values(), "iso_of"):
        cursor.execute(f"ANALYZE {table}")


def quoted(header: str) -> str:
    return '"' + header.replace('"', '""') + '"'


def has_rows(cursor: CursorWrapper, table: str) -> bool:
    cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")  # noqa: S608
    return bool(cursor.fetchone()[0])


def read(staged: str, columns: Iterable[Stored]) -> Reading:
    """Return how these columns of a staging table, called `s`, are read."""
    source, values, left_out = [f"{staged} s"], {}, {}
    for number, column in enumerate(columns):
        text = f"s.{quoted(column.header)}"
        if column.kind in _TABLE_OF:
            joined = f"v{number}"
            source.append(f"LEFT JOIN {_TABLE_OF[column.kind]} {joined} ON {joined}.text = {text}")
            values[column.name] = f"{joined}.value"
            nothing = f" AND {text} <> '{NO_TIME}'" if column.kind is Kind.TIME else ""
            left_out[column.header] = f"{text} IS NOT NULL AND {joined}.text IS NULL{nothing}"
        elif column.kind is Kind.FLAG:
            values[column.name] = f"CASE {text} WHEN '1' THEN true WHEN '0' THEN false END"
            left_out[column.header] = f"{text} NOT IN ('0', '1')"
        elif column.kind is Kind.CHANNEL:
            whens = " ".join(f"WHEN '{code}' THEN '{way}'" for code, way in FILING_CHANNEL.items())
            values[column.name] = f"CASE {text} {whens} END"
            known = ", ".join(f"'{code}'" for code in FILING_CHANNEL)
            left_out[column.header] = f"{text} NOT IN ({known})"
        elif column.kind in (Kind.KEY, Kind.REF):
            values[column.name] = text
        else:
            # Bytes, which are cheaper to count than characters; codes are ASCII.
            fits = f"octet_length({text}) <= {column.max_length}"
            values[column.name] = f"coalesce(CASE WHEN {fits} THEN {text} END, '')"
            left_out[column.header] = f"octet_length({text}) > {column.max_length}"
    return Reading(source=" ".join(source), values=values, left_out=left_out)
