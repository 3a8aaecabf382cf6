"""Writing a delivery: blocks made by several processes, appended to its files in their order."""

import os
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from cases.synthetic import people
from cases.synthetic.block import Block, Plan, make_block
from cases.synthetic.evidence import FILES
from cases.synthetic.lookups import lookups, render
from cases.synthetic.tables import TABLES


@dataclass(frozen=True, slots=True)
class Expected:
    """What a reader of the delivery should find: rows by file, planted defects by kind."""

    rows: dict[str, int]
    defects: dict[str, int]


def _paths(directory: Path) -> dict[str, Path]:
    paths = {table: directory / "EOIR Case Data" / f"{table}.csv" for table in TABLES}
    paths |= {name: directory / "evidence" / f"{name}.ndjson" for name in FILES}
    return paths | {"respondents": directory / "respondents.csv"}


def _blocks(plan: Plan, processes: int) -> Iterator[Block]:
    """Yield the blocks in order, with no more than two for each process waiting to be written."""
    if processes == 1 or plan.blocks == 1:
        for number in range(plan.blocks):
            yield make_block(plan, number)
        return
    with ProcessPoolExecutor(
        min(processes, plan.blocks), mp_context=get_context("spawn")
    ) as executor:
        waiting: deque[Future[Block]] = deque()
        for number in range(plan.blocks):
            waiting.append(executor.submit(make_block, plan, number))
            if len(waiting) >= 2 * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def write_delivery(
    directory: Path,
    plan: Plan,
    *,
    processes: int | None = None,
    made: Callable[[int], None] | None = None,
) -> Expected:
    """Write the whole delivery; `made` is told how many cases each block added.

    Files of an earlier delivery in the same directory are overwritten.
    """
    rows: Counter[str] = Counter()
    planted: Counter[str] = Counter()
    paths = _paths(directory)
    with ExitStack() as stack:
        files = {}
        for name, path in paths.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            files[name] = stack.enter_context(path.open("wb"))
        for table, columns in TABLES.items():
            files[table].write(("\t".join(columns) + "\r\n").encode())
        files["respondents"].write((",".join(people.HEADER) + "\n").encode())
        for number, block in enumerate(_blocks(plan, processes or os.cpu_count() or 1)):
            for name, content in block.files.items():
                files[name].write(content)
            rows.update(block.rows)
            planted.update(block.planted)
            if made:
                made(plan.cases_in(number))
    counts = {table: rows[table] for table in TABLES} | _write_lookups(directory / "Lookup")
    count_lines = "".join(f"{table}\t{count}\r\n" for table, count in counts.items())
    (directory / "Count.txt").write_bytes(count_lines.encode())
    outside = {name: rows[name] for name in ("respondents", *FILES)}
    return Expected(counts | outside, dict(sorted(planted.items())))


def _write_lookups(directory: Path) -> dict[str, int]:
    directory.mkdir(parents=True, exist_ok=True)
    counts = {}
    for name, lookup in lookups().items():
        (directory / f"{name}.csv").write_bytes(render(lookup))
        counts[name] = len(lookup.rows)
    return counts
