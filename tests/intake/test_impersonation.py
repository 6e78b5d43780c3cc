"""Mail that only claims to be an agent's, or was once, has no power; experts speak inside (F-A31)."""

import dkim
import pytest
from msgspec.structs import replace

from tests.support.mail_desk import MailDesk
from tests.unit.gateway.auth.test_sender import KEY, dns
from ticketctl.actions.tickets.escalate import escalate
from ticketctl.actions.tickets.reply import reply

ANA = "Ana Agent <ana@help.example>"
SUPPORT = "support@help.example"
EXPERT = "eve.expert@maker.example"
TAG = "Re: [Help #1] Printer is broken"
COVERED = [b"from", b"to", b"subject", b"date", b"message-id"]


def signed(helpdesk: MailDesk, to: str, subject: str, text: str, *, covers: list[bytes]) -> bytes:
    """A mail of Ana's with the signature of the domain over these headers."""
    raw = helpdesk.raw(ANA, to, subject, text, Date="Mon, 09 Mar 2026 08:10:00 +0000")
    raw = raw.replace(b"\n", b"\r\n")
    return bytes(dkim.sign(raw, b"s1", b"help.example", KEY, include_headers=covers)) + raw


@pytest.fixture
def checking(helpdesk: MailDesk, monkeypatch: pytest.MonkeyPatch) -> MailDesk:
    """A desk that checks signatures itself."""
    monkeypatch.setattr(dkim, "get_txt", dns)
    helpdesk.settings = replace(
        helpdesk.settings,
        gateway=replace(helpdesk.settings.gateway, verify_dkim=True, authserv_id=""),
    )
    return helpdesk


def test_no_authentication_results_count_without_a_trusted_authserv_id(helpdesk: MailDesk) -> None:
    helpdesk.settings = replace(
        helpdesk.settings, gateway=replace(helpdesk.settings.gateway, authserv_id="")
    )
    helpdesk.mail(ANA, SUPPORT, TAG, "!close done", proven=True)
    assert helpdesk.ticket().status == "new"
    assert helpdesk.comments()[-1].author == "ana@help.example (unverified)"


def test_an_agents_signed_mail_is_a_reply(checking: MailDesk) -> None:
    checking.feed(signed(checking, SUPPORT, TAG, "Try again.", covers=COVERED))
    assert [row.data["text"] for row in checking.to_carl()] == ["Try again."]


def test_an_agents_mail_to_others_that_is_sent_again_to_us_is_no_reply(checking: MailDesk) -> None:
    raw = signed(checking, "list@other.example", TAG, "We will pay.", covers=COVERED)
    checking.feed(raw, SUPPORT)
    assert checking.to_carl() == []
    assert checking.comments()[-1].author == "ana@help.example (unverified)"
    checking.settings = replace(
        checking.settings,
        gateway=replace(checking.settings.gateway, authserv_id="mx.help.example"),
    )
    again = checking.raw(ANA, "list@other.example", TAG, "We will pay.", proven=True)
    checking.feed(again, SUPPORT)
    assert checking.to_carl() == []


def test_our_own_check_threads_by_signed_headers_only(checking: MailDesk) -> None:
    checking.do(lambda w: reply(w, 1, "Which printer?"))
    (ours,) = (row.message_id for row in checking.to_carl())
    raw = signed(checking, SUPPORT, "Lunch", "We will pay.", covers=COVERED)
    row = checking.feed(f"In-Reply-To: {ours}\r\n".encode() + raw)
    assert (row.verdict, row.ticket != 1) == ("new", True)
    raw = checking.raw(ANA, SUPPORT, "Lunch", "To you.", In_Reply_To=ours,
                       Date="Mon, 09 Mar 2026 08:10:00 +0000").replace(b"\n", b"\r\n")  # fmt: skip
    covers = [*COVERED, b"in-reply-to"]
    whole = bytes(dkim.sign(raw, b"s1", b"help.example", KEY, include_headers=covers)) + raw
    assert checking.feed(whole).ticket == 1
    assert checking.to_carl()[-1].data["text"] == "To you."


def test_automatic_mail_that_claims_to_be_an_agents_is_unverified(helpdesk: MailDesk) -> None:
    vacation = {"Auto_Submitted": "auto-replied"}
    helpdesk.mail(ANA, SUPPORT, TAG, "I am away.", **vacation)
    helpdesk.mail(ANA, SUPPORT, TAG, "I am away.", proven=True, **vacation)
    authors = [one.author for one in helpdesk.comments()]
    assert authors == ["ana@help.example (unverified)", "ana"]


@pytest.mark.parametrize("how", ["in-reply-to", "subject"])
def test_an_experts_answer_without_the_address_made_for_it_is_a_comment_F_A31(
    each_helpdesk: MailDesk, how: str
) -> None:
    helpdesk = each_helpdesk
    helpdesk.do(lambda w: escalate(w, 1, comment="Look at this.", to=(EXPERT,)))
    (dossier,) = helpdesk.outbox("escalation")
    if how == "subject":
        row = helpdesk.mail(EXPERT, SUPPORT, TAG, "The fuse. Costs us 3 EUR.")
    else:
        row = helpdesk.mail(EXPERT, SUPPORT, "Hm", "The fuse. Costs us 3 EUR.",
                        In_Reply_To=dossier.message_id)  # fmt: skip
    assert (row.verdict, row.ticket) == ("reply", 1)
    assert (helpdesk.comments()[-1].author, len(helpdesk.messages())) == (
        f"{EXPERT} (unverified)",
        1,
    )
    assert all("fuse" not in helpdesk.text(one) for one in helpdesk.to_carl())


def test_an_experts_answer_needs_proof_and_their_auto_reply_is_silent_F_A31(
    helpdesk: MailDesk,
) -> None:
    helpdesk.do(lambda w: escalate(w, 1, comment="Look at this.", to=(EXPERT,)))
    (dossier,) = helpdesk.outbox("escalation")
    head = helpdesk.bytes_to(dossier, EXPERT).decode().partition("Reply-To: ")[2].split("\r\n")[0]
    address = head.rpartition("<")[2].rstrip(">")
    vacation = {"Auto_Submitted": "auto-replied"}
    before = helpdesk.outbox("notification")
    for to in (SUPPORT, address):
        row = helpdesk.mail(EXPERT, to, TAG, "I am away.", **vacation)
        assert (row.verdict, row.ticket, helpdesk.outbox("notification")) == ("auto", 1, before)
    helpdesk.mail(EXPERT, address, TAG, "The fuse.")
    authors = [one.author for one in helpdesk.comments()]
    assert authors[-3:] == [f"{EXPERT} (unverified)", EXPERT, EXPERT]
    assert len(helpdesk.outbox("notification")) == len(before) + 1
