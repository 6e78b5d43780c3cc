"""A real PgBouncer in front of the tests' PostgreSQL, which gives each transaction to another server process."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.ports import free_port
from ticketctl.store.db.database_url import parse_url

_PROGRAM = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
_SETTINGS = """
[databases]
* = {server}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 4
server_round_robin = 1
{more}
"""


class Pooler:
    """A pooler that may be killed and started again."""

    def __init__(self, program: str, folder: Path, port: int, user: str | None) -> None:
        self.version = _version(program)
        self._command = [program, *(["-u", user] if user else []), str(folder / "pgbouncer.ini")]
        self.port, self._log = port, folder / "log"
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, name: str | None) -> str:
        """The URL of a database behind it."""
        return f"postgresql+psycopg://desk@127.0.0.1:{self.port}/{name}"

    def start(self) -> None:
        """Start it, and wait until it listens."""
        with self._log.open("ab") as log:
            process = self._process = subprocess.Popen(self._command, stdout=log, stderr=log)
        while process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        pytest.fail(self._log.read_text())

    def kill(self) -> None:
        """kill -9."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()


@contextmanager
def pooled(url: str, user: str | None, **more: str) -> Iterator[Pooler]:
    """A pooler in front of the server of this URL, run by `user` where root runs the tests; `more`: its settings.

    Skips the test where PgBouncer is not installed.
    """
    if _PROGRAM is None:
        pytest.skip("PgBouncer is not installed")
    found: Mapping[str, object] = parse_url(url).parameters()
    server = f"host={found['host']} port={found.get('port', 5432)} user={found['user']}"
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        lines = "\n".join(f"{name} = {value}" for name, value in more.items())
        file = Path(folder) / "pgbouncer.ini"
        file.write_text(_SETTINGS.format(server=server, port=port, more=lines))
        one = Pooler(_PROGRAM, Path(folder), port, user)
        try:
            one.start()
            yield one
        finally:
            one.kill()


def _version(program: str) -> tuple[int, ...]:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    return tuple(int(part) for part in said.stdout.split()[1].split(".")[:2])
