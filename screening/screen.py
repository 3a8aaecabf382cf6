"""Gather, determine, write what changed: the only writer of determinations.

One case, a chunk of the docket, a nightly run: all come through `screen`.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from hashlib import sha256

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.utils.timezone import now

from cases.models import Case
from screening.decide import ENGINE_VERSION, Unclear, determine
from screening.facts_text import decode
from screening.findings import Answer
from screening.gather import Selection, gather
from screening.models import Determination, FindingSet, PolicyVersion
from screening.policies.release import policy_of

FindingKey = tuple[tuple[str, str, str, str], ...]
"""Criterion, answer, reason and what is missing of each finding that is not clear."""


@dataclass(slots=True)
class Tally:
    """What a screening came to, in numbers of cases."""

    outcomes: Counter[str] = field(default_factory=Counter)
    leading: Counter[tuple[str, str]] = field(default_factory=Counter)
    written: int = 0


class FindingSets:
    """The ids of finding sets by their findings; remembered only once they are committed."""

    def __init__(self) -> None:
        self._committed: dict[FindingKey, int] = {}

    def ids(self, wanted: set[FindingKey]) -> dict[FindingKey, int]:
        """Return the id of each wanted set, putting on record those that are new."""
        known = {key: self._committed[key] for key in wanted if key in self._committed}
        if len(known) == len(wanted):
            return known
        digests = {_digest(key): key for key in wanted if key not in known}
        # In the order of the digests, so that two workers never wait for each other.
        FindingSet.objects.bulk_create(
            [_finding_set(digest, digests[digest]) for digest in sorted(digests)],
            ignore_conflicts=True,
        )
        stored = FindingSet.objects.filter(sha256__in=digests).values_list("sha256", "pk")
        new = {digests[digest]: pk for digest, pk in stored}
        transaction.on_commit(lambda: self._committed.update(new))
        return known | new


def _digest(key: FindingKey) -> str:
    return sha256(json.dumps(key).encode()).hexdigest()


def _finding_set(digest: str, key: FindingKey) -> FindingSet:
    def codes(answer: Answer) -> list[str]:
        return [code for code, given, _, _ in key if given == answer]

    return FindingSet(
        sha256=digest,
        findings=[
            {"criterion": code, "answer": str(answer), "reason": reason, "missing": missing}
            for code, answer, reason, missing in key
        ],
        holds=codes(Answer.HOLDS),
        unknown=codes(Answer.UNKNOWN),
        stale=codes(Answer.STALE),
    )


FINDING_SETS = FindingSets()
NULL = "\\N"


def finding_key(unclear: Unclear) -> FindingKey:
    """Return what the findings that are not clear say, without the evidence and the dates."""
    return tuple([(c.code, f.answer, f.reason, f.missing) for c, f in unclear])


def evidence_of(unclear: Unclear) -> str:
    """Return what the findings that are not clear rest on, each once, as an array's text."""
    keys: dict[str, None] = {}
    for _, finding in unclear:
        if finding.evidence:
            keys.update(dict.fromkeys(finding.evidence))
    return "{" + ",".join(keys) + "}"


def screen(
    selection: Selection,
    *,
    version: PolicyVersion,
    as_of: date,
    known_at: datetime,
    by: User,
    bulk_review_id: int | None = None,
) -> Tally:
    """Screen the selected cases and write the determinations that changed; in a transaction.

    May run twice: where nothing changed, nothing is written.
    """
    policy = policy_of(version)
    tally = Tally()
    # Of each case only texts are kept: held as objects, a chunk's findings cost a third of the time
    # in garbage collection.
    screened: list[tuple[int, str, str, str, str, str, str, int]] = []
    places: dict[FindingKey, int] = {}
    replaced: list[int] = []
    selection = replace(selection, scope=policy.scope)
    for case_id, current, line in gather(selection, as_of=as_of, known_at=known_at):
        made = determine(policy, decode(line, as_of))
        if made is None:
            if current:
                replaced.append(case_id)
            continue
        tally.outcomes[made.outcome] += 1
        tally.leading[made.outcome, made.leading] += 1
        place = places.setdefault(finding_key(made.unclear), len(places))
        valid_until = made.valid_until.isoformat() if made.valid_until else ""
        evidence = evidence_of(made.unclear)
        screened.append(
            (case_id, current, line, made.outcome, made.leading, evidence, valid_until, place)
        )

    ids = FINDING_SETS.ids(set(places))
    sets = [ids[key] for key in places]
    rows: list[str] = []
    same_for_all = f"{as_of}\t{known_at.isoformat()}"
    last = f"{bulk_review_id or NULL}\t{by.pk}\n"
    for case_id, current, line, outcome, leading, evidence, valid_until, place in screened:
        written_as = f"{version.pk}/{ENGINE_VERSION}/{outcome}/{sets[place]}"
        if f"{written_as}/{valid_until}/{evidence}" == current:
            continue
        if current:
            replaced.append(case_id)
        rows.append(
            f"{case_id}\t{version.pk}\t{ENGINE_VERSION}\t{outcome}\t{leading}\t{sets[place]}\t"
            f"{evidence}\t{line}\t{same_for_all}\t{valid_until or NULL}\t{last}"
        )
    _write(rows, replaced)
    tally.written = len(rows)
    return tally


COLUMNS = (
    'case_id, policy_version_id, engine_version, outcome, "leading", finding_set_id, evidence, '
    "facts, as_of, known_at, valid_until, bulk_review_id, requested_by_id"
)


def _write(rows: list[str], replaced: list[int]) -> None:
    """Supersede the determinations of the replaced cases, and add the new ones."""
    with connection.cursor() as cursor:
        if replaced:
            cursor.execute(
                "UPDATE screening_determination SET superseded_at = clock_timestamp()"
                " WHERE superseded_at IS NULL AND case_id = ANY (%s)",
                [replaced],
            )
        if rows:
            with cursor.copy(f"COPY screening_determination ({COLUMNS}) FROM STDIN") as copy:
                for start in range(0, len(rows), 1000):
                    copy.write("".join(rows[start : start + 1000]))


@transaction.atomic
def screen_case(
    case: Case, *, version: PolicyVersion, as_of: date, by: User
) -> Determination | None:
    """Screen one case; return its current determination, or None where the policy is silent.

    Locks the case, so of two callers one waits and then finds nothing changed.
    """
    locked = Case.objects.select_for_update().get(pk=case.pk)
    screen(
        Selection(first=locked.respondent_id, before=locked.respondent_id + 1, case_id=locked.pk),
        version=version,
        as_of=as_of,
        known_at=now(),
        by=by,
    )
    return Determination.objects.current().filter(case=locked).first()
