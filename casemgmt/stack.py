"""The whole service in one terminal: web, worker and beat, which live and die together."""

import argparse
import os
import shlex
import sys
from pathlib import Path

from honcho.manager import Manager


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    port = parser.parse_args().port
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "DJANGO_INSECURE_COOKIES": "true"}
    manager = Manager()
    for name, command in commands(port=port).items():
        manager.add_process(name, shlex.join(command), env=environment)
    print(f"Open http://localhost:{port}/ - Ctrl-C stops everything.")  # noqa: T201 - this is a command
    manager.loop()
    sys.exit(manager.returncode)


if __name__ == "__main__":
    main()
