"""What comes in on other channels than mail: threads, one person on several channels, answers given there."""

from typing import Any

import pytest

from tests.support.desk import DeskFixture
from ticketctl.actions.customers import erase
from ticketctl.actions.mail.outgoing_attachments import NewAttachment
from ticketctl.actions.tickets import merge, open_ticket, receive_channel, resolve
from ticketctl.actions.tickets.receive_channel import Contact, ReceivedMessage
from ticketctl.actions.tickets.reply import Extras, reply
from ticketctl.domain.base import identity
from ticketctl.domain.formats.transcript import ChatMessage
from ticketctl.errors import BadInput, NotFound, Refused
from ticketctl.store.db import blobs
from ticketctl.store.desk import definitions
from ticketctl.store.people import customers
from ticketctl.store.tickets import links, tickets

ANA = "ana@x.example"


def say(helpdesk: DeskFixture, text: str = "It burns.", **changes: Any) -> ReceivedMessage:
    """A message of a channel, filed; `who` is an identity as people type it."""
    said: dict[str, Any] = {
        name: changes.pop(name) for name in ("name", "at", "direction", "author") if name in changes
    }
    who = changes.pop("who", ANA)
    values: dict[str, Any] = {"channel": "chat", "who": identity.parse(who) if who else None}
    one = Contact(said=ChatMessage(text=text, **{"direction": "in"} | said), **values | changes)
    return helpdesk.do(lambda work: receive_channel.receive(work, one), "gateway")  # type: ignore[no-any-return]


def links_of(helpdesk: DeskFixture, ticket: int) -> list[tuple[str, int]]:
    return [(one.kind, one.ticket) for one in helpdesk.read(lambda tx: links.of(tx, ticket))]


def join_channels(helpdesk: DeskFixture) -> None:
    """Apply the desk with join_across_channels."""
    source = helpdesk.read(lambda tx: definitions.source(tx, 1))
    helpdesk.apply(source.replace("[desk]\n", "[desk]\njoin_across_channels = true\n", 1))


def test_a_message_becomes_a_ticket_with_all_that_it_says_F_L1(helpdesk: DeskFixture) -> None:
    made = say(
        helpdesk, "Where is it?\nI wait.", name="Ana", channel="wall", visibility="public",
        permalink="https://wall.example/1", id="17", segment="billing", type="order", tags=("shop",),
        fields={"reason": "refund"}, language="en", attachments=(NewAttachment("a.txt", "text/plain", b"A"),),
    )  # fmt: skip
    ticket = helpdesk.ticket(made.ticket)
    assert (made.verdict, ticket.channel, ticket.kind, ticket.status) == (
        "new",
        "wall",
        "public",
        "new",
    )
    assert (ticket.subject, ticket.segment, ticket.mailbox) == (
        "Where is it?",
        "billing",
        "billing@help.example",
    )
    assert (ticket.type, ticket.tags, ticket.fields) == ("order", ("shop",), {"reason": "refund"})
    (message,) = helpdesk.messages(ticket.id)
    assert (message.author, message.author_name, message.channel) == (ANA, "Ana", "wall")
    assert (message.visibility, message.permalink, message.message_id) == (
        "public", "https://wall.example/1", "wall:17",
    )  # fmt: skip
    assert helpdesk.read(lambda tx: blobs.get(tx, message.attachments[0].sha256)) == b"A"
    assert [row.to for row in helpdesk.outbox("ack")] == [(ANA,)]
    assert helpdesk.outbox("notification")


def test_each_identity_finds_its_customer_again_F_L2(helpdesk: DeskFixture) -> None:
    for who in (ANA, "+34600112233", "twitter:@ana"):
        first, second = say(helpdesk, who=who), say(helpdesk, who=who, text="again")
        assert first.ticket != second.ticket
        assert helpdesk.ticket(first.ticket).customer == helpdesk.ticket(second.ticket).customer
    assert len({helpdesk.ticket(n).customer.id for n in range(1, 7)}) == 3
    assert helpdesk.ticket(6).customer.email == ""


