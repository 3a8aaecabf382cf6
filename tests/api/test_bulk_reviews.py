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


def test_a_client_may_choose_among_the_offices_it_sees():
    make_case(office=office("LOS"))
    caller = of_office("LOS")
    caller_body = {**BODY, "offices": ["LOS"]}

    accepted = caller.post(URL, caller_body, headers={"Idempotency-Key": "a"})
    refused = caller.post(
        URL, {**BODY, "offices": ["LOS", "NYC"]}, headers={"Idempotency-Key": "b"}
    )

    assert accepted.status_code == 202
    (error,) = problem(refused, 400, "invalid")["errors"]
    assert (error["pointer"], error["code"]) == ("/offices/1", "unknown")
    assert BulkReview.objects.count() == 1


def cancel(caller, url, tag, key="c"):
    headers = {"Idempotency-Key": key} | ({"If-Match": tag} if tag else {})
    return caller.post(f"{url}cancellations/", {}, headers=headers)


def test_only_the_state_one_has_seen_can_be_cancelled():
    make_case()
    caller = http(make_client(all_offices=True))
    url = post(caller)["Location"]
    tag = caller.get(url)["ETag"]

    problem(cancel(caller, url, None), 428, "precondition-required")
    problem(cancel(caller, url, '"planned"'), 412, "precondition-failed")
    cancelled = cancel(caller, url, tag)

    assert (cancelled.status_code, cancelled.json()["status"]) == (201, "cancelled")
    assert cancel(caller, url, tag).json() == cancelled.json()
    problem(cancel(caller, url, tag, "d"), 412, "precondition-failed")
    problem(cancel(caller, url, cancelled["ETag"], "e"), 409, "ended")
    problem(cancel(of_office("LOS"), url, tag), 404, "not-found")
    assert bulk.work(BulkReview.objects.get()) is False


def test_the_policies_are_read_with_their_law():
    caller = http(make_client("policies:read"))

    (listed,) = caller.get("/api/v1/policies/").json()["results"]
    policy = caller.get(listed["url"]).json()

    assert all(c["citation"] for c in policy["criteria"])
    assert policy["document"].startswith("#")
    problem(caller.get("/api/v1/policies/doyle-2/99999999999/"), 404, "not-found")
