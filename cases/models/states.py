"""Every status, and every edge between two of them: what the code and the database both hold.

The machines are those of the record: the case in court, the office's review of it, the motion,
the closure batch, and the review of whether a closed case goes back. Who may make a move, and what
is in the way, is in `cases.workflow`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import TextChoices

from cases.models.docket import Case

Court = Case.Status


class Review(TextChoices):
    """Where the office's review of a case stands."""

    QUEUED = "queued", "waiting to be screened"
    SCREENED = "screened", "screened"
    AWAITING_EVIDENCE = "awaiting-evidence", "waiting for evidence"
    ATTORNEY_REVIEW = "attorney-review", "with an attorney"
    SUPERVISOR_REVIEW = "supervisor-review", "with a supervisor"
    APPROVED = "approved", "approved"
    DECLINED = "declined", "declined"
    AWAITING_POSITION = "awaiting-position", "waiting for the respondent's position"
    RECONSIDER = "reconsider", "to be reconsidered"
    READY_TO_FILE = "ready-to-file", "ready to file"
    MOTION_FILED = "motion-filed", "motion filed"
    CARRIED_OUT = "carried-out", "carried out by the office"
    GRANTED = "granted", "motion granted"
    DENIED = "denied", "motion denied"
    MOOT = "moot", "moot"
    WITHDRAWN = "withdrawn", "motion withdrawn"
    SUSPENDED = "suspended", "suspended"
    RESCINDED = "rescinded", "rescinded"


class Motion(TextChoices):
    """Where a motion stands."""

    DRAFT = "draft"
    SIGNED = "signed"
    FILED = "filed"
    RESPONSE_OPEN = "response-open", "open for a response"
    RULED_GRANTED = "ruled-granted", "granted"
    RULED_DENIED = "ruled-denied", "denied"
    WITHDRAWN = "withdrawn"
    MOOT = "moot"


class Batch(TextChoices):
    """Where a closure batch stands."""

    ASSEMBLED = "assembled"
    FROZEN = "frozen"
    READING = "reading", "sample being read"
    PASSED = "passed", "sample passed"
    STOPPED = "stopped", "stopped by its sample"
    APPROVED = "approved"
    EXECUTING = "executing"
    PAUSED = "paused"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    RESCINDED = "rescinded"


class Restart(TextChoices):
    """Where the office's review of a closed case stands."""

    OPEN = "open", "waiting to be taken up"
    ATTORNEY_REVIEW = "attorney-review", "with an attorney"
    SUPERVISOR_REVIEW = "supervisor-review", "with a supervisor"
    APPROVED = "approved", "approved"
    FILED = "filed", "filed"
    RECALENDARED = "recalendared", "recalendared"
    REOPENED = "reopened", "reopened"
    CHARGED_ANEW = "charged-anew", "charged anew"
    REFUSED = "refused", "refused"
    NO_ACTION = "no-action", "closed without action"
    WITHDRAWN = "withdrawn", "withdrawn"
    MOOT = "moot", "moot"


class Edge(NamedTuple):
    transition: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Machine:
    """One machine: its name as moves record it, and for each transition the edges it makes."""

    name: str
    edges: tuple[Edge, ...]

    def of(self, transition: str) -> tuple[frozenset[str], str]:
        """Return from where a transition leaves, and to where it leads."""
        made = [edge for edge in self.edges if edge.transition == transition]
        return frozenset(e.source for e in made), made[0].target

    def steps(self) -> list[tuple[str, str]]:
        """Return the changes of status, for the trigger; staying where one is needs none."""
        return sorted({(e.source, e.target) for e in self.edges if e.source not in {"", e.target}})


def _edges(table: dict[str, tuple[tuple[str, ...], str]]) -> tuple[Edge, ...]:
    def made() -> Iterator[Edge]:
        for transition, (sources, target) in table.items():
            for source in sources:
                yield Edge(transition, str(source), str(target))

    return tuple(made())


_R = Review
BEFORE_FILING = (
    *(_R.QUEUED, _R.SCREENED, _R.AWAITING_EVIDENCE, _R.ATTORNEY_REVIEW, _R.SUPERVISOR_REVIEW),
    *(_R.APPROVED, _R.AWAITING_POSITION, _R.RECONSIDER, _R.READY_TO_FILE),
)
DECIDED = (_R.APPROVED, _R.AWAITING_POSITION, _R.RECONSIDER, _R.READY_TO_FILE)
ENDED = (
    *(_R.DECLINED, _R.CARRIED_OUT, _R.GRANTED, _R.DENIED, _R.MOOT, _R.WITHDRAWN, _R.RESCINDED),
)
"""The ends of a review; another review of the same case may begin then."""

