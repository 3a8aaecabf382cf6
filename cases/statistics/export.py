"""The tables as they are taken away: what is withheld is withheld in them, whoever takes them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cases.csv_text import Cell, csv_text
from cases.small_cells import SMALLEST_SHOWN
from cases.spreadsheet import workbook
from cases.statistics.comparison import Comparison
from cases.statistics.dimensions import IN_TITLES, By
from cases.statistics.kinds import KINDS
from cases.statistics.tables import Line

WITHHELD = "withheld"
ABOUT = (
    "Counted are orders of the courts that ended a case, as the courts' data or the office's own "
    "record has them; one that is in both counts once, a case reopened and decided again counts "
    "again. Fiscal years run from October to September.",
    "Closures: administrative closure, dismissal, termination and the forms of prosecutorial "
    "discretion, each in its column. A dismissal is usually on a motion of the office, but the "
    "decision code does not say so.",
    f"withheld: fewer than {SMALLEST_SHOWN}, or such a count would follow from it.",
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its head; the notes go where the format has room for them."""

    head: tuple[str, ...]
    rows: list[tuple[Cell, ...]]
    about: tuple[str, ...] = ABOUT

    def csv(self) -> str:
        return csv_text(self.head, self.rows)

    def xlsx(self) -> bytes:
        return workbook(self.head, self.rows, about=self.about)


def of_lines(by: By, lines: Iterable[Line]) -> Sheet:
    """Return a table of completions."""
    kinds = () if by is By.FORM else KINDS
    group = () if by is By.FISCAL_YEAR else (IN_TITLES[by], "code")
    ends = ("closures", "share_percent", "change", "change_percent", "running_total")
    sums = () if by is By.FORM else ("discretion", "merits")
    return Sheet(
        head=(*group, "fiscal_year", "completions", *kinds, *sums, *ends),
        rows=[
            (
                *(() if by is By.FISCAL_YEAR else (line.name, line.group)),
                line.fiscal_year,
                told(line.completions),
                *(told(line.counts[kind]) for kind in kinds),
                *(() if by is By.FORM else (told(line.discretion), told(line.merits))),
                told(line.closures),
                told(line.share_percent),
                "" if line.change is None else line.change,
                "" if line.change_percent is None else round(line.change_percent, 2),
                told(line.running),
            )
            for line in lines
        ],
    )


def of_comparisons(found: Iterable[Comparison]) -> Sheet:
    """Return the published figures, ours beside them."""
    return Sheet(
        head=("subject", "measure", "period", "value", "source", "sources_differ", "ours"),
        rows=[
            (
                about.title,
                figure.measure,
                figure.period,
                float(figure.value),
                figure.source,
                "yes" if about.conflict else "no",
                about.why_not if about.ours is None else about.ours,
            )
            for about in found
            for figure in about.figures
        ],
    )


def told(number: float | None) -> Cell:
    return WITHHELD if number is None else round(number, 2)
