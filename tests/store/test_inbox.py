"""The inbox: kept once, claimed by one, filed once, replayable."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.programs import at_once
from tests.support.statements import heard
from ticketctl import clock
from ticketctl.domain.base import envelope_sender
from ticketctl.domain.base.reasons import Reason, reason
from ticketctl.domain.base.records import InboxRow, ReceivedMail
from ticketctl.errors import Conflict, NotFound
from ticketctl.store.db import schema
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.queues import filed, inbox

AT = datetime(2026, 3, 9, 8, 10, tzinfo=UTC)


REASON = reason("no-reply-token")


def arrival(raw: bytes = b"Subject: x\r\n\r\n\xff\x00", **more: object) -> ReceivedMail:
    facts = {
        "via": "smtp",
        "envelope_from": "carl@customer.example",
        "recipients": {"support@help.example": ("support@help.example",)},
    }
    return ReceivedMail(raw=raw, **(facts | more))  # type: ignore[arg-type]


def accept(db: Database, count: int = 1) -> list[int]:
    return db.write(
        lambda tx: [inbox.accept(tx, arrival(b"mail %d" % n), AT)[0] for n in range(count)]
    )


def claim(
    db: Database,
    limit: int = 10,
    seconds: int = 30,
    attempts: int = 3,
    holder: str = "intake1",
    quick: bool = False,
) -> list[InboxRow]:
    how = {"lease_seconds": seconds, "attempts": attempts, "quick": quick}
    return db.write(lambda tx: inbox.claim(tx, holder=holder, limit=limit, **how))  # type: ignore[arg-type]


def finish(db: Database, id: int, verdict: str = "spam") -> None:
    db.write(
        lambda tx: inbox.finish(
            tx,
            id,
            verdict=verdict,
            class_="human",
            ticket=None,
            message=None,
            reasons=(REASON,),
            message_id="<m1@customer.example>",
        )
    )


def test_a_mail_is_kept_as_it_came(db: Database) -> None:
    taken = arrival(remote="192.0.2.1", authenticated="ana", trace="Received: by us")
    id = db.write(lambda tx: inbox.accept(tx, taken, AT)[0])
    with db.read() as tx:
        row = inbox.get(tx, id)
        assert inbox.raw(tx, id) == taken.raw
    assert row.received_at == AT
    assert {row.mailbox: row.recipients} == taken.recipients
    assert (row.remote, row.authenticated, row.trace) == ("192.0.2.1", "ana", "Received: by us")
    assert (row.state, row.verdict, row.attempts, row.size) == ("received", None, 0, len(taken.raw))


def test_an_envelope_may_hold_anything(db: Database) -> None:
    odd = arrival(
        envelope_from="a\0b\udcff@x.example", recipients={"": ("c\0\udce9@help.example",)}
    )
    id = db.write(lambda tx: inbox.accept(tx, odd, AT)[0])
    db.write(lambda tx: inbox.hold(tx, id, "boom \0 \udcff", (Reason("odd", "\0"),)))
    with db.read() as tx:
        row = inbox.get(tx, id)
    assert row.envelope_from == "a\ufffdb?@x.example"
    assert row.recipients == ("c\ufffd?@help.example",)
    assert (row.error, row.reasons) == ("boom \ufffd ?", (Reason("odd", "\ufffd"),))


@pytest.mark.parametrize("via", ["smtp", "lmtp"])
def test_a_null_sender_by_smtp_is_an_empty_column(db: Database, via: str) -> None:
    mail = arrival(via=via, envelope_from="")
    (id,) = db.write(lambda tx: inbox.accept(tx, mail, AT))
    with db.read() as tx:
        assert inbox.get(tx, id).envelope_from == ""
    assert envelope_sender.to_text(via, "") == ""


@pytest.mark.parametrize("via", ["imap", "pipe", "line"])
@pytest.mark.parametrize(("sender", "text"), [("", "<>"), (None, ""), ("a@x.example",) * 2])
def test_other_ways_in_tell_a_null_sender_from_an_unknown_one(
    db: Database, via: str, sender: str | None, text: str
) -> None:
    mail = arrival(via=via, envelope_from=sender)
    (id,) = db.write(lambda tx: inbox.accept(tx, mail, AT))
    with db.read() as tx:
        assert inbox.get(tx, id).envelope_from == sender
    assert envelope_sender.to_text(via, sender) == text


def test_the_oldest_are_claimed_first_and_by_one_only(db: Database) -> None:
    ids = accept(db, 3)
    assert [row.id for row in claim(db, limit=2)] == ids[:2]
    assert [(row.id, row.attempts) for row in claim(db)] == [(ids[2], 1)]
    assert claim(db) == []


def test_rows_claimed_by_another_transaction_are_skipped(
    postgres_url: "object", request: pytest.FixtureRequest
) -> None:
    db = Database(request.getfixturevalue("postgres_url")())
    ids = accept(db, 2)
    other = Database(db.url.text())

    def both(tx: Tx) -> tuple[list[InboxRow], list[InboxRow]]:
        return inbox.claim(tx, holder="intake1", limit=1, lease_seconds=30, attempts=3), claim(
            other
        )

    mine, theirs = db.write(both)
    assert ([row.id for row in mine], [row.id for row in theirs]) == (ids[:1], ids[1:])
    db.dispose()
    other.dispose()


def test_the_row_of_a_killed_worker_is_free_when_its_lease_ends(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    (id,) = accept(db)
    claim(db, seconds=30)
    start = clock.wall()
    monkeypatch.setattr(clock, "wall", lambda: start + timedelta(seconds=25))
    assert claim(db) == []
    monkeypatch.setattr(clock, "wall", lambda: start + timedelta(seconds=31))
    assert [(row.id, row.attempts) for row in claim(db)] == [(id, 2)]


def test_leases_do_not_run_on_desk_time(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    accept(db)
    claim(db)
    monkeypatch.setenv("TICKETCTL_NOW", "2030-01-01T00:00:00Z")
    assert claim(db) == []


def test_a_mail_whose_worker_died_three_times_is_held(db: Database) -> None:
    (id, other) = accept(db, 2)
    for _ in range(3):
        assert id in [row.id for row in claim(db, seconds=-1, limit=1)]
    assert [row.id for row in claim(db)] == [other]
    with db.read() as tx:
        row = inbox.get(tx, id)
    assert (row.state, row.attempts) == ("held", 3)
    assert row.error == "its worker stopped before it was filed, each time it was tried"


def test_an_empty_inbox_is_asked_once(db: Database) -> None:
    claim(db)  # which also checks the schema
    with heard() as asked:
        assert claim(db) == claim(db, quick=True) == []
    assert len(asked) == 2


def test_the_quick_leave_a_mail_whose_worker_died_to_others(db: Database) -> None:
    (id,) = accept(db)
    claim(db, seconds=-1)
    assert claim(db, attempts=1, quick=True) == []
    with db.read() as tx:
        assert inbox.get(tx, id).state == "received"
    assert claim(db, attempts=1) == []
    with db.read() as tx:
        assert inbox.get(tx, id).state == "held"


def test_a_mail_that_was_tried_before_is_claimed_alone(db: Database) -> None:
    first, second, third = accept(db, 3)
    assert [row.id for row in claim(db, seconds=-1)] == [first, second, third]
    (new,) = accept(db)
    for tried in (first, second, third):
        assert [row.id for row in claim(db)] == [tried]
    assert [row.id for row in claim(db)] == [new]


def test_a_large_mail_is_claimed_alone_and_never_by_the_quick(db: Database) -> None:
    large = arrival(raw=b"Subject: x\r\n\r\n" + b"x" * inbox.LARGE)
    (first,) = accept(db)
    big = db.write(lambda tx: inbox.accept(tx, large, AT)[0])
    (second,) = accept(db)
    assert [row.id for row in claim(db, quick=True, seconds=-1)] == [first, second]
    assert claim(db, quick=True) == [], "what was tried before is not for it, either"
    (third,) = accept(db)
    assert [[row.id for row in claim(db)] for _ in range(4)] == [[first], [big], [second], [third]]


def test_an_innocent_mail_is_not_held_for_its_neighbour(db: Database) -> None:
    good, bad, late = accept(db, 3)
    filed = []
    for _ in range(6):  # the worker dies whenever the bad one is among its mails
        rows = [row.id for row in claim(db)]
        if bad in rows:
            db.write(lambda tx: inbox.release(tx, "intake1", forgiven=False))
            continue
        for id in rows:
            finish(db, id)
        filed += rows
    with db.read() as tx:
        assert [(row.id, row.attempts) for row in inbox.listing(tx, "held")] == [(bad, 3)]
    assert filed == [good, late]


def test_rows_of_a_dead_worker_are_free_at_once(db: Database) -> None:
    (id, others) = accept(db, 2)
    claim(db, limit=1)
    claim(db, limit=1, holder="intake2")
    db.write(lambda tx: inbox.release(tx, "intake1", forgiven=False))
    assert [(row.id, row.attempts) for row in claim(db)] == [(id, 2)]
    db.write(lambda tx: inbox.release(tx, "intake2", forgiven=True))
    assert [(row.id, row.attempts) for row in claim(db)] == [(others, 1)]


def test_release_leaves_what_is_filed(db: Database) -> None:
    (id,) = accept(db)
    claim(db)
    finish(db, id)
    db.write(lambda tx: inbox.release(tx, "intake1", forgiven=True))
    with db.read() as tx:
        assert (inbox.get(tx, id).state, inbox.get(tx, id).attempts) == ("done", 1)


def test_the_last_error_stays_with_a_held_mail(db: Database) -> None:
    (id,) = accept(db)
    claim(db, attempts=1)
    db.write(lambda tx: inbox.give_back(tx, id, "boom"))
    assert claim(db, attempts=1) == []
    with db.read() as tx:
        assert (inbox.get(tx, id).state, inbox.get(tx, id).error) == ("held", "boom")


def test_given_back_is_free_at_once(db: Database) -> None:
    (id,) = accept(db)
    claim(db)
    db.write(lambda tx: inbox.give_back(tx, id, "boom"))
    assert [(row.id, row.attempts, row.error) for row in claim(db)] == [(id, 2, "boom")]


def test_a_mail_is_finished_once(db: Database) -> None:
    (id,) = accept(db)
    finish(db, id)
    with pytest.raises(Conflict, match=f"mail {id} has changed meanwhile: it is done"):
        finish(db, id, "new")
    for late in (inbox.hold, inbox.give_back):
        with pytest.raises(Conflict):
            db.write(lambda tx, late=late: late(tx, id, "late"))  # type: ignore[misc]
    with db.read() as tx:
        row = inbox.get(tx, id)
    assert (row.state, row.verdict, row.class_) == ("done", "spam", "human")
    assert (row.reasons, row.message_id) == ((REASON,), "<m1@customer.example>")
    assert claim(db) == []


def test_reasons_stored_before_they_had_slugs_are_shown_without_their_code(db: Database) -> None:
    (id,) = accept(db)
    old = ["no reply token", "sender none: no check proves x.example (G13)", "#3 is of A1 (F-L8)"]
    db.write(lambda tx: tx.execute(schema.inbox.update().values(reasons=old)))
    with db.read() as tx:
        found = inbox.get(tx, id).reasons
    assert found == (
        Reason(None, "no reply token"),
        Reason(None, "sender none: no check proves x.example"),
        Reason(None, "#3 is of A1"),
    )


def test_the_same_mail_is_filed_once_for_a_mailbox_C1(db: Database) -> None:
    def mark(mailbox: str = "a@x", identity: str = "i", content: str = "c") -> bool:
        return db.write(lambda tx: filed.mark(tx, mailbox, identity, content, 1, AT))

    assert mark()
    assert not mark()
    assert mark(mailbox="b@x"), "another mailbox files it too (C6)"
    assert mark(content="other"), "the same id with other content is another mail (C5)"


def test_a_mail_of_two_mailboxes_is_known_in_its_ticket_C6(
    db: Database, make_ticket: Callable[[Tx], int]
) -> None:
    (id,) = accept(db)
    ticket, other = db.write(make_ticket), db.write(make_ticket)
    done = {"verdict": "reply", "class_": "human", "message": 2, "reasons": (), "message_id": None}

    def file(tx: Tx) -> None:
        filed.mark(tx, "support@help.example", "i", "c", id, AT)
        inbox.finish(tx, id, ticket=ticket, **done)  # type: ignore[arg-type]

    db.write(file)
    with db.read() as tx:
        assert filed.is_in_ticket(tx, "i", "c", ticket)
        assert not filed.is_in_ticket(tx, "i", "other content", ticket)
        assert not filed.is_in_ticket(tx, "i", "c", other)


def test_held_mail_can_be_tried_again_and_dropped(db: Database) -> None:
    (id,) = accept(db)
    claim(db)
    db.write(lambda tx: filed.mark(tx, "support@help.example", "i", "c", id, AT))
    db.write(lambda tx: inbox.hold(tx, id, "cannot be read", (REASON,)))
    with db.read() as tx:
        assert inbox.waiting(tx) == {"received": 0, "held": 1}
    db.write(lambda tx: inbox.drop(tx, id))
    with pytest.raises(Conflict, match=f"mail {id} is not held: it is done \\(dropped\\)"):
        db.write(lambda tx: inbox.drop(tx, id))
    db.write(lambda tx: inbox.retry(tx, id))
    (row,) = claim(db)
    assert (row.state, row.attempts, row.error, row.reasons) == ("received", 1, None, ())
    again = db.write(lambda tx: filed.mark(tx, "support@help.example", "i", "c", id, AT))
    assert again, "what is tried again may be filed"


def test_only_held_mail_is_tried_again(db: Database) -> None:
    (waiting, done) = accept(db, 2)
    finish(db, done)
    for id, why in ((waiting, "it waits to be filed"), (done, r"it is done \(spam\)")):
        with pytest.raises(Conflict, match=why):
            db.write(lambda tx, id=id: inbox.retry(tx, id))  # type: ignore[misc]


def test_pages_newest_first_by_state(db: Database) -> None:
    ids = accept(db, 5)
    finish(db, ids[2])
    with db.read() as tx:
        page = inbox.listing(tx, limit=2)
        assert [row.id for row in page] == [ids[4], ids[3]]
        rest = inbox.listing(tx, before_id=page[-1].id)
        assert [row.id for row in rest] == [ids[2], ids[1], ids[0]]
        assert [row.id for row in inbox.listing(tx, "done")] == [ids[2]]


def test_an_unknown_mail_is_not_found(db: Database) -> None:
    with db.read() as tx, pytest.raises(NotFound, match="no mail 7 in the inbox"):
        inbox.get(tx, 7)
    with pytest.raises(NotFound):
        finish(db, 7)


CLAIM_ALL = """
import json, sys
from ticketctl.store.db.database import Database
from ticketctl.store.queues import inbox

db, mine = Database(sys.argv[1]), []
how = {"holder": "intake1", "limit": 3, "lease_seconds": 600, "attempts": 3}
while rows := db.write(lambda tx: inbox.claim(tx, **how)):
    mine += [row.id for row in rows]
print(json.dumps(mine))
"""


def test_several_processes_claim_every_row_once(db: Database, db_url: str) -> None:
    ids = accept(db, 60)
    said = at_once(CLAIM_ALL, db_url, count=3)
    assert sorted(id for one in said for id in json.loads(one)) == ids
