"""Whether a closed case goes back: what is asked of each step, and what is in the way.

A person takes every step. What is noticed after closure opens a review, and never does more.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.models import (
    Case,
    ContactChange,
    CourtOrder,
    FormOfDiscretion,
    Move,
    PostClosureEvent,
    RestartReview,
    states,
)
from cases.workflow import conditions
from cases.workflow.conditions import only_if
from cases.workflow.engine import SERVICE, Act, Guard, Transition, add, advance, blockers
from cases.workflow.review_guards import Standing
from cases.workflow.reviews import ATTORNEY, INTAKE, RECORDER, SUPERVISOR

RECORDING = "cases.record_aftermath"
"""Who puts on record what was noticed, which opens a review."""

Restarts = QuerySet[RestartReview]
Tool = RestartReview.Tool
Kind = PostClosureEvent.Kind
Trust = PostClosureEvent.Trust
Court = Case.Status

TOOLS: dict[str, tuple[str, ...]] = {
    Court.ADMIN_CLOSED: (Tool.RECALENDAR,),
    Court.DISMISSED: (Tool.NEW_CHARGE, Tool.REOPEN),
    Court.TERMINATED: (Tool.NEW_CHARGE, Tool.REOPEN),
    **dict.fromkeys(states.MERITS, (Tool.REOPEN,)),
}
"""The ways back, by where the case stands. Law: 8 CFR 1003.18(c), 1003.14, 1003.23, 1003.38"""

FACTORS = {
    "reason": "The reason why recalendaring is sought",
    "opposition": "The basis for any opposition",
    "time-since-closure": "How long the case has been closed",
    "outside-applications": "The status of applications outside of the proceedings",
    "results": "What came of those applications",
    "likelihood": "How likely it is that what is pending succeeds",
    "expected-outcome": "The expected outcome if the case goes on",
    "detention": "Whether ICE detains the respondent",
}
"""What is weighed for recalendaring. Law: 8 CFR 1003.18(c)(3)(ii)"""

ACCUSATIONS = (Kind.ARREST, Kind.CHARGE, Kind.ACQUITTAL, Kind.SCREENING)
"""They say that something is to be looked at, not that something was done."""
UNDONE = (Court.PRE_FILING, Court.NTA_CANCELLED, Court.NOT_FILED)
"""Where a new case stands that is not before a court."""


def tools_for(case: Case) -> tuple[str, ...]:
    """Return the ways back of a case from where it stands; empty where it needs none."""
    tools = TOOLS.get(case.status, ())
    if _with_prejudice().filter(case=case).exists():
        return tuple(tool for tool in tools if tool != Tool.NEW_CHARGE)
    return tools


def _with_prejudice() -> QuerySet[CourtOrder]:
    return CourtOrder.objects.filter(
        superseded_at=None, kind__in=CourtOrder.MAY_BE_WITH_PREJUDICE, with_prejudice=True
    )


# What is in the way: each finds the reviews that may not move, and its docstring says why.


def tool_does_not_fit(reviews: Restarts, act: Act) -> Restarts:
    """The way back does not fit where the case stands: after administrative closure it is a motion
    to recalendar; after dismissal or termination a new charging document, an appeal or a motion to
    reopen.
    """
    fits = Q(pk__in=())
    for status, tools in TOOLS.items():
        with_tool = Q(tool__in=tools) if not act.tool else only_if(act.tool in tools)
        fits |= Q(case__status=status) & with_tool
    return reviews.exclude(fits)


def dismissed_with_prejudice(reviews: Restarts, act: Act) -> Restarts:
    """The order is with prejudice: the person cannot be charged anew on it."""
    with_tool = only_if(act.tool == Tool.NEW_CHARGE) if act.tool else Q(tool=Tool.NEW_CHARGE)
    return reviews.filter(with_tool, Exists(_with_prejudice().filter(case=OuterRef("case"))))


def factors_are_missing(reviews: Restarts, act: Act) -> Restarts:
    """Say of each of the eight factors of 8 CFR 1003.18(c)(3)(ii) how it stands."""
    told = {factor for factor, text in act.factors.items() if text.strip()}
    return reviews.filter(only_if(act.tool == Tool.RECALENDAR and told != FACTORS.keys()))


def standard_is_unsettled(reviews: Restarts, act: Act) -> Restarts:
    """Which standard governs recalendaring is unsettled that day: cite the authority by hand."""
    form = FormOfDiscretion.objects.get(pk="administrative-closure")
    unsettled = conditions.circuits(form, act.on)[Standing.UNSETTLED]
    inside = Q(case__court__circuit__in=unsettled)
    if "" in unsettled:
        inside |= Q(case__court=None)
    return reviews.filter(
        only_if(act.tool == Tool.RECALENDAR and not act.authority.strip()), inside
    )


def an_arrest_alone(reviews: Restarts, act: Act) -> Restarts:
    """An arrest alone is no ground: wait for the disposition or name another ground."""
    events = PostClosureEvent.objects.filter(case=OuterRef("case"))
    return reviews.filter(only_if(not act.ground.strip()), Exists(events)).exclude(
        Exists(_grounds())
    )


def nothing_to_rest_on(reviews: Restarts, act: Act) -> Restarts:
    """Nothing has been noticed since the closure: name the ground."""
    events = PostClosureEvent.objects.filter(case=OuterRef("case"))
    return reviews.filter(only_if(not act.ground.strip())).exclude(Exists(events))


def _grounds() -> QuerySet[PostClosureEvent]:
    """Return the events that something may rest on; a conviction that was undone is none."""
    undone = PostClosureEvent.objects.filter(
        case=OuterRef("case"),
        source=OuterRef("source"),
        source_record=OuterRef("source_record"),
        kind=Kind.ACQUITTAL,
        pk__gt=OuterRef("pk"),
    )
    return (
        PostClosureEvent.objects.filter(case=OuterRef("case"))
        .exclude(kind__in=ACCUSATIONS)
        .exclude(trust=Trust.TIP)
        .exclude(Exists(undone))
    )


def you_proposed_it(reviews: Restarts, act: Act) -> Restarts:
    """You proposed this; someone else must decide."""
    return reviews.filter(proposed_by=act.by)


def with_another_attorney(reviews: Restarts, act: Act) -> Restarts:
    """Another attorney has taken it up."""
    return reviews.exclude(Q(attorney=act.by) | Q(attorney=None))


def _noticed_since(transition: str) -> Exists:
    since = Move.objects.filter(restart=OuterRef(OuterRef("pk")), transition=transition).order_by(
        "-id"
    )
    return Exists(
        PostClosureEvent.objects.filter(
            case=OuterRef("case"), noticed_at__gt=since.values("at")[:1]
        )
    )


def noticed_since_proposed(reviews: Restarts, _act: Act) -> Restarts:
    """Something has been noticed since it was proposed: return it to the attorney."""
    return reviews.filter(_noticed_since("propose"))


def noticed_since_approved(reviews: Restarts, _act: Act) -> Restarts:
    """Something has been noticed since it was approved: return it to the attorney."""
    return reviews.filter(_noticed_since("approve"))


def needs_no_motion(reviews: Restarts, _act: Act) -> Restarts:
    """A new charging document is no motion: record it, and the new case, instead."""
    return reviews.filter(tool=Tool.NEW_CHARGE)


def mail_came_back(reviews: Restarts, _act: Act) -> Restarts:
    """Mail came back from the address on record: no notice of recalendaring before it is
    current.
    """
    return reviews.filter(Exists(_address().exclude(returned_on=None)))


def no_address(reviews: Restarts, _act: Act) -> Restarts:
    """No address is on record since the closure: a notice to a stale one risks an order in
    absentia.
    """
    return reviews.exclude(Exists(_address()))


def _address() -> QuerySet[ContactChange]:
    return ContactChange.objects.filter(
        case=OuterRef("case"), kind=ContactChange.Kind.ADDRESS, superseded_at=None
    )


def no_new_case(reviews: Restarts, _act: Act) -> Restarts:
    """No new case that follows this one is before a court."""
    return reviews.exclude(Exists(_successors().exclude(status__in=UNDONE)))


def served_already(reviews: Restarts, _act: Act) -> Restarts:
    """A new charging document is served: it must be cancelled or left unfiled first."""
    return reviews.filter(Exists(_successors().filter(status=Court.PRE_FILING)))


def _successors() -> QuerySet[Case]:
    return Case.objects.filter(predecessor=OuterRef("case"))


def still_closed(reviews: Restarts, _act: Act) -> Restarts:
    """The case is still closed, and no new one follows it: close the review with a reason."""
    closed = reviews.filter(case__status__in=states.CLOSED)
    return closed.exclude(Exists(_successors().exclude(status__in=UNDONE)))


def no_order_recalendaring(reviews: Restarts, _act: Act) -> Restarts:
    """No order that recalendars the case is on record since the filing."""
    return reviews.exclude(tool=Tool.RECALENDAR, pk__in=_ordered_since(reviews, "recalendar"))


def no_order_reopening(reviews: Restarts, _act: Act) -> Restarts:
    """No order that reopens or remands the case is on record since the filing."""
    return reviews.exclude(tool=Tool.REOPEN, pk__in=_ordered_since(reviews, "reopen", "remand"))


def no_order_refusing(reviews: Restarts, _act: Act) -> Restarts:
    """No order that denies recalendaring is on record since the filing."""
    refused = _ordered_since(reviews, "refuse-to-recalendar")
    return reviews.filter(tool=Tool.RECALENDAR).exclude(pk__in=refused)


def _ordered_since(reviews: Restarts, *kinds: str) -> Any:
    filing = Move.objects.filter(restart=OuterRef(OuterRef("pk")), transition="file")
    since = CourtOrder.objects.filter(
        case=OuterRef("case"),
        kind__in=kinds,
        corrects=None,  # a correction is recorded later than the order was
        recorded_at__gte=filing.order_by("-id").values("at")[:1],
    )
    return reviews.filter(Exists(since)).values("pk")


# What a move sets besides the status, and the moves.


def _proposed(act: Act) -> dict[str, Any]:
    weighed = {factor: act.factors[factor].strip() for factor in FACTORS if factor in act.factors}
    return {
        "tool": act.tool,
        "factors": weighed,
        "ground": act.ground.strip(),
        "authority_cited": act.authority.strip(),
        "proposed_by": act.by,
        "approved_by": None,
    }


UNDECIDED: dict[str, Any] = {
    "tool": "",
    "factors": {},
    "ground": "",
    "authority_cited": "",
    "proposed_by": None,
    "approved_by": None,
}


def _restart(name: str, label: str, *permissions: str, **more: Any) -> Transition:
    return Transition(
        machine=states.RESTART, name=name, label=label, permissions=permissions, **more
    )


FITS: tuple[Guard, ...] = (tool_does_not_fit, dismissed_with_prejudice)
OUTSIDE = ("document", "happened_on")

add(
    _restart("open", "Open", INTAKE, RECORDING, ATTORNEY, SUPERVISOR, SERVICE, asks=("note",)),
    _restart("take-up", "Take up", ATTORNEY, sets=lambda act: {"attorney": act.by}),
    _restart(
        "propose",
        "Propose",
        ATTORNEY,
        guards=(
            *(with_another_attorney, *FITS, an_arrest_alone, nothing_to_rest_on),
            *(factors_are_missing, standard_is_unsettled),
        ),
        asks=("note", "tool"),
        law="8 CFR 1003.18(c)(3)(ii), 1003.14, 1003.23",
        sets=_proposed,
    ),
    _restart(
        "close",
        "Close without action",
        *(ATTORNEY, SUPERVISOR),
        guards=(with_another_attorney,),
        asks=("note",),
    ),
    _restart(
        "approve",
        "Approve",
        SUPERVISOR,
        guards=(you_proposed_it, *FITS, noticed_since_proposed),
        asks=("note",),
        sets=lambda act: {"approved_by": act.by},
    ),
    _restart(
        "return",
        "Return to the attorney",
        SUPERVISOR,
        guards=(served_already,),
        asks=("note",),
        sets=lambda _act: UNDECIDED,
    ),
    _restart(
        "file",
        "Filed with the court",
        ATTORNEY,
        guards=(needs_no_motion, *FITS, noticed_since_approved, mail_came_back, no_address),
        asks=OUTSIDE,
        law="8 CFR 1003.18(c), 1003.23, 1003.38",
    ),
    _restart(
        "charge-anew",
        "Charged anew",
        RECORDER,
        guards=(*FITS, no_new_case),
        asks=OUTSIDE,
        law="8 CFR 239.1, 1003.14",
    ),
    _restart("recalendared", "Recalendared", RECORDER, guards=(no_order_recalendaring,)),
    _restart("reopened", "Reopened", RECORDER, guards=(no_order_reopening,)),
    _restart("refused", "Refused", RECORDER, guards=(no_order_refusing,), asks=OUTSIDE),
    _restart(
        "withdraw",
        "Withdraw",
        *(ATTORNEY, SUPERVISOR),
        guards=(served_already,),
        asks=("note",),
    ),
    _restart("moot", "Moot", RECORDER, ATTORNEY, guards=(still_closed,), asks=("note",)),
)


# What an act of a court or of another means for a review of whether the case goes back.

ENDED_BY = {
    "recalendar": "recalendared",
    "refuse-to-recalendar": "refused",
    "reopen": "reopened",
    "remand": "reopened",
    **{f"affirm-{status}": "refused" for status in states.OVER},
}


def follow(case: Case, name: str, act: Act) -> None:
    """End the reviews that this act of a court, or a new case, has decided or left without object.

    What a reader of one office may not see of another stays as it is, for one who may.
    """
    if name == "file-nta" and case.predecessor_id is not None:
        _end(case.predecessor_id, "charge-anew", act, over=True)
    elif name in ENDED_BY:
        _end(case.pk, ENDED_BY[name], act, over=case.status not in states.CLOSED)


def _end(case_id: int, name: str, act: Act, *, over: bool) -> None:
    for review in RestartReview.objects.open().filter(case=case_id):
        for possible in (name, "moot") if over else (name,):
            if not blockers(review, possible, act):
                advance(review, possible, act)
                break
