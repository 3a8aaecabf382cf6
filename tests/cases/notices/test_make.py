"""What is made: every consequence, the deadline, the order; and nothing of the screening."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction

from cases.models import (
    Case,
    CourtOrder,
    FormOfDiscretion,
    Motion,
    Notice,
    Office,
    Respondent,
    Review,
)
from cases.notices import NotTranslated, make_notice, objections, preview
from cases.notices.catalogue import CONSEQUENCES, catalogue
from cases.workflow import TransitionRefused, advance
from tests.cases.notices.cast import (
    FORM_OF,
    closed,
    decided,
    drafted,
    text_of,
    with_order,
    words,
)
from tests.cases.workflow.cast import ON, act, filed, make_review, person

pytestmark = pytest.mark.django_db
CONSIDERATION, ORDER = "notice-of-consideration", "notice-of-order"
INTERNAL = ("flagged", "refer", "screen", "doyle", "PS-11", "MI-01", "criteri", "determination")
both_languages = pytest.mark.parametrize("language", ["en", "es"])


@both_languages
@pytest.mark.parametrize("form", ["dismissal", "administrative-closure", "termination"])
def test_a_notice_has_every_consequence_the_deadline_and_the_right_to_oppose(form, language):
    review = decided(form)
    texts = catalogue(language)
    said = texts.form(FormOfDiscretion.objects.get(pk=form))

    text = text_of(preview(review, CONSIDERATION, language, ON))

    for sentence in (said.name, said.what, *(getattr(said, name) for name in CONSEQUENCES)):
        assert words(sentence) in text
    assert text.count(texts.day(date(2024, 9, 16))) == 3  # thirty days end on a Saturday
    document = texts.document(CONSIDERATION)
    for key in ("you_may_oppose", "oppose", "silence", "help_list", "help_where", "no_decision"):
        assert words(document[key]) in text
    for code, ground in texts.grounds.get(form, {}).items():
        assert (words(ground) in text) == (code == review.ground)
    assert (texts.ground in text) == bool(review.ground)
    assert "1 False Street, Room 2 Nowhere, NY 00000 answers@example.gov" in text
    assert "Nobody Falsename" in text
    assert f"A {review.case.respondent.a_number[:3]} " in text
    assert texts.counsel["yes"] in text
    assert "\ufffd" not in text
    assert "$" not in text


def test_both_notices_say_that_the_other_language_is_there():
    review = decided()

    assert catalogue("es").also in text_of(preview(review, CONSIDERATION, "en", ON))
    assert catalogue("en").also in text_of(preview(review, CONSIDERATION, "es", ON))


@pytest.mark.parametrize(
    ("represented", "told", "last"),
    [(True, "yes", date(2024, 9, 16)), (False, "no", date(2024, 9, 30)), (None, "unknown", None)],
)
def test_who_has_no_counsel_has_longer_and_not_known_counts_as_none(represented, told, last):
    review = decided(represented=represented)

    text = text_of(preview(review, CONSIDERATION, "en", ON))

    assert catalogue("en").counsel[told] in text
    assert catalogue("en").day(last or date(2024, 9, 30)) in text


def test_what_is_made_is_what_was_looked_at_and_is_on_record_whole():
    review, clerk = decided(), person("clerk")
    seen = preview(review, CONSIDERATION, "es", ON)

    notice = make_notice(review, CONSIDERATION, "es", act(clerk))

    assert bytes(notice.pdf) == seen
    assert notice.sha256 == hashlib.sha256(seen).hexdigest()
    assert (notice.language, notice.dated_on) == ("es", ON)
    assert notice.answer_due_on == date(2024, 9, 16)
    assert (notice.form_id, notice.made_by) == ("dismissal", clerk)
    assert len(notice.template_version) == 64
    assert notice.sent_on is None
    assert str(notice) == f"notice-of-consideration {notice.pk}"


def test_the_deadline_counts_from_the_day_on_which_it_is_to_be_sent():
    review, clerk = decided(), person("clerk")

    notice = make_notice(review, CONSIDERATION, "en", act(clerk), sending_on=date(2024, 8, 19))

    assert notice.answer_due_on == date(2024, 9, 18)
    assert "September 18, 2024" in text_of(bytes(notice.pdf))
    with pytest.raises(TransitionRefused, match="a day that has passed"):
        make_notice(review, CONSIDERATION, "en", act(clerk), sending_on=date(2024, 8, 1))


@pytest.mark.parametrize("kind", FORM_OF)
def test_a_motion_says_its_ground_its_authority_and_the_position(kind):
    motion = drafted(kind)

    notice = make_notice(motion.review, kind, "en", act(person("attorney")))

    text = text_of(bytes(notice.pdf))
    assert notice.motion == motion
    assert words(motion.authority) in text
    assert catalogue("en").document(kind)["title"].upper() in text.upper()
    assert catalogue("en").motions.positions["none-sought"] in text
    assert "NON-DETAINED" in text
    assert "January 1, 2020" in text
    for ground in motion.form.grounds:
        assert (words(ground["text"]) in text) == (ground["code"] == motion.ground)
    assert "$" not in text


@pytest.mark.parametrize("kind", [*FORM_OF, "motion-to-recalendar"])
def test_nothing_of_the_screening_reaches_the_court(kind):
    review = closed() if kind == "motion-to-recalendar" else drafted(kind).review
    Review.objects.filter(pk=review.pk).update(
        hits=["PS-11"], holds=["PS-11", "MI-01"], against_screening=True, outcome="refer"
    )
    review.refresh_from_db()

    pdf = preview(review, kind, "en", ON)

    text = text_of(pdf)
    for word in INTERNAL:
        assert word.lower() not in text.lower()
    for move in review.moves.exclude(note=""):
        assert move.note not in text
    for person_ in (review.proposed_by, review.approved_by, review.opened_by):
        assert person_.get_username() not in text


def test_the_reasons_of_a_decision_change_nothing_in_a_motion():
    motion = drafted("motion-to-dismiss")
    before = preview(motion.review, "motion-to-dismiss", "en", ON)
    Review.objects.filter(pk=motion.review_id).update(
        hits=["NS-01"], holds=["NS-01"], outcome="not-flagged", policy="nopd-2017:1", engine="9"
    )

    again = preview(Review.objects.get(pk=motion.review_id), "motion-to-dismiss", "en", ON)

    assert again == before


def test_a_joint_motion_says_so():
    review = make_review()
    motion = filed(review, by=person("attorney"), supervisor=person("supervisor"))

    text = text_of(preview(motion.review, "motion-to-dismiss", "en", ON))

    assert "JOINT" in text.upper()
    assert "The respondent joins this motion." in text


def test_a_motion_to_recalendar_says_since_when_the_case_is_closed():
    text = text_of(preview(closed(), "motion-to-recalendar", "en", ON))

    assert "closed them administratively on August 15, 2024" in text
    assert "MOTION TO RECALENDAR" in text.upper()


@both_languages
@pytest.mark.parametrize(
    ("kind", "form"),
    [
        ("close-administratively", "administrative-closure"),
        ("dismiss", "dismissal"),
        ("terminate", "termination"),
    ],
)
def test_the_notice_of_an_order_says_what_was_ordered_and_what_it_means(kind, form, language):
    review = closed(kind, form)

    notice = make_notice(review, ORDER, language, act(person("clerk")))

    text, texts = text_of(bytes(notice.pdf)), catalogue(language)
    said = texts.form(FormOfDiscretion.objects.get(pk=form))
    assert notice.order == CourtOrder.objects.get()
    assert notice.motion == Motion.objects.get()
    assert words(texts.orders[kind].ordered) in text
    assert words(texts.orders[kind].means) in text
    assert texts.day(ON) in text
    assert "Immigration judge 12" in text
    for name in CONSEQUENCES:
        assert words(getattr(said, name)) in text
    assert texts.with_prejudice not in text


@both_languages
def test_an_order_with_prejudice_says_what_that_is(language):
    review = with_order("dismiss", with_prejudice=True)

    assert catalogue(language).with_prejudice in text_of(preview(review, ORDER, language, ON))


@both_languages
@pytest.mark.parametrize("kind", ["deny-motion", "order-removal", "remand"])
def test_any_other_order_is_told_without_the_consequences_of_a_form(kind, language):
    review = with_order(kind)

    text, texts = text_of(preview(review, ORDER, language, ON)), catalogue(language)

    assert words(texts.orders[kind].ordered) in text
    assert texts.headings["exposure"] not in text


def test_the_latest_order_in_the_case_is_told():
    review = closed("dismiss", "dismissal")
    said = {"case": review.case, "ordered_by": "The Board", "recorded_by": person("recorder")}
    CourtOrder.objects.create(kind="remand", ordered_on=date(2024, 12, 2), document="LATER", **said)
    CourtOrder.objects.create(
        kind="reopen", ordered_on=date(2024, 3, 4), document="EARLIER", **said
    )

    notice = make_notice(review, ORDER, "en", act(person("clerk"), date(2025, 1, 15)))

    assert (notice.order.kind, notice.motion, notice.form) == ("remand", None, None)
    assert "The earlier decision does not count any more." in text_of(bytes(notice.pdf))


def test_everything_that_a_document_lacks_is_said_at_once():
    review = drafted("motion-to-dismiss").review
    Respondent.objects.update(given_names="", family_name="", a_number=None)
    Office.objects.update(answer_to="")
    Case.objects.update(charged_on=None, custody="", court=None)
    Motion.objects.update(authority="", ground="")
    review = Review.objects.get(pk=review.pk)

    about_everyone = ["The respondent's name is not on record.", "The A-number is not on record."]
    assert objections(review, CONSIDERATION, "es", ON) == [
        *about_everyone,
        "The office has no address for answers: put it on record on the page of the office.",
    ]
    assert objections(review, "motion-to-dismiss", "en", ON) == [
        *about_everyone,
        "The court is not on record.",
        "Whether the respondent is detained is not on record.",
        "The day of the charging document is not on record.",
        "The motion cites no authority.",
        "The motion names no ground of its form.",
    ]
    with pytest.raises(TransitionRefused, match="no address for answers"):
        preview(review, CONSIDERATION, "es", ON)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (CONSIDERATION, "No form of discretion has been proposed."),
        (ORDER, "No order is on record in this case."),
        ("motion-to-terminate", "No such motion has been drafted in this review."),
        ("motion-to-recalendar", "The case is not administratively closed"),
    ],
)
def test_a_document_needs_what_it_is_about(kind, reason):
    review = make_review()

    with pytest.raises(TransitionRefused, match=reason):
        make_notice(review, kind, "en", act(person("attorney")))


def test_a_respondent_is_asked_only_about_what_has_been_decided():
    review = closed()

    with pytest.raises(TransitionRefused, match="before it is filed"):
        make_notice(review, CONSIDERATION, "en", act(person("attorney")))


def test_a_motion_is_drafted_only_before_it_is_filed():
    motion = filed(make_review(), by=person("attorney"), supervisor=person("supervisor"))

    with pytest.raises(TransitionRefused, match="The motion is filed"):
        make_notice(motion.review, "motion-to-dismiss", "en", act(person("attorney")))


def test_a_language_or_a_text_that_is_not_there_is_refused_and_never_english():
    review, clerk = decided(), person("clerk")

    with pytest.raises(NotTranslated, match="'fr'"):
        make_notice(review, CONSIDERATION, "fr", act(clerk))
    with pytest.raises(NotTranslated, match="only in English"):
        make_notice(review, "motion-to-dismiss", "es", act(person("attorney")))
    FormOfDiscretion.objects.filter(pk="dismissal").update(exposure="Something else.")
    review = Review.objects.get(pk=review.pk)
    assert "as it is on record now" in objections(review, CONSIDERATION, "es", ON)[0]
    with pytest.raises(NotTranslated, match="as it is on record now"):
        make_notice(review, CONSIDERATION, "es", act(clerk))
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    ("who", "kind"),
    [
        pytest.param({"role": "recorder"}, CONSIDERATION, id="without the permission"),
        pytest.param({"role": "clerk"}, "motion-to-dismiss", id="a clerk, a motion"),
        pytest.param({"role": "attorney", "at": "LOS"}, CONSIDERATION, id="the outsider"),
    ],
)
def test_who_may_not_make_it_is_refused(who, kind):
    review = drafted("motion-to-dismiss").review

    with pytest.raises(PermissionDenied):
        make_notice(review, kind, "en", act(person(**who)))


def test_a_protected_case_is_for_who_may_see_it():
    review = decided()
    Respondent.objects.update(protected_1367=True)

    with pytest.raises(PermissionDenied):
        make_notice(review, CONSIDERATION, "en", act(person("attorney")))


def test_what_was_made_is_never_edited_or_deleted():
    notice = make_notice(decided(), CONSIDERATION, "en", act(person("clerk")))
    row = Notice.objects.filter(pk=notice.pk)

    for change in ({"pdf": b"x"}, {"language": "es"}, {"answer_due_on": ON}, {"sha256": "0"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            row.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.update(delivered_on=ON, delivery_recorded_by=notice.made_by)


def test_a_decision_that_was_taken_back_is_not_told():
    review = decided()
    advance(review, "rescind", act(person("supervisor")))

    with pytest.raises(TransitionRefused, match="The review is rescinded"):
        make_notice(review, CONSIDERATION, "en", act(person("clerk")))
