"""A real Postfix with the guide's settings passes mail to the gateway, and the gateway's mail on."""

import os
import shutil
import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.desk import DeskFixture
from tests.support.ports import free_port
from tests.support.running_gateway import PATIENCE, RunningGateway, check_filed_once
from tests.support.senders import deliver, mail

from .guide import Block, blocks

pytestmark = [
    pytest.mark.skipif(not shutil.which("postfix"), reason="Postfix is not installed"),
    pytest.mark.skipif(os.getuid() != 0, reason="only root can start a Postfix"),
]
INSTANCE = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mydestination =
alias_maps =
default_transport = smtp:[127.0.0.1]:{next_host}
smtp_dns_support_level = disabled
"""


class Postfix:
    """An instance of Postfix of the test's own, with folders, a port and a next host of its own."""

    def __init__(self, folder: Path, next_host: int) -> None:
        self.folder = folder
        self.port = free_port()
        for name in ("queue", "data"):
            (folder / name).mkdir()
        shutil.chown(folder / "data", "postfix")
        (folder / "main.cf").write_text(INSTANCE.format(folder=folder, next_host=next_host))
        shutil.copy("/etc/postfix/dynamicmaps.cf", folder)
        services = Path("/usr/share/postfix/master.cf.dist").read_text().splitlines()
        kept = [line for line in services if not line.startswith("smtp      inet")]
        (folder / "master.cf").write_text(
            "\n".join([f"127.0.0.1:{self.port} inet n - n - - smtpd", *kept, ""])
        )
        self("postconf", "-F", "*/*/chroot=n")

    def __call__(self, command: str, *words: str) -> None:
        """Run one of Postfix's commands for this instance."""
        subprocess.run([command, "-c", str(self.folder), *words], check=True, capture_output=True)

    def follow(self, block: Block, lmtp: int) -> None:
        """Run a block of the guide, with this instance's folder and the gateway's port."""
        text = block.text.replace("/etc/postfix", str(self.folder)).replace(":2424", f":{lmtp}")
        shell = f"""
            sudo() {{ "$@"; }}
            systemctl() {{ [ "$*" = "reload postfix" ] && command postfix -c {self.folder} reload; }}
            postconf() {{ command postconf -c {self.folder} "$@"; }}
            postmap() {{ command postmap -c {self.folder} "$@"; }}
        """
        subprocess.run(["sh", "-euc", shell + text], check=True, capture_output=True)


@pytest.fixture
def new_postfix() -> Iterator[Callable[[int], Postfix]]:
    """A function that starts a Postfix, which sends what is not for the desk to a port."""
    folder = Path(tempfile.mkdtemp(prefix="ticketctl-postfix-", dir="/var/tmp"))
    folder.chmod(0o755)
    made: list[Postfix] = []

    def make(next_host: int) -> Postfix:
        made.append(Postfix(folder, next_host))
        made[0]("postfix", "start")
        return made[0]

    yield make
    for one in made:
        one("postfix", "stop")
    shutil.rmtree(folder)


def block(page: str, heading: str) -> Block:
    (found,) = [one for one in blocks(page, "sh") if one.heading == heading]
    return found


@pytest.mark.parametrize(
    ("page", "heading"),
    [("team.md", "5. Incoming mail"), ("mail-servers.md", "Single addresses")],
)
def test_mail_comes_in_and_goes_out_through_postfix(
    sqlite_url: str,
    new_gateway: Callable[..., RunningGateway],
    new_postfix: Callable[[int], Postfix],
    page: str,
    heading: str,
) -> None:
    running, lmtp = new_gateway(sqlite_url), free_port()
    running.catch()
    postfix = new_postfix(running.outgoing_port)
    postfix.follow(block(page, heading), lmtp)
    if page != "team.md":
        postfix("postconf", "-e", "virtual_mailbox_domains = help.example")
        postfix("postfix", "reload")
    config = running.config.read_text().replace("lmtp = []", f'lmtp = ["127.0.0.1:{lmtp}"]')
    running.config.write_text(
        config.replace(f"port = {running.outgoing_port}", f"port = {postfix.port}")
    )
    running.start()
    one = mail(1)
    running.until(lambda: not _refuses(postfix.port), "Postfix listens")
    deliver(postfix.port, one)
    running.until(lambda: running.outbox(), "the mail has come in")
    running.until(lambda: list(running.caught.glob("*.eml")), "the acknowledgement has gone out")
    check_filed_once(running, [one])
    answer = (
        f"From: {one.sender}\nTo: support+x@help.example\nSubject: plus\nMessage-ID: <p@x>\n\nx\n"
    )
    with smtplib.SMTP("127.0.0.1", postfix.port, timeout=60) as client:
        client.sendmail(one.sender, ["support+x@help.example"], answer)
    running.until(lambda: len(running.inbox()) >= 2, "an address with a + comes in too")


@pytest.mark.parametrize("sender", ["carl@customer.example", ""])
def test_the_pipe_hands_over_envelope_and_mail(
    new_postfix: Callable[[int], Postfix], sqlite_helpdesk: DeskFixture, sender: str
) -> None:
    postfix = new_postfix(free_port())
    handed, program = postfix.folder / "handed", postfix.folder / "ticketctl"
    handed.mkdir()
    handed.chmod(0o777)
    program.write_text(f"""#!/bin/sh
for word; do printf '%s\\n' "$word"; done > {handed}/words
cat > {handed}/mail && mv {handed}/mail {handed}/whole
""")
    program.chmod(0o755)
    postfix.follow(block("mail-servers.md", "Single addresses"), 2424)
    pipe = block("mail-servers.md", "A pipe in master.cf")
    pipe.text = pipe.text.replace("/usr/bin/ticketctl", str(program)).replace(
        "user=ticketctl", "user=nobody"
    )
    postfix.follow(pipe, 2424)
    postfix("postconf", "-e", "virtual_mailbox_domains = help.example")
    postfix("postfix", "reload")
    wait(lambda: not _refuses(postfix.port))
    with smtplib.SMTP("127.0.0.1", postfix.port, timeout=60) as client:
        client.sendmail(sender, ["Support+t1.x@help.example"], mail(1).raw)
    wait(lambda: (handed / "whole").exists())
    words = (handed / "words").read_text().split("\n")[:-1]
    url = sqlite_helpdesk.db.url.text()
    with (handed / "whole").open("rb") as stdin:
        subprocess.run(
            [sys.executable, "-m", "ticketctl", "--db", url, *words[2:]], stdin=stdin, check=True
        )
    (row,) = sqlite_helpdesk.inbox()
    assert row.envelope_from in (sender, "<>" if not sender else "")
    assert words[-1] == "Support+t1.x@help.example" and row.message_id == mail(1).message_id


def wait(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "in vain"
        time.sleep(0.05)


def _refuses(port: int) -> bool:
    try:
        smtplib.SMTP("127.0.0.1", port, timeout=60).close()
    except OSError:
        return True
    return False
