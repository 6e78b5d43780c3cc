"""Agents work by mail: replies, comments, commands, forwards; who is not proven has no power (G6, G9-G13, I12)."""

from email.message import EmailMessage
from typing import Any

import pytest

from tests.support.mail_desk import MailDesk
from ticketctl.domain.base.signed_addresses import AGENTS, COMMENT, reply_address
from ticketctl.store.db import signing_key

ANA = "Ana Agent <ana@help.example>"
SUPPORT = "support@help.example"
PROOF = "mx.help.example; dmarc=pass header.from=help.example"
ANSWER = "Please switch it off and on again."


def test_an_answer_to_the_notification_is_a_reply_to_the_customer_G9(helpdesk: MailDesk) -> None:
    row = helpdesk.ana_answers(f"{ANSWER}\n\n-- \nAnna, private phone 123")
    (reply,) = helpdesk.to_carl()
    assert (row.verdict, row.ticket, row.message) == ("reply", 1, 2)
    assert (reply.mailbox, reply.data["agent_name"], reply.data["text"]) == (
        SUPPORT,
        "Ana",
        ANSWER,
    )
    sent = helpdesk.text(reply)
    assert "ana@help.example" not in sent and "private phone" not in sent
    assert helpdesk.messages()[-1].author == "ana" and helpdesk.comments() == []


def test_our_notification_does_not_go_out_G9(helpdesk: MailDesk) -> None:
    note = helpdesk.outbox("notification")[-1]
    quoted = helpdesk.text(note).partition("\r\n\r\n")[2].replace("\r\n", "\n> ")
    helpdesk.ana_answers(f"{ANSWER}\n\nOn Mon, 9 Mar 2026, Help wrote:\n> {quoted}")
    assert helpdesk.to_carl()[-1].data["text"] == ANSWER


def test_by_message_id_and_by_tag_as_well_G9(helpdesk: MailDesk) -> None:
    note = helpdesk.outbox("notification")[-1]
    helpdesk.ana_answers(ANSWER, to=SUPPORT, In_Reply_To=note.message_id)
    helpdesk.ana_answers(f"{ANSWER} Again.", to=SUPPORT, subject="Re: [Help #1] Printer")
    assert len(helpdesk.to_carl()) == 2


def test_the_attachments_of_the_mail_go_along_G9(helpdesk: MailDesk) -> None:
    helpdesk.ana_answers(ANSWER, files={"a.png": b"picture", "b.png": b"another"})
    (reply,) = helpdesk.to_carl()
    assert [one["name"] for one in reply.data["attachments"]] == ["a.png", "b.png"]
    assert "cGljdHVyZQ==" in helpdesk.text(reply)


def test_an_inline_picture_in_an_agents_mail_stays_inline_in_the_reply_H28(
    helpdesk: MailDesk,
) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = ANA, helpdesk.address(), "Re: Printer"
    mail["Authentication-Results"] = PROOF
    mail.set_content("Press here:\n\n[cid:shot.1@help.example]\n\nThen wait.\n")
    html = (
        '<p>Press here:</p><img src="cid:shot.1@help.example"><img src="cid:logo.2@help.example">'
    )
    mail.add_alternative(html, subtype="html")
    *_, rich = mail.iter_parts()
    for name, size in (("shot.1", 30_000), ("logo.2", 900)):
        rich.add_related(
            bytes(size), "image", "png", cid=f"<{name}@help.example>", filename=f"{name}.png"
        )
    helpdesk.feed(mail.as_bytes(), helpdesk.address())
    (reply,) = helpdesk.to_carl()
    assert [(one["name"], one["inline"]) for one in reply.data["attachments"]] == [
        ("shot.1.png", True)
    ]
    assert reply.data["text"] == "Press here:\n\n[shot.1.png]\n\nThen wait."
    assert "multipart/related" in helpdesk.text(reply)


