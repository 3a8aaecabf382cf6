"""Real files that nobody here wrote, read where they lie beside the checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.fixture
def data() -> Path:
    if not DATA.is_dir():
        pytest.skip("the reference data is not beside the checkout (../shared/data)")
    return DATA
