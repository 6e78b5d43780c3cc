"""Two and three gateways on one PostgreSQL, one of them killed with mail in hand: the others take it over.

`make test` runs it with few mails and short leases, PROOF=long with many and the real ones, which last a minute.
"""

import contextlib
import random
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from tests.proof.length import LONG, MAILS, ROUNDS
from tests.support.running_gateway import RunningGateway, check_filed_once, check_sent
from tests.support.senders import Senders
from tests.support.short_leases import SECONDS
from tests.wire.imap.desk import account, mail
from tests.wire.imap.server import ALL, PASSWORD, Server
from ticketctl.store.db.database import Database

_HELD = "SELECT count(*) FROM inbox WHERE state = 'received' AND claimed_by LIKE %s"
_POLLER = "SELECT holder FROM lease WHERE name LIKE 'imap:%%'"


@pytest.fixture
def new_gateways(
    postgres_url: Callable[[], str], new_gateway: Callable[..., RunningGateway]
) -> Callable[..., list[RunningGateway]]:
    """A function: so many running gateways on one new desk, whose mail the first one's catcher takes."""

    def make(count: int, more: str = "") -> list[RunningGateway]:
        url = postgres_url()
        lines = ("" if LONG else f"intake_seconds = {SECONDS}\n") + more
        first = new_gateway(url, lines)
        made = [first, *(new_gateway(url, lines, first.outgoing_port) for _ in range(count - 1))]
        first.catch()
        for one in made:
            if not LONG:
                one.command = [sys.executable, "-m", "tests.support.short_leases"]
            one.start()
        return made

    return make


def holds_mail(one: RunningGateway) -> bool:
    """Has an intake worker of this gateway mail in hand?"""
    with one.db.read() as tx:
        (count,) = tx.run(_HELD, [f"%:{one.supervisor.pid}:%"]).fetchone()
    return bool(count)


def check(first: RunningGateway, senders: Senders) -> None:
    first.until(first.idle, "everything is filed and sent")
    assert not [code for code, _ in senders.refusals if code >= 500]
    check_filed_once(first, senders.acknowledged)
    check_sent(first, senders.acknowledged)


@pytest.mark.parametrize("count", [2, 3] if LONG else [3])
def test_the_others_take_over_what_a_killed_gateway_had_in_hand(
    new_gateways: Callable[..., list[RunningGateway]], count: int
) -> None:
    gateways = new_gateways(count)
    chance = random.Random(count)
    with Senders(*(one.port for one in gateways), threads=6, gap=0.02) as senders:
        for _ in range(ROUNDS):
            victim = chance.choice(gateways)
            victim.until(senders.enough(MAILS), "mail comes in")
            victim.until(partial(holds_mail, victim), "it has mail in hand", every=0.001)
            victim.kill_whole()
            victim.until(senders.enough(MAILS), "mail comes in by the others")
            assert not victim.supervisor.is_running()
            if LONG:
                victim.start()
    check(gateways[0], senders)


@pytest.fixture
def imap() -> Iterator[Server]:
    """A server that takes its time, so that a gateway dies in the middle of a round."""
    server = Server(*ALL)
    server.each = lambda: time.sleep(0.005)
    with contextlib.closing(server):
        yield server


def test_another_gateway_goes_on_with_the_mailbox_of_a_killed_one(
    new_gateways: Callable[..., list[RunningGateway]], imap: Server
) -> None:
    subjects = [f"m{number}" for number in range(10 * MAILS)]
    lines = account(imap.port) + f'poll = "1s"\npassword_command = "echo {PASSWORD}"\n'
    gateways = new_gateways(2, lines)
    for subject in subjects:
        imap.inbox.add(mail(subject))
    first = gateways[0]
    first.until(lambda: any("BODY" in one for one in imap.said), "mail is fetched", every=0.001)
    poller = polls(first.db)
    (victim,) = [
        one for one in gateways if poller in {part.pid for part in one.supervisor.children()}
    ]
    victim.kill_whole()
    assert imap.inbox.mails, "some is left"
    first.until(lambda: not imap.inbox.mails and first.idle(), "the other fetches the rest")
    with first.db.read() as tx:
        found = tx.run("SELECT subject, count(*) FROM ticket GROUP BY subject").fetchall()
    assert dict(found) == dict.fromkeys(subjects, 1)


def polls(db: Database) -> int:
    """The process that polls the mailbox now."""
    with db.read() as tx:
        (holder,) = tx.run(_POLLER).fetchone()
    return int(holder.split(":")[1])
