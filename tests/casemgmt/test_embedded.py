"""Real servers in checkouts of their own, started and stopped by the command as a user would."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from casemgmt import embedded

SERVERS = ["postgres", "redis"]


class Checkout:
    """A directory that holds nothing but the module, and what the module makes there."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "casemgmt").mkdir(parents=True)
        for name in ("__init__.py", "embedded.py"):
            shutil.copy(Path(embedded.__file__).with_name(name), root / "casemgmt")

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "casemgmt.embedded", *words]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*words),
            cwd=self.root,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )

    def start(self) -> None:
        done = self.run("start")
        assert done.returncode == 0, done.stderr

    def ask(self, expression: str) -> str:
        """Evaluate an expression of the module in the checkout."""
        code = f"from casemgmt import embedded; print({expression})"
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=self.root, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def pid(self, server: str) -> int:
        """Return the server's main process."""
        processes = f"embedded._processes(embedded.{server.upper()})"
        return int(
            self.ask(f"[p for p, parent in {processes}.items() if parent not in {processes}][0]")
        )

    def socket(self, server: str) -> Path:
        return Path(self.ask(f"embedded.{server.upper()}_SOCKET"))

    def sql(self, statement: str) -> object:
        with psycopg.connect(self.ask("embedded.database_url()")) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchone()[0] if cursor.description else None


@pytest.fixture
def checkouts() -> Iterator[list[Checkout]]:
    # Not tmp_path: pytest keeps it, and the data of a server is large.
    with tempfile.TemporaryDirectory(prefix="checkout-") as directory:
        made = [Checkout(Path(directory, name)) for name in ("one", "two")]
        yield made
        for checkout in made:
            checkout.run("stop")


@pytest.fixture
def checkout(checkouts: list[Checkout]) -> Checkout:
    checkouts[0].start()
    return checkouts[0]


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    while Path(f"/proc/{pid}/cwd").exists():
        time.sleep(0.01)


def test_the_application_owns_its_database_and_is_no_superuser(checkout):
    role = checkout.sql(
        "SELECT (rolsuper, rolcreatedb, pg_get_userbyid(datdba) = rolname)::text"
        " FROM pg_roles, pg_database WHERE rolname = current_user AND datname = current_database()"
    )

    assert role == "(f,t,t)"
    assert checkout.sql("SHOW server_encoding") == "UTF8"
    assert checkout.sql("SHOW fsync") == "on"


def test_starting_again_changes_nothing(checkout):
    before = [checkout.pid(server) for server in SERVERS]

    checkout.start()

    assert [checkout.pid(server) for server in SERVERS] == before


def test_stop_ends_both_and_keeps_the_data(checkout):
    checkout.sql("CREATE TABLE kept ()")

    stopped = checkout.run("stop")

    assert stopped.returncode == 0
    assert checkout.run("status").returncode == 1
    assert not checkout.socket("redis").parent.exists()
    checkout.start()
    assert checkout.sql("SELECT count(*) FROM kept") == 0


@pytest.mark.parametrize("server", SERVERS)
def test_a_killed_server_comes_back_with_its_data(checkout, server):
    checkout.sql("CREATE TABLE kept ()")
    killed = checkout.pid(server)
    kill(killed)

    checkout.start()

    assert checkout.pid(server) != killed
    assert checkout.sql("SELECT count(*) FROM kept") == 0


def test_a_socket_that_nobody_listens_on_is_replaced(checkout):
    sockets = [checkout.socket(server) for server in SERVERS]
    for server in SERVERS:
        kill(checkout.pid(server))
    assert all(socket.exists() for socket in sockets)

    checkout.start()

    assert checkout.run("status").returncode == 0


@pytest.mark.parametrize("server", SERVERS)
def test_a_server_that_lost_its_socket_is_started_again(checkout, server):
    lost = checkout.pid(server)
    checkout.socket(server).unlink()

    checkout.start()

    assert checkout.pid(server) != lost
    assert checkout.run("status").returncode == 0


def test_a_pid_file_whose_number_is_now_another_program_is_not_believed(checkout):
    pid_file = checkout.root / ".local" / "postgres" / "postmaster.pid"
    left_behind = pid_file.read_text().splitlines()
    owner = pid_file.stat()
    checkout.run("stop")
    with subprocess.Popen(["sleep", "60"], user=owner.st_uid) as another:
        pid_file.write_text("\n".join([str(another.pid), *left_behind[1:]]) + "\n")
        os.chown(pid_file, owner.st_uid, owner.st_gid)

        checkout.start()

        assert another.poll() is None
        another.kill()
    assert checkout.run("status").returncode == 0


def test_data_deleted_under_a_running_server_is_made_again(checkout):
    shutil.rmtree(checkout.root / ".local")

    checkout.start()

    assert checkout.sql("SELECT 1") == 1


def test_an_interrupted_first_start_is_begun_again(checkouts):
    half_made = checkouts[0].root / ".local" / "postgres.new"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")

    checkouts[0].start()

    assert checkouts[0].sql("SELECT 1") == 1


def test_checkouts_side_by_side_started_twice_at_once_do_not_meet(checkouts):
    starting = [
        subprocess.Popen(checkout.command("start"), cwd=checkout.root, stderr=subprocess.PIPE)
        for checkout in checkouts * 2
    ]

    errors = [process.communicate(timeout=60)[1] for process in starting]

    assert [process.returncode for process in starting] == [0, 0, 0, 0], errors
    one, two = checkouts
    one.sql("CREATE TABLE only_here ()")
    assert two.sql("SELECT to_regclass('only_here')") is None
    assert one.pid("redis") != two.pid("redis")


def test_the_path_of_the_checkout_may_be_long(checkouts):
    deep = Checkout(checkouts[0].root / ("d" * 120))

    deep.start()

    assert deep.run("stop").returncode == 0


def test_a_directory_that_only_its_owner_may_enter_is_no_obstacle(checkouts):
    checkouts[0].root.chmod(0o700)

    checkouts[0].start()

    assert checkouts[0].sql("SELECT 1") == 1


def test_a_socket_directory_of_someone_else_is_refused(checkouts):
    directory = checkouts[0].socket("redis").parent
    directory.symlink_to(checkouts[1].root)

    refused = checkouts[0].run("start")

    directory.unlink()
    assert refused.returncode == 1
    assert f"{directory} is not ours" in refused.stderr


def test_only_what_the_environment_does_not_name_is_started(checkouts):
    checkouts[0].ask("embedded.start_missing({'DATABASE_URL': 'postgresql://elsewhere/casemgmt'})")

    assert checkouts[0].run("status").stdout == "PostgreSQL is stopped\nRedis is running\n"


def test_asking_running_servers_takes_milliseconds():
    embedded.start()
    began = time.perf_counter()

    embedded.start()

    assert time.perf_counter() - began < 0.1
