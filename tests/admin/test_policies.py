"""The admin's pages of policies: written, checked, approved and released on one page."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from screening.models import PolicyDraft
from screening.policies import lifecycle
from screening.policies.release import put_on_record, released
from tests.cast import simulated, staff
from tests.screening.examples import SECOND, TEXT

pytestmark = pytest.mark.django_db


def at(name, *args):
    return reverse(f"admin:screening_{name}", args=args)


@pytest.fixture
def author():
    return staff("draft_policy")


@pytest.fixture
def approver():
    return staff("approve_policy")


@pytest.fixture
def first():
    return put_on_record(TEXT, name="sample")


@pytest.fixture
def draft(author, first):
    draft = lifecycle.start_draft(first, by=author)
    lifecycle.save(draft, SECOND, by=author, seen=draft.sha256)
    simulated(draft, by=author)
    return draft


@pytest.fixture
def writing(client, author, draft):
    """A browser in which the author has signed in."""
    client.force_login(author)
    return client


def opened(client, draft):
    return client.get(at("policydraft_change", draft.pk)).content.decode()


def post(client, draft, name, **given):
    given = {"seen": draft.sha256} | given
    return client.post(at(f"policydraft_{name}", draft.pk), given)


def test_a_policy_is_written_approved_and_released_in_the_browser(client, author, approver, first):
    client.force_login(author)
    client.post(at("policydraft_start"), {"version": first.pk})
    draft = PolicyDraft.objects.get()
    text = SECOND.replace("within_years: 5", "within_years: 7")
    post(client, draft, "save", document=text.replace("\n", "\r\n"))
    draft.refresh_from_db()
    page = opened(client, draft)
    assert "PS-10 within_years was 5 and is 7." in page
    assert "effective_from was 2023-07-28 and is 2024-03-01." in page
    post(client, draft, "propose")
    assert "no completed simulation of this text" in opened(client, draft)
    client.force_login(staff("simulate_policy", "view_all_offices"))
    url = f"{at('simulation_new')}?draft={draft.pk}"
    offered = client.get(url).context["form"]["proposed_draft"].value()
    given = {"proposed_draft": offered.replace("\n", "\r\n"), "present": first.pk}
    client.post(url, given | {"as_of": "2024-03-01"})

    client.force_login(approver)
    post(client, draft, "approve", note="Read against the memorandum.")
    post(client, draft, "release")

    draft.refresh_from_db()
    assert released("sample", on=date(2024, 3, 1)).document == text
    page = opened(client, draft)
    assert "released as" in page
    assert "Read against the memorandum." in page
    assert "<textarea" not in page
    version = client.get(at("policyversion_change", first.pk)).content.decode()
    assert "March 1, 2024" in version
    assert "How it came about" not in version
    second = client.get(at("policyversion_change", draft.released_as_id)).content.decode()
    assert at("policydraft_change", draft.pk) in second


def test_mistakes_are_shown_with_their_lines_and_the_way_is_closed(writing, draft):
    text = SECOND.replace("within_years: 5", "within_years: x")
    post(writing, draft, "save", document=text)

    page = opened(writing, draft)

    assert 'data-line="159">line 159</a>, criteria.PS-10.params.within_years: ' in page
    assert "<code>within_years: x</code>" in page
    assert 'formaction="../propose/" disabled' in page
    assert "The problems below are in the way." in page
    assert 'formaction="../withdraw/">' in page
    assert "One of the texts has a mistake" in page


def test_a_button_that_is_closed_says_why(client, writing, draft, approver):
    post(writing, draft, "propose")

    own = opened(writing, draft)
    assert "You are not permitted to approve policies." in own
    assert "someone else must approve it" in own
    assert 'formaction="../approve/" disabled' in own
    client.force_login(approver)
    theirs = opened(client, draft)
    assert 'formaction="../approve/">' in theirs
    assert 'formaction="../withdraw/" disabled' in theirs


def test_what_is_blocked_is_refused_with_its_reasons(client, draft):
    both = staff("draft_policy", "approve_policy")
    client.force_login(both)
    post(client, draft, "propose")

    answer = client.post(
        at("policydraft_approve", draft.pk), {"seen": draft.sha256}, follow=True
    ).content.decode()

    assert "You wrote or proposed this text; someone else must approve it." in answer
    draft.refresh_from_db()
    assert draft.status == PolicyDraft.Status.PROPOSED


def test_text_that_another_saved_meanwhile_is_not_overwritten(writing, draft, author):
    read = draft.sha256
    lifecycle.save(draft, SECOND + "# theirs\n", by=staff("draft_policy"), seen=read)

    answer = post(writing, draft, "save", document="# mine", seen=read)

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "The text has changed since you read it" in page
    assert "# mine</textarea>" in page
    draft.refresh_from_db()
    assert draft.document == SECOND + "# theirs\n"


@pytest.mark.parametrize(
    ("content", "kept"),
    [
        pytest.param(b"\n# \xc3\xa9\r\na: 1\n\n", True, id="as it is, line ends too"),
        pytest.param(b"\xff\xfe", False, id="not text"),
        pytest.param(b"a: \x00", False, id="a character that no text has"),
        pytest.param(b"#" * 200_001, False, id="too long"),
    ],
)
def test_a_file_comes_in_and_goes_out_to_the_last_byte(writing, draft, content, kept):
    file = SimpleUploadedFile("policy.yaml", content)
    answer = writing.post(
        at("policydraft_save", draft.pk), {"seen": draft.sha256, "file": file, "document": SECOND}
    )

    assert answer.status_code == (302 if kept else 409)
    out = writing.get(at("policydraft_text", draft.pk))
    assert out.content == (content if kept else SECOND.encode())
    assert out.headers["content-disposition"].endswith(f'"sample-draft-{draft.pk}.yaml"')


def test_a_released_version_goes_out_as_it_is(writing, first):
    out = writing.get(at("policyversion_text", first.pk))

    assert out.content == TEXT.encode()
    assert out.headers["content-type"] == "application/yaml; charset=utf-8"


@pytest.mark.parametrize(
    ("given", "starts"),
    [
        ({"code": "office-1"}, True),
        ({"code": "No Code"}, False),
        ({"version": "999"}, False),
        ({}, False),
    ],
)
def test_a_draft_starts_from_a_version_or_a_code(writing, draft, given, starts):
    answer = writing.post(at("policydraft_start"), given, follow=True)

    assert PolicyDraft.objects.exclude(pk=draft.pk).exists() == starts
    assert bool(list(answer.context["messages"])) != starts


def test_two_policies_are_compared(writing, draft, first):
    url = at("policyversion_compare")
    text = writing.get(url, {"old": "sample:1", "new": f"draft:{draft.pk}"}).content.decode()

    assert "effective_from was 2023-07-28 and is 2024-03-01." in text
    assert "+version: 2" in text
    for names in ({}, {"new": "sample:1"}):
        asked = writing.get(url, names).content.decode()
        assert "From sample version 1" not in asked
        assert "Choose two" not in asked
    wrong = writing.get(url, {"old": "sample:1", "new": "sample:9"}).content.decode()
    assert "Choose two of the policies listed." in wrong


def test_the_page_of_a_version_leads_to_a_draft_from_it(client, writing, first, approver):
    page = at("policyversion_change", first.pk)

    assert "Start a draft from this version" in writing.get(page).content.decode()
    client.force_login(approver)
    text = client.get(page).content.decode()
    assert "Start a draft" not in text
    assert "not replaced" in text
    assert "Start a draft from" not in client.get(at("policydraft_changelist")).content.decode()


def test_without_the_permission_nothing_moves(client, draft, first):
    client.force_login(staff())
    for name in lifecycle.MOVES:
        assert post(client, draft, name).status_code == 403
    assert post(client, draft, "save", document="x").status_code == 403
    assert client.post(at("policydraft_start"), {"version": first.pk}).status_code == 403
    assert "disabled" in opened(client, draft)
    assert "<textarea" not in opened(client, draft)

    draft.refresh_from_db()
    assert (draft.status, draft.document) == ("draft", SECOND)
    assert PolicyDraft.objects.count() == 1


def test_who_may_not_see_drafts_sees_and_does_nothing(client, draft, first):
    """Not even with the permission to draft: to see comes first."""
    outsider = staff("draft_policy", "approve_policy")
    outsider.user_permissions.remove(*outsider.user_permissions.filter(codename="view_policydraft"))
    client.force_login(outsider)
    for name in ("save", *lifecycle.MOVES):
        assert post(client, draft, name).status_code == 403
    for name in ("change", "text"):
        assert client.get(at(f"policydraft_{name}", draft.pk)).status_code == 403
    assert client.post(at("policydraft_start"), {"version": first.pk}).status_code == 403

    names = {"old": "sample:1", "new": f"draft:{draft.pk}"}
    compared = client.get(at("policyversion_compare"), names).content.decode()

    assert "Choose two of the policies listed." in compared
    assert "2024-03-01" not in compared


def test_who_may_not_see_policies_compares_and_takes_none(client, first):
    nobody = staff()
    nobody.user_permissions.clear()
    client.force_login(nobody)

    assert client.get(at("policyversion_compare")).status_code == 403
    assert client.get(at("policyversion_text", first.pk)).status_code == 403


@pytest.mark.parametrize("name", ["save", *lifecycle.MOVES])
def test_to_look_changes_nothing(writing, draft, name):
    assert writing.get(at(f"policydraft_{name}", draft.pk)).status_code == 302
    assert writing.get(at("policydraft_start")).status_code == 302

    draft.refresh_from_db()
    assert draft.status == PolicyDraft.Status.DRAFT


@pytest.mark.parametrize("name", ["policydraft_text", "policydraft_propose", "policyversion_text"])
@pytest.mark.parametrize("key", ["x", "0"])
def test_what_is_not_there_is_not_found(writing, name, key):
    assert writing.get(at(name, key)).status_code == 404


def test_a_draft_that_is_not_there_leads_back(writing):
    assert writing.get(at("policydraft_change", 0)).status_code == 302


def test_a_policy_that_is_new_has_nothing_to_be_compared_with(client, author):
    client.force_login(author)
    draft = lifecycle.start_draft("office-1", by=author)

    text = opened(client, draft)

    assert "begun empty" in text
    assert "What changes from" not in text
    assert "there is no text" in text


def test_a_draft_begun_empty_is_compared_with_what_it_is_to_replace(client, author, first):
    client.force_login(author)
    draft = lifecycle.start_draft(first.code, by=author)

    assert "What changes from sample version 1" in opened(client, draft)


def test_text_becomes_text_and_no_part_of_the_page(writing, draft):
    post(writing, draft, "save", document="code: </textarea><script>alert(1)</script>")

    assert "<script>alert" not in opened(writing, draft)


def test_the_page_of_a_draft_lists_its_simulations_and_starts_one(client, draft, author):
    client.force_login(staff("simulate_policy", "view_all_offices"))
    page = opened(client, draft)

    assert "against sample version 1, as of Jan. 15, 2024</a>: Completed" in page
    assert f"{at('simulation_new')}?draft={draft.pk}" in page
    lifecycle.save(draft, SECOND + "# more\n", by=author, seen=draft.sha256)
    assert "None yet. It is approved only with one" in opened(client, draft)


@pytest.mark.parametrize("key", ["", "x", "0", "99999999999999999999"])
def test_a_simulation_begins_with_no_text_where_no_draft_is_named(client, draft, key):
    client.force_login(staff("simulate_policy", "view_all_offices"))

    form = client.get(at("simulation_new"), {"draft": key}).context["form"]

    assert form["proposed_draft"].value() == ""


def test_who_may_not_see_drafts_simulates_none_of_them(client, draft):
    outsider = staff("simulate_policy", "view_all_offices")
    outsider.user_permissions.remove(*outsider.user_permissions.filter(codename="view_policydraft"))
    client.force_login(outsider)

    form = client.get(at("simulation_new"), {"draft": draft.pk}).context["form"]

    assert form["proposed_draft"].value() == ""
