"""The pages of the statistics: the same counts for everyone, the cases behind them by access."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO, StringIO

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission, User
from django.core.management import call_command
from django.urls import reverse
from openpyxl import load_workbook

from cases.models import Case, Proceeding, PublishedFigure
from cases.statistics import release
from cases.statistics.dimensions import By
from cases.statistics.kinds import CLOSURES
from tests.cast import make_case, office, staff

pytestmark = pytest.mark.django_db
HASHERS = settings.PASSWORD_HASHERS
COMPLETIONS = "admin:cases_completioncount_changelist"
PAGES = [COMPLETIONS, "admin:cases_publishedfigure_changelist", "admin:cases_ratecount_changelist"]
FILES = [
    f"admin:cases_{model}_{kind}"
    for model in ("completioncount", "publishedfigure", "ratecount")
    for kind in ("csv", "xlsx")
]


def close(case: Case, on: str = "2023-01-10", code: str = "U") -> None:
    Proceeding.objects.create(
        idnproceeding=case.idncase,
        case=case,
        case_type="RMV",
        base_city="NYC",
        decision_code=code,
        completed_on=date.fromisoformat(on),
    )


@pytest.fixture(autouse=True)
def record():
    """Three dismissals among a dozen removals; one of the dismissed is of another office."""
    for _ in range(2):
        close(make_case())
    close(make_case(office=office("LOS")))
    for _ in range(12):
        close(make_case(), code="X")
    PublishedFigure.objects.create(
        measure="eoir_completions_total",
        period="FY2023",
        since=date(2022, 10, 1),
        until=date(2023, 9, 30),
        value=20,
        source="EOIR",
    )
    release.refresh()


@pytest.fixture
def cast(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *HASHERS]
    call_command("demo_users", stdout=StringIO())
    return {user.username: user for user in User.objects.filter(is_staff=True)}


@pytest.mark.parametrize("role", ["clerk", "screener", "reviewer", "supervisor"])
@pytest.mark.parametrize("address", [*PAGES, *FILES])
def test_every_role_reads_the_statistics(client, cast, role, address):
    client.force_login(cast[role])

    assert client.get(reverse(address)).status_code == 200


@pytest.mark.parametrize("address", [*PAGES, *FILES])
def test_without_the_permission_nothing_answers(client, address):
    nobody = staff()
    nobody.user_permissions.clear()
    client.force_login(nobody)

    assert client.get(reverse(address)).status_code == 403


@pytest.mark.parametrize("by", list(By))
def test_what_is_drawn_is_drawn_without_style(client, cast, by):
    client.force_login(cast["supervisor"])

    text = client.get(reverse(COMPLETIONS), {"by": by.value, "exact": "1"}).content.decode()

    assert 'class="drawing" role="img"' in text
    assert "style=" not in re.sub(r"<link[^>]*>", "", text)


@pytest.mark.parametrize("by", list(By))
def test_every_dimension_has_its_table(client, cast, by):
    client.force_login(cast["supervisor"])

    text = client.get(reverse(COMPLETIONS), {"by": by.value}).content.decode()

    assert "withheld" in text


def test_small_counts_are_shown_only_to_who_sees_every_case_and_asks(client, cast):
    def told(role, **asked):
        client.force_login(cast[role])
        line = client.get(reverse(COMPLETIONS), asked).context["lines"][0]
        return line["cells"][0].count, line["kinds"][CLOSURES.index("dismissed")].count

    assert told("supervisor", exact="1") == (15, 3)
    assert told("supervisor") == (15, None)
    for role in ("reviewer", "clerk", "screener"):
        assert told(role, exact="1") == (15, None), role


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_is_taken_away_has_small_counts_withheld_whoever_asks(client, cast, kind):
    client.force_login(cast["supervisor"])

    answer = client.get(reverse(f"admin:cases_completioncount_{kind}"), {"exact": "1"})

    if kind == "csv":
        head, row = answer.content.decode().splitlines()
        told = dict(zip(head.split(","), row.split(","), strict=True))
    else:
        head, row = load_workbook(BytesIO(answer.content))["Table"].values
        told = dict(zip(head, row, strict=True))
    assert told["dismissed"] == told["removal_ordered"] == "withheld"
    assert str(told["completions"]) == "15"
    assert "attachment" in answer.headers["Content-Disposition"]


def test_behind_a_figure_are_the_cases_that_one_may_see(client, cast):
    address = reverse("admin:cases_completioncount_cases")
    asked = {"by": "fiscal-year", "year": 2023, "kind": "dismissed"}
    reader = staff()
    office().staff.add(reader)
    outsider = staff()

    found = {}
    for name, user in (("all", cast["supervisor"]), ("office", reader), ("none", outsider)):
        client.force_login(user)
        found[name] = len(client.get(address, asked).context["found"])

    assert found == {"all": 3, "office": 2, "none": 0}
    outsider.user_permissions.remove(Permission.objects.get(codename="view_case"))
    assert client.get(address, asked).status_code == 403


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"by": "form", "year": 2023, "kind": "dismissed"},
        {"by": "month", "year": 2023, "kind": "all", "group": "13"},
        {"by": "court", "year": "x", "kind": "all"},
        {"by": "court", "year": 2023, "kind": "everything"},
    ],
)
def test_behind_no_figure_is_no_page(client, cast, asked):
    client.force_login(cast["supervisor"])

    assert client.get(reverse("admin:cases_completioncount_cases"), asked).status_code == 404


def test_months_to_date_narrow_the_cases_as_well(client, cast):
    close(make_case(), on="2023-08-10")
    client.force_login(cast["supervisor"])
    asked = {"by": "fiscal-year", "year": 2023, "kind": "dismissed", "to": 1}

    text = client.get(reverse("admin:cases_completioncount_cases"), asked)

    assert len(text.context["found"]) == 3


def test_a_question_that_cannot_be_answered_says_so(client, cast):
    client.force_login(cast["supervisor"])

    text = client.get(reverse(COMPLETIONS), {"by": "court", "to": 3}).content.decode()

    assert "not by court" in text


def test_published_figures_stand_beside_ours_with_their_source(client, cast):
    client.force_login(cast["supervisor"])

    text = client.get(reverse("admin:cases_publishedfigure_changelist")).content.decode()

    assert "EOIR" in text
    assert 'rowspan="1">15<' in text


@pytest.mark.parametrize("address", PAGES)
def test_a_page_costs_the_same_queries_however_much_is_on_record(
    client, cast, address, django_assert_max_num_queries
):
    client.force_login(cast["supervisor"])

    with django_assert_max_num_queries(25):
        client.get(reverse(address))


def test_nothing_can_be_entered(client, cast):
    client.force_login(cast["supervisor"])

    for model in ("completioncount", "publishedfigure", "ratecount"):
        assert client.get(reverse(f"admin:cases_{model}_add")).status_code == 403
        assert client.get(reverse(f"admin:cases_{model}_change", args=[1])).status_code == 404
