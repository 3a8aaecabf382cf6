"""How reviews, motions, batches and cases move: who may, what is in the way, what is recorded."""

from cases.workflow import batch, court, motions, positions, restart, reviews
from cases.workflow.engine import (
    TRANSITIONS,
    Act,
    Advanced,
    Transition,
    TransitionRefused,
    advance,
    advance_many,
    begin,
    begin_many,
    blockers,
    permitted,
    sentence,
    transitions_of,
)

__all__ = [
    "TRANSITIONS",
    "Act",
    "Advanced",
    "Transition",
    "TransitionRefused",
    "advance",
    "advance_many",
    "batch",
    "begin",
    "begin_many",
    "blockers",
    "court",
    "motions",
    "permitted",
    "positions",
    "restart",
    "reviews",
    "sentence",
    "transitions_of",
]
