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
from screening.decide import ENGINE_VERSION
from screening.gather import Selection, gather
from screening.memo import FindingSetKey, memo_of
from screening.models import Determination, PolicyVersion
from screening.policies.release import policy_of


@dataclass(slots=True)
class Tally:
    """What a screening came to, in numbers of cases."""

    outcomes: Counter[str] = field(default_factory=Counter)
    leading: Counter[tuple[str, str]] = field(default_factory=Counter)
    written: int = 0


REMEMBERED = 10_000
"""Finding sets at most, so that a worker's memory is bounded; what is forgotten is looked up."""


class FindingSets:
    """The ids of finding sets by their findings; remembered only once they are committed."""

    def __init__(self) -> None:
        self._committed: dict[FindingSetKey, int] = {}

    def ids(self, wanted: set[FindingSetKey]) -> dict[FindingSetKey, int]:
        """Return the id of each wanted set, putting on record those that are new."""
        known = {key: self._committed[key] for key in wanted if key in self._committed}
        if len(known) == len(wanted):
            return known
        digests = {_digest(key): key for key in wanted if key not in known}
        with connection.cursor() as cursor:
            # In the order of the digests, so that two workers never wait for each other.
            cursor.execute(
                NEW_FINDING_SETS,
                [json.dumps([_finding_set(digest, key) for digest, key in digests.items()])],
            )
            cursor.execute(
                "SELECT sha256, id FROM screening_findingset WHERE sha256 = ANY (%s)",
                [list(digests)],
            )
            stored = cursor.fetchall()
        new = {digests[digest]: pk for digest, pk in stored}
        transaction.on_commit(lambda: self._commit(new))
        return known | new

    def _commit(self, new: dict[FindingSetKey, int]) -> None:
        if len(self._committed) > REMEMBERED:
            self._committed.clear()
        self._committed.update(new)


def _digest(key: FindingSetKey) -> str:
    return sha256(json.dumps(key).encode()).hexdigest()


def _finding_set(digest: str, key: FindingSetKey) -> dict[str, object]:
    return {
        "sha256": digest,
        "findings": [
            {
                "place": place,
                "criterion": code,
                "answer": answer,
                "reason": reason,
                "missing": missing,
            }
            for place, code, answer, reason, missing in key
        ],
    }


NEW_FINDING_SETS = """
INSERT INTO screening_findingset (sha256, findings, holds, unknown, stale)
SELECT sha256, findings,
       ARRAY(SELECT f->>'criterion' FROM jsonb_array_elements(findings) f
              WHERE f->>'answer' = 'holds'),
       ARRAY(SELECT f->>'criterion' FROM jsonb_array_elements(findings) f
              WHERE f->>'answer' = 'unknown'),
       ARRAY(SELECT f->>'criterion' FROM jsonb_array_elements(findings) f
              WHERE f->>'answer' = 'stale')
  FROM jsonb_to_recordset(%s) AS new (sha256 text, findings jsonb)
 ORDER BY sha256
    ON CONFLICT DO NOTHING
"""
FINDING_SETS = FindingSets()
NULL = "\\N"


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
    memo = memo_of(policy, as_of)
    tally = Tally()
    # Plain tuples of texts: held as objects, a chunk's cases cost a third of the time in garbage
    # collection.
    screened: list[tuple[int, str, str, str, str, list[int], str, str]] = []
    replaced: list[int] = []
    selection = replace(selection, scope=policy.scope)
    for case_id, current, line in gather(selection, as_of=as_of, known_at=known_at):
        judged = memo.judge(line)
        if judged is not None:
            screened.append((case_id, current, line, *judged))
        elif current:
            replaced.append(case_id)
    tally.leading.update([(outcome, leading) for *_, outcome, leading, _, _, _ in screened])
    for (outcome, _), cases in tally.leading.items():
        tally.outcomes[outcome] += cases

    keys = memo.findings({number for *_, numbers, _, _ in screened for number in numbers})
    ids = FINDING_SETS.ids(set(keys.values()))
    sets = {number: ids[key] for number, key in keys.items()}
    rows: list[str] = []
    same_for_all = f"{as_of}\t{known_at.isoformat()}"
    last = f"{bulk_review_id or NULL}\t{by.pk}\n"
    for case_id, current, line, outcome, leading, numbers, evidence, valid_until in screened:
        findings = f"{{{','.join(map(str, sorted([sets[number] for number in numbers])))}}}"
        if current:
            written_as = f"{version.pk}/{ENGINE_VERSION}/{outcome}/{findings}"
            if f"{written_as}/{valid_until}/{evidence}" == current:
                continue
            replaced.append(case_id)
        rows.append(
            f"{case_id}\t{version.pk}\t{ENGINE_VERSION}\t{outcome}\t{leading}\t{findings}\t"
            f"{evidence}\t{line}\t{same_for_all}\t{valid_until or NULL}\t{last}"
        )
    _write(rows, replaced)
    tally.written = len(rows)
    return tally


COLUMNS = (
    'case_id, policy_version_id, engine_version, outcome, "leading", finding_sets, evidence, '
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
        Selection(
            first=locked.respondent_id, before=locked.respondent_id + 1, case_ids=(locked.pk,)
        ),
        version=version,
        as_of=as_of,
        known_at=now(),
        by=by,
    )
    return Determination.objects.current().filter(case=locked).first()
