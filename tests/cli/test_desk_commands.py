"""init, apply, desk, config, whoami, doctor as they are typed."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from tests.support.ports import free_port
from ticketctl import clock
from ticketctl.cli.main import run
from ticketctl.domain.definition.definition import default_toml
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.people import customers
from ticketctl.store.tickets import tickets

DESK = """
[desk]
domain = "help.example"
[[mailbox]]
address = "support@help.example"
[[agent]]
name = "ana"
email = "ana@x.example"
login = "ana"
[[segment]]
name = "support"
agents = ["ana"]
"""
ADMIN = DESK.replace('login = "ana"', 'role = "admin"\nlogin = "ana"')


@pytest.fixture
def url(home: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A fresh desk that the command line finds, with a door at a port that nobody else has."""
    monkeypatch.setenv("TICKETCTL_GATEWAY_SMTP", f"127.0.0.1:{free_port()}")
    monkeypatch.setenv("TICKETCTL_DB", sqlite_url)
    monkeypatch.setenv("LOGNAME", "root")
    return sqlite_url


@pytest.fixture
def mail_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A mail server on loopback, configured as the outgoing one."""
    port = free_port()
    controller = Controller(object(), "127.0.0.1", port)
    controller.start()
    monkeypatch.setenv("TICKETCTL_OUTGOING_PORT", str(port))
    yield
    controller.stop()


@pytest.fixture
def file(home: Path) -> Path:
    """A good desk.toml."""
    path = home / "desk.toml"
    path.write_text(DESK)
    return path


def test_init_makes_a_desk_that_works(
    home: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "ana")
    words = ["--domain", "help.example", "--email", "Ana@x.example"]
    assert run(["init", "--no-input", *words]) == 0
    folder = home / ".config" / "ticketctl"
    assert (home / ".local" / "share" / "ticketctl" / "desk.db").exists()
    said = capfd.readouterr()
    assert said.out == ""
    assert f"ticketctl apply {folder / 'desk.toml'}" in said.err
    assert run(["desk", "show"]) == 0
    assert capfd.readouterr().out == (folder / "desk.toml").read_text()
    assert run(["whoami"]) == 0
    assert capfd.readouterr().out == "ana (admin, login ana) in support\n"


def test_init_makes_somebody_else_the_first_agent(
    home: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "ticketctl")
    words = ["--email", "ana@x.example", "--agent", "ana", "--login", 'EXAMPLE\\a."k"']
    assert run(["init", "--no-input", *words]) == 0
    assert run(["whoami"]) == 4
    capfd.readouterr()
    monkeypatch.setenv("LOGNAME", 'EXAMPLE\\a."k"')
    assert run(["whoami"]) == 0
    assert capfd.readouterr().out.startswith("ana (admin, login ")


def test_init_again_is_harmless(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["init", "--no-input"]) == 0
    folder = home / ".config" / "ticketctl"
    (folder / "desk.toml").write_text(DESK)
    (folder / "config.toml").write_text('editor = "ed"\n')
    capfd.readouterr()
    assert run(["init", "--no-input", "--domain", "other.example"]) == 0
    assert "differs from version 1" in capfd.readouterr().err
    assert (folder / "desk.toml").read_text() == DESK
    assert (folder / "config.toml").read_text() == 'editor = "ed"\n'
    assert run(["desk", "history", "--format", "ids"]) == 0
    assert capfd.readouterr().out == "1\n"


def test_init_takes_the_files_and_the_database_it_is_told(
    home: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = home / "etc" / "config.toml"
    monkeypatch.setenv("TICKETCTL_CONFIG", str(wanted))
    assert run(["init", "--no-input", "--url", f"sqlite:///{home}/a/b/c.db"]) == 0
    assert (home / "a" / "b" / "c.db").exists()
    assert (wanted.parent / "desk.toml").exists()
    capfd.readouterr()
    assert run(["config", "get", "db.url"]) == 0
    assert capfd.readouterr().out == f"sqlite:///{home}/a/b/c.db\n"
    assert run(["init", "--no-input", "--url", f"sqlite:///{home}/other.db"]) == 0
    assert "names another database" in capfd.readouterr().err


def test_the_config_that_init_writes_names_every_setting_and_is_good(
    home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = home / ".config" / "ticketctl" / "config.toml"
    path.unlink()
    assert run(["init", "--no-input"]) == 0
    lines = path.read_text().splitlines()
    settings = [line.removeprefix("# ") if " = " in line else line for line in lines]
    path.write_text("\n".join(settings))
    capfd.readouterr()
    assert run(["config", "list", "--origin", "--no-headers"]) == 0
    origins = {line.split("\t")[2] for line in capfd.readouterr().out.splitlines()}
    assert origins == {str(path)}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--domain", "not a domain"], 2),
        (["--email", "ana"], 2),
        (["--agent", "ana"], 2),
        (["--login", "ana"], 2),
        (["--email", "ana@x.example", "--agent", "a b"], 2),
        (["--email", "ana@x.example", "--login", "a b"], 2),
        (["--url", "mysql://x/y"], 8),
        (["--url", "sqlite:////proc/no/such.db"], 8),
        (["--url", "postgresql+psycopg://u:hunter2@127.0.0.1:1/x"], 8),
    ],
)
def test_init_says_what_is_wrong(
    home: Path, capfd: pytest.CaptureFixture[str], words: list[str], code: int
) -> None:
    assert run(["init", "--no-input", *words]) == code
    said = capfd.readouterr()
    assert said.err.splitlines()[-1]
    assert "Traceback" not in said.err
    assert "hunter2" not in said.err + said.out


def test_apply_shows_the_difference_and_stores_a_version(
    url: str, file: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["apply", str(file)]) == 0
    said = capfd.readouterr()
    assert said.out.splitlines() == [
        "  [desk]",
        '-   domain = "localhost"',
        '+   domain = "help.example"',
        "- [[mailbox]] support@localhost",
        '-   address = "support@localhost"',
        '-   name = "Help"',
        '-   segment = "support"',
        "+ [[mailbox]] support@help.example",
        '+   address = "support@help.example"',
        '+   segment = "support"',
        "+ [[agent]] ana",
        '+   name = "ana"',
        '+   email = "ana@x.example"',
        '+   login = "ana"',
        "  [[segment]] support",
        "-   agents = []",
        '+   agents = ["ana"]',
    ]
    assert said.err == "Version 1 of the desk is in force.\n"
    assert run(["apply", str(file)]) == 0
    assert capfd.readouterr().err == "Nothing to change; version 1 is in force.\n"


def test_apply_dry_run_and_apply_of_a_bad_file_store_nothing(
    url: str, file: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["apply", str(file), "--dry-run"]) == 0
    file.write_text(DESK.replace('agents = ["ana"]', 'agents = ["ana", "eva"]'))
    capfd.readouterr()
    assert run(["apply", str(file)]) == 6
    assert '\n$.segment[0].agents[1]: no agent "eva"\n' in capfd.readouterr().err
    assert run(["apply", str(file.with_name("nowhere.toml"))]) == 2
    file.write_bytes(b'[desk]\nname = "\xff"\n')
    assert run(["apply", str(file)]) == 2
    capfd.readouterr()
    assert run(["desk", "history", "--format", "ids"]) == 0
    assert capfd.readouterr().out == ""
    assert run(["desk", "show"]) == 0
    assert capfd.readouterr().out == default_toml


def test_apply_tells_of_open_tickets_that_lose_their_place(
    url: str, file: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    run(["apply", "-q", str(file)])
    database = Database(url)
    database.write(_a_ticket_of_support)
    database.dispose()
    file.write_text(DESK.replace("support@", "hello@").replace('"support"', '"sales"'))
    capfd.readouterr()
    assert run(["apply", "--dry-run", str(file)]) == 0
    assert [line for line in capfd.readouterr().err.splitlines() if "Note" in line] == [
        "Note: segment support is removed and still has 1 open ticket.",
        "Note: mailbox support@help.example is removed and still has 1 open ticket.",
    ]


def _a_ticket_of_support(tx: Tx) -> None:
    at = clock.parse("2026-03-09T08:10:00Z")
    carl = customers.find_or_create(tx, email="carl@c.example", name="Carl", language=None, at=at)
    tickets.create(
        tx,
        tickets.NewTicket(
            subject="Printer",
            status="open",
            priority="medium",
            channel="email",
            mailbox="support@help.example",
            segment="support",
            customer_id=carl.id,
            at=at,
            owner="ana",
        ),
    )


def test_a_way_back(url: str, file: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["apply", "-q", str(file)]) == 0
    file.write_text(DESK.replace("help.example", "other.example"))
    assert run(["apply", "-q", str(file)]) == 0
    assert run(["desk", "rollback", "1", "-q"]) == 0
    capfd.readouterr()
    assert run(["desk", "show"]) == 0
    assert capfd.readouterr().out == DESK
    assert run(["desk", "show", "--version", "2"]) == 0
    assert "other.example" in capfd.readouterr().out
    assert run(["desk", "history", "--json=version,actor"]) == 0
    versions = json.loads(capfd.readouterr().out)
    assert [one["version"] for one in versions] == [3, 2, 1]
    assert run(["desk", "rollback", "9"]) == 3
    assert run(["desk", "show", "--version", "9"]) == 3


def test_desk_show_json_is_the_meaning(
    url: str, file: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    run(["apply", "-q", str(file)])
    capfd.readouterr()
    assert run(["desk", "show", "--json"]) == 0
    shown = json.loads(capfd.readouterr().out)
    assert (shown["version"], shown["desk"]["reopen_window"]) == (1, 1_209_600)


def test_only_admins_change_a_desk_that_has_one(
    url: str, file: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ben = ADMIN + '[[agent]]\nname = "ben"\nemail = "ben@x.example"\nlogin = "ben"\n'
    file.write_text(ben)
    assert run(["apply", str(file)]) == 0
    file.write_text(ben + "# more\n")
    for login in ("ben", "root"):
        monkeypatch.setenv("LOGNAME", login)
        assert run(["apply", str(file)]) == 4
        assert run(["desk", "rollback", "0"]) == 4
    monkeypatch.setenv("LOGNAME", "ana")
    assert run(["apply", str(file)]) == 0
    capfd.readouterr()
    run(["desk", "history", "--json=version,actor,os_user"])
    assert json.loads(capfd.readouterr().out) == [
        {"version": 2, "actor": "ana", "os_user": "ana"},
        {"version": 1, "actor": "root", "os_user": "root"},
    ]


def test_a_desk_without_admins_can_still_be_changed(url: str, file: Path) -> None:
    assert run(["apply", str(file)]) == 0
    file.write_text(DESK + "# more\n")
    assert run(["apply", str(file)]) == 0


def test_whoami_tells_or_says_how_to_be_somebody(
    url: str, file: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["whoami"]) == 0
    assert capfd.readouterr().out == "root (admin, login root) in no segment\n"
    run(["apply", "-q", str(file)])
    capfd.readouterr()
    assert run(["whoami"]) == 4
    said = capfd.readouterr().err
    assert [way for way in ("TICKETCTL_AGENT", "config.toml", "desk.toml") if way not in said] == []
    monkeypatch.setenv("TICKETCTL_AGENT", "ana")
    assert run(["whoami", "--json"]) == 0
    assert json.loads(capfd.readouterr().out) == {
        "agent": "ana", "role": "agent", "os_user": "root", "segments": ["support"],
    }  # fmt: skip


def test_config_list_get_and_path(url: str, home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["config", "list", "--origin", "--json"]) == 0
    first = json.loads(capfd.readouterr().out)[0]
    assert first == {"name": "db.url", "value": f'"{url}"', "origin": "TICKETCTL_DB"}
    assert run(["config", "get", "gateway.attempts"]) == 0
    assert capfd.readouterr().out == "3\n"
    assert run(["config", "get", "gateway.attempt"]) == 2
    assert run(["config", "path"]) == 0
    own = home / ".config" / "ticketctl" / "config.toml"
    assert str(own) in capfd.readouterr().out.splitlines()
    own.write_text("[gateway]\nsmpt = []\n")
    assert run(["config", "list"]) == 6
    assert "$.gateway.smpt: unknown key" in capfd.readouterr().err


def doctors_words(capfd: pytest.CaptureFixture[str]) -> dict[str, str]:
    """State by check."""
    lines = (line.split("\t") for line in capfd.readouterr().out.splitlines()[1:])
    return {check: state for state, check, _ in lines}


def test_doctor_finds_a_good_desk_good(
    url: str, file: Path, mail_server: None, capfd: pytest.CaptureFixture[str]
) -> None:
    run(["apply", "-q", str(file)])
    capfd.readouterr()
    assert run(["doctor"]) == 0
    assert doctors_words(capfd) == dict.fromkeys(
        ("settings", "database", "desk", "templates", "gateway", "inbox", "outbox", "outgoing"),
        "ok",
    )


def test_doctor_warns_of_what_may_be_forgotten(
    url: str, file: Path, home: Path, mail_server: None, capfd: pytest.CaptureFixture[str]
) -> None:
    file.write_text(DESK.replace('login = "ana"', "").replace('agents = ["ana"]', ""))
    run(["apply", "-q", str(file)])
    own = home / ".config" / "ticketctl" / "config.toml"
    own.write_text(
        '[[imap]]\nname = "a"\nhost = "h"\nusername = "u"\nmailbox = "other@help.example"\n'
    )
    capfd.readouterr()
    assert run(["doctor"]) == 0
    warned = {check for check, state in doctors_words(capfd).items() if state == "warn"}
    assert warned == {"agents", "mailboxes", "imap", "passwords"}


def test_doctor_fails_with_the_code_of_what_is_broken(
    url: str, home: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TICKETCTL_OUTGOING_PORT", "1")
    assert run(["doctor"]) == 9
    assert doctors_words(capfd)["outgoing"] == "fail"
    monkeypatch.setenv("TICKETCTL_DB", f"sqlite:///{home}/nowhere.db")
    assert run(["doctor"]) == 8
    assert doctors_words(capfd)["database"] == "fail"
    assert not (home / "nowhere.db").exists()
    monkeypatch.setenv("TICKETCTL_GATEWAY_ATTEMPTS", "many")
    assert run(["doctor"]) == 2
    assert doctors_words(capfd) == {"settings": "fail"}


def test_doctor_finds_a_damaged_database(
    url: str, mail_server: None, capfd: pytest.CaptureFixture[str]
) -> None:
    path = Path(url.removeprefix("sqlite:///"))
    content = bytearray(path.read_bytes())
    for page in range(20, len(content) // 4096):
        content[page * 4096 : page * 4096 + 200] = b"\xff" * 200
    path.write_bytes(content)
    assert run(["doctor"]) == 8
    assert doctors_words(capfd)["database"] == "fail"
