"""The agent's answer: who gets it, how it threads, and what becomes of the ticket."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.desk import DeskFixture
from ticketctl.actions.mail.auto_answer import how_it_is
from ticketctl.actions.mail.outgoing_attachments import NewAttachment
from ticketctl.actions.tickets.assign import take
from ticketctl.actions.tickets.comment import comment
from ticketctl.actions.tickets.open_ticket import Draft, by_hand
from ticketctl.actions.tickets.receive_mail import customer_message
from ticketctl.actions.tickets.reply import Extras, reply
from ticketctl.actions.tickets.resolve import resolve
from ticketctl.actions.tickets.spam import spam
from ticketctl.actions.tickets.split import split
from ticketctl.domain.base import signed_addresses
from ticketctl.domain.base.records import Participant
from ticketctl.errors import BadInput, Conflict, NotFound, Refused
from ticketctl.store.db import blobs
from ticketctl.store.tickets import mail_ids, tickets

DORA = Participant("dora@customer.example", "Dora", "cc")


def answer(helpdesk: DeskFixture, number: int, who: str = "ana", **extras: Any) -> Any:
    """Reply as somebody; the mail in the outbox."""
    helpdesk.do(lambda w: reply(w, number, "Try this.", Extras(**extras)), who)
    return helpdesk.outbox("reply")[-1]


def test_a_reply_mails_the_customer_once_F_C8(helpdesk: DeskFixture) -> None:
    number = helpdesk.open(message_id="<m1@customer.example>", others=(DORA,))
    sent = len(helpdesk.outbox())
    mail = answer(helpdesk, number)
    assert len(helpdesk.outbox()) == sent + 1
    assert (mail.to, mail.cc, mail.bcc) == (
        ("carl@customer.example",),
        ("dora@customer.example",),
        (),
    )
    assert (mail.mailbox, mail.subject) == (
        "support@help.example",
        f"Re: [Help #{number}] Printer is broken",
    )
    assert (mail.data["agent_name"], mail.data["text"]) == ("Ana", "Try this.")
    message = helpdesk.messages(number)[-1]
    assert (message.direction, message.class_, message.author, message.n) == (
        "out",
        "human",
        "ana",
        2,
    )
    assert (mail.message, mail.message_id) == (2, message.message_id)
    assert message.delivery == "queued"


def test_a_first_reply_opens_the_ticket_and_waits_for_the_customer(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    answer(helpdesk, number)
    ticket = helpdesk.ticket(number)
    assert (ticket.status, ticket.awaiting, ticket.first_reply_at) == (
        "open",
        "customer",
        helpdesk.at,
    )
    first = helpdesk.at
    helpdesk.later(hours=1)
    answer(helpdesk, number)
    assert helpdesk.ticket(number).first_reply_at == first
    assert [e.new for e in helpdesk.events(number, "replied")] == [2, 3]


@pytest.mark.parametrize("wish", ["waiting", "resolved", "closed", "open"])
def test_a_reply_leaves_the_status_asked_for_and_sends_no_second_mail(
    helpdesk: DeskFixture, wish: str
) -> None:
    number = helpdesk.open()
    answer(helpdesk, number, status=wish)
    ticket = helpdesk.ticket(number)
    assert ticket.status == wish
    assert (ticket.closed_loop_at is not None) == (wish in ("resolved", "closed"))
    assert helpdesk.outbox("resolution") == []


def test_a_reply_threads_and_its_id_is_known_before_it_is_sent_L2_L3(helpdesk: DeskFixture) -> None:
    number = helpdesk.open(message_id="<m1@customer.example>")
    one, two = answer(helpdesk, number), answer(helpdesk, number)
    assert two.in_reply_to == "<m1@customer.example>"
    assert two.references == (f"<ticket.{number}@help.example>", "<m1@customer.example>")
    assert one.message_id != two.message_id
    key = helpdesk.do(lambda w: w.key)
    assert signed_addresses.ticket_of_message_id(key, two.message_id) == number
    known = helpdesk.read(lambda tx: mail_ids.known(tx, [two.message_id]))
    assert [(k.ticket, k.n, k.direction) for k in known] == [(number, 3, "out")]


def test_the_mail_answered_is_the_last_of_references_L3(helpdesk: DeskFixture) -> None:
    number = helpdesk.open(message_id="<m1@customer.example>")
    one, two = answer(helpdesk, number), answer(helpdesk, number)
    again = helpdesk.incoming("And now?")
    helpdesk.do(lambda w: customer_message(w, number, again), "gateway")
    asks = helpdesk.incoming("status #1", message_id="<s@customer.example>")
    helpdesk.do(lambda w: how_it_is(w, asks, tickets.get(w.tx, number)), "gateway")
    third = answer(helpdesk, number)
    helpdesk.do(lambda w: resolve(w, number, comment="done"))
    answers = [one, two, third, *helpdesk.outbox("ack"), *helpdesk.outbox("resolution")]
    assert len(answers) == 6
    assert [mail.references[-1] for mail in answers] == [mail.in_reply_to for mail in answers]
    assert third.references[1:-1] == (
        "<m1@customer.example>",
        one.message_id,
        two.message_id,
    )


def test_references_keep_first_and_last_within_their_limits_L3(helpdesk: DeskFixture) -> None:
    number = helpdesk.open(message_id="<root@customer.example>")
    for n in range(25):
        mail = helpdesk.incoming(message_id=f"<{'x' * 100}{n}@customer.example>")
        helpdesk.do(lambda w, m=mail: customer_message(w, number, m), "gateway")
    ids = answer(helpdesk, number).references
    assert ids[:2] == (f"<ticket.{number}@help.example>", "<root@customer.example>")
    assert ids[-1] == f"<{'x' * 100}24@customer.example>"
    assert len(ids) <= 20
    assert sum(len(one) + 1 for one in ids) <= 1500


def test_one_prefix_and_one_tag_L5(helpdesk: DeskFixture) -> None:
    number = helpdesk.open(subject="Re: AW: SV: [Help #99] Printer")
    assert answer(helpdesk, number).subject == f"Re: [Help #{number}] Printer"


def test_a_reply_to_one_message_quotes_it_and_threads_to_it_F_A28(helpdesk: DeskFixture) -> None:
    number = helpdesk.open(message_id="<m1@customer.example>")
    for n in (2, 3):
        mail = helpdesk.incoming(f"Message {n}", message_id=f"<m{n}@customer.example>")
        helpdesk.do(lambda w, m=mail: customer_message(w, number, m), "gateway")
    sent = answer(helpdesk, number, to_message=2)
    assert sent.in_reply_to == "<m2@customer.example>"
    assert "<m3@customer.example>" not in sent.references
    assert sent.data["quote"] == {
        "author": "Carl",
        "at": "2026-03-09T08:00:00Z",
        "text": "Message 2",
    }
    with pytest.raises(NotFound):
        answer(helpdesk, number, to_message=9)


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("one\n\ntwo\n", "one\n\ntwo"),
        ("line\n" * 50, "line\n" * 40 + "[…]"),
        ("x" * 5_000, "x" * 4_000 + "\n[…]"),
    ],
)
def test_a_long_message_is_quoted_by_its_beginning_F_A28(
    helpdesk: DeskFixture, text: str, quoted: str
) -> None:
    number = helpdesk.open(text)
    assert answer(helpdesk, number, to_message=1).data["quote"]["text"] == quoted


def test_the_messages_author_is_addressed_and_the_requester_in_cc_F_A28(
    helpdesk: DeskFixture,
) -> None:
    number = helpdesk.open(others=(DORA,))
    mail = helpdesk.incoming(author="dora@customer.example")
    helpdesk.do(lambda w: customer_message(w, number, mail), "gateway")
    sent = answer(helpdesk, number, to_message=2)
    assert (sent.to, sent.cc) == (("dora@customer.example",), ("carl@customer.example",))


def test_people_put_in_copy_stay_and_no_cc_leaves_them_out(helpdesk: DeskFixture) -> None:
    number = helpdesk.open(others=(DORA,))
    sent = answer(
        helpdesk,
        number,
        cc=("Frank@Partner.example", "ben@help.example"),
        bcc=("boss@customer.example",),
    )
    assert sent.cc == ("dora@customer.example", "Frank@Partner.example", "ben@help.example")
    assert sent.bcc == ("boss@customer.example",)
    found = helpdesk.read(lambda tx: tickets.participants(tx, number))
    assert {p.address: p.role for p in found} == {
        "dora@customer.example": "cc",
        "frank@partner.example": "cc",
        "boss@customer.example": "mailed",
    }
    assert answer(helpdesk, number, no_cc=True).cc == ()


def test_our_own_addresses_and_doubles_are_dropped_L16(helpdesk: DeskFixture) -> None:
    number = helpdesk.open(others=(DORA,))
    sent = answer(
        helpdesk,
        number,
        cc=("soporte+t1@help.example", "DORA@customer.example", "Carl@Customer.example"),
    )
    assert (sent.to, sent.cc) == (("carl@customer.example",), ("dora@customer.example",))


def test_answers_go_where_the_requester_wants_them_G2(helpdesk: DeskFixture) -> None:
    number = helpdesk.open(answer_to="carl@home.example")
    assert answer(helpdesk, number).to == ("carl@home.example",)


def test_no_header_is_injected_through_an_address_L13(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    with pytest.raises(BadInput):
        answer(helpdesk, number, cc=("a@x.example\nBcc: b@x.example",))
    assert helpdesk.outbox("reply") == []


def test_a_reply_to_a_ticket_that_changed_is_not_sent_F_R27(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    seen = helpdesk.ticket(number).version
    answer(helpdesk, number)
    helpdesk.later(minutes=2)
    with pytest.raises(Conflict, match=f"ticket {number} was changed since you looked: Ana"):
        helpdesk.do(lambda w: reply(w, number, "Me too.", if_version=seen), "ben")
    assert len(helpdesk.outbox("reply")) == 1


def test_a_delay_keeps_the_mail_back(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    helpdesk.do(lambda w: reply(w, number, "Try this."), delay=30)
    assert helpdesk.outbox("reply")[-1].next_try_at == helpdesk.at + timedelta(seconds=30)


def test_attachments_are_kept_once_and_named_in_the_mail(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    sent = answer(helpdesk, number, attachments=(NewAttachment("a.txt", "text/plain", b"abc"),))
    (given,) = sent.data["attachments"]
    assert (given["name"], given["type"]) == ("a.txt", "text/plain")
    assert helpdesk.read(lambda tx: blobs.get(tx, given["sha256"])) == b"abc"
    (kept,) = helpdesk.messages(number)[-1].attachments
    assert (kept.name, kept.size, kept.sha256, kept.part) == ("a.txt", 3, given["sha256"], None)


def test_an_image_that_the_text_does_not_name_is_shown_at_its_end_H28(
    helpdesk: DeskFixture,
) -> None:
    number = helpdesk.open()
    images = tuple(NewAttachment(f"{n}.png", "image/png", n.encode(), inline=True) for n in "ab")
    helpdesk.do(lambda w: reply(w, number, "First [b.png].", Extras(attachments=images)))
    sent = helpdesk.outbox("reply")[-1]
    assert sent.data["text"] == "First [b.png].\n\n[a.png]"
    assert [one["inline"] for one in sent.data["attachments"]] == [True, True]
    message = helpdesk.messages(number)[-1]
    assert message.text == sent.data["text"]
    assert [(one.name, one.inline) for one in message.attachments] == [
        ("a.png", True),
        ("b.png", True),
    ]


def test_attachments_too_large_for_mail_are_refused_and_nothing_is_sent_L17(
    helpdesk: DeskFixture,
) -> None:
    number = helpdesk.open()
    before = helpdesk.ticket(number)
    big = tuple(
        NewAttachment(f"{n}.iso", "application/octet-stream", bytes(7_000_000)) for n in range(3)
    )
    with pytest.raises(Refused, match=r"21\.0 MB together, and 20\.0 MB is the limit"):
        answer(helpdesk, number, attachments=big)
    assert (helpdesk.ticket(number), helpdesk.outbox("reply")) == (before, [])


def test_the_owner_is_notified_of_another_agents_reply(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    helpdesk.do(lambda w: take(w, number), "ben")
    sent = len(helpdesk.outbox())
    answer(helpdesk, number)
    kinds = [(row.kind, row.to) for row in helpdesk.outbox()[sent:]]
    assert kinds == [("reply", ("carl@customer.example",)), ("notification", ("ben@help.example",))]


def test_spam_and_empty_replies_are_refused(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    with pytest.raises(Refused):
        helpdesk.do(lambda w: reply(w, number, " "))
    helpdesk.do(lambda w: spam(w, number))
    with pytest.raises(Refused, match="is spam"):
        answer(helpdesk, number)


def test_a_ticket_by_hand_speaks_from_its_segments_mailbox_and_language(
    helpdesk: DeskFixture,
) -> None:
    made = Draft(
        customer="petr@x.example",
        subject="Faktura",
        comment="rang",
        language="cs",
        segment="billing",
    )
    number = helpdesk.do(lambda w: by_hand(w, made), "ida")
    sent = answer(helpdesk, number, "ida")
    assert (sent.mailbox, sent.language, sent.in_reply_to) == ("billing@help.example", "cs", None)


def test_a_reply_that_fails_half_way_leaves_nothing(helpdesk: DeskFixture) -> None:
    number = helpdesk.open(author="support@help.example")
    before = helpdesk.ticket(number)
    with pytest.raises(Refused, match="nobody to write to"):
        answer(helpdesk, number)
    assert helpdesk.ticket(number) == before
    helpdesk.do(lambda w: comment(w, number, "that is us"))


@pytest.mark.parametrize("later", [0, 30])
def test_a_ticket_whose_first_message_was_split_off_is_still_answered_F_C7(
    helpdesk: DeskFixture, later: int
) -> None:
    number = helpdesk.open(message_id="<m1@customer.example>")
    for n in range(2, 4 + later):
        mail = helpdesk.incoming(message_id=f"<m{n}@customer.example>")
        helpdesk.do(lambda w, mail=mail: customer_message(w, number, mail), "gateway")  # type: ignore[misc]
    helpdesk.do(lambda w: split(w, number, [1], comment="another matter"))
    mail = answer(helpdesk, number)
    assert "<m1@customer.example>" not in mail.references
    assert "<m2@customer.example>" in mail.references[:2]
    assert mail.references[-1] == mail.in_reply_to == f"<m{3 + later}@customer.example>"
