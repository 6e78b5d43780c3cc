"""A help desk with a bridge, a program in a folder, and the messages that come in on its channel."""

import json
from pathlib import Path
from typing import Any

from gateway.bridge.sender import BridgeSender
from gateway.intake.worker import Worker
from gateway.lines import receive_lines
from tests.support.desk import DESK
from tests.support.mail_desk import MailDesk
from ticketctl.domain.base.records import InboxRow, OutboxRow
from ticketctl.settings.table import ChannelSecret, Gateway, Outgoing, Settings
from ticketctl.store.db.database import Database
from ticketctl.store.queues import inbox

WALL = DESK + '\n[[channel]]\nname = "wall"\ncommand = ["post", "--to", "wall"]\n'
POST: dict[str, Any] = {
    "id": 17,
    "thread": "t1",
    "customer": {"name": "Ana", "identity": "twitter:@ana"},
    "text": "¿Dónde está mi pedido?",
    "language": "es",
    "visibility": "public",
    "permalink": "https://wall.example/17",
}
KEEPS = '#!/bin/sh\ncd "${0%/*}"\ncat > "$WEBHOOK_ID"\nenv > environ\necho "$@" > words\n'


class ChannelDesk(MailDesk):
    """A desk with a bridge for the wall, in a folder of its own."""

    def __init__(self, db: Database, folder: Path) -> None:
        super().__init__(db, WALL)
        folder.mkdir()
        self.folder = folder
        self.settings = Settings(
            gateway=Gateway(bridges=str(folder)),
            outgoing=Outgoing(envelope="bounces@help.example", retry=(60, 300), give_up=3_600),
            channel=(ChannelSecret(name="wall"), ChannelSecret(name="chat")),
        )

    def feed_line(self, text: str = "", **more: Any) -> InboxRow:
        """File a line of the wall."""
        file = self.folder / "lines.jsonl"
        file.write_text(json.dumps(POST | ({"text": text} if text else {}) | more) + "\n")
        with file.open("rb") as opened:
            (id,) = receive_lines.store_lines(self.db, "-", opened, "wall", 10_000).rows
        Worker(self.db, self.settings).drain()
        return self.read(lambda tx: inbox.get(tx, id))

    def program(self, text: str = KEEPS) -> None:
        """Write the bridge."""
        (self.folder / "post").write_text(text)
        (self.folder / "post").chmod(0o755)

    def hand_over(self, kind: str = "reply") -> OutboxRow:
        """Hand over what is due; the last answer of the kind as it is then."""
        BridgeSender(self.db, self.settings).drain()
        return self.outbox(kind)[-1]

    def by_bridge(self, *kinds: str) -> list[OutboxRow]:
        """What goes out through a bridge, oldest first."""
        return [row for row in self.outbox(*kinds) if row.channel != "email"]

    def line(self, row: OutboxRow) -> dict[str, Any]:
        """What the bridge got."""
        found: dict[str, Any] = json.loads((self.folder / row.data["id"]).read_text())
        return found
