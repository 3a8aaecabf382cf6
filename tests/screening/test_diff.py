"""What changed from one policy to another, as a lawyer would say it."""

from __future__ import annotations

import pytest

from screening.policies.diff import differences
from screening.policies.document import read
from tests.screening.examples import TEXT

NEW = """  - code: MI-03
    kind: presence
    label: A decade and a half
    effect: mitigate
    group: MI
    when_unknown: note
    params: {years: 15}
    citation: Office policy

"""
BLOCK = TEXT[TEXT.index("  - code: BS-04") : TEXT.index("  - code: MI-01")]


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        pytest.param("# Outcomes", "# The outcomes", [], id="a comment"),
        pytest.param("version: 1", "version: 2", [], id="the version names what is compared"),
        pytest.param(
            "within_years: 5",
            "within_years: 7",
            ["PS-10 within_years was 5 and is 7."],
            id="a number",
        ),
        pytest.param(
            "      within_years: 5\n",
            "",
            ["PS-10 within_years was 5 and is not set."],
            id="a number left out",
        ),
        pytest.param(
            "effect: exclude\n    group: BS",
            "effect: refer\n    group: BS",
            ["BS-01 was an exclusion and is a referral."],
            id="an effect",
        ),
        pytest.param(
            "when_unknown: insufficient\n    params: {search: *watchlist}",
            "when_unknown: refer\n    params: {search: *watchlist}",
            ["NS-03 when_unknown was insufficient and is refer."],
            id="what is not known",
        ),
        pytest.param(
            "label: Detained",
            "label: In custody",
            ["PR-01 label was Detained and is In custody."],
            id="a label",
        ),
        pytest.param(
            "INA 241(a)(5)",
            "INA 241(a)(5), 8 CFR 241.8",
            ["BS-04 citation was INA 241(a)(5) and is INA 241(a)(5), 8 CFR 241.8."],
            id="a citation",
        ),
        pytest.param(
            "[PS, BS]",
            "[PS, MI]",
            ["mitigation_upgrades gains MI.", "mitigation_upgrades loses BS."],
        ),
        pytest.param(
            "court_statuses: [pending]",
            "court_statuses: [pending, on-appeal]",
            ["scope court_statuses gains on-appeal."],
            id="the scope",
        ),
        pytest.param(
            "asylum_application: true",
            "asylum_application: false",
            ["scope asylum_application was true and is false."],
            id="the scope's condition",
        ),
        pytest.param(
            "effective_from: 2023-07-28\neffective_to: 2025-01-20",
            "effective_from: 2024-03-01",
            [
                "effective_from was 2023-07-28 and is 2024-03-01.",
                "effective_to was 2025-01-20 and is not set.",
            ],
            id="dates",
        ),
        pytest.param(
            "sources:\n",
            "sources:\n  - Office memorandum of 2024-02-01\n",
            ["sources gains Office memorandum of 2024-02-01."],
            id="a source",
        ),
        pytest.param(
            "title: Mayorkas and Doyle guidelines as reinstated 2023-07-28",
            "title: The guidelines",
            [
                "The title was Mayorkas and Doyle guidelines as reinstated 2023-07-28 and is "
                "The guidelines."
            ],
            id="the title",
        ),
        pytest.param(
            "families: [homicide], severities: [felony]",
            "families: [homicide, robbery], severities: [felony]",
            ["PS-01 offences 1 families gains robbery."],
            id="a word of one of several offences",
        ),
        pytest.param(
            "        - {families: [smuggling]}\n",
            "",
            ["PS-01 offences loses families smuggling."],
            id="one of several offences",
        ),
        pytest.param(
            "check: watchlist, days: 15",
            "check: watchlist, days: 20",
            [
                *(f"{code} search days was 15 and is 20." for code in ("NS-01", "NS-02", "NS-03")),
                "PS-14 search days was 15 and is 20.",
                "PR-09B search days was 15 and is 20.",
            ],
            id="an anchor, wherever it is used",
        ),
        pytest.param(
            "    kind: prior-removal-order\n",
            "    kind: presence\n    params: {years: 3}\n",
            [
                "BS-04 kind was prior-removal-order and is presence.",
                "BS-04 years was not set and is 3.",
            ],
            id="a kind, with what it asks for",
        ),
        pytest.param(
            "  - code: MI-04",
            NEW + "  - code: MI-04",
            ["MI-03 is new (A decade and a half; it is a mitigating factor)."],
            id="a new criterion",
        ),
        pytest.param(
            BLOCK, "", ["BS-04 is gone (Earlier removal order; it was a referral)."], id="gone"
        ),
    ],
)
def test_a_change_is_said_in_a_sentence(was, becomes, said):
    assert was in TEXT

    assert differences(read(TEXT), read(TEXT.replace(was, becomes, 1))) == said


def test_what_was_moved_is_said_and_what_stayed_is_not():
    moved = TEXT.replace(BLOCK, "").replace("criteria:\n", "criteria:\n" + BLOCK)

    assert differences(read(TEXT), read(moved)) == ["BS-04 stood after BS-01 and stands first."]


def test_a_new_criterion_moves_no_other():
    text = TEXT.replace("criteria:\n", "criteria:\n" + NEW)

    assert len(differences(read(TEXT), read(text))) == 1