def test_history_says_that_it_came_by_mail_G12(helpdesk: MailDesk) -> None:
    helpdesk.ana_answers(f"!tag outage\n\n{ANSWER}", message_id="<a1@help.example>")
    said = {one.type: one for one in helpdesk.events() if one.actor == "ana"}
    assert said["replied"].comment == said["tags"].comment == "by mail, <a1@help.example>"
    assert {one.os_user for one in said.values()} == {"by mail, <a1@help.example>"}


def test_the_comment_address_makes_an_internal_comment_G9(helpdesk: MailDesk) -> None:
    row = helpdesk.ana_answers("He is a good customer.", to=helpdesk.address("comment"))
    assert (row.verdict, helpdesk.to_carl()) == ("reply", [])
    assert [(one.author, one.text) for one in helpdesk.comments()] == [
        ("ana", "He is a good customer.")
    ]


def test_an_answer_to_a_comments_notification_is_a_comment_G9(helpdesk: MailDesk) -> None:
    helpdesk.mail("Ben <ben@help.example>", helpdesk.address("comment"), "x", "Ana?", proven=True)
    helpdesk.ana_answers("I do not know, Ben.")
    assert helpdesk.to_carl() == [] and len(helpdesk.comments()) == 2


def test_a_reply_to_the_from_address_works_too_G9(helpdesk: MailDesk) -> None:
    helpdesk.mail("Ben <ben@help.example>", helpdesk.address("comment"), "x", "Ana?", proven=True)
    note = helpdesk.outbox("notification", to="ana@help.example")[-1]
    helpdesk.ana_answers("I do not know, Ben.", to=SUPPORT, In_Reply_To=note.message_id)
    assert helpdesk.to_carl() == [] and len(helpdesk.comments()) == 2


def test_the_comment_address_is_nothing_to_a_stranger_G9_D9(helpdesk: MailDesk) -> None:
    row = helpdesk.mail("Eve <eve@evil.example>", helpdesk.address("comment"), "Printer", "Hello")
    assert (row.verdict, row.ticket) == ("new", 2) and helpdesk.comments() == []


def test_the_offer_stands_in_the_notification_G9(helpdesk: MailDesk) -> None:
    with helpdesk.db.read() as tx:
        wanted = reply_address(signing_key.read(tx), SUPPORT, COMMENT, 1, AGENTS)
    assert wanted in helpdesk.text(helpdesk.outbox("notification")[-1]).replace("=\r\n", "")


def test_access_is_checked_now_G9(helpdesk: MailDesk) -> None:
    row = helpdesk.mail("Ida <ida@help.example>", SUPPORT, "Re: [Help #1] x", ANSWER, proven=True)
    assert helpdesk.to_carl() == [] and [one.text for one in helpdesk.comments()] == [ANSWER]
    (told,) = helpdesk.outbox("error", to="ida@help.example")
    assert "belongs to segment support" in told.data["sentence"] and row.verdict == "reply"


def test_an_uncertain_cut_is_kept_as_a_comment_and_reported_I12(helpdesk: MailDesk) -> None:
    helpdesk.ana_answers("Carl is a difficult person, be careful", to=helpdesk.address("comment"))
    row = helpdesk.ana_answers(f"{ANSWER}\n\nCarl is a difficult person, be careful", to=SUPPORT,
                    subject="Re: [Help #1] Printer")  # fmt: skip
    assert helpdesk.to_carl() == [] and len(helpdesk.comments()) == 2
    (told,) = helpdesk.outbox("error", to="ana@help.example")
    assert "words of an internal comment" in told.data["sentence"]
    assert any("not sent" in reason.text for reason in row.reasons)


def test_a_forwarded_mail_is_never_a_reply_I12(helpdesk: MailDesk) -> None:
    text = f"{ANSWER}\n\n---------- Forwarded message ---------\nFrom: x@y.example\nSubject: z\n\nSecret"
    helpdesk.ana_answers(text, to=SUPPORT, subject="Fwd: [Help #1] Printer")
    assert helpdesk.to_carl() == [] and len(helpdesk.outbox("error")) == 1


