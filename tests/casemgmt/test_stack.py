"""Programs that live and die together."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RUN = "import os, sys; from casemgmt.stack import run; sys.exit(run({}, environ=os.environ))"


def start(tmp_path: Path, **scripts: str) -> subprocess.Popen[str]:
    """Run shell scripts as the programs; each may write its process number under its name."""
    programs = {name: ["sh", "-c", f"cd {tmp_path}; {script}"] for name, script in scripts.items()}
    return subprocess.Popen(
        [sys.executable, "-c", RUN.format(programs)], cwd=ROOT, stderr=subprocess.PIPE, text=True
    )


def number(file: Path) -> int:
    """Wait for the process number a script writes."""
    while not (file.exists() and file.read_text().endswith("\n")):
        time.sleep(0.01)
    return int(file.read_text())


def works(pid: int) -> bool:
    """Say whether the process is there; one that only awaits its parent is not."""
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


def test_when_one_ends_the_others_are_stopped(tmp_path):
    stack = start(tmp_path, web="exec sleep 60 & echo $! > web; wait", worker="sleep 0.3; exit 3")
    web = number(tmp_path / "web")

    _, said = stack.communicate(timeout=20)

    assert stack.returncode == 3
    assert said == "worker ended with 3; stopping the others.\n"
    assert not works(web)


def test_what_a_killed_program_leaves_behind_is_ended_too(tmp_path):
    stack = start(tmp_path, worker="sleep 60 & echo $! > child; echo $$ > worker; wait")
    child = number(tmp_path / "child")

    os.kill(number(tmp_path / "worker"), signal.SIGKILL)

    assert stack.wait(timeout=20) == 1
    assert not works(child)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_all_of_them(tmp_path, stop):
    stack = start(
        tmp_path, web="echo $$ > web; exec sleep 60", beat="echo $$ > beat; exec sleep 60"
    )
    programs = [number(tmp_path / name) for name in ("web", "beat")]

    stack.send_signal(stop)

    assert stack.wait(timeout=20) == 0
    assert not any(works(pid) for pid in programs)
