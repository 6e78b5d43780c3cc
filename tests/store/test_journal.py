"""The history of what is no ticket: kept in order, by subject and by invocation."""

from typing import Any

from ticketctl import clock
from ticketctl.domain.base.records import Actor
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.desk import journal

NOW = clock.parse("2026-03-09T08:10:00Z")
ANA = Actor("ana", "ana_os")


def note(tx: Tx, subject: str, type: str, group: str, **more: Any) -> None:
    journal.append(
        tx, at=NOW, actor=ANA, kind="customer", subject=subject, type=type, group=group, **more
    )


def test_lines_come_back_by_subject_and_by_invocation_oldest_first(db: Database) -> None:
    def work(tx: Tx) -> None:
        note(tx, "3", "linked", "one", new="twitter:@ana", comment="she said so")
        note(tx, "4", "linked", "one", new=["a", {"b": None}])
        note(tx, "3", "unlinked", "two", old="twitter:@ana")

    db.write(work)
    with db.read() as tx:
        first, last = journal.of(tx, "customer", "3")
        assert [one.subject for one in journal.of_group(tx, "one")] == ["3", "4"]
        assert journal.of_group(tx, "one")[1].new == ["a", {"b": None}]
        assert journal.of(tx, "template", "3") == []
    assert (first.type, first.new, first.comment) == ("linked", "twitter:@ana", "she said so")
    assert (first.actor, first.os_user, first.at) == ("ana", "ana_os", NOW)
    assert (last.type, last.old, last.new, last.comment) == ("unlinked", "twitter:@ana", None, None)
