"""How soon someone should look at whether a closed case goes back: by the regime of the day.

Urgent is what the regime in force says may require detention, whatever comes of the case; before
the Laken Riley Act no regime does. It orders the queue and decides nothing.
Law: INA 236(c)(1)(E), from 2025-01-29
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.timezone import now

from cases.models import PostClosureEvent, RestartReview, states
from screening.criteria import record_in_category
from screening.findings import Answer
from screening.gather import Selection, gather
from screening.memo import Memo
from screening.models import CriminalRecord
from screening.policies.document import Policy
from screening.policies.release import policy_of, regime_on
from screening.statutes.table import Category

Urgency = RestartReview.Urgency
Kind = PostClosureEvent.Kind
Said = tuple[Urgency, str]
"""The urgency and why, as it stands on the review."""

ACCUSED = (Kind.ARREST, Kind.CHARGE, Kind.CONVICTION)
BY_HAND = "An arrest, charge or conviction was noticed without a record of the offence."
REASON_AT_MOST = 300
AT_ONCE = 1_000


def judge_urgency(*, on: date) -> int:
    """Say of every open review how urgent it is that day; return of how many it is new.

    Each is asked once a day, and once more when something was noticed since.
    """
    noticed = PostClosureEvent.objects.filter(
        case=OuterRef("case"), noticed_at__gt=OuterRef("urgency_known_at")
    )
    due = RestartReview.objects.open().filter(
        Q(urgency_known_at=None) | ~Q(urgency_as_of=on) | Exists(noticed)
    )
    regime = _Regime(on)
    waiting = list(
        due.annotate(by_hand=Exists(_told_by_hand()), person=F("case__respondent"))
        .order_by("person")
        .only("case_id", "urgency", "urgency_reason")
    )
    return sum(
        _judge(waiting[start : start + AT_ONCE], regime, on)
        for start in range(0, len(waiting), AT_ONCE)
    )


def _judge(reviews: list[Any], regime: _Regime, on: date) -> int:
    known_at = now()
    said = regime.of_the_facts(reviews, known_at)
    changed = 0
    for review in reviews:
        urgency, reason = said[review.case_id]
        if urgency is Urgency.NONE and regime.knows and review.by_hand:
            urgency, reason = Urgency.NOT_KNOWN, BY_HAND
        changed += (urgency, reason) != (review.urgency, review.urgency_reason)
        review.urgency, review.urgency_reason = urgency, reason
        review.urgency_as_of, review.urgency_known_at = on, known_at
    RestartReview.objects.bulk_update(
        reviews, ["urgency", "urgency_reason", "urgency_as_of", "urgency_known_at"]
    )
    return changed


class _Regime:
    """The policy of a day, of which only the criteria on detention are asked."""

    def __init__(self, on: date) -> None:
        self._on = on
        version = regime_on(on)
        self._name = f"{version.code}:{version.version}" if version else ""
        policy = policy_of(version) if version else None
        self._asked = tuple(c for c in policy.criteria if _requires_detention(c)) if policy else ()
        self._memo = Memo(self._of_closed(policy), on) if policy and self._asked else None

    def _of_closed(self, policy: Policy) -> Policy:
        closed = frozenset(str(status) for status in states.CLOSED)
        scope = policy.scope.model_copy(update={"court_statuses": closed})
        return replace(policy, criteria=self._asked, scope=scope)

    @property
    def knows(self) -> bool:
        """Whether the regime has such a rule."""
        return self._memo is not None

    def of_the_facts(self, reviews: list[Any], known_at: datetime) -> dict[int, Said]:
        """Return by case what its facts come to; `reviews` in the order of their people."""
        if self._memo is None:
            regime = f"Under {self._name}" if self._name else "No regime is in force, so"
            none = f"{regime} no arrest, charge or conviction requires detention."
            return {review.case_id: (Urgency.NONE, none) for review in reviews}
        selection = Selection(
            first=reviews[0].person,
            before=reviews[-1].person + 1,
            case_ids=tuple(review.case_id for review in reviews),
        )
        return {
            gathered.case_id: self._said(self._memo, gathered.line)
            for gathered in gather(selection, as_of=self._on, known_at=known_at)
        }

    def _said(self, memo: Memo, line: str) -> Said:
        judged = memo.judge(line)
        if judged is None:
            return Urgency.NOT_KNOWN, f"{self._name} does not speak of such a case."
        unclear = {
            Answer(answer): f"{code}: {reason} {self._citation(code)}."[:REASON_AT_MOST]
            for found in memo.findings(judged.findings).values()
            for _, code, answer, reason, _ in found
        }
        if Answer.HOLDS in unclear:
            return Urgency.DETENTION, unclear[Answer.HOLDS]
        for reason in unclear.values():
            return Urgency.NOT_KNOWN, reason
        return Urgency.NONE, f"Nothing on record requires detention under {self._name}."

    def _citation(self, code: str) -> str:
        return next(c.citation for c in self._asked if c.code == code)


def _requires_detention(criterion: object) -> bool:
    params = getattr(criterion, "params", None)
    return (
        isinstance(params, record_in_category.Params) and Category.LAKEN_RILEY in params.categories
    )


def _told_by_hand() -> QuerySet[PostClosureEvent]:
    """Return the accusations in the case of a review of which no record on file tells."""
    recorded = CriminalRecord.objects.filter(
        respondent=OuterRef("case__respondent"),
        source=OuterRef("source"),
        source_record=OuterRef("source_record"),
    )
    return PostClosureEvent.objects.filter(case=OuterRef("case"), kind__in=ACCUSED).exclude(
        Exists(recorded)
    )
