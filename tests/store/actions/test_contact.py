"""What comes in on other channels than mail: threads, one person on several channels, answers given there."""

from typing import Any

import pytest

from ticketctl.actions.customers import erase
from ticketctl.actions.mail.filing import File
from ticketctl.actions.tickets import merge, receive_channel, resolve
from ticketctl.actions.tickets import open as opening
from ticketctl.actions.tickets.receive_channel import Contact, Outcome
from ticketctl.actions.tickets.reply import Extras, reply
from ticketctl.domain.base import identity
from ticketctl.domain.formats.transcript import Said
from ticketctl.errors import BadInput, NotFound, Refused
from ticketctl.store.db import blobs
from ticketctl.store.desk import definitions
from ticketctl.store.people import customers
from ticketctl.store.tickets import links, tickets

ANA = "ana@x.example"


def say(house: Any, text: str = "It burns.", **changes: Any) -> Outcome:
    """A message of a channel, filed; `who` is an identity as people type it."""
    said: dict[str, Any] = {
        name: changes.pop(name) for name in ("name", "at", "direction", "author") if name in changes
    }
    who = changes.pop("who", ANA)
    values: dict[str, Any] = {"channel": "chat", "who": identity.parse(who) if who else None}
    one = Contact(said=Said(text=text, **{"direction": "in"} | said), **values | changes)
    return house.do(lambda work: receive_channel.receive(work, one), "gateway")  # type: ignore[no-any-return]


def links_of(house: Any, ticket: int) -> list[tuple[str, int]]:
    return [(one.kind, one.ticket) for one in house.read(lambda tx: links.of(tx, ticket))]


def join_channels(house: Any) -> None:
    """Apply the desk with join_across_channels."""
    source = house.read(lambda tx: definitions.source(tx, 1))
    house.apply(source.replace("[desk]\n", "[desk]\njoin_across_channels = true\n", 1))


def test_a_message_becomes_a_ticket_with_all_that_it_says_F_L1(house: Any) -> None:
    made = say(
        house, "Where is it?\nI wait.", name="Ana", channel="wall", visibility="public",
        permalink="https://wall.example/1", id="17", segment="billing", type="order", tags=("shop",),
        fields={"reason": "refund"}, language="en", attachments=(File("a.txt", "text/plain", b"A"),),
    )  # fmt: skip
    ticket = house.ticket(made.ticket)
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
    (message,) = house.messages(ticket.id)
    assert (message.author, message.author_name, message.channel) == (ANA, "Ana", "wall")
    assert (message.visibility, message.permalink, message.message_id) == (
        "public", "https://wall.example/1", "wall:17",
    )  # fmt: skip
    assert house.read(lambda tx: blobs.get(tx, message.attachments[0].sha256)) == b"A"
    assert [row.to for row in house.outbox("ack")] == [(ANA,)]
    assert house.outbox("notification")


def test_each_identity_finds_its_customer_again_F_L2(house: Any) -> None:
    for who in (ANA, "+34600112233", "twitter:@ana"):
        first, second = say(house, who=who), say(house, who=who, text="again")
        assert first.ticket != second.ticket
        assert house.ticket(first.ticket).customer == house.ticket(second.ticket).customer
    assert len({house.ticket(n).customer.id for n in range(1, 7)}) == 3
    assert house.ticket(6).customer.email == ""


def test_a_thread_and_an_answer_stay_in_one_ticket_and_channels_apart(house: Any) -> None:
    first = say(house, id="1", thread="t", who="twitter:@ana").ticket
    assert say(house, "more", id="2", thread="t", who="twitter:@ana").ticket == first
    answer = say(house, "again", in_reply_to="2", who="twitter:@ana")
    assert (answer.verdict, answer.ticket, answer.message) == ("reply", first, 3)
    assert house.messages(first)[2].in_reply_to == "chat:2"
    assert say(house, channel="dm", thread="t").ticket != first
    assert say(house, thread="2").ticket != first  # the number of a message is none of a thread


def test_a_thread_follows_a_merge_and_outlives_the_reopen_window_as_a_follow_up(house: Any) -> None:
    old, target = say(house, thread="t").ticket, say(house, "other").ticket
    house.do(lambda work: merge.merge(work, old, target, comment="same"))
    assert say(house, "more", thread="t").ticket == target
    house.do(lambda work: resolve.resolve(work, target, comment="done"))
    assert say(house, "thanks not", thread="t").ticket == target
    assert house.ticket(target).status == "open"
    house.do(lambda work: resolve.resolve(work, target, comment="done"))
    house.later(days=15)
    late = say(house, "again", thread="t")
    assert late.verdict == "follow-up"
    assert ("follows", target) in links_of(house, late.ticket)
    assert say(house, "and more", thread="t").ticket == late.ticket


