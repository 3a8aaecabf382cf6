"""Closed cases in the admin: scoped to the office, and every button a function of the record."""

from __future__ import annotations

import re
from datetime import date
from itertools import count

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.admin.aftermath_forms import ANYTHING
from cases.aftermath import Filing, file_charge, recharge, record_event, record_filing
from cases.models import (
    Case,
    ContactChange,
    OnwardFiling,
    PostClosureEvent,
    RecordRead,
    RestartReview,
)
from cases.workflow import advance
from tests.cases.workflow.cast import (
    NOTE,
    ON,
    act,
    approved_restart,
    case_in_court,
    closed_case,
    going_back,
    notice,
    noticed,
    person,
    reachable,
)

pytestmark = pytest.mark.django_db
LISTS = ("postclosureevent", "restartreview", "onwardfiling", "contactchange")
RECEIPTS = count(1)
EVENT = {
    "kind": "conviction",
    "happened_on": "2024-09-01",
    "source": "state-court",
    "source_record": "R1",
    "trust": "court",
}


def reads(user, *, names: bool = True):
    """Let them see the pages, and the respondents if `names`."""
    seen = Permission.objects.filter(
        codename__in=[f"view_{name}" for name in (*LISTS, "case", *["respondent"] * names)]
    )
    user.user_permissions.add(*seen)
    return user


@pytest.fixture
def attorney(client):
    user = reads(person("attorney"))
    client.force_login(user)
    return user


@pytest.fixture
def case():
    return closed_case("close-administratively")


def at(name, *args):
    return reverse(f"admin:cases_{name}", args=args)


def text(response):
    assert response.status_code == 200, response
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def everything(case) -> None:
    noticed(case)
    reachable(case)
    record_filing(
        case,
        Filing(form="I-130", filed_on=ON, receipt=f"IOE{next(RECEIPTS):010}"),
        act(person("clerk")),
    )


def test_an_event_is_recorded_and_opens_a_review(client, attorney, case):
    page = text(client.get(at("postclosureevent_record", case.pk)))
    assert "it never brings a case back" in page

    answer = client.post(at("postclosureevent_record", case.pk), EVENT)

    assert answer.url == at("restartreview_case", case.pk)
    event = PostClosureEvent.objects.get()
    assert (event.kind, event.happened_on, event.recorded_by) == (
        "conviction",
        date(2024, 9, 1),
        attorney,
    )
    assert RestartReview.objects.get().case == case


def test_what_is_refused_is_said_on_the_form(client, attorney):
    pending = case_in_court()

    said = text(client.post(at("postclosureevent_record", pending.pk), EVENT))

    assert "events are of closed cases" in said
    assert not PostClosureEvent.objects.exists()


def test_a_review_is_taken_through_by_its_buttons(client, attorney, case):
    review = noticed(case)
    page = at("restartreview_change", review.pk)
    assert "Take up" in text(client.get(page))
    client.post(at("restartreview_move", review.pk, "take-up"), {"note": ""})
    form = text(client.get(at("restartreview_move", review.pk, "propose")))
    assert "The status of applications outside of the proceedings" in form

    said = text(client.post(at("restartreview_move", review.pk, "propose"), {"note": NOTE}))
    assert "Choose the way back." in said
    factors = dict.fromkeys(review_factors(), "Weighed.")
    given = {"note": NOTE, "tool": "recalendar", "authority": "By hand", **factors}
    client.post(at("restartreview_move", review.pk, "propose"), given)

    review.refresh_from_db()
    assert (review.status, review.tool) == ("supervisor-review", "recalendar")
    assert review.factors == factors
    said = text(client.get(page))
    assert "You are not permitted to do this." in said
    assert "Weighed." in said
    assert ANYTHING not in said


def test_only_recalendaring_asks_for_the_factors(client, attorney):
    review = noticed(closed_case("dismiss"))
    client.post(at("restartreview_move", review.pk, "take-up"))

    form = text(client.get(at("restartreview_move", review.pk, "propose")))

    assert "new charging document" in form
    assert "outside of the proceedings" not in form


