"""How anything on record changes its status: one check, for one thing and for thousands.

A guard is a condition that finds, among any things, those that may not move; its docstring is the
sentence that people read. Nothing else in the service writes the status of a review, a motion, a
closure batch or a restart review, or of a case by an act of the court.
"""

from __future__ import annotations

import inspect
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import CharField, F, Model, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.timezone import now

from cases import access
from cases.models import (
    Case,
    ClosureBatch,
    FormOfDiscretion,
    Motion,
    Move,
    RestartReview,
    Review,
    states,
)

LONG_ENOUGH = 20
"""A reason has at least so many characters."""

SERVICE = "cases.record_screening"
"""Only the service's own accounts hold it; they act on cases of every office."""


NOT_VISIBLE = "It is not of an office whose cases you may see."


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Who wants to move something, on which day, and what they say with it."""

    by: User
    on: date
    note: str = ""
    criteria: tuple[str, ...] = ()
    form: FormOfDiscretion | None = None
    ground: str = ""
    authority: str = ""
    consequences_read: bool = False
    document: str = ""
    actor: str = ""
    happened_on: date | None = None
    tool: str = ""
    factors: Mapping[str, str] = dataclass_field(default_factory=dict)
    proposer: User | None = None
    """Who proposed what `by` approves, where both happen in one move: in a batch."""


Guard = Callable[[QuerySet[Any], Act], QuerySet[Any]]

ASKED: dict[str, tuple[Callable[[Act], bool], str]] = {
    "note": (
        lambda act: len(act.note.strip()) >= LONG_ENOUGH,
        f"Give the reason, in at least {LONG_ENOUGH} characters.",
    ),
    "criteria": (lambda act: bool(act.criteria), "Name the criteria that it rests on."),
    "form": (lambda act: act.form is not None, "Choose the form of discretion."),
    "tool": (lambda act: bool(act.tool), "Choose the way back."),
    "consequences": (
        lambda act: act.consequences_read,
        "Read what the form means for the respondent, and say that you have.",
    ),
    "proposer": (lambda act: act.proposer is not None, "Name who proposed it."),
    "document": (lambda act: bool(act.document.strip()), "Name the document of the act."),
    "actor": (lambda act: bool(act.actor.strip()), "Name who acted."),
    "happened_on": (
        lambda act: act.happened_on is not None and act.happened_on <= act.on,
        "Give the day of the act; it is not in the future.",
    ),
}
"""What a transition may ask of an act: whether it is there, and what to say when it is not."""


def _nothing(_act: Act) -> dict[str, Any]:
    return {}


def _no_more(_ids: list[int], _act: Act) -> None:
    return


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """A permitted change of status, and everything that must be so for it."""

    machine: states.Machine
    name: str
    label: str
    permissions: tuple[str, ...]
    guards: tuple[Guard, ...] = ()
    asks: tuple[str, ...] = ()
    law: str = ""
    sets: Callable[[Act], Mapping[str, Any]] = _nothing
    then: Callable[[list[int], Act], None] = _no_more
    override: bool = False
    """Whether it goes against what the screening found."""

    @property
    def sources(self) -> frozenset[str]:
        return self.machine.of(self.name)[0]

    @property
    def target(self) -> str:
        return self.machine.of(self.name)[1]


class TransitionRefused(Exception):
    """Something is in the way of the move: `reasons` are all of it, in sentences."""

    def __init__(self, transition: str, reasons: list[str]) -> None:
        super().__init__(f"{transition}: " + " ".join(reasons))
        self.transition = transition
        self.reasons = reasons


@dataclass(slots=True)
class Advanced:
    """What became of many: the ids that moved, and for each other one every reason why not."""

    moved: list[int] = dataclass_field(default_factory=list)
    blocked: dict[int, list[str]] = dataclass_field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Thing:
    """How a machine's rows appear in `Move`, and how the access reaches their case."""

    model: type[Model]
    columns: Mapping[str, str]
    case: str | None


