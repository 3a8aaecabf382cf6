"""What would change under another policy: exact, the same again, and nothing of a case written."""

from __future__ import annotations

import json
import os
import signal
import time
from collections import Counter
from datetime import date
from io import StringIO
from pathlib import Path

import pgtrigger
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, InternalError, connection, transaction
from django.db.utils import ProgrammingError
from django.utils.timezone import now

from cases.access import Access
from cases.models import Case, Office
from screening import runs, tasks
from screening.decide import determine
from screening.facts_text import FIELDS, decode
from screening.findings import Answer
from screening.gather import GROUPS, Selection, gather
from screening.models import Determination, PolicyVersion, Simulation, SimulationChunk
from screening.policies import simulate
from screening.policies.changes import NEWLY, OUTSIDE, SCOPE, Change, change_of, newly_needs_review
from screening.policies.document import PolicyRefused
from screening.policies.release import SHIPPED, release_shipped
from screening.policies.simulation_report import drawn, visible_examples
from screening.policies.texts import PolicyText, named, of_draft, of_version
from screening.screen import screen_case
from tests.cast import office
from tests.screening.dockets import fresh_checks, give, make_case
from tests.screening.test_bulk import start_worker
from tests.screening.test_oracle import random_docket

AS_OF = date(2024, 1, 15)
EVERYWHERE = Access(offices=None, sees_protected=True)
DOYLE_TEXT = (SHIPPED / "doyle-2.yaml").read_text()


def text(*changes: tuple[str, str]) -> PolicyText:
    """Return the shipped policy, changed, as a draft."""
    document = DOYLE_TEXT
    for old, new in changes:
        assert old in document
        document = document.replace(old, new)
    return of_draft(document)


EARLIER = ("cutoff: 2020-11-01", "cutoff: 2017-11-01")
DEFENSIVE = ("asylum_application: true", "asylum_application: false")


def simulated(proposed, present, by, *, chunk_cases=10, office_ids=None) -> Simulation:
    simulation = simulate.plan(
        proposed, present, as_of=AS_OF, by=by, chunk_cases=chunk_cases, office_ids=office_ids
    )
    while simulate.work(simulation):
        pass
    assert simulation.status == Simulation.Status.COMPLETED
    return simulation


@pytest.fixture
def docket(tmp_path, clerk):
    """Forty people: half entered in 2016, half in 2018; every tenth has no fingerprint check."""
    for number in range(1, 41):
        entered = date(2018, 5, 6) if number % 2 else date(2016, 5, 6)
        elsewhere = {"office": office("LOS")} if number > 28 else {}
        make_case(number, entry_on=entered, **elsewhere)
    checks = [c for number in range(1, 41) if number % 10 for c in fresh_checks(number)]
    give(tmp_path / "checks", checks, by=clerk)


@pytest.mark.parametrize(
    ("proposed", "present", "change", "newly"),
    [
        ("flagged", "flagged", Change.UNCHANGED, False),
        ("flagged", "refer", Change.GAINED, False),
        ("flagged", OUTSIDE, Change.GAINED, False),
        ("refer", "flagged", Change.LOST, True),
        ("insufficient", "flagged", Change.LOST, True),
        ("not-flagged", "flagged", Change.LOST, False),
        (OUTSIDE, "flagged", Change.LOST, False),
        ("refer", "not-flagged", Change.OTHERWISE, True),
        ("refer", "insufficient", Change.OTHERWISE, False),
        ("not-flagged", "refer", Change.OTHERWISE, False),
        ("refer", OUTSIDE, Change.OTHERWISE, False),
        ("refer", "refer", Change.UNCHANGED, False),
    ],
)
def test_what_changes_for_a_case(proposed, present, change, newly):
    assert change_of(proposed, present) is change
    assert newly_needs_review(proposed, present) is newly


@pytest.mark.django_db
def test_a_policy_against_itself_changes_nothing(docket, screener):
    totals = simulated(text(), text(), screener).totals

    assert (totals["cases"], totals["unchanged"]) == (40, 40)
    assert totals["gained"] == totals["lost"] == totals["otherwise_changed"] == 0
    assert totals["newly_needs_review"] == 0
    assert totals["rests_on"] == totals["answers_differ"] == []
    assert all(o["proposed"] == o["present"] for o in totals["outcomes"])


