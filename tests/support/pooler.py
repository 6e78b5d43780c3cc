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
from typing import NamedTuple

import pytest

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


class Pooler(NamedTuple):
    """A running pooler."""

    port: int
    process: subprocess.Popen[bytes]
    version: tuple[int, ...]

    def url(self, name: str | None) -> str:
        """The URL of a database behind it."""
        return f"postgresql+psycopg://desk@127.0.0.1:{self.port}/{name}"


@contextmanager
def pooled(url: str, user: str | None, **more: str) -> Iterator[Pooler]:
    """A pooler in front of the server of this URL, run by `user` where root runs the tests; `more`: its settings.

    Skips the test where PgBouncer is not installed.
    """
    if _PROGRAM is None:
        pytest.skip("PgBouncer is not installed")
    found: Mapping[str, object] = parse_url(url).parameters()
    server = f"host={found['host']} port={found.get('port', 5432)} user={found['user']}"
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        file = Path(folder) / "pgbouncer.ini"
        lines = "\n".join(f"{name} = {value}" for name, value in more.items())
        file.write_text(_SETTINGS.format(server=server, port=port, more=lines))
        command = [_PROGRAM, *(["-u", user] if user else []), str(file)]
        with (Path(folder) / "log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            _wait_for(port, process, Path(folder) / "log")
            yield Pooler(port, process, _version(_PROGRAM))
        finally:
            process.kill()
            process.wait()


def _version(program: str) -> tuple[int, ...]:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    return tuple(int(part) for part in said.stdout.split()[1].split(".")[:2])


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    while process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail(log.read_text())