_THINGS = {
    states.REVIEW.name: _Thing(
        Review,
        {"case_id": "t.case_id", "review_id": "t.id", "policy": "t.policy", "engine": "t.engine"},
        "case__",
    ),
    states.MOTION.name: _Thing(
        Motion, {"case_id": "t.case_id", "review_id": "t.review_id", "motion_id": "t.id"}, "case__"
    ),
    states.COURT.name: _Thing(Case, {"case_id": "t.id"}, ""),
    states.BATCH.name: _Thing(ClosureBatch, {"batch_id": "t.id", "policy": "t.policy"}, None),
    states.RESTART.name: _Thing(
        RestartReview, {"case_id": "t.case_id", "restart_id": "t.id"}, "case__"
    ),
}

TRANSITIONS: dict[str, dict[str, Transition]] = {name: {} for name in _THINGS}
"""By machine and name; each machine's module adds its own."""


def add(*transitions: Transition) -> None:
    for transition in transitions:
        TRANSITIONS[transition.machine.name][transition.name] = transition


def machine_of(thing: Model) -> str:
    return next(name for name, known in _THINGS.items() if isinstance(thing, known.model))


def transitions_of(thing: Any) -> list[Transition]:
    """Return the transitions that leave from where the thing stands, permitted or not."""
    return [t for t in TRANSITIONS[machine_of(thing)].values() if thing.status in t.sources]


def sentence(guard: Guard) -> str:
    return " ".join(inspect.cleandoc(guard.__doc__ or guard.__name__).split())


def permitted(transition: Transition, by: User) -> bool:
    return any(by.has_perm(permission) for permission in transition.permissions)


def among(ids: Iterable[int]) -> Any:
    """Return ids as one parameter of a query, however many they are."""
    return RawSQL("SELECT unnest(%s::bigint[])", [list(ids)])


def blockers(thing: Any, name: str, act: Act) -> list[str]:
    """Return every reason why the thing cannot make this move now; empty means that it can."""
    transition = TRANSITIONS[machine_of(thing)][name]
    reasons = _blocked([thing.pk], transition, act).get(thing.pk, [])
    if not permitted(transition, act.by):
        reasons = ["You are not permitted to do this.", *reasons]
    return reasons


@transaction.atomic
def advance(thing: Any, name: str, act: Act) -> Move:
    """Move the thing to the transition's target, and put the move on record.

    Locks the row, so of two callers racing for the same thing one is refused. Raises
    PermissionDenied if `act.by` may never make the move, and TransitionRefused if something is in
    the way now; either way nothing has changed.
    """
    transition = TRANSITIONS[machine_of(thing)][name]
    _permit(transition, act.by)
    model = _THINGS[transition.machine.name].model
    model._default_manager.select_for_update(of=("self",)).get(pk=thing.pk)
    if reasons := _blocked([thing.pk], transition, act).get(thing.pk):
        raise TransitionRefused(name, reasons)
    [move] = _make(transition, [thing.pk], act)
    thing.refresh_from_db()
    return Move.objects.get(pk=move)


@transaction.atomic
def advance_many(things: QuerySet[Any], name: str, act: Act) -> Advanced:
    """Move those of the things that can, and say of each other one why it cannot.

    The guards are those of `advance`, asked once of all. Raises PermissionDenied.
    """
    [machine] = [n for n, known in _THINGS.items() if known.model is things.model]
    transition = TRANSITIONS[machine][name]
    _permit(transition, act.by)
    locked = things.select_for_update(of=("self",)).order_by("pk")
    ids = list(locked.values_list("pk", flat=True))
    blocked = _blocked(ids, transition, act)
    moved = [pk for pk in ids if pk not in blocked]
    _make(transition, moved, act)
    return Advanced(moved, blocked)


def begin(thing: Any, name: str, act: Act) -> None:
    """Put on record that a thing, just added, has begun."""
    transition = TRANSITIONS[machine_of(thing)][name]
    _permit(transition, act.by)
    _record(transition, [thing.pk], act, source="''")


