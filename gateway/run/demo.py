"""The command `gateway demo` (`make run`): a desk on loopback with sample mail, and a list of what to try."""

import getpass
import os
import re
import shlex
import smtplib
import socket
import subprocess
import sys
import time
from email import message_from_bytes
from email.utils import getaddresses
from functools import partial
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import click

from gateway.receive.smtp import listen
from gateway.run import demo_data
from gateway.run.child import Child
from gateway.run.debug_smtp import DebugSmtpServer
from gateway.run.supervisor import Supervisor
from ticketctl import clock
from ticketctl.domain.loading.load import parse
from ticketctl.errors import MailServerTrouble
from ticketctl.settings import load
from ticketctl.settings.table import Settings
from ticketctl.store.db import migrate
from ticketctl.store.db.database import Database
from ticketctl.store.desk import definitions
from ticketctl.store.queues import inbox

SMTP_PORT, CATCHER_PORT = 2525, 2526
FILED_SECONDS = 30

# The ports in the demo's settings.
_SMTP = re.compile(r'(smtp = \["127\.0\.0\.1:)([0-9]+)')
_CATCHER = re.compile(r"(port = )([0-9]+)")

CONFIG = """\
# The demo's settings: everything on loopback, everything in this folder.
[db]
url = "sqlite:///{folder}/desk.db"

[gateway]
smtp = ["127.0.0.1:{smtp}"]
lmtp = []

[outgoing]
host = "127.0.0.1"
port = {catcher}
envelope = "bounces@help.example"
"""

DESK = """\
# The demo's desk. Change it, then: ticketctl apply {folder}/desk.toml
[desk]
name = "Help"
domain = "help.example"
language = "en"

[[mailbox]]
address = "support@help.example"
name = "Help desk"
segment = "support"
aliases = ["soporte@help.example"]

[[mailbox]]
address = "billing@help.example"
name = "Billing"
segment = "billing"

[[agent]]
name = "ana"                       # you: {login} is your login
email = "ana@help.example"
role = "admin"
login = "{login}"

[[agent]]
name = "ben"
email = "ben@help.example"

[[agent]]
name = "eva"
email = "eva@help.example"
role = "manager"

[[segment]]
name = "support"
managers = ["ana", "eva"]
agents = ["ben"]

[[segment]]
name = "billing"
managers = ["eva"]
agents = ["ben"]
routing = "load"                   # whoever of the agents has the fewest open tickets

[[rule]]
name = "invoices"
on = "message"
when = "subject:invoice OR subject:factura"
then = ["segment:billing", "tag:invoice"]

[[sla]]
name = "standard"                  # around the clock; yellow and red are of [alerts]
targets = {{ default = {{ first = "4h", next = "8h", resolve = "3d" }} }}
"""

NEXT = """
In another terminal:

  . {folder}/env                  # puts ticketctl on your PATH, for this desk

  ticketctl list
  ticketctl show 1
  ticketctl assign 1 @me -m "printers are mine"
  ticketctl comment 1 -m "looks like the ribbon"
  ticketctl reply 1 -m "Please turn the ribbon over." -y --delay 0
  ticketctl escalate 1 --to expert@partner.example -m "have you seen this?"
  ticketctl resolve 1 -m "ribbon was upside down"
  ticketctl export --format xlsx -o all.xlsx
  ticketctl history 1
  ticketctl show 4                # two mails about one order
  ticketctl rule log
  ticketctl reply 2 --canned refund-ok --status waiting -y

Send mail to {smtp}; outgoing mail is caught in {folder}/caught.
The gateway logs to {folder}/gateway.log. Ctrl-C stops it; the desk is kept.
"""


def run(folder: Path) -> None:
    """Create the demo desk if it is missing, run it until Ctrl-C, and deliver the sample mails."""
    folder = folder.absolute()
    environ, fresh = _prepare(folder)
    settings = load.load(folder / "config.toml")
    from gateway.receive.smtp.serve import check_addresses

    check_addresses(settings)
    catcher = Child("catcher", partial(_catch, folder / "caught", settings.outgoing.port))
    helpers = [catcher]

    def ready() -> None:
        show = _Presentation(folder, settings, environ, fresh)
        helpers.append(Child("presentation", show.run))

    with (folder / "gateway.log").open("ab") as log:
        try:
            Supervisor(settings, ready, log.fileno()).run()
        finally:
            for one in helpers:
                one.terminate()
                one.wait()
    click.echo("\nThe gateway has stopped. `make run` starts it again.", err=True)