def test_another_persons_post_keeps_its_author_and_adds_a_participant(house: Any) -> None:
    first = say(house, channel="wall", visibility="public", thread="w", who="twitter:@ana").ticket
    say(
        house,
        "me too",
        channel="wall",
        visibility="public",
        thread="w",
        who="twitter:@bob",
        name="Bob",
    )
    assert [m.author for m in house.messages(first)] == ["twitter:@ana", "twitter:@bob"]
    (bob,) = house.read(lambda tx: tickets.participants(tx, first))
    assert (bob.address, bob.name, bob.role) == ("twitter:@bob", "Bob", "mailed")


def test_a_ticket_with_public_and_private_messages_is_mixed_F_A2(house: Any) -> None:
    wall = say(house, channel="wall", visibility="public", thread="w").ticket
    assert house.ticket(wall).kind == "public"
    house.do(lambda work: reply(work, wall, "We look into it."))
    assert [m.visibility for m in house.messages(wall)] == ["public", "private"]
    assert house.ticket(wall).kind == "mixed"
    assert house.ticket(say(house).ticket).kind == "private"


def test_nobody_is_answered_without_an_address_until_one_is_linked_F_L7(house: Any) -> None:
    number = say(house, channel="phone", who="+34600112233", id="9").ticket
    with pytest.raises(
        Refused, match=r"came by phone, and phone:\+34600112233 has no e-mail address"
    ):
        house.do(lambda work: reply(work, number, "Hello"))
    assert house.outbox("reply") == []
    person = house.ticket(number).customer.id
    house.db.write(lambda tx: customers.add_identity(tx, person, "email", ANA, house.at))
    house.do(lambda work: reply(work, number, "Hello"))
    (mail,) = house.outbox("reply")
    assert (mail.to, mail.in_reply_to) == ((ANA,), None)
    assert all("phone" not in one for one in mail.references)


def test_an_answer_given_elsewhere_counts_as_one_and_no_mail_goes_out(house: Any) -> None:
    number = say(house, channel="wall", visibility="public", thread="w").ticket
    mails = len(house.outbox())
    house.later(minutes=5)
    told = say(
        house, "Sorry!", channel="wall", visibility="public", thread="w", who="", direction="out",
        author="ben",
    )  # fmt: skip
    ticket = house.ticket(number)
    assert told.ticket == number
    assert (ticket.status, ticket.awaiting, ticket.first_reply_at) == ("open", "customer", house.at)
    (event,) = house.events(number, "replied")
    assert (event.actor, event.new) == ("ben", 2)
    assert (house.messages(number)[1].author, house.messages(number)[1].author_name) == (
        "ben",
        "Ben",
    )
    assert len(house.outbox()) == mails


def test_a_call_of_ours_opens_a_ticket_that_waits_for_the_customer(house: Any) -> None:
    made = say(
        house, "I rang her.", channel="phone", who="+34600112233", direction="out", author="ana"
    )
    ticket = house.ticket(made.ticket)
    assert (ticket.status, ticket.awaiting, ticket.messages_count) == ("open", "customer", 1)


def test_times_are_when_it_was_said_but_never_later_than_now(house: Any) -> None:
    early = house.at.replace(hour=7)
    number = say(house, at=early, thread="t").ticket
    say(house, "later", at=house.at.replace(hour=23), thread="t")
    assert [m.at for m in house.messages(number)] == [early, house.at]
    ticket = house.ticket(number)
    assert (ticket.created_at, ticket.updated_at, ticket.last_customer_at) == (house.at,) * 3


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
def test_a_bad_message_makes_no_ticket_F_T5(house: Any, changes: Any, error: Any) -> None:
    with pytest.raises(error):
        say(house, **changes)
    with pytest.raises(NotFound):
        house.ticket(1)


def linked(house: Any, status: str = "waiting") -> int:
    """Ana's mail, answered and waiting; her Twitter name is linked."""
    number = house.open(author=ANA, author_name="Ana", subject="Printer")
    house.do(lambda work: reply(work, number, "Which one?", Extras(status=status)))
    person = house.ticket(number).customer.id
    house.db.write(lambda tx: customers.add_identity(tx, person, "twitter", "@ana", house.at))
    return int(number)