REVIEW = Machine(
    "review",
    _edges(
        {
            "open": (("",), _R.QUEUED),
            "screen": ((_R.QUEUED,), _R.SCREENED),
            "take-up": ((_R.SCREENED,), _R.ATTORNEY_REVIEW),
            "request-evidence": ((_R.SCREENED, _R.ATTORNEY_REVIEW), _R.AWAITING_EVIDENCE),
            "evidence-arrived": ((_R.AWAITING_EVIDENCE,), _R.QUEUED),
            "propose": ((_R.ATTORNEY_REVIEW,), _R.SUPERVISOR_REVIEW),
            "propose-against-screening": ((_R.ATTORNEY_REVIEW,), _R.SUPERVISOR_REVIEW),
            "decide": ((_R.ATTORNEY_REVIEW,), _R.APPROVED),
            "decline": ((_R.ATTORNEY_REVIEW,), _R.DECLINED),
            "propose-to-decline": ((_R.ATTORNEY_REVIEW,), _R.SUPERVISOR_REVIEW),
            "approve": ((_R.SUPERVISOR_REVIEW,), _R.APPROVED),
            "approve-decline": ((_R.SUPERVISOR_REVIEW,), _R.DECLINED),
            "return": ((_R.SUPERVISOR_REVIEW,), _R.ATTORNEY_REVIEW),
            "approve-in-batch": ((_R.SCREENED,), _R.APPROVED),
            "notify": ((_R.APPROVED,), _R.AWAITING_POSITION),
            "accept-position": ((_R.AWAITING_POSITION,), _R.READY_TO_FILE),
            "reconsider": ((_R.AWAITING_POSITION, _R.READY_TO_FILE), _R.RECONSIDER),
            "go-on": ((_R.RECONSIDER,), _R.READY_TO_FILE),
            "file": ((_R.READY_TO_FILE,), _R.MOTION_FILED),
            "carry-out": ((_R.READY_TO_FILE,), _R.CARRIED_OUT),
            "granted": ((_R.MOTION_FILED,), _R.GRANTED),
            "denied": ((_R.MOTION_FILED,), _R.DENIED),
            "moot": ((_R.MOTION_FILED,), _R.MOOT),
            "withdraw-motion": ((_R.MOTION_FILED,), _R.WITHDRAWN),
            "suspend": ((*BEFORE_FILING, _R.MOTION_FILED), _R.SUSPENDED),
            "resume": ((_R.SUSPENDED,), _R.QUEUED),
            "close-suspended": ((_R.SUSPENDED,), _R.RESCINDED),
            "rescind": (DECIDED, _R.RESCINDED),
        }
    ),
)

_M = Motion
MOTION = Machine(
    "motion",
    _edges(
        {
            "draft": (("",), _M.DRAFT),
            "sign": ((_M.DRAFT,), _M.SIGNED),
            "file": ((_M.SIGNED,), _M.FILED),
            "open-response": ((_M.FILED,), _M.RESPONSE_OPEN),
            "grant": ((_M.FILED, _M.RESPONSE_OPEN), _M.RULED_GRANTED),
            "deny": ((_M.FILED, _M.RESPONSE_OPEN), _M.RULED_DENIED),
            "withdraw": ((_M.DRAFT, _M.SIGNED, _M.FILED, _M.RESPONSE_OPEN), _M.WITHDRAWN),
            "moot": ((_M.DRAFT, _M.SIGNED, _M.FILED, _M.RESPONSE_OPEN), _M.MOOT),
        }
    ),
)

_B = Batch
BATCH = Machine(
    "batch",
    _edges(
        {
            "assemble": (("",), _B.ASSEMBLED),
            "freeze": ((_B.ASSEMBLED,), _B.FROZEN),
            "draw": ((_B.FROZEN,), _B.READING),
            "pass": ((_B.READING,), _B.PASSED),
            "stop": ((_B.READING,), _B.STOPPED),
            "approve": ((_B.PASSED,), _B.APPROVED),
            "execute": ((_B.APPROVED, _B.PAUSED), _B.EXECUTING),
            "pause": ((_B.EXECUTING,), _B.PAUSED),
            "complete": ((_B.EXECUTING,), _B.COMPLETED),
            "cancel": (
                (*(_B.ASSEMBLED, _B.FROZEN, _B.READING, _B.PASSED, _B.APPROVED, _B.PAUSED),),
                _B.CANCELLED,
            ),
            "rescind": ((_B.COMPLETED, _B.PAUSED), _B.RESCINDED),
        }
    ),
)

