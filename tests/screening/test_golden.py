"""The lawyers' table of cases: read strictly, and every shipped policy held to it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from screening.criteria import KINDS
from screening.facts import QUESTIONS, Circumstance, Form
from screening.findings import Answer
from screening.management.commands.golden import shipped_policies
from screening.policies import golden
from screening.policies.document import PolicyRefused, read
from screening.policies.golden_cases import BASES
from tests.screening.examples import DOYLE

POLICIES = shipped_policies()
TEXT = Path("screening/policies/doyle-2.yaml").read_text()


def written(tmp_path, *cases, head="about: A table.\nas_of: 2024-01-15\nbase: clear\n"):
    path = tmp_path / "table.yaml"
    path.write_text(head + "cases:\n" + "".join(f"  - {case}\n" for case in cases))
    return path


def case(name="one", facts="{}", expect="{outcome: flagged}", more=""):
    return (
        f"{{case: {name}, about: A case., facts: {facts}, expect: {{doyle-2: {expect}}}"
        f"{', ' + more if more else ''}}}"
    )


def problems(path):
    with pytest.raises(golden.GoldenRefused) as refused:
        golden.load(path)
    return refused.value.problems


@pytest.mark.parametrize("code", sorted(POLICIES))
def test_the_shipped_policies_say_what_the_golden_cases_expect(code):
    report = golden.run(golden.shipped(), {code: POLICIES[code]})

    assert not report.failed, "\n".join(
        f"{f.file}: {f.case}: {d}" for f in report.failed for d in f.differences
    )
    assert report.cases > 0


def test_every_case_names_a_shipped_policy():
    assert {code for c in golden.shipped() for code in c.expect} <= set(POLICIES)


def test_a_case_is_open_only_while_the_service_says_otherwise():
    report = golden.run(golden.shipped(), POLICIES)
    still_open = {(f.case, f.policy) for f in report.open}

    marked = {(c.name, code) for c in golden.shipped() for code, e in c.expect.items() if e.open}

    assert still_open == marked


@pytest.mark.parametrize("code", sorted(POLICIES))
def test_a_regime_has_cases_where_each_criterion_holds_is_clear_and_is_not_known(code):
    given = golden.coverage(golden.shipped(), POLICIES[code])

    never = {(c.code, Answer.HOLDS) for c in POLICIES[code].criteria if KINDS[c.kind].never_holds}
    # A check that is not required, and a limit of authority in every circuit, are always known.
    never |= {("PR-09D", Answer.UNKNOWN), ("PR-09E", Answer.UNKNOWN)}
    if code == "post-2025":
        never.add(("PR-12", Answer.UNKNOWN))
    wanted = {Answer.HOLDS, Answer.CLEAR, Answer.UNKNOWN}
    lacking = {(c, a) for c, answers in given.items() for a in wanted - answers}
    assert lacking == never


@pytest.mark.parametrize("code", ["PR-09A", "PR-09B", "PR-09C"])
def test_a_required_check_has_cases_for_every_answer(code):
    assert golden.coverage(golden.shipped(), DOYLE)[code] == set(Answer)


def test_a_wrong_expectation_fails_and_says_how(tmp_path):
    cases = golden.load(
        written(
            tmp_path,
            case("one", "{entered_on: 2020-11-02}", "{outcome: flagged}"),
            case("two", "{custody: D}", "{outcome: refer, leading: BS-01, unknown: [BS-01]}"),
            case(
                "three",
                "{represented: false}",
                "{outcome: flagged, holds: [PR-08, ZZ-01], reasons: {PR-08: No lawyer}}",
            ),
            case("four", "{court_status: dismissed}"),
            case("six", expect="{outcome: flagged, valid_until: 2024-01-31}"),
            case("five"),
        )
    )

    report = golden.run(cases, {"doyle-2": DOYLE})

    assert report.cases == 6
    assert {f.case: f.differences for f in report.failed} == {
        "one": (
            "outcome: expected flagged, is not-flagged",
            "leading: expected none, is BS-01",
            "BS-01: expected clear, is holds: Entered after the cut-off date in a listed manner.",
        ),
        "two": (
            "leading: expected BS-01, is PR-01",
            "BS-01: expected unknown, is clear: Entered on or before the cut-off date.",
            "PR-01: expected clear, is holds: Custody status detained.",
        ),
        "three": (
            "ZZ-01: doyle-2 has no such criterion",
            "PR-08: 'No lawyer' is not in its reason: No counsel is on record.",
        ),
        "four": ("outcome: expected flagged, is out-of-scope",),
        "six": ("valid until: expected 2024-01-31, is 2024-01-30",),
    }
    assert (report.failed[0].file, report.failed[0].policy) == ("table.yaml", "doyle-2")


def test_a_change_of_regime_shows_in_one_case(tmp_path):
    later = read(TEXT.replace("code: doyle-2", "code: later").replace("2020-11-01", "2022-01-01"))
    path = written(
        tmp_path,
        "{case: one, about: A case., facts: {entered_on: 2021-06-01}, expect: {"
        "doyle-2: {outcome: not-flagged, leading: BS-01, holds: [BS-01]}, "
        "later: {outcome: flagged}}}",
    )

    report = golden.run(golden.load(path), {"doyle-2": DOYLE, "later": later})

    assert (report.cases, report.failed) == (2, ())


def test_a_draft_is_held_to_the_cases_of_its_code():
    narrowed = TEXT.replace("days: 1825", "days: 1826")

    report = golden.run_draft(narrowed, golden.shipped())

    failed = {f.case for f in report.failed}
    assert "aggregate-of-1825-days" in failed
    assert "aggregate-of-1826-days" not in failed
    assert golden.run_draft(TEXT, golden.shipped()).failed == ()
    assert golden.run_draft(TEXT.replace("doyle-2", "new-one"), golden.shipped()).cases == 0
    with pytest.raises(PolicyRefused):
        golden.run_draft("code: doyle-2", golden.shipped())


def test_an_open_case_counts_for_nothing_else(tmp_path):
    path = written(
        tmp_path,
        case(expect="{outcome: refer, leading: PR-01, holds: [PR-01], open: To be put right.}"),
    )
    cases = golden.load(path)

    report = golden.run(cases, {"doyle-2": DOYLE})

    assert (report.cases, report.failed, len(report.open)) == (1, (), 1)
    assert golden.coverage(cases, DOYLE)["PR-01"] == set()
    assert golden.canaries(cases, DOYLE)[0] == []


def test_facts_are_stated_over_a_base(tmp_path):
    path = written(
        tmp_path,
        case(
            facts="{protected_1367: true, checks: [{kind: tecs, completed_on: 2023-12-01, "
            "result: no-hit}, {kind: watchlist, completed_on: null}], records: "
            "[{family: arson}, {family: arson, relation: household-member}]}"
        ),
        case("two", more="base: nothing"),
        case("three", more="as_of: 2023-02-01"),
    )

    one, two, three = (c.facts for c in golden.load(path))

    assert {k.value: str(c.completed_on) for k, c in one.checks.items()} == {
        "fingerprint": "2024-01-15",
        "tecs": "2023-12-01",
    }
    assert [r.id for r in one.records] == [1]
    assert [r.id for r in one.set_aside] == [2]
    assert (two.custody, two.checks) == (None, {})
    assert {str(c.completed_on) for c in three.checks.values()} == {"2023-02-01"}


def test_circumstances_are_stated_one_by_one_and_a_form_may_be_missing(tmp_path):
    path = written(
        tmp_path,
        case(facts="{circumstances: {health: true, file-review-1: null}}"),
        case("two", facts="{circumstances: {health: true}}", more="base: nothing"),
    )

    one, two = (c.facts.circumstances for c in golden.load(path))

    assert set(one) == QUESTIONS[Form.INTERVIEW]
    assert [c for c in one if one[c]] == [Circumstance.HEALTH]
    assert two == {Circumstance.HEALTH: True}


@pytest.mark.parametrize(
    ("facts", "problem"),
    [
        ("{entred_on: 2020-01-01}", "entred_on: there is no such fact to state"),
        ("{as_of: 2020-01-01}", "as_of: there is no such fact to state"),
        ("{entered_on: 2020}", "entered_on: Input should be a valid date"),
        ("{entered_on: 2023-02-29}", "entered_on: Input should be a valid date"),
        ('{represented: "yes"}', "represented: Input should be a valid boolean"),
        ("{custody: X}", "custody: Input should be 'D', 'R' or 'N'"),
        ("{checks: {fingerprint: no-hit}}", "checks: give a list"),
        ("{records: [arson]}", "records.1: give a mapping"),
        ("{records: [{family: arson}, {severity: felony}]}", "records.2.family: Field required"),
        ("{records: [{family: arson, year: 1}]}", "records.1.year: a Record has no such key"),
        ("{set_aside: []}", "set_aside: follows from protected_1367"),
        ("{born_by: 1980-01-01}", "born_by: is before born_from"),
    ],
)
def test_a_wrong_fact_is_named_with_its_file_case_and_key(tmp_path, facts, problem):
    (found,) = problems(written(tmp_path, case("two-days", facts)))

    assert found.startswith(f"table.yaml: two-days: facts.{problem}")


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ([case(expect="{outcome: closed}")], "one: expect.doyle-2: outcome 'closed' is none of"),
        ([case(expect="{outcome: refer, leading: PR-01}")], "one: expect.doyle-2: leading PR-01"),
        (
            [case(expect="{outcome: refer, holds: [PR-01], stale: [PR-01]}")],
            "one: expect.doyle-2: PR-01 stands under two answers",
        ),
        (
            [case(expect="{outcome: out-of-scope, holds: [PR-01]}")],
            "one: expect.doyle-2: out of scope is no answer",
        ),
        ([case(expect="{outcom: refer}")], "one: expect.doyle-2.outcome: Field required"),
        ([case(more="base: clean")], "one: base: clean is none of clear, clear-2016, nothing"),
        ([case(), case()], "one: case: stands in table.yaml already"),
        (["{about: A case., expect: {}}"], "case 1: case: Field required"),
        (["{case: x, case: y}"], "line 5: the key case stands twice"),
        ([case(more="as_of: 2023-02-29")], "one: as_of: Input should be a valid date"),
        ([case(facts="[")], "line 5: "),
        (["one"], "case 1: Input should be a valid dictionary"),
    ],
)
def test_a_wrong_table_is_refused_with_the_place(tmp_path, lines, problem):
    assert problems(written(tmp_path, *lines))[0].startswith(f"table.yaml: {problem}")


def test_the_day_asked_about_must_be_given(tmp_path):
    path = written(tmp_path, case(), head="about: A table.\n")

    assert problems(path) == ["table.yaml: one: as_of: give the day that is asked about"]


def test_a_directory_without_cases_is_refused(tmp_path):
    assert problems(tmp_path) == [f"{tmp_path}: there are no golden cases here"]


def test_bases_may_stand_beside_the_cases(tmp_path):
    written(tmp_path, case(more="base: early"))
    (tmp_path / BASES).write_text(
        "early: {about: A base., facts: {asylum_filed_on: 2009-01-01, custody: R}}\n"
    )

    (one,) = golden.load(tmp_path)

    assert one.facts.custody == "R"
    (tmp_path / BASES).write_text("early: {facts: {}}\n")
    assert problems(tmp_path)[0] == "bases.yaml: early.about: Field required"


def test_the_command_ends_with_the_numbers(capsys):
    call_command("golden", "--json", "--policy=doyle-2")

    numbers = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert numbers["cases"] >= 150
    assert numbers["failed"] == 0

    call_command("golden")
    assert "golden cases, 0 failed" in capsys.readouterr().out


def test_the_command_fails_where_a_case_does(tmp_path, capsys):
    failing = written(tmp_path, case(facts="{custody: D}"))

    with pytest.raises(CommandError, match=r"1 golden case\(s\) failed"):
        call_command("golden", f"--cases={failing}", "--json")

    failure, numbers = map(json.loads, capsys.readouterr().out.splitlines())
    assert failure["case"] == "one"
    assert failure["differences"][0] == "outcome: expected flagged, is refer"
    assert numbers == {"cases": 1, "failed": 1, "open": 0}

    with pytest.raises(CommandError):
        call_command("golden", f"--cases={failing}")
    assert "outcome: expected flagged, is refer" in capsys.readouterr().out
    with pytest.raises(CommandError, match="nowhere"):
        call_command("golden", f"--cases={tmp_path / 'nowhere.yaml'}")
