"""A mail that takes too long to read stops nobody: it is filed as far as its head tells, with its source attached."""

import re

import pytest
from msgspec.structs import replace

from gateway.intake import analyse
from gateway.parse import parse
from gateway.parse.mail import Mail
from gateway.parse.parse import part_bytes
from tests.support.mail_desk import MailDesk
from ticketctl.store.db import blobs
from ticketctl.store.queues import inbox

# The timer may strike while a finalizer runs, whose exceptions go nowhere; it strikes again.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

CARL = "Carl Customer <carl@customer.example>"
ANA = "Ana Agent <ana@help.example>"
SUPPORT = "support@help.example"
COSTLY = "Words that the planted fault does not like.\n"


def allow(helpdesk: MailDesk, seconds: float) -> None:
    gateway = replace(helpdesk.settings.gateway, intake_cpu_seconds=seconds)  # type: ignore[arg-type]
    helpdesk.settings = replace(helpdesk.settings, gateway=gateway)


@pytest.fixture(autouse=True)
def planted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pattern that never ends on one text, since no mail is known that takes longer than a third of a second."""

    def slow(raw: bytes) -> Mail:
        if COSTLY.encode() in raw:
            re.fullmatch("(a+)+b", "a" * 100)
        return real(raw)

    real = parse.parse
    monkeypatch.setattr(analyse, "parse", slow)


def costly(helpdesk: MailDesk, sender: str, to: str = SUPPORT, **more: object) -> bytes:
    return helpdesk.raw(sender, to, "Re: Printer", COSTLY, **more)


def test_a_mail_that_takes_too_long_is_filed_with_its_source_attached_H24(
    helpdesk: MailDesk,
) -> None:
    allow(helpdesk, 1)  # a fifth of it for the head, which a busy machine must not exceed
    acknowledged = len(helpdesk.outbox("ack"))
    raw = costly(helpdesk, "Dora <dora@customer.example>")
    row = helpdesk.feed(raw)
    assert (row.verdict, row.ticket) == ("new", 2)
    assert any("takes too long to read" in reason.text for reason in row.reasons)
    message = helpdesk.messages(2)[0]
    assert "takes too long to read" in message.text
    assert helpdesk.ticket(2).subject == "Re: Printer"
    [attached] = message.attachments
    assert (attached.name, attached.size, attached.sha256) == ("mail.eml", len(raw), row.sha256)
    with helpdesk.db.read() as tx:
        assert part_bytes(blobs.get(tx, str(message.blob)), str(attached.part)) == raw
    assert len(helpdesk.outbox("ack")) == acknowledged, (
        "a machine does not answer what was not read"
    )


def test_a_costly_mail_finds_its_ticket_and_does_not_delay_the_next_H24(helpdesk: MailDesk) -> None:
    allow(helpdesk, 1)  # a fifth of it for the head, which a busy machine must not exceed
    row = helpdesk.feed(costly(helpdesk, CARL, In_Reply_To="<1@mail.example>"))
    assert (row.verdict, row.ticket) == ("reply", 1)
    assert helpdesk.mail(CARL, SUPPORT, "Another", "Words.").ticket == 2


def test_an_agents_unread_mail_is_not_sent_to_the_customer_G13(helpdesk: MailDesk) -> None:
    address = helpdesk.address()
    allow(helpdesk, 1)  # a fifth of it for the head, which a busy machine must not exceed
    row = helpdesk.feed(costly(helpdesk, ANA, address, proven=True), address)
    assert row.ticket == 1
    assert helpdesk.to_carl() == []
    assert len(helpdesk.messages()) == 1


def test_a_mail_whose_head_takes_too_long_is_held_at_the_third_time_H24(helpdesk: MailDesk) -> None:
    allow(helpdesk, 0.2)
    head = b"".join(b"To: %s\n" % (b"=?utf-8?b?4pi6?= <a@b.example>, " * 1_000) for _ in range(30))
    row = helpdesk.feed(head + costly(helpdesk, "Dora <dora@customer.example>"))
    assert (row.state, row.attempts) == (inbox.HELD, 3)
    assert row.error == "it takes more than 0.2 s of processor time to read"
    allow(helpdesk, 5)
    assert helpdesk.mail(CARL, SUPPORT, "Another", "Words.").ticket == 2
