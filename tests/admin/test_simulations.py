"""The pages of simulations: who may start one and see one, and what they tell."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from django.urls import reverse

from cases.models import Case
from screening.models import Simulation
from screening.policies import simulate
from screening.policies.release import SHIPPED, release_shipped
from screening.policies.texts import of_draft, of_version
from tests.cast import AS_OF, make_case, office, staff

pytestmark = pytest.mark.django_db
NEW = reverse("admin:screening_simulation_new")
LIST = reverse("admin:screening_simulation_changelist")
DRAFT = (
    (SHIPPED / "doyle-2.yaml")
    .read_text()
    .replace("label: Detained", "label: =HYPERLINK(1)")
    .replace(
        "when_unknown: refer\n    params: {values: [D]}",
        "when_unknown: insufficient\n    params: {values: [D]}",
    )
)


@pytest.fixture
def docket():
    for _ in range(12):
        make_case(custody="")
    for _ in range(11):
        make_case(office=office("LOS"))


def lawyer(*offices: str, everywhere: bool = False, starts: bool = True):
    """Return a member of staff who may simulate."""
    granted = ["simulate_policy"] * starts + ["view_all_offices"] * everywhere
    user = staff(*granted)
    for code in offices:
        office(code).staff.add(user)
    return user


def of(simulation: Simulation, page: str = "change") -> str:
    return reverse(f"admin:screening_simulation_{page}", args=[simulation.pk])


def simulated(by, office_ids=None) -> Simulation:
    present = of_version(release_shipped("doyle-2"))
    simulation = simulate.plan(of_draft(DRAFT), present, as_of=AS_OF, by=by, office_ids=office_ids)
    while simulate.work(simulation):
        pass
    return simulation


def answers(**given):
    return {"present": release_shipped("doyle-2").pk, "as_of": "2024-01-15"} | given


def test_a_draft_is_simulated_from_the_form(client, docket):
    client.force_login(lawyer(everywhere=True))

    assert NEW in client.get(LIST).content.decode()
    assert "Proposed policy" in client.get(NEW).content.decode()
    started = client.post(NEW, answers(proposed_draft=DRAFT))

    simulation = Simulation.objects.get()
    assert started.headers["location"] == of(simulation)
    assert simulation.status == Simulation.Status.RUNNING
    assert simulation.office_ids is None
    assert simulation.present_version == release_shipped("doyle-2")
    assert simulation.proposed_version is None
    assert (
        "The result is shown when every chunk is done"
        in client.get(of(simulation)).content.decode()
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param({}, "Choose a released version, or give", id="nothing proposed"),
        pytest.param({"proposed_draft": "code: [", "as_of": "2024-01-15"}, "line 1", id="no YAML"),
        pytest.param({"proposed_draft": "code: x"}, "version: this key is missing", id="no policy"),
        pytest.param({"proposed_draft": DRAFT, "as_of": "soon"}, "valid date", id="no day"),
        pytest.param({"proposed_draft": DRAFT, "present": ""}, "Choose a released", id="one only"),
        pytest.param({"proposed_draft": "x" * 200_001}, "at most 200000", id="too long"),
    ],
)
def test_what_cannot_be_simulated_is_said_beside_its_field(client, given, said):
    client.force_login(lawyer(everywhere=True))

    answer = client.post(NEW, answers(**given))

    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not Simulation.objects.exists()


def test_both_a_version_and_a_draft_are_one_too_many(client):
    client.force_login(lawyer(everywhere=True))
    version = release_shipped("doyle-2").pk

    client.post(NEW, answers(proposed=version, proposed_draft=DRAFT))

    assert not Simulation.objects.exists()


def test_one_simulates_over_the_offices_one_sees(client, docket):
    client.force_login(lawyer("NYC"))

    chosen = client.post(NEW, answers(proposed_draft=DRAFT, offices=[office("LOS").pk]))
    assert chosen.status_code == 200  # no such choice
    client.post(NEW, answers(proposed_draft=DRAFT))

    assert Simulation.objects.get().office_ids == [office("NYC").pk]


def test_offices_are_chosen(client, docket):
    client.force_login(lawyer(everywhere=True))

    client.post(NEW, answers(proposed_draft=DRAFT, offices=[office("LOS").pk]))

    assert Simulation.objects.get().office_ids == [office("LOS").pk]


def test_without_the_permission_nothing_is_started(client, docket, screener):
    simulation = simulate.plan(of_draft(DRAFT), of_draft(DRAFT), as_of=AS_OF, by=screener)
    client.force_login(lawyer(everywhere=True, starts=False))

    assert client.get(NEW).status_code == client.post(NEW, answers()).status_code == 403
    assert client.post(of(simulation, "cancel")).status_code == 403
    assert NEW not in client.get(LIST).content.decode()
    assert "Cancel" not in client.get(of(simulation)).content.decode()


def test_without_an_office_nothing_is_started(client):
    client.force_login(lawyer())

    assert client.get(NEW).status_code == 403


@pytest.mark.parametrize("page", ["change", "progress", "tables", "cancel"])
def test_the_outsider_sees_none(client, docket, screener, page):
    everywhere = simulated(screener)
    of_los = simulated(screener, [office("LOS").pk])
    client.force_login(lawyer("NYC"))

    for simulation in (everywhere, of_los):
        # Django sends who asks for a row that is not visible back to the index.
        assert client.get(of(simulation, page)).status_code == (302 if page == "change" else 404)
    nobody = lawyer()
    nobody.user_permissions.clear()
    client.force_login(nobody)
    assert client.get(of(everywhere, page)).status_code == 403


def test_who_may_simulate_may_see(client, docket, screener):
    simulation = simulated(screener)
    user = lawyer(everywhere=True)
    user.user_permissions.set(
        user.user_permissions.filter(codename__in=["simulate_policy", "view_all_offices"])
    )
    client.force_login(user)

    assert client.get(LIST).status_code == client.get(of(simulation)).status_code == 200


def test_the_page_tells_what_would_change(client, docket, screener):
    simulation = simulated(screener)
    client.force_login(lawyer(everywhere=True))

    text = client.get(of(simulation)).content.decode()

    for said in (
        "doyle-2 version 2 (draft) against doyle-2 version 2",
        "Outcome by outcome",
        "By nationality",
        "Withheld: fewer than 10",
        str(simulation.uuid),
        simulation.proposed_sha256,
        "=HYPERLINK(1)",
    ):
        assert said in text


def test_example_cases_are_those_one_may_see(client, docket, screener):
    simulation = simulated(screener)
    drawn = {pk for ids in simulation.examples.values() for pk in ids}
    hidden = Case.objects.filter(pk__in=drawn).first() or Case.objects.first()
    hidden.respondent.protected_1367 = True
    hidden.respondent.save()
    client.force_login(lawyer(everywhere=True))

    shown = {
        case.pk for _, cases in client.get(of(simulation)).context["examples"] for case in cases
    }

    assert shown == drawn - {hidden.pk}


def test_the_tables_are_taken_away_as_text(client, docket, screener):
    simulation = simulated(screener)
    client.force_login(lawyer(everywhere=True))

    answer = client.get(of(simulation, "tables"))

    rows = list(csv.reader(StringIO(answer.content.decode(), newline="")))
    assert answer.headers["content-type"].startswith("text/csv")
    assert rows[0] == ["table", "row", "column", "cases"]
    assert ["total", "unchanged", "", str(simulation.totals["unchanged"])] in rows
    assert {row[0] for row in rows} >= {"simulation", "outcome", "office", "nationality"}
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


def test_there_are_no_tables_before_its_end(client, docket, screener):
    simulation = simulate.plan(of_draft(DRAFT), of_draft(DRAFT), as_of=AS_OF, by=screener)
    client.force_login(lawyer(everywhere=True))

    assert client.get(of(simulation, "tables")).status_code == 404
    far = client.get(of(simulation, "progress")).json()
    assert far["status"] == "running"
    assert (far["progress"]["cases"], far["progress"]["cases_done"]) == (23, 0)


def test_a_running_one_is_cancelled(client, docket, screener):
    simulation = simulate.plan(of_draft(DRAFT), of_draft(DRAFT), as_of=AS_OF, by=screener)
    client.force_login(lawyer(everywhere=True))

    for _ in range(2):  # the second is told that it has ended
        assert client.post(of(simulation, "cancel")).status_code == 302

    simulation.refresh_from_db()
    assert simulation.status == Simulation.Status.CANCELLED
    assert "It has not come to its end" in client.get(of(simulation)).content.decode()
