"""What is wrong with a policy: each small broken policy has the one problem that is expected."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from screening.decide import determine, outcome_of
from screening.facts import CaseFacts
from screening.findings import Answer, Finding, Outcome
from screening.policies.document import Policy, read
from screening.policies.lint import Problem, lines, lint
from tests.screening.examples import DOYLE, TEXT

FINGERPRINT = "{check: fingerprint, months: 15}"
FRESH = """
  - {code: PR-09, kind: check-freshness, label: Checks, effect: block, group: PR,
     when_unknown: insufficient, citation: Office policy,
     params: {search: {check: fingerprint, months: 15}}}
  - {code: PR-10, kind: check-freshness, label: Checks, effect: block, group: PR,
     when_unknown: insufficient, citation: Office policy,
     params: {search: {check: watchlist, days: 15}}}
"""


def criterion(
    code: str, kind: str, params: str, *, effect: str = "exclude", unknown: str = "refer"
) -> str:
    return f"""
  - code: {code}
    kind: {kind}
    label: The criterion {code}
    effect: {effect}
    group: {code[:2]}
    when_unknown: {unknown}
    params: {params}
    citation: INA 101(a)(43)
"""


def conviction(code: str, offence: str, *, more: str = "", **values: str) -> str:
    params = f"{{offences: [{{{offence}}}], search: {FINGERPRINT}{more}}}"
    return criterion(code, "conviction", params, **values)


def policy(*criteria: str, upgrades: str = "[]") -> str:
    return f"""
