"""Make past determinations again from their stored facts; they must come out equal."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from screening.decide import ENGINE_VERSION
from screening.explain import differs
from screening.models import Determination, load_findings

BATCH = 2_000


class Command(BaseCommand):
    help = "Run determinations again from their stored facts and policy; they must be equal."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--sample", type=int, help="So many, at random; default: all.")
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        chosen = Determination.objects.filter(engine_version=ENGINE_VERSION)
        if options["sample"] is not None:
            ids = chosen.order_by("?").values_list("pk", flat=True)[: options["sample"]]
            chosen = Determination.objects.filter(pk__in=list(ids))
        chosen = chosen.select_related("policy_version")
        replayed = 0
        unequal: list[str] = []
        rest = chosen.iterator(chunk_size=BATCH)
        while batch := list(islice(rest, BATCH)):
            load_findings(batch)
            replayed += len(batch)
            unequal += [f"{d}: {different}" for d in batch if (different := differs(d))]
        if options["json"]:
            self.stdout.write(json.dumps({"replayed": replayed, "unequal": len(unequal)}))
        else:
            self.stdout.write(f"{replayed:,} determinations replayed, {len(unequal):,} unequal.")
        if unequal:
            raise CommandError("Not equal: " + "; ".join(unequal[:10]))
