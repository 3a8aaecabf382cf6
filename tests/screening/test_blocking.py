"""What keeps cases from being flagged is counted as if each case were looked at by itself."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from cases.access import Access
from cases.models import Case
from screening.blocking import blocking
from screening.explain import explain, remake
from screening.findings import Answer, Effect, WhenUnknown
from screening.gather import Selection
from screening.models import Determination
from screening.policies.release import policy_of, release_shipped
from screening.screen import screen
from tests.cast import make_case as case_of
from tests.cast import office, screened, staff
from tests.screening.dockets import fresh_checks, give, make_case
from tests.screening.examples import AS_OF
from tests.screening.test_oracle import random_docket

pytestmark = pytest.mark.django_db
EVERY_CASE = Access(offices=None, sees_protected=True)


def screen_all(by) -> None:
    screen(
        Selection(first=0, before=2**62),
        version=release_shipped("doyle-2"),
        as_of=AS_OF,
        known_at=now(),
        by=by,
    )


ONE_THING = (
    {"custody": "D"},
    {"custody": ""},
    {"family_links": 2},
    {"entry_on": date(2021, 5, 6)},
    {"entry_on": None},
    {"entry_manner": None, "entry_on": date(2021, 5, 6)},
    {},
)


@pytest.fixture
def docket(tmp_path, clerk, screener):
    """Random cases, of which most lack much, and some of which all is known but for one thing."""
    random_docket(5, 200, by=screener)
    for number, thing in enumerate(ONE_THING * 3, start=1):
        make_case(number, **thing)
        give(tmp_path / str(number), fresh_checks(number), by=clerk)
    for number, case in enumerate(Case.objects.order_by("pk")):
        if number % 3:
            Case.objects.filter(pk=case.pk).update(
                office=office("NYC" if number % 3 == 1 else "LOS")
            )
    screen_all(screener)


def by_hand(determinations):
    """Return what each case by itself says: the criteria, and what is missing."""
    decide = {Effect.EXCLUDE, Effect.REFER, Effect.BLOCK}
    cases, alone, leading, answers, missing, obtain = (Counter() for _ in range(6))
    obtain_alone = Counter()
    for determination in determinations:
        policy = policy_of(determination.policy_version)
        keeping = [
            (c, f)
            for c, f in zip(policy.criteria, remake(determination).findings, strict=True)
            if (f.answer is Answer.HOLDS and c.effect in decide)
            or (
                f.answer in {Answer.UNKNOWN, Answer.STALE}
                and c.when_unknown is not WhenUnknown.NOTE
            )
        ]
        assert bool(keeping) == (determination.outcome != "flagged")
        leading[determination.leading] += 1
        for c, f in keeping:
            cases[c.code] += 1
            alone[c.code] += len(keeping) == 1
            answers[c.code, f.answer.value] += 1
            if f.missing:
                missing[c.code, f.missing] += 1
        lacks = {f.missing for _, f in keeping}
        for what in lacks - {""}:
            obtain[what] += 1
            obtain_alone[what] += lacks == {what}
    return cases, alone, leading, answers, missing, obtain, obtain_alone


@pytest.mark.parametrize(
    "access",
    [
        pytest.param(EVERY_CASE, id="every case"),
        pytest.param(Access(offices=None), id="without those that 8 U.S.C. 1367 protects"),
        pytest.param("NYC", id="one office"),
        pytest.param(Access(), id="nothing"),
    ],
)
def test_the_counts_are_those_of_the_cases_one_by_one(docket, access):
    if access == "NYC":
        access = Access(offices=frozenset({office("NYC").pk}), sees_protected=True)
    seen = Determination.objects.filter(access.condition("case__"))

    found = blocking(access)

    cases, alone, leading, answers, missing, obtain, obtain_alone = by_hand(seen)
    assert found.cases == len(seen)
    assert found.kept == sum(d.outcome != "flagged" for d in seen)
    assert {b.criterion: b.cases for b in found.criteria} == cases
    for b in found.criteria:
        assert (b.alone, b.leading) == (alone[b.criterion], leading[b.criterion])
        assert b.cases == b.alone + b.with_others == sum(b.answers.values())
        assert b.answers == {a: answers[b.criterion, a] for a in ("holds", "unknown", "stale")}
        for what, n in b.missing.items():
            assert n == missing[b.criterion, what]
    assert {o.missing: o.cases for o in found.to_obtain} == obtain
    assert {o.missing: o.alone for o in found.to_obtain} == {w: obtain_alone[w] for w in obtain}


def test_a_criterion_that_keeps_a_case_alone_is_the_one_that_would_change_it(docket):
    alone = Counter(
        line.code
        for determination in Determination.objects.current()
        for line in explain(determination).criteria
        if line.would_change.get("clear") == "flagged"
    )

    assert set(alone) >= {"PR-01", "PR-05", "BS-01"}
    assert {b.criterion: b.alone for b in blocking(EVERY_CASE).criteria if b.alone} == alone


def test_the_office_narrows_and_widens_nothing(docket):
    nyc = Access(offices=frozenset({office("NYC").pk}), sees_protected=True)

    assert 0 < blocking(nyc, office="NYC").cases < blocking(EVERY_CASE).cases
    assert blocking(nyc, office="NYC") == blocking(nyc) == blocking(EVERY_CASE, office="NYC")
    assert blocking(nyc, office="LOS").cases == 0
    assert blocking(EVERY_CASE, policy="doyle-2") == blocking(EVERY_CASE)
    assert blocking(EVERY_CASE, policy="another").cases == 0


def test_what_is_superseded_is_not_counted(screener):
    case = make_case(1)
    screen_all(screener)
    Case.objects.filter(pk=case.pk).update(custody="D")
    screen_all(screener)

    found = blocking(EVERY_CASE)

    assert (Determination.objects.count(), found.cases) == (2, 1)
    assert "PR-01" in {b.criterion for b in found.criteria}


def test_one_missing_check_is_named_once_for_all_that_wait_for_it(tmp_path, clerk, screener):
    make_case(1)
    checks = [c for c in fresh_checks(1) if c.get("kind") != "fingerprint"]
    give(tmp_path / "a", checks, by=clerk)
    screen_all(screener)

    found = blocking(EVERY_CASE)

    (lacks,) = found.to_obtain
    assert (lacks.missing, lacks.cases, lacks.alone) == ("fingerprint check", 1, 1)
    assert lacks.criteria == sorted(b.criterion for b in found.criteria)
    assert not any(b.alone for b in found.criteria)


def test_three_queries_however_many_cases(docket, screener):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            blocking(Access(offices=None))
        return len(captured)

    before = queries()
    random_docket(6, 60, by=screener)
    screen_all(screener)

    assert queries() == before == 3


# The command and the page


def test_the_command_prints_what_blocks_and_what_to_obtain(docket):
    printed, as_json = StringIO(), StringIO()
    call_command("blocking", stdout=printed)
    call_command("blocking", "--json", "--office=NYC", "--policy=doyle-2", stdout=as_json)

    assert "What to obtain" in printed.getvalue()
    assert "BS-01 Unlawful entry" in printed.getvalue()
    assert json.loads(as_json.getvalue()) == blocking(EVERY_CASE, office="NYC").as_dict()


def test_the_command_says_what_is_not_there():
    printed = StringIO()
    call_command("blocking", stdout=printed)

    assert "No current determination" in printed.getvalue()
    for option in ("--office=NOWHERE", "--policy=nothing"):
        with pytest.raises(CommandError, match=option.partition("=")[2]):
            call_command("blocking", option)


PAGE = "/admin/screening/determination/blocking/"


@pytest.fixture
def two_offices(screener):
    for code in ("NYC", "LOS"):
        screened(case_of(office=office(code)), screener)
    screened(case_of(office=office("NYC"), protected=True), screener)


@pytest.mark.parametrize(
    ("permissions", "offices", "cases"),
    [
        pytest.param((), ["NYC"], 1, id="own office"),
        pytest.param(("view_protected",), ["NYC"], 2, id="own office with protected cases"),
        pytest.param(("view_all_offices", "view_protected"), [], 3, id="every office"),
        pytest.param((), [], 0, id="the outsider"),
    ],
)
def test_the_page_counts_what_the_reader_may_see(client, two_offices, permissions, offices, cases):
    reader = staff(*permissions)
    reader.offices.set([office(code) for code in offices])
    client.force_login(reader)

    page = client.get(PAGE)

    assert page.context["found"].cases == cases
    assert [o.code for o in page.context["offices"]] == (
        ["LOS", "NYC"] if "view_all_offices" in permissions else offices
    )
    assert client.get(PAGE, {"office": "LOS"}).context["found"].cases == (cases == 3)


def test_the_page_takes_the_permission(client):
    nobody = staff()
    nobody.user_permissions.clear()
    client.force_login(nobody)

    assert client.get(PAGE).status_code == 403
    assert reverse("admin:screening_determination_blocking") == PAGE


def test_the_page_leads_to_the_cases_whose_outcome_rests_on_a_criterion(client, two_offices):
    client.force_login(staff("view_all_offices", "view_protected"))
    text = client.get(PAGE, {"office": "NYC"}).content.decode()
    found = blocking(EVERY_CASE, office="NYC")
    (leads,) = [b for b in found.criteria if b.leading]

    assert f"?leading={leads.criterion}&amp;office=NYC" in text
    listed = client.get(
        reverse("admin:cases_case_changelist"), {"leading": leads.criterion, "office": "NYC"}
    )
    assert listed.context["cl"].result_count == leads.leading == 2
