"""The database role of agents (docs/examples/agent-role.sql): their work is possible, rewriting history is not."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import errors

from tests.support.desk import DESK, DeskFixture
from ticketctl.cli import main as cli
from ticketctl.store.db.database import Database

ROLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "agent-role.sql"
WORK = """
new --customer carl@customer.example --subject Printer --text Broken. -m called
new --customer carl@customer.example --subject Again --text Broken. -m called
take 1
comment 1 -m "looks like the ribbon"
reply 1 -m "Turn it over." -y
edit 1 --priority high -m urgent
undo
merge 2 --into 1 -m same
new --customer dora@customer.example --subject Other --text Broken. -m called
link 1 related 3 -m see
escalate 1 --to lab@partner.example -m look
resolve 1 -m done
customer edit carl@customer.example --name Carl
ban add spam@spam.example -m spam
query save hot is:open
list
history 1
stats
outbox list
inbox list
whoami
"""


@pytest.fixture
def agent_url(postgres_url: Callable[[], str]) -> Iterator[str]:
    """A desk as an agent's role sees it; the role is that of the guide."""
    url = postgres_url()
    DeskFixture(Database(url), DESK).db.dispose()
    sql = re.sub(r"(?m)^\\.*$", "", ROLE.read_text())
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("CREATE ROLE ticketctl_agent NOLOGIN")
        try:
            owner.execute(sql.encode())
            yield f"{url}{'&' if '?' in url else '?'}options=-crole%3Dticketctl_agent"
        finally:
            owner.execute("DROP OWNED BY ticketctl_agent")
            owner.execute("DROP ROLE ticketctl_agent")


def run(url: str, line: str) -> int:
    words = re.findall(r'"([^"]*)"|(\S+)', line)
    return cli.run(["--db", url, *(quoted or plain for quoted, plain in words)])


def test_an_agent_does_the_daily_work_in_the_role(
    agent_url: str, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TICKETCTL_AGENT", "ana")
    for line in WORK.strip().splitlines():
        assert run(agent_url, line) == 0, (line, *capsys.readouterr())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET comment = 'never said'",
        "DELETE FROM event",
        "TRUNCATE event",
        "UPDATE journal SET actor = 'ben'",
        "DELETE FROM journal",
        "UPDATE message SET text = 'never written'",
        "DELETE FROM message",
        "UPDATE comment SET text = 'never written'",
        "UPDATE inbox SET envelope_from = 'somebody@else.example'",
        "DELETE FROM inbox",
        "DELETE FROM outbox",
        "DELETE FROM ticket",
        "UPDATE blob SET content = ''",
        "INSERT INTO definition SELECT * FROM definition",
        "UPDATE meta SET value = ''",
        "ALTER TABLE event ADD more text",
        "CREATE TRIGGER lie BEFORE INSERT ON event EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    ],
)
def test_history_cannot_be_rewritten_in_the_role(agent_url: str, statement: str) -> None:
    with psycopg.connect(agent_url) as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute(statement.encode())


def test_what_the_role_may_not_do_is_refused_in_a_sentence(
    agent_url: str, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TICKETCTL_AGENT", "root")
    (home / "desk.toml").write_text(DESK.replace('name = "Help"', 'name = "Aid"'))
    run(
        agent_url, "new --customer carl@customer.example --subject Printer --text Broken. -m called"
    )
    capsys.readouterr()
    for line in (f"apply {home}/desk.toml -y", "customer erase carl@customer.example -y"):
        assert run(agent_url, line) == 4
        said = capsys.readouterr().err
        assert "your role in the database may not do that (permission denied for table" in said
