"""Equal mails with neither Message-ID nor Date: the same one within an hour and of one envelope sender (C4)."""

from datetime import timedelta
from typing import Any

import pytest

from gateway.intake.worker import Worker
from tests.support.mail_desk import MailDesk
from ticketctl import clock
from ticketctl.domain.base.records import InboxRow, ReceivedMail
from ticketctl.store.queues import inbox

SUPPORT, BILLING = "support@help.example", "billing@help.example"
RAW = b"From: carl@customer.example\r\nTo: support@help.example\r\nSubject: Disk\r\n\r\nThe disk is full.\r\n"
START = clock.parse("2026-03-09T08:00:00Z")


def at(
    helpdesk: MailDesk, minutes: int, raw: bytes = RAW, sender: str = "", box: str = SUPPORT
) -> InboxRow:
    """A mail that comes so long after the start."""
    when = START + timedelta(minutes=minutes)
    arrival = ReceivedMail(raw=raw, via="smtp", envelope_from=sender, recipients={box: (box,)})
    id = helpdesk.db.write(lambda tx: inbox.accept(tx, arrival, when)[0])
    Worker(helpdesk.db, helpdesk.settings).drain()
    with helpdesk.db.read() as tx:
        return inbox.get(tx, id)


def verdicts(helpdesk: MailDesk, *minutes: int, raw: bytes = RAW) -> list[str | None]:
    return [at(helpdesk, one, raw).verdict for one in minutes]


def test_within_an_hour_it_is_the_same_and_later_a_new_one(each_helpdesk: MailDesk) -> None:
    assert verdicts(each_helpdesk, 0, 5, 59, 60, 61, 119, 600) == [
        "new", "duplicate", "duplicate", "new", "duplicate", "duplicate", "new",
    ]  # fmt: skip


def test_of_another_envelope_sender_it_is_another(helpdesk: MailDesk) -> None:
    senders = ("a@customer.example", "A@customer.example", "b@customer.example", "")
    found = [at(helpdesk, 0, sender=one).verdict for one in senders]
    assert found == ["new", "duplicate", "new", "new"]


@pytest.mark.parametrize(
    "head", [b"Message-ID: <1@customer.example>", b"Date: Mon, 9 Mar 2026 08:00:00 +0000"]
)
def test_with_an_id_or_a_date_it_is_the_same_for_good(helpdesk: MailDesk, head: bytes) -> None:
    raw = head + b"\r\n" + RAW
    assert verdicts(helpdesk, 0, 600, 60 * 24 * 40, raw=raw) == ["new", "duplicate", "duplicate"]


def test_what_waited_is_judged_by_when_it_came(helpdesk: MailDesk) -> None:
    def accept(tx: Any, minutes: int) -> int:
        arrival = ReceivedMail(
            raw=RAW, via="smtp", envelope_from="", recipients={SUPPORT: (SUPPORT,)}
        )
        return inbox.accept(tx, arrival, START + timedelta(minutes=minutes))[0]

    ids = [helpdesk.db.write(lambda tx, one=one: accept(tx, one)) for one in (0, 120, 121)]
    Worker(helpdesk.db, helpdesk.settings).drain()
    with helpdesk.db.read() as tx:
        assert [inbox.get(tx, id).verdict for id in ids] == ["new", "new", "duplicate"]


def test_in_a_ticket_it_is_told_once_an_hour_whatever_the_mailbox(helpdesk: MailDesk) -> None:
    raw = RAW.replace(b"Subject: Disk", b"Subject: Disk\r\nIn-Reply-To: " + _ack(helpdesk))
    boxes = (SUPPORT, BILLING)
    found = [at(helpdesk, minutes, raw, box=box).verdict for minutes in (0, 61) for box in boxes]
    assert [one == "duplicate" for one in found] == [False, True, False, True]
    assert len(helpdesk.messages()) == 3


def test_an_agent_may_say_the_same_again(helpdesk: MailDesk) -> None:
    address = helpdesk.address()
    raw = (
        b"From: ana@help.example\r\nTo: " + address.encode() + b"\r\nSubject: Re: Printer\r\n"
        b"Authentication-Results: mx.help.example; dmarc=pass header.from=help.example\r\n\r\nTry again.\r\n"
    )
    for minutes in (0, 1, 90):
        _as_agent(helpdesk, raw, address, minutes)
    assert len(helpdesk.to_carl()) == 2


def _as_agent(helpdesk: MailDesk, raw: bytes, address: str, minutes: int) -> None:
    arrival = ReceivedMail(
        raw=raw,
        via="pipe",
        envelope_from=None,
        recipients={SUPPORT: (address,)},
        authserv_id="mx.help.example",
    )
    when = START + timedelta(minutes=minutes)
    helpdesk.db.write(lambda tx: inbox.accept(tx, arrival, when)[0])
    Worker(helpdesk.db, helpdesk.settings).drain()


def _ack(helpdesk: MailDesk) -> bytes:
    return helpdesk.outbox("ack")[-1].message_id.encode()
