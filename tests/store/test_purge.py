"""Old tickets go with all that hangs on them; their numbers never come back (F-R40)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.support.desk import DeskFixture
from ticketctl.actions.base.context import begin
from ticketctl.actions.jobs import purge
from ticketctl.actions.tickets import close, link, merge
from ticketctl.domain.base.records import Actor, Participant
from ticketctl.errors import NotAllowed
from ticketctl.store.db.core import spliced
from ticketctl.store.db.schema import blob, metadata
from ticketctl.store.desk import journal
from ticketctl.store.privacy import purge as old
from ticketctl.store.tickets import search, tickets

ROOT = Actor("root", "root", "admin")


def run(helpdesk: DeskFixture, **who: Any) -> list[old.Purged]:
    actor = Actor(**who) if who else ROOT
    parts = []
    while part := helpdesk.db.write(
        lambda tx: purge.some(begin(tx, actor, helpdesk.at + timedelta(seconds=1)), helpdesk.at)
    ):
        parts.append(part)
    return parts


def about(helpdesk: DeskFixture, number: int) -> dict[str, int]:
    """How many rows of each table belong to a ticket."""
    with helpdesk.db.read() as tx:
        counts = {
            table.name: tx.execute(
                select(func.count()).select_from(table).where(table.c.ticket_id == number)
            ).scalar_one()
            for table in metadata.sorted_tables
            if "ticket_id" in table.c
        }
    return {name: count for name, count in counts.items() if count}


def test_purge_takes_everything_of_old_tickets_and_nothing_else_F_R40(
    helpdesk: DeskFixture,
) -> None:
    first, into, kept = (helpdesk.open(f"zebra{n}", author=f"c{n}@x.example") for n in range(3))
    copied = helpdesk.open("zebra3", others=(Participant("dora@x.example", "", "cc"),))
    helpdesk.do(lambda work: link.link(work, kept, "related", first))
    helpdesk.do(lambda work: merge.merge(work, first, into, comment="same"))
    helpdesk.do(lambda work: close.close(work, into, comment="done"))
    helpdesk.do(lambda work: close.close(work, copied, comment="done"))
    helpdesk.later(days=1)
    newest = helpdesk.open("zebra4")
    before = about(helpdesk, kept)
    assert len(about(helpdesk, into)) > 4
    assert helpdesk.read(lambda tx: old.count(tx, helpdesk.at)) == 2
    (done,) = run(helpdesk)
    assert (done.tickets, done.messages, done.mails) == (3, 3, 3)
    assert [about(helpdesk, one) for one in (first, into, copied)] == [{}, {}, {}]
    with helpdesk.db.read() as tx:
        assert tx.execute(select(func.count()).select_from(blob)).scalar_one() == 2
        found = tickets.rows(tx, tickets.SELECT().where(spliced(search.matches(("zebra1",)))))
        lines = journal.of(tx, "purge", "closed before 2026-03-10T08:00:00Z")
    assert found == []
    assert [(one.actor, one.new["tickets"]) for one in lines] == [("root", 3)]
    assert about(helpdesk, kept) == {name: n for name, n in before.items() if name != "link"}
    assert helpdesk.open() == newest + 1


def test_numbers_never_come_back_even_of_the_newest_F_R40(helpdesk: DeskFixture) -> None:
    newest = helpdesk.open()
    helpdesk.do(lambda work: close.close(work, newest, comment="done"))
    helpdesk.later(days=1)
    run(helpdesk)
    assert helpdesk.open() == newest + 1


def test_only_admins_purge_F_R40(helpdesk: DeskFixture) -> None:
    with pytest.raises(NotAllowed, match="ana is agent"):
        run(helpdesk, name="ana", role="agent")