@pytest.mark.django_db
def test_an_earlier_cut_off_loses_who_entered_since(docket, screener):
    totals = simulated(text(EARLIER), text(), screener).totals

    assert (totals["gained"], totals["lost"], totals["unchanged"]) == (0, 20, 20)
    assert totals["otherwise_changed"] == totals["newly_needs_review"] == 0
    assert (
        totals["rests_on"]
        == totals["answers_differ"]
        == [
            {
                "change": "lost",
                "criterion": "BS-01",
                "label": "Unlawful entry after 1 November 2020",
                "cases": 20,
            }
        ]
    )
    assert totals["outcomes"] == [
        {"proposed": "not-flagged", "present": "flagged", "cases": 20},
        {"proposed": "flagged", "present": "flagged", "cases": 16},
        {"proposed": "insufficient", "present": "insufficient", "cases": 4},
    ]


@pytest.mark.django_db
def test_the_other_way_round_gains_them(docket, screener):
    totals = simulated(text(), text(EARLIER), screener).totals

    assert (totals["gained"], totals["lost"], totals["unchanged"]) == (20, 0, 20)
    # Gained: it rests on what kept the present policy from flagging.
    assert [(c["change"], c["criterion"], c["cases"]) for c in totals["rests_on"]] == [
        ("gained", "BS-01", 20)
    ]


@pytest.mark.django_db
def test_an_effect_that_differs_is_told_by_what_the_change_rests_on(docket, screener):
    refers = ("effect: exclude\n    group: BS", "effect: refer\n    group: BS")

    totals = simulated(text(EARLIER, refers), text(EARLIER), screener).totals

    assert (totals["otherwise_changed"], totals["newly_needs_review"]) == (20, 20)
    assert [(c["criterion"], c["cases"]) for c in totals["rests_on"]] == [("BS-01", 20)]
    assert totals["answers_differ"] == []


@pytest.mark.django_db
def test_who_comes_into_the_scope_is_gained_or_changed_by_the_scope(docket, screener):
    Case.objects.filter(office__code="LOS").update(asylum_filed_on=None)

    totals = simulated(text(DEFENSIVE), text(), screener).totals

    assert totals["cases"] == 40
    assert (totals["gained"], totals["otherwise_changed"], totals["unchanged"]) == (10, 2, 28)
    assert {(c["change"], c["criterion"], c["cases"]) for c in totals["answers_differ"]} == {
        ("gained", SCOPE, 10),
        ("otherwise-changed", SCOPE, 2),
    }
    assert ("gained", SCOPE, 10) in {
        (c["change"], c["criterion"], c["cases"]) for c in totals["rests_on"]
    }


@pytest.mark.django_db
def test_offices_narrow_it(docket, screener):
    simulation = simulated(text(EARLIER), text(), screener, office_ids=[office("LOS").pk])

    assert (simulation.totals["cases"], simulation.totals["lost"]) == (12, 6)
    assert list(simulation.totals["by_office"]) == ["LOS"]


