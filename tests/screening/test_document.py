"""The text of a policy: every mistake is told with its line and key, and no word is made up."""

from __future__ import annotations

from typing import get_args

import pytest

from cases.intake.codes import CASE_TYPES
from cases.models import Case
from screening.policies.document import CaseType, CourtStatus, PolicyRefused, read
from tests.screening.examples import TEXT


def problems(text: str) -> list[str]:
    with pytest.raises(PolicyRefused) as refused:
        read(text)
    return refused.value.problems


@pytest.mark.parametrize(
    ("was", "becomes", "told"),
    [
        pytest.param(
            "within_years: 5",
            "within_years: -5",
            "line 159, criteria.PS-10.params.within_years: Input should be greater than 0; it is",
            id="a number of the kind",
        ),
        pytest.param(
            "families: [homicide]",
            "families: [homicid]",
            "line 66, criteria.PS-01.params.offences.1.families.1: Input should be",
            id="a word within a list within a list",
        ),
        pytest.param(
            "months: 15",
            "monhts: 15",
            "line 26, criteria.PS-01.params.search.monhts: there is no such key here "
            "(and where it is used 10 times more)",
            id="a key of an anchor is told once, where it stands",
        ),
        pytest.param(
            "months: 15}",
            "days: 15, months: 15}",
            "line 72 (named in line 26), criteria.PS-01.params.search: give the validity in months",
            id="an alias is told where it is used, with where it is named",
        ),
        pytest.param(
            "search: *watchlist",
            "search: *watchlst",
            "line 37, column 58: found undefined alias",
            id="an alias of nothing",
        ),
        pytest.param(
            "params: {under: 18, at_least: 65}\n    ",
            "",
            "line 216, criteria.MI-04.params.under: this key is missing",
            id="parameters left out are told by their criterion",
        ),
        pytest.param(
            "kind: presence",
            "kind: presense",
            "line 208, criteria.MI-01.kind: there is no kind 'presense'; the kinds are threat-",
            id="a kind",
        ),
        pytest.param(
            "when_unknown: refer",
            "when_unknown: note",
            "line 36, criteria.NS-01.when_unknown: a criterion that may exclude cannot only note",
            id="what decides cannot only note",
        ),
        pytest.param(
            "code: NS-02",
            "code: NS-01",
            "line 40, criteria.NS-01.code: a criterion of this code stands above",
            id="a criterion that stands twice",
        ),
        pytest.param(
            "[pending]",
            "[pending, on-apeal]",
            "line 15, scope.court_statuses.2: Input should be 'pre-filing', ",
            id="a court status the record does not know",
        ),
        pytest.param(
            "AOC, WHO]",
            "AOC, WOH]",
            "line 16, scope.case_types.5: Input should be 'AOC', ",
            id="a case type the record does not know",
        ),
        pytest.param(
            "effective_to: 2025-01-20",
            "effective_to: 2022-01-20",
            "line 8, effective_to: effective_to is not after effective_from",
            id="it ends before it begins",
        ),
        pytest.param(
            "effective_from: 2023-07-28",
            "effective_from: 2023-02-30",
            "line 7, 2023-02-30: day is out of range for month",
            id="no such day",
        ),
        pytest.param(
            "title:",
            "titel:",
            "line 1, title: this key is missing",
            id="a key that is missing is told by what it belongs to",
        ),
        pytest.param(
            "effect: exclude",
            "effect: refer\n    effect: block",
            "line 35, effect: this key stands in line 34 already",
            id="of two equal keys YAML would keep the last",
        ),
        pytest.param(
            "months: 15}",
            "months: 15, months: 16}",
            "line 26, months: this key stands in line 26 already",
            id="twice on one line",
        ),
    ],
)
def test_a_mistake_is_told_with_its_line_and_key(was, becomes, told):
    assert was in TEXT

    assert problems(TEXT.replace(was, becomes, 1))[0].startswith(told)


def test_all_mistakes_are_told_at_once():
    text = TEXT.replace("within_years: 5", "within_years: x").replace("[pending]", "[pendng]")

    assert [p.partition(":")[0] for p in problems(text)] == [
        "line 15, scope.court_statuses.1",
        "line 159, criteria.PS-10.params.within_years",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("", "line 1, the document: there is no text", id="empty"),
        pytest.param("# soon\n", "line 1, the document: there is no text", id="a comment"),
        pytest.param("- 1", "line 1, the document: Input should be", id="a list"),
        pytest.param("a: [", "line 1, column 5: expected the node content", id="broken off"),
        pytest.param("a: 1\nb: \0", "line 2: the character '\\x00'", id="a character"),
        pytest.param("a: \ud800", "line 1: the character '\\ud800'", id="half a character"),
        pytest.param("? [a]\n: b", "line 1, a key is one word", id="a list as a key"),
        pytest.param("a: !!python/name:os.system", "line 1, column 4: could not", id="a program"),
        pytest.param("a: 1\n---\nb: 2", "line 2, column 1: but found another", id="two"),
        pytest.param("a: " + "1" * 5000, "line 1, 1111", id="an endless number"),
        pytest.param("a: " + "[" * 9000, "too many levels stand", id="an endless list"),
    ],
)
def test_what_is_no_policy_is_refused_with_a_sentence(text, told):
    assert problems(text)[0].startswith(told)


def test_a_text_that_holds_itself_is_refused():
    assert "line 1, a: there is no such key here" in problems("a: &a [*a]")


def test_keys_merged_from_an_anchor_are_no_repetition():
    merged = TEXT.replace(
        "search: *fingerprint\n    citation: INA 237(a)(2)(B)(i)",
        "search: {<<: *fingerprint, months: 12}\n    citation: INA 237(a)(2)(B)(i)",
    )

    policy = read(merged)

    (drugs,) = [c for c in policy.criteria if c.code == "PS-07"]
    assert (drugs.params.search.check, drugs.params.search.months) == ("fingerprint", 12)


def test_the_words_of_the_scope_are_those_of_the_record():
    assert list(get_args(CourtStatus)) == Case.Status.values
    assert set(get_args(CaseType)) == CASE_TYPES