def _prepare(folder: Path) -> tuple[dict[str, str], bool]:
    """Create the demo's files and database; return the environment for them, and whether the desk is new."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    login = getpass.getuser()
    words = {"folder": folder, "smtp": SMTP_PORT, "catcher": CATCHER_PORT, "login": login}
    for name, text in (("config.toml", CONFIG), ("desk.toml", DESK)):
        if not (folder / name).exists():
            (folder / name).write_text(text.format(**words), encoding="utf-8")
    _leave_taken_ports(folder / "config.toml")
    # Ignore the desk that this shell is set up for.
    environ = {k: v for k, v in os.environ.items() if not k.startswith("TICKETCTL_")}
    environ["TICKETCTL_CONFIG"] = str(folder / "config.toml")
    bin_ = Path(sys.executable).parent
    lines = (
        f"export PATH={shlex.quote(str(bin_))}:$PATH",
        f"export TICKETCTL_CONFIG={shlex.quote(environ['TICKETCTL_CONFIG'])}",
    )
    (folder / "env").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for name in [name for name in os.environ if name.startswith("TICKETCTL_")]:
        del os.environ[name]
    url = load.load(folder / "config.toml").db.url
    migrate.upgrade(url)
    fresh = _apply(Database(url), (folder / "desk.toml").read_text(encoding="utf-8"), login)
    return environ, fresh


def _leave_taken_ports(config: Path) -> None:
    """Write free ports into the demo's settings in place of those that other programs listen on."""
    text = config.read_text(encoding="utf-8")
    text = _SMTP.sub(_with_free_port, text, count=1)
    text = _CATCHER.sub(_with_free_port, text, count=1)
    config.write_text(text, encoding="utf-8")


def _with_free_port(found: re.Match[str]) -> str:
    return f"{found[1]}{_free_port(int(found[2]))}"


def _free_port(wanted: int) -> int:
    """This port of 127.0.0.1, or any if another program listens on it."""
    try:
        listen.check(listen.Tcp("127.0.0.1", wanted))
        return wanted
    except MailServerTrouble:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return int(probe.getsockname()[1])


def _apply(db: Database, source: str, login: str) -> bool:
    """Apply the demo's desk.toml if the database has no desk yet; return whether it was applied."""
    with db.read() as tx:
        fresh = definitions.version(tx) == 0
    if fresh:
        definition = parse(source)
        db.write(lambda tx: definitions.save(tx, source, definition, "init", login, clock.now()))
    db.dispose()
    return fresh


def _catch(folder: Path, port: int) -> int:
    """Keep the mail that the demo sends, until standard input ends."""
    catcher = DebugSmtpServer(folder, port=port)
    catcher.start()
    while os.read(0, 1024):
        continue
    catcher.stop()
    return 0


class _Presentation(NamedTuple):
    """Delivers the sample mails, prints the ticket list and what to try."""

    folder: Path
    settings: Settings
    environ: dict[str, str]
    fresh: bool

    def run(self) -> int:
        """Deliver and print everything; existing tickets stay as they are."""
        db = Database(self.settings.db.url)
        smtp_address = self.settings.gateway.smtp[0]
        for sample in _samples():
            _deliver(sample, smtp_address)
            _wait_until_filed(db)
        db.dispose()
        if self.fresh:
            demo_data.add(self.environ, clock.now())
        click.echo()
        subprocess.run([sys.executable, "-m", "ticketctl", "list"], env=self.environ, check=False)
        click.echo(NEXT.format(folder=os.path.relpath(self.folder), smtp=smtp_address))
        return 0


def _samples() -> list[bytes]:
    """Return the sample mails in order."""
    folder = resources.files("gateway") / "samples"
    files = sorted(
        (one for one in folder.iterdir() if one.name.endswith(".eml")), key=lambda f: f.name
    )
    return [one.read_bytes() for one in files]


def _deliver(raw: bytes, smtp_address: str) -> None:
    mail = message_from_bytes(raw)
    sender = getaddresses([mail["From"]])[0][1]
    recipients = [address for _, address in getaddresses([mail["To"]])]
    host, _, port = smtp_address.rpartition(":")
    with smtplib.SMTP(host.strip("[]"), int(port), timeout=30) as smtp:
        smtp.sendmail(sender, recipients, raw)


def _wait_until_filed(db: Database) -> None:
    end = time.monotonic() + FILED_SECONDS
    while time.monotonic() < end:
        with db.read() as tx:
            if not inbox.waiting(tx)[inbox.RECEIVED]:
                return
        time.sleep(0.05)
