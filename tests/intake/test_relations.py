"""Mail to tickets that were merged or split: it lands where the conversation is (F-C7, D15, F-R19)."""

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from tests.support.mail_desk import MailDesk
from ticketctl.actions.base.context import begin
from ticketctl.actions.tickets.merge import merge, unmerge
from ticketctl.actions.tickets.reply import reply
from ticketctl.actions.tickets.split import split
from ticketctl.actions.undo.undo import undo
from ticketctl.domain.base.records import Actor
from ticketctl.errors import DeskError
from ticketctl.store.db.core import spliced
from ticketctl.store.db.schema import ticket
from ticketctl.store.tickets import mail_ids, search, tickets

if TYPE_CHECKING:
    from ticketctl.store.db.database import Tx


CARL = "Carl Customer <carl@customer.example>"
DORA = "Dora <dora@customer.example>"
SUPPORT = "support@help.example"


def do(helpdesk: MailDesk, deed: Any, group: str | None = None) -> Any:
    """An action of Ana's."""
    ana = Actor("ana", "ana", "agent")
    return helpdesk.db.write(lambda tx: deed(begin(tx, ana, group=group)))


def second(helpdesk: MailDesk, **more: Any) -> int:
    """Carl's second ticket."""
    return int(helpdesk.mail(CARL, SUPPORT, "Invoice", "It is too high.", **more).ticket or 0)


def answer_to(helpdesk: MailDesk, number: int, n: int) -> Any:
    """Carl answers a reply of ours: its Reply-To token, its Message-ID, its subject."""
    row = next(r for r in helpdesk.outbox("reply") if (r.ticket, r.message) == (number, n))
    head = helpdesk.bytes_to(row, "carl@customer.example").decode()
    line = next(one for one in head.split("\r\n") if one.startswith("Reply-To:"))
    to = line.partition("<")[2].rstrip(">") or line.partition(": ")[2]
    return helpdesk.mail(CARL, to, f"Re: {row.subject}", "Thanks.", In_Reply_To=row.message_id)


def test_mail_to_a_merged_ticket_lands_in_the_last_one_D15_F_R19(helpdesk: MailDesk) -> None:
    b, c = second(helpdesk), second(helpdesk)
    do(helpdesk, lambda w: reply(w, 1, "Which printer?"))
    do(helpdesk, lambda w: merge(w, 1, b))
    do(helpdesk, lambda w: merge(w, b, c))
    assert answer_to(helpdesk, 1, 2).ticket == c
    assert helpdesk.mail(CARL, SUPPORT, "Re: [Help #1] Printer", "Hello?").ticket == c
    assert helpdesk.ticket(c).awaiting == "agent" and helpdesk.ticket(1).status == "merged"
    asked = helpdesk.mail(CARL, SUPPORT, "status #1", "")
    assert (asked.verdict, asked.ticket) == ("command", c)
    do(helpdesk, lambda w: unmerge(w, b))
    assert helpdesk.mail(CARL, SUPPORT, "Re: [Help #1] Printer", "Hello?").ticket == b


def test_a_message_becomes_a_ticket_of_its_own_with_all_that_leads_to_it_F_C7(
    helpdesk: MailDesk,
) -> None:
    helpdesk.mail(
        CARL, SUPPORT, "Re: [Help #1] Printer", "And the swordfish is late.", files={"a.png": b"x"}
    )
    do(helpdesk, lambda w: reply(w, 1, "About the fish: tomorrow."))
    new = do(helpdesk, lambda w: split(w, 1, [2, 3], subject="Fish", comment="two matters"))
    old = helpdesk.ticket(1)
    made = helpdesk.ticket(new)
    assert (old.messages_count, old.first_reply_at, old.awaiting) == (1, None, "agent")
    assert (made.subject, made.messages_count, made.status) == ("Fish", 2, "open")
    assert (made.customer, made.awaiting) == (old.customer, "customer")
    moved = helpdesk.messages(new)
    assert [(one.n, one.direction) for one in moved] == [(1, "in"), (2, "out")]
    assert [one.name for one in moved[0].attachments] == ["a.png"]
    assert moved[1].delivery == "queued"
    assert made.created_at == moved[0].at
    assert {e.type for e in helpdesk.events(new)} >= {"created", "linked"}
    assert [(e.old, e.new) for e in helpdesk.events(1) if e.type == "split"] == [([2, 3], new)]
    with helpdesk.db.read() as tx:
        assert found(tx, "swordfish") == [new]
    assert helpdesk.mail(CARL, SUPPORT, "x", "More.", In_Reply_To="<2@mail.example>").ticket == new
    assert answer_to(helpdesk, new, 2).ticket == new
    assert helpdesk.mail(CARL, SUPPORT, "Re: [Help #1] Printer", "It still does not.").ticket == 1
    assert [one.n for one in helpdesk.messages()] == [1, 4]


