"""A database of its own for a benchmark, so that nothing of the user's is touched."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import django

from casemgmt import embedded

if TYPE_CHECKING:
    import psycopg


@contextmanager
def scratch_database(name: str) -> Iterator[None]:
    """Create an empty, migrated database on the configured server, use it, and drop it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casemgmt.settings")
    embedded.start_missing(os.environ)
    import psycopg

    url = os.environ.get("DATABASE_URL") or embedded.database_url()
    base, _, query = url.partition("?")
    other = f"{base.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")
    with psycopg.connect(url, autocommit=True) as connection:
        drop(connection, name)
        connection.execute(f"CREATE DATABASE {name}")
    os.environ["DATABASE_URL"] = other
    os.environ.setdefault("DJANGO_SECRET_KEY", "benchmark-only")
    django.setup()
    from django.core.management import call_command
    from django.db import connections

    call_command("migrate", verbosity=0)
    try:
        yield
    finally:
        connections.close_all()
        with psycopg.connect(url, autocommit=True) as connection:
            drop(connection, name)


def drop(connection: psycopg.Connection, name: str) -> None:
    """Drop a database with whoever is still in it."""
    from psycopg.errors import InsufficientPrivilege

    try:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    except InsufficientPrivilege:
        # Autovacuum is in it: the server's own, whom only the plain statement sends away.
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
