"""Customers' mail of another kind: questions after a ticket, forms, lists, blocked senders (F-L4, G4, G7, G15, G17)."""

import re
import socket
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from gateway.intake.explain import explain, sentences, stored
from tests.support.mail_desk import MailDesk
from ticketctl import clock
from ticketctl.domain.base import signed_addresses
from ticketctl.domain.base.records import ReceivedMail
from ticketctl.settings.table import Gateway
from ticketctl.store.db import signing_key
from ticketctl.store.queues import bans, inbox, outbox

if TYPE_CHECKING:
    from ticketctl.domain.base.records import InboxRow, OutboxRow


ANA = "Ana Agent <ana@help.example>"
CARL = "Carl Customer <carl@customer.example>"
SUPPORT = "support@help.example"


def test_the_requester_is_told_status_owner_and_next_step_F_L4(helpdesk: MailDesk) -> None:
    helpdesk.ana_answers("!take")
    row = helpdesk.mail(CARL, SUPPORT, "status #1", "")
    assert (row.verdict, row.ticket, len(helpdesk.messages())) == ("command", 1, 1)
    answer = helpdesk.outbox("ack", to="carl@customer.example")[-1]
    text = helpdesk.text(answer)
    assert "received" in text and "Ana" in text and "Next step" in text
    assert "Auto-Submitted: auto-replied" in text
    # A reply address may end so by chance: its letters are random.
    assert not re.search(r"(?<![a-z0-9])ana@help\.example", text)


def test_a_stranger_and_an_unknown_number_get_the_same_words_G17_F_L4(helpdesk: MailDesk) -> None:
    rows = [helpdesk.mail("Eve <eve@evil.example>", SUPPORT, "x", f"status #{n}") for n in (1, 99)]
    assert [(row.verdict, row.ticket) for row in rows] == [("command", None)] * 2
    first, last = (helpdesk.text(row) for row in helpdesk.outbox("ack", to="eve@evil.example"))
    bodies = {one.partition("\r\n\r\n")[2] for one in (first, last)}
    assert len(bodies) == 1 and "Printer" not in first + last and "X-Ticketctl-Ticket" not in first
    assert [row.subject for row in helpdesk.outbox("ack", to="eve@evil.example")] == [
        "Re: status"
    ] * 2


def test_the_answer_goes_to_the_requester_and_to_no_reply_to_F_L4(helpdesk: MailDesk) -> None:
    helpdesk.mail(CARL, SUPPORT, "status #1", "", Reply_To="eve@evil.example")
    assert helpdesk.outbox("ack", to="eve@evil.example") == []
    assert len(helpdesk.outbox("ack", to="carl@customer.example")) == 2


def test_answers_are_limited_E7_F_L4(helpdesk: MailDesk) -> None:
    rows = [helpdesk.mail(CARL, SUPPORT, "status #1", "") for _ in range(12)]
    assert len(helpdesk.outbox("ack", to="carl@customer.example")) == 10
    assert any("not answered" in one.text for one in rows[-1].reasons)


def test_a_machine_that_asks_is_not_answered_F_L4(helpdesk: MailDesk) -> None:
    row = helpdesk.mail(CARL, SUPPORT, "status #1", "", Auto_Submitted="auto-generated")
    assert row.verdict != "command" and len(helpdesk.outbox("ack")) == 1


@pytest.mark.parametrize(
    ("head", "text"),
    [
        ({"Reply_To": "dora@customer.example"}, "It is loud."),
        ({"X_Customer_Email": "dora@customer.example"}, "It is loud."),
        ({}, "E-mail: dora@customer.example\nSubject: It is loud"),
    ],
    ids=["reply-to", "header", "line"],
)
def test_a_forms_mail_is_the_customers_G7(
    helpdesk: MailDesk, head: dict[str, str], text: str
) -> None:
    row = helpdesk.mail("www@shop.example", SUPPORT, "Form", text, **head)
    assert helpdesk.ticket(2).customer.email == "dora@customer.example"
    assert helpdesk.ticket(2).subject == ("Form" if head else "It is loud")
    assert len(helpdesk.outbox("ack", to="dora@customer.example")) == 1
    assert "form-author" in [one.slug for one in row.reasons]