def test_an_answer_follows_a_message_that_was_split_off_twice_F_C7(helpdesk: MailDesk) -> None:
    helpdesk.mail(CARL, SUPPORT, "Re: [Help #1] Printer", "And the fish.")
    do(helpdesk, lambda w: reply(w, 1, "About the fish: tomorrow."))
    helpdesk.mail(CARL, SUPPORT, "Re: [Help #1] Printer", "And a lamp.")
    first = do(helpdesk, lambda w: split(w, 1, [2, 3, 4]))
    last = do(helpdesk, lambda w: split(w, first, [1, 2]))
    assert answer_to(helpdesk, last, 2).ticket == last


def test_splitting_off_a_cc_message_makes_its_author_the_requester_F_C7(helpdesk: MailDesk) -> None:
    helpdesk.mail(CARL, SUPPORT, "Re: [Help #1] Printer", "With Dora.", Cc="dora@customer.example",
              Authentication_Results="mx.help.example; dmarc=pass header.from=customer.example")  # fmt: skip
    helpdesk.mail(DORA, SUPPORT, "Re: [Help #1] Printer", "I have another question.")
    new = do(helpdesk, lambda w: split(w, 1, [3]))
    assert helpdesk.ticket(new).customer.email == "dora@customer.example"
    with helpdesk.db.read() as tx:
        people = {one.address: one.role for one in tickets.participants(tx, new)}
    assert people == {"carl@customer.example": "mailed"}


def test_undone_the_messages_are_back_under_their_numbers_F_C7(helpdesk: MailDesk) -> None:
    helpdesk.mail(CARL, SUPPORT, "Re: [Help #1] Printer", "And the swordfish is late.")
    do(helpdesk, lambda w: reply(w, 1, "Which printer?"))
    before = helpdesk.ticket(1), helpdesk.messages()
    new = do(helpdesk, lambda w: split(w, 1, [2]), group="mine")
    assert helpdesk.ticket(1).messages_count == 2
    do(helpdesk, undo, group="mine")
    after = helpdesk.ticket(1), helpdesk.messages()
    assert after[1] == before[1]
    for name in ("messages_count", "kind", "awaiting", "last_customer_at", "first_reply_at"):
        assert getattr(after[0], name) == getattr(before[0], name)
    assert (helpdesk.ticket(new).status, helpdesk.ticket(new).merged_into) == ("merged", 1)
    with helpdesk.db.read() as tx:
        assert found(tx, "swordfish") == [1]
        assert [one.ticket for one in mail_ids.known(tx, ["<2@mail.example>"])] == [1]
    assert helpdesk.mail(CARL, SUPPORT, f"Re: [Help #{new}] x", "Hm.").ticket == 1


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        ([1, 2], "ticket 1 needs at least one message"),
        ([9], "ticket 1 has no message 9"),
        ([2], "include one."),
    ],
)
def test_a_split_that_leaves_nothing_or_takes_nothing_is_refused_F_C7(
    helpdesk: MailDesk, numbers: list[int], sentence: str
) -> None:
    do(helpdesk, lambda w: reply(w, 1, "Which printer?"))
    with pytest.raises(DeskError, match=sentence):
        do(helpdesk, lambda w: split(w, 1, numbers))


def found(tx: "Tx", word: str) -> list[int]:
    """The tickets a word stands in."""
    return list(tx.execute(select(ticket.c.id).where(spliced(search.matches([word])))).scalars())
