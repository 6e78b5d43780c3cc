"""Messages, comments, their attachments, and the Message-IDs that lead home."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from tests.support.statements import heard
from ticketctl import clock
from ticketctl.domain.base.records import Attachment
from ticketctl.errors import NotFound
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.db.schema import delivery
from ticketctl.store.queues import outbox
from ticketctl.store.tickets import mail_ids, messages, tickets

NOW = clock.parse("2026-03-09T08:10:00Z")
LATER = NOW + timedelta(hours=1)
PDF = Attachment(
    n=1,
    name="a.pdf",
    type="application/pdf",
    size=1234,
    sha256="ab" * 32,
    inline=False,
    part="1.2",
    content_id="c1@x",
)
PICTURE = Attachment(
    n=2, name="b.png", type="image/png", size=9, sha256="cd" * 32, inline=True, part=None
)

MakeTicket = Callable[..., int]


def add(tx: Tx, ticket: int, **more: Any) -> int:
    values: dict[str, Any] = {
        "direction": "in",
        "class_": "human",
        "author": "carl@x.example",
        "author_name": "Carl",
        "at": LATER,
        "subject": "Re: Printer",
        "text": "It is broken.",
        "full_text": "It is broken.",
    }
    return messages.add(tx, ticket, messages.NewMessage(**values | more))


def test_a_message_is_read_as_it_was_filed_F_C3(db: Database, make_ticket: MakeTicket) -> None:
    number = db.write(make_ticket)
    full = "It is broken.\n> What is?"
    db.write(
        lambda tx: add(tx, number, full_text=full, message_id="<m1@x>", attachments=[PDF, PICTURE])
    )
    with db.read() as tx:
        [found] = messages.of(tx, number)
        assert messages.get(tx, number, 1) == found
    assert (found.n, found.direction, found.class_, found.author_name) == (1, "in", "human", "Carl")
    assert (found.text, found.full_text) == ("It is broken.", full)
    assert (found.message_id, found.at, found.delivery) == ("<m1@x>", LATER, None)
    assert found.attachments == (PDF, PICTURE)


def test_a_message_makes_its_ticket_newer(db: Database, make_ticket: MakeTicket) -> None:
    number = db.write(make_ticket)
    db.write(lambda tx: add(tx, number))
    with db.read() as tx:
        first = tickets.get(tx, number)
    db.write(lambda tx: add(tx, number, direction="out", at=LATER + timedelta(hours=1)))
    db.write(lambda tx: add(tx, number, class_="auto", at=LATER + timedelta(hours=2)))
    with db.read() as tx:
        third = tickets.get(tx, number)
    assert (first.messages_count, first.updated_at, first.version) == (1, LATER, 1)
    assert (third.messages_count, third.version) == (3, 3)
    assert third.updated_at == LATER + timedelta(hours=2)
    assert first.last_customer_at == third.last_customer_at == LATER


def test_the_last_messages_come_oldest_first(db: Database, make_ticket: MakeTicket) -> None:
    number = db.write(make_ticket)
    db.write(lambda tx: [add(tx, number) for _ in range(5)])
    with db.read() as tx:
        assert [one.n for one in messages.of(tx, number, 2)] == [4, 5]
        assert [one.n for one in messages.of(tx, number)] == [1, 2, 3, 4, 5]


def test_two_that_write_at_once_take_two_numbers(db: Database, make_ticket: MakeTicket) -> None:
    number = db.write(make_ticket)
    start = threading.Barrier(4)
    taken: list[int] = []

    def mail() -> None:
        start.wait()
        taken.append(db.write(lambda tx: add(tx, number)))

    threads = [threading.Thread(target=mail) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [1, 2, 3, 4]


def test_what_is_not_there_is_not_found(db: Database, make_ticket: MakeTicket) -> None:
    number = db.write(make_ticket)
    with pytest.raises(NotFound, match=r"no ticket 999\."):
        db.write(lambda tx: add(tx, 999))
    with pytest.raises(NotFound, match=r"no ticket 999\."):
        db.write(lambda tx: messages.add_comment(tx, 999, author="ana", at=NOW, text="x"))
    with db.read() as tx, pytest.raises(NotFound, match=rf"ticket {number} has no message 2\."):
        messages.get(tx, number, 2)


def test_comments_are_apart_from_messages(db: Database, make_ticket: MakeTicket) -> None:
    number = db.write(make_ticket)
    db.write(lambda tx: add(tx, number, attachments=[PDF]))
    for text in ("one", "two"):
        db.write(
            lambda tx, text=text: messages.add_comment(
                tx, number, author="ana", at=LATER, text=text, attachments=[PICTURE]
            )
        )
    with db.read() as tx:
        found = messages.comments(tx, number)
        assert [one.n for one in messages.comments(tx, number, 1)] == [2]
        assert [one.attachments for one in messages.of(tx, number)] == [(PDF,)]
        ticket = tickets.get(tx, number)
    assert [(one.n, one.author, one.text) for one in found] == [
        (1, "ana", "one"),
        (2, "ana", "two"),
    ]
    assert found[1].attachments == (PICTURE,)
    assert (ticket.messages_count, ticket.comments_count) == (1, 2)


def test_an_id_leads_to_its_ticket_with_or_without_brackets_D4(
    db: Database, make_ticket: MakeTicket
) -> None:
    number = db.write(make_ticket)
    db.write(lambda tx: add(tx, number, message_id="<m1@x>"))
    db.write(lambda tx: mail_ids.remember(tx, "<ack@help>", number, None, "out", LATER))
    with db.read() as tx:
        found = mail_ids.known(tx, ["<ack@help>", "<else@x>", "m1@x", "<M1@X>"])
    assert [(one.message_id, one.ticket, one.n, one.direction) for one in found] == [
        ("<ack@help>", number, None, "out"),
        ("m1@x", number, 1, "in"),
    ]


def test_the_newest_ticket_of_an_id_comes_first_D19(db: Database, make_ticket: MakeTicket) -> None:
    old, new = db.write(lambda tx: [make_ticket(tx), make_ticket(tx)])
    db.write(lambda tx: mail_ids.remember(tx, "<m@x>", new, 1, "in", LATER))
    db.write(lambda tx: mail_ids.remember(tx, "<m@x>", old, 1, "in", NOW))
    with db.read() as tx:
        assert [one.ticket for one in mail_ids.known(tx, ["<m@x>"])] == [new, old]


def test_fifty_ids_are_looked_up_in_one_query_D20(db: Database, make_ticket: MakeTicket) -> None:
    number = db.write(make_ticket)
    for id in ("<49@x>", "<50@x>"):
        db.write(lambda tx, id=id: mail_ids.remember(tx, id, number, 1, "in", NOW))
    with db.read() as tx, heard() as asked:
        found = mail_ids.known(tx, [f"<{n}@x>" for n in range(10_000)])
    assert [one.message_id for one in found] == ["<49@x>"]
    assert len(asked) == 1


def test_an_id_is_remembered_once(db: Database, make_ticket: MakeTicket) -> None:
    number = db.write(make_ticket)
    db.write(lambda tx: mail_ids.remember(tx, "<m@x>", number, 1, "in", NOW))
    db.write(lambda tx: mail_ids.remember(tx, "<m@x>", number, 2, "out", LATER))
    with db.read() as tx:
        [found] = mail_ids.known(tx, ["<m@x>", "<m@x>"])
    assert (found.n, found.direction, found.at) == (1, "in", NOW)


def test_an_id_may_be_of_any_length_C3(db: Database, make_ticket: MakeTicket) -> None:
    number = db.write(make_ticket)
    long = f"<{'m' * 100_000}@x>"
    db.write(lambda tx: add(tx, number, message_id=long))
    with db.read() as tx:
        assert [one.ticket for one in mail_ids.known(tx, [long])] == [number]


def test_an_awaited_id_becomes_the_message_that_brings_it_D11(
    db: Database, make_ticket: MakeTicket
) -> None:
    number = db.write(make_ticket)
    db.write(lambda tx: mail_ids.remember(tx, "<m@x>", number, None, mail_ids.AWAITED, NOW))
    db.write(lambda tx: add(tx, number, message_id="<m@x>"))
    with db.read() as tx:
        [found] = mail_ids.known(tx, ["<m@x>"])
    assert (found.n, found.direction, found.at) == (1, "in", LATER)


@pytest.mark.parametrize(
    ("states", "shown"),
    [
        (["sent", "sent"], "sent"),
        (["sent", "queued"], "queued"),
        (["uncertain", "sent"], "failed"),
        (["failed", "queued"], "failed"),
        (["failed", "bounced"], "bounced"),
        (["cancelled", "cancelled"], "cancelled"),
    ],
)
def test_the_worst_delivery_speaks_for_an_outgoing_message(
    db: Database, make_ticket: MakeTicket, states: list[str], shown: str | None
) -> None:
    def send(tx: Tx) -> int:
        number = make_ticket(tx)
        n = add(tx, number, direction="out")
        mail = outbox.queue(
            tx,
            outbox.NewMail(
                kind="reply",
                mailbox="support@help.example",
                to=["carl@x.example"],
                cc=["dora@x.example"],
                subject="Printer",
                message_id="<t1@help>",
                language="en",
                data={},
                at=LATER,
                ticket=number,
                message=n,
            ),
        )
        for one, state in zip(outbox.deliveries(tx, mail), states, strict=True):
            tx.execute(update(delivery).where(delivery.c.id == one.id).values(state=state))
        return number

    number = db.write(send)
    with db.read() as tx:
        assert messages.get(tx, number, 1).delivery == shown
