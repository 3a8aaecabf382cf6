#!/usr/bin/env python3
"""Run a management command, against the embedded servers unless the environment names others."""

import os
import sys

from casemgmt import embedded


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casemgmt.settings")
    try:
        embedded.start_missing(os.environ)
    except embedded.EmbeddedServerError as error:
        sys.exit(str(error))
    # Only now: Django takes a while to load, and the servers may be what is missing.
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