def test_elsewhere_the_form_is_a_sender_like_any_G7(helpdesk: MailDesk) -> None:
    helpdesk.mail(
        "www@shop.example", "billing@help.example", "Form", "x", Reply_To="dora@customer.example"
    )
    assert helpdesk.ticket(2).customer.email == "www@shop.example"


def test_the_author_behind_a_list_is_the_customer_G4(helpdesk: MailDesk) -> None:
    helpdesk.mail(
        "Dora via Users <users@lists.example>", SUPPORT, "Loud", "It is loud.",
        List_Id="<users.lists.example>", List_Post="<mailto:users@lists.example>",
        X_Original_From="Dora <dora@customer.example>",
    )  # fmt: skip
    assert helpdesk.ticket(2).customer.email == "dora@customer.example"
    assert helpdesk.outbox("ack", to="dora@customer.example") == []


def test_a_blocked_sender_is_spam_and_gets_no_mail_G15(helpdesk: MailDesk) -> None:
    helpdesk.db.write(lambda tx: bans.add(tx, "eve@evil.example", at=clock.now(), actor="test"))
    row = helpdesk.mail("Eve <eve@evil.example>", SUPPORT, "Buy", "Buy this.")
    asked = helpdesk.mail("Eve <eve@evil.example>", SUPPORT, "status #1", "")
    assert (row.verdict, helpdesk.ticket(2).status, asked.verdict) == ("spam", "spam", "spam")
    assert helpdesk.outbox("ack", "notification", to="eve@evil.example") == []


def test_a_reply_to_two_mailboxes_is_one_message_whatever_the_relay_adds_C6(
    helpdesk: MailDesk,
) -> None:
    raw = helpdesk.raw(CARL, "support@help.example, billing@help.example", "Re: Printer", "More.",
                   In_Reply_To="<1@mail.example>")  # fmt: skip
    helpdesk.feed(b"Delivered-To: support@help.example\r\n" + raw, "support@help.example")
    last = helpdesk.feed(b"Delivered-To: billing@help.example\r\n" + raw, "billing@help.example")
    assert last.verdict == "duplicate" and last.ticket == 1
    assert len(helpdesk.messages()) == 2


def test_a_new_mail_to_two_mailboxes_is_acknowledged_once(helpdesk: MailDesk) -> None:
    dora = "Dora Neu <dora@customer.example>"
    raw = helpdesk.raw(dora, "support@help.example, billing@help.example", "Papier", "Leer.")
    first = helpdesk.feed(raw, "support@help.example")
    last = helpdesk.feed(raw, "billing@help.example")
    assert first.ticket != last.ticket
    assert len(helpdesk.outbox("ack", to="dora@customer.example")) == 1
    assert last.ticket is not None
    assert "another mailbox" in (helpdesk.events(last.ticket, "created")[0].comment or "")


def test_the_same_message_id_with_other_content_is_kept_with_a_note_C5(helpdesk: MailDesk) -> None:
    row = helpdesk.mail(CARL, "support@help.example", "Re: Printer", "Other words.",
                    message_id="<1@mail.example>", In_Reply_To="<1@mail.example>")  # fmt: skip
    assert (row.verdict, row.ticket) == ("reply", 1)
    assert "message-id-reused" in [one.slug for one in row.reasons]


def too_large(helpdesk: MailDesk, sender: str = CARL, to: str = SUPPORT, **more: str) -> "InboxRow":
    """The head of a mail of 73 MB comes in."""
    head = (
        helpdesk.raw(sender, to, "All my photographs", "", **more).partition(b"\n\n")[0] + b"\n\n"
    )
    return helpdesk.feed(head, to, size=73_000_000)


