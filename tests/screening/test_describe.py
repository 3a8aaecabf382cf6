"""The document of the criteria says everything that the code and the policies say."""

from __future__ import annotations

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from pydantic import BaseModel

from screening.criteria import KINDS
from screening.criteria.kind import KindParams
from screening.criteria.words import filled, in_words, phrase
from screening.describe import describe
from screening.policies.document import read
from screening.policies.release import SHIPPED, shipped_codes

DOCUMENT = Path("docs/criteria.md")
POLICIES = [read((SHIPPED / f"{code}.yaml").read_text()) for code in shipped_codes()]
every_kind = pytest.mark.parametrize("kind", [pytest.param(k, id=k.code) for k in KINDS.values()])


def section(text: str, heading: str) -> str:
    """Return what stands below a heading, up to the next."""
    return text.split(f"\n{heading}\n", 1)[1].split("\n#", 1)[0]


def test_the_document_on_disk_is_what_the_code_says():
    printed = StringIO()
    call_command("criteria", stdout=printed)

    assert printed.getvalue() == DOCUMENT.read_text()


@every_kind
def test_every_kind_is_described(kind):
    described = section(DOCUMENT.read_text(), f"### {kind.code}")

    assert kind.about.strip() in described
    for part in ("Reads", "Clear with", "Holds with", "With nothing on record", "Stale"):
        assert f"- **{part}**: " in described
    for name in kind.params.model_fields:
        assert f"| `{name}` | " in described


@every_kind
def test_every_parameter_has_a_meaning(kind):
    rows = [
        line.split(" | ")
        for line in section(DOCUMENT.read_text(), f"### {kind.code}").splitlines()
        if line.startswith("| `")
    ]

    assert all(len(row[-1].strip(" |")) > 10 for row in rows), rows
    assert bool(rows) == bool(kind.params.model_fields)


@pytest.mark.parametrize("policy", [pytest.param(p, id=p.code) for p in POLICIES])
def test_every_criterion_of_every_policy_is_described(policy):
    text = DOCUMENT.read_text().split(f"\n## {policy.code}: ", 1)[1].split("\n## ")[0]

    for source in policy.sources:
        assert f"- {source}" in text
    for criterion in policy.criteria:
        described = section(text, f"### {criterion.code} {criterion.label}")
        assert f"[{criterion.kind}](#{criterion.kind})" in described
        assert f"**{criterion.effect}**" in described
        assert f"**{criterion.when_unknown}**" in described
        assert criterion.citation in described


def test_policies_stand_side_by_side():
    """BS-01 with another cut-off in another policy, which lacks the rest."""
    text = (SHIPPED / "doyle-2.yaml").read_text()
    head, _, criteria = text.partition("\ncriteria:\n")
    (entry,) = [c for c in criteria.split("\n  - code: ") if c.startswith("BS-01")]
    other = head.replace("code: doyle-2", "code: earlier").replace(
        "effective_from: 2023-07-28", "effective_from: 2021-02-18"
    )
    other += f"\ncriteria:\n  - code: {entry.replace('2020-11-01', '2019-05-01')}\n"

    described = describe([*POLICIES, read(other)])

    table = section(described, "## The policies side by side")
    head, *rows = [line for line in table.splitlines() if line.startswith("| ")]
    column = [name.strip() for name in head.split("|")].index("earlier")
    cells = {row.split("**")[1]: row.split(" | ")[column - 1] for row in rows[1:]}
    assert cells["BS-01"] == "**exclude**; cutoff: 1 May 2019; not known: refer"
    assert cells["NS-01"] == "—"
    assert head.index("earlier") < head.index("doyle-2")  # by the day it took effect


@every_kind
def test_every_kind_says_what_would_change_its_answer(kind):
    for template in (kind.words.would_clear, kind.words.would_hold):
        said = filled(template, kind.example)
        assert len(said) > 20
        assert said[0].islower() or said[0].isdigit()
        assert not said.endswith(".")
        assert "{" not in said
    assert kind.words.obtained_by.endswith(".")


@every_kind
def test_no_words_speak_of_a_parameter_that_there_is_not(kind):
    names = set(kind.params.model_fields)
    for field in kind.params.model_fields.values():
        for part in (field.annotation, *getattr(field.annotation, "__args__", ())):
            if isinstance(part, type) and issubclass(part, BaseModel):
                names |= set(part.model_fields)

    assert set(kind.words.params) <= names


class Params(KindParams):
    min_sentence_days: int = 365
    weapon: bool | None = None


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("min_sentence_days", 365, "sentence at least 365 days"),
        ("max_loss_dollars", 10_000, "loss dollars at most 10,000"),
        ("within_years", 1, "within 1 year"),
        ("days", 30, "30 days"),
        ("under", 18, "under 18"),
        ("weapon", True, "weapon: yes"),
        ("weapon", False, "weapon: no"),
        ("cutoff", date(2020, 11, 1), "cutoff: 1 November 2020"),
        ("values", frozenset("cab"), "values: a, b or c"),
        ("values", frozenset("a"), "values: a"),
        ("values", frozenset(), "values: none"),
        ("offences", (Params(), Params(weapon=True)), None),
    ],
)
def test_a_parameter_is_told_in_words(name, value, words):
    expected = words or (
        "offences: sentence at least 365 days; or sentence at least 365 days, weapon: yes"
    )

    assert phrase(name, value) == expected


def test_a_code_is_told_in_words():
    (kind,) = [k for k in KINDS.values() if k.code == "custody"]

    assert in_words(kind.example.values) == "detained"
