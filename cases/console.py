"""Tables and progress on a terminal, and the same words in a file."""

from __future__ import annotations

import logging
from typing import IO, Any, cast

from rich.console import Console

WIDTH_OF_A_FILE = 120


def console(stdout: Any, *, quiet: bool = False) -> Console:
    """Return where a command prints: as wide as the terminal, or wide enough for its tables."""
    # Which message was queued is the worker's business, not the reader's.
    logging.getLogger("django_structlog").setLevel(logging.WARNING)
    stream = cast("IO[str]", stdout)
    is_terminal = hasattr(stream, "isatty") and stream.isatty()
    return Console(
        file=stream, highlight=False, quiet=quiet, width=None if is_terminal else WIDTH_OF_A_FILE
    )
