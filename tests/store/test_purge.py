"""Old tickets go with all that hangs on them; their numbers never come back (F-R40)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.store.actions.conftest import House
from tests.store.actions.conftest import house as house
from ticketctl.actions.base.context import begin
from ticketctl.actions.jobs import purge
from ticketctl.actions.tickets import close, link, merge
from ticketctl.domain.base.records import Actor, Participant
from ticketctl.errors import NotAllowed
from ticketctl.store.db.schema import blob, metadata
from ticketctl.store.desk import journal
from ticketctl.store.privacy import purge as old
from ticketctl.store.tickets import search, tickets

ROOT = Actor("root", "root", "admin")


def run(house: House, **who: Any) -> list[old.Purged]:
    actor = Actor(**who) if who else ROOT
    parts = []
    while part := house.db.write(
        lambda tx: purge.some(begin(tx, actor, house.at + timedelta(seconds=1)), house.at)
    ):
        parts.append(part)
    return parts


def about(house: House, number: int) -> dict[str, int]:
    """How many rows of each table belong to a ticket."""
    with house.db.read() as tx:
        counts = {
            table.name: tx.execute(
                select(func.count()).select_from(table).where(table.c.ticket_id == number)
            ).scalar_one()
            for table in metadata.sorted_tables
            if "ticket_id" in table.c
        }
    return {name: count for name, count in counts.items() if count}


def test_purge_takes_everything_of_old_tickets_and_nothing_else_F_R40(house: House) -> None:
    first, into, kept = (house.open(f"zebra{n}", author=f"c{n}@x.example") for n in range(3))
    copied = house.open("zebra3", others=(Participant("dora@x.example", "", "cc"),))
    house.do(lambda work: link.link(work, kept, "related", first))
    house.do(lambda work: merge.merge(work, first, into, comment="same"))
    house.do(lambda work: close.close(work, into, comment="done"))
    house.do(lambda work: close.close(work, copied, comment="done"))
    house.later(days=1)
    newest = house.open("zebra4")
    before = about(house, kept)
    assert len(about(house, into)) > 4
    assert house.read(lambda tx: old.count(tx, house.at)) == 2
    (done,) = run(house)
    assert (done.tickets, done.messages, done.mails) == (3, 3, 3)
    assert [about(house, one) for one in (first, into, copied)] == [{}, {}, {}]
    with house.db.read() as tx:
        assert tx.execute(select(func.count()).select_from(blob)).scalar_one() == 2
        found = tickets.rows(tx, tickets.SELECT.where(search.matches(("zebra1",))))
        lines = journal.of(tx, "purge", "closed before 2026-03-10T08:00:00Z")
    assert found == []
    assert [(one.actor, one.new["tickets"]) for one in lines] == [("root", 3)]
    assert about(house, kept) == {name: n for name, n in before.items() if name != "link"}
    assert house.open() == newest + 1


def test_numbers_never_come_back_even_of_the_newest_F_R40(house: House) -> None:
    newest = house.open()
    house.do(lambda work: close.close(work, newest, comment="done"))
    house.later(days=1)
    run(house)
    assert house.open() == newest + 1


def test_only_admins_purge_F_R40(house: House) -> None:
    with pytest.raises(NotAllowed, match="ana is agent"):
        run(house, name="ana", role="agent")
