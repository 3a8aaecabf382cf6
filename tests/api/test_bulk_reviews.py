"""Bulk reviews: started once, confined to the caller's offices, read by who may see them."""

import pytest

from screening import bulk
from screening.models import BulkReview
from screening.policies.release import release_shipped
from tests.api.test_cases import problem
from tests.cast import http, make_case, make_client, office

pytestmark = pytest.mark.django_db
URL = "/api/v1/bulk-reviews/"
BODY = {"policy": "doyle-2", "as_of": "2024-01-15"}


@pytest.fixture(autouse=True)
def policy(db):
    return release_shipped("doyle-2")


def post(caller, key="k1"):
    return caller.post(URL, BODY, headers={"Idempotency-Key": key})


def of_office(code):
    client = make_client()
    client.offices.add(office(code))
    return http(client)


def test_a_bulk_review_is_accepted_watched_and_read():
    make_case()
    caller = http(make_client(all_offices=True))

    accepted = post(caller)
    assert accepted.status_code == 202
    assert post(caller).json() == accepted.json()
    review = BulkReview.objects.get()
    before = caller.get(accepted["Location"]).json()
    assert (before["status"], before["progress"]["cases_done"]) == ("running", 0)
    assert bulk.work(review)

    after = caller.get(accepted["Location"]).json()
    assert (after["status"], after["progress"]["cases_done"]) == ("completed", 1)
    result = caller.get(accepted["Location"] + "result/").json()
    assert (result["cases"], sum(result["outcomes"].values())) == (1, 1)


def test_a_client_with_offices_reviews_only_those():
    make_case()
    here = make_case(office=office("LOS"))

    post(of_office("LOS"))
    review = BulkReview.objects.get()
    bulk.work(review)

    assert review.office_ids == [here.office_id]
    assert bulk.result(review).cases == 1


def test_a_review_is_visible_only_to_who_may_see_all_its_offices():
    make_case()
    post(http(make_client(all_offices=True)), "all")
    everywhere = BulkReview.objects.get()
    post(of_office("NYC"), "one")
    outsider = of_office("LOS")

    assert outsider.get(URL).json()["results"] == []
    problem(outsider.get(f"{URL}{everywhere.uuid}/"), 404, "not-found")
    problem(outsider.get(f"{URL}{everywhere.uuid}/result/"), 404, "not-found")
    assert len(of_office("NYC").get(URL).json()["results"]) == 1
    assert len(http(make_client(all_offices=True)).get(URL).json()["results"]) == 2


def test_a_client_without_offices_starts_nothing():
    problem(post(http(make_client())), 403, "permission-denied")
    assert not BulkReview.objects.exists()
