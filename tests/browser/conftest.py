"""A browser: Debian's chromium, signed in to the live server."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import Page, sync_playwright

# Playwright's synchronous interface runs an event loop in this thread, and Django would refuse it
# the database. Nothing here runs at the same time.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Return Debian's chromium, installed first where that is possible."""
    if not CHROMIUM.exists():
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            pytest.fail(f"{CHROMIUM} is missing: install the chromium package of Debian as root.")
        subprocess.run(["apt-get", "update"], check=True, timeout=300)
        subprocess.run(
            ["apt-get", "install", "-y", "--no-install-recommends", "chromium"],
            check=True,
            timeout=600,
        )
    return CHROMIUM


@pytest.fixture
def tab(chromium, live_server, settings) -> Iterator[Page]:
    """Return an empty page, on which addresses are those of the live server."""
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        tab = browser.new_page(base_url=live_server.url)
        tab.set_default_timeout(10_000)
        yield tab
        browser.close()
        connection.close()  # while the loop runs it is another connection than before and after