def review_factors():
    return going_back(person("attorney"), "recalendar").factors


def test_filing_says_what_is_in_the_way(client, attorney, case):
    supervisor = person("supervisor")
    review = approved_restart(case, "recalendar", by=attorney, supervisor=supervisor)

    assert "No address is on record" in text(client.get(at("restartreview_change", review.pk)))
    filing = {"document": "M-1", "happened_on": "2024-09-02"}
    assert "No address" in text(client.post(at("restartreview_move", review.pk, "file"), filing))
    reachable(case)
    client.post(at("restartreview_move", review.pk, "file"), filing)

    review.refresh_from_db()
    assert review.status == RestartReview.Status.FILED


def test_a_move_by_who_may_not_is_forbidden(client, case):
    review = noticed(case)
    client.force_login(reads(person("recorder")))

    assert client.post(at("restartreview_move", review.pk, "take-up")).status_code == 403
    assert client.post(at("restartreview_move", review.pk, "open")).status_code == 404
    assert client.post(at("restartreview_move", review.pk, "nothing")).status_code == 404


def test_a_review_is_opened_by_hand_with_its_reason(client, attorney, case):
    assert "Give the reason" in text(client.post(at("restartreview_open", case.pk), {}))

    client.post(at("restartreview_open", case.pk), {"note": NOTE})

    assert RestartReview.objects.get().opened_by == attorney


def test_a_filing_is_recorded_with_what_follows_from_it(client, attorney):
    case = closed_case("dismiss", filing_channel="affirmative")
    given = {"form": "I-589", "filed_on": "2024-09-02", "receipt": "ioe0000000001"}

    answer = client.post(at("onwardfiling_record", case.pk), given, follow=True)

    assert "intends to issue a new notice to appear" in text(answer)
    made = OnwardFiling.objects.get()
    assert (made.receipt, made.keeps_original_date) == ("IOE0000000001", False)
    corrected = given | {
        "replaces": made.pk,
        "proof_of_order": "on",
        "proof_of_prior_filing": "on",
    }
    client.post(at("onwardfiling_record", case.pk), corrected)
    assert OnwardFiling.objects.get(superseded_at=None).keeps_original_date
    bad = text(client.post(at("onwardfiling_record", case.pk), given | {"receipt": "1"}))
    assert "three letters and ten digits" in bad


def test_contact_is_recorded_and_mail_that_came_back(client, attorney, case):
    given = {
        "kind": "address",
        "text": "1 False Street",
        "changed_on": "2024-09-02",
        "source": "AR-11",
    }
    client.post(at("contactchange_record", case.pk), given)
    client.post(at("contactchange_returned", case.pk), {"returned_on": "2024-09-20"})

    assert ContactChange.objects.get(superseded_at=None).returned_on == date(2024, 9, 20)
    assert "mail came back Sept. 20, 2024" in text(client.get(at("restartreview_case", case.pk)))
    assert "came back 2024-09-20" in text(client.get(at("contactchange_changelist")))


def test_addresses_and_receipts_are_for_those_who_may_see_the_respondent(client, case):
    everything(case)
    change, filing = ContactChange.objects.get(), OnwardFiling.objects.get()
    pages = [
        at("restartreview_case", case.pk),
        at("contactchange_changelist"),
        at("contactchange_change", change.pk),
        at("onwardfiling_changelist"),
        at("onwardfiling_change", filing.pk),
    ]

    client.force_login(reads(person("attorney"), names=False))
    hidden = " ".join(text(client.get(page)) for page in pages)
    client.force_login(reads(person("attorney")))
    shown = " ".join(text(client.get(page)) for page in pages)

    for secret in ("False Street", filing.receipt):
        assert secret not in hidden
        assert secret in shown


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("close-administratively", "it is still pending, and off the calendar"),
        ("dismiss", "was dismissed: there is no case in court any more"),
        ("terminate", "was terminated: there is no case in court any more"),
    ],
)
def test_the_page_of_a_closed_case_shows_what_is_open(client, attorney, how, said):
    case = closed_case(how)
    everything(case)

    page = text(client.get(at("restartreview_case", case.pk)))

    assert said in page
    assert "This is no advice." in page
    assert "Cancellation of removal" in page
    assert "On record: I-130" in page
    assert RecordRead.objects.filter(case_uuid=case.uuid, user=attorney).exists()


