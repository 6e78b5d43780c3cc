"""Mails that are filed in one transaction: what they write together, and one of them that cannot be filed."""

from collections import Counter

import pytest

from gateway.intake.worker import Worker
from tests.support.mail_desk import MailDesk
from tests.support.statements import heard
from ticketctl import clock
from ticketctl.domain.base.records import InboxRow, ReceivedMail
from ticketctl.store.db.database import Tx
from ticketctl.store.queues import inbox
from ticketctl.store.tickets import mail_ids

SUPPORT = "support@help.example"
NAMES = ("ada", "bo", "cy", "di", "ed")
REFUSED = mail_ids.hash_of("bad@shop.example")
REFUSE_SQLITE = f"""
CREATE TRIGGER refuse BEFORE INSERT ON mail_id WHEN NEW.hash = '{REFUSED}'
BEGIN SELECT RAISE(ABORT, 'refused'); END
"""
REFUSE_POSTGRES = f"ALTER TABLE mail_id ADD CHECK (hash <> '{REFUSED}')"


def filed(desk: MailDesk, raws: list[bytes]) -> list[InboxRow]:
    """The rows of these mails, filed by one worker in one transaction."""

    def accept(tx: Tx) -> list[int]:
        found = []
        for raw in raws:
            arrival = ReceivedMail(
                raw=raw, via="pipe", envelope_from=None, recipients={SUPPORT: (SUPPORT,)}
            )
            found += inbox.accept(tx, arrival, clock.now())
        return found

    ids = desk.db.write(accept)
    Worker(desk.db, desk.settings).drain()
    return desk.read(lambda tx: [inbox.get(tx, id) for id in ids])


def from_each(desk: MailDesk, names: tuple[str, ...]) -> list[bytes]:
    """A mail of each of these customers."""
    return [
        desk.raw(
            address := f"{name}@shop.example",
            SUPPORT,
            f"Order {name}",
            "Where?",
            message_id=f"<{address}>",
        )
        for name in names
    ]


def test_mails_write_their_history_and_their_ids_in_one_statement(each_helpdesk: MailDesk) -> None:
    raws = from_each(each_helpdesk, NAMES)
    with heard() as asked:
        rows = filed(each_helpdesk, raws)
    run = Counter(" ".join(text.split()[:3]) for text, _ in asked)
    assert [row.verdict for row in rows] == ["new"] * len(NAMES)
    assert (run["INSERT INTO event"], run["INSERT INTO mail_id"]) == (1, 1)
    ids = [text for text, _ in asked if text.startswith("SELECT mail_id.")]
    assert len(ids) == len(NAMES) + 1  # each when it is read, and all when they are filed
    for row in rows:
        assert each_helpdesk.events(row.ticket or 0)[0].type == "created"


def test_the_same_mail_twice_in_one_transaction_is_known_the_second_time(
    each_helpdesk: MailDesk,
) -> None:
    one, two = (
        each_helpdesk.raw("ada@shop.example", SUPPORT, "Order", words, message_id="<a@x.example>")
        for words in ("Where?", "Where is it?")
    )
    rows = filed(each_helpdesk, [one, two])
    assert "message-id-reused" in [reason.slug for reason in rows[1].reasons]


@pytest.mark.parametrize("place", range(5))
def test_a_mail_whose_id_cannot_be_stored_is_held_alone(
    each_helpdesk: MailDesk, place: int
) -> None:
    sqlite = each_helpdesk.db.is_sqlite
    each_helpdesk.db.write(lambda tx: tx.run(REFUSE_SQLITE if sqlite else REFUSE_POSTGRES))
    names = (*NAMES[:place], "bad", *NAMES[place:4])
    rows = filed(each_helpdesk, from_each(each_helpdesk, names))
    held = {name: row.error for name, row in zip(names, rows, strict=True) if row.state == "held"}
    assert [*held] == ["bad"]
    assert [row.verdict for row in rows].count("new") == 4
    subjects = [each_helpdesk.ticket(row.ticket).subject for row in rows if row.ticket]
    assert subjects == [f"Order {name}" for name in names if name != "bad"]