def each_case_twice(proposed, present, known_at):
    """Return what changes and by what, from determining every case twice, one by one."""
    expected = {name: Counter() for name in ("outcomes", "rests_on", "answers_differ", "office")}
    everything = Selection(first=0, before=2**62)
    offices = dict(Case.objects.values_list("pk", "office__code"))
    for case_id, _, line in gather(everything, as_of=AS_OF, known_at=known_at):
        facts = decode(line, AS_OF)
        a, b = determine(proposed, facts), determine(present, facts)
        if a is None and b is None:
            continue
        under_a, under_b = (OUTSIDE if d is None else d.outcome.value for d in (a, b))
        change = change_of(under_a, under_b)
        expected["outcomes"][under_a, under_b] += 1
        expected["office"][offices[case_id], change] += 1
        if change is Change.UNCHANGED:
            continue
        rests_on = b if change is Change.GAINED else a
        expected["rests_on"][change, rests_on.leading if rests_on else SCOPE] += 1
        if a is None or b is None:
            expected["answers_differ"][change, SCOPE] += 1
            continue
        answers = [
            {c.code: f.answer for c, f in zip(policy.criteria, made.findings, strict=True)}
            for policy, made in ((proposed, a), (present, b))
        ]
        for code in answers[0].keys() | answers[1].keys():
            if answers[0].get(code, Answer.CLEAR) != answers[1].get(code, Answer.CLEAR):
                expected["answers_differ"][change, code] += 1
    return expected


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [11, 12])
def test_a_docket_comes_to_what_each_case_does_determined_twice(seed, screener):
    random_docket(seed, 200, by=screener)
    for case in Case.objects.all():
        case.office = office(f"O{case.respondent_id % 3}")
        case.save()
    proposed = text(
        EARLIER,
        DEFENSIVE,
        ("within_years: 5", "within_years: 15"),
        ("values: [D]", "values: [D, R]"),
        ("effect: refer\n    group: PS", "effect: exclude\n    group: PS"),
        ("code: PR-13", "code: PR-99"),
    )
    simulation = simulated(proposed, text(), screener, chunk_cases=37)

    expected = each_case_twice(proposed.policy, text().policy, simulation.known_at)

    totals = simulation.totals
    assert totals["cases"] == expected["outcomes"].total() > 100
    assert {(o["proposed"], o["present"]): o["cases"] for o in totals["outcomes"]} == expected[
        "outcomes"
    ]
    for table in ("rests_on", "answers_differ"):
        found = {(c["change"], c["criterion"]): c["cases"] for c in totals[table]}
        assert found == expected[table]
    assert len(expected["answers_differ"]) >= 5
    by_change = Counter(c for (_, c), n in expected["office"].items() for _ in range(n))
    assert {c: totals[c.replace("-", "_")] for c in Change} == {c: by_change[c] for c in Change}
    exact = Counter()
    for counts in simulation.chunks.values_list("counts__groups", flat=True):
        exact.update(counts)
    by_code = {str(o.pk): o.code for o in Office.objects.all()}
    assert {
        (by_code[group], change): n
        for key, n in exact.items()
        for dimension, change, group in [key.split(" ", 2)]
        if dimension == "office" and change in set(Change)
    } == {key: n for key, n in expected["office"].items() if n}


@pytest.mark.django_db
def test_small_counts_of_people_are_withheld_from_every_reader(docket, screener):
    for number, case in enumerate(Case.objects.select_related("respondent").order_by("pk")):
        case.respondent.nationality = "HT" if number < 3 else "GT"
        case.respondent.save()
        case.represented = None if number < 12 else bool(number % 2)
        case.save()

    totals = simulated(text(EARLIER), text(), screener).totals

    nationality = totals["by_nationality"]
    assert nationality["HT"]["lost"] is nationality["HT"]["unchanged"] is None
    # The sums are known, so that the other nationality would tell.
    assert nationality["GT"]["lost"] is nationality["GT"]["unchanged"] is None
    assert nationality["GT"]["gained"] == 0
    counts = [n for row in totals["by_representation"].values() for n in row.values()]
    assert None in counts
    assert all(n is None or n == 0 or n >= 10 for n in counts)


