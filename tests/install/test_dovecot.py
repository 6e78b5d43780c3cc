"""A real Dovecot: the guide's block connects the desk to its mailbox, and mail comes from there."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.desk import DESK, DeskFixture
from tests.support.ports import free_port
from tests.support.senders import mail
from ticketctl.store.db.database import Database

from .guide import Block, blocks, host

DOVECOT = shutil.which("dovecot") or "/usr/sbin/dovecot"
pytestmark = [
    pytest.mark.skipif(not Path(DOVECOT).exists(), reason="Dovecot is not installed"),
    pytest.mark.skipif(os.getuid() != 0, reason="only root can start a Dovecot"),
]
CONFIG = """
base_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
recipient_delimiter = +
mail_location = maildir:{folder}/mail/%u
passdb {{
  driver = passwd-file
  args = scheme=plain {folder}/users
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={folder}/mail/%u
}}
namespace inbox {{
  inbox = yes
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"""


@pytest.fixture
def mailbox() -> Iterator[tuple[Path, int]]:
    """The Maildir of the user `support` of a running Dovecot, and its port."""
    folder, port = Path(tempfile.mkdtemp(prefix="ticketctl-dovecot-", dir="/var/tmp")), free_port()
    folder.chmod(0o755)
    maildir = folder / "mail" / "support"
    for name in ("cur", "new", "tmp"):
        (maildir / name).mkdir(parents=True)
    (folder / "users").write_text("support:the password\n")
    (folder / "dovecot.conf").write_text(CONFIG.format(folder=folder, port=port))
    (maildir / "new" / "1.first.host").write_bytes(mail(1).raw)
    subprocess.run(["chown", "-R", "nobody:nogroup", str(folder / "mail")], check=True)
    with subprocess.Popen([DOVECOT, "-F", "-c", str(folder / "dovecot.conf")]) as process:
        _wait_for(port)
        yield maildir, port
        process.terminate()
    shutil.rmtree(folder)


def test_the_guide_connects_the_desk_to_an_imap_mailbox(
    mailbox: tuple[Path, int], sqlite_db: Database, tmp_path: Path
) -> None:
    maildir, port = mailbox
    desk = DeskFixture(sqlite_db, DESK)
    (block,) = [one for one in blocks("mail-servers.md", "sh") if one.heading.startswith("Dovecot")]
    # This one is reached without TLS, on a port of the test's.
    text = block.text.replace(
        'host = "imap.help.example"', f'host = "127.0.0.1"\nport = {port}\nsecurity = "none"'
    )
    with host(tmp_path / "host", {"TICKETCTL_DB": sqlite_db.url.text()}) as here:
        settings = here.folder / "etc/ticketctl"
        settings.mkdir()
        (settings / "config.toml").touch()
        said = here.run(Block(block.page, block.heading, "sh", text))
        assert "accepts the login of support and opens INBOX" in said
        assert (settings / "imap.password").stat().st_mode & 0o777 == 0o600
        here.run(Block("", "poll", "sh", "ticketctl gateway poll"))
    assert desk.ticket(1).subject == "Printer 1"
    processed = [maildir / ".Processed" / name for name in ("new", "cur")]
    assert len([one for folder in processed for one in folder.iterdir()]) == 1


def _wait_for(port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("Dovecot does not listen")