def test_an_empty_answer_is_not_sent_G9(helpdesk: MailDesk) -> None:
    helpdesk.ana_answers("\n")
    assert helpdesk.to_carl() == [] and len(helpdesk.outbox("error")) == 1


def test_an_agents_vacation_answer_is_quiet_E5(helpdesk: MailDesk) -> None:
    before = len(helpdesk.outbox("notification", "error"))
    row = helpdesk.ana_answers("I am away until Monday.", Auto_Submitted="auto-replied")
    assert (row.verdict, row.class_, helpdesk.to_carl()) == ("auto", "auto", [])
    assert len(helpdesk.messages()) == 1 and len(helpdesk.outbox("notification", "error")) == before


def test_an_agents_mail_to_two_mailboxes_is_sent_once_C6(helpdesk: MailDesk) -> None:
    address = helpdesk.address()
    raw = helpdesk.raw(ANA, f"{address}, billing@help.example", "Re: Printer", ANSWER, proven=True)
    helpdesk.feed(raw, address, "billing@help.example")
    raw = raw.replace(b"Message-ID: <", b"X-Nothing: <").replace(b"switch", b"turn")
    last = helpdesk.feed(raw, address, "billing@help.example")
    assert len(helpdesk.to_carl()) == 2 and last.verdict == "duplicate"


def test_an_unproven_agent_cannot_act_and_is_notified_G13(helpdesk: MailDesk) -> None:
    row = helpdesk.mail(ANA, helpdesk.address(), "Re: Printer", f"!close done\n\n{ANSWER}")
    assert helpdesk.to_carl() == [] and helpdesk.ticket().status == "new"
    (comment,) = helpdesk.comments()
    assert comment.author == "ana@help.example (unverified)" and "!close done" in comment.text
    (told,) = helpdesk.outbox("error", to="ana@help.example")
    assert "DKIM" in told.data["sentence"] and "agent-not-proven" in [
        one.slug for one in row.reasons
    ]


def test_notices_to_a_claimed_address_are_few_G13_E7(helpdesk: MailDesk) -> None:
    address = helpdesk.address()
    for n in range(5):
        helpdesk.mail(ANA, address, "Re: Printer", f"{ANSWER} {n}")
    assert len(helpdesk.comments()) == 5 and len(helpdesk.outbox("error")) == 2


def test_a_refuted_agent_has_no_power_G13(helpdesk: MailDesk) -> None:
    fail = "mx.help.example; dmarc=fail header.from=help.example"
    helpdesk.mail(ANA, helpdesk.address(), "Re: Printer", ANSWER, Authentication_Results=fail)
    assert helpdesk.to_carl() == [] and len(helpdesk.comments()) == 1


def test_a_form_cannot_name_an_agent_G13(helpdesk: MailDesk) -> None:
    row = helpdesk.mail(
        "www@shop.example", SUPPORT, "[Help #1]", "!close",
        Reply_To="ana@help.example",
        Authentication_Results="mx.help.example; dmarc=pass header.from=shop.example",
    )  # fmt: skip
    assert helpdesk.ticket().status == "new" and row.verdict == "claim"


def test_commands_are_done_and_the_rest_is_the_reply_G10(helpdesk: MailDesk) -> None:
    row = helpdesk.ana_answers(
        f"!assign ben\n!priority high\n!tag outage other\n!wait 2d\n\n{ANSWER}"
    )
    ticket = helpdesk.ticket()
    assert (ticket.owner, ticket.priority, ticket.status) == ("ben", "high", "waiting")
    assert ticket.tags == ("other", "outage") and ticket.wait_until is not None
    assert [one.data["text"] for one in helpdesk.to_carl()] == [ANSWER]
    assert (row.verdict, row.message) == ("command", 2)
    (told,) = helpdesk.outbox("notification", to="ana@help.example")[-1:]
    assert told.data["template"] == "transcript" and "assigned to ben" in helpdesk.text(told)


