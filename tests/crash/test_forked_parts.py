"""The parts are forked from the supervisor: they share its memory, and nothing that would tie them together."""

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from gateway.run.child import Child
from gateway.run.gateway_part import GatewayPart
from tests.support.running_gateway import PATIENCE, RunningGateway
from ticketctl.settings.table import Settings

PARTS = ("doors", "intake1", "intake2", "send", "timer")


@contextmanager
def forked(work: Callable[[], int], *, keep: tuple[int, ...] = ()) -> Iterator[Child]:
    """A child that is killed if it is still there."""
    child = Child("forked", work, keep=keep)
    try:
        yield child
    finally:
        child.kill()
        child.wait(PATIENCE)
        child.release()


def fail() -> int:
    raise LookupError("a bug")


@pytest.mark.parametrize(("work", "code"), [(lambda: 0, 0), (lambda: 9, 9), (fail, 1)])
def test_the_result_of_the_work_is_the_exit_code(work: Callable[[], int], code: int) -> None:
    with forked(work) as child:
        assert child.wait(PATIENCE) == code
        assert child.poll() == code
        child.terminate()  # harmless


def test_a_child_without_a_handler_ends_by_sigterm_and_knows_nothing_of_ours() -> None:
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with forked(lambda: len(os.read(0, 1))) as child:
            assert child.wait(0) is None
            child.terminate()
            assert child.wait(PATIENCE) == -signal.SIGTERM
    finally:
        signal.signal(signal.SIGTERM, before)


def test_a_child_holds_no_descriptor_but_those_it_is_given(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ours, theirs = os.pipe()

    def tell() -> int:
        held = [path for path in Path("/proc/self/fd").iterdir() if int(path.name) > 2]
        there = [int(path.name) for path in held if path.exists()]  # without that of the list
        os.write(theirs, repr(there).encode())
        return 0

    with (tmp_path / "file").open() as _, forked(lambda: 0), forked(tell, keep=(theirs,)) as child:
        assert child.wait(PATIENCE) == 0
        assert os.read(ours, 1000).decode() == repr([theirs])
    os.close(ours)
    os.close(theirs)


def test_standard_input_ends_when_the_parent_lets_go() -> None:
    child = Child("elder", lambda: 7 + len(os.read(0, 1)))
    with forked(lambda: len(os.read(0, 1))):  # a younger one does not hold it open
        assert child.wait(0) is None
        child.release()
        assert child.wait(PATIENCE) == 7


def test_parts_have_their_own_names_and_the_supervisor_no_connection(
    db_url: str, new_gateway: Callable[..., RunningGateway]
) -> None:
    running = new_gateway(db_url)
    running.catch()
    running.start()
    names = sorted(child.name() for child in running.supervisor.children())
    assert names == sorted(PARTS)
    assert running.supervisor.num_threads() == 1
    assert not [file.path for file in running.supervisor.open_files() if ".db" in file.path]
    assert {one.status for one in running.supervisor.net_connections()} == {"LISTEN"}


OWN_LOG = """
import sys
from gateway.run.supervisor import Supervisor
from ticketctl.settings import load
with open(sys.argv[1], "ab") as log:
    sys.exit(Supervisor(load.load(), lambda: print("ready", flush=True), log.fileno()).run())
"""


def test_parts_log_to_the_file_that_is_given(
    sqlite_url: str, new_gateway: Callable[..., RunningGateway]
) -> None:
    running = new_gateway(sqlite_url)
    with subprocess.Popen(
        [sys.executable, "-c", OWN_LOG, str(running.log)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=running.environ,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        process.terminate()
        assert process.wait(PATIENCE) == 0
        assert process.stdout.read() == b""
    assert running.said(f"listening on smtp 127.0.0.1:{running.port}") == 1


def test_parts_that_replace_others_end_with_the_supervisor_too(
    sqlite_url: str, new_gateway: Callable[..., RunningGateway]
) -> None:
    running = new_gateway(sqlite_url)
    running.catch()
    running.start()
    for name in PARTS:
        process = running.part(name)
        assert process is not None
        process.kill()
        running.until(
            lambda name=name, pid=process.pid: (one := running.part(name)) and one.pid != pid,
            f"{name} runs again",
        )
    orphans = running.kill_supervisor()
    assert len(orphans) == len(PARTS)
    assert not psutil.wait_procs(orphans, timeout=PATIENCE)[1]


def test_a_part_that_cannot_be_forked_is_started_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> int:
        raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    part = GatewayPart("timer", Settings())
    held = len(list(Path("/proc/self/fd").iterdir()))
    with monkeypatch.context() as patch:
        patch.setattr(os, "fork", full)
        part.start()
    assert part.process is None and part.beat is None
    assert part.not_before > time.monotonic()
    assert len(list(Path("/proc/self/fd").iterdir())) == held
    assert not {signal.SIGTERM, signal.SIGINT} & signal.pthread_sigmask(signal.SIG_BLOCK, ())
    part.start()
    assert part.process is not None
    part.process.kill()
    part.clean_up()


def test_a_signal_in_the_moment_of_the_fork_stops_everything(
    sqlite_url: str, new_gateway: Callable[..., RunningGateway]
) -> None:
    running = new_gateway(sqlite_url)
    running.catch()
    for pause in (0.0, 0.02, 0.05, 0.1, 0.2):
        started = running.said("part doors started")
        process = running.launch()
        running.until(lambda n=started: running.said("part doors started") > n, "it starts")
        time.sleep(pause)
        parts = process.children(recursive=True)
        process.terminate()
        assert process.wait(PATIENCE) == 0
        assert not psutil.wait_procs(parts, timeout=PATIENCE)[1]
