"""A signed mail that was meant for others, or was sent again with more headers, moves nothing; and what a relay
refutes is answered by no machine."""

import dkim
import pytest
from msgspec.structs import replace

from tests.support.mail_desk import MailDesk
from tests.unit.gateway.auth.test_sender import KEY, dns
from ticketctl.actions.tickets.reply import reply
from ticketctl.store.tickets import tickets

CARL = "Carl Customer <carl@customer.example>"
ANA = "Ana Agent <ana@help.example>"
MALLORY = "mallory@evil.example"
SUPPORT = "support@help.example"
OTHER = "lunch@other.example"
TAG = "Re: [Help #1] Printer is broken"
FAIL = "mx.help.example; dmarc=fail header.from={}"
WAYS = ["relay", "own"]


def signed(
    helpdesk: MailDesk, sender: str, to: str, subject: str, way: str, added: str = ""
) -> bytes:
    """A mail with the signature of its domain, which the relay found to hold where that is the `way`; `added` on top
    when it was sent again."""
    domain = sender.rpartition("@")[2].rstrip(">")
    raw = helpdesk.raw(sender, to, subject, "It is urgent.", Date="Mon, 09 Mar 2026 08:10:00 +0000")
    raw = raw.replace(b"\n", b"\r\n")
    covers = [b"from", b"to", b"subject", b"date", b"message-id"]
    line = bytes(dkim.sign(raw, b"s1", domain.encode(), KEY, include_headers=covers))
    said = f"mx.help.example; dkim=pass header.d={domain}; dmarc=pass header.from={domain}"
    head = f"Authentication-Results: {said}\r\n" if way == "relay" else ""
    return (head + added).encode() + line + raw


@pytest.fixture
def checking(helpdesk: MailDesk, monkeypatch: pytest.MonkeyPatch) -> MailDesk:
    """A desk that believes its relay and checks signatures itself."""
    monkeypatch.setattr(dkim, "get_txt", dns)
    helpdesk.settings = replace(
        helpdesk.settings, gateway=replace(helpdesk.settings.gateway, verify_dkim=True)
    )
    return helpdesk


def written(helpdesk: MailDesk) -> str:
    """The Message-ID of a mail of ours that Dora, in copy, has too: it proves nobody."""
    helpdesk.mail(CARL, SUPPORT, TAG, "With Dora.", Cc="dora@customer.example",
              Authentication_Results="mx.help.example; dmarc=pass header.from=customer.example")  # fmt: skip
    helpdesk.do(lambda w: reply(w, 1, "Which printer?"))
    return helpdesk.outbox("reply")[-1].message_id


def moved(helpdesk: MailDesk) -> list[str]:
    with helpdesk.db.read() as tx:
        return [one.address for one in tickets.participants(tx, 1) if "evil" in one.address]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("wish", ["Reply-To", "Cc", "In-Reply-To"])
def test_a_customers_mail_to_others_sent_again_proves_nothing(
    checking: MailDesk, way: str, wish: str
) -> None:
    ours = written(checking)
    added = f"In-Reply-To: {ours}\r\n"
    added += "" if wish == "In-Reply-To" else f"{wish}: {MALLORY}, {SUPPORT}\r\n"
    row = checking.feed(signed(checking, CARL, OTHER, "Lunch?", way, added))
    assert (row.verdict, row.ticket, checking.messages()[-1].proof) == ("reply", 1, "none")
    assert any("name no address of this mailbox" in one.text for one in row.reasons)
    assert moved(checking) == []


@pytest.mark.parametrize("way", WAYS)
def test_what_was_added_to_a_customers_signed_mail_is_noted_and_not_followed(
    checking: MailDesk, way: str
) -> None:
    added = f"Reply-To: {MALLORY}\r\nCc: {MALLORY}\r\n"
    row = checking.feed(signed(checking, CARL, SUPPORT, TAG, way, added))
    assert (row.ticket, checking.messages()[-1].proof) == (1, "authenticated")
    assert moved(checking) == []
    (line,) = (one for one in checking.events() if one.type == "message")
    assert f"not signed, so not used: cc {MALLORY}, reply-to {MALLORY}" in line.comment


@pytest.mark.parametrize("way", WAYS)
def test_an_unsigned_threading_header_leaves_a_signed_mail_unproven(
    checking: MailDesk, way: str
) -> None:
    added = f"In-Reply-To: {written(checking)}\r\n"
    row = checking.feed(signed(checking, CARL, SUPPORT, "Another matter", way, added))
    assert (row.ticket, checking.messages()[-1].proof) == (1, "none")
    assert "parent-not-signed" in [one.slug for one in row.reasons]


def test_an_spf_pass_speaks_for_the_mail_as_it_came(checking: MailDesk) -> None:
    added = f"Reply-To: {MALLORY}\r\n"
    raw = signed(checking, CARL, OTHER, TAG, "relay", added)
    raw = raw.replace(b"; dkim=pass", b"; spf=pass smtp.mailfrom=c@customer.example; dkim=pass")
    checking.feed(raw)
    assert (checking.messages()[-1].proof, moved(checking)) == ("authenticated", [MALLORY])


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("added", ["", f"Cc: {SUPPORT}\r\n", f"To: {SUPPORT}\r\n"])
def test_an_agents_mail_to_others_sent_again_is_an_unverified_comment(
    checking: MailDesk, way: str, added: str
) -> None:
    added += f"In-Reply-To: {written(checking)}\r\n"
    before = checking.to_carl()
    row = checking.feed(signed(checking, ANA, OTHER, "Re: your offer", way, added))
    assert (row.verdict, row.ticket) == ("reply", 1)
    assert checking.comments()[-1].author == "ana@help.example (unverified)"
    assert checking.to_carl() == before


@pytest.mark.parametrize("sender", [CARL, f"{CARL}, x@evil.example", ANA, "www@shop.example"])
@pytest.mark.parametrize("subject", ["status #1", TAG, "Something new"])
def test_a_refuted_mail_is_answered_by_no_machine(
    helpdesk: MailDesk, sender: str, subject: str
) -> None:
    more = {"Reply_To": CARL} if "shop" in sender else {}
    before = helpdesk.outbox("ack", "error")
    row = helpdesk.mail(sender, SUPPORT, subject, "!close done", **more,
                    Authentication_Results=FAIL.format("customer.example"))  # fmt: skip
    assert any(one.text.startswith("sender refuted: dmarc=fail") for one in row.reasons)
    assert helpdesk.outbox("ack", "error") == before
    assert len(helpdesk.messages()) == 1 and helpdesk.ticket().status == "new"
    if subject == TAG and sender != ANA:
        assert (row.verdict, row.ticket != 1) == ("claim", True)


def test_a_mail_without_from_is_refuted_too(helpdesk: MailDesk) -> None:
    raw = helpdesk.raw(
        CARL, SUPPORT, TAG, "Close it.", Authentication_Results=FAIL.format("x.example")
    )
    row = helpdesk.feed(raw.replace(b"From:", b"Sender:", 1))
    assert row.verdict == "claim"


def test_a_header_that_no_library_can_read_is_no_fault_of_the_mail(helpdesk: MailDesk) -> None:
    deep = "mx.help.example; dkim=pass " + "(" * 600 + ")" * 600
    raw = f"Authentication-Results: {deep}\r\n".encode() + helpdesk.raw(
        CARL, SUPPORT, TAG, "Hello."
    )
    assert helpdesk.explained(raw)["verdict"] == "reply"
    row = helpdesk.feed(raw)
    assert (row.verdict, helpdesk.messages()[-1].proof) == ("reply", "none")
