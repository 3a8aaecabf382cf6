"""The text of a policy, wherever it stands: a released version, a shipped file, or a draft."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from screening.models import PolicyVersion
from screening.policies.document import Policy, PolicyRefused
from screening.policies.release import SHIPPED, policy_in, released, shipped_codes

SUFFIXES = frozenset({".yaml", ".yml"})


@dataclass(frozen=True, slots=True)
class PolicyText:
    """A policy as text; without a version it is a draft."""

    document: str
    version: PolicyVersion | None = None

    @property
    def policy(self) -> Policy:
        """Return the policy that the text states. Raises PolicyRefused."""
        return policy_in(self.document)

    @property
    def sha256(self) -> str:
        return sha256(self.document.encode()).hexdigest()


def of_version(version: PolicyVersion) -> PolicyText:
    return PolicyText(version.document, version)


def of_draft(document: str) -> PolicyText:
    """Return the text, as the released version that it is to the letter, or as a draft.

    Raises PolicyRefused with every problem.
    """
    text = PolicyText(document)
    text.policy  # noqa: B018  it refuses what is no policy
    return PolicyText(document, PolicyVersion.objects.filter(sha256=text.sha256).first())


def named(name: str) -> PolicyText:
    """Return the text named by a code, a code and a version (`doyle-2:1`), or a YAML file.

    A code alone is its latest released version or, where none is, the shipped text as a draft.
    Raises PolicyRefused when there is no such policy, or the text is none.
    """
    if Path(name).suffix in SUFFIXES:
        return _of_file(Path(name))
    code, colon, number = name.partition(":")
    if colon:
        version = (
            PolicyVersion.objects.filter(code=code, version=number).first()
            if number.isdecimal()
            else None
        )
        if version is None:
            raise PolicyRefused(name, ["no such version is released"])
        return of_version(version)
    try:
        return of_version(released(code))
    except PolicyVersion.DoesNotExist:
        if code not in shipped_codes():
            raise PolicyRefused(
                name, [f"no such policy; shipped are {', '.join(shipped_codes())}"]
            ) from None
        return _of_file(SHIPPED / f"{code}.yaml")


def _of_file(path: Path) -> PolicyText:
    try:
        return of_draft(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyRefused(str(path), [f"cannot be read: {error}"]) from error
