"""Do groups of people fare differently? Rates by nationality, language, sex, age and more.

A difference is a question, not an answer: courts and years differ, and a group may have other
cases. What is counted is kept (`RateCount`) and refreshed by the clock; `cases.rates` judges it.
Small counts are withheld here as in the other statistics, with whatever they would follow from.

Measured are what the screening flags, and of the reviews that were decided: approvals, decisions
against the screening, and those that took long; these by who decided, too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce
from django.utils.timezone import now

from cases.days import years_before
from cases.intake.codes import CUSTODY
from cases.linked_cells import Cell, withheld
from cases.models import CodeMeaning, Move, RateCount, Review, states
from cases.rates import Group, Rate, State, assess
from cases.small_cells import is_small
from cases.statistics.dimensions import By, in_words, names
from screening.findings import Outcome
from screening.models import Determination

AGES = (18, 25, 35, 45, 55, 65)
"""Where an age band begins."""
OF_A_CASE = ("nationality", "language", "sex", "age", "representation", "custody", "court")
REVIEWER = "reviewer"
DIMENSIONS = (*OF_A_CASE, REVIEWER)
LONG = timedelta(days=30)
"""A decision that takes longer than this counts as late."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A rate: of the rows, those with the event. `case`: how the rows reach their case."""

    code: str
    title: str
    rows: Callable[[], QuerySet[Any]]
    event: Q
    case: str
    dimensions: tuple[str, ...] = OF_A_CASE


FLAGGED = Measure(
    code="flagged",
    title="Flagged by the screening, of the cases determined",
    rows=Determination.objects.current,
    event=Q(outcome=Outcome.FLAGGED.value),
    case="case",
)
APPROVING = ("decide", "approve", "approve-in-batch")
DECLINING = ("decline", "approve-decline")


def decided_reviews() -> QuerySet[Review]:
    """Return the reviews that someone decided, each with its last decision: what, who and when."""
    decisions = Move.objects.filter(
        review=OuterRef("pk"),
        machine=states.REVIEW.name,
        transition__in=(*APPROVING, *DECLINING),
    ).order_by("-pk")
    return Review.objects.alias(
        decision=Subquery(decisions.values("transition")[:1]),
        decided_by=Subquery(decisions.values("by")[:1]),
        decided_at=Subquery(decisions.values("at")[:1]),
    ).filter(decision__isnull=False)


def _of_reviews(code: str, title: str, event: Q) -> Measure:
    return Measure(
        code=code,
        title=title,
        rows=decided_reviews,
        event=event,
        case="case",
        dimensions=DIMENSIONS,
    )


MEASURES = (
    FLAGGED,
    _of_reviews("approved", "Approved, of the reviews decided", Q(decision__in=APPROVING)),
    _of_reviews(
        "against-screening",
        "Decided against the screening, of the reviews decided",
        Q(against_screening=True),
    ),
    _of_reviews(
        "late",
        "Decided more than thirty days after it was opened, of the reviews decided",
        Q(decided_at__gt=F("opened_at") + LONG),
    ),
)


class Table(NamedTuple):
    dimension: str
    groups: list[Line]


@dataclass(frozen=True, slots=True)
class Line:
    """A group's rate; `rate` None: its numbers are withheld, and only `state` is told."""

    group: str
    name: str
    state: State
    rate: Rate | None


# Counting


@transaction.atomic
def refresh(*, on: date) -> int:
    """Count every measure anew by every dimension; return the groups. Ages are those of the day."""
    made = [
        RateCount(
            measure=measure.code,
            dimension=dimension,
            group=row["group"],
            cases=row["cases"],
            events=row["events"],
            counted_at=now(),
        )
        for measure in MEASURES
        for dimension in measure.dimensions
        for row in measure.rows()
        .annotate(group=_group(dimension, measure.case, on))
        .values("group")
        .annotate(cases=Count("pk"), events=Count("pk", filter=measure.event))
        .order_by()
    ]
    RateCount.objects.filter(measure__in=[measure.code for measure in MEASURES]).delete()
    RateCount.objects.bulk_create(made, batch_size=1_000)
    return len(made)