def begin_many(machine: str, name: str, ids: list[int], act: Act) -> None:
    """Put on record that many things, just added, have begun."""
    transition = TRANSITIONS[machine][name]
    _permit(transition, act.by)
    _record(transition, ids, act, source="''")


def _permit(transition: Transition, by: User) -> None:
    if not permitted(transition, by):
        raise PermissionDenied(f"{transition.name} needs {' or '.join(transition.permissions)}.")


def _blocked(ids: list[int], transition: Transition, act: Act) -> dict[int, list[str]]:
    """Return the reasons by id, of those that are blocked."""
    known = _THINGS[transition.machine.name]
    things = known.model._default_manager.filter(pk__in=among(ids))
    reasons: dict[int, list[str]] = defaultdict(list)
    elsewhere = things.exclude(status__in=transition.sources).values_list("pk", "status")
    field = known.model._meta.get_field("status")
    labels = dict(field.flatchoices) if isinstance(field, CharField) else {}
    for pk, status in elsewhere:
        reasons[pk].append(f"The {known.model._meta.verbose_name} is {labels[status]}.")
    for pk in _not_visible(things, known, act.by):
        reasons[pk].append(NOT_VISIBLE)
    missing = [say for name in transition.asks for there, say in [ASKED[name]] if not there(act)]
    if "happened_on" not in transition.asks and act.happened_on and act.happened_on > act.on:
        missing.append("The day of the act is in the future.")
    for pk in ids if missing else ():
        reasons[pk] += missing
    # Where it stands decides which guards speak of it: those of a move that starts elsewhere
    # would only confuse.
    candidates = things.filter(status__in=transition.sources)
    for guard in transition.guards:
        for pk in guard(candidates, act).order_by().values_list("pk", flat=True).distinct():
            reasons[pk].append(sentence(guard))
    return dict(reasons)


def hidden_from(by: User, thing: Model) -> bool:
    """Return whether this person may not see the case of the thing, or the batch."""
    known = _THINGS[machine_of(thing)]
    these = known.model._default_manager.filter(pk=thing.pk)
    return bool(_not_visible(these, known, by))


def _not_visible(things: QuerySet[Any], known: _Thing, by: User) -> list[int]:
    if by.has_perm(SERVICE):
        return []
    seen = access.of_user(by)
    if known.case is None:
        if seen.offices is None:
            return []
        hidden = things.exclude(office__in=seen.offices)
    else:
        hidden = things.exclude(pk__in=things.filter(seen.condition(known.case)).values("pk"))
    return list(hidden.values_list("pk", flat=True))


def _make(transition: Transition, ids: list[int], act: Act) -> list[int]:
    if not ids:
        return []
    moves = _record(transition, ids, act, source="t.status")
    things = _THINGS[transition.machine.name].model._default_manager.filter(pk__in=among(ids))
    things.update(
        status=transition.target,
        version=F("version") + 1,
        changed_at=now(),
        **transition.sets(act),
    )
    transition.then(ids, act)
    return moves


def _record(transition: Transition, ids: list[int], act: Act, *, source: str) -> list[int]:
    """Add a move for each of the ids, and return the ids of the moves."""
    known = _THINGS[transition.machine.name]
    given = {
        "machine": transition.machine.name,
        "transition": transition.name,
        "target": transition.target,
        "note": act.note.strip(),
        "criteria": list(act.criteria),
        "document": act.document.strip(),
        "actor": act.actor.strip(),
        "happened_on": act.happened_on,
        "at": now(),
        "by_id": act.by.pk,
    }
    columns = dict.fromkeys(("policy", "engine"), "''") | dict(known.columns)
    names = ", ".join([*given, *columns, "source"])
    values = ", ".join([*(f"%({name})s" for name in given), *columns.values(), source])
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO cases_move ({names}) SELECT {values}"  # noqa: S608  our own names
            f" FROM {known.model._meta.db_table} t WHERE t.id = ANY (%(ids)s) ORDER BY t.id"
            " RETURNING id",
            {**given, "ids": ids},
        )
        return [pk for (pk,) in cursor.fetchall()]
