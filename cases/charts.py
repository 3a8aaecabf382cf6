"""Charts as SVG, drawn by the server: no script, no style in the markup, colours by class.

A chart says nothing that the table beside it does not; so to a reader of the page it is one image
with its title. What is withheld is drawn as a dash.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

WIDTH = 760
PLOT_HEIGHT = 220
LEFT, RIGHT, TOP, BOTTOM = 64, 8, 12, 44
LINE = 22
"""The height of a horizontal bar with its room."""
NAMES = 230
"""The width of the names beside horizontal bars."""
MOST_LABELS = 12
NOT_TOLD = "\u2013"


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers with one name; None is withheld. `colour`: its number, if not its place."""

    name: str
    values: Sequence[float | None]
    colour: int | None = None


@dataclass(frozen=True, slots=True)
class Interval:
    """A rate between its bounds; `state` colours it, by class."""

    name: str
    low: float
    rate: float
    high: float
    state: str = ""


def stacked(labels: Sequence[str], series: Sequence[Series], *, title: str) -> SafeString:
    """Return upright bars, one a label, made of the series from the ground up."""
    tallest = max((sum(s.values[n] or 0 for s in series) for n in range(len(labels))), default=0)
    top = _round_up(tallest)
    step = (WIDTH - LEFT - RIGHT) / max(len(labels), 1)
    wide = min(step * 0.72, 48)
    every = -(-len(labels) // MOST_LABELS)
    parts: list[SafeString] = [_grid(top)]
    for n, label in enumerate(labels):
        x = LEFT + step * n + (step - wide) / 2
        ground = float(TOP + PLOT_HEIGHT)
        for place, one in enumerate(series):
            value = one.values[n]
            if not value or not top:
                continue
            height = PLOT_HEIGHT * value / top
            ground -= height
            parts.append(
                format_html(
                    '<rect class="s{}" x="{}" y="{}" width="{}" height="{}"></rect>',
                    *(_colour(one, place), _n(x), _n(ground), _n(wide), _n(height)),
                )
            )
        if any(one.values[n] is None for one in series):
            parts.append(_text(x + wide / 2, ground - 4, NOT_TOLD, "middle"))
        if (len(labels) - 1 - n) % every == 0:
            parts.append(_text(x + wide / 2, TOP + PLOT_HEIGHT + 16, label, "middle"))
    height = TOP + PLOT_HEIGHT + BOTTOM
    return format_html("{}{}", _legend(series), _svg(height, title, parts))


def bars(labels: Sequence[str], values: Sequence[float | None], *, title: str) -> SafeString:
    """Return lying bars with their names before them and their numbers behind."""
    most = max((value or 0 for value in values), default=0)
    room = WIDTH - NAMES - 90
    parts: list[SafeString] = []
    for n, (label, value) in enumerate(zip(labels, values, strict=True)):
        y = TOP + LINE * n
        wide = room * (value or 0) / most if most else 0
        number = NOT_TOLD if value is None else f"{value:,.0f}" if value >= 10 else f"{value:,.4g}"
        parts += [
            _text(NAMES - 8, y + 13, _shortened(label), "end"),
            format_html(
                '<rect class="s0" x="{}" y="{}" width="{}" height="14"></rect>',
                *(NAMES, _n(y + 2), _n(wide)),
            ),
            _text(NAMES + wide + 6, y + 13, number, "start"),
        ]
    return _svg(TOP + LINE * len(labels) + 8, title, parts)


def intervals(
    rows: Sequence[Interval], *, overall: float, band: tuple[float, float], title: str
) -> SafeString:
    """Return rates with their bounds, against the overall rate and the band around it."""
    most = max([row.high for row in rows] + [band[1], overall], default=0) or 1
    room = WIDTH - NAMES - 24

    def x(rate: float) -> float:
        return NAMES + room * min(rate, most) / most

    height = TOP + LINE * len(rows)
    parts: list[SafeString] = [
        format_html(
            '<rect class="band" x="{}" y="{}" width="{}" height="{}"></rect>',
            *(_n(x(band[0])), TOP, _n(x(band[1]) - x(band[0])), height - TOP),
        ),
        format_html(
            '<line class="overall" x1="{0}" x2="{0}" y1="{1}" y2="{2}"></line>',
            *(_n(x(overall)), TOP, height),
        ),
    ]
    for n, row in enumerate(rows):
        y = TOP + LINE * n + LINE / 2
        parts += [
            _text(NAMES - 8, y + 4, _shortened(row.name), "end"),
            format_html(
                '<line class="reach {}" x1="{}" x2="{}" y1="{}" y2="{}"></line>',
                *(f"state-{row.state}", _n(x(row.low)), _n(x(row.high)), _n(y), _n(y)),
            ),
            format_html(
                '<circle class="rate {}" cx="{}" cy="{}" r="4.5"></circle>',
                *(f"state-{row.state}", _n(x(row.rate)), _n(y)),
            ),
        ]
    ticks = [most * part / 4 for part in range(5)]
    parts += [_text(x(tick), height + 16, f"{100 * tick:.0f} %", "middle") for tick in ticks]
    return _svg(height + 26, title, parts)


# Pieces; everything put into them is escaped


def _svg(height: float, title: str, parts: Iterable[SafeString]) -> SafeString:
    return format_html(
        '<svg class="drawing" role="img" aria-label="{}" viewBox="0 0 {} {}"'
        ' width="{}" height="{}">{}</svg>',
        *(title, WIDTH, _n(height), WIDTH, _n(height)),
        mark_safe("".join(parts)),  # noqa: S308  each part is escaped
    )


def _legend(series: Sequence[Series]) -> SafeString:
    return format_html(
        '<ul class="legend">{}</ul>',
        format_html_join(
            "",
            '<li><svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">'
            '<rect class="s{}" width="12" height="12"></rect></svg> {}</li>',
            ((_colour(one, place), one.name) for place, one in enumerate(series)),
        ),
    )


def _colour(one: Series, place: int) -> int:
    return place if one.colour is None else one.colour


def _grid(top: float) -> SafeString:
    lines = []
    for part in range(5):
        y = TOP + PLOT_HEIGHT * (1 - part / 4)
        lines += [
            format_html(
                '<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"></line>',
                *(LEFT, WIDTH - RIGHT, _n(y), _n(y)),
            ),
            _text(LEFT - 8, y + 4, f"{top * part / 4:,.0f}", "end"),
        ]
    return mark_safe("".join(lines))  # noqa: S308  each line is escaped


def _text(x: float, y: float, text: str, anchor: str) -> SafeString:
    return format_html(
        '<text x="{}" y="{}" text-anchor="{}">{}</text>', *(_n(x), _n(y), anchor, text)
    )


def _n(number: float) -> str:
    return f"{number:.1f}"


def _shortened(name: str, most: int = 34) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}…"


def _round_up(number: float) -> float:
    """Return a round number that is at least this one, for the top of the scale."""
    if number <= 4:
        return 4.0
    size = 10.0 ** (len(str(int(number))) - 1)
    return next(size * s for s in (1, 2, 3, 4, 6, 8, 10) if size * s >= number)
