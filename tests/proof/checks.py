"""What must hold when a proof is over, and a command of the desk as a person runs it."""

import subprocess
import sys

from gateway.run import debug_smtp
from tests.support.running_gateway import PATIENCE, RunningGateway, check_filed_once, check_sent
from tests.support.senders import Senders


def command(running: RunningGateway, *words: str) -> tuple[int, str]:
    """Run a command of the desk; its exit code and what it said on standard error."""
    done = subprocess.run(
        [sys.executable, "-m", "ticketctl", *words],
        cwd=running.folder,
        env=running.environ | {"TICKETCTL_AGENT": "ana"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return done.returncode, done.stderr


def check_nothing_lost_or_doubled(running: RunningGateway, senders: Senders) -> None:
    """Every mail that a sender was told is taken is filed once, and every answer went out once."""
    running.until(running.idle, "everything is filed and sent")
    assert {code for code, _ in senders.refusals} <= {451, 421}
    assert not running.said("Traceback")
    assert not running.said("ended with code")
    check_filed_once(running, senders.acknowledged)
    check_sent(running, senders.acknowledged)
    assert len(list(debug_smtp.mails(running.caught))) == len(running.outbox())