def test_the_sender_of_a_mail_that_is_too_large_hears_of_it_B12(helpdesk: MailDesk) -> None:
    row = too_large(helpdesk)
    assert (row.verdict, row.size) == ("new", 73_000_000)
    (message,) = helpdesk.messages(row.ticket or 0)
    assert message.text.startswith("[This mail of 73.0 MB is too large: only its head")
    answer = helpdesk.outbox("ack", to="carl@customer.example")[-1]
    assert "too large" in helpdesk.text(answer) and "Auto-Submitted: auto-replied" in helpdesk.text(
        answer
    )


def test_also_in_a_ticket_that_is_there_B12(helpdesk: MailDesk) -> None:
    row = too_large(helpdesk, In_Reply_To="<1@mail.example>")
    assert (row.verdict, row.ticket, len(helpdesk.messages())) == ("reply", 1, 2)
    assert [one.data.get("template") for one in helpdesk.outbox("ack")] == [None, "oversize"]


def test_the_oversize_notice_is_rare_and_never_sent_to_machines_B12_E7(helpdesk: MailDesk) -> None:
    too_large(helpdesk, Auto_Submitted="auto-generated")
    assert len(helpdesk.outbox("ack")) == 1
    for _ in range(5):
        too_large(helpdesk)
    assert [one.data.get("template") for one in helpdesk.outbox("ack")] == [None] + ["oversize"] * 2


def test_nothing_of_an_agents_mail_that_is_too_large_goes_out_B12_I12(helpdesk: MailDesk) -> None:
    proof = "mx.help.example; dmarc=pass header.from=help.example"
    too_large(helpdesk, ANA, helpdesk.address(), Authentication_Results=proof)
    assert helpdesk.to_carl() == [] and len(helpdesk.comments()) == 1
    (told,) = helpdesk.outbox("error", to="ana@help.example")
    assert "too large" in helpdesk.text(told).replace("=\r\n", "")


def test_what_is_too_large_or_not_wanted_is_named_in_the_text_J4_J6(helpdesk: MailDesk) -> None:
    limits = Gateway(max_attachment_size=1000, blocked_attachments=("*.exe", "*.js"))
    helpdesk.settings = replace(helpdesk.settings, gateway=limits)
    files = {"a.iso": bytes(9_000_000), "b.png": b"b", "Setup.EXE": b"MZ"}
    row = helpdesk.mail(CARL, SUPPORT, "x", "See.", files=files)
    (message,) = helpdesk.messages(row.ticket or 0)
    assert [one.name for one in message.attachments] == ["b.png"]
    assert message.text == (
        "[Not listed as attachments, only in the raw mail: a.iso (9.0 MB, too large), "
        "Setup.EXE (2 B, blocked).]\n\nSee."
    )


def test_a_logo_that_comes_with_every_mail_leaves_the_lists_J7(helpdesk: MailDesk) -> None:
    logo, photo = {"logo.png": b"L" * 20_480}, {"photo.png": b"P" * 20_481}
    for n in range(3):
        helpdesk.mail(
            CARL, SUPPORT, f"m{n}", "x", files=logo | photo, In_Reply_To="<1@mail.example>"
        )
        helpdesk.mail("Dora <dora@x.example>", SUPPORT, f"m{n}", "x", files=logo if n else {})
    shown = [(one.name, one.inline) for m in helpdesk.messages()[1:] for one in m.attachments]
    assert shown == [("logo.png", True), ("photo.png", False)] * 3
    assert [one.inline for one in helpdesk.messages(4)[0].attachments] == [False]


def bounces_of(helpdesk: MailDesk, row: "OutboxRow") -> str:
    """Where an answering machine writes that keeps nothing of our mail: its envelope sender."""
    with helpdesk.db.read() as tx:
        (one,) = outbox.deliveries(tx, row.id)
        return signed_addresses.bounce_address(signing_key.read(tx), "bounces@help.example", one.id)


