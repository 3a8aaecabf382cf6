"""How soon someone should look at whether a closed case goes back: by the regime of the day.

Urgent is what the regime in force says may require detention, whatever comes of the case; before
the Laken Riley Act no regime does. It orders the queue and decides nothing.
Law: INA 236(c)(1)(E), from 2025-01-29
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.timezone import now

from cases.models import PostClosureEvent, RestartReview
from screening.criteria.record_in_category import Params
from screening.findings import Answer
from screening.gather import Selection, gather
from screening.memo import Memo
from screening.models import CriminalRecord
from screening.monitoring import of_closed
from screening.policies.document import Criterion
from screening.policies.release import policy_of, regime_on
from screening.statutes.categories import Category

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
    waiting = (
        due.annotate(by_hand=Exists(_told_by_hand()), person=F("case__respondent"))
        .order_by("person")
        .only("case_id", "urgency", "urgency_reason")
        .iterator(chunk_size=AT_ONCE)
    )
    regime = _Regime(on)
    changed = 0
    while reviews := list(islice(waiting, AT_ONCE)):
        changed += _judge(reviews, regime, on)
    return changed


def _judge(reviews: list[Any], regime: _Regime, on: date) -> int:
    known_at = now()
    of_case = regime.said_of(reviews, known_at)
    said = [of_case[review.case_id] for review in reviews]
    with connection.cursor() as cursor:
        cursor.execute(
            WRITE,
            {
                "reviews": [review.pk for review in reviews],
                "urgencies": [urgency.value for urgency, _ in said],
                "reasons": [reason for _, reason in said],
                "on": on,
                "known_at": known_at,
            },
        )
    before = [(review.urgency, review.urgency_reason) for review in reviews]
    return sum(one != other for one, other in zip(said, before, strict=True))


WRITE = """
UPDATE cases_restartreview r
   SET urgency = s.urgency, urgency_reason = s.reason, urgency_as_of = %(on)s,
       urgency_known_at = %(known_at)s
  FROM unnest(%(reviews)s::bigint[], %(urgencies)s::smallint[], %(reasons)s::text[])
         AS s (id, urgency, reason)
 WHERE r.id = s.id
"""


class _Regime:
    """The policy of a day, of which only the criteria on detention are asked."""

    def __init__(self, on: date) -> None:
        self._on = on
        version = regime_on(on)
        self._name = f"{version.code}:{version.version}" if version else ""
        policy = policy_of(version) if version else None
        self._asked = tuple(filter(_requires_detention, policy.criteria)) if policy else ()
        self._memo: Memo | None = None
        if policy and self._asked:
            asked = replace(policy, criteria=self._asked, scope=of_closed(policy.scope))
            self._memo = Memo(asked, on)

    def said_of(self, reviews: list[Any], known_at: datetime) -> dict[int, Said]:
        """Return what to say by case; `reviews` in the order of their people."""
        if self._memo is None:
            regime = f"Under {self._name}" if self._name else "No regime is in force, so"
            none = f"{regime} no arrest, charge or conviction requires detention."
            return {review.case_id: (Urgency.NONE, none) for review in reviews}
        by_hand = {review.case_id for review in reviews if review.by_hand}
        selection = Selection(
            first=reviews[0].person,
            before=reviews[-1].person + 1,
            case_ids=tuple(review.case_id for review in reviews),
        )
        said = {}
        for gathered in gather(selection, as_of=self._on, known_at=known_at):
            urgency, reason = self._of_the_facts(self._memo, gathered.line)
            if urgency is Urgency.NONE and gathered.case_id in by_hand:
                urgency, reason = Urgency.NOT_KNOWN, BY_HAND
            said[gathered.case_id] = (urgency, reason)
        return said

    def _of_the_facts(self, memo: Memo, line: str) -> Said:
        judged = memo.judge(line)
        if judged is None:
            return Urgency.NOT_KNOWN, f"{self._name} does not speak of such a case."
        unclear = [
            (answer, f"{code}: {reason} {self._citation(code)}."[:REASON_AT_MOST])
            for found in memo.findings(judged.findings).values()
            for _, code, answer, reason, _ in found
        ]
        for answer, reason in unclear:
            if answer == Answer.HOLDS:
                return Urgency.DETENTION, reason
        for _, reason in unclear:
            return Urgency.NOT_KNOWN, reason
        return Urgency.NONE, f"Nothing on record requires detention under {self._name}."

    def _citation(self, code: str) -> str:
        return next(c.citation for c in self._asked if c.code == code)


def _requires_detention(criterion: Criterion) -> bool:
    params = criterion.params
    return isinstance(params, Params) and Category.LAKEN_RILEY in params.categories


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
