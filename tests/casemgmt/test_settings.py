"""What the environment may say, and the sentence that answers a wrong value."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings as active
from django.core.exceptions import ImproperlyConfigured

from casemgmt import settings

ROOT = Path(__file__).resolve().parents[2]


def test_true_and_false_are_booleans(monkeypatch):
    monkeypatch.setenv("SWITCH", "TRUE")

    assert settings.boolean("SWITCH", default=False) is True
    assert settings.boolean("NOT_SET", default=False) is False


def test_a_list_is_written_with_commas(monkeypatch):
    monkeypatch.setenv("HOSTS", "one.example, two.example")

    assert settings.words("HOSTS", default=[]) == ["one.example", "two.example"]
    assert settings.words("NOT_SET", default=[]) == []


def test_a_secret_may_come_from_a_file_that_ends_in_a_newline(monkeypatch, tmp_path):
    (tmp_path / "secret").write_text("plainly-false\n")
    monkeypatch.setenv("SECRET_FILE", str(tmp_path / "secret"))
    monkeypatch.setattr(settings.environment, "ENVIRON", type(settings.environment.ENVIRON)())

    assert settings.text("SECRET") == "plainly-false"


@pytest.mark.parametrize(
    ("value", "read", "sentence"),
    [
        pytest.param(
            "yes",
            lambda: settings.boolean("NAME", default=False),
            "NAME is 'yes'; use true or false.",
            id="boolean",
        ),
        pytest.param(
            "LOUD",
            lambda: settings.choice("NAME", among=["INFO", "ERROR"], default="INFO"),
            "NAME is 'LOUD'; use one of INFO, ERROR.",
            id="choice",
        ),
        pytest.param(
            "mysql://user:hidden@host/name",
            lambda: settings.database("NAME", default=""),
            "NAME is not a PostgreSQL address; use postgresql://user:password@host:5432/name.",
            id="database",
        ),
        pytest.param(
            "amqp://user:hidden@host",
            lambda: settings.broker("NAME", default=""),
            "NAME is not a Redis address; it begins with one of redis, rediss, redis+socket.",
            id="broker",
        ),
        pytest.param(
            "", lambda: settings.text("NAME"), "NAME is not set; it has no default.", id="missing"
        ),
    ],
)
def test_a_wrong_value_is_answered_with_a_sentence(monkeypatch, value, read, sentence):
    monkeypatch.setenv("NAME", value)

    with pytest.raises(ImproperlyConfigured) as error:
        read()

    assert str(error.value) == sentence


def load_settings(**environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO_", "DATABASE_"))}
    return subprocess.run(
        [sys.executable, "-c", "from casemgmt import settings; print(settings.DEBUG)"],
        cwd=ROOT,
        env=inherited | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_database_of_ones_own_needs_a_secret_key_of_ones_own():
    refused = load_settings(DATABASE_URL="postgresql://user@db.example/casemgmt")

    assert refused.returncode != 0
    assert "DJANGO_SECRET_KEY is not set" in refused.stderr


def test_without_any_variable_the_settings_load_and_debug_is_off():
    loaded = load_settings()

    assert loaded.stdout == "False\n", loaded.stderr


def test_a_file_that_cannot_be_read_is_named():
    refused = load_settings(DJANGO_SECRET_KEY_FILE="/nowhere/secret")

    assert "DJANGO_SECRET_KEY_FILE cannot be read: No such file or directory" in refused.stderr


def test_the_generated_key_is_for_its_owner_alone():
    assert load_settings().returncode == 0

    assert (ROOT / ".local" / "secret_key").stat().st_mode & 0o077 == 0


def test_tasks_are_sent_by_our_own_celery_application():
    assert current_app.conf.broker_url == active.CELERY_BROKER_URL
    assert current_app.conf.task_acks_late


def test_what_staff_search_for_stays_out_of_the_log():
    event = settings.without_query(None, "info", {"request": "GET /admin/cases/?q=A000000001"})

    assert event == {"request": "GET /admin/cases/"}
