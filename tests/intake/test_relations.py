"""Mail to tickets that were merged or split: it lands where the conversation is (F-C7, D15, F-R19)."""

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from ticketctl.actions.base.context import begin
from ticketctl.actions.tickets.merge import merge, unmerge
from ticketctl.actions.tickets.reply import reply
from ticketctl.actions.tickets.split import split
from ticketctl.actions.undo.undo import undo
from ticketctl.domain.base.records import Actor
from ticketctl.errors import DeskError
from ticketctl.store.db.schema import ticket
from ticketctl.store.tickets import messages, search, tickets

if TYPE_CHECKING:
    from ticketctl.store.db.engine import Tx

    from .conftest import Room

CARL = "Carl Customer <carl@customer.example>"
DORA = "Dora <dora@customer.example>"
SUPPORT = "support@help.example"


def do(room: "Room", deed: Any, group: str | None = None) -> Any:
    """An action of Anna's."""
    anna = Actor("anna", "anna", "agent")
    return room.db.write(lambda tx: deed(begin(tx, anna, group=group)))


def second(room: "Room", **more: Any) -> int:
    """Carl's second ticket."""
    return int(room.mail(CARL, SUPPORT, "Invoice", "It is too high.", **more).ticket or 0)


def answer_to(room: "Room", number: int, n: int) -> Any:
    """Carl answers a reply of ours: its Reply-To token, its Message-ID, its subject."""
    row = next(r for r in room.outbox("reply") if (r.ticket, r.message) == (number, n))
    head = room.bytes(row, "carl@customer.example").decode()
    line = next(one for one in head.split("\r\n") if one.startswith("Reply-To:"))
    to = line.partition("<")[2].rstrip(">") or line.partition(": ")[2]
    return room.mail(CARL, to, f"Re: {row.subject}", "Thanks.", In_Reply_To=row.message_id)


def test_mail_to_a_merged_ticket_lands_in_the_last_one_D15_F_R19(room: "Room") -> None:
    b, c = second(room), second(room)
    do(room, lambda w: reply(w, 1, "Which printer?"))
    do(room, lambda w: merge(w, 1, b))
    do(room, lambda w: merge(w, b, c))
    assert answer_to(room, 1, 2).ticket == c
    assert room.mail(CARL, SUPPORT, "Re: [Help #1] Printer", "Hello?").ticket == c
    assert room.ticket(c).awaiting == "agent" and room.ticket(1).status == "merged"
    asked = room.mail(CARL, SUPPORT, "status #1", "")
    assert (asked.verdict, asked.ticket) == ("command", c)
    do(room, lambda w: unmerge(w, b))
    assert room.mail(CARL, SUPPORT, "Re: [Help #1] Printer", "Hello?").ticket == b


def test_a_message_becomes_a_ticket_of_its_own_with_all_that_leads_to_it_F_C7(room: "Room") -> None:
    room.mail(
        CARL, SUPPORT, "Re: [Help #1] Printer", "And the swordfish is late.", files={"a.png": b"x"}
    )
    do(room, lambda w: reply(w, 1, "About the fish: tomorrow."))
    new = do(room, lambda w: split(w, 1, [2, 3], subject="Fish", comment="two matters"))
    old = room.ticket(1)
    made = room.ticket(new)
    assert (old.messages_count, old.first_reply_at, old.awaiting) == (1, None, "agent")
    assert (made.subject, made.messages_count, made.status) == ("Fish", 2, "open")
    assert (made.customer, made.awaiting) == (old.customer, "customer")
    moved = room.messages(new)
    assert [(one.n, one.direction) for one in moved] == [(1, "in"), (2, "out")]
    assert [one.name for one in moved[0].attachments] == ["a.png"]
    assert moved[1].delivery == "queued"
    assert made.created_at == moved[0].at
    assert {e.type for e in room.events(new)} >= {"created", "linked"}
    assert [(e.old, e.new) for e in room.events(1) if e.type == "split"] == [([2, 3], new)]
    with room.db.read() as tx:
        assert found(tx, "swordfish") == [new]
    assert room.mail(CARL, SUPPORT, "x", "More.", In_Reply_To="<2@mail.example>").ticket == new
    assert answer_to(room, new, 2).ticket == new
    assert room.mail(CARL, SUPPORT, "Re: [Help #1] Printer", "It still does not.").ticket == 1
    assert [one.n for one in room.messages()] == [1, 4]


def test_an_answer_follows_a_message_that_was_split_off_twice_F_C7(room: "Room") -> None:
    room.mail(CARL, SUPPORT, "Re: [Help #1] Printer", "And the fish.")
    do(room, lambda w: reply(w, 1, "About the fish: tomorrow."))
    room.mail(CARL, SUPPORT, "Re: [Help #1] Printer", "And a lamp.")
    first = do(room, lambda w: split(w, 1, [2, 3, 4]))
    last = do(room, lambda w: split(w, first, [1, 2]))
    assert answer_to(room, last, 2).ticket == last


def test_splitting_off_a_cc_message_makes_its_author_the_requester_F_C7(room: "Room") -> None:
    room.mail(CARL, SUPPORT, "Re: [Help #1] Printer", "With Dora.", Cc="dora@customer.example",
              Authentication_Results="mx.help.example; dmarc=pass header.from=customer.example")  # fmt: skip
    room.mail(DORA, SUPPORT, "Re: [Help #1] Printer", "I have another question.")
    new = do(room, lambda w: split(w, 1, [3]))
    assert room.ticket(new).customer.email == "dora@customer.example"
    with room.db.read() as tx:
        people = {one.address: one.role for one in tickets.participants(tx, new)}
    assert people == {"carl@customer.example": "mailed"}


def test_undone_the_messages_are_back_under_their_numbers_F_C7(room: "Room") -> None:
    room.mail(CARL, SUPPORT, "Re: [Help #1] Printer", "And the swordfish is late.")
    do(room, lambda w: reply(w, 1, "Which printer?"))
    before = room.ticket(1), room.messages()
    new = do(room, lambda w: split(w, 1, [2]), group="mine")
    assert room.ticket(1).messages_count == 2
    do(room, undo, group="mine")
    after = room.ticket(1), room.messages()
    assert after[1] == before[1]
    for name in ("messages_count", "kind", "awaiting", "last_customer_at", "first_reply_at"):
        assert getattr(after[0], name) == getattr(before[0], name)
    assert (room.ticket(new).status, room.ticket(new).merged_into) == ("merged", 1)
    with room.db.read() as tx:
        assert found(tx, "swordfish") == [1]
        assert [one.ticket for one in messages.known_ids(tx, ["<2@mail.example>"])] == [1]
    assert room.mail(CARL, SUPPORT, f"Re: [Help #{new}] x", "Hm.").ticket == 1


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        ([1, 2], "ticket 1 would be left without a message"),
        ([9], "ticket 1 has no message 9"),
        ([2], "name one of those, too"),
    ],
)
def test_a_split_that_leaves_nothing_or_takes_nothing_is_refused_F_C7(
    room: "Room", numbers: list[int], sentence: str
) -> None:
    do(room, lambda w: reply(w, 1, "Which printer?"))
    with pytest.raises(DeskError, match=sentence):
        do(room, lambda w: split(w, 1, numbers))


def found(tx: "Tx", word: str) -> list[int]:
    """The tickets a word stands in."""
    return list(tx.execute(select(ticket.c.id).where(search.matches([word]))).scalars())