def test_a_case_that_is_pending_has_nothing_after(client, attorney):
    page = text(client.get(at("restartreview_case", case_in_court().pk)))

    assert "The case is not closed" in page
    assert "Cancellation of removal" not in page


def test_a_restarted_case_shows_its_predecessor_and_the_old_one_its_successor(client, attorney):
    recorder = person("recorder")
    old = closed_case()
    record_event(old, notice(old), act(person("clerk")))
    new = recharge(old, act(recorder))
    file_charge(new, act(recorder), idncase=930_001)

    of_new = text(client.get(at("restartreview_case", new.pk)))
    assert f"case {old.idncase}" in of_new
    assert "dismissed" in of_new.lower()
    assert f"Follows case {old.idncase}" in text(client.get(at("case_change", new.pk)))
    assert "Followed by case 930001" in text(client.get(at("case_change", old.pk)))
    assert "what was noticed, filed" in text(client.get(at("case_change", new.pk)))


def test_an_outsider_finds_nothing(client, case):
    everything(case)
    review = RestartReview.objects.get()
    client.force_login(reads(person("attorney", at="LOS")))

    for name in LISTS:
        assert "0 " in text(client.get(at(f"{name}_changelist")))
        model = {m._meta.model_name: m for m in (PostClosureEvent, RestartReview)}.get(name)
        if model is not None:
            one = at(f"{name}_change", model.objects.get().pk)
            assert client.get(one).status_code == 302
    for page in (
        at("restartreview_case", case.pk),
        at("restartreview_open", case.pk),
        at("restartreview_move", review.pk, "take-up"),
        at("postclosureevent_record", case.pk),
        at("onwardfiling_record", case.pk),
        at("contactchange_record", case.pk),
        at("contactchange_returned", case.pk),
    ):
        assert client.get(page).status_code == 404, page


def test_who_may_not_see_the_pages_is_turned_away(client, case):
    client.force_login(person("attorney"))

    for page in (at("restartreview_case", case.pk), at("postclosureevent_record", case.pk)):
        assert client.get(page).status_code == 403


@pytest.mark.parametrize("name", LISTS)
def test_a_list_costs_the_same_however_long_it_is(client, attorney, name):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(at(f"{name}_changelist")).status_code == 200
        return len(captured)

    everything(closed_case())
    queries()
    before = queries()
    for how in ("terminate", "close-administratively", "dismiss"):
        everything(closed_case(how))

    assert queries() == before


def test_lists_are_searched_by_the_case_and_filtered(client, attorney, case):
    everything(case)
    other = noticed(closed_case("dismiss"), "arrest", trust="tip")

    events = at("postclosureevent_changelist")
    assert "1 post closure event" in text(client.get(events, {"q": str(case.idncase)}))
    assert "0 post closure events" in text(client.get(events, {"q": "Falsename"}))
    assert "1 post closure event" in text(client.get(events, {"kind": "arrest"}))
    reviews = at("restartreview_changelist")
    advance(other, "close", act(attorney))
    assert "1 restart review" in text(client.get(reviews, {"status": "no-action"}))
    assert "1 onward filing" in text(client.get(at("onwardfiling_changelist"), {"form": "I-130"}))
    assert "0 contact" in text(client.get(at("contactchange_changelist"), {"kind": "counsel"}))
    assert Case.objects.count() == 2