def test_a_linked_persons_message_joins_the_running_conversation_F_L8(house: Any) -> None:
    join_channels(house)
    number = linked(house)
    joined = say(house, "The big one", channel="dm", who="twitter:@ana")
    assert (joined.verdict, joined.ticket) == ("reply", number)
    assert house.ticket(number).status == "open"
    assert [m.channel for m in house.messages(number)] == ["email", "email", "dm"]
    assert say(house, "The big one", channel="dm", who="twitter:@bob").ticket != number


def test_channels_stay_apart_by_default_F_L8(house: Any) -> None:
    number = linked(house)
    other = say(house, channel="dm", who="twitter:@ana")
    assert other.ticket != number
    assert links_of(house, other.ticket) == []


def test_another_subject_is_another_ticket_that_is_related_F_L8(house: Any) -> None:
    join_channels(house)
    number = linked(house)
    other = say(house, subject="My invoice", channel="dm", who="twitter:@ana")
    assert links_of(house, other.ticket) == [("related", number)]
    assert say(house, "x", subject="RE: printer", channel="dm", who="twitter:@ana").ticket == number


def test_what_ended_long_ago_is_related_only_F_L8(house: Any) -> None:
    join_channels(house)
    number = linked(house, "closed")
    house.later(days=15)
    other = say(house, channel="dm", who="twitter:@ana")
    assert links_of(house, other.ticket) == [("related", number)]


def test_the_same_channel_twice_is_no_reason_to_join_F_L8(house: Any) -> None:
    join_channels(house)
    assert say(house).ticket != say(house, "again").ticket


def test_a_chat_by_hand_is_kept_message_by_message_F_C2(house: Any) -> None:
    early = house.at.replace(hour=7)
    draft = opening.Draft(
        customer="twitter:@dora", subject="Chat", comment="nobody was there", channel="chat",
        customer_name="Dora", text="all of it", acknowledge=True,
        said=(Said(text="Hello", name="Dora", at=early), Said(text="Hi!", name="Ben", at=early)),
        attachments=(File("a.txt", "text/plain", b"A"),),
    )  # fmt: skip
    number = house.do(lambda work: opening.by_hand(work, draft))
    first, second = house.messages(number)
    assert (first.direction, first.author, first.text, first.at) == (
        "in",
        "twitter:@dora",
        "Hello",
        early,
    )
    assert (second.direction, second.author, second.author_name) == ("out", "ben", "Ben")
    assert [one.channel for one in (first, second)] == ["chat", "chat"]
    assert (len(first.attachments), len(second.attachments)) == (1, 0)
    ticket = house.ticket(number)
    assert (ticket.status, ticket.awaiting, ticket.updated_at) == ("new", "agent", house.at)
    assert house.outbox("ack") == []


def test_a_ticket_by_hand_is_acknowledged_to_an_address_F_Q28(house: Any) -> None:
    draft = opening.Draft(customer=ANA, subject="Call", comment="rang", acknowledge=True)
    house.do(lambda work: opening.by_hand(work, draft))
    assert [row.to for row in house.outbox("ack")] == [(ANA,)]
    quiet = opening.Draft(customer="ben@help.example", subject="x", comment="y", acknowledge=True)
    number = house.do(lambda work: opening.by_hand(work, quiet))
    assert "an agent" in house.events(number, "ack")[0].comment
    assert house.ticket(number).channel == "manual"


def test_a_forms_bad_value_is_noted_and_stops_nothing_F_T20(house: Any) -> None:
    form = {"type": "invoice", "cf.reason": "refund", "cf.invoice": "seven"}
    ticket = house.ticket(house.open(form=form))
    assert (ticket.type, ticket.fields) == ("invoice", {"reason": "refund"})
    assert "invoice is a number" in house.events(ticket.id, "created")[0].comment


@pytest.mark.postgres
def test_a_conversation_goes_on_after_its_customer_was_erased(house: Any) -> None:
    made = say(house, thread="t", id="1")
    number = house.ticket(made.ticket).customer.id
    house.do(lambda work: erase.erase(work, number), "root")
    again = say(house, "Still here?", who=None, thread="t", id="2")
    assert (again.verdict, again.ticket) == ("reply", made.ticket)
    assert house.messages(made.ticket)[-1].author == "(erased)"
    with pytest.raises(Refused, match="'s customer was erased: there is nobody to answer"):
        house.do(lambda work: reply(work, made.ticket, "Yes?"))
