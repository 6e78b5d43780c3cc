"""Every part says that it lives; one that is stuck is replaced, or ended by the system where nobody else can."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway.run.child import Child
from gateway.run.gateway_part import GatewayPart
from gateway.run.process import BUSY, IDLE, READY, stuck_after
from gateway.run.supervisor import Supervisor
from tests.support.running_gateway import PATIENCE, RunningGateway
from ticketctl.settings.table import Gateway, Settings

ROOT = Path(__file__).parents[2]
PARTS = ["doors", "intake1", "send", "timer", "imap:support"]

STUCK_IN_A_PATTERN = """
import re, sys
from gateway.run import process
from ticketctl.settings.table import Db, Gateway, Settings

def stuck(name, settings, db, beat, holder):
    def work(stop):
        beat(True)
        re.match("(a+)+b", "a" * 99)  # holds the interpreter for ever: no other thread runs
    return work

process._part, process.ALARM_SECONDS = stuck, 0
settings = Settings(db=Db(url="sqlite:////nowhere"), gateway=Gateway(intake_seconds=2))
process.run("intake1", settings, int(sys.argv[1]), "")
"""


def read_until(wanted: set[int], beats: int) -> None:
    """Read from the pipe `beats` until a part has said all of `wanted`."""
    said = b""
    while not wanted <= set(said):
        more = os.read(beats, 1)
        assert more, f"the part ended after {said!r}"
        said += more


def test_an_orphan_that_is_stuck_in_a_pattern_ends_by_itself() -> None:
    ours, theirs = os.pipe()
    with subprocess.Popen(
        [sys.executable, "-c", STUCK_IN_A_PATTERN, str(theirs)],
        stdin=subprocess.PIPE,
        pass_fds=(theirs,),
        cwd=ROOT,
    ) as process:
        os.close(theirs)
        read_until(set(BUSY), ours)
        assert process.stdin is not None
        process.stdin.close()  # the supervisor is gone
        os.close(ours)
        assert process.wait(PATIENCE) == -signal.SIGALRM


ONE_PART = """
import sys
from gateway.run import process
from ticketctl.settings import load
sys.exit(process.run(sys.argv[1], load.load(), int(sys.argv[2]), ""))
"""


@pytest.mark.parametrize("name", ["doors", "intake1", "send", "timer"])
def test_every_part_beats(
    name: str, sqlite_url: str, new_gateway: Callable[..., RunningGateway], tmp_path: Path
) -> None:
    running = new_gateway(sqlite_url)
    ours, theirs = os.pipe()
    with subprocess.Popen(
        [sys.executable, "-c", ONE_PART, name, str(theirs)],
        stdin=subprocess.PIPE,
        pass_fds=(theirs,),
        cwd=ROOT,
        env=running.environ,
    ) as process:
        os.close(theirs)
        read_until(set(READY + BUSY if name == "doors" else READY + IDLE), ours)
        process.terminate()
        assert process.wait(PATIENCE) == 0
    os.close(ours)


@pytest.mark.parametrize("name", PARTS)
def test_a_process_stuck_on_one_job_is_replaced(name: str) -> None:
    settings = Settings(gateway=Gateway(intake_seconds=60))
    supervisor = Supervisor(settings)
    part = GatewayPart(name, settings)
    process = part.process = Child(name, lambda: len(os.read(0, 1)))
    supervisor._parts = [part]
    limit = stuck_after(name, settings)
    part.busy_since = time.monotonic() - limit + 30
    supervisor._replace_stuck()
    assert process.poll() is None
    part.busy_since -= 31
    supervisor._replace_stuck()
    assert process.wait(PATIENCE) == -signal.SIGKILL
    process.release()
