"""The YAML text of a policy: its content, and the line and key of every value. Pure.

Text is kept as its author wrote it, comments included: it is read here and never written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml
from yaml.reader import Reader


class Unreadable(ValueError):
    """The text is not YAML, or YAML that means two things: `problems` says where."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Places:
    """Where the values of a text stand."""

    root: yaml.Node | None

    def name(self, keys: tuple[int | str, ...]) -> str:
        """Return the line and the keys of a value, or of the nearest one around it that is there.

        `line 43, criteria.PS-03.params.search`; items without a code are counted from 1. Of a value
        that is named above and used here, the line of the name is told as well.
        """
        node, line, parts = self.root, 1, []
        named = ""
        for key in keys:
            found = None if node is None else _below(node, key)
            parts.append(key if isinstance(key, str) else _code(found) or str(key + 1))
            node = found.value if found else None
            if found:
                line, defined = found.line, found.value.start_mark.line + 1
                named = f" (named in line {defined})" if defined < line else ""
        return f"line {line}{named}, {'.'.join(parts) or 'the document'}"


@dataclass(frozen=True, slots=True)
class _Found:
    line: int
    value: yaml.Node


def _below(node: yaml.Node, key: int | str) -> _Found | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        item = node.value[key]
        return _Found(item.start_mark.line + 1, item)
    if isinstance(node, yaml.MappingNode):
        for name, value in reversed(node.value):  # merged keys come first, and the last prevails
            if name.value == str(key):
                return _Found(name.start_mark.line + 1, value)
    return None


def _code(found: _Found | None) -> str:
    """Return the code of a criterion, which tells more than its place."""
    code = found and _below(found.value, "code")
    return str(code.value.value) if code and isinstance(code.value, yaml.ScalarNode) else ""


def parse(text: str) -> tuple[Any, Places]:
    """Return what the text says, and where.

    Raises Unreadable: broken YAML, a key that stands twice, a value that cannot be one.
    """
    if strange := Reader.NON_PRINTABLE.search(text):
        line = text.count("\n", 0, strange.start()) + 1
        raise Unreadable([f"line {line}: the character {strange[0]!r} cannot stand in YAML"])
    # Not the loader in C: text that is too deep ends its process, and its messages tell less.
    loader = yaml.SafeLoader(text)
    try:
        root = loader.get_single_node()
        if root is None:
            raise Unreadable(["line 1, the document: there is no text"])
        if problems := sorted(_problems(root, loader)):
            raise Unreadable([f"line {line}, {problem}" for line, problem in problems])
        return loader.construct_document(root), Places(root)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise Unreadable([f"{place}{error.problem}"]) from error
    except RecursionError as error:
        raise Unreadable(["too many levels stand within each other"]) from error
    finally:
        loader.dispose()


def _problems(root: yaml.Node, loader: yaml.SafeLoader) -> Iterator[tuple[int, str]]:
    """Yield the lines where two equal keys stand, of which YAML would keep the last, and say
    nothing; and those of values that have the form of a day or a number and are none."""
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:  # an anchor, used again
            continue
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            lines: dict[tuple[str, str], int] = {}
            for name, value in node.value:
                line = name.start_mark.line + 1
                if not isinstance(name, yaml.ScalarNode):
                    yield line, "a key is one word"
                elif (name.tag, name.value) in lines:
                    first = lines[name.tag, name.value]
                    yield line, f"{name.value}: this key stands in line {first} already"
                else:
                    lines[name.tag, name.value] = line
                waiting.append(value)
        elif isinstance(node, yaml.SequenceNode):
            waiting += node.value
        else:
            try:
                loader.construct_object(node)
            except ValueError as error:
                yield node.start_mark.line + 1, f"{node.value[:40]}: {error}"
