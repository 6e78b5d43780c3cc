"""A report on its way: one row of the outbox, and what arrives at a real SMTP server."""

import io
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from gateway.run.debug_smtp import DebugSmtpServer, mails
from gateway.send.sender import Sender
from tests.support.desk import DESK, DeskFixture
from tests.support.ports import free_port
from tests.unit.reports import sample
from ticketctl import clock
from ticketctl.actions.base.context import begin
from ticketctl.actions.mail import report_email
from ticketctl.domain.base.records import Actor, OutboxRow
from ticketctl.errors import BadInput, Refused
from ticketctl.reports.formats import email
from ticketctl.settings.table import Outgoing, Settings
from ticketctl.store.db.database import Database
from ticketctl.store.queues import outbox

SUPPORT = 'address = "support@help.example"\n'
NAMED = DESK.replace(SUPPORT, f'{SUPPORT}name = "Help desk"\n')
HEADS = ("heads@board.example", "eva@help.example")


@pytest.fixture
def db(sqlite_db: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setenv(clock.VARIABLE, "2026-04-01T05:00:00Z")
    DeskFixture(sqlite_db, NAMED)
    return sqlite_db


def queued(db: Database, to: Sequence[str]) -> OutboxRow:
    mail = email.of(sample.ALL, desk_name="Help")
    mailed = db.write(
        lambda tx: report_email.send(
            begin(tx, Actor("eva")),
            to,
            subject=mail.subject,
            text=mail.text,
            html=mail.html,
            file=mail.file,
            workbook=mail.workbook,
        )
    )
    with db.read() as tx:
        return outbox.get(tx, mailed.outbox)


def test_a_report_is_one_row_about_no_ticket(db: Database) -> None:
    row = queued(db, ["Heads@board.example", *HEADS])
    assert (row.kind, row.ticket, row.state) == ("report", None, "queued")
    assert row.to == HEADS and row.mailbox == "support@help.example"


def test_a_report_arrives_as_text_page_and_workbook(db: Database, tmp_path: Path) -> None:
    queued(db, HEADS)
    port = free_port()
    catcher = DebugSmtpServer(tmp_path / "caught", port=port)
    catcher.start()
    try:
        Sender(db, Settings(outgoing=Outgoing(host="127.0.0.1", port=port))).once()
    finally:
        catcher.stop()
    caught = mails(tmp_path / "caught")
    assert sorted(one.recipients for one in caught) == sorted((one,) for one in HEADS)
    mail = caught[0].mail
    assert mail["Subject"] == "Help: reports, March 2026"
    assert mail["From"] == "Help desk <support@help.example>"
    assert mail["Auto-Submitted"] == "auto-generated" and mail["Reply-To"] is None
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ]
    text, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None and "Breach rate:                    8.2 %" in text.get_content()
    assert page is not None and "&lt;script&gt;alert(1)" in page.get_content()
    (file,) = mail.iter_attachments()
    assert file.get_filename() == "reports-2026-03-01.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(file.get_content()))
    assert book["sla Clocks by segment"]["B2"].value == 230


@pytest.mark.parametrize("to", [[], ["nobody"], ["a@b.example\r\nBcc: c@d.example"]])
def test_a_report_to_what_is_no_address_is_not_queued(db: Database, to: list[str]) -> None:
    with pytest.raises(BadInput):
        queued(db, to)


def test_a_report_never_goes_to_our_own_mailbox_L16(db: Database) -> None:
    assert queued(db, ["support@help.example", HEADS[0]]).to == HEADS[:1]
    with pytest.raises(Refused, match="own mailboxes"):
        queued(db, ["support+x@help.example"])