code: small-1
version: 1
title: A small policy
effective_from: 2023-07-28
effective_to: 2025-01-20
sources: [Office policy]
scope: {{court_statuses: [pending], case_types: [RMV]}}
mitigation_upgrades: {upgrades}
criteria:
{"".join(criteria)}
"""


TRAFFICKING = conviction("PS-01", "families: [drug-trafficking]")
DETAINED = criterion("PR-01", "custody", "{values: [D]}", effect="refer")
PRESENT = criterion("MI-01", "presence", "{years: 10}", effect="mitigate", unknown="note")

BROKEN = [
    pytest.param(
        policy(conviction("PS-01", "families: [], min_sentence_days: 365"), FRESH),
        ("never-holds", "error", "PS-01"),
        "params.offences.1.families is an empty list",
        id="no family of offences",
    ),
    pytest.param(
        policy(criterion("PR-01", "custody", "{values: []}")),
        ("never-holds", "error", "PR-01"),
        "can never hold",
        id="no value",
    ),
    pytest.param(
        policy(
            criterion("BS-01", "entry-after", "{cutoff: 2099-01-01, manners: [without-admission]}")
        ),
        ("never-holds", "error", "BS-01"),
        "cutoff, 2099-01-01, is not before the last day looked at, 2025-01-19",
        id="a cut-off after the policy's end",
    ),
    pytest.param(
        policy(criterion("PR-01", "custody", "{values: [D, R, N]}", effect="refer")),
        ("always-holds", "error", "PR-01"),
        "holds in every case of which enough is known",
        id="every value",
    ),
    pytest.param(
        policy(
            criterion(
                "MI-04", "age", "{under: 65, at_least: 18}", effect="mitigate", unknown="note"
            )
        ),
        ("inconsistent", "error", "MI-04"),
        "under 65 years of age, or at least 18",
        id="age limits the wrong way round",
    ),
    pytest.param(
        policy(
            conviction("PS-01", "families: [arson]}, {families: []"),
            FRESH,
        ),
        ("inconsistent", "error", "PS-01"),
        "params.offences.2.families is an empty list",
        id="one of two offences without a family",
    ),
    pytest.param(
        policy(
            TRAFFICKING,
            conviction("PS-02", "families: [drug-trafficking]", more=", min_count: 2"),
            FRESH,
        ),
        ("contained", "warning", "PS-02"),
        "PS-01",
        id="two convictions, where one is enough",
    ),
    pytest.param(
        policy(
            conviction("PS-01", "families: [larceny, arson]"),
            conviction("PS-02", "families: [arson]", effect="refer"),
            FRESH,
        ),
        ("contained", "warning", "PS-02"),
        "Wherever PS-02",
        id="contained in a stronger one",
    ),
    pytest.param(
        policy(DETAINED, criterion("PR-02", "custody", "{values: [D]}", effect="refer")),
        ("duplicate", "error", "PR-02"),
        "one of them is enough",
        id="the same twice",
    ),
    pytest.param(
        policy(
            criterion("PS-01", "protected-1367", "{}"),
            criterion("MI-06", "protected-1367", "{}", effect="mitigate", unknown="note"),
            upgrades="[PS]",
        ),
        ("contradictory", "error", "MI-06"),
        "the exclusion never stands",
        id="excludes and mitigates",
    ),
    pytest.param(
        policy(
            criterion("PR-01", "custody", "{values: [D, R]}"),
            criterion("MI-01", "custody", "{values: [R]}", effect="mitigate", unknown="note"),
        ),
        ("contradictory", "warning", "MI-01"),
        "mitigates only what PR-01",
        id="mitigates a part of what is excluded",
    ),
    pytest.param(
        policy(
            conviction("PS-01", "families: [arson]"),
            conviction("PS-02", "families: [larceny]"),
            conviction("PS-03", "families: [arson, larceny]", effect="refer"),
            FRESH,
        ),
        ("unreachable", "warning", "PS-03"),
        "another has decided already (PS-01, PS-02)",
        id="two others always decide before it",
    ),
    pytest.param(
        policy(
            conviction(
                "PS-01",
                "families: [arson, larceny]}, {families: [larceny], min_sentence_days: 365",
            ),
            FRESH,
        ),
        ("redundant", "warning", "PS-01"),
        "params.offences.2 changes nothing",
        id="an offence that another one covers",
    ),
    pytest.param(
        policy(
            conviction("PS-01", "families: [arson]}, {families: [larceny, arson], weapon: true"),
            FRESH,
        ),
        ("redundant", "warning", "PS-01"),
        "arson in params.offences.2.families changes nothing",
        id="a family that another offence covers",
    ),
    pytest.param(
        policy(
            conviction(
                "PS-01",
                "families: [larceny], min_sentence_days: 180, severities: [felony], weapon: true",
                more=", min_count: 3, within_years: 7",
            ),
            FRESH,
        ),
        None,
        "",
        id="much must come together, and may",
    ),
    pytest.param(
        policy(
            criterion("BS-01", "entry-after", "{cutoff: 2020-11-01, manners: [at-port]}"),
            criterion("NS-01", "unresolved-indicator", "{search: {check: watchlist, days: 15}}"),
            criterion(
                "NS-02",
                "threat-indicator",
                "{categories: [gang], search: {check: watchlist, days: 15}}",
                effect="refer",
            ),
            FRESH,
            conviction("PS-01", "families: [arson]"),
        ),
        None,
        "",
        id="nothing is wrong",
    ),
    pytest.param(
        policy(TRAFFICKING, FRESH, PRESENT, upgrades="[XX]"),
        ("unknown-group", "error", ""),
        "XX",
        id="upgrades a group that is not there",
    ),
    pytest.param(
        policy(TRAFFICKING, FRESH, PRESENT, upgrades="[PR, PS]"),
        ("upgrades-nothing", "warning", ""),
        "PR",
        id="upgrades a group that excludes nothing",
    ),
    pytest.param(
        policy(TRAFFICKING, FRESH, upgrades="[PS]"),
        ("upgrades-nothing", "warning", ""),
        "no criterion mitigates",
        id="upgrades, and nothing mitigates",
    ),
    pytest.param(
        policy(TRAFFICKING),
        ("check-not-demanded", "warning", "PS-01"),
        "fingerprint check",
        id="rests on a check that may be missing",
    ),
    pytest.param(
        policy(
            criterion("MI-01", "presence", "{years: 10}", effect="mitigate", unknown="insufficient")
        ),
        ("unknown-decides", "warning", "MI-01"),
        "not knowing it does (insufficient)",
        id="not knowing what only mitigates decides",
    ),
    pytest.param(
        policy(
            TRAFFICKING, conviction("PS-02", "families: [arson]", unknown="insufficient"), FRESH
        ),
        ("unknown-unequal", "warning", "PS-01"),
        "PS-02 of the same group",
        id="not knowing an exclusion weighs less than its group",
    ),
]


@pytest.mark.parametrize(("text", "expected", "words"), BROKEN)
def test_a_broken_policy_has_the_one_problem(text, expected, words):
    problems = lint(read(text))

    assert [(p.code, p.severity, p.criterion) for p in problems] == ([expected] if expected else [])
    assert all(words in p.sentence for p in problems)


@cache
def problems_of_doyle() -> list[Problem]:
    return lint(DOYLE)


def test_doyle_has_no_errors_and_the_warnings_that_are_true():
    problems = problems_of_doyle()

    assert {p.severity for p in problems} == {"warning"}
    assert [(p.code, p.criterion) for p in problems] == [
        ("unknown-unequal", "NS-01"),
        ("unknown-unequal", "NS-02"),
        # All of INA 101(a)(43) is named; of these no code of an offence tells.
        ("redundant", "PS-01"),
        ("redundant", "PS-01A"),
        # A particularly serious crime is an aggravated felony with a longer sentence.
        ("contained", "PS-02"),
        ("unknown-unequal", "PS-02"),
        ("redundant", "PS-03"),
        # Of possession a lawyer always has to say whether it is trafficking.
        ("contained", "PS-07"),
        ("unknown-unequal", "BS-01"),
        ("unknown-unequal", "BS-02"),
    ]


@pytest.mark.parametrize(
    ("criterion", "words"),
    [
        pytest.param("PS-03", "assault and robbery in params.offences.2.families", id="families"),
        pytest.param(
            "PS-01A",
            # Where a code may be one of these, it may also be an attempt at it, (U).
            "aggravated-felony-c, aggravated-felony-d, aggravated-felony-e, aggravated-felony-f, "
            "aggravated-felony-j, aggravated-felony-k, aggravated-felony-n, aggravated-felony-o, "
            "aggravated-felony-p, aggravated-felony-q and aggravated-felony-t in params.categories",
            id="categories",
        ),
    ],
)
def test_what_changes_nothing_in_one_list_is_one_problem(criterion, words):
    [problem] = [
        p for p in problems_of_doyle() if (p.code, p.criterion) == ("redundant", criterion)
    ]

    assert f"{words} change nothing: every case has the same answer without any one of them." in (
        problem.sentence
    )


def test_a_conviction_is_not_contained_where_the_codes_of_its_family_differ():
    """Not to pay alimony is a family offence, and no lawyer need ask if it is a felony."""
    assert not [p for p in problems_of_doyle() if p.criterion == "PS-05"]


def test_what_holds_on_another_day_only_is_contained_in_nothing():
    """The authority was unsettled until 2024-07-29; the day looked at is the last."""
    assert not [p for p in problems_of_doyle() if p.criterion == "PR-12"]


def shows(made_by: Policy, problem: Problem) -> bool:
    """Return whether the example shows what the sentence says, asked of the policy again."""
    made = determine(made_by, problem.example)
    said = {c.code: f.answer for c, f in zip(made_by.criteria, made.findings, strict=True)}
    rest = [(c, f) for c, f in made.unclear if c.code != problem.criterion]
    changes_it = outcome_of(made_by, rest)[0] is not made.outcome
    not_known = said[problem.criterion] in {Answer.UNKNOWN, Answer.STALE}
    named = [c.code for c in made_by.criteria if f"{c.code} (" in problem.sentence]
    match problem.code:
        case "always-holds" | "inconsistent" | "redundant":
            return said[problem.criterion] is Answer.HOLDS
        case "duplicate" | "contained" | "contradictory":
            return len(named) == 2 and {said[code] for code in named} == {Answer.HOLDS}
        case "unreachable":
            return said[problem.criterion] is Answer.HOLDS and not changes_it
        case "unknown-decides":
            return not_known and changes_it
        case "unknown-unequal":
            return not_known and (made.outcome, made.leading) == (Outcome.REFER, problem.criterion)
        case _:
            return False


@pytest.mark.parametrize("text", [pytest.param(p.values[0], id=p.id) for p in BROKEN])
def test_every_example_shows_what_the_sentence_says(text):
    made = read(text)
    for problem in lint(made):
        if problem.example is not None:
            assert shows(made, problem), problem.sentence


def test_every_example_of_doyle_shows_what_the_sentence_says():
    for problem in problems_of_doyle():
        if problem.example is not None:
            assert shows(DOYLE, problem), problem.sentence


def test_errors_come_first_then_the_order_of_the_policy():
    problems = lint(
        read(policy(TRAFFICKING, PRESENT, DETAINED, DETAINED.replace("PR-01", "PR-02")))
    )

    assert [(p.severity, p.criterion) for p in problems] == [
        ("error", "PR-02"),
        ("warning", "PS-01"),
    ]


def test_every_criterion_needs_golden_cases_on_both_sides():
    text = read(policy(DETAINED, PRESENT))
    covered = {"PR-01": {Answer.HOLDS, Answer.CLEAR}, "MI-01": {Answer.HOLDS}, "XX-01": set()}

    problems = lint(text, covered)

    assert [(p.code, p.criterion) for p in problems] == [
        ("unknown-criterion", ""),
        ("no-golden-case", "MI-01"),
    ]
    assert problems[1].sentence == (
        "There is no golden case in which MI-01 (The criterion MI-01) is clear."
    )
    made = determine(text, problems[1].example)
    assert made.findings[1].answer is Answer.CLEAR
    assert {p.criterion for p in lint(text, {})} == {"PR-01", "MI-01"}


def test_the_line_of_every_criterion_is_known():
    text = policy(TRAFFICKING, DETAINED)

    found = lines(text)

    written = text.splitlines()
    assert found.keys() == {"PS-01", "PR-01"}
    assert all(f"code: {code}" in written[line - 1] for code, line in found.items())


def test_the_command_prints_the_problems_and_fails_on_an_error(tmp_path):
    file = tmp_path / "draft.yaml"
    file.write_text(policy(DETAINED, DETAINED.replace("PR-01", "PR-02")))
    out = StringIO()

    with pytest.raises(CommandError, match="1 error"):
        call_command("lint_policy", str(file), stdout=out)

    assert "PR-02" in out.getvalue()
    assert "custody: D" in out.getvalue()


def test_the_command_answers_in_json():
    out = StringIO()

    call_command("lint_policy", "tests/screening/policy.yaml", "--json", stdout=out)

    told = json.loads(out.getvalue())
    assert told["policy"] == "sample"
    assert told["problems"][0]["line"] == TEXT.splitlines().index("  - code: NS-01") + 1
    assert told["problems"][0]["example"]["indicators"][0]["resolution"] == "unresolved"


def test_the_command_refuses_what_is_not_a_policy(tmp_path):
    with pytest.raises(CommandError, match="no such file"):
        call_command("lint_policy", "nothing-1")
    broken = tmp_path / "broken.yaml"
    broken.write_text("code: [")
    with pytest.raises(CommandError, match="line 1"):
        call_command("lint_policy", str(broken))


def only_in_doubt(facts: CaseFacts, params: Any) -> Finding:
    found = tuple(r.key for r in facts.convictions)
    if found:
        return Finding(Answer.UNKNOWN, "A lawyer must say.", found, None, "categorical analysis")
    return params.search.found_nothing(facts, "No conviction.")


def test_what_only_a_lawyer_can_settle_is_a_warning():
    made = read(policy(TRAFFICKING, FRESH))
    criterion = replace(made.criteria[0], check=only_in_doubt)

    [problem] = lint(replace(made, criteria=(criterion, *made.criteria[1:])))

    assert (problem.code, problem.severity) == ("never-settled", "warning")
    assert only_in_doubt(problem.example, criterion.params).evidence