MERITS = (
    *(Court.GRANTED, Court.REMOVAL_ORDERED, Court.VOLUNTARY_DEPARTURE, Court.WITHHOLDING),
    *(Court.WITHDRAWN, Court.ABANDONED),
)
OVER = (Court.DISMISSED, Court.TERMINATED, *MERITS)
COURT = Machine(
    "case",
    _edges(
        {
            "serve-nta": (("",), Court.PRE_FILING),
            "cancel-nta": ((Court.PRE_FILING,), Court.NTA_CANCELLED),
            "leave-unfiled": ((Court.PRE_FILING,), Court.NOT_FILED),
            "file-nta": ((Court.PRE_FILING,), Court.PENDING),
            "hearing": ((Court.PENDING,), Court.PENDING),
            "close-administratively": ((Court.PENDING,), Court.ADMIN_CLOSED),
            "dismiss": ((Court.PENDING,), Court.DISMISSED),
            "terminate": ((Court.PENDING,), Court.TERMINATED),
            "grant-relief": ((Court.PENDING,), Court.GRANTED),
            "order-removal": ((Court.PENDING,), Court.REMOVAL_ORDERED),
            "grant-voluntary-departure": ((Court.PENDING,), Court.VOLUNTARY_DEPARTURE),
            "grant-withholding": ((Court.PENDING,), Court.WITHHOLDING),
            "withdraw-application": ((Court.PENDING,), Court.WITHDRAWN),
            "find-abandoned": ((Court.PENDING,), Court.ABANDONED),
            "recalendar": ((Court.ADMIN_CLOSED,), Court.PENDING),
            "refuse-to-recalendar": ((Court.ADMIN_CLOSED,), Court.ADMIN_CLOSED),
            "deny-motion": ((Court.PENDING,), Court.PENDING),
            "appeal": (OVER, Court.ON_APPEAL),
            **{f"affirm-{status}": ((Court.ON_APPEAL,), status) for status in OVER},
            "remand": ((Court.ON_APPEAL,), Court.PENDING),
            "reopen": (OVER, Court.PENDING),
            "begin-expedited-removal": ((Court.DISMISSED,), Court.DISMISSED),
        }
    ),
)
"""The case in court: each of its moves records an act of another, with its document."""

CLOSED = (Court.ADMIN_CLOSED, Court.DISMISSED, Court.TERMINATED)
"""The three closures: each differs in law, and in the way back."""

_A = Restart
RESTART_ENDED = (
    *(_A.RECALENDARED, _A.REOPENED, _A.CHARGED_ANEW, _A.REFUSED, _A.NO_ACTION, _A.WITHDRAWN),
    _A.MOOT,
)
RESTART = Machine(
    "restart",
    _edges(
        {
            "open": (("",), _A.OPEN),
            "take-up": ((_A.OPEN,), _A.ATTORNEY_REVIEW),
            "propose": ((_A.ATTORNEY_REVIEW,), _A.SUPERVISOR_REVIEW),
            "close": ((_A.OPEN, _A.ATTORNEY_REVIEW), _A.NO_ACTION),
            "approve": ((_A.SUPERVISOR_REVIEW,), _A.APPROVED),
            "return": ((_A.SUPERVISOR_REVIEW, _A.APPROVED), _A.ATTORNEY_REVIEW),
            "file": ((_A.APPROVED,), _A.FILED),
            "charge-anew": ((_A.APPROVED,), _A.CHARGED_ANEW),
            "recalendared": ((_A.FILED,), _A.RECALENDARED),
            "reopened": ((_A.FILED,), _A.REOPENED),
            "refused": ((_A.FILED,), _A.REFUSED),
            "withdraw": ((_A.SUPERVISOR_REVIEW, _A.APPROVED, _A.FILED), _A.WITHDRAWN),
            "moot": (
                (_A.OPEN, _A.ATTORNEY_REVIEW, _A.SUPERVISOR_REVIEW, _A.APPROVED, _A.FILED),
                _A.MOOT,
            ),
        }
    ),
)
"""Whether a closed case goes back: a person takes every step, and a court or a new case ends it."""

MACHINES = (REVIEW, MOTION, COURT, BATCH, RESTART)
