"""Settings: where they come from, what is refused, what is never shown."""

import re
import shlex
import time
from pathlib import Path

import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ticketctl.errors import BadInput, DeskError, MailServerTrouble, NotFound, Refused
from ticketctl.settings import folders, load, password_command, secrets
from ticketctl.settings.table import ImapAccount, Outgoing

WHOLE = """
agent = "ana"
pager = ""
send_delay = "0"

[db]
url = "postgresql+psycopg://desk:hunter2@db.example/desk"

[gateway]
smtp = ["127.0.0.1:2525", "[::1]:2525"]
lmtp = ["unix:/run/ticketctl/lmtp.sock"]
intake_workers = 2
max_message_size = "50MiB"
max_connections = 500
max_connections_per_address = 50
tls_cert = ""
tls_key = ""
trusted_relays = ["127.0.0.1", "10.0.0.0/8"]
authserv_id = ""
attempts = 3
intake_seconds = 60
metrics = "127.0.0.1:9325"

[outgoing]
host = "127.0.0.1"
port = 25
security = "none"
username = ""
password_command = "pass show hunter2"
envelope = "bounces@help.example"
retry = ["1m", "5m", "15m", "1h", "4h"]
give_up = "5d"

[bulk]
confirm = 9

[[imap]]
name = "support"
host = "imap.example"
port = 993
security = "tls"
username = "support@help.example"
password_command = ""
mailbox = "support@help.example"
folder = "INBOX"
done = "move:Processed"
poll = "1m"

[[imap]]
name = "sales"
host = "imap.example"
username = "sales@help.example"
auth = "oauth2"
mailbox = "sales@help.example"
[imap.oauth]
client_id = "x"
token_url = "https://login.example/token"

[profile.billing.db]
url = "sqlite:////srv/billing.db"
"""


