"""The border in the admin: what stands is shown, and only who may records a determination."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse

from cases.access import of_user
from cases.admin.encounter_chart import chart_of
from cases.encounters.determine import hold
from cases.encounters.trigger import Act, Kind, periods, read
from cases.models import FactualDetermination, LegalHold
from screening.admin.case_page import CasePage
from tests.cases.encounters.series import daily
from tests.cases.encounters.test_determine import JULY_7, put_on_record, record
from tests.cast import make_case, office, staff

pytestmark = pytest.mark.django_db

STATUS = reverse("admin:cases_encountercount_status")
RECORD = reverse("admin:cases_factualdetermination_record")
HOLD = reverse("admin:cases_legalhold_record")
STOP = {
    "kind": "stop",
    "determined_on": "2024-07-09",
    "window_to": "2024-07-07",
    "document": "89 FR 0",
}


@pytest.fixture
def recorder(client):
    user = staff("record_determination", "record_legal_hold")
    client.force_login(user)
    return user


@pytest.fixture
def counts(clerk):
    put_on_record(daily(*[1400] * 62), by=clerk)


def text(response):
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_the_page_says_what_stands_and_what_the_counts_support(client, counts):
    client.force_login(staff())

    said = text(client.get(STATUS, {"on": "2024-07-15"}))

    assert "What stands on 2024-07-15 in effect" in said
    assert "by the proclamation itself" in said
    assert "The counts would support a determination" in said
    assert "1,400.00 a day, 9,800 in all" in said
    assert "Last below 1,500 before the day 2024-07-14" in said
    assert "Proclamation 10888 of 2025-01-20" in said
    assert "28 averages of seven days in a row" in said
    assert "Record a determination" not in said


def test_the_chart_is_drawn_without_style_or_script_of_its_own(client, counts):
    client.force_login(staff())

    page = client.get(STATUS, {"on": "2024-08-15"}).content.decode()
    (drawn,) = re.findall(r"<figure.*?</figure>", page, re.DOTALL)

    assert "<polyline" in drawn
    assert "1,500: below, stops" in drawn
    assert "2,500: starts" in drawn
    assert "in effect 2024-06-05 to" in drawn
    assert not re.search(r"style=|<style|<script|on\w+=", drawn)


def test_without_counts_the_page_says_what_fills_it(client):
    client.force_login(staff())

    page = client.get(STATUS, {"on": "2024-07-15"})

    assert "No daily counts between ports of entry are on record to this day." in text(page)
    assert "manage.py import_encounters FILE" in text(page)
    assert "<svg viewBox" not in page.content.decode().split('id="content-main"')[1]


@pytest.mark.parametrize("asked", [{"on": "yesterday"}, {"series": "all"}, {}])
def test_a_day_that_is_none_shows_today(client, counts, asked):
    client.force_login(staff())

    assert "What stands on" in text(client.get(STATUS, asked))


def test_after_the_last_day_the_page_says_that_it_is_history(client, counts):
    client.force_login(staff())

    said = text(client.get(STATUS, {"on": "2025-03-01"}))

    assert "What stands on 2025-03-01 historical" in said
    assert "whether 10888 is in effect is not said here" in said


def test_who_may_not_see_the_border_is_refused(client):
    nobody = staff()
    nobody.user_permissions.clear()
    client.force_login(nobody)

    for address in (STATUS, RECORD, HOLD):
        assert client.get(address).status_code == 403


def test_who_is_not_signed_in_is_asked_to(client):
    for address in (STATUS, RECORD, HOLD):
        assert client.get(address).status_code == 302


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_determination_takes_its_permission(client, counts, method):
    client.force_login(staff("record_legal_hold"))

    assert getattr(client, method)(RECORD, STOP).status_code == 403
    assert not FactualDetermination.objects.exists()


def test_who_may_records_a_determination_and_sees_it_pending(client, counts, recorder):
    assert "Record the determination" in text(client.get(RECORD))

    said = text(client.post(RECORD, STOP, follow=True))

    assert "Recorded. The seven days sum to 9,800." in said
    assert "It takes effect at 00:01, New York time, on 2024-07-23" in said
    made = FactualDetermination.objects.get()
    assert (made.recorded_by, made.sum7) == (recorder, 9_800)
    changed = client.post(
        reverse("admin:cases_factualdetermination_change", args=[made.pk]), {"document": "other"}
    )
    assert changed.status_code == 403


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"kind": "start"}, "goes on by itself"),
        ({"window_to": "2024-07-06"}, "not every daily count is on record"),
        ({"determined_on": ""}, "This field is required"),
        ({"kind": "lift"}, "Select a valid choice"),
    ],
)
def test_what_is_refused_keeps_what_was_typed_and_says_why(client, counts, recorder, given, reason):
    response = client.post(RECORD, STOP | given)

    assert reason in text(response)
    assert 'value="89 FR 0"' in response.content.decode()
    assert not FactualDetermination.objects.exists()


def test_a_revision_is_an_alert_on_the_page(client, counts, clerk, recorder):
    record(by=recorder)
    put_on_record(daily(*[1600] * 7), by=clerk, version=2)

    said = text(client.get(STATUS, {"on": "2024-07-25"}))

    assert "their sum was 9,800 and is 11,200" in said
    assert "What stands on 2024-07-25 discontinued" in said


def test_a_stay_is_recorded_shown_and_ended(client, counts, recorder):
    given = {"court": "D.D.C.", "order": "24-cv-1702", "begins_on": "2024-07-03"}
    said = text(client.post(HOLD, given, follow=True))
    assert "What stands on 2024-07-03 stayed by a court" in said
    assert "Stayed by D.D.C., 24-cv-1702, since 2024-07-03. The counting goes on." in said
    again = text(client.post(HOLD, given))
    assert "This order is on record." in again

    end = reverse("admin:cases_legalhold_end", args=[LegalHold.objects.get().pk])
    assert "began on 2024-07-03" in text(client.post(end, {"ends_on": "2024-07-01"}))
    said = text(client.post(end, {"ends_on": "2024-07-20"}, follow=True))

    assert "stayed from 2024-07-03 until 2024-07-20" in said
    assert [h.ends_on for h in LegalHold.objects.current()] == [date(2024, 7, 20)]


def test_a_stay_takes_its_permission(client, recorder):
    held = hold(court="D.D.C.", order="1", begins_on=date(2024, 7, 3), by=recorder)
    client.force_login(staff("record_determination"))
    end = reverse("admin:cases_legalhold_end", args=[held.pk])

    assert client.post(HOLD, {}).status_code == 403
    assert client.post(end, {"ends_on": "2024-08-01"}).status_code == 403
    client.force_login(recorder)
    missing = reverse("admin:cases_legalhold_end", args=["x"])
    assert client.get(missing).status_code == 404


# The chart


def test_a_day_that_is_not_on_record_breaks_the_line():
    days = read(daily(*[1400] * 10, None, *[1400] * 7, None, *[1400] * 20))

    drawn = chart_of(days, periods([]))

    assert (len(drawn.lines), len(drawn.dots)) == (2, 1)


def test_the_bands_are_the_times_in_effect():
    days = read(daily(*[1400] * 40))

    drawn = chart_of(days, periods([Act(Kind.STOP, JULY_7)]))

    (band,) = drawn.bands
    assert band.text == "in effect 2024-06-05 to 2024-07-21"
    assert (band.x, float(band.width)) == ("56.0", pytest.approx(776 * 20 / 39, abs=0.1))


def test_there_is_no_chart_of_nothing():
    assert chart_of([], periods([])) is None
    assert chart_of(read(daily(1, 2, 3)), periods([])) is None


# The page of a case


@pytest.mark.parametrize(
    ("entry_on", "said"),
    [
        (date(2024, 7, 1), "In a suspension period of Proclamation 10773."),
        (date(2023, 7, 1), "Before the suspension of Proclamation 10773."),
        (None, "Border suspension on that day not on record"),
    ],
)
def test_a_case_tells_its_day_of_entry_for_information_only(client, entry_on, said):
    case = make_case(entry_on=entry_on)
    reader = staff()
    office().staff.add(reader)
    client.force_login(reader)

    page = text(client.get(reverse("admin:cases_case_change", args=[case.pk])))

    assert said in page
    assert ("for information only: nothing else follows from it" in page) == bool(entry_on)


def test_a_case_is_not_changed_by_a_determination(counts, recorder):
    case = make_case(entry_on=date(2024, 7, 25))
    page = CasePage(case, user=recorder, access=of_user(recorder))

    record(by=recorder)

    assert page.entered_during.startswith("while no suspension")
    before = {**case.__dict__}
    case.refresh_from_db()
    assert {k: v for k, v in case.__dict__.items() if k in before and k != "_state"} == {
        k: v for k, v in before.items() if k != "_state"
    }
