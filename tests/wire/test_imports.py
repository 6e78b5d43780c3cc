"""What the parts of the gateway import: SQLAlchemy compiles rare statements only, and builds the tables for nobody."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from gateway.run.debug_smtp import DebugSmtpServer, mails
from tests.support.desk import DESK, DeskFixture
from tests.support.paths import TESTS
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
mail = ReceivedMail(
    raw=sys.stdin.buffer.read(),
    via="smtp",
    envelope_from="carl@x.example",
    recipients={"support@help.example": ("support@help.example",)},
    authserv_id="help.example",
)
db.write(lambda tx: inbox.accept(tx, mail=mail, at=clock.now()))
Worker(db, settings).drain()
Sender(db, settings).once()
"""
MAILS = {
    "Polish": "Subject: Drukarka\r\n\r\nZażółć gęślą jaźń.\r\n",
    "Japanese": "Subject: =?utf-8?b?44OX44Oq44Oz44K/44O8?=\r\n\r\nご注文の商品。\r\n",
    "a page": "Subject: Impresora\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>No imprime<p>Ana\r\n",
}


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


@pytest.mark.parametrize("name", MAILS)
def test_a_mail_is_filed_and_answered_without_sqlalchemy(
    db: Database, tmp_path: Path, name: str
) -> None:
    helpdesk = DeskFixture(db, DESK)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    catcher = DebugSmtpServer(tmp_path / "caught", port=port)
    catcher.start()
    head = (
        "From: Carl <carl@x.example>\r\nTo: support@help.example\r\nMessage-ID: <1@x.example>\r\n"
    )
    try:
        raw = (head + MAILS[name]).encode()
        assert not loads_sqlalchemy(FILE_AND_SEND, db.url.text(), str(port), given=raw)
    finally:
        catcher.stop()
    assert helpdesk.outbox("ack", to="carl@x.example")[0].state == "sent"
    assert ("carl@x.example",) in [one.recipients for one in mails(tmp_path / "caught")]
