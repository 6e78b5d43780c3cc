"""The outbox: written with the decision, sent to each recipient by itself, never twice by two."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from ticketctl import clock
from ticketctl.domain.base.records import OutboxRow
from ticketctl.domain.loading.load import parse
from ticketctl.errors import Conflict, NotFound
from ticketctl.store.db import blobs
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.desk import definitions
from ticketctl.store.queues import outbox, sending

AT = datetime(2026, 3, 9, 8, 10, tzinfo=UTC)
LATER = AT + timedelta(minutes=5)


@pytest.fixture(autouse=True)
def _desk_time(monkeypatch: pytest.MonkeyPatch) -> None:
    _set(monkeypatch, AT)


def _set(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setenv("TICKETCTL_NOW", clock.rfc3339(now))


def queue(db: Database, to: Sequence[str] = ("carl@customer.example",), **more: object) -> int:
    facts: dict[str, object] = {
        "kind": "reply",
        "mailbox": "support@help.example",
        "subject": "[Help #1] Printer",
        "message_id": f"<{queue.__name__}.{next(_ids)}@help.example>",
        "language": "en",
        "data": {"text": "Hello \u20ac"},
        "at": AT,
    }
    return db.write(lambda tx: outbox.queue(tx, outbox.NewMail(to=to, **(facts | more))))  # type: ignore[arg-type]


_ids = iter(range(1_000_000))


def claim(db: Database, seconds: int = 30) -> list[OutboxRow]:
    """Claim all that is due, and what killed senders held."""

    def work(tx: Tx) -> list[OutboxRow]:
        sending.free_lost(tx)
        each = iter(lambda: sending.claim(tx, holder="send", lease_seconds=seconds), None)
        return [claimed.row for claimed in each]

    return db.write(work)


def end(
    db: Database, id: int, *states: str, retry_at: datetime | None = LATER, error: str | None = None
) -> OutboxRow:
    """Settle the deliveries, each in a transaction of its own, then the row."""
    with db.read() as tx:
        each = outbox.deliveries(tx, id)
    for delivery, state in zip(each, states, strict=True):
        db.write(lambda tx, d=delivery, s=state: outbox.settle_delivery(tx, d.id, s, "250 ok", AT))  # type: ignore[misc]
    db.write(lambda tx: sending.settle(tx, id, retry_at=retry_at, error=error))
    with db.read() as tx:
        return outbox.get(tx, id)


def states(db: Database, id: int) -> list[str]:
    with db.read() as tx:
        return [delivery.state for delivery in outbox.deliveries(tx, id)]


def test_what_is_queued_can_be_read_again(db: Database) -> None:
    id = queue(
        db,
        cc=("Dora@Customer.example",),
        bcc=("log@help.example",),
        in_reply_to="<m1@customer.example>",
        references=("<m0@customer.example>", "<m1@customer.example>"),
    )
    with db.read() as tx:
        row = outbox.get(tx, id)
        assert outbox.by_message_id(tx, row.message_id) == row
        assert outbox.by_message_id(tx, "<other@help.example>") is None
    assert (row.state, row.attempts, row.created_at, row.next_try_at) == ("queued", 0, AT, AT)
    assert (row.to, row.cc) == (("carl@customer.example",), ("Dora@Customer.example",))
    assert row.data == {"text": "Hello \u20ac"}
    assert row.references == ("<m0@customer.example>", "<m1@customer.example>")


def test_one_delivery_for_each_recipient_L18(db: Database) -> None:
    id = queue(db, to=("A@x.example", "b@x.example"), cc=("a@X.example",), bcc=("c@x.example",))
    with db.read() as tx:
        found = outbox.deliveries(tx, id)
        assert outbox.delivery(tx, found[0].id) == found[0]
    assert [one.address for one in found] == ["a@x.example", "b@x.example", "c@x.example"]
    assert {one.state for one in found} == {"queued"}


def test_a_mail_to_nobody_is_a_mistake(db: Database) -> None:
    with pytest.raises(ValueError, match="a mail to nobody"):
        queue(db, to=())


def test_not_before_its_time(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    id = queue(db, not_before=AT + timedelta(seconds=30))
    assert claim(db) == []
    _set(monkeypatch, AT + timedelta(seconds=30))
    assert [row.id for row in claim(db)] == [id]


def test_a_row_is_claimed_by_one(db: Database) -> None:
    id = queue(db)
    assert [(row.id, row.state, row.attempts) for row in claim(db)] == [(id, "sending", 1)]
    assert claim(db) == []


def test_of_several_senders_each_mail_is_claimed_by_one(db: Database) -> None:
    ids = [queue(db, to=("a@x.example", "b@x.example")) for _ in range(60)]

    def send(holder: str) -> list[int]:
        done = []
        while found := db.write(lambda tx: sending.claim(tx, holder=holder, lease_seconds=30)):
            end(db, found.row.id, "sent", "sent")
            done.append(found.row.id)
        return done

    with ThreadPoolExecutor() as pool:
        claimed = [id for done in pool.map(send, ("one", "two", "three", "four")) for id in done]
    assert sorted(claimed) == ids


def test_a_claim_names_the_recipients_that_wait_and_the_definition(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = queue(db, to=("a@x.example", "žofie@x.example", 'c"\\@x.example', "d@x.example"))
    other = queue(db, to=("e@x.example",))
    db.write(lambda tx: sending.claim(tx, holder="send", lease_seconds=30))
    end(db, id, "sent", "queued", "queued", "failed")
    db.write(lambda tx: definitions.save(tx, "", parse(""), "ana", "root", AT))
    _set(monkeypatch, LATER)
    first, second = (
        db.write(lambda tx: sending.claim(tx, holder="send", lease_seconds=30)) for _ in range(2)
    )
    assert first and second
    assert (first.row.id, [one.address for one in first.waiting]) == (other, ["e@x.example"])
    assert (second.row.id, [one.address for one in second.waiting]) == (
        id, ["žofie@x.example", 'c"\\@x.example']
    )  # fmt: skip
    with db.read() as tx:
        assert {one.id for one in second.waiting} <= {one.id for one in outbox.deliveries(tx, id)}
        assert first.definition == second.definition == definitions.version(tx) == 1


def test_rows_of_a_dead_sender_are_queued_at_once(db: Database) -> None:
    mine, other = queue(db), queue(db)
    for holder in ("send", "elsewhere"):
        db.write(lambda tx, holder=holder: sending.claim(tx, holder=holder, lease_seconds=30))  # type: ignore[misc]
    db.write(lambda tx: sending.release(tx, "send"))
    assert [(row.id, row.attempts) for row in claim(db)] == [(mine, 2)]
    assert other not in [row.id for row in claim(db)]


def test_only_the_holder_renews_its_claim(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    id = queue(db)
    claim(db)
    db.write(lambda tx: sending.renew(tx, id, "elsewhere", 60))
    start = clock.wall()
    monkeypatch.setattr(clock, "wall", lambda: start + timedelta(seconds=31))
    assert [row.id for row in claim(db)] == [id]
    db.write(lambda tx: sending.renew(tx, id, "send", 60))
    monkeypatch.setattr(clock, "wall", lambda: start + timedelta(seconds=70))
    assert claim(db) == []


def test_the_longest_due_is_claimed_first(db: Database) -> None:
    second = queue(db, not_before=AT - timedelta(minutes=1))
    first = queue(db, not_before=AT - timedelta(minutes=2))
    assert [row.id for row in claim(db)] == [first, second]


def test_the_row_of_a_killed_sender_is_free_when_its_lease_ends(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = queue(db, to=("a@x.example", "b@x.example"))
    claim(db)
    with db.read() as tx:
        first = outbox.deliveries(tx, id)[0]
    db.write(lambda tx: outbox.settle_delivery(tx, first.id, "sent", "250 ok", AT))
    start = clock.wall()
    monkeypatch.setattr(clock, "wall", lambda: start + timedelta(seconds=31))
    assert [(row.id, row.attempts) for row in claim(db)] == [(id, 2)]
    assert states(db, id) == ["sent", "queued"], "the first recipient gets no second copy"


def test_the_bytes_are_kept_once_L2(db: Database) -> None:
    id = queue(db)
    with db.read() as tx:
        assert outbox.get(tx, id).blob is None
    db.write(lambda tx: sending.store_content(tx, id, b"bytes"))
    with pytest.raises(Conflict, match="composed already"):
        db.write(lambda tx: sending.store_content(tx, id, b"other"))
    with db.read() as tx:
        sha256 = outbox.get(tx, id).blob
        assert sha256 and blobs.get(tx, sha256) == b"bytes"


@pytest.mark.parametrize(
    ("deliveries", "retry_at", "state"),
    [
        (("sent", "sent"), LATER, "sent"),
        (("sent", "queued"), LATER, "queued"),
        (("uncertain", "queued"), LATER, "queued"),
        (("sent", "queued"), None, "failed"),
        (("sent", "failed"), LATER, "failed"),
        (("uncertain", "failed"), LATER, "uncertain"),
        (("sent", "uncertain"), None, "uncertain"),
    ],
)
def test_the_row_follows_its_deliveries(
    db: Database, deliveries: tuple[str, ...], retry_at: datetime | None, state: str
) -> None:
    id = queue(db, to=("a@x.example", "b@x.example"))
    claim(db)
    row = end(db, id, *deliveries, retry_at=retry_at, error="451 later \0")
    assert row.state == state
    assert row.next_try_at == (LATER if state == "queued" else None)
    assert row.error == (None if state == "sent" else "451 later \ufffd")


def test_a_refused_try_waits_for_the_next(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    id = queue(db)
    claim(db)
    end(db, id, "queued", error="421 busy")
    assert claim(db) == []
    _set(monkeypatch, LATER)
    assert [(row.id, row.attempts) for row in claim(db)] == [(id, 2)]


def test_what_was_sent_can_only_bounce(db: Database) -> None:
    id = queue(db)
    claim(db)
    end(db, id, "sent")
    with db.read() as tx:
        (one,) = outbox.deliveries(tx, id)
    with pytest.raises(Conflict, match=r"to carl@customer.example is sent already"):
        db.write(lambda tx: outbox.settle_delivery(tx, one.id, "failed", "550", AT))
    db.write(lambda tx: outbox.settle_delivery(tx, one.id, "bounced", "5.1.1", AT))
    with pytest.raises(Conflict):
        db.write(lambda tx: outbox.settle_delivery(tx, one.id, "sent", "250", AT))
    assert states(db, id) == ["bounced"]


def test_a_delivery_that_is_not_there(db: Database) -> None:
    with pytest.raises(NotFound, match="no delivery 9"):
        db.write(lambda tx: outbox.settle_delivery(tx, 9, "sent", None, AT))


def test_retry_tries_the_undelivered_again(db: Database) -> None:
    id = queue(db, to=("a@x.example", "b@x.example", "c@x.example"))
    claim(db)
    end(db, id, "sent", "failed", "uncertain", error="550 no")
    db.write(lambda tx: outbox.retry(tx, id))
    assert states(db, id) == ["sent", "queued", "queued"]
    (row,) = claim(db)
    assert (row.id, row.attempts, row.error) == (id, 1, None)


def test_retry_brings_a_waiting_mail_forward(db: Database) -> None:
    id = queue(db)
    claim(db)
    end(db, id, "queued")
    db.write(lambda tx: outbox.retry(tx, id))
    assert [row.id for row in claim(db)] == [id]


def test_a_sent_or_claimed_mail_is_not_tried_again(db: Database) -> None:
    sent, sending = queue(db), queue(db)
    claim(db)
    end(db, sent, "sent")
    for id, state in ((sent, "sent"), (sending, "sending")):
        for change in (outbox.retry, outbox.cancel):
            with pytest.raises(Conflict, match=f"it is {state}"):
                db.write(lambda tx, id=id, change=change: change(tx, id))  # type: ignore[misc]


def test_a_cancelled_mail_is_never_sent_L22(db: Database) -> None:
    id = queue(db)
    db.write(lambda tx: outbox.cancel(tx, id))
    assert claim(db) == []
    assert states(db, id) == ["cancelled"]
    with pytest.raises(Conflict, match="it is cancelled"):
        db.write(lambda tx: outbox.retry(tx, id))


def test_what_went_to_somebody_cannot_be_cancelled(db: Database) -> None:
    id = queue(db, to=("a@x.example", "b@x.example"))
    claim(db)
    end(db, id, "sent", "queued")
    with pytest.raises(Conflict, match="already went to a recipient"):
        db.write(lambda tx: outbox.cancel(tx, id))
    assert states(db, id) == ["sent", "queued"]


def test_the_mails_of_a_group_are_found_by_their_tickets(
    db: Database, make_ticket: Callable[..., int]
) -> None:
    one, two = db.write(lambda tx: [make_ticket(tx), make_ticket(tx)])
    mine = [queue(db, group="g1", ticket=one), queue(db, group="g1", ticket=two)]
    queue(db, group="g2", ticket=one)
    with db.read() as tx:
        assert [row.id for row in outbox.of_group(tx, "g1", [one, two])] == mine
        assert [row.id for row in outbox.of_group(tx, "g1", [two])] == mine[1:]


def test_pages_newest_first(db: Database) -> None:
    ids = [queue(db) for _ in range(4)]
    with db.read() as tx:
        assert [row.id for row in outbox.listing(tx, limit=2)] == [ids[3], ids[2]]
        assert [row.id for row in outbox.listing(tx, before_id=ids[2])] == [ids[1], ids[0]]
        assert outbox.listing(tx, "sent") == []
        with pytest.raises(NotFound, match="no mail 99 in the outbox"):
            outbox.get(tx, 99)
