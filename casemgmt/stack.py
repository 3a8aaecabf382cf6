"""The whole service in one terminal: web, worker and beat, which live and die together."""

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

SECONDS_TO_STOP = 30  # a worker takes up to its soft shutdown timeout to give work back


def commands(*, port: int) -> dict[str, list[str]]:
    """Return what to run, by name."""
    programs = Path(sys.executable).parent
    granian = [str(programs / "granian"), "--interface", "wsgi", "--workers", "2"]
    granian += ["--blocking-threads", "2", "--host", "127.0.0.1", "--port", str(port)]
    celery = [str(programs / "celery"), "--app", "casemgmt", "--quiet"]
    return {
        "web": [*granian, "--log-level", "warning", "casemgmt.wsgi:application"],
        "worker": [*celery, "worker", "--loglevel", "INFO"],
        "beat": [*celery, "beat", "--loglevel", "WARNING"],
    }


def run(programs: Mapping[str, list[str]], *, environ: Mapping[str, str]) -> int:
    """Run the programs until one ends or a signal comes, end the others, return the exit code."""
    signals: list[int] = []
    # Noted and not raised: raised while a program starts, it would leave that program behind.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda received, _frame: signals.append(received))
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in programs.items():
            # A session each: Ctrl-C reaches only us, and what a killed program leaves can be found.
            running[name] = subprocess.Popen(command, env=environ, start_new_session=True)  # noqa: S603 - our own programs
        while not signals and all(process.poll() is None for process in running.values()):
            time.sleep(0.1)
        if signals:
            return 0
        ended = next(name for name, process in running.items() if process.returncode is not None)
        code = running[ended].returncode
        print(f"{ended} ended with {code}; stopping the others.", file=sys.stderr)  # noqa: T201 - this is a command
        return code if code > 0 else 1
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.default_int_handler)  # a second signal ends by force
        _end(running.values())


def _end(running: Iterable[subprocess.Popen[bytes]]) -> None:
    """End the programs and all they started; by force after a while or a second signal."""
    for process in running:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + SECONDS_TO_STOP
    with suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
        for process in running:
            process.wait(timeout=max(0, deadline - time.monotonic()))
    for process in running:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    port = parser.parse_args().port
    print(f"Open http://localhost:{port}/ - Ctrl-C stops everything.", flush=True)  # noqa: T201 - this is a command
    sys.exit(
        run(
            commands(port=port),
            environ={**os.environ, "PYTHONUNBUFFERED": "1", "DJANGO_INSECURE_COOKIES": "true"},
        )
    )


if __name__ == "__main__":
    main()
