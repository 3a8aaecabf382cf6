"""What is certified of a closure batch: as data, and as a page to sign for the file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string

from cases.batches import dropped, progress
from cases.models import ClosureBatch, Move
from cases.notices.pdf import render

STYLE = Path(__file__).parent / "notices" / "templates" / "style.css"


def certificate(batch: ClosureBatch) -> dict[str, Any]:
    """Return what was proposed, read, approved and executed, and the hash over all of it.

    People appear by their account's id. The hash is over the JSON without itself, keys in order.
    """
    sample = batch.items.filter(sampled=True)
    readers = sample.filter(reading__isnull=False).values_list("reading__reader", flat=True)
    told: dict[str, Any] = {
        "batch": str(batch.uuid),
        "office": batch.office.code,
        "form": batch.form_id,
        "ground": batch.ground,
        "policy": batch.policy,
        "manifest_sha256": batch.manifest_sha256,
        "items": batch.items_frozen,
        "sample": {
            "seed": batch.seed,
            "numbers": list(sample.order_by("number").values_list("number", flat=True)),
            "confidence": str(batch.confidence),
            "tolerable_rate": str(batch.tolerable_rate),
            "errors": sample.filter(reading__would_close=False).count(),
            "readers": sorted(set(readers)),
        },
        "proposed_by": batch.proposed_by_id,
        "approved_by": batch.approved_by_id,
        "status": batch.status,
        "results": progress(batch),
        "dropped": dict(dropped(batch)),
        "moves": list(_moves(batch)),
    }
    return told | {"sha256": digest(told)}


def digest(told: dict[str, Any]) -> str:
    """Return the hash of a certificate, over all but the hash it carries."""
    rest = {name: value for name, value in told.items() if name != "sha256"}
    return sha256(json.dumps(rest, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def as_pdf(batch: ClosureBatch) -> bytes:
    """Return the certificate as a page; the same batch in the same state gives the same bytes."""
    context = {"batch": batch, "told": certificate(batch), "dropped": dropped(batch)}
    return render(render_to_string("cases/certificate.html", context), STYLE)


def _moves(batch: ClosureBatch) -> Iterator[dict[str, Any]]:
    for move in Move.objects.filter(batch=batch).order_by("pk"):
        yield {"transition": move.transition, "by": move.by_id, "at": move.at.isoformat()}
