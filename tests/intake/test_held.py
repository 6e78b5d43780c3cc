"""A mail that is held was not filed: released, or sent again, it is no duplicate."""

import socket
from functools import partial

import pytest

from gateway.intake import decide
from gateway.intake.analysed_mail import AnalysedMail
from gateway.intake.verdict import Verdict
from gateway.intake.worker import Worker
from tests.support.mail_desk import MailDesk
from ticketctl import clock
from ticketctl.actions.base.context import Work
from ticketctl.domain.base.records import ReceivedMail
from ticketctl.store.db.database import Tx
from ticketctl.store.queues import inbox

SUPPORT = "support@help.example"

HOP = f"Received: from a by {socket.gethostname()}; Mon, 9 Mar 2026 08:00:00 +0000\r\n"
HEADS = [
    "Message-ID: <lamp@customer.example>\r\n",
    "Date: Mon, 9 Mar 2026 08:00:00 +0000\r\n",
    "",
]


def letter(head: str, hops: int, sender: str = "carl@customer.example") -> bytes:
    return (
        HOP * hops
        + head
        + f"From: {sender}\r\nTo: support@help.example\r\nSubject: Лампа\r\n\r\nThe lamp is dark.\r\n"
    ).encode()


@pytest.mark.parametrize("head", HEADS)
def test_a_mail_sent_again_after_it_was_held_is_filed_C1(helpdesk: MailDesk, head: str) -> None:
    assert helpdesk.feed(letter(head, 3)).state == "held"
    assert helpdesk.feed(letter(head, 3)).state == "held", "not a duplicate of a held mail"
    again = helpdesk.feed(letter(head, 1))
    assert (again.state, again.verdict) == ("done", "new")
    assert helpdesk.feed(letter(head, 1)).verdict == "duplicate"


@pytest.mark.parametrize("head", HEADS)
def test_a_held_mail_that_is_released_after_its_copy_was_filed_is_a_duplicate_C1(
    helpdesk: MailDesk, head: str
) -> None:
    held = helpdesk.feed(letter(head, 3))
    filed = helpdesk.feed(letter(head, 1))
    helpdesk.db.write(partial(inbox.retry, id=held.id))
    helpdesk.feed(letter("Message-ID: <other@customer.example>\r\n", 1, "eva@x.example"))
    assert helpdesk.read(lambda tx: inbox.get(tx, held.id)).verdict == "duplicate"
    assert filed.verdict == "new"


def test_a_mail_without_a_sender_leaves_no_trace_either_C1_G5(helpdesk: MailDesk) -> None:
    raw = b"Message-ID: <1@x.example>\r\nSubject: Hello\r\n\r\nWho am I?\r\n"
    assert [helpdesk.feed(raw).state for _ in range(2)] == ["held", "held"]


def test_a_mail_whose_history_cannot_be_written_fails_alone(
    helpdesk: MailDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_new = decide._file_new

    def filed_with_a_bug(tx: Tx, work: Work, analysed: AnalysedMail) -> Verdict:
        if analysed.mail.subject == "Bug":
            work.event(999, "created")
        return file_new(tx, work, analysed)

    monkeypatch.setattr(decide, "_file_new", filed_with_a_bug)
    for n, subject in enumerate(("One", "Bug", "Two")):
        raw = helpdesk.raw(f"x{n}@customer.example", SUPPORT, subject, "Text.")
        received = ReceivedMail(
            raw=raw, via="pipe", envelope_from=None, recipients={SUPPORT: (SUPPORT,)}
        )
        helpdesk.db.write(partial(inbox.accept, mail=received, at=clock.now()))
    Worker(helpdesk.db, helpdesk.settings).drain()
    (_, one, bug, two) = helpdesk.inbox()
    assert (one.verdict, two.verdict) == ("new", "new")
    assert (bug.state, bug.error) == ("held", "NotFound: no ticket 999.")
    assert helpdesk.events(one.ticket or 0)[0].type == "created"
