"""The golden archive: what each engine made of facts, one determination a line.

Facts are the lines of the golden cases and of random dockets, as they leave the database: all
synthetic, with invented ids. Beside them stands the text of the policy.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path

from django.utils.timezone import now

from cases.accounts import machine_account
from screening.decide import ENGINE_VERSION, determine
from screening.explain import stated
from screening.facts_text import decode, encode
from screening.gather import Selection, gather
from screening.policies.document import Policy, read
from screening.policies.golden import shipped
from screening.policies.release import SHIPPED, shipped_codes
from tests.screening.test_oracle import random_docket

ARCHIVE = Path(__file__).parent / "archive"
DAYS = (date(2023, 7, 28), date(2024, 1, 15), date(2025, 1, 19))
SEEDS = range(10)
DRAWN = {"doyle-2": 150}
DRAWN_ELSE = 60
"""Lines of random dockets in a file, by policy."""


def name_of(policy: Policy) -> str:
    return f"{policy.code}-{policy.version}"


def entry(policy: Policy, digest: str, facts: str, as_of: date) -> str | None:
    """Return what a policy makes of facts as a line; None where it is silent."""
    made = determine(policy, decode(facts, as_of))
    if made is None:
        return None
    known = {"policy_sha256": digest, "as_of": as_of, "facts": facts}
    return json.dumps(known | stated(made, facts), default=str, separators=(",", ":"))


def random_lines() -> Iterator[tuple[str, date]]:
    by = machine_account("screening")
    for seed in SEEDS:
        random_docket(seed, 100, by=by)
    everyone = Selection(first=0, before=2**62)
    for as_of in DAYS:
        yield from sorted((g.line, as_of) for g in gather(everyone, as_of=as_of, known_at=now()))


def write(*, replace: bool) -> Iterator[str]:
    """Write what each shipped policy makes of the lines, unless its file is there; yield words."""
    drawn = list(random_lines())
    for code in shipped_codes():
        text = (SHIPPED / f"{code}.yaml").read_text(encoding="utf-8")
        policy, digest = read(text), sha256(text.encode()).hexdigest()
        path = ARCHIVE / f"{name_of(policy)}-engine-{ENGINE_VERSION}.ndjson"
        if path.exists() and not replace:
            yield f"{path.name} is there already."
            continue
        golden = [(encode(c.facts), c.facts.as_of) for c in shipped() if code in c.expect]
        entries = dict.fromkeys(e for line in golden if (e := entry(policy, digest, *line)))
        # Of the drawn ones, one for each thing said, and of these so many.
        said: dict[str, str] = {}
        for line in drawn:
            if (e := entry(policy, digest, *line)) is not None:
                made = json.loads(e)
                said.setdefault(json.dumps([made["leading"], made["findings"]]), e)
        wanted = DRAWN.get(code, DRAWN_ELSE)
        entries |= dict.fromkeys(list(said.values())[:: max(1, len(said) // wanted)][:wanted])
        ARCHIVE.mkdir(exist_ok=True)
        (ARCHIVE / f"{name_of(policy)}.yaml").write_text(text, encoding="utf-8")
        path.write_text("".join(f"{e}\n" for e in entries), encoding="utf-8")
        yield f"{path.name}: {len(entries)} determinations"