def test_a_thread_and_an_answer_stay_in_one_ticket_and_channels_apart(
    helpdesk: DeskFixture,
) -> None:
    first = say(helpdesk, id="1", thread="t", who="twitter:@ana").ticket
    assert say(helpdesk, "more", id="2", thread="t", who="twitter:@ana").ticket == first
    answer = say(helpdesk, "again", in_reply_to="2", who="twitter:@ana")
    assert (answer.verdict, answer.ticket, answer.message) == ("reply", first, 3)
    assert helpdesk.messages(first)[2].in_reply_to == "chat:2"
    assert say(helpdesk, channel="dm", thread="t").ticket != first
    assert say(helpdesk, thread="2").ticket != first  # the number of a message is none of a thread


def test_a_thread_follows_a_merge_and_outlives_the_reopen_window_as_a_follow_up(
    helpdesk: DeskFixture,
) -> None:
    old, target = say(helpdesk, thread="t").ticket, say(helpdesk, "other").ticket
    helpdesk.do(lambda work: merge.merge(work, old, target, comment="same"))
    assert say(helpdesk, "more", thread="t").ticket == target
    helpdesk.do(lambda work: resolve.resolve(work, target, comment="done"))
    assert say(helpdesk, "thanks not", thread="t").ticket == target
    assert helpdesk.ticket(target).status == "open"
    helpdesk.do(lambda work: resolve.resolve(work, target, comment="done"))
    helpdesk.later(days=15)
    late = say(helpdesk, "again", thread="t")
    assert late.verdict == "follow-up"
    assert ("follows", target) in links_of(helpdesk, late.ticket)
    assert say(helpdesk, "and more", thread="t").ticket == late.ticket


def test_another_persons_post_keeps_its_author_and_adds_a_participant(
    helpdesk: DeskFixture,
) -> None:
    first = say(
        helpdesk, channel="wall", visibility="public", thread="w", who="twitter:@ana"
    ).ticket
    say(
        helpdesk,
        "me too",
        channel="wall",
        visibility="public",
        thread="w",
        who="twitter:@bob",
        name="Bob",
    )
    assert [m.author for m in helpdesk.messages(first)] == ["twitter:@ana", "twitter:@bob"]
    (bob,) = helpdesk.read(lambda tx: tickets.participants(tx, first))
    assert (bob.address, bob.name, bob.role) == ("twitter:@bob", "Bob", "mailed")


def test_a_ticket_with_public_and_private_messages_is_mixed_F_A2(helpdesk: DeskFixture) -> None:
    wall = say(helpdesk, channel="wall", visibility="public", thread="w").ticket
    assert helpdesk.ticket(wall).kind == "public"
    helpdesk.do(lambda work: reply(work, wall, "We look into it."))
    assert [m.visibility for m in helpdesk.messages(wall)] == ["public", "private"]
    assert helpdesk.ticket(wall).kind == "mixed"
    assert helpdesk.ticket(say(helpdesk).ticket).kind == "private"


def test_nobody_is_answered_without_an_address_until_one_is_linked_F_L7(
    helpdesk: DeskFixture,
) -> None:
    number = say(helpdesk, channel="phone", who="+34600112233", id="9").ticket
    with pytest.raises(
        Refused, match=r"came by phone, and phone:\+34600112233 has no e-mail address"
    ):
        helpdesk.do(lambda work: reply(work, number, "Hello"))
    assert helpdesk.outbox("reply") == []
    person = helpdesk.ticket(number).customer.id
    helpdesk.db.write(lambda tx: customers.add_identity(tx, person, "email", ANA, helpdesk.at))
    helpdesk.do(lambda work: reply(work, number, "Hello"))
    (mail,) = helpdesk.outbox("reply")
    assert (mail.to, mail.in_reply_to) == ((ANA,), None)
    assert all("phone" not in one for one in mail.references)


