"""What the API's own document says, and whether the API keeps to it."""

from __future__ import annotations

from pathlib import Path

import pytest
import schemathesis
import yaml
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from casemgmt.wsgi import application
from cases.workflow.motions import draft_motion
from screening import bulk
from tests.cases.test_batches import assembled
from tests.cases.workflow.cast import (
    act,
    approved,
    closed_case,
    make_review,
    noticed,
    person,
    reachable,
)
from tests.cast import AS_OF, http, make_case, make_client, screened

DOCUMENT = Path("docs/openapi.yaml")
SCHEMA = schemathesis.openapi.from_path(DOCUMENT)
SCHEMA.app = application
AFTER_CLOSURE = (
    *("after-closure-events", "onward-filings", "contact-changes", "returned-mail"),
    *("options", "line"),
)
OPERATIONS = [result.ok() for result in SCHEMA.get_all_operations()]


def test_the_document_on_disk_is_what_the_code_says(tmp_path):
    written = tmp_path / "openapi.yaml"
    call_command("spectacular", file=str(written), validate=True, fail_on_warn=True)

    assert written.read_text() == DOCUMENT.read_text()


def test_every_operation_has_its_scope_and_its_errors():
    for path, operations in yaml.safe_load(DOCUMENT.read_text())["paths"].items():
        for method, operation in operations.items():
            required = [scopes for way in operation["security"] for scopes in way.values()]
            assert [s for s in required if s], (path, method)
            assert {"400", "401", "403"} <= set(operation["responses"])
            assert method != "post" or "Idempotency-Key" in str(operation["parameters"])


@pytest.mark.django_db
def test_the_document_and_its_page_are_open(client):
    page = client.get("/api/v1/docs/", headers={"host": "localhost"})
    document = client.get("/api/v1/schema/", headers={"host": "localhost"})

    assert (page.status_code, document.status_code) == (200, 200)
    assert "unsafe" not in page["Content-Security-Policy"].partition("script-src")[2]
    assert yaml.safe_load(document.content)["openapi"].startswith("3.1")


@pytest.fixture
def open_connection(db):
    """Keep the test's own connection through requests, as Django's test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("operation", OPERATIONS, ids=[o.label for o in OPERATIONS])
@pytest.mark.usefixtures("open_connection")
def test_whatever_is_sent_the_answer_is_one_that_the_document_knows(operation, screener):
    """Random requests, good and bad, of a client that may do everything."""
    case = make_case()
    version = screened(case, screener).policy_version
    review = bulk.plan(version=version, as_of=AS_OF, by=screener)
    opened = approved(make_review(), by=person("attorney"), supervisor=person("supervisor"))
    motion = draft_motion(opened, act(person("attorney")))
    closed = closed_case()
    restart = noticed(closed)
    reachable(closed)
    after = any(below in operation.path for below in AFTER_CLOSURE)
    there = {
        "case_id": closed.uuid if after else case.uuid,
        "event_uuid": closed.events.get().uuid,
        "restart_uuid": restart.uuid,
        "review_id": review.uuid,
        "review_uuid": opened.uuid,
        "motion_uuid": motion.uuid,
        "batch_uuid": assembled(person("proposer"), 1).uuid,
        "step": "help-list",
        "code": "doyle-2",
        "version": 2,
    }
    caller = http(make_client(all_offices=True, sees_protected=True))
    token = caller._credentials["HTTP_AUTHORIZATION"]

    @settings(
        max_examples=25,
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def send(data):
        mode = data.draw(st.sampled_from(GenerationMode))
        try:
            sent = data.draw(operation.as_strategy(generation_mode=mode))
        except TypeError:  # nothing of this operation can be sent wrongly
            return
        sent.path_parameters = {n: str(v) for n, v in there.items() if n in sent.path_parameters}
        sent.call_and_validate(
            headers={"Authorization": token, "Host": "localhost"},
            # Which policies and cursors there are is more than a document can say.
            excluded_checks=[positive_data_acceptance],
        )

    send()
