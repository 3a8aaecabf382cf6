"""The admin's pages of reviews: queues, one page to work on, and nothing beyond what one may do."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.admin.queues import QUEUES
from cases.models import (
    Authority,
    Case,
    CourtOrder,
    FormOfDiscretion,
    Motion,
    Move,
    RecordRead,
    RespondentPosition,
    Review,
    SafeguardStep,
)
from cases.workflow import advance
from cases.workflow.court import Order, record_order
from cases.workflow.motions import draft_motion
from cases.workflow.ways import state_of
from screening.policies.release import release_shipped
from screening.screen import screen_case
from tests.cases.workflow.cast import (
    NOTE,
    ON,
    act,
    approved,
    case_in_court,
    filed,
    joins,
    make_review,
    person,
    proposing,
    ready,
)
from tests.cast import office, staff

pytestmark = pytest.mark.django_db
LIST = "admin:cases_review_changelist"
PROPOSAL = {
    "note": NOTE,
    "criteria": "mi-01, PS-11",
    "form": "dismissal:7",
    "consequences_read": "on",
}


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(f"{ON}T12:00:00-04:00", tick=False):
        yield


def reader(role: str, *more: str):
    """Return a person of the role who sees the pages."""
    user = person(role)
    names = ("view_review", "view_move", "view_case", *more)
    user.user_permissions.add(*Permission.objects.filter(codename__in=names))
    return user


@pytest.fixture
def attorney():
    return reader("attorney")


@pytest.fixture
def supervisor():
    return reader("supervisor")


@pytest.fixture
def recorder():
    return reader("recorder")


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(review, name="change", *more):
    return reverse(f"admin:cases_review_{name}", args=[review.pk, *more])


def opened(client, review):
    answer = client.get(page(review))
    assert answer.status_code == 200
    return answer.content.decode()


def post(client, review, name, *more, seen=None, **said):
    review.refresh_from_db()
    typed = {"seen": state_of(review) if seen is None else seen} | said
    return client.post(page(review, name, *more), typed)


def done(answer, review):
    assert answer.status_code == 302, answer.context["page"].refused.reasons
    assert answer.headers["location"] == page(review)


def refused(answer) -> list[str]:
    assert answer.status_code == 409
    return answer.context["page"].refused.reasons


# A whole way, by the buttons


def test_a_review_goes_from_the_queue_to_the_order(attorney, supervisor, recorder):
    review = make_review()
    theirs, above, court = browser(attorney), browser(supervisor), browser(recorder)

    done(post(theirs, review, "move", "take-up"), review)
    done(post(theirs, review, "move", "propose", **PROPOSAL), review)
    done(post(above, review, "move", "approve", note=NOTE, criteria="MI-01"), review)
    done(post(theirs, review, "move", "notify"), review)
    stated = {
        "position": "joins",
        "stated_on": ON,
        "stated_by": "counsel",
        "means": "letter",
        "language": "es",
        "interpreter": "unknown",
        "informed_of_consequences": "on",
    }
    done(post(theirs, review, "position", **stated), review)
    done(post(theirs, review, "move", "accept-position"), review)
    done(post(theirs, review, "draft"), review)
    motion = Motion.objects.get()
    done(post(above, review, "motion", motion.pk, "sign"), review)
    done(post(theirs, review, "move", "file", document="DOC-1"), review)
    order = {
        "kind": "dismiss",
        "motion": motion.pk,
        "ordered_on": ON,
        "ordered_by": "Immigration judge 12",
        "document": "ORDER-1",
    }
    done(post(court, review, "order", **order), review)

    review.refresh_from_db()
    assert review.status == Review.Status.GRANTED
    assert review.case.status == Case.Status.DISMISSED
    assert (review.ground, review.approved_by) == ("7", supervisor)
    assert Move.objects.get(transition="propose").criteria == ["MI-01", "PS-11"]
    text = opened(theirs, review)
    for said in ("Motion: Granted", "Case: Dismissed", "ORDER-1", "Rests on MI-01, PS-11"):
        assert said in text
    assert "The review has ended: motion granted." in text
    assert "<summary>" not in text.partition("The review has ended")[2].partition("</section>")[0]


def test_each_move_says_what_came_of_it(attorney):
    review = make_review()

    answer = browser(attorney).post(
        page(review, "move", "take-up"), {"seen": state_of(review)}, follow=True
    )

    assert [str(m) for m in answer.context["messages"]] == ["The review is with an attorney."]


# What the page shows


def test_a_closed_button_has_every_reason_beside_it(attorney):
    review = make_review(outcome="not-flagged", stale=True)
    advance(review, "take-up", act(attorney))

    text = opened(browser(attorney), review)

    buttons = {
        b.way.transition.name: b
        for b in browser(attorney).get(page(review)).context["page"].buttons
    }
    assert set(buttons) == {
        *("propose", "propose-against-screening", "decide", "decline", "propose-to-decline"),
        *("request-evidence", "suspend"),
    }
    assert len(buttons["propose"].way.blockers) == 2
    for reason in buttons["propose"].way.blockers:
        assert reason in text
    assert 'disabled aria-describedby="why-review-propose"' in text
    assert page(review, "move", "propose") not in text
    assert page(review, "move", "decline") in text


def test_what_one_may_not_do_is_closed_and_says_so(attorney):
    review = approved(make_review(), by=attorney, supervisor=person("supervisor"))

    buttons = browser(attorney).get(page(review)).context["page"].buttons

    assert {b.way.transition.name: b.way.blockers for b in buttons if b.way.blockers} == {
        "rescind": ["You are not permitted to do this."]
    }


@pytest.mark.parametrize("name", ["open", "screen", "approve-in-batch", "granted", "dance"])
def test_what_is_no_move_of_a_person_has_no_address(supervisor, name):
    assert post(browser(supervisor), make_review(), "move", name).status_code == 404


def test_the_forms_stand_side_by_side_with_the_authority_in_the_circuit(attorney):
    text = opened(browser(attorney), make_review())

    for said in (
        "Administrative closure",
        "Dismissal on motion of DHS",
        "What ends",
        "Work permit",
        "circuit 2",
        "8 CFR 1003.18(c), 89 FR 46742",
    ):
        assert said in text
    assert "Charging document not filed" not in text


def test_a_decided_review_shows_what_its_own_form_means(attorney, supervisor):
    review = approved(make_review(), by=attorney, supervisor=supervisor)

    shown = browser(attorney).get(page(review)).context["page"].compared

    assert [choice.form.pk for choice in shown] == ["dismissal"]


def test_the_name_is_for_who_may_see_respondents(attorney):
    review = make_review()

    assert "Falsename" not in opened(browser(attorney), review)
    assert "Falsename, Nobody" in opened(browser(reader("attorney", "view_respondent")), review)


def test_reading_a_review_is_on_record(attorney):
    review = make_review()

    opened(browser(attorney), review)

    read = RecordRead.objects.get()
    assert (read.case_uuid, read.user, read.channel) == (review.case.uuid, attorney, "admin")


def test_a_page_costs_the_same_however_much_has_happened(attorney):
    review = make_review(case_in_court(represented=False))
    client = browser(attorney)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            opened(client, review)
        return len(captured)

    joins(review, attorney)
    advance(review, "suspend", act(attorney))
    queries()
    before = queries()
    for _ in range(3):
        advance(review, "resume", act(attorney))
        advance(review, "suspend", act(attorney))
        joins(review, attorney)

    assert queries() == before < 60


# What is refused


def test_criteria_that_hold_are_chosen_and_others_written(attorney):
    review = make_review()
    advance(review, "take-up", act(attorney))
    Review.objects.update(holds=["MI-01", "MI-07"])
    given = PROPOSAL | {"held": ["MI-07"], "criteria": "ps-11; MI-07"}

    done(post(browser(attorney), review, "move", "propose", **given), review)

    assert Move.objects.get(transition="propose").criteria == ["MI-07", "PS-11"]


def test_a_refused_move_shows_every_reason_and_keeps_what_was_typed(attorney):
    review = make_review()
    advance(review, "take-up", act(attorney))
    client = browser(attorney)

    answer = post(client, review, "move", "propose", note="short & sweet", criteria="MI-01")

    assert refused(answer) == [
        "Give the reason, in at least 20 characters.",
        "Choose the form of discretion.",
        "Read what the form means for the respondent, and say that you have.",
    ]
    text = answer.content.decode()
    assert "short &amp; sweet</textarea>" in text
    assert 'value="MI-01"' in text
    assert '<details class="way" name="way" id="review-propose" open>' in text
    review.refresh_from_db()
    assert review.status == Review.Status.ATTORNEY_REVIEW


def test_a_form_without_its_ground_or_its_authority_is_refused(attorney):
    review = make_review()
    advance(review, "take-up", act(attorney))
    client = browser(attorney)

    with time_machine.travel("2026-11-24T12:00:00-05:00", tick=False):
        client.force_login(attorney)
        Review.objects.update(valid_until=date(2027, 1, 1))
        given = PROPOSAL | {"form": "administrative-closure:"}
        unsettled = refused(post(client, review, "move", "propose", **given))
        given |= {"authority": "Matter of Avetisyan, 25 I&N Dec. 688 (BIA 2012)"}
        done(post(client, review, "move", "propose", **given), review)

    assert unsettled == [
        "Which authority supports this motion is unsettled: cite the ground by hand."
    ]


@pytest.mark.parametrize(
    ("name", "said", "reason"),
    [
        ("criteria", "no such code!", "is not the code of a criterion"),
        ("note", "x" * 5001, "at most 5000 characters"),
        ("form", "pardon:1", "pardon:1 is not one of the available choices"),
    ],
)
def test_what_cannot_be_read_is_said_by_its_field_and_kept(attorney, name, said, reason):
    review = make_review()
    advance(review, "take-up", act(attorney))

    answer = post(browser(attorney), review, "move", "propose", **(PROPOSAL | {name: said}))

    assert any(reason in sentence for sentence in refused(answer))
    assert NOTE in answer.content.decode() or name == "note"


def test_who_reads_what_has_changed_since_is_told_and_loses_nothing(attorney):
    review = make_review()
    advance(review, "take-up", act(attorney))
    seen = state_of(review)
    joins(review, attorney)

    answer = post(browser(attorney), review, "move", "propose", seen=seen, **PROPOSAL)

    assert refused(answer) == [
        "It has changed since you read it. Read it again; what you wrote is still here."
    ]
    assert f"{NOTE}</textarea>" in answer.content.decode()
    assert f'value="{state_of(review)}"' in answer.content.decode()


def test_what_was_typed_is_kept_where_the_form_is_gone(attorney, supervisor):
    review = make_review()
    advance(review, "take-up", act(attorney))
    seen = state_of(review)
    advance(review, "propose", proposing(attorney))

    answer = post(browser(attorney), review, "move", "decline", seen=seen, note=NOTE)

    assert refused(answer)
    assert dict(answer.context["page"].lost) == {"Reason": NOTE}
    assert "What you wrote:" in answer.content.decode()


def test_without_the_permission_a_move_is_forbidden(attorney, supervisor):
    review = make_review()
    advance(review, "take-up", act(attorney))
    advance(review, "propose", proposing(attorney))

    answer = post(browser(attorney), review, "move", "approve", note=NOTE, criteria="MI-01")

    assert answer.status_code == 403


def test_who_proposed_does_not_approve(supervisor):
    review = make_review()
    advance(review, "take-up", act(supervisor))
    advance(review, "propose", proposing(supervisor))
    client = browser(supervisor)

    assert "You proposed this; someone else must decide." in opened(client, review)
    assert refused(post(client, review, "move", "approve", note=NOTE, criteria="MI-01")) == [
        "You proposed this; someone else must decide."
    ]


@pytest.mark.parametrize(
    ("stated", "reason"),
    [
        ({"position": "joins"}, "Say who stated it: silence is no statement."),
        ({"position": "opposes", "stated_by": "self"}, "Give the reasons of the opposition."),
        ({"position": ""}, "Position: This field is required."),
        ({"position": "joins", "language": "Spanish"}, "Language: Enter a valid value."),
    ],
)
def test_a_position_that_cannot_be_is_refused_and_kept(attorney, stated, reason):
    review = make_review()
    given = {"stated_on": ON, "stated_by": "nobody", "means": "phone", "reasons": "“None.”"}
    if stated["position"] == "opposes":
        given["reasons"] = " "

    answer = post(browser(attorney), review, "position", **(given | stated))

    assert reason in refused(answer)
    assert '<option value="phone" selected>' in answer.content.decode()
    assert not RespondentPosition.objects.exists()


def test_a_safeguard_is_done_with_what_came_of_it(attorney, recorder):
    review = make_review(case_in_court(represented=False))
    client = browser(attorney)
    assert "Give the list of those who help without a fee." in opened(client, review)

    assert refused(post(client, review, "safeguard", "help-list", note=" ")) == [
        "Say what was done."
    ]
    done(post(client, review, "safeguard", "help-list", note="Handed over."), review)
    assert post(client, review, "safeguard", "dance", note="x").status_code == 404
    assert post(browser(recorder), review, "safeguard", "plain-notice", note="x").status_code == 403

    assert "Handed over." in opened(client, review)
    assert refused(post(client, review, "safeguard", "help-list", note="again")) == [
        "It was done already."
    ]


def test_a_motion_is_drafted_once_and_signed_by_another(attorney, supervisor):
    review = make_review()
    client = browser(attorney)
    assert "Draft the motion" not in opened(client, review)
    assert len(refused(post(client, review, "draft"))) == 1
    advance(review, "take-up", act(attorney))
    advance(review, "decide", proposing(attorney))
    assert "Draft the motion" in opened(client, review)
    assert "You are not permitted to draft motions." in opened(browser(reader("clerk")), review)

    done(post(client, review, "draft"), review)
    motion = Motion.objects.get()

    assert "Only you have decided it: someone else must sign." in opened(client, review)
    assert refused(post(client, review, "motion", motion.pk, "sign")) == [
        "Only you have decided it: someone else must sign."
    ]
    done(post(browser(supervisor), review, "motion", motion.pk, "sign"), review)
    assert post(client, review, "motion", motion.pk, "file").status_code == 404
    assert "signed by" in opened(client, review)


def test_an_order_that_cannot_be_is_refused_and_kept(attorney, supervisor, recorder):
    review = make_review()
    filed(review, by=attorney, supervisor=supervisor)
    client = browser(recorder)
    chosen = client.get(page(review)).context["page"].order_form.initial["motion"]
    given = {"kind": "dismiss", "motion": chosen, "ordered_by": "Judge 12", "document": ""}

    answer = post(client, review, "order", **given)

    assert refused(answer) == [
        "Name the document of the act.",
        "Give the day of the act; it is not in the future.",
    ]
    assert 'value="Judge 12"' in answer.content.decode()
    assert chosen == Motion.objects.get().pk
    assert not CourtOrder.objects.exists()
    assert post(browser(attorney), review, "order", **given, ordered_on=ON).status_code in {
        403,
        409,
    }
    assert "You are not permitted to record orders." in opened(browser(attorney), review)


def appeal(**change):
    return {
        "transition": "appeal",
        "happened_on": ON,
        "actor": "Counsel",
        "document": "EOIR-26-1",
    } | change


def test_an_act_that_is_no_order_is_recorded_and_the_case_follows(recorder):
    review = make_review(case_in_court(status="dismissed", completed_on=ON))
    client = browser(recorder)
    offered = dict(client.get(page(review)).context["page"].act_form.fields["transition"].choices)
    assert set(offered) == {"", "appeal", "begin-expedited-removal"}

    done(post(client, review, "act", **appeal()), review)

    case = Case.objects.get()
    assert (case.status, case.completed_on) == (Case.Status.ON_APPEAL, None)
    assert "EOIR-26-1" in opened(client, review)
    # It stood dismissed before the appeal, so nothing else can be affirmed.
    offered = dict(client.get(page(review)).context["page"].act_form.fields["transition"].choices)
    assert set(offered) == {"", "affirm-dismissed"}


def test_an_act_sent_twice_is_recorded_once(recorder):
    review, client = make_review(), browser(recorder)
    seen = state_of(review)

    done(post(client, review, "act", seen=seen, **appeal(transition="hearing")), review)
    again = post(client, review, "act", seen=seen, **appeal(transition="hearing"))

    assert len(refused(again)) == 1
    assert Move.objects.filter(machine="case").count() == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"transition": "file-nta"}, "What was done: Select a valid choice."),
        ({"transition": ""}, "What was done: This field is required."),
        ({"transition": "dismiss"}, "What was done: Select a valid choice."),
        ({"transition": "affirm-dismissed"}, "The case is pending."),
        ({"document": ""}, "Name the document of the act."),
        ({"actor": ""}, "Name who acted."),
        ({"happened_on": "2999-01-01"}, "Give the day of the act; it is not in the future."),
    ],
)
def test_an_act_that_cannot_be_is_refused_and_kept(recorder, change, reason):
    review = make_review()
    given = appeal(transition="hearing") | change

    answer = post(browser(recorder), review, "act", **given)

    assert any(said.startswith(reason) for said in refused(answer))
    assert f'value="{given["document"] or given["actor"]}"' in answer.content.decode()
    assert not Move.objects.filter(machine="case").exists()


def test_who_records_no_orders_records_no_acts(attorney):
    review = make_review()

    assert post(browser(attorney), review, "act", **appeal(transition="hearing")).status_code == 403
    assert "Record an act" not in opened(browser(attorney), review)


def test_an_order_is_corrected_where_it_stands(recorder):
    review = make_review()
    order = record_order(
        review.case, Order(kind="dismiss"), act(recorder, actor="Judge 12", document="ORDER-1")
    )
    client = browser(recorder)
    given = {"happened_on": ON, "actor": "Judge 21", "document": "ORDER-1", "note": NOTE}

    assert refused(post(client, review, "correct", order.pk, **given | {"note": "no"})) == [
        "Give the reason, in at least 20 characters."
    ]
    done(post(client, review, "correct", order.pk, **given), review)

    text = opened(client, review)
    assert "by Judge 21" in text
    assert "corrected since" in text
    assert f"Corrected: {NOTE}" in text
    assert text.count("Correct it") == 1


def test_only_who_records_orders_corrects_them_and_only_of_this_case(attorney, recorder):
    review, another = make_review(), make_review()
    order = record_order(another.case, Order(kind="dismiss"), act(recorder))
    given = {"happened_on": ON, "actor": "Judge 21", "document": "ORDER-1", "note": NOTE}

    assert post(browser(recorder), review, "correct", order.pk, **given).status_code == 404
    assert post(browser(attorney), another, "correct", order.pk, **given).status_code == 403
    assert "Correct it" not in opened(browser(attorney), another)


# Addresses


def addresses(review, motion) -> list[str]:
    return [
        page(review, "move", "take-up"),
        page(review, "position"),
        page(review, "safeguard", "help-list"),
        page(review, "draft"),
        page(review, "motion", motion.pk, "sign"),
        page(review, "order"),
        page(review, "act"),
    ]


@pytest.fixture
def everything(attorney, supervisor):
    review = make_review(case_in_court(represented=False))
    SafeguardStep.objects.update(done_at="2024-08-15T00:00:00Z", done_by=attorney, note=NOTE)
    return review, ready(review, by=attorney, supervisor=supervisor)


def test_nothing_is_done_without_the_form_token(attorney, everything):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(attorney)

    for address in [*addresses(*everything), reverse("admin:cases_review_open")]:
        assert strict.post(address, {"seen": state_of(everything[0])}).status_code == 403


def test_nothing_is_done_by_looking(attorney, everything):
    client = browser(attorney)
    moves = Move.objects.count()

    for address in addresses(*everything):
        assert client.get(address).headers["location"] == page(everything[0])

    assert Move.objects.count() == moves


@pytest.mark.parametrize("hidden", ["another office", "protected", "not known to be unprotected"])
def test_the_outsider_finds_none_of_it(hidden, everything):
    review, motion = everything
    outsider = staff("review_case", "open_review", "approve_closure", "record_court_act")
    office("LOS" if hidden == "another office" else "NYC").staff.add(outsider)
    if hidden != "another office":
        respondent = review.case.respondent
        respondent.protected_1367 = None if hidden.startswith("not known") else True
        respondent.save()
    client = browser(outsider)

    assert client.get(reverse(LIST)).context["cl"].result_count == 0
    assert {many for _, many in client.get(reverse(LIST)).context["queues"]} == {"0"}
    assert client.get(page(review)).status_code == 302
    for address in addresses(review, motion):
        assert client.post(address, {"seen": state_of(review)}).status_code == 404
    opening = client.post(
        reverse("admin:cases_review_open"), {"case": review.case_id, "origin": "respondent"}
    )
    assert opening.status_code == 404
    assert client.get(reverse("admin:cases_move_changelist")).context["cl"].result_count == 0


def test_who_may_not_see_reviews_is_refused(everything):
    nobody = person("attorney")
    client = browser(nobody)

    assert client.get(reverse(LIST)).status_code == 403
    assert client.get(page(everything[0])).status_code == 403
    for address in addresses(*everything):
        assert client.post(address).status_code == 403


# Screened again


def screened_review(by, *, outcome: str) -> Review:
    """Return a review of a case that was screened, with another outcome where one is given."""
    case, version = case_in_court(), release_shipped("doyle-2")
    determination = screen_case(case, version=version, as_of=ON, by=by)
    assert determination is not None
    return make_review(case, outcome=outcome or determination.outcome)


def test_a_review_is_screened_again_from_its_page():
    screens = reader("attorney", "add_determination")
    review = screened_review(screens, outcome="")
    client = browser(screens)
    at = reverse("admin:cases_case_screen", args=[review.case_id])
    assert at in opened(client, review)

    answer = client.post(at, follow=True)

    assert [str(m) for m in answer.context["messages"]] == ["Screened as of today: insufficient."]
    review.refresh_from_db()
    assert (review.status, review.screened_as_of) == (Review.Status.SCREENED, ON)


def test_what_is_found_otherwise_suspends_what_is_in_hand(attorney):
    screens = reader("attorney", "add_determination")
    review = screened_review(screens, outcome="flagged")
    advance(review, "take-up", act(attorney))
    at = reverse("admin:cases_case_screen", args=[review.case_id])

    answer = browser(screens).post(at, follow=True)

    assert [str(m) for m in answer.context["messages"]] == [
        "Screened as of today: insufficient. The review is suspended."
    ]


def test_without_a_policy_in_force_nothing_is_screened():
    screens = reader("attorney", "add_determination")
    review = make_review()
    Review.objects.update(policy="")
    at = reverse("admin:cases_case_screen", args=[review.case_id])

    answer = browser(screens).post(at, follow=True)

    assert [str(m) for m in answer.context["messages"]] == [
        "No policy is in force today, nor was the case screened."
    ]


def test_only_who_may_screen_does_and_only_what_one_may_see(attorney):
    review = make_review()
    at = reverse("admin:cases_case_screen", args=[review.case_id])
    outsider = staff("add_determination")
    office("LOS").staff.add(outsider)

    assert at not in opened(browser(attorney), review)
    assert browser(attorney).post(at).status_code == 403
    assert browser(outsider).post(at).status_code == 404
    insider = browser(reader("attorney", "add_determination"))
    assert insider.get(at).headers["location"] == page(review)


# Queues


def one_in_every_queue(attorney, supervisor) -> dict[str, Review]:
    found = {name: make_review() for name in ("to-take-up", "attorney", "supervisor")}
    for name in ("to-notify", "position", "to-file", "in-court", "suspended", "waiting", "ended"):
        found[name] = make_review(outcome="insufficient" if name == "waiting" else "flagged")
    for name in ("attorney", "supervisor", "ended"):
        advance(found[name], "take-up", act(attorney))
    advance(found["supervisor"], "propose", proposing(attorney))
    approved(found["to-notify"], by=attorney, supervisor=supervisor)
    approved(found["position"], by=attorney, supervisor=supervisor)
    advance(found["position"], "notify", act(attorney))
    ready(found["to-file"], by=attorney, supervisor=supervisor)
    filed(found["in-court"], by=attorney, supervisor=supervisor)
    advance(found["suspended"], "suspend", act(attorney))
    advance(found["waiting"], "request-evidence", act(attorney))
    advance(found["ended"], "propose-to-decline", act(attorney))
    advance(found["ended"], "approve-decline", act(supervisor))
    return found


def test_every_review_is_in_its_queue_and_counted_there(attorney, supervisor):
    expected = one_in_every_queue(attorney, supervisor)
    client = browser(attorney)

    for name, review in expected.items():
        answer = client.get(reverse(LIST), {"queue": name})
        assert list(answer.context["cl"].result_list) == [review], name
        counts = {queue.name: many for queue, many in answer.context["queues"]}
        assert name == "ended" or counts[name] == "1"
    assert counts["mine"] == "6"
    assert set(expected) | {"mine", "overdue"} == {queue.name for queue in QUEUES}
    assert client.get(reverse(LIST)).context["cl"].result_count == len(expected)


def test_what_is_late_is_overdue(attorney, supervisor):
    unanswered, answered, in_court = make_review(), make_review(), make_review()
    for review in (unanswered, answered):
        approved(review, by=attorney, supervisor=supervisor)
        advance(review, "notify", act(attorney))
        joins(
            review,
            attorney,
            position="notice-sent",
            stated_by="nobody",
            informed_of_consequences=False,
        )
    joins(answered, attorney)
    filed(in_court, by=attorney, supervisor=supervisor)
    client = browser(attorney)

    def late(days):
        with time_machine.travel(ON + timedelta(days=days, hours=12), tick=False):
            client.force_login(attorney)
            return list(client.get(reverse(LIST), {"queue": "overdue"}).context["cl"].result_list)

    assert late(0) == []
    assert late(20) == [in_court]
    assert late(40) == [unanswered, in_court]


def test_a_list_of_reviews_costs_the_same_queries_however_long_it_is(attorney, supervisor):
    client = browser(attorney)
    one_in_every_queue(attorney, supervisor)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(LIST), {"queue": "mine"}).status_code == 200
        return len(captured)

    queries()
    before = queries()
    one_in_every_queue(attorney, supervisor)

    assert queries() == before <= 22


def test_an_empty_queue_says_what_it_is_for(attorney):
    text = browser(attorney).get(reverse(LIST), {"queue": "suspended"}).content.decode()

    assert "Something new has come up" in text
    assert "No reviews to show" in text


def test_a_queue_narrows_and_stays_the_queue(attorney):
    flagged, _refer = make_review(), make_review(outcome="refer")
    client = browser(attorney)

    narrowed = client.get(
        reverse(LIST), {"queue": "to-take-up", "outcome": "flagged", "office": "NYC"}
    )

    assert list(narrowed.context["cl"].result_list) == [flagged]
    assert '<input type="hidden" name="queue" value="to-take-up">' in narrowed.content.decode()
    for term, count in ((flagged.case.idncase, 1), (flagged.uuid, 1), ("Falsename", 0), ("0", 0)):
        assert client.get(reverse(LIST), {"q": term}).context["cl"].result_count == count


# From the case's page


def case_page(client, case):
    return client.get(reverse("admin:cases_case_change", args=[case.pk])).content.decode()


def test_a_review_is_opened_from_the_case_at_ones_own_word(attorney):
    case, client = case_in_court(), browser(attorney)
    text = case_page(client, case)
    assert "Open a review" in text
    assert 'value="attorney"' in text
    assert 'value="supervisor"' not in text

    to = client.post(
        reverse("admin:cases_review_open"), {"case": case.pk, "origin": "attorney"}
    ).headers["location"]

    review = Review.objects.get()
    assert to == page(review)
    assert (review.origin, review.opened_by) == ("attorney", attorney)
    assert "It waits to be screened" in opened(client, review)
    text = case_page(client, case)
    assert page(review) in text
    assert "Open a review" not in text


def test_a_second_review_is_refused_with_its_reason(attorney):
    review = make_review()
    client = browser(attorney)

    answer = client.post(
        reverse("admin:cases_review_open"),
        {"case": review.case_id, "origin": "attorney"},
        follow=True,
    )

    assert "A review of this case is open already." in answer.content.decode()


def test_a_review_at_anothers_word_is_forbidden(attorney):
    given = {"case": case_in_court().pk, "origin": "supervisor"}

    assert browser(attorney).post(reverse("admin:cases_review_open"), given).status_code == 403
    assert not Review.objects.exists()


def test_who_may_not_open_reviews_is_offered_none(recorder):
    text = case_page(browser(recorder), case_in_court())

    assert "Open a review" not in text
    assert "No review of this case has been opened." in text


def test_who_may_not_see_reviews_is_told_of_none():
    user = person("attorney")
    user.user_permissions.add(Permission.objects.get(codename="view_case"))

    text = case_page(browser(user), make_review().case)

    assert "review of this case" not in text.lower()


# The law


def lawyer():
    return staff("change_formofdiscretion", "add_authority", "change_authority")


def as_typed(form: FormOfDiscretion, **changed) -> dict:
    typed = {
        name: getattr(form, name)
        for name in (
            *("name", "legal_basis", "effective_from", "decided_by", "motion_code"),
            *("available_in", "ends", "survives", "work_permit", "refiling", "exposure"),
        )
    }
    return typed | {"grounds": "", "effective_to": ""} | changed


def test_who_keeps_the_law_changes_a_form_and_its_grounds():
    client = browser(lawyer())
    form = FormOfDiscretion.objects.get(pk="dismissal")
    url = reverse("admin:cases_formofdiscretion_change", args=["dismissal"])
    assert "7 | Circumstances have changed" in client.get(url).content.decode()

    answer = client.post(
        url, as_typed(form, grounds="7 | Changed | 8 CFR 239.2(a)(7)\n\nx | Y | Z", ends="All.")
    )

    assert answer.status_code == 302
    form.refresh_from_db()
    assert form.ends == "All."
    assert form.grounds == [
        {"code": "7", "text": "Changed", "citation": "8 CFR 239.2(a)(7)"},
        {"code": "x", "text": "Y", "citation": "Z"},
    ]


@pytest.mark.parametrize(
    ("grounds", "reason"),
    [
        ("7 | Changed", "Ground 1 needs a code, a text and a citation"),
        ("7 |  | Z", "Ground 1 needs a code, a text and a citation"),
        ("a | B | C\na | D | E", "Two grounds have the same code."),
        ("a:b | B | C", "The code of ground 1"),
        ("abcdefghijklm | B | C", "The code of ground 1"),
    ],
)
def test_grounds_that_cannot_be_read_are_refused_and_kept(grounds, reason):
    client = browser(lawyer())
    form = FormOfDiscretion.objects.get(pk="dismissal")

    answer = client.post(
        reverse("admin:cases_formofdiscretion_change", args=["dismissal"]),
        as_typed(form, grounds=grounds),
    ).content.decode()

    assert reason in answer
    assert grounds.splitlines()[0] in answer


def test_an_authority_is_added_by_who_keeps_the_law():
    answer = browser(lawyer()).post(
        reverse("admin:cases_authority_add"),
        {
            "form": "dismissal",
            "citation": "Matter of Nobody",
            "holding": "Plainly false.",
            "standing": "opposes",
            "circuits": ["2", "DC"],
            "effective_from": "2026-01-01",
            "effective_to": "",
        },
    )

    assert answer.status_code == 302
    assert Authority.objects.get(citation="Matter of Nobody").circuits == ["2", "DC"]


def test_the_others_read_the_law_and_nobody_deletes_it():
    reads, keeps = browser(staff()), browser(lawyer())
    form = reverse("admin:cases_formofdiscretion_change", args=["dismissal"])

    assert reads.get(form).status_code == 200
    assert (
        reads.post(form, as_typed(FormOfDiscretion.objects.get(pk="dismissal"))).status_code == 403
    )
    assert reads.get(reverse("admin:cases_authority_add")).status_code == 403
    delete = reverse("admin:cases_formofdiscretion_delete", args=["dismissal"])
    assert keeps.post(delete, {"post": "yes"}).status_code == 403
    assert keeps.get(reverse("admin:cases_authority_changelist")).status_code == 200


# Moves


def test_moves_are_listed_with_who_and_what(attorney, supervisor):
    review = make_review()
    approved(review, by=attorney, supervisor=supervisor)
    client = browser(attorney)

    listed = client.get(reverse("admin:cases_move_changelist"), {"machine": "review"})
    move = Move.objects.get(transition="approve")
    text = client.get(reverse("admin:cases_move_change", args=[move.pk])).content.decode()

    assert listed.context["cl"].result_count == 5
    assert supervisor.username in listed.content.decode()
    assert NOTE in text
    assert page(review) in text


def test_a_motion_of_another_review_is_not_moved_from_here(attorney, supervisor):
    review, other = make_review(), make_review()
    approved(other, by=attorney, supervisor=supervisor)
    motion = draft_motion(other, act(attorney))

    assert post(browser(supervisor), review, "motion", motion.pk, "sign").status_code == 404
