"""Whatever anyone does to a closed case, in whatever order: it goes back only as people decide."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import Any

from django.core.exceptions import PermissionDenied
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cases.aftermath import (
    Filing,
    file_charge,
    line_of,
    name_successor,
    open_restart,
    recharge,
    record_contact,
    record_event,
    record_events,
    record_filing,
    record_returned_mail,
)
from cases.models import (
    Case,
    ContactChange,
    CourtOrder,
    Move,
    OnwardFiling,
    PostClosureEvent,
    RestartReview,
)
from cases.workflow import TRANSITIONS, TransitionRefused, advance, transitions_of
from cases.workflow.court import Order, record_act, record_order
from cases.workflow.restart import tools_for
from tests.cases.workflow.cast import (
    NUMBERS,
    ON,
    act,
    closed_case,
    going_back,
    notice,
    noticed,
    person,
    reachable,
    service,
)
from tests.cases.workflow.test_any_order import pick, someone
from tests.cast import make_case

CLOSED = {"admin-closed", "dismissed", "terminated"}
WAYS_OUT = {
    "admin-closed": {"recalendar"},
    "dismissed": {"appeal", "reopen"},
    "terminated": {"appeal", "reopen"},
}
"""By which acts a closed case stands otherwise; its new charge is another case."""
ORDERS = {name for ways in WAYS_OUT.values() for name in ways} - {"appeal"}
FITTING = {
    "admin-closed": {"recalendar"},
    "dismissed": {"new-charging-document", "reopen"},
    "terminated": {"new-charging-document", "reopen"},
}
CLOSURES = ("close-administratively", "dismiss", "terminate")
GROUNDS = {"conviction", "warrant", "security-hit", "relief-granted", "departure", "death"}
"""What says more than that a person is accused; so says a record, and no tip."""
ENDS_AS = {"recalendar": "recalendared", "reopen": "reopened"}
ONLY_NOTICED = ("event", "again", "many", "open", "contact", "filing")
BACKWARDS = {"close", "return", "withdraw", "moot"}

STEP = st.tuples(
    st.sampled_from(
        [
            *["restart"] * 14,
            *["event", "contact", "charge"] * 3,
            *["order", "again", "many", "open"] * 2,
            *["act", "successor", "filing"],
        ]
    ),
    st.integers(0, 7),
    st.integers(0, 99),
    st.sampled_from([True, True, True, False]),
)


class Story:
    """One person's cases, the people of two offices, and what has been noticed so far."""

    def __init__(self, how: str, *, with_prejudice: bool) -> None:
        roles = ("attorney", "attorney", "supervisor", "recorder", "clerk")
        self.outsiders = [person("recorder", at="LOS"), person("supervisor", at="LOS")]
        self.people = [*map(person, roles), service(), *self.outsiders]
        ends = how in {"dismiss", "terminate"}  # nothing else is with prejudice
        self.first = closed_case(how, with_prejudice=with_prejudice and ends, by=self.people[3])
        self.notices: list[Any] = []

    def begin(self, kind: str | None) -> None:
        """Let a review be as far as an approval, of what is on record of a closed case."""
        if kind is None:
            return
        attorney, supervisor = self.people[0], self.people[2]
        review = noticed(self.first, kind)
        advance(review, "take-up", act(attorney))
        tool = tools_for(self.first)[0]
        advance(review, "propose", going_back(attorney, tool, ground="They ask for it."))
        advance(review, "approve", act(supervisor))
        reachable(self.first)

    def cases(self) -> list[Case]:
        return list(
            Case.objects.filter(respondent=self.first.respondent_id)
            .select_related("court", "office")
            .order_by("pk")
        )

    def step(self, what: str, who: int, number: int, *, likely: bool) -> None:
        """Try something: if likely, what may come next, by someone who may."""
        by = self.people[who]
        case = self.first if number % 3 else self.cases()[-1]
        case.refresh_from_db()
        if what == "restart":
            self.move(case, by, number, likely=likely)
        elif what in {"event", "many"}:
            given = notice(
                case,
                pick(PostClosureEvent.Kind.values, number),
                trust=pick(["court", "court", "record", "tip"], number // 10),
                source_record=f"R{number % 7}",
            )
            if what == "many":
                self.notices += [given]
                record_events([given, given], act(self.people[5]))
            else:
                record_event(case, given, act(self.people[4] if likely else by))
                self.notices += [given]
        elif what == "again" and self.notices:
            record_events([pick(self.notices, number)], act(self.people[5]))
        elif what == "open":
            open_restart(case, act(self.people[4] if likely else by))
        elif what == "contact":
            if number % 5:
                record_contact(
                    *(case, act(by)),
                    kind="address",
                    text="1 False Street",
                    source="EOIR-33",
                    changed_on=ON,
                )
            else:
                record_returned_mail(case, act(by), returned_on=ON)
        elif what == "filing":
            filed = Filing(form=pick(["I-589", "I-130", "42B"], number), filed_on=ON)
            record_filing(case, filed, act(by))
        else:
            if likely:  # the machine tries what would come next, too, and is refused
                by = self.people[5 if number % 8 == 7 else 3]
            self.outside(what, case, by, number, likely=likely)

    def move(self, case: Case, by: Any, number: int, *, likely: bool) -> None:
        review = RestartReview.objects.filter(case=case).order_by("-pk").first()
        if review is None:
            return
        names = [t.name for t in transitions_of(review)] if likely else None
        if names and number % 6:
            names = [n for n in names if n not in BACKWARDS] or names
        name = pick(names or [n for n in TRANSITIONS["restart"] if n != "open"], number)
        if likely:
            by = someone(self.people[:4], "restart", name, number)
            if name in {"propose", "close"} and number % 4:
                by = review.attorney or by
        tools = sorted(FITTING.get(case.status, ())) if likely else RestartReview.Tool.values
        tool = pick(tools or RestartReview.Tool.values, number // 2)
        ground = "They ask for it." if number % 5 == 0 else ""
        given = going_back(by, tool, ground=ground) if name == "propose" else act(by)
        advance(review, name, given)
        if name == "propose" and not ground:
            assert self.grounds(review.case_id), "an arrest alone, and no ground was named"

    def outside(self, what: str, case: Case, by: Any, number: int, *, likely: bool) -> None:
        """Record what another has done: a judge, the agency, a party.

        If likely, a judge mostly waits until something is filed.
        """
        if what == "order":
            kinds = CourtOrder.Kind.values
            filed = RestartReview.objects.filter(case=case, status="filed").exists()
            if likely and case.status in CLOSED and not filed and number % 4:
                return
            if likely:
                there = {t.name for t in transitions_of(case)} & {*kinds} - {"deny-motion"}
                kinds = sorted(there & {*CLOSURES, *ORDERS}) or sorted(there) or kinds
            record_order(
                case, Order(kind=pick(kinds, number), with_prejudice=not number % 9), act(by)
            )
        elif what == "act":
            names = [n for n in TRANSITIONS["case"] if n not in CourtOrder.Kind.values]
            if likely:
                there = {t.name for t in transitions_of(case)}
                names = [n for n in names if n in there] or names
            record_act(case, pick(names, number), act(by))
        elif what == "charge":
            last = self.cases()[-1]
            if last.status == "pre-filing" and number % 4:
                file_charge(last, act(by), idncase=900_000 + next(NUMBERS))
            else:
                recharge(case, act(by))
        elif what == "successor":
            delivered = make_case(office=case.office)
            if likely:
                Case.objects.filter(pk=delivered.pk).update(respondent=case.respondent_id)
                delivered.refresh_from_db()
            name_successor(case, delivered, act(by))

    def grounds(self, case_id: int) -> bool:
        """Return whether something on record says more than an accusation; what was undone does
        not.
        """
        seen = PostClosureEvent.objects.filter(case=case_id).order_by("pk")
        standing: set[tuple[str, str, str]] = set()
        for kind, source, record, trust in seen.values_list(
            "kind", "source", "source_record", "trust"
        ):
            if kind == "acquittal-or-dismissal":
                standing = {one for one in standing if one[1:] != (source, record)}
            elif kind in GROUNDS and trust != "tip":
                standing.add((kind, source, record))
        return bool(standing)

    # What must always hold

    def seen(self) -> dict[str, list[dict[str, Any]]]:
        """Return every row that a step could touch."""
        models = (Case, RestartReview, Move, CourtOrder)
        models += (PostClosureEvent, ContactChange, OnwardFiling)
        return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}

    def check(self, what: str, before: dict[str, list[Any]], after: dict[str, list[Any]]) -> None:
        self.check_the_way_back(what, before, after)
        self.check_events(after)
        moves: dict[tuple[str, int], list[Any]] = defaultdict(list)
        for move in after["Move"]:
            if move["machine"] in {"case", "restart"}:
                thing = "case_id" if move["machine"] == "case" else "restart_id"
                moves[move["machine"], move[thing]].append(move)
        for machine, model in (("case", "Case"), ("restart", "RestartReview")):
            for row in after[model]:
                made = moves[machine, row["id"]]
                assert not made or made[-1]["target"] == row["status"]
                assert machine == "case" or made, "a review that began without a move"
                for one, next_one in pairwise(made):
                    assert next_one["source"] == one["target"]
        for row in after["RestartReview"]:
            self.check_review(row, moves["restart", row["id"]], after)
        self.check_history(before, after)

    def check_the_way_back(
        self, what: str, before: dict[str, list[Any]], after: dict[str, list[Any]]
    ) -> None:
        """A case leaves where it was closed only by an act that a person put on record."""
        stood = {row["id"]: row for row in before["Case"]}
        new = [move for move in after["Move"][len(before["Move"]) :] if move["machine"] == "case"]
        machine = self.people[5].pk
        for row in after["Case"]:
            was = stood.get(row["id"])
            began = was is None or was["predecessor_id"] != row["predecessor_id"]
            if was is not None and was["status"] != row["status"]:
                assert what not in ONLY_NOTICED, f"{what} alone moved a case"
                assert what != "restart", "the office alone moved a case in court"
                if was["status"] in CLOSED:
                    [move] = [m for m in new if m["case_id"] == row["id"]]
                    assert move["transition"] in WAYS_OUT[was["status"]]
                    assert move["by_id"] != machine
                    assert move["document"]
                    assert move["actor"]
                    assert move["happened_on"]
                    if move["transition"] in ORDERS:
                        assert [
                            order["kind"]
                            for order in after["CourtOrder"]
                            if order["case_id"] == row["id"]
                            and order["document"] == move["document"]
                        ] == [move["transition"]]
            if began and row["predecessor_id"] is not None:
                assert what in {"charge", "successor"}
                assert stood[row["predecessor_id"]]["status"] in {"dismissed", "terminated"}
                assert not any(
                    order["with_prejudice"]
                    for order in before["CourtOrder"]
                    if order["case_id"] == row["predecessor_id"]
                ), "charged anew on an order with prejudice"
                if what == "charge":
                    [move] = [m for m in new if m["case_id"] == row["id"]]
                    assert (move["transition"], move["by_id"] == machine) == ("serve-nta", False)
                    assert move["document"]
        followers = [
            row["predecessor_id"]
            for row in after["Case"]
            if row["predecessor_id"] and row["status"] not in {"nta-cancelled", "not-filed"}
        ]
        assert len(followers) == len({*followers}), "two new cases follow one"

    def check_events(self, after: dict[str, list[Any]]) -> None:
        keys = [
            (e["case_id"], e["source"], e["source_record"], e["kind"])
            for e in after["PostClosureEvent"]
        ]
        assert len(keys) == len({*keys}), "a notice that came twice is two events"
        told = {(n.case_id, n.source, n.source_record, n.kind) for n in self.notices}
        assert told <= {*keys}, "a notice was lost"

    def check_review(self, row: Any, moves: list[Any], after: dict[str, list[Any]]) -> None:
        """Who proposed, who approved, and what ended it, as the moves tell it."""
        outside = {one.pk for one in self.outsiders}
        assert not outside & {move["by_id"] for move in moves}
        since: dict[str, Any] = {}
        for move in moves:
            if move["transition"] == "return":
                since = {}
            since[move["transition"]] = move
        assert self.people[5].pk not in {m["by_id"] for name, m in since.items() if name != "open"}
        decided = {"approved", "filed", "recalendared", "reopened", "charged-anew", "refused"}
        if row["status"] in decided:
            assert since["propose"]["by_id"] != since["approve"]["by_id"], "one person alone"
            assert row["proposed_by_id"] == since["propose"]["by_id"]
            assert row["approved_by_id"] == since["approve"]["by_id"]
            assert row["tool"]
        if row["status"] in {"filed", "recalendared", "reopened"}:
            assert since["file"]["document"]
        if row["status"] in {"recalendared", "reopened"}:
            assert ENDS_AS[row["tool"]] == row["status"]
            assert any(
                order["case_id"] == row["case_id"]
                and order["recorded_at"] >= since["file"]["at"]
                and order["kind"] in {"recalendar", "reopen", "remand"}
                for order in after["CourtOrder"]
            )
        if row["status"] == "charged-anew":
            assert row["tool"] == "new-charging-document"
            assert any(
                case["predecessor_id"] == row["case_id"]
                and case["status"] not in {"pre-filing", "nta-cancelled", "not-filed"}
                for case in after["Case"]
            )
        [case] = [case for case in after["Case"] if case["id"] == row["case_id"]]
        if row["tool"] and row["status"] in {"approved", "filed"} and case["status"] in CLOSED:
            at_filing = since.get("file") or since["approve"]
            later = [
                m for m in after["Move"] if m["case_id"] == case["id"] and m["machine"] == "case"
            ]
            if not any(m["id"] > at_filing["id"] for m in later):
                assert row["tool"] in FITTING[case["status"]]

    def check_history(self, before: dict[str, list[Any]], after: dict[str, list[Any]]) -> None:
        """What was on record stays, and the old case is seen from the new one."""
        for name in ("Move", "PostClosureEvent"):
            assert after[name][: len(before[name])] == before[name]
        line = line_of(Case.objects.get(pk=self.first.pk))
        of_person = {c["id"] for c in after["Case"] if c["respondent_id"] == line[0].respondent_id}
        assert line[0] == self.first
        assert {case.pk for case in line} <= of_person
        followers = {c["id"] for c in after["Case"] if c["predecessor_id"]}
        assert {case.pk for case in line} == {self.first.pk, *followers}
        for case in line[1:]:
            assert line_of(case)[0] == self.first


class AnyRestart(TestCase):
    @settings(
        max_examples=25,
        deadline=None,
        phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink takes minutes
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(
        steps=st.lists(STEP, min_size=25, max_size=45),
        how=st.permutations(CLOSURES),
        with_prejudice=st.permutations([False, False, False, True]),
        begun=st.permutations([None, "arrest", "conviction"]),
    )
    def test_a_closed_case_goes_back_only_as_people_decide(self, steps, how, with_prejudice, begun):
        story = Story(how[0], with_prejudice=with_prejudice[0])
        story.begin(begun[0])
        before = story.seen()
        for what, who, number, likely in steps:
            try:
                story.step(what, who, number, likely=likely)
            except (TransitionRefused, PermissionDenied):
                after = story.seen()
                # The courts deliver a case before anyone tries to name it as the one that follows.
                assert changed(before, after) <= ({"Case"} if what == "successor" else set())
            else:
                after = story.seen()
                story.check(what, before, after)
            before = after
        for review in RestartReview.objects.all():
            event(f"a review {review.status}")
        event(f"{how[0]}: {Case.objects.get(pk=story.first.pk).status}")
        event(f"cases that follow: {Case.objects.exclude(predecessor=None).count()}")


def changed(before: dict[str, list[Any]], after: dict[str, list[Any]]) -> set[str]:
    return {name for name, rows in after.items() if rows != before[name]}
