"""What the parts of the gateway import: SQLAlchemy compiles rare statements only, and builds the tables for nobody."""

import subprocess
import sys
from pathlib import Path

from gateway.run.debug_smtp import DebugSmtpServer, mails
from tests.support.desk import DESK, DeskFixture
from tests.support.paths import TESTS
from tests.support.ports import free_port
from ticketctl.store.db.database import Database

IMPORTS = "import gateway.intake.worker, gateway.receive.smtp.serve, gateway.send.sender"
FILE_AND_SEND = """
import sys
from gateway.intake.worker import Worker
from gateway.send.sender import Sender
from ticketctl import clock
from ticketctl.domain.base.records import ReceivedMail
from ticketctl.settings.table import Outgoing, Settings
from ticketctl.store.db.database import Database
from ticketctl.store.queues import inbox

db = Database(sys.argv[1])
settings = Settings(outgoing=Outgoing(host="127.0.0.1", port=int(sys.argv[2])))
for raw in sys.stdin.buffer.read().split(b"\\0"):
    mail = ReceivedMail(
        raw=raw,
        via="smtp",
        envelope_from="carl@x.example",
        recipients={"support@help.example": ("support@help.example",)},
        authserv_id="help.example",
    )
    db.write(lambda tx: inbox.accept(tx, mail=mail, at=clock.now()))
Worker(db, settings).drain()
Sender(db, settings).once()
"""
MAILS = (
    "Subject: Drukarka\r\n\r\nZażółć gęślą jaźń.\r\n",
    "Subject: =?utf-8?b?44OX44Oq44Oz44K/44O8?=\r\n\r\nご注文の商品。\r\n",
    "Subject: Impresora\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>No imprime<p>Ana\r\n",
)


def loads_sqlalchemy(program: str, *words: str, given: bytes = b"") -> bool:
    told = f"{program}\nimport sys\nprint('sqlalchemy' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", told, *words],
        input=given,
        capture_output=True,
        check=True,
        cwd=TESTS.parent,
    )
    return done.stdout.split()[-1] == b"True"


def test_the_parts_of_the_gateway_do_not_import_sqlalchemy() -> None:
    assert not loads_sqlalchemy(IMPORTS)


def test_mails_are_filed_and_answered_without_sqlalchemy(db: Database, tmp_path: Path) -> None:
    """Polish, Japanese, and a page."""
    helpdesk = DeskFixture(db, DESK)
    port = free_port()
    catcher = DebugSmtpServer(tmp_path / "caught", port=port)
    catcher.start()
    raw = [
        f"From: Carl <carl@x.example>\r\nTo: support@help.example\r\nMessage-ID: <{n}@x.example>\r\n{mail}"
        for n, mail in enumerate(MAILS)
    ]
    try:
        given = "\0".join(raw).encode()
        assert not loads_sqlalchemy(FILE_AND_SEND, db.url.text(), str(port), given=given)
    finally:
        catcher.stop()
    assert [one.state for one in helpdesk.outbox("ack", to="carl@x.example")] == ["sent"] * 3
    recipients = [one.recipients for one in mails(tmp_path / "caught")]
    assert recipients.count(("carl@x.example",)) == 3
