"""Put the policies that come with the service on record."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from screening.policies.document import PolicyRefused
from screening.policies.release import release_shipped, shipped_codes


class Command(BaseCommand):
    help = "Put the shipped policies on record; one that is there already stays as it is."

    def handle(self, *_args: Any, **options: Any) -> None:
        for code in shipped_codes():
            try:
                version = release_shipped(code)
            except PolicyRefused as error:
                raise CommandError(str(error)) from error
            if options["verbosity"]:
                self.stdout.write(f"{version}, in force from {version.effective_from}")
