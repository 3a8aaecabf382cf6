"""A policy from draft to release: every move allowed and forbidden, and what the database holds."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from screening.models import PolicyDraft, PolicyDraftMove, PolicyVersion
from screening.policies import lifecycle
from screening.policies.lifecycle import MoveRefused, blockers, start_draft
from screening.policies.release import (
    put_on_record,
    release_shipped,
    released,
    replaced_on,
    version_to_screen_with,
)
from screening.policies.simulate import plan
from screening.policies.texts import of_draft, of_version
from tests.cast import AS_OF, make_case, simulated, staff
from tests.screening.examples import SECOND, TEXT

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return staff("draft_policy")


@pytest.fixture
def colleague():
    """Drafts too, and may approve what others wrote."""
    return staff("draft_policy", "approve_policy")


@pytest.fixture
def approver():
    return staff("approve_policy")


@pytest.fixture
def outsider():
    return staff()


@pytest.fixture
def cast(author, colleague, approver, outsider):
    return {"author": author, "colleague": colleague, "approver": approver, "outsider": outsider}


@pytest.fixture
def first():
    return put_on_record(TEXT, name="sample")


@pytest.fixture
def draft(author, first):
    draft = start_draft(first, by=author)
    save(draft, SECOND, by=author)
    simulated(draft, by=author)
    return draft


def save(draft, text, *, by):
    lifecycle.save(draft, text, by=by, seen=draft.sha256)


def move(draft, name, *, by):
    lifecycle.MOVES[name](draft, by=by, seen=draft.sha256)


def bring(draft, status, *, author, approver):
    """Bring the draft to a status, by those who may."""
    way = {
        "draft": [],
        "proposed": ["propose"],
        "approved": ["propose", "approve"],
        "released": ["propose", "approve", "release"],
        "withdrawn": ["withdraw"],
    }
    for name in way[status]:
        if name == "approve" and PolicyVersion.objects.exists():
            simulated(draft, by=author)
        move(draft, name, by=author if name in ("propose", "withdraw") else approver)


# The moves

ALLOWED = {
    ("draft", "save"): {"author": "draft", "colleague": "draft"},
    ("draft", "propose"): {"author": "proposed", "colleague": "proposed"},
    ("draft", "withdraw"): {"author": "withdrawn", "colleague": "withdrawn"},
    ("proposed", "approve"): {"colleague": "approved", "approver": "approved"},
    ("proposed", "send-back"): {"author": "draft", "colleague": "draft", "approver": "draft"},
    ("proposed", "withdraw"): {"author": "withdrawn", "colleague": "withdrawn"},
    ("approved", "release"): {"colleague": "released", "approver": "released"},
    ("approved", "send-back"): {"author": "draft", "colleague": "draft", "approver": "draft"},
    ("approved", "withdraw"): {"author": "withdrawn", "colleague": "withdrawn"},
}


@pytest.mark.parametrize("who", ["author", "colleague", "approver", "outsider"])
@pytest.mark.parametrize("name", ["save", *lifecycle.MOVES])
@pytest.mark.parametrize("status", PolicyDraft.Status.values)
def test_only_the_listed_moves_exist(draft, cast, status, name, who):
    by = cast[who]
    bring(draft, status, author=cast["author"], approver=cast["approver"])
    moves = draft.moves.count()
    target = ALLOWED.get((status, name), {}).get(who)

    assert (blockers(draft, name, by=by) == []) == (target is not None)
    if target is None:
        with pytest.raises((PermissionDenied, MoveRefused)):
            save(draft, "x", by=by) if name == "save" else move(draft, name, by=by)
    elif name == "save":
        save(draft, "x", by=by)
    else:
        move(draft, name, by=by)

    draft.refresh_from_db()
    assert draft.status == (target or status)
    assert draft.moves.count() == moves + (target is not None)


def test_every_transition_is_in_the_table():
    listed = {
        (status, name): transition.target
        for name, transition in lifecycle.TRANSITIONS.items()
        for status in transition.sources
    }

    assert listed == {key: min(who.values()) for key, who in ALLOWED.items()}
    assert set(lifecycle.MOVES) == set(lifecycle.TRANSITIONS) - {"save"}


def test_from_a_released_version_to_the_next(draft, author, approver, first):
    move(draft, "propose", by=author)
    move(draft, "approve", by=approver)
    move(draft, "release", by=approver)

    second = draft.released_as
    assert (second.code, second.version, second.document) == ("sample", 2, SECOND)
    assert second.effective_from == date(2024, 3, 1)
    assert second.draft == draft
    assert [(m.transition, m.target, m.by) for m in draft.moves.order_by("pk")] == [
        ("start", "draft", author),
        ("save", "draft", author),
        ("propose", "proposed", author),
        ("approve", "approved", approver),
        ("release", "released", approver),
    ]
    assert {m.sha256 for m in draft.moves.exclude(transition="start")} == {second.sha256}


@pytest.mark.parametrize(
    ("on", "version"),
    [
        pytest.param(date(2023, 7, 27), None, id="the day before the first"),
        pytest.param(date(2023, 7, 28), 1, id="the first day"),
        pytest.param(date(2024, 2, 29), 1, id="the day before the second"),
        pytest.param(date(2024, 3, 1), 2, id="from its day the second replaces the first"),
        pytest.param(date(2024, 5, 31), 2, id="the second's last day"),
        pytest.param(date(2024, 6, 1), None, id="where it ends the first does not come back"),
    ],
)
def test_on_a_day_one_version_is_in_force(draft, cast, first, on, version):
    save(draft, SECOND.replace("to: 2025-01-20", "to: 2024-06-01"), by=cast["author"])
    bring(draft, "released", author=cast["author"], approver=cast["approver"])

    if version is None:
        with pytest.raises(PolicyVersion.DoesNotExist):
            released("sample", on=on)
    else:
        assert released("sample", on=on).version == version
    assert released("sample").version == 2
    assert replaced_on(first) == date(2024, 3, 1)
    assert replaced_on(draft.released_as) is None


@pytest.mark.parametrize(
    ("on", "version"),
    [
        pytest.param(date(2020, 1, 1), 1, id="before all"),
        pytest.param(date(2024, 2, 29), 1, id="released, and not in force yet"),
        pytest.param(date(2024, 3, 1), 2, id="in force"),
        pytest.param(date(2026, 1, 1), 2, id="over"),
    ],
)
def test_a_screening_takes_the_version_of_its_day(draft, cast, on, version):
    bring(draft, "released", author=cast["author"], approver=cast["approver"])

    assert version_to_screen_with("sample", on=on).version == version


def test_a_new_policy_begins_empty(author, approver):
    draft = start_draft("office-1", by=author)
    assert draft.document == ""
    assert blockers(draft, "propose", by=author) == ["line 1, the document: there is no text"]

    save(draft, TEXT.replace("code: sample", "code: office-1"), by=author)
    bring(draft, "released", author=author, approver=approver)

    assert released("office-1").version == 1


def test_text_is_kept_to_the_last_character(author):
    draft = start_draft("office-1", by=author)
    text = "\n# Höchst\r\nvorläufig:\t'…'   \n\n"
    save(draft, text, by=author)

    draft.refresh_from_db()

    assert draft.document == text


# What is in the way


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param(
            SECOND.replace("within_years: 5", "within_years: x"),
            "line 159, criteria.PS-10.params.within_years: Input should be",
            id="the schema",
        ),
        pytest.param(TEXT, "The text says version 1; the next is version 2.", id="the version"),
        pytest.param(
            SECOND.replace("2024-03-01", "2023-07-27"),
            "effective_from is 2023-07-27, and must not be before that of sample version 1",
            id="in force before the version it replaces",
        ),
        pytest.param(
            SECOND.replace("effective_from: 2024-03-01\n", ""),
            "line 1, effective_from: this key is missing",
            id="no day",
        ),
        pytest.param(
            SECOND.replace("code: sample", "code: sample-3"),
            "The text is of sample-3, and the draft of sample.",
            id="another policy",
        ),
    ],
)
def test_unsound_text_goes_no_further(draft, author, text, reason):
    save(draft, text, by=author)

    with pytest.raises(MoveRefused) as refused:
        move(draft, "propose", by=author)

    assert refused.value.reasons[0].startswith(reason)
    assert blockers(draft, "propose", by=author) == refused.value.reasons


def test_golden_cases_that_fail_are_in_the_way(author):
    shipped = release_shipped("doyle-2")
    draft = start_draft(shipped, by=author)
    text = shipped.document.replace(
        f"version: {shipped.version}", f"version: {shipped.version + 1}"
    )
    save(draft, text.replace("court_statuses: [pending]", "court_statuses: [other]"), by=author)

    reasons = blockers(draft, "propose", by=author)

    assert all(reason.startswith("Golden case ") for reason in reasons)
    assert any("expected flagged, is out-of-scope" in reason for reason in reasons)


def not_simulated(draft, by):
    return [r for r in blockers(draft, "approve", by=by) if "no completed simulation" in r]


def test_what_a_text_does_is_simulated_before_it_is_approved(draft, author, approver):
    save(draft, SECOND + "# more\n", by=author)
    move(draft, "propose", by=author)

    with pytest.raises(MoveRefused, match="simulation of this text against the released version"):
        move(draft, "approve", by=approver)

    simulated(draft, by=author)
    move(draft, "approve", by=approver)
    assert draft.status == "approved"


def test_a_simulation_that_is_not_completed_is_none(draft, author, approver):
    make_case()
    save(draft, SECOND + "# more\n", by=author)
    move(draft, "propose", by=author)
    assert simulated(draft, by=author).status == "running"

    assert not_simulated(draft, approver)


def test_a_simulation_against_another_policy_or_a_draft_is_none(draft, author, approver, first):
    save(draft, SECOND + "# more\n", by=author)
    move(draft, "propose", by=author)
    text, by = of_draft(draft.document), author
    for present in (of_version(release_shipped("doyle-2")), of_draft(TEXT + "# mine\n")):
        plan(text, present, as_of=AS_OF, by=by)

    assert not_simulated(draft, approver)


def test_a_policy_that_is_new_is_simulated_against_any(author, approver):
    draft = start_draft("office-1", by=author)
    save(draft, TEXT.replace("code: sample", "code: office-1"), by=author)
    move(draft, "propose", by=author)
    assert not not_simulated(draft, approver), "nothing is released to compare it with"
    put_on_record(TEXT, name="sample")
    [reason] = not_simulated(draft, approver)
    assert "against any released version" in reason

    simulated(draft, by=author)

    assert blockers(draft, "approve", by=approver) == []


def test_the_same_day_as_the_version_it_corrects_is_permitted(draft, author):
    save(draft, SECOND.replace("2024-03-01", "2023-07-28"), by=author)

    assert blockers(draft, "propose", by=author) == []


def test_of_two_drafts_of_the_next_version_one_is_refused(draft, author, approver, first):
    other = start_draft(first, by=author)
    save(other, SECOND.replace("Detained", "In custody"), by=author)
    for each in (draft, other):
        bring(each, "approved", author=author, approver=approver)
    move(draft, "release", by=approver)

    with pytest.raises(MoveRefused, match="says version 2; the next is version 3"):
        move(other, "release", by=approver)


def test_every_reason_is_told(draft, author):
    save(draft, TEXT, by=author)

    assert blockers(draft, "approve", by=author) == ["The draft is draft."]
    assert blockers(draft, "release", by=author) == ["The draft is draft."]
    save(draft, SECOND, by=author)
    move(draft, "propose", by=author)
    assert blockers(draft, "approve", by=author) == [
        "You are not permitted to approve policies.",
        "You wrote or proposed this text; someone else must approve it.",
    ]


@pytest.mark.parametrize("hand", ["save", "propose"])
def test_who_had_a_hand_in_the_text_does_not_approve_it(draft, author, colleague, hand):
    if hand == "save":
        save(draft, SECOND + "# checked\n", by=colleague)
        save(draft, SECOND, by=author)
    move(draft, "propose", by=colleague if hand == "propose" else author)

    with pytest.raises(MoveRefused, match="someone else must approve it"):
        move(draft, "approve", by=colleague)


def test_a_superuser_approves_nothing_of_their_own(draft, author):
    author.is_superuser = True
    author.save()
    move(draft, "propose", by=author)

    with pytest.raises(MoveRefused, match="someone else must approve it"):
        move(draft, "approve", by=author)


def test_sent_back_it_is_unapproved_and_may_be_written_on(draft, author, approver):
    bring(draft, "approved", author=author, approver=approver)

    lifecycle.send_back(draft, by=approver, seen=draft.sha256, note="Cite the memorandum.")

    assert (draft.status, draft.proposed_by, draft.approved_by) == ("draft", None, None)
    assert draft.moves.latest("pk").note == "Cite the memorandum."
    save(draft, SECOND + "# cited\n", by=author)


def test_who_has_read_an_older_text_moves_nothing(draft, author):
    read = draft.sha256
    save(draft, SECOND + "# more\n", by=author)

    with pytest.raises(MoveRefused, match="The text has changed since you read it"):
        lifecycle.save(draft, "another", by=author, seen=read)
    with pytest.raises(MoveRefused, match="The text has changed since you read it"):
        lifecycle.propose(draft, by=author, seen=read)

    draft.refresh_from_db()
    assert (draft.status, draft.document) == ("draft", SECOND + "# more\n")


def test_only_who_drafts_starts_a_draft(approver, outsider, first):
    for by in (approver, outsider):
        with pytest.raises(PermissionDenied):
            start_draft(first, by=by)

    assert not PolicyDraft.objects.exists()


def test_a_version_and_a_draft_are_found_by_their_names(draft, first):
    assert lifecycle.named("sample:1") == first
    assert lifecycle.named(f"draft:{draft.pk}") == draft
    for name in ("sample:9", "sample", "draft:0", "draft:99999999999", "sample:x", ""):
        with pytest.raises(LookupError, match="write a version as doyle-2:1"):
            lifecycle.named(name)


# What the database holds, whoever writes to it


def refused(draft, **values):
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        PolicyDraft.objects.filter(pk=draft.pk).update(**values)
    return str(error.value)


def test_the_database_holds_four_eyes(draft, author, approver, colleague):
    move(draft, "propose", by=colleague)
    approved = {"status": "approved"}

    assert "an_approver_is_neither" in refused(
        draft, **approved, approved_by=approver, proposed_by=approver
    )
    for by in (author, colleague):
        assert "has not written or proposed it" in refused(draft, **approved, approved_by=by)
    with pytest.raises(IntegrityError, match="an_approver_is_neither"), transaction.atomic():
        PolicyDraft.objects.create(
            code="x", author=author, proposed_by=colleague, approved_by=author, status="approved"
        )
    with pytest.raises(DatabaseError, match="has not written"), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE screening_policydraft SET status = 'approved', approved_by_id = %s",
            [author.pk],
        )


@pytest.mark.parametrize("status", ["proposed", "approved"])
def test_the_database_keeps_text_under_review(draft, author, approver, status):
    bring(draft, status, author=author, approver=approver)

    assert refused(draft, document="another")
    assert refused(draft, document="another", status="draft", proposed_by=None, approved_by=None)
    assert refused(draft, status="draft"), "going back clears who proposed and approved"


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"status": "proposed"}, id="proposed by nobody"),
        pytest.param({"status": "released"}, id="released without approval"),
        pytest.param({"code": "another"}, id="another policy"),
        pytest.param({"copied_from": None}, id="from nowhere"),
    ],
)
def test_the_database_refuses_what_is_no_move(draft, values):
    assert refused(draft, **values)


def test_the_database_refuses_another_author(draft, colleague):
    assert refused(draft, author=colleague)


def test_the_database_refuses_a_release_without_a_version(draft, author, approver, first):
    bring(draft, "approved", author=author, approver=approver)

    assert refused(draft, status="released")
    assert refused(draft, released_as=first)


@pytest.mark.parametrize("status", ["released", "withdrawn"])
def test_what_ended_is_over(draft, author, approver, status):
    bring(draft, status, author=author, approver=approver)

    assert refused(draft, status="draft", proposed_by=None, approved_by=None, released_as=None)


def test_drafts_and_moves_are_never_deleted(draft):
    for row in (draft, draft.moves.first()):
        with pytest.raises(DatabaseError), transaction.atomic():
            row.delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        PolicyDraftMove.objects.update(note="another")


# The command


def test_the_command_says_how_two_policies_differ(draft, author):
    printed = StringIO()
    name = f"draft:{draft.pk}"
    call_command("policy", "diff", "sample:1", name, stdout=printed)
    call_command("policy", "diff", name, name, stdout=printed)

    assert printed.getvalue() == (
        "effective_from was 2023-07-28 and is 2024-03-01.\nBoth say the same.\n"
    )
    save(draft, "code: [", by=author)
    with pytest.raises(CommandError, match="line 1, column 8: expected the node content"):
        call_command("policy", "diff", "sample:1", name)
    with pytest.raises(CommandError, match="There is no sample-9:1"):
        call_command("policy", "diff", "sample-9:1", name)
