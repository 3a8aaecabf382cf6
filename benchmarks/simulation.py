"""Simulating a changed policy over a docket, against screening the same docket once.

    python -m benchmarks.simulation --cases 350000 [--json] [--repeat 3]

Both go through chunks and two worker processes, in one run. The screening writes every
determination; the simulation judges every case under two policies and writes only what it counted.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import statistics
from time import perf_counter

from benchmarks.screening import AS_OF, fill, ours, ready_worker

CHANGES = (
    ("params: {cutoff: 2020-11-01,", "params: {cutoff: 2019-11-01,"),
    ("within_years: 5", "within_years: 10"),
    ("params: {years: 10}", "params: {years: 5}"),
)
"""A draft that differs from the shipped policy as drafts do: in some of its numbers."""


def draft(document: str) -> str:
    """Return the shipped policy with its numbers changed."""
    for old, new in CHANGES:
        assert old in document, old
        document = document.replace(old, new)
    return document


def chunk_worker(simulation_id: int) -> None:
    from django.db import connection

    from screening.models import Simulation
    from screening.policies import simulate

    connection.close()
    simulation = Simulation.objects.get(pk=simulation_id)
    while simulate.work(simulation):
        pass


def simulated(workers: int) -> tuple[float, dict[str, int]]:
    """Time a simulation from its planning to its totals; two worker processes take the chunks."""
    from cases.accounts import machine_account
    from screening.policies import simulate
    from screening.policies.release import release_shipped
    from screening.policies.texts import of_draft, of_version

    version = release_shipped("doyle-2")
    with multiprocessing.get_context("spawn").Pool(workers, initializer=ready_worker) as pool:
        pool.map(abs, range(workers * 4))  # workers are running before there is work
        started = perf_counter()
        simulation = simulate.plan(
            of_draft(draft(version.document)),
            of_version(version),
            as_of=AS_OF,
            by=machine_account("screening"),
        )
        pool.map(chunk_worker, [simulation.pk] * workers, chunksize=1)
        seconds = perf_counter() - started
    simulate.finish_if_done(simulation)
    assert simulation.totals is not None
    return seconds, {k: simulation.totals[k] for k in ("cases", "gained", "lost", "unchanged")}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    from benchmarks.scratch import scratch_database

    with scratch_database("bench_simulation"):
        fill(options.cases)
        screenings, simulations, counts = [], [], {}
        for _ in range(options.repeat):
            screenings.append(ours(options.workers)[0])
            seconds, counts = simulated(options.workers)
            simulations.append(seconds)
    seconds_of = {
        "screening": statistics.median(screenings),
        "simulation": statistics.median(simulations),
    }
    report = {
        "docket": options.cases,
        **counts,
        "seconds": {k: round(v, 4) for k, v in seconds_of.items()},
        "ratios": {
            "simulation_to_screening": round(seconds_of["simulation"] / seconds_of["screening"], 2)
        },
    }
    if not options.json:
        for name, value in seconds_of.items():
            print(f"{name:>10}: {value:8.2f} s, {options.cases / value:,.0f} cases a second")
    print(json.dumps(report))


if __name__ == "__main__":
    main()
