"""New tickets, by mail and by hand."""

from typing import Any

import pytest

from tests.support.desk import DeskFixture
from ticketctl.actions.tickets import open_ticket
from ticketctl.actions.tickets.open_ticket import Draft
from ticketctl.actions.tickets.reply import reply
from ticketctl.domain.base.records import Participant
from ticketctl.errors import BadInput, NotFound, Refused
from ticketctl.store.queues import recipients
from ticketctl.store.tickets import links, tickets


def test_a_mail_opens_a_new_ticket_without_owner_F_T1(helpdesk: DeskFixture) -> None:
    ticket = helpdesk.ticket(helpdesk.open())
    assert (ticket.status, ticket.owner, ticket.segment, ticket.channel) == (
        "new",
        None,
        "support",
        "email",
    )
    assert ticket.customer.email == "carl@customer.example"
    assert [m.text for m in helpdesk.messages(ticket.id)] == ["It does not print."]
    assert [e.type for e in helpdesk.events(ticket.id)] == ["created", "ack"]


def test_an_ack_answers_the_mail_and_threads_to_it(helpdesk: DeskFixture) -> None:
    number = helpdesk.open(
        message_id="<m1@customer.example>", references=("<m0@customer.example>",)
    )
    (ack,) = helpdesk.outbox("ack")
    assert ack.to == ("carl@customer.example",)
    assert ack.mailbox == "support@help.example"
    assert ack.subject == f"Re: [Help #{number}] Printer is broken"
    assert ack.in_reply_to == "<m1@customer.example>"
    assert ack.references == (
        f"<ticket.{number}@help.example>",
        "<m0@customer.example>",
        "<m1@customer.example>",
    )
    assert ack.data["received_at"] == "2026-03-09T08:00:00Z"


def test_last_first_is_greeted_by_the_first_name_first(helpdesk: DeskFixture) -> None:
    number = helpdesk.open(author_name="Customer, Carl")
    helpdesk.do(lambda w: reply(w, number, "Dear Carl Customer, try this."))
    mails = [*helpdesk.outbox("ack"), *helpdesk.outbox("reply")]
    assert [one.data["customer_name"] for one in mails] == ["Carl Customer"] * 2
    assert helpdesk.ticket(number).customer.name == "Customer, Carl"


def test_an_ack_reveals_no_customer_name_the_mail_does_not_G17(helpdesk: DeskFixture) -> None:
    helpdesk.open(author_name="Carl Customer")
    helpdesk.open(author_name="", answer_to="eve@evil.example", subject="Other")
    assert helpdesk.outbox("ack")[1].data["customer_name"] == ""


@pytest.mark.parametrize(
    "changes",
    [{"may_ack": False}, {"class_": "auto"}, {"spam": True}, {"answer_to": ""}],
    ids=lambda changes: next(iter(changes)),
)
def test_only_a_human_who_may_be_answered_gets_an_ack_E14(
    helpdesk: DeskFixture, changes: Any
) -> None:
    helpdesk.open(**changes)
    assert helpdesk.outbox("ack") == []


@pytest.mark.parametrize(
    "address", ["billing@help.example", "soporte+x@help.example", "ben@help.example"]
)
def test_no_ack_to_our_own_addresses_E8(helpdesk: DeskFixture, address: str) -> None:
    number = helpdesk.open(author=address)
    assert helpdesk.outbox("ack") == []
    assert "not acknowledged" in helpdesk.events(number, "created")[0].comment


def test_at_most_ten_acks_an_hour_then_again_E7(helpdesk: DeskFixture) -> None:
    for n in range(12):
        helpdesk.open(subject=f"Alarm {n}")
    assert len(helpdesk.outbox("ack")) == 10
    helpdesk.later(minutes=61)
    helpdesk.open(subject="Alarm again")
    assert len(helpdesk.outbox("ack")) == 11


def test_the_same_subject_is_acknowledged_twice_in_three_hours_E7(helpdesk: DeskFixture) -> None:
    for _ in range(3):
        helpdesk.open(subject="Re: Alarm")
    helpdesk.open(subject="Another")
    assert len(helpdesk.outbox("ack")) == 3
    helpdesk.later(minutes=181)
    helpdesk.open(subject="Alarm")
    assert len(helpdesk.outbox("ack")) == 4


def test_at_most_forty_automatic_mails_a_day_E7(helpdesk: DeskFixture) -> None:
    for n in range(45):
        helpdesk.later(minutes=10)
        helpdesk.open(subject=f"Alarm {n}")
    assert len(helpdesk.outbox("ack")) == 40


def test_one_ack_for_one_mail_that_reached_two_mailboxes(helpdesk: DeskFixture) -> None:
    helpdesk.open(message_id="<same@customer.example>")
    number = helpdesk.open(
        message_id="<same@customer.example>", mailbox="billing@help.example", seen_before=True
    )
    assert len(helpdesk.outbox("ack")) == 1
    assert "another mailbox" in helpdesk.events(number, "created")[0].comment


def test_no_automatic_mail_to_a_bounced_address_L16(helpdesk: DeskFixture) -> None:
    helpdesk.open(author="carl@home.example")
    helpdesk.db.write(
        lambda tx: recipients.mark_undeliverable(tx, "carl@home.example", helpdesk.at, "5.1.1")
    )
    number = helpdesk.open(subject="Other", answer_to="carl@home.example")
    assert len(helpdesk.outbox("ack")) == 1
    assert "does not reach" in helpdesk.events(number, "ack")[0].comment