@pytest.mark.parametrize(
    ("line", "facts"),
    [
        ("!take", {"owner": "ana"}),
        ("!assign ben because he knows printers", {"owner": "ben"}),
        ("!status waiting", {"status": "waiting"}),
        ("!close the printer is new", {"status": "closed"}),
        ("!resolve", {"status": "resolved"}),
        ("!escalate lab@partner.example can you reproduce it?", {"status": "escalated"}),
        ("!escalate", {"status": "escalated"}),
        ("!priority critical", {"priority": "critical"}),
    ],
)
def test_every_command_G10(helpdesk: MailDesk, line: str, facts: dict[str, Any]) -> None:
    row = helpdesk.ana_answers(line)
    ticket = helpdesk.ticket()
    assert {name: getattr(ticket, name) for name in facts} == facts
    assert row.verdict == "command" and helpdesk.comments() == []


def test_text_after_a_command_is_its_reason_G10(helpdesk: MailDesk) -> None:
    helpdesk.ana_answers("!close the printer is new")
    (closed,) = [one for one in helpdesk.events() if one.type == "closed"]
    assert closed.comment == "the printer is new"
    (told,) = helpdesk.to_carl()
    assert told.kind == "resolution" and "the printer is new" not in helpdesk.text(told)


def test_close_with_a_text_is_one_mail_to_the_customer_G10(helpdesk: MailDesk) -> None:
    helpdesk.ana_answers(f"!close the printer is new\n\n{ANSWER}")
    assert [one.kind for one in helpdesk.to_carl()] == [
        "reply"
    ] and helpdesk.ticket().status == "closed"


def test_after_comment_the_rest_is_internal_G10(helpdesk: MailDesk) -> None:
    row = helpdesk.ana_answers("!comment Carl is difficult.\n!priority high\n\nBe careful.")
    assert helpdesk.to_carl() == [] and row.verdict == "command"
    assert [one.text for one in helpdesk.comments()] == ["Carl is difficult.\nBe careful."]


@pytest.mark.parametrize(
    "wrong",
    ["!owner ben", "!assign nobody-there", "!priority", "!wait soon", "!tag", "!status merged",
     "!escalate carl@customer.example please", "!", "!assign ida"],
)  # fmt: skip
def test_one_wrong_command_stops_all_of_them_G12(helpdesk: MailDesk, wrong: str) -> None:
    text = f"!tag outage\n{wrong}\n!close done\n\n{ANSWER}"
    row = helpdesk.ana_answers(text)
    ticket = helpdesk.ticket()
    assert (ticket.tags, ticket.status, ticket.owner, ticket.priority) == (
        (),
        "new",
        None,
        "medium",
    )
    assert helpdesk.to_carl() == [] and [one.text for one in helpdesk.comments()] == [text]
    (told,) = helpdesk.outbox("error", to="ana@help.example")
    assert [one["done"] for one in told.data["lines"]] == [True, False, True]
    assert row.verdict == "command" and "another line failed" in helpdesk.text(told)
    assert [one for one in helpdesk.events() if one.type in ("tags", "closed", "assigned")] == []


def test_a_reply_that_cannot_be_sent_undoes_the_commands_G12(helpdesk: MailDesk) -> None:
    helpdesk.ana_answers("!status spam\n\nHello")
    assert helpdesk.ticket().status == "new" and helpdesk.to_carl() == []
    assert "is spam" in helpdesk.text(helpdesk.outbox("error")[-1])


def test_a_customers_lines_are_text_G11(helpdesk: MailDesk) -> None:
    row = helpdesk.mail(
        "Carl <carl@customer.example>", SUPPORT, "Re: [Help #1] x", "!close\n!assign ben\n\nHello"
    )
    assert (row.verdict, helpdesk.ticket().status, helpdesk.ticket().owner) == (
        "reply",
        "new",
        None,
    )
    assert helpdesk.messages()[-1].text == "!close\n!assign ben\n\nHello"


