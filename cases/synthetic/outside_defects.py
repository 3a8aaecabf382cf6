"""Defects of the files that do not come from the courts; planted only where asked for."""

from collections import Counter

from cases.synthetic.defects import positions
from cases.synthetic.pools import Rand, pick

_RATE = 1e-4
_HIGHEST_RATE = 0.01
_BAD_DATES = ("1999-02-30", "13/45/1990", "unknown", "0000-00-00")


def _rate(multiplier: float) -> float:
    return min(_RATE * multiplier, _HIGHEST_RATE) if multiplier > 1 else 0.0


def spoil_identities(
    rand: Rand, rows: list[list[str]], *, multiplier: float, planted: Counter[str]
) -> None:
    """Malform A-numbers and birth dates, and send some rows twice."""
    rate = _rate(multiplier)
    for at in positions(rand, count=len(rows), rate=rate):
        number = rows[at][1]
        rows[at][1] = pick(rand, (number[:6], number + "77", "A0000" + "XYZ12", number[1:4]))
        planted["respondents.malformed_a_number"] += 1
    for at in positions(rand, count=len(rows), rate=rate):
        rows[at][5] = pick(rand, _BAD_DATES)
        planted["respondents.bad_birth_date"] += 1
    doubles = list(positions(rand, count=len(rows), rate=rate))
    rows.extend(list(rows[at]) for at in doubles)
    if doubles:
        planted["respondents.duplicate_row"] += len(doubles)


def spoil_evidence(
    rand: Rand, lines: dict[str, list[str]], *, multiplier: float, planted: Counter[str]
) -> None:
    """Cut lines off, use a disposition that nobody knows, name people whom nobody knows."""
    rate = _rate(multiplier)
    for name, rows in lines.items():
        touched: set[int] = set()
        for at in positions(rand, count=len(rows), rate=rate):
            rows[at] = rows[at][: len(rows[at]) // 2]
            touched.add(at)
            planted[f"{name}.not_json"] += 1
        for at in positions(rand, count=len(rows), rate=rate):
            if at not in touched:
                head, _, tail = rows[at].partition('"a_number": "')
                rows[at] = f'{head}"a_number": "A0999{tail[5:]}'
                touched.add(at)
                planted[f"{name}.unknown_a_number"] += 1
        if name != "criminal_records":
            continue
        for at in positions(rand, count=len(rows), rate=rate):
            head, found, tail = rows[at].partition('"disposition": "')
            if at not in touched and found:
                rest = tail[tail.index('"') :]
                rows[at] = f"{head}{found}adjudged-otherwise{rest}"
                planted[f"{name}.unknown_disposition"] += 1
