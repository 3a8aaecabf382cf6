"""SQL that turns a staged text into what its column holds, or into null.

Plain expressions, because a function of ours would be called for every field of every row, and
because PostgreSQL 15 has no `pg_input_is_valid`.
"""

from __future__ import annotations

from cases.intake.tables import Kind, Stored

DAY = (
    r"^(19|20)\d\d-((0[13578]|1[02])-(0[1-9]|[12]\d|3[01])|(0[469]|11)-(0[1-9]|[12]\d|30)"
    r"|02-(0[1-9]|1\d|2[0-8]))$|^((19|20)(0[48]|[2468][048]|[13579][26])|2000)-02-29$"
)
"""A day of the years 1900 to 2099, and of the calendar."""


def quoted(header: str) -> str:
    return '"' + header.replace('"', '""') + '"'


def valid(column: Stored) -> str | None:
    """Return the condition under which the text of a column means something; None: always."""
    text = f"s.{quoted(column.header)}"
    match column.kind:
        case Kind.DATE:
            # The first day of 1900 stands for a date that somebody did not have.
            return f"({text} ~ '{DAY}' AND {text} <> '1900-01-01')"
        case Kind.TIME:
            return f"{text} ~ '^([01]\\d|2[0-3])[0-5]\\d$'"
        case Kind.BIRTH:
            return f"{text} ~ '^(0?[1-9]|1[0-2])/(19|20)\\d\\d$'"
        case Kind.FLAG:
            return f"{text} IN ('0', '1')"
        case _:
            return f"length({text}) <= {column.max_length}" if column.max_length else None


def value(column: Stored) -> str:
    """Return the expression of what a column of ours is to hold."""
    text = f"s.{quoted(column.header)}"
    match column.kind:
        case Kind.DATE:
            return f"CASE WHEN {valid(column)} THEN {text}::date END"
        case Kind.TIME:
            clock = f"(left({text}, 2) || ':' || right({text}, 2))::time"
            return f"CASE WHEN {valid(column)} THEN {clock} END"
        case Kind.BIRTH:
            return f"CASE WHEN {valid(column)} THEN to_date('1/' || {text}, 'DD/MM/YYYY') END"
        case Kind.FLAG:
            return f"CASE {text} WHEN '1' THEN true WHEN '0' THEN false END"
        case Kind.KEY | Kind.REF:
            return f"{text}::bigint"
        case _:
            cut = f"left({text}, {column.max_length})" if column.max_length else text
            return f"coalesce({cut}, '')"