def test_an_agent_who_is_the_customer_commands_nothing_G11(helpdesk: MailDesk) -> None:
    helpdesk.mail(ANA, SUPPORT, "My own printer", "It is broken.", proven=True)
    row = helpdesk.ana_answers("!close now", to=SUPPORT, subject="Re: [Help #2] My own printer")
    assert (row.verdict, helpdesk.ticket(2).status) == ("reply", "new")
    assert helpdesk.messages(2)[-1].text == "!close now"


def test_a_former_agent_is_a_stranger_G16(helpdesk: MailDesk) -> None:
    address = helpdesk.address("comment")
    toml = helpdesk.toml.replace('name = "ana"\nemail = "ana@', 'name = "ana"\nemail = "other@')
    helpdesk.apply(toml)
    helpdesk.ana_answers("!close", to=address)
    assert helpdesk.ticket().status == "new" and helpdesk.to_carl() == []


FORWARD = """Please look at this one.

---------- Forwarded message ---------
From: Dora <dora@customer.example>
Date: Mon, 3 Feb 2025
Subject: It is loud
To: ana@help.example

It makes a noise.
"""


def test_a_forwarded_mail_is_the_customers_ticket_G6(helpdesk: MailDesk) -> None:
    row = helpdesk.ana_answers(
        FORWARD, to=SUPPORT, subject="Fwd: It is loud", files={"a.png": b"p"}
    )
    ticket = helpdesk.ticket(2)
    assert (row.verdict, ticket.customer.email, ticket.subject) == (
        "new", "dora@customer.example", "It is loud",
    )  # fmt: skip
    (message,) = helpdesk.messages(2)
    assert (message.author, message.text) == ("dora@customer.example", "It makes a noise.")
    assert [one.name for one in message.attachments] == ["a.png"]
    assert [(one.author, one.text) for one in helpdesk.comments(2)] == [
        ("ana", "Please look at this one.")
    ]
    assert helpdesk.outbox("ack", to="dora@customer.example") == []


def test_an_attached_mail_is_the_customers_ticket_G6(helpdesk: MailDesk) -> None:
    from email.message import EmailMessage

    inner, outer = EmailMessage(), EmailMessage()
    inner["From"], inner["Subject"] = "dora@customer.example", "It is loud"
    inner.set_content("It makes a noise.")
    outer["From"], outer["To"], outer["Subject"] = ANA, SUPPORT, "WG: loud"
    outer["Authentication-Results"] = "mx.help.example; dmarc=pass header.from=help.example"
    outer.set_content("Please look.")
    outer.add_attachment(inner)
    helpdesk.feed(outer.as_bytes())
    assert (helpdesk.ticket(2).customer.email, helpdesk.ticket(2).subject) == (
        "dora@customer.example", "It is loud",
    )  # fmt: skip


def test_only_for_proven_agents_G6(helpdesk: MailDesk) -> None:
    helpdesk.mail(ANA, SUPPORT, "Fwd: It is loud", FORWARD)
    helpdesk.mail("Eve <eve@evil.example>", SUPPORT, "Fwd: It is loud", FORWARD)
    assert [helpdesk.ticket(n).customer.email for n in (2, 3)] == [
        "ana@help.example",
        "eve@evil.example",
    ]


def test_explain_shows_what_an_agents_mail_would_do(helpdesk: MailDesk) -> None:
    address = helpdesk.address()
    raw = helpdesk.raw(ANA, address, "Re: Printer", "!take\n!close done", proven=True)
    told = helpdesk.explained(raw, address)
    assert (told["verdict"], told["ticket"]) == ("command", 1)
    assert "!take: it is yours" in told["reasons"] and helpdesk.ticket().owner is None
    raw = helpdesk.raw(ANA, address, "Re: Printer", "!take")
    assert any("unverified" in one for one in helpdesk.explained(raw, address)["reasons"])
