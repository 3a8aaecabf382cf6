"""What the API's own document says beyond what the views state."""

from __future__ import annotations

from typing import Any


def summarise(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Give every operation the sentence of its docstring as its summary, without the address."""
    for operations in result["paths"].values():
        for operation in operations.values():
            text = " ".join(operation.pop("description", "").split())
            sentence = text.partition("/: ")[2] or text
            operation["summary"] = sentence[:1].upper() + sentence[1:].rstrip(".")
    return result
