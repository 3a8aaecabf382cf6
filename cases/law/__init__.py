"""The shipped forms of discretion and authorities, put on record beside the office's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from cases.models import Authority, FormOfDiscretion

HERE = Path(__file__).parent


def put_on_record(**_: Any) -> None:
    """Add the shipped rows that are not on record; those of the office stay as they are.

    Runs after every migration, and may run as often as one likes.
    """
    FormOfDiscretion.objects.bulk_create(
        [FormOfDiscretion(**row) for row in _read("forms.yaml")], ignore_conflicts=True
    )
    Authority.objects.bulk_create(
        [Authority(form_id=row.pop("form"), **row) for row in _read("authorities.yaml")],
        ignore_conflicts=True,
    )


def _read(name: str) -> list[dict[str, Any]]:
    return yaml.safe_load((HERE / name).read_text())  # type: ignore[no-any-return]