def test_an_answer_given_elsewhere_counts_as_one_and_no_mail_goes_out(
    helpdesk: DeskFixture,
) -> None:
    number = say(helpdesk, channel="wall", visibility="public", thread="w").ticket
    mails = len(helpdesk.outbox())
    helpdesk.later(minutes=5)
    told = say(
        helpdesk, "Sorry!", channel="wall", visibility="public", thread="w", who="", direction="out",
        author="ben",
    )  # fmt: skip
    ticket = helpdesk.ticket(number)
    assert told.ticket == number
    assert (ticket.status, ticket.awaiting, ticket.first_reply_at) == (
        "open",
        "customer",
        helpdesk.at,
    )
    (event,) = helpdesk.events(number, "replied")
    assert (event.actor, event.new) == ("ben", 2)
    assert (helpdesk.messages(number)[1].author, helpdesk.messages(number)[1].author_name) == (
        "ben",
        "Ben",
    )
    assert len(helpdesk.outbox()) == mails


def test_a_call_of_ours_opens_a_ticket_that_waits_for_the_customer(helpdesk: DeskFixture) -> None:
    made = say(
        helpdesk, "I rang her.", channel="phone", who="+34600112233", direction="out", author="ana"
    )
    ticket = helpdesk.ticket(made.ticket)
    assert (ticket.status, ticket.awaiting, ticket.messages_count) == ("open", "customer", 1)


def test_times_are_when_it_was_said_but_never_later_than_now(helpdesk: DeskFixture) -> None:
    early = helpdesk.at.replace(hour=7)
    number = say(helpdesk, at=early, thread="t").ticket
    say(helpdesk, "later", at=helpdesk.at.replace(hour=23), thread="t")
    assert [m.at for m in helpdesk.messages(number)] == [early, helpdesk.at]
    ticket = helpdesk.ticket(number)
    assert (ticket.created_at, ticket.updated_at, ticket.last_customer_at) == (helpdesk.at,) * 3


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"channel": "pigeon"}, BadInput),
        ({"mailbox": "sales@help.example"}, NotFound),
        ({"segment": "sales"}, NotFound),
        ({"fields": {"colour": "red"}}, NotFound),
        ({"fields": {"reason": "weather"}}, Refused),
        ({"tags": ("a,b",)}, BadInput),
        ({"who": ""}, Refused),
        ({"who": "", "thread": "unknown"}, Refused),
        ({"direction": "out", "author": "nobody"}, NotFound),
    ],
    ids=str,
)
def test_a_bad_message_makes_no_ticket_F_T5(
    helpdesk: DeskFixture, changes: Any, error: Any
) -> None:
    with pytest.raises(error):
        say(helpdesk, **changes)
    with pytest.raises(NotFound):
        helpdesk.ticket(1)


def linked(helpdesk: DeskFixture, status: str = "waiting") -> int:
    """Ana's mail, answered and waiting; Ana's Twitter name is linked."""
    number = helpdesk.open(author=ANA, author_name="Ana", subject="Printer")
    helpdesk.do(lambda work: reply(work, number, "Which one?", Extras(status=status)))
    person = helpdesk.ticket(number).customer.id
    helpdesk.db.write(lambda tx: customers.add_identity(tx, person, "twitter", "@ana", helpdesk.at))
    return int(number)


def test_a_linked_persons_message_joins_the_running_conversation_F_L8(
    helpdesk: DeskFixture,
) -> None:
    join_channels(helpdesk)
    number = linked(helpdesk)
    joined = say(helpdesk, "The big one", channel="dm", who="twitter:@ana")
    assert (joined.verdict, joined.ticket) == ("reply", number)
    assert helpdesk.ticket(number).status == "open"
    assert [m.channel for m in helpdesk.messages(number)] == ["email", "email", "dm"]
    assert say(helpdesk, "The big one", channel="dm", who="twitter:@bob").ticket != number


def test_channels_stay_apart_by_default_F_L8(helpdesk: DeskFixture) -> None:
    number = linked(helpdesk)
    other = say(helpdesk, channel="dm", who="twitter:@ana")
    assert other.ticket != number
    assert links_of(helpdesk, other.ticket) == [("related", number)]