def test_a_vacation_note_to_the_bounce_address_lands_quietly_in_its_ticket_F7(
    helpdesk: MailDesk,
) -> None:
    helpdesk.ana_answers("Please switch it off and on again.")
    before, sent = helpdesk.ticket(), len(helpdesk.outbox("ack", "notification"))
    where = bounces_of(helpdesk, helpdesk.to_carl()[-1])
    row = helpdesk.mail(
        "Carl <carl@elsewhere.example>", where, "Away", "x", Auto_Submitted="auto-replied"
    )
    assert (row.verdict, row.ticket, row.message) == ("auto", 1, 3)
    assert helpdesk.ticket().status == before.status
    assert len(helpdesk.outbox("ack", "notification")) == sent


def test_a_human_needs_more_than_the_bounce_address_F7_D9(helpdesk: MailDesk) -> None:
    helpdesk.ana_answers("Please switch it off and on again.")
    where = bounces_of(helpdesk, helpdesk.to_carl()[-1])
    rows = [
        helpdesk.mail(f"X <{who}>", where, "x", "y")
        for who in ("eve@x.example", "carl@customer.example")
    ]
    assert [(row.verdict, row.ticket) for row in rows] == [("claim", 2), ("reply", 1)]


def test_a_mail_that_passed_this_host_three_times_is_held_E13(helpdesk: MailDesk) -> None:
    hops = (
        f"Received: from a by {socket.gethostname()} with ESMTP; Mon, 9 Mar 2026 08:10:00 +0000\n"
        * 3
    )
    row = helpdesk.feed(hops.encode() + helpdesk.raw(CARL, SUPPORT, "Round", "x"))
    assert (row.state, row.verdict) == ("held", "loop")


def test_a_mail_without_a_sender_is_held_and_listed_G5(helpdesk: MailDesk) -> None:
    row = helpdesk.feed(b"Subject: x\n\nWho am I?\n")
    assert (row.state, row.verdict, row.ticket) == ("held", None, None)
    assert "nobody can be answered" in (row.error or "")


def test_a_mail_redirected_by_a_human_stays_the_customers_G8(helpdesk: MailDesk) -> None:
    dora = "Dora <dora@x.example>"
    row = helpdesk.mail(
        dora, SUPPORT, "x", "y", Resent_From="Ben <ben@help.example>", Resent_To=SUPPORT
    )
    assert helpdesk.ticket(row.ticket or 0).customer.email == "dora@x.example"


def test_our_own_headers_in_incoming_mail_are_nothing_G14(helpdesk: MailDesk) -> None:
    row = helpdesk.mail(
        CARL, SUPPORT, "x", "y", X_Ticketctl_Ticket="1", X_Ticketctl_Status="closed"
    )
    assert (row.verdict, row.ticket, helpdesk.ticket().status) == ("new", 2, "new")


def test_a_name_that_looks_like_an_address_hides_none_G18(helpdesk: MailDesk) -> None:
    row = helpdesk.mail(
        '"ceo@help.example" <eve@evil.example>', SUPPORT, "Transfer", "Now, please."
    )
    told = helpdesk.outbox("notification", to="ana@help.example")[-1]
    assert row.ticket == 2 and "eve@evil.example" in helpdesk.text(told)


def test_a_customers_priority_is_not_ours_H34(helpdesk: MailDesk) -> None:
    row = helpdesk.mail(CARL, SUPPORT, "x", "y", X_Priority="1 (Highest)", Importance="high")
    assert helpdesk.ticket(row.ticket or 0).priority == "medium"


def test_a_machine_that_the_mailbox_names_counts_as_a_person_E15(helpdesk: MailDesk) -> None:
    helpdesk.apply(
        helpdesk.toml.replace(
            "[[mailbox]]", '[[mailbox]]\nhuman_senders = ["carl@customer.example"]', 1
        )
    )
    answers = {"In_Reply_To": "<1@mail.example>", "Precedence": "bulk"}
    rows = [
        helpdesk.mail(CARL, SUPPORT, "x", "y", **answers),
        helpdesk.mail(CARL, SUPPORT, "Alarm", "y", Precedence="bulk"),
    ]
    assert [(row.verdict, row.class_) for row in rows] == [("reply", "human"), ("new", "human")]
    assert len(helpdesk.outbox("ack")) == 1
    bounce = helpdesk.mail(CARL, SUPPORT, "Undelivered", "x", X_Failed_Recipients="a@b.example")
    assert bounce.verdict == "bounce"