def test_the_segments_agents_hear_of_an_unowned_ticket(helpdesk: DeskFixture) -> None:
    helpdesk.open()
    (notice,) = helpdesk.outbox("notification")
    assert notice.to == ("ana@help.example", "ben@help.example")
    assert notice.data["event"] == "new"
    assert notice.data["author"] == "Carl <carl@customer.example>"  # G18


def test_a_sole_manager_gets_the_ticket_and_the_notice_F_Q34(helpdesk: DeskFixture) -> None:
    ticket = helpdesk.ticket(helpdesk.open(mailbox="billing@help.example"))
    assert ticket.owner == "ida"
    (event,) = helpdesk.events(ticket.id, "assigned")
    assert (event.field, event.old, event.new, event.comment) == (
        "owner",
        None,
        "ida",
        "sole manager",
    )
    assert [row.to for row in helpdesk.outbox("notification")] == [("ida@help.example",)]


def test_spam_is_kept_and_no_mail_is_sent_E16(helpdesk: DeskFixture) -> None:
    assert helpdesk.ticket(helpdesk.open(spam=True)).status == "spam"
    assert helpdesk.outbox() == []


def test_to_and_cc_become_participants_but_neither_we_nor_agents_nor_the_requester(
    helpdesk: DeskFixture,
) -> None:
    others = (
        Participant("dora@customer.example", "Dora", "cc"),
        Participant("SUPPORT+x@help.example", "", "cc"),
        Participant("ana@help.example", "", "cc"),
        Participant("Carl@customer.example", "", "cc"),
        Participant("frank@partner.example", "", "cc"),
    )
    number = helpdesk.open(others=others)
    found = helpdesk.read(lambda tx: tickets.participants(tx, number))
    assert [p.address for p in found] == ["dora@customer.example", "frank@partner.example"]


def test_at_most_forty_participants_of_one_mail_E9(helpdesk: DeskFixture) -> None:
    others = tuple(Participant(f"p{n}@x.example", "", "cc") for n in range(60))
    number = helpdesk.open(others=others)
    assert len(helpdesk.read(lambda tx: tickets.participants(tx, number))) == 40


def test_a_follow_up_is_linked_and_drops_the_old_tag_D14(helpdesk: DeskFixture) -> None:
    old = helpdesk.open()
    mail = helpdesk.incoming(subject=f"Re: [Help #{old}] Printer is broken")
    new, _ = helpdesk.do(lambda w: open_ticket.from_mail(w, mail, link=("follows", old)), "gateway")
    assert helpdesk.ticket(new).subject == "Printer is broken"
    assert [(x.kind, x.ticket) for x in helpdesk.read(lambda tx: links.of(tx, new))] == [
        ("follows", old)
    ]
    assert [(e.field, e.new) for e in helpdesk.events(old, "linked")] == [("followed by", new)]


def test_a_mail_without_subject_has_a_placeholder(helpdesk: DeskFixture) -> None:
    assert helpdesk.ticket(helpdesk.open(subject="")).subject == "(no subject)"


def test_line_breaks_and_nul_are_removed_from_subjects_L13(helpdesk: DeskFixture) -> None:
    number = helpdesk.open(subject="Printer\r\nBcc: eve@evil.example\x00")
    assert helpdesk.ticket(number).subject == "Printer Bcc: eve@evil.example"
    assert all("\n" not in row.subject and "\0" not in row.subject for row in helpdesk.outbox())


def draft(**changes: Any) -> Draft:
    base: dict[str, Any] = {
        "customer": "Dora@Customer.example",
        "subject": "Call",
        "comment": "she rang",
    }
    return Draft(**(base | changes))


def test_a_ticket_by_hand_keeps_all_that_was_said_F_Q29(helpdesk: DeskFixture) -> None:
    made = draft(
        priority="high", status="waiting", segment="billing", owner="ida", channel="call",
        type="invoice", tags=("a", "b"), fields={"reason": "refund"}, text="My invoice?",
    )  # fmt: skip
    ticket = helpdesk.ticket(helpdesk.do(lambda w: open_ticket.by_hand(w, made)))
    assert (ticket.priority, ticket.status, ticket.segment, ticket.owner) == (
        "high",
        "waiting",
        "billing",
        "ida",
    )
    assert (ticket.channel, ticket.type, ticket.tags) == ("call", "invoice", ("a", "b"))
    assert ticket.fields == {"reason": "refund"}
    assert ticket.customer.email == "dora@customer.example"
    assert [c.text for c in helpdesk.comments(ticket.id)] == ["she rang"]
    assert helpdesk.outbox("ack") == []


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"comment": "  "}, Refused),
        ({"customer": ""}, Refused),
        ({"customer": "nobody"}, BadInput),
        ({"priority": "urgent"}, BadInput),
        ({"channel": "pigeon"}, BadInput),
        ({"status": "done"}, BadInput),
        ({"segment": "sales"}, NotFound),
        ({"owner": "nobody"}, NotFound),
        ({"owner": "ida"}, Refused),
        ({"fields": {"reason": "weather"}}, Refused),
        ({"fields": {"colour": "red"}}, NotFound),
    ],
)
def test_a_bad_draft_makes_no_ticket_F_Q30(helpdesk: DeskFixture, changes: Any, error: Any) -> None:
    with pytest.raises(error):
        helpdesk.do(lambda w: open_ticket.by_hand(w, draft(**changes)))
    with pytest.raises(NotFound):
        helpdesk.ticket(1)
