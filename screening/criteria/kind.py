"""What a kind of criterion is: parameters, a pure function, and the text its readers see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict

from screening.criteria.words import Words, phrases
from screening.facts import CaseFacts
from screening.findings import Finding


class KindParams(BaseModel):
    """The parameters of a kind: every number that the law may change is here, not in the code."""

    # A docstring below a parameter describes it to the readers of docs/criteria.md.
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    def __str__(self) -> str:
        return ", ".join(phrases(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of criterion; a policy gives it parameters, an effect and a citation."""

    code: str
    about: str
    params: type[KindParams]
    reads: tuple[str, ...]
    """The attributes of the facts that `check` reads besides `as_of`; it is shown no others. Of the
    checks it reads the one that `params.search` names."""
    check: Callable[[CaseFacts, Any], Finding]
    example: KindParams
    """Parameters to show and to test the kind with."""
    words: Words
    """What its readers are told besides `about`."""
    never_holds: bool = False
    """Whether it only says what is missing: it is clear, or not known."""
    favourable: bool = False
    """Whether it speaks for the person although it looks at derogatory evidence."""
