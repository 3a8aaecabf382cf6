"""Where the service answers before anyone has signed in."""

import pytest
from django.conf import settings
from django.db import DatabaseError, connection
from kombu import Connection

HOME = {"host": "localhost"}


@pytest.mark.django_db
def test_health_is_good_while_both_servers_answer(client):
    response = client.get("/healthz", headers=HOME)

    assert response.status_code == 200
    assert response.json() == {"database": True, "broker": True}


@pytest.mark.django_db
def test_health_is_503_when_the_database_refuses(client):
    def refuse(*_):
        raise DatabaseError

    with connection.execute_wrapper(refuse):
        response = client.get("/healthz", headers=HOME)

    assert response.status_code == 503
    assert response.json() == {"database": False, "broker": True}


def test_the_root_leads_to_the_admin(client):
    response = client.get("/", headers=HOME)

    assert response.headers["location"] == "/admin/"


@pytest.mark.django_db
def test_every_page_forbids_foreign_and_inline_code(client):
    response = client.get("/admin/login/", headers=HOME)

    policy = response.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_a_broker_address_is_understood():
    assert Connection(settings.CELERY_BROKER_URL).transport.driver_type == "redis"