def everything_on_record() -> dict[str, list[tuple]]:
    """Return every row of every table of ours but the simulations' own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
            " AND table_name ~ '^(cases|screening)_' AND table_name !~ 'screening_simulation'"
        )
        tables = [name for (name,) in cursor.fetchall()]
        rows = {}
        for name in tables:
            cursor.execute(f"SELECT t::text FROM {name} t ORDER BY 1")  # noqa: S608  our own names
            rows[name] = cursor.fetchall()
    return rows


@pytest.mark.django_db
def test_nothing_of_a_case_is_written(docket, screener):
    version = release_shipped("doyle-2")
    for case in Case.objects.all()[:5]:
        screen_case(case, version=version, as_of=date(2023, 9, 1), by=screener)
    before = everything_on_record()

    simulated(text(EARLIER), text(), screener)

    assert len(before) > 20
    assert everything_on_record() == before
    assert Determination.objects.count() == 5


@pytest.mark.django_db
def test_what_is_counted_beside_the_facts_is_not_among_them(docket):
    Case.objects.update(represented=True)
    for case in Case.objects.select_related("respondent"):
        case.respondent.nationality = "XK"
        case.respondent.save()

    gathered = list(
        gather(Selection(first=0, before=2**62), as_of=AS_OF, known_at=now(), beside=GROUPS)
    )

    assert {g.beside for g in gathered} == {f"{office(code).pk}/XK/true" for code in ("NYC", "LOS")}
    assert not any("XK" in g.line for g in gathered)
    assert not any("national" in name for name in FIELDS)


@pytest.mark.django_db
def test_examples_are_few_and_only_for_who_may_see_the_case(docket, screener):
    simulation = simulated(text(EARLIER), text(), screener, chunk_cases=7)
    lost = list(Case.objects.filter(entry_on=date(2018, 5, 6)).values_list("pk", flat=True))

    assert simulation.examples == {"lost": drawn(simulation.uuid, lost)}
    assert len(simulation.examples["lost"]) == 20
    in_los = visible_examples(
        simulation, Access(offices=frozenset({office("LOS").pk}), sees_protected=True)
    )
    assert {case.office.code for case in in_los["lost"]} == {"LOS"}
    assert len(in_los["lost"]) == 6
    assert len(visible_examples(simulation, EVERYWHERE)["lost"]) == 20
    assert not any(visible_examples(simulation, Access()).values())
    respondent = in_los["lost"][0].respondent
    respondent.protected_1367 = True
    respondent.save()
    unprotected = visible_examples(simulation, Access(offices=None))["lost"]
    assert len(unprotected) == 19


@pytest.mark.django_db
def test_newly_needing_review_has_examples_too(docket, screener):
    refers = ("effect: exclude\n    group: BS", "effect: refer\n    group: BS")

    simulation = simulated(text(EARLIER, refers), text(EARLIER), screener)

    assert simulation.examples[NEWLY] == simulation.examples["otherwise-changed"]


@pytest.mark.django_db
def test_a_completed_simulation_is_immutable(docket, screener):
    simulation = simulated(text(EARLIER), text(), screener)

    for change in (
        lambda: Simulation.objects.update(totals={}),
        lambda: Simulation.objects.update(as_of=date(2020, 1, 1)),
        lambda: SimulationChunk.objects.update(counts={}),
        lambda: SimulationChunk.objects.all().delete(),
        lambda: Simulation.objects.all()._raw_delete("default"),
    ):
        with pytest.raises((IntegrityError, InternalError, ProgrammingError)), transaction.atomic():
            change()
    simulation.refresh_from_db()
    assert simulation.totals["lost"] == 20


@pytest.mark.django_db
def test_what_is_asked_is_not_edited_while_it_runs(docket, screener):
    simulation = simulate.plan(text(EARLIER), text(), as_of=AS_OF, by=screener)

    with pytest.raises((IntegrityError, InternalError, ProgrammingError)), transaction.atomic():
        Simulation.objects.filter(pk=simulation.pk).update(proposed_document="")


@pytest.mark.django_db
def test_it_says_what_was_compared(docket, screener):
    version = release_shipped("doyle-2")

    simulation = simulated(text(EARLIER), of_draft(DOYLE_TEXT), screener)

    assert simulation.present_version == version  # the same text to the letter
    assert simulation.present_sha256 == version.sha256
    assert simulation.proposed == "doyle-2 version 2 (draft)"
    assert simulation.present == "doyle-2 version 2"
    assert simulation.proposed_document == text(EARLIER).document
    assert [m.transition for m in simulation.moves.order_by("pk")] == ["start", "complete"]


@pytest.mark.django_db
def test_a_message_delivered_twice_does_a_chunk_once(docket, screener):
    simulation = simulate.plan(text(EARLIER), text(), as_of=AS_OF, by=screener)
    for _ in range(3):
        tasks.simulate_next_chunk(str(simulation.uuid))

    simulation.refresh_from_db()
    assert simulation.totals["lost"] == 20


@pytest.mark.django_db
def test_a_cancelled_simulation_stops_and_tells_nothing(docket, screener):
    simulation = simulate.plan(text(EARLIER), text(), as_of=AS_OF, by=screener, chunk_cases=10)
    simulate.work(simulation)
    simulate.cancel(simulation, by=screener)

    assert simulate.work(simulation) is False
    assert simulation.totals is None
    assert runs.progress(simulation).chunks_done == 1


@pytest.mark.django_db
def test_an_empty_docket_completes_at_once(screener):
    assert simulated(text(EARLIER), text(), screener).totals["cases"] == 0


@pytest.mark.django_db
def test_what_has_stalled_is_queued_again(docket, screener):
    simulation = simulate.plan(text(EARLIER), text(), as_of=AS_OF, by=screener, chunk_cases=10)
    assert list(simulate.stalled()) == []
    with pgtrigger.ignore("screening.Simulation:what_a_simulation_asks_is_never_edited"):
        Simulation.objects.update(requested_at=now() - 2 * runs.STALLED_AFTER)

    assert list(simulate.stalled()) == [simulation]
    assert tasks.tick() == 4


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_loses_nothing_and_doubles_nothing(docket, screener):
    simulation = simulate.plan(text(EARLIER), text(), as_of=AS_OF, by=screener, chunk_cases=1)
    simulate.nudge(simulation)
    first = start_worker()
    deadline = time.monotonic() + 60
    while runs.progress(simulation).chunks_done == 0 and time.monotonic() < deadline:
        time.sleep(0.01)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    done_at_death = runs.progress(simulation).chunks_done

    second = start_worker()
    try:
        simulate.nudge(simulation)
        while simulation.status == Simulation.Status.RUNNING and time.monotonic() < deadline + 60:
            time.sleep(0.1)
            simulate.finish_if_done(simulation)
    finally:
        os.killpg(second.pid, signal.SIGKILL)
        second.wait()

    assert done_at_death >= 1
    assert simulation.status == Simulation.Status.COMPLETED
    assert simulation.totals["cases"] == 40
    assert (simulation.totals["lost"], simulation.totals["unchanged"]) == (20, 20)


# The texts and the command


@pytest.fixture
def draft(tmp_path) -> Path:
    path = tmp_path / "draft.yaml"
    path.write_text(text(EARLIER).document)
    return path


@pytest.mark.django_db
def test_a_policy_is_named_by_code_version_or_file(draft):
    assert named("doyle-2") == of_draft(DOYLE_TEXT)  # shipped, and nothing is released by it
    assert not PolicyVersion.objects.exists()
    version = release_shipped("doyle-2")

    assert named("doyle-2") == named(f"doyle-2:{version.version}") == of_version(version)
    assert named(str(draft)) == text(EARLIER)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nobody-1", "no such policy"),
        ("doyle-2:99", "no such version"),
        ("doyle-2:x", "no such version"),
        ("../doyle-2", "no such policy"),
        ("missing.yaml", "cannot be read"),
    ],
)
def test_what_is_no_policy_is_refused(name, said):
    with pytest.raises(PolicyRefused, match=said):
        named(name)


@pytest.mark.django_db
def test_the_command_prints_its_tables(docket, draft):
    printed = StringIO()

    call_command("simulate", str(draft), "--against=doyle-2", "--as-of=2024-01-15", stdout=printed)

    for said in ("doyle-2 version 2 (draft)", "lost", "BS-01", "By nationality", "withheld"):
        assert said in printed.getvalue()


@pytest.mark.django_db
def test_the_commands_last_line_is_json(docket, draft):
    printed = StringIO()

    call_command(
        "simulate",
        str(draft),
        *("--against=doyle-2", "--as-of=2024-01-15", "--office=NYC", "--json", "--chunk-cases=9"),
        stdout=printed,
    )

    told = json.loads(printed.getvalue().splitlines()[-1])
    assert (told["gained"], told["lost"], told["unchanged"]) == (0, 14, 14)
    assert told["proposed"]["draft"] is True
    assert told["as_of"] == "2024-01-15"
    assert Simulation.objects.get(uuid=told["simulation"]).chunks.count() == 4
    assert "examples" not in told


@pytest.mark.django_db
def test_left_to_the_workers_it_is_only_planned(docket, draft):
    call_command("simulate", str(draft), "--no-wait", stdout=StringIO())

    assert Simulation.objects.get().status == Simulation.Status.RUNNING
    assert Simulation.objects.get().chunks.filter(done_at=None).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "arguments", [["nobody-1"], ["doyle-2", "--against=nobody-1"], ["doyle-2", "--office=XXX"]]
)
def test_the_command_refuses_what_it_does_not_know(arguments):
    with pytest.raises(CommandError):
        call_command("simulate", *arguments, stdout=StringIO())
