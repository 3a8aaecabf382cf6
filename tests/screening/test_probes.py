"""The probes of a policy: both sides of every boundary, always the same."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import BaseModel

from screening.criteria import KINDS
from screening.criteria.kind import KindParams
from screening.criteria.search import FINGERPRINT, Search
from screening.decide import determine
from screening.facts import (
    CaseFacts,
    CheckKind,
    Custody,
    Disposition,
    Entry,
    OffenceFamily,
    Record,
    Severity,
)
from screening.findings import Answer, Finding, clear, holds, unknown
from screening.policies.asking import Asking
from screening.policies.document import Criterion
from screening.policies.probes import (
    clear_base,
    differences,
    last_day,
    possible,
    probed,
    probes,
)
from screening.policies.values import hints
from screening.statutes import STATUTES, answer_any
from screening.statutes.categories import Category, Confidence
from tests.screening.examples import AS_OF, DOYLE, SAMPLE

POOL = probes(SAMPLE, as_of=AS_OF)


def convictions_of(family: OffenceFamily) -> list[Record]:
    return [r for facts in POOL for r in facts.records if r.is_conviction and r.family is family]


@pytest.fixture(scope="module")
def doyle_asked():
    """The criteria of the shipped policy, and the probes of which they have been asked."""
    asking = Asking(DOYLE.criteria)
    return asking, probed(DOYLE, asking, as_of=AS_OF)


def possible_answers(criterion: Criterion) -> set[Answer]:
    """Return the answers that a criterion can give, the stale aside.

    A kind that only says what is missing never holds, and where no check is demanded that there is
    none is nothing that one would have to know.
    """
    never = {Answer.HOLDS} if KINDS[criterion.kind].never_holds else set()
    if getattr(criterion.params, "required", True) is False:
        never.add(Answer.UNKNOWN)
    return {Answer.HOLDS, Answer.CLEAR, Answer.UNKNOWN} - never


@pytest.fixture(scope="module")
def said_by_doyle(doyle_asked):
    """The answers that each criterion gives, in the order of the policy."""
    asking, pool = doyle_asked
    different = {asking.answers(facts) for facts in pool}
    return [set(of_one) for of_one in zip(*different, strict=True)]


@pytest.mark.parametrize(
    ("place", "criterion"), [pytest.param(n, c, id=c.code) for n, c in enumerate(DOYLE.criteria)]
)
def test_every_criterion_is_seen_to_hold_to_be_clear_and_not_to_know(
    place, criterion, said_by_doyle
):
    assert said_by_doyle[place] - {Answer.STALE} == possible_answers(criterion)


def test_of_the_shipped_policy_too_the_first_is_clear_and_they_are_few_enough(doyle_asked):
    _, pool = doyle_asked

    assert {f.answer for f in determine(DOYLE, pool[0]).findings} == {Answer.CLEAR}
    assert all(possible(facts) for facts in pool)
    assert len(pool) < 60_000


@pytest.mark.parametrize(
    ("seen", "boundary"),
    [
        pytest.param(
            {f.entered_on for f in POOL},
            {date(2020, 10, 31), date(2020, 11, 1), date(2020, 11, 2)},
            id="the cut-off",
        ),
        pytest.param(
            {f.entered_on for f in POOL},
            {date(2014, 1, 14), date(2014, 1, 15), date(2014, 1, 16)},
            id="ten years of presence",
        ),
        pytest.param(
            {r.sentence_days for r in convictions_of(OffenceFamily.LARCENY)},
            {None, 364, 365, 366},
            id="a sentence of a year",
        ),
        pytest.param(
            {
                (r.severity, r.weapon)
                for r in convictions_of(OffenceFamily.PUBLIC_ORDER)
                if r.severity is Severity.FELONY or r.weapon
            },
            {(s, True) for s in Severity} | {(Severity.FELONY, w) for w in (None, False, True)},
            id="a weapon used in a felony",
        ),
        pytest.param(
            {r.disposed_on for r in convictions_of(OffenceFamily.DRIVING_UNDER_INFLUENCE)},
            {None, date(2019, 1, 14), date(2019, 1, 15), date(2019, 1, 16)},
            id="five years since the conviction",
        ),
        pytest.param(
            {f.born_from for f in POOL if f.born_from == f.born_by},
            {date(2006, 1, 14), date(2006, 1, 15), date(2006, 1, 16)},
            id="the eighteenth birthday",
        ),
        pytest.param(
            {f.born_from for f in POOL if f.born_from == f.born_by},
            {date(1959, 1, 14), date(1959, 1, 15), date(1959, 1, 16)},
            id="the sixty-fifth birthday",
        ),
        pytest.param(
            {(f.born_from, f.born_by) for f in POOL},
            {(date(2006, 1, 1), date(2006, 1, 31)), (date(2006, 1, 1), date(2006, 12, 31))},
            id="a birth known to the month or the year",
        ),
        pytest.param(
            {c.completed_on for f in POOL for k, c in f.checks.items() if k is CheckKind.WATCHLIST},
            {date(2023, 12, 31), date(2024, 1, 1)},
            id="a check of fifteen days",
        ),
        pytest.param(
            {
                c.completed_on
                for f in POOL
                for k, c in f.checks.items()
                if k is CheckKind.FINGERPRINT
            },
            {date(2022, 10, 15), date(2022, 10, 16)},
            id="a check of fifteen months",
        ),
        pytest.param(
            {f.individual_hearings_on for f in POOL},
            {None, (), (date(2024, 2, 14),), (date(2024, 2, 15),)},
            id="a hearing in thirty days",
        ),
        pytest.param({f.custody for f in POOL}, {None, *Custody}, id="custody"),
        pytest.param({f.court_status for f in POOL}, {None, "pending", "another"}, id="the scope"),
        pytest.param(
            {r.disposition for f in POOL for r in f.records},
            {None, *Disposition},
            id="dispositions",
        ),
        pytest.param(
            {r.family for f in POOL for r in f.records}, set(OffenceFamily), id="families"
        ),
    ],
)
def test_both_sides_of_every_boundary_are_there(seen, boundary):
    assert boundary <= seen


def test_fifteen_months_end_right_where_months_differ_in_length():
    pool = probes(SAMPLE, as_of=date(2024, 2, 29))

    checks = [f.checks[kind] for f in pool if (kind := CheckKind.FINGERPRINT) in f.checks]
    completed = {c.completed_on for c in checks}

    assert {date(2022, 11, 29), date(2022, 11, 30)} <= completed


def test_the_probes_are_possible_and_distinct_and_few_enough():
    assert all(possible(facts) for facts in POOL)
    assert len({repr(facts) for facts in POOL}) == len(POOL)
    assert 5_000 < len(POOL) < 40_000


def test_what_has_happened_does_not_lie_ahead():
    for facts in POOL:
        assert facts.entered_on is None or facts.entered_on <= AS_OF
        assert all(r.disposed_on is None or r.disposed_on <= AS_OF for r in facts.records)
        assert all(c.completed_on <= AS_OF for c in facts.checks.values())


def test_the_first_is_known_and_clear_and_the_second_knows_nothing():
    known, nothing = POOL[:2]

    assert {f.answer for f in determine(SAMPLE, known).findings} == {Answer.CLEAR}
    assert known == clear_base(SAMPLE, as_of=AS_OF)
    assert {f.answer for f in determine(SAMPLE, nothing).findings} == {Answer.UNKNOWN}
    assert differences(nothing, CaseFacts(as_of=AS_OF)) == {"asylum_filed_on": AS_OF}


def test_every_fact_is_varied():
    for name in hints(CaseFacts).keys() - {"as_of"}:
        assert len({repr(getattr(facts, name)) for facts in POOL}) > 1, name


@pytest.mark.parametrize("name", [f.name for f in fields(Record) if f.name != "id"])
def test_every_part_of_a_record_is_varied(name):
    assert len({getattr(r, name) for facts in POOL for r in facts.records}) > 1


def test_the_order_is_the_same_in_every_process():
    program = (
        "from hashlib import sha256; from tests.screening.examples import SAMPLE, AS_OF;"
        "from screening.policies.probes import probes;"
        "print(sha256(repr(probes(SAMPLE, as_of=AS_OF)).encode()).hexdigest())"
    )
    made = [
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    ]

    assert made[0] == made[1]


def test_the_day_is_by_default_the_last_on_which_the_policy_is_in_force():
    assert last_day(SAMPLE) == date(2025, 1, 19)
    assert last_day(replace(SAMPLE, effective_to=None)) == date(2024, 7, 28)
    assert probes(SAMPLE)[0].as_of == last_day(SAMPLE)


class InCategory(KindParams):
    categories: frozenset[Category]
    accept: Confidence
    search: Search


def falls_in(facts: CaseFacts, params: InCategory) -> Finding:
    answers = {
        answer_any(r, params.categories, accept=params.accept) for r in facts.convictions
    } or {False}
    if True in answers:
        return holds("A conviction falls in the category.")
    if None in answers:
        return unknown("A conviction may fall in the category.", "offence code")
    return params.search.found_nothing(facts, "No such conviction.")


@pytest.mark.parametrize("category", Category)
def test_a_category_of_the_statutes_is_seen_on_every_side_where_it_has_one(category):
    params = InCategory(
        categories=frozenset({category}), accept=Confidence.LIKELY, search=FINGERPRINT
    )
    criterion = replace(SAMPLE.criteria[3], params=params, check=falls_in)

    pool = probes(replace(SAMPLE, criteria=(criterion,)), as_of=AS_OF)

    rows = [row for of in STATUTES.rows.values() for row in of.get(category, ())]
    sure = any(row.confidence is not Confidence.POSSIBLE and not row.needs for row in rows)
    seen = {falls_in(facts, params).answer for facts in pool}
    assert {Answer.CLEAR, Answer.UNKNOWN} <= seen
    assert (Answer.HOLDS in seen) is sure


def off_by_one(params: Any) -> Iterator[Any]:
    """Yield the parameters with each number and date in them one more, and one less."""
    if isinstance(params, BaseModel):
        for name in type(params).model_fields:
            for other in off_by_one(getattr(params, name)):
                yield params.model_copy(update={name: other})
    elif isinstance(params, tuple):
        for place, inner in enumerate(params):
            for other in off_by_one(inner):
                yield (*params[:place], other, *params[place + 1 :])
    elif isinstance(params, int) and not isinstance(params, bool):
        yield from (params + 1, params - 1)
    elif isinstance(params, date):
        yield from (params + timedelta(days=1), params - timedelta(days=1))


@pytest.mark.parametrize("criterion", [pytest.param(c, id=c.code) for c in SAMPLE.criteria])
def test_no_number_or_date_can_be_one_off_unseen(criterion):
    answers = [criterion.check(facts, criterion.params).answer for facts in POOL]

    for params in off_by_one(criterion.params):
        assert [criterion.check(facts, params).answer for facts in POOL] != answers


def four_facts_together(facts: CaseFacts, _params: Any) -> Finding:
    wanted = (Entry.AT_PORT, Custody.DETAINED, False, 0)
    given = (facts.manner_of_entry, facts.custody, facts.represented, facts.family_unreviewed)
    return holds("All four.") if given == wanted else clear("Not all four.")


def test_what_needs_many_facts_together_is_found():
    reads = frozenset({"manner_of_entry", "custody", "represented", "family_unreviewed"})
    criterion = replace(SAMPLE.criteria[-1], check=four_facts_together, reads=reads)

    pool = probes(replace(SAMPLE, criteria=(*SAMPLE.criteria, criterion)), as_of=AS_OF)

    assert Answer.HOLDS in {four_facts_together(facts, None).answer for facts in pool}


@pytest.mark.parametrize("kind", [pytest.param(k, id=k.code) for k in KINDS.values()])
def test_every_kind_is_seen_to_hold_and_to_be_clear(kind):
    reads = frozenset(
        f"checks.{kind.example.search.check}" if name == "checks" else name for name in kind.reads
    )
    values = {"kind": kind.code, "params": kind.example, "check": kind.check, "reads": reads}
    criterion = replace(SAMPLE.criteria[0], **values)

    pool = probes(replace(SAMPLE, criteria=(criterion,)), as_of=AS_OF)

    seen = {kind.check(facts, kind.example).answer for facts in pool}
    assert seen - {Answer.STALE} == possible_answers(criterion)