def test_another_subject_is_another_ticket_that_is_related_F_L8(helpdesk: DeskFixture) -> None:
    join_channels(helpdesk)
    number = linked(helpdesk)
    other = say(helpdesk, subject="My invoice", channel="dm", who="twitter:@ana")
    assert links_of(helpdesk, other.ticket) == [("related", number)]
    assert (
        say(helpdesk, "x", subject="RE: printer", channel="dm", who="twitter:@ana").ticket == number
    )


def test_what_ended_long_ago_is_related_only_F_L8(helpdesk: DeskFixture) -> None:
    join_channels(helpdesk)
    number = linked(helpdesk, "closed")
    helpdesk.later(days=15)
    other = say(helpdesk, channel="dm", who="twitter:@ana")
    assert links_of(helpdesk, other.ticket) == [("related", number)]


def test_the_same_channel_twice_is_no_reason_to_join_F_L8(helpdesk: DeskFixture) -> None:
    join_channels(helpdesk)
    assert say(helpdesk).ticket != say(helpdesk, "again").ticket


def test_a_chat_by_hand_is_kept_message_by_message_F_C2(helpdesk: DeskFixture) -> None:
    early = helpdesk.at.replace(hour=7)
    draft = open_ticket.Draft(
        customer="twitter:@dora", subject="Chat", comment="nobody was there", channel="chat",
        customer_name="Dora", text="all of it", acknowledge=True,
        said=(ChatMessage(text="Hello", name="Dora", at=early), ChatMessage(text="Hi!", name="Ben", at=early)),
        attachments=(NewAttachment("a.txt", "text/plain", b"A"),),
    )  # fmt: skip
    number = helpdesk.do(lambda work: open_ticket.by_hand(work, draft))
    first, second = helpdesk.messages(number)
    assert (first.direction, first.author, first.text, first.at) == (
        "in",
        "twitter:@dora",
        "Hello",
        early,
    )
    assert (second.direction, second.author, second.author_name) == ("out", "ben", "Ben")
    assert [one.channel for one in (first, second)] == ["chat", "chat"]
    assert (len(first.attachments), len(second.attachments)) == (1, 0)
    ticket = helpdesk.ticket(number)
    assert (ticket.status, ticket.awaiting, ticket.updated_at) == ("new", "customer", helpdesk.at)
    assert helpdesk.outbox("ack") == []


def test_a_ticket_by_hand_is_acknowledged_to_an_address_F_Q28(helpdesk: DeskFixture) -> None:
    draft = open_ticket.Draft(customer=ANA, subject="Call", comment="rang", acknowledge=True)
    helpdesk.do(lambda work: open_ticket.by_hand(work, draft))
    assert [row.to for row in helpdesk.outbox("ack")] == [(ANA,)]
    quiet = open_ticket.Draft(
        customer="ben@help.example", subject="x", comment="y", acknowledge=True
    )
    number = helpdesk.do(lambda work: open_ticket.by_hand(work, quiet))
    assert "an agent" in helpdesk.events(number, "ack")[0].comment
    assert helpdesk.ticket(number).channel == "manual"


def test_a_forms_bad_value_is_noted_and_stops_nothing_F_T20(helpdesk: DeskFixture) -> None:
    form = {"type": "invoice", "cf.reason": "refund", "cf.invoice": "seven"}
    ticket = helpdesk.ticket(helpdesk.open(form=form))
    assert (ticket.type, ticket.fields) == ("invoice", {"reason": "refund"})
    assert "invoice is a number" in helpdesk.events(ticket.id, "created")[0].comment


@pytest.mark.postgres
def test_a_conversation_goes_on_after_its_customer_was_erased(helpdesk: DeskFixture) -> None:
    made = say(helpdesk, thread="t", id="1")
    number = helpdesk.ticket(made.ticket).customer.id
    helpdesk.do(lambda work: erase.erase(work, number), "root")
    again = say(helpdesk, "Still here?", who=None, thread="t", id="2")
    assert (again.verdict, again.ticket) == ("reply", made.ticket)
    assert helpdesk.messages(made.ticket)[-1].author == "(erased)"
    with pytest.raises(Refused, match="'s customer was erased, so there is nobody to answer"):
        helpdesk.do(lambda work: reply(work, made.ticket, "Yes?"))
