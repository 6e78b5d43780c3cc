"""Mail that only claims to be an agent's, or was once, has no power; experts speak inside (F-A31)."""

from typing import TYPE_CHECKING

import dkim
import pytest
from msgspec.structs import replace

from tests.unit.auth.test_sender import KEY, dns
from ticketctl.actions.base.context import begin
from ticketctl.actions.tickets.escalate import escalate
from ticketctl.actions.tickets.reply import reply
from ticketctl.domain.base.records import Actor

if TYPE_CHECKING:
    from .conftest import Room

ANNA = "Anna Agent <anna@help.example>"
SUPPORT = "support@help.example"
EXPERT = "eve.expert@maker.example"
TAG = "Re: [Help #1] Printer is broken"
COVERED = [b"from", b"to", b"subject", b"date", b"message-id"]


def signed(room: "Room", to: str, subject: str, text: str, *, covers: list[bytes]) -> bytes:
    """A mail of Anna's with the signature of her domain over these headers."""
    raw = room.raw(ANNA, to, subject, text, Date="Mon, 09 Mar 2026 08:10:00 +0000")
    raw = raw.replace(b"\n", b"\r\n")
    return bytes(dkim.sign(raw, b"s1", b"help.example", KEY, include_headers=covers)) + raw


@pytest.fixture
def checking(room: "Room", monkeypatch: pytest.MonkeyPatch) -> "Room":
    """A desk that checks signatures itself."""
    monkeypatch.setattr(dkim, "get_txt", dns)
    room.settings = replace(
        room.settings, gateway=replace(room.settings.gateway, verify_dkim=True, authserv_id="")
    )
    return room


def test_no_authentication_results_count_without_a_trusted_authserv_id(room: "Room") -> None:
    room.settings = replace(room.settings, gateway=replace(room.settings.gateway, authserv_id=""))
    room.mail(ANNA, SUPPORT, TAG, "!close done", proven=True)
    assert room.ticket().status == "new"
    assert room.comments()[-1].author == "anna@help.example (unverified)"


def test_an_agents_signed_mail_is_a_reply(checking: "Room") -> None:
    checking.feed(signed(checking, SUPPORT, TAG, "Try again.", covers=COVERED))
    assert [row.data["text"] for row in checking.to_carl()] == ["Try again."]


def test_an_agents_mail_to_others_that_is_sent_again_to_us_is_no_reply(checking: "Room") -> None:
    raw = signed(checking, "list@other.example", TAG, "We will pay.", covers=COVERED)
    checking.feed(raw, SUPPORT)
    assert checking.to_carl() == []
    assert checking.comments()[-1].author == "anna@help.example (unverified)"
    checking.settings = replace(
        checking.settings,
        gateway=replace(checking.settings.gateway, authserv_id="mx.help.example"),
    )
    again = checking.raw(ANNA, "list@other.example", TAG, "We will pay.", proven=True)
    checking.feed(again, SUPPORT)
    assert checking.to_carl() == []


def test_our_own_check_threads_by_signed_headers_only(checking: "Room") -> None:
    anna = Actor("anna", "anna", "agent")
    checking.db.write(lambda tx: reply(begin(tx, anna), 1, "Which printer?"))
    (ours,) = (row.message_id for row in checking.to_carl())
    raw = signed(checking, SUPPORT, "Lunch", "We will pay.", covers=COVERED)
    row = checking.feed(f"In-Reply-To: {ours}\r\n".encode() + raw)
    assert (row.verdict, row.ticket != 1) == ("new", True)
    raw = checking.raw(ANNA, SUPPORT, "Lunch", "To you.", In_Reply_To=ours,
                       Date="Mon, 09 Mar 2026 08:10:00 +0000").replace(b"\n", b"\r\n")  # fmt: skip
    covers = [*COVERED, b"in-reply-to"]
    whole = bytes(dkim.sign(raw, b"s1", b"help.example", KEY, include_headers=covers)) + raw
    assert checking.feed(whole).ticket == 1
    assert checking.to_carl()[0].data["text"] == "To you."


def test_automatic_mail_that_claims_to_be_an_agents_is_unverified(room: "Room") -> None:
    vacation = {"Auto_Submitted": "auto-replied"}
    room.mail(ANNA, SUPPORT, TAG, "I am away.", **vacation)
    room.mail(ANNA, SUPPORT, TAG, "I am away.", proven=True, **vacation)
    authors = [one.author for one in room.comments()]
    assert authors == ["anna@help.example (unverified)", "anna"]


@pytest.mark.parametrize("how", ["in-reply-to", "subject"])
def test_an_experts_answer_without_the_address_made_for_it_is_a_comment_F_A31(
    each_room: "Room", how: str
) -> None:
    room = each_room
    anna = Actor("anna", "anna", "agent")
    room.db.write(lambda tx: escalate(begin(tx, anna), 1, comment="Look at this.", to=(EXPERT,)))
    (dossier,) = room.outbox("escalation")
    if how == "subject":
        row = room.mail(EXPERT, SUPPORT, TAG, "The fuse. Costs us 3 EUR.")
    else:
        row = room.mail(EXPERT, SUPPORT, "Hm", "The fuse. Costs us 3 EUR.",
                        In_Reply_To=dossier.message_id)  # fmt: skip
    assert (row.verdict, row.ticket) == ("reply", 1)
    assert (room.comments()[-1].author, len(room.messages())) == (f"{EXPERT} (unverified)", 1)
    assert all("fuse" not in room.text(one) for one in room.to_carl())


def test_an_experts_answer_needs_proof_and_their_auto_reply_is_silent_F_A31(
    room: "Room",
) -> None:
    anna = Actor("anna", "anna", "agent")
    room.db.write(lambda tx: escalate(begin(tx, anna), 1, comment="Look at this.", to=(EXPERT,)))
    (dossier,) = room.outbox("escalation")
    head = room.bytes(dossier, EXPERT).decode().partition("Reply-To: ")[2].split("\r\n")[0]
    address = head.rpartition("<")[2].rstrip(">")
    vacation = {"Auto_Submitted": "auto-replied"}
    before = room.outbox("notification")
    for to in (SUPPORT, address):
        row = room.mail(EXPERT, to, TAG, "I am away.", **vacation)
        assert (row.verdict, row.ticket, room.outbox("notification")) == ("auto", 1, before)
    room.mail(EXPERT, address, TAG, "The fuse.")
    authors = [one.author for one in room.comments()]
    assert authors[-3:] == [f"{EXPERT} (unverified)", EXPERT, EXPERT]
    assert len(room.outbox("notification")) == len(before) + 1