def test_explain_says_in_sentences_what_would_happen_and_what_would_be_sent(
    helpdesk: MailDesk,
) -> None:
    raw = helpdesk.raw("Dora <dora@x.example>", SUPPORT, "Fire \x1b[31m", "Help!")
    told = sentences("a.eml", explain(helpdesk.db, helpdesk.settings, raw, [], None)).split("\n")
    assert told[:7] == [
        "a.eml: human mail; it opens a new ticket",
        "  from Dora <dora@x.example>",
        "  subject Fire [31m",
        "  sender none: no server's Authentication-Results are trusted on mail that arrives this way",
        "  answers go to dora@x.example",
        "  sends notification to ana@help.example, ben@help.example",
        "  sends ack to dora@x.example",
    ]
    assert "  - no reply token [no-reply-token]" in told and len(helpdesk.outbox("ack")) == 1
    assert helpdesk.explained(raw)["mails"][1] == {"kind": "ack", "to": ["dora@x.example"]}


def test_a_stored_mail_is_explained_as_it_would_be_decided_now(helpdesk: MailDesk) -> None:
    raw = helpdesk.raw("Dora <dora@x.example>", SUPPORT, "Fire", "Help!")
    filed = helpdesk.feed(raw)
    again = stored(helpdesk.db, helpdesk.settings, filed.id)
    assert (filed.verdict, again.verdict.verdict, again.mails) == ("new", "duplicate", ())
    arrival = ReceivedMail(
        raw=raw.replace(b"Message-ID: <", b"Message-ID: <another."),
        via="smtp",
        envelope_from="dora@x.example",
        recipients={SUPPORT: (SUPPORT,)},
    )
    held = helpdesk.db.write(lambda tx: inbox.accept(tx, arrival, clock.now())[0])
    helpdesk.db.write(lambda tx: inbox.hold(tx, held, "cannot be read"))
    with helpdesk.db.read() as tx:
        before = inbox.listing(tx)
    told = sentences(f"mail {held}", stored(helpdesk.db, helpdesk.settings, held)).split("\n")
    assert told[0] == f"mail {held}: human mail; it opens a new ticket"
    with helpdesk.db.read() as tx:
        assert inbox.listing(tx) == before


def test_a_gateways_failure_notice_opens_nothing_and_is_not_answered_F5_F9(
    helpdesk: MailDesk,
) -> None:
    notice = "Unsere Mailprüfung hat Ihre Nachricht nicht zugestellt an:\n\nlena@forest.example\n"
    before = len(helpdesk.outbox())
    for sender in ("mailfilter@forest.example", "Mail Relay 2 <relay2@forest.example>"):
        row = helpdesk.mail(sender, SUPPORT, "Zustellfehler: Ihre Rechnung", notice)
        assert (row.verdict, row.class_, row.ticket) == ("bounce", "bounce", None)
    assert len(helpdesk.outbox()) == before


def test_a_customer_who_pastes_a_failure_notice_is_heard_but_not_acknowledged_E11(
    helpdesk: MailDesk,
) -> None:
    text = "Hej,\n\nlena@forest.example\n550 5.1.1 not delivered\n\nVad betyder det?\n\nNils\n"
    nils = "Nils <nils@customer2.example>"
    row = helpdesk.mail(nils, SUPPORT, "Delivery failed", text)
    assert (row.verdict, row.class_) == ("new", "human")
    assert not helpdesk.outbox("ack", to="nils@customer2.example")
    helpdesk.mail(nils, SUPPORT, "Printer", "It does not print.")
    assert helpdesk.outbox("ack", to="nils@customer2.example")
