"""Tables as they are read: shares, changes on the year before, running totals.

Where a count is withheld, what would need it is withheld as well, unless it follows from what is
shown. So nothing here can tell more than the cells do.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from cases.statistics import release, summary
from cases.statistics.dimensions import FORMS, By, in_words, names
from cases.statistics.fiscal import MONTHS, up_to
from cases.statistics.kinds import CLOSURES, DISCRETION, KINDS, MERITS
from cases.statistics.release import TOTAL

Counts = Mapping[str, int | None]
"""By kind, and `TOTAL`; None is withheld."""
Table = Mapping[tuple[int, str], Counts]
"""By fiscal year and group."""


@dataclass(slots=True)
class Line:
    """A group in a fiscal year. None is withheld, or of a change that there is nothing before.

    `change` is of the closures, on the same group a year earlier; `running` adds the closures up:
    over the years, or of months within the year. By form of discretion, the closures are those of
    this form.
    """

    fiscal_year: int
    group: str
    name: str
    counts: Counts
    completions: int | None
    closures: int | None
    discretion: int | None
    merits: int | None
    change: int | None = None
    change_percent: float | None = None
    running: int | None = None

    @property
    def share_percent(self) -> float | None:
        """The share of closures in the completions of the group."""
        if self.closures is None or self.completions is None:
            return None
        return 100 * self.closures / self.completions if self.completions else 0.0


def told(counts: Counts, kinds: Collection[str]) -> int | None:
    """Return the sum of these kinds, where it follows from what is shown."""
    parts = [counts[kind] for kind in kinds]
    if None not in parts:
        return sum(part for part in parts if part is not None)
    total = counts[TOTAL]
    rest = [counts[kind] for kind in KINDS if kind not in kinds]
    if total is None or None in rest:
        return None
    return total - sum(part for part in rest if part is not None)


def published(by: By, *, to_month: int | None = None, exact: bool = False) -> list[Line]:
    """Return a published table, of all years; `exact` only for who may see every case.

    `to_month`: only the months from October to this one; for fiscal years and months.
    """
    if by is By.FORM:
        return _forms(_years(to_month, exact=exact))
    if by is By.FISCAL_YEAR:
        return _lines(by, _years(to_month, exact=exact))
    if by is By.MONTH:
        months = None if to_month is None else {str(month) for month in up_to(to_month)}
        found = release.read(by, exact=exact)
        return _lines(by, {k: v for k, v in found.items() if months is None or k[1] in months})
    if to_month is not None:
        raise ValueError(f"Months to date are not published by {by}.")
    return _lines(by, release.read(by, exact=exact))


def counted(
    by: By,
    *,
    to_month: int | None = None,
    asylum_only: bool = False,
    priority: str | None = None,
) -> list[Line]:
    """Return any table of the summary, exact: for who may see every case."""
    source = By.FISCAL_YEAR if by is By.FORM else by
    found = summary.counts(
        source,
        asylum_only=asylum_only,
        priority=priority,
        months=None if to_month is None else up_to(to_month),
    )
    table: Table = {
        key: {**dict.fromkeys(KINDS, 0), **counts, TOTAL: counts.total()}
        for key, counts in found.items()
    }
    return _forms(table) if by is By.FORM else _lines(by, table)


def _years(to_month: int | None, *, exact: bool) -> Table:
    """Return the fiscal years, or their months to date as far as these follow from what is shown.

    A month that is withheld makes the sum up to it unknown; but the months after it may be known,
    and the year.
    """
    years = release.read(By.FISCAL_YEAR, exact=exact)
    if to_month is None:
        return years
    months = release.read(By.MONTH, exact=exact)
    nothing = dict.fromkeys((*KINDS, TOTAL), 0)
    before = up_to(to_month)
    after = [month for month in MONTHS if month not in before]
    return {
        (year, group): {
            kind: _to_date(
                [months.get((year, str(month)), nothing)[kind] for month in before],
                [months.get((year, str(month)), nothing)[kind] for month in after],
                whole,
            )
            for kind, whole in counts.items()
        }
        for (year, group), counts in years.items()
    }


def _to_date(before: list[int | None], after: list[int | None], whole: int | None) -> int | None:
    if None not in before:
        return sum(n for n in before if n is not None)
    if whole is None or None in after:
        return None
    return whole - sum(n for n in after if n is not None)


def _forms(years: Table) -> list[Line]:
    """Turn the fiscal years into lines by form of discretion; each has its kind alone."""
    known = names(By.FORM)
    lines = [
        Line(
            fiscal_year=year,
            group=form,
            name=in_words(form, known),
            counts={form: counts[form]},
            completions=counts[TOTAL],
            closures=counts[form],
            discretion=counts[form] if form in DISCRETION else 0,
            merits=0,
        )
        for (year, _), counts in years.items()
        for form in FORMS
    ]
    lines.sort(key=lambda line: (line.fiscal_year, FORMS.index(line.group)))
    return _compared(lines, within_year=False)


def _lines(by: By, table: Table) -> list[Line]:
    known = names(by)
    lines = [
        Line(
            fiscal_year=year,
            group=group,
            name=f"FY{year}" if by is By.FISCAL_YEAR else in_words(group, known),
            counts=counts,
            completions=counts[TOTAL],
            closures=told(counts, CLOSURES),
            discretion=told(counts, DISCRETION),
            merits=told(counts, MERITS),
        )
        for (year, group), counts in table.items()
    ]
    if by is By.MONTH:
        lines.sort(key=lambda line: (line.fiscal_year, MONTHS.index(int(line.group))))
    else:
        lines.sort(key=lambda line: (line.fiscal_year, not line.group, line.name))
    return _compared(lines, within_year=by is By.MONTH)


def _compared(lines: list[Line], *, within_year: bool) -> list[Line]:
    """Say of each line how it differs from the year before, and what has come together.

    A group that has no line in a year has no case in it.
    """
    earlier = {(line.fiscal_year, line.group): line.closures for line in lines}
    years = {line.fiscal_year for line in lines}
    sums: dict[str, int | None] = {}
    for line in lines:
        none = 0 if line.fiscal_year - 1 in years else None
        before = earlier.get((line.fiscal_year - 1, line.group), none)
        if before is not None and line.closures is not None:
            line.change = line.closures - before
            if before:
                line.change_percent = 100 * line.change / before
        series = str(line.fiscal_year) if within_year else line.group
        so_far = sums.get(series, 0)
        if so_far is None or line.closures is None:
            line.running = None
        else:
            line.running = so_far + line.closures
        sums[series] = line.running
    return lines