@pytest.fixture
def file(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's config.toml, with every key, one of the usual files."""
    monkeypatch.delenv("TICKETCTL_CONFIG")
    monkeypatch.setattr(folders, "SITE_FILE", str(home / "none.toml"))
    path = home / ".config" / "ticketctl" / "config.toml"
    path.write_text(WHOLE)
    return path


def test_without_files_everything_has_a_default(home: Path) -> None:
    settings = load.load()
    assert settings.db.url == f"sqlite:///{home}/.local/share/ticketctl/desk.db"
    assert settings.gateway.max_message_size == 50 * 2**20
    assert settings.outgoing.retry == (60, 300, 900, 3_600, 14_400)
    assert settings.outgoing.give_up == 432_000
    assert (settings.bulk_confirm, settings.send_delay, settings.pager) == (5, 30, None)


def test_every_key_of_config_toml_is_understood(file: Path) -> None:
    settings = load.load()
    assert settings.db.url.endswith("@db.example/desk")
    assert settings.gateway.lmtp == ("unix:/run/ticketctl/lmtp.sock",)
    assert settings.imap[0].poll == 60
    assert settings.imap[1].oauth is not None
    assert (settings.agent, settings.pager, settings.bulk_confirm) == ("ana", "", 9)


def test_later_sources_win(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "SITE_FILE", str(site := file.with_name("site.toml")))
    site.write_text('agent = "eva"\neditor = "ed"\n[gateway]\nattempts = 7\nintake_workers = 8\n')
    assert (load.load().agent, load.load().editor) == ("ana", "ed")
    assert (load.load().gateway.attempts, load.load(profile="billing").agent) == (3, "ana")
    monkeypatch.setenv("TICKETCTL_AGENT", "ben")
    monkeypatch.setenv("TICKETCTL_DB", "sqlite:////env.db")
    monkeypatch.setenv("TICKETCTL_GATEWAY_SMTP", "0.0.0.0:25, 0.0.0.0:587")
    monkeypatch.setenv("TICKETCTL_GATEWAY_ATTEMPTS", "5")
    monkeypatch.setenv("TICKETCTL_SEND_DELAY", "2m")
    settings = load.load(overrides={"db.url": "sqlite:////option.db"})
    assert settings.db.url == "sqlite:////option.db"
    assert (settings.agent, settings.gateway.attempts, settings.send_delay) == ("ben", 5, 120)
    assert settings.gateway.smtp == ("0.0.0.0:25", "0.0.0.0:587")


def test_a_named_file_replaces_the_usual_ones(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = file.with_name("other.toml")
    other.write_text('editor = "ed"')
    monkeypatch.setenv("TICKETCTL_CONFIG", str(other))
    assert (load.load().editor, load.load().agent) == ("ed", "")
    assert load.load(file).agent == "ana"
    other.unlink()
    with pytest.raises(BadInput, match=r"there is no settings file .*other\.toml"):
        load.load()


def test_a_named_profile_overrides_the_environment(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--profile billing` never means the database of TICKETCTL_DB; a profile from the environment does."""
    monkeypatch.setenv("TICKETCTL_DB", "sqlite:////srv/other.db")
    assert load.load(profile="billing").db.url == "sqlite:////srv/billing.db"
    assert load.origins(profile="billing")[0].origin == f"{file} [profile.billing]"
    option = {"db.url": "sqlite:////srv/option.db"}
    assert load.load(profile="billing", overrides=option).db.url == "sqlite:////srv/option.db"
    monkeypatch.setenv("TICKETCTL_PROFILE", "billing")
    assert load.load().db.url == "sqlite:////srv/other.db"


def test_a_profile_lies_over_its_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load.load(profile="billing").db.url == "sqlite:////srv/billing.db"
    monkeypatch.setenv("TICKETCTL_PROFILE", "billing")
    assert load.load().db.url == "sqlite:////srv/billing.db"
    with pytest.raises(NotFound, match=r'no profile "sales" in config.toml; its profiles: billing'):
        load.load(profile="sales")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("smtp =", "smpt =", "$.gateway.smpt: unknown key; did you mean smtp?"),
        ("[bulk]", "[bulky]", "$.bulky: unknown key; did you mean bulk?"),
        ("url =", "password =", "$.db.password: unknown key; known here: url"),
        ('"127.0.0.1:2525", ', '"127.0.0.1", ', '$.gateway.smtp[0]: "127.0.0.1" is not a listen'),
        ('"127.0.0.1:2525", ', '"x:99999", ', '$.gateway.smtp[0]: "x:99999" is not a listen'),
        ('["127.0.0.1:2525", "[::1]:2525"]', '"127.0.0.1:25"', "$.gateway.smtp: must be a list"),
        ('"10.0.0.0/8"', '"relay"', '$.gateway.trusted_relays[1]: "relay" is not an IP address'),
        ("intake_workers = 2", "intake_workers = 0", "$.gateway.intake_workers: must be 1 or more"),
        ("intake_workers = 2", "intake_workers = 2.5", "$.gateway.intake_workers: must be a whole"),
        ('"50MiB"', '"50"', '$.gateway.max_message_size: "50" is not a size'),
        ('tls_cert = ""', 'tls_cert = "cert.pem"', "$.gateway.tls_cert: "),
        ("port = 25", "port = 65536", "$.outgoing.port: must be 65535 or less"),
        (
            'security = "none"',
            'security = "ssl"',
            '$.outgoing.security: "ssl" is not one of none, ',
        ),
        ('give_up = "5d"', "give_up = 5", "$.outgoing.give_up: must be text in quotes"),
        ('"15m"', '"soon"', '$.outgoing.retry[2]: "soon" is not a duration'),
        ('"bounces@help.example"', '"bounces"', '$.outgoing.envelope: "bounces" is not a mail'),
        ('"move:Processed"', '"archive"', '$.imap[0].done: "archive" is not one of'),
        ('host = "imap.example"\n', "", "$.imap[0].host: missing"),
        ('client_id = "x"', "client = 1", "$.imap[1].oauth.client_id: missing"),
        (
            "https://login.example/token",
            "http://login.example/token",
            '$.imap[1].oauth.token_url: "http://login.example/token" is no address',
        ),
        ("[profile.billing.db]", "[profile.billing.dbx]", "$.profile.billing.dbx: unknown key"),
    ],
)
def test_a_mistake_in_a_file_is_refused_with_its_path(
    file: Path, old: str, new: str, problem: str
) -> None:
    assert old in WHOLE
    file.write_text(WHOLE.replace(old, new, 1))
    with pytest.raises(Refused, match=re.escape(str(file))) as refusal:
        load.load()
    assert [line for line in refusal.value.problems if line.startswith(problem)], str(refusal.value)


def test_a_file_that_is_not_toml_or_cannot_be_read_is_refused(file: Path) -> None:
    file.write_text("[db")
    with pytest.raises(Refused, match="is not TOML"):
        load.load()
    file.write_bytes(b"\xff")
    with pytest.raises(BadInput, match="cannot be read"):
        load.load()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("TICKETCTL_GATEWAY_ATTEMPTS", "many"),
        ("TICKETCTL_OUTGOING_SECURITY", "ssl"),
        ("TICKETCTL_OUTGOING_RETRY", "1m soon"),
    ],
)
def test_a_bad_variable_is_named(
    home: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(BadInput, match=variable):
        load.load()


def test_the_table_names_every_setting_with_its_variable_and_meaning(home: Path) -> None:
    table = {setting.name: setting for setting in load.table()}
    assert all(setting.meaning.endswith(".") for setting in table.values())
    assert table["db.url"].variable == "TICKETCTL_DB"
    assert table["agent"].variable == "TICKETCTL_AGENT"
    assert table["gateway.max_connections"].variable == "TICKETCTL_GATEWAY_MAX_CONNECTIONS"
    assert [origin.name for origin in load.origins()] == list(table)


def test_origins_tell_value_and_source_and_no_secret(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TICKETCTL_EDITOR", "ed")
    monkeypatch.setenv("TICKETCTL_OUTGOING_PASSWORD", "hunter2")
    lines = load.origins()
    shown = {line.name: (line.value, line.origin) for line in lines}
    assert shown["db.url"] == ('"postgresql+psycopg://desk:***@db.example/desk"', str(file))
    assert shown["editor"] == ('"ed"', "TICKETCTL_EDITOR")
    assert shown["outgoing.retry"][0] == '["1m", "5m", "15m", "1h", "4h"]'
    assert shown["gateway.max_message_size"][0] == '"50MiB"'
    assert shown["templates"] == ('""', "built-in")
    assert shown["imap.support"] == ("support@help.example at imap.example:993", str(file))
    assert "hunter2" not in str(lines)
    assert load.origins(profile="billing")[0].origin == f"{file} [profile.billing]"


@pytest.mark.parametrize(
    ("url", "veiled"),
    [
        ("postgresql+psycopg://u:p@h/d", "postgresql+psycopg://u:***@h/d"),
        ("postgresql+psycopg://u:p@ss:w@h/d", "postgresql+psycopg://u:***@h/d"),
        ("postgresql+psycopg://u@h/d", "postgresql+psycopg://u@h/d"),
        ("postgresql+psycopg://u:p/w@h/d", "postgresql+psycopg://u:***@h/d"),
        ("postgresql+psycopg://u:pw@[::1]:5432/d", "postgresql+psycopg://u:***@[::1]:5432/d"),
        ("postgresql+psycopg:///d?host=/run/pg", "postgresql+psycopg:///d?host=/run/pg"),
        (
            "postgresql://u@h/d?password=pw&sslmode=require",
            "postgresql://u@h/d?password=***&sslmode=require",
        ),
        ("postgresql://h/d?SSLpassword=pw&sslkey=/k", "postgresql://h/d?SSLpassword=***&sslkey=/k"),
        ("postgresql://h/d?p%61ssword=pw", "postgresql://h/d?p%61ssword=***"),
        ("sqlite:////srv/desk.db", "sqlite:////srv/desk.db"),
        ("sqlite:////srv/a@b:c/desk.db", "sqlite:////srv/a@b:c/desk.db"),
        ("postgresql://u:pw@h:1,g:2/d", "postgresql://u:***@h:1,g:2/d"),
        ("postgresql://u:p,w@[::1],g/d", "postgresql://u:***@[::1],g/d"),
        ("postgresql://u:p@h:1,g:pw/d", "postgresql:…"),
        ("postgresql://u:p?w@h/d", "postgresql:…"),
        ("postgresql://u:p@w?x=1@h/d", "postgresql:…"),
        ("postgresql://u:p@h:pw/d", "postgresql:…"),
        ("postgresql://u:p@h/d?pw", "postgresql:…"),
        ("postgresql:/u:pw@h/d", "postgresql:…"),
        ("pw@h/d", "…"),
        ("", ""),
        ("u:pw@h/d", "u:…"),
    ],
)
def test_a_url_is_shown_without_its_password_L20(url: str, veiled: str) -> None:
    assert load.veiled_url(url) == veiled
    assert load.veiled_url(veiled) == veiled


@pytest.mark.parametrize(
    ("lines", "security"),
    [
        ('host = "smtp.example"\nusername = "desk"', "starttls"),
        ('host = "192.0.2.1"\noauth = "support"', "starttls"),
        ('host = "smtp.example"\nusername = "desk"\nsecurity = "none"', "none"),
        ('host = "smtp.example"\nusername = "desk"\nsecurity = "tls"', "tls"),
        ('host = "smtp.example"', "none"),
        ('host = "localhost"\nusername = "desk"', "none"),
        ('host = "127.0.0.2"\nusername = "desk"', "none"),
        ('host = "::1"\nusername = "desk"', "none"),
    ],
)
def test_a_login_goes_to_another_machine_over_tls_F_T18(
    tmp_path: Path, lines: str, security: str
) -> None:
    file = tmp_path / "mail.toml"
    file.write_text(f"[outgoing]\n{lines}\n")
    assert load.load(file).outgoing.security == security
    shown = {one.name: one.value for one in load.origins(file)}
    assert shown["outgoing.security"] == f'"{security}"'


@pytest.mark.parametrize(
    "lines",
    [
        '[[shop]]\nname = "a"\nurl = "https://u:hunter2@shop.example"',
        '[[imap]]\nname = "a"\nhost = "h"\nusername = "u"\nmailbox = "a@x.example"\n'
        '[imap.oauth]\nclient_id = "c"\ntoken_url = "http://x.example/token?client_secret=hunter2"',
    ],
)
def test_a_url_that_is_refused_is_shown_without_its_password_L20(
    tmp_path: Path, lines: str
) -> None:
    file = tmp_path / "urls.toml"
    file.write_text(lines)
    with pytest.raises(Refused) as wrong:
        load.load(file)
    assert "***" in str(wrong.value) and "hunter2" not in str(wrong.value)


PIECE = st.text("ab@:/?#&=%[];,+ ", max_size=5)


@settings(max_examples=500, deadline=None)
@given(PIECE, PIECE, st.sampled_from(["", "?sslmode=require", "?password=hunter2"]))
def test_no_password_is_shown_however_it_is_written_L20(
    before: str, after: str, query: str
) -> None:
    """Nobody escapes every character that must be escaped in a URL."""
    for place in ("host/desk", "[::1]:5432/desk", "host:5432,other/desk", "/desk", ""):
        url = f"postgresql://desk:{before}hunter2{after}@{place}{query}"
        assert "hunter2" not in load.veiled_url(url), url


def test_a_password_comes_from_environment_command_or_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TICKETCTL_OUTGOING_PASSWORD", raising=False)
    kept = tmp_path / "password"
    kept.write_text("from file\nnot this\n")
    kept.chmod(0o600)
    assert secrets.password(Outgoing()) == ""
    assert secrets.password(Outgoing(password_file=str(kept))) == "from file"
    command = Outgoing(password_command="printf '%s\\n' 'two words; $HOME'")
    assert secrets.password(command) == "two words; $HOME"
    monkeypatch.setenv("TICKETCTL_OUTGOING_PASSWORD", "from environment")
    assert secrets.password(command) == "from environment"
    monkeypatch.setenv("TICKETCTL_IMAP_A_B_PASSWORD", "for a-b")
    imap = ImapAccount(name="a-b", host="h", username="u", mailbox="a@b.example")
    assert secrets.password(imap) == "for a-b"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o620])
def test_a_password_file_that_others_may_open_is_refused(tmp_path: Path, mode: int) -> None:
    kept = tmp_path / "password"
    kept.write_text("hunter2")
    kept.chmod(mode)
    with pytest.raises(Refused, match="chmod 600") as refusal:
        secrets.password(Outgoing(password_file=str(kept)))
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize(
    ("account", "error"),
    [
        (Outgoing(password_command="false hunter2"), MailServerTrouble),
        (Outgoing(password_command="/no/such/command hunter2"), MailServerTrouble),
        (Outgoing(password_command="'hunter2"), Refused),
        (Outgoing(password_command=" "), Refused),
        (Outgoing(password_command="true hunter2"), MailServerTrouble),
        (Outgoing(password_command="printf '\\nhunter2'"), MailServerTrouble),
        (Outgoing(password_command="yes hunter2"), MailServerTrouble),
        (Outgoing(password_command="sh -c 'echo hunter2 >&2; exit 1'"), MailServerTrouble),
        (Outgoing(password_file="/no/such/file"), Refused),
        (Outgoing(password_file="/dev/null"), Refused),
    ],
)
def test_a_password_that_cannot_be_had_is_said_without_the_commands_words(
    account: Outgoing, error: type[DeskError]
) -> None:
    with pytest.raises(error) as trouble:
        secrets.password(account)
    assert "hunter2" not in str(trouble.value)


@pytest.mark.parametrize(
    "script",
    [
        "sleep 60 & echo $! > {pid}; wait",
        "sleep 60 & echo $! > {pid}; echo hunter2; exit 0",  # a child that keeps the output open
        "echo hunter2; exec >&-; sleep 60 & echo $! > {pid}; wait",  # closed, but not ended
        "sleep 60 & echo $! > {pid}; yes hunter2",
    ],
)
def test_a_password_command_that_does_not_end_is_killed_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    pid = tmp_path / "pid"
    command = shlex.join(["sh", "-c", script.format(pid=pid)])
    for seconds in (0.3, 3.0, 30.0):  # a slow machine may have started no child in a moment
        monkeypatch.setattr(password_command, "SECONDS", seconds)
        with pytest.raises(
            MailServerTrouble, match=r"did not finish within \d+ s|printed more than"
        ):
            secrets.password(Outgoing(password_command=command))
        if pid.exists() and (child := pid.read_text().strip()):
            break
    deadline = time.monotonic() + 20  # the sleep itself would last a minute
    while is_running(int(child)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not is_running(int(child))


def is_running(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def test_what_a_password_command_says_besides_is_not_shown(
    capfd: pytest.CaptureFixture[str],
) -> None:
    noisy = Outgoing(password_command="sh -c 'echo secret; echo more; echo hunter2 >&2'")
    assert secrets.password(noisy) == "secret"
    assert capfd.readouterr() == ("", "")


def test_several_sources_of_one_password_are_refused(file: Path) -> None:
    file.write_text(
        '[outgoing]\npassword_command = "pass x"\npassword_file = "/etc/ticketctl/password"\n'
    )
    with pytest.raises(Refused, match=r"\$\.outgoing: .*both"):
        load.load()