def _group(dimension: str, case: str, on: date) -> Any:
    if dimension == REVIEWER:
        return Cast("decided_by", CharField())
    if dimension == "age":
        return _age(f"{case}__respondent__birth_date", on)
    if dimension == "representation":
        column = f"{case}__represented"
        return Case(
            When(**{column: True}, then=Value("yes")),
            When(**{column: False}, then=Value("no")),
            default=Value(""),
            output_field=CharField(),
        )
    column = {
        "nationality": "respondent__nationality",
        "language": "respondent__language_code",
        "sex": "respondent__sex",
        "custody": "custody",
        "court": "court__code",
    }[dimension]
    return Coalesce(F(f"{case}__{column}"), Value(""), output_field=CharField())


def _age(column: str, on: date) -> Case:
    """Return the band of the age on a day; who has a birthday on it is a year older."""
    bands = [When(**{f"{column}__isnull": True}, then=Value(""))]
    bands += [
        When(**{f"{column}__gt": years_before(on, older)}, then=Value(_band(younger, older)))
        for younger, older in zip((0, *AGES[:-1]), AGES, strict=True)
    ]
    return Case(*bands, default=Value(_band(AGES[-1], None)), output_field=CharField())


def _band(younger: int, older: int | None) -> str:
    if older is None:
        return f"{younger}+"
    return f"under {older}" if not younger else f"{younger}-{older - 1}"


# Reading


def counted_at(measure: Measure) -> datetime | None:
    """Return when the measure was counted; None: never."""
    rows = RateCount.objects.filter(measure=measure.code)
    return rows.values_list("counted_at", flat=True).first()


def tables(measure: Measure, *, exact: bool = False) -> list[Table]:
    """Return the rates by every dimension, alerts first; `exact` only for who sees every case."""
    counts: dict[str, list[Group]] = {dimension: [] for dimension in measure.dimensions}
    for row in RateCount.objects.filter(measure=measure.code).order_by("pk"):
        counts[row.dimension].append(Group(row.group, row.cases, row.events))
    found = []
    for (dimension, groups), rates in zip(
        counts.items(), assess(list(counts.values())), strict=True
    ):
        hidden = set() if exact else _withheld(groups)
        known = _names(dimension)
        lines = [
            Line(
                group=rate.group.name,
                name=in_words(rate.group.name, known),
                state=rate.state,
                rate=None if rate.group.name in hidden else rate,
            )
            for rate in rates
        ]
        found.append(Table(dimension, sorted(lines, key=_order)))
    return found


def overall(measure: Measure) -> Group:
    """Return all cases of the measure, as one group."""
    rows = RateCount.objects.filter(measure=measure.code, dimension=DIMENSIONS[0])
    counts = rows.values_list("cases", "events")
    return Group("", sum(n for n, _ in counts), sum(events for _, events in counts))


def _withheld(groups: list[Group]) -> set[str]:
    """Return the groups of which no number may be told: from its rate follow its counts."""
    cases, events = sum(g.cases for g in groups), sum(g.events for g in groups)
    if is_small(events) or is_small(cases - events):
        return {group.name for group in groups}
    cells = {}
    for group in groups:
        cells[group.name, "cases"] = Cell("all", ("group", group.name), group.cases, 3.0)
        cells[group.name, "events"] = Cell(("group", group.name), "events", group.events)
        cells[group.name, "others"] = Cell(
            ("group", group.name), "others", group.cases - group.events
        )
    return {name for name, _ in withheld(cells)}


def _names(dimension: str) -> dict[str, str]:
    if dimension == REVIEWER:
        return {str(pk): name for pk, name in User.objects.values_list("pk", "username")}
    if dimension in ("nationality", "court", "representation"):
        return names(By(dimension))
    if dimension == "language":
        rows = CodeMeaning.objects.filter(table="tblLanguage").values_list("code", "description")
        return {code: words.capitalize() for code, words in rows}
    return {"sex": {"F": "female", "M": "male"}, "custody": CUSTODY}.get(dimension, {})


def _order(line: Line) -> tuple[int, int, str]:
    states = (State.ALERT, State.CHANCE, State.WITHIN, State.TOO_FEW)
    return states.index(line.state), -(line.rate.group.cases if line.rate else 0), line.name
