"""OAuth2: consent by another device (RFC 8628), tokens kept and renewed, logins with them (B10, F-R8)."""

import base64
import json
import stat
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult
from msgspec.structs import replace

from gateway.mailbox import check
from gateway.oauth import token_server, token_store
from gateway.receive.imap.errors import LoginRefused
from gateway.run.debug_smtp import DebugSmtpServer
from tests.support.ports import free_port
from tests.wire.imap.desk import ImapDesk, mail
from tests.wire.imap.server import USER, Server, Talk
from tests.wire.imap.test_connection import Waits
from tests.wire.imap.token_server import TokenServer
from ticketctl import clock
from ticketctl.cli import main as cli
from ticketctl.errors import MailServerTrouble, Refused
from ticketctl.settings.table import ImapAccount, OAuth, Outgoing

CODE = {
    "device_code": "device-secret",
    "user_code": "WDJB-MJHT",
    "verification_uri": "https://login.example/device",
    "expires_in": 900,
    "interval": 5,
}
PENDING = (400, {"error": "authorization_pending"})


@pytest.fixture
def tokens(home: Path) -> Iterator[TokenServer]:
    running = TokenServer()
    yield running
    running.close()


@pytest.fixture
def oauth(tokens: TokenServer) -> OAuth:
    url = tokens.url
    return OAuth(
        flow="consent",
        client_id="desk",
        token_url=f"{url}/token",
        device_url=f"{url}/device",
        scope="imap offline",
    )


@pytest.fixture
def account(helpdesk: ImapDesk, oauth: OAuth) -> ImapAccount:
    return helpdesk.account(1, auth="oauth2", oauth=oauth)


def lets_in(*good: str, mechanism: str = "XOAUTH2") -> Callable[[Talk], str]:
    """The hook of an IMAP server that takes these access tokens, as Microsoft and Google answer."""

    def authenticate(talk: Talk) -> str:
        assert talk.command == f"AUTHENTICATE {mechanism}"
        talk.send("+ ")
        said = base64.b64decode(talk.hear()).decode()
        if mechanism == "XOAUTH2":
            right = [f"user={USER}\1auth=Bearer {one}\1\1" for one in good]
        else:
            right = [f"n,a={USER},\1auth=Bearer {one}\1\1" for one in good]
        if said in right:
            return "OK in"
        talk.send("+ " + base64.b64encode(b'{"status":"401"}').decode())
        assert base64.b64decode(talk.hear()) == (b"" if mechanism == "XOAUTH2" else b"\1")
        return f"NO [AUTHENTICATIONFAILED] {said}"

    return authenticate


def test_consent_is_awaited_at_the_pace_the_server_asks_for(
    tokens: TokenServer, oauth: OAuth
) -> None:
    tokens.replies = [(200, CODE), PENDING, (400, {"error": "slow_down"}), (503, {}), PENDING]
    code = token_server.ask_consent(oauth)
    assert (code.user, code.address) == ("WDJB-MJHT", "https://login.example/device")
    slept: list[float] = []
    got = token_server.await_consent(oauth, code, slept.append)
    assert got == ("access-5", 3600, "refresh-1")
    assert slept == [5, 5, 10, 15, 15]
    assert tokens.asked[0] == {"client_id": "desk", "scope": "imap offline"}
    assert tokens.asked[1]["device_code"] == "device-secret"


@pytest.mark.parametrize(
    ("reply", "sentence"),
    [
        ((400, {"error": "access_denied"}), "was refused in the browser"),
        ((400, {"error": "expired_token"}), "nobody gave consent in time"),
        (
            (400, {"error": "invalid_client", "error_description": "who?"}),
            "gives no token: 400 who",
        ),
    ],
)
def test_denied_consent_is_an_error_message(
    tokens: TokenServer, oauth: OAuth, reply: Any, sentence: str
) -> None:
    tokens.replies = [(200, CODE), PENDING, reply]
    with pytest.raises(token_server.NoConsent, match=sentence):
        token_server.await_consent(oauth, token_server.ask_consent(oauth), lambda seconds: None)


def test_a_code_is_not_asked_about_after_its_end(tokens: TokenServer, oauth: OAuth) -> None:
    tokens.replies = [(200, CODE | {"expires_in": 15}), *[PENDING] * 4]
    with pytest.raises(token_server.NoConsent, match="nobody gave consent in time"):
        token_server.await_consent(oauth, token_server.ask_consent(oauth), lambda seconds: None)
    assert len(tokens.replies) == 1


@pytest.mark.parametrize("told", [{}, {"access_token": 7}, {"access_token": "a\r\nb"}])
def test_an_invalid_token_is_one_sentence(tokens: TokenServer, oauth: OAuth, told: Any) -> None:
    tokens.replies = [(200, told)]
    with pytest.raises(MailServerTrouble, match="without a usable access_token"):
        token_server.refresh_tokens(oauth, "refresh-1")


def test_a_token_server_that_is_away_or_sends_us_elsewhere_is_a_sentence(
    tokens: TokenServer, oauth: OAuth
) -> None:
    with pytest.raises(MailServerTrouble, match="does not answer: ") as caught:
        token_server.refresh_tokens(
            replace(oauth, token_url=f"http://127.0.0.1:{free_port()}/token?secret=hunter2"), "x"
        )
    assert "secret=***" in str(caught.value) and "hunter2" not in str(caught.value)
    tokens.replies = [(302, {})]
    with pytest.raises(MailServerTrouble, match="gives no token: 302"):
        token_server.refresh_tokens(oauth, "refresh-1")
    assert len(tokens.asked) == 1


def test_tokens_are_kept_for_their_owner_alone_and_renewed_before_they_end_B10(
    tokens: TokenServer, account: ImapAccount, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens.rotates = True
    token_store.store(account, token_server.Tokens("access-0", 3600, "refresh-1"))
    assert token_store.access_token(account) == "access-0"
    assert tokens.asked == []
    soon = clock.now() + timedelta(seconds=3550)
    monkeypatch.setattr(clock, "now", lambda: soon)
    assert token_store.access_token(account) == "access-1"
    assert token_store.access_token(account, not_this="access-1") == "access-2"
    assert [one["refresh_token"] for one in tokens.asked] == ["refresh-1", "refresh-2"]
    folder = home / ".local" / "state" / "ticketctl" / "oauth"
    modes = {stat.S_IMODE(one.stat().st_mode) for one in folder.iterdir()}
    assert (modes, stat.S_IMODE(folder.stat().st_mode)) == ({0o600}, 0o700)
    next(folder.glob("*.json")).chmod(0o644)
    with pytest.raises(Refused, match="is open to others"):
        token_store.access_token(account)


def test_tokens_of_another_application_or_login_are_not_shown_to_it_B10(
    tokens: TokenServer, account: ImapAccount, oauth: OAuth
) -> None:
    token_store.store(account, token_server.Tokens("access-0", 3600, "refresh-1"))
    for other in (
        replace(account, username="eva"),
        replace(account, oauth=replace(oauth, client_id="x")),
    ):
        with pytest.raises(token_server.NoConsent, match="nobody has given consent"):
            token_store.access_token(other)


def test_missing_or_revoked_consent_names_the_command_and_no_secret(
    tokens: TokenServer, account: ImapAccount
) -> None:
    with pytest.raises(token_server.NoConsent, match="run `ticketctl mailbox login support`"):
        token_store.access_token(account)
    token_store.store(account, token_server.Tokens("access-0", 1, "stolen"))
    with pytest.raises(token_server.NoConsent) as gone:
        token_store.access_token(account)
    assert "the consent has ended" in gone.value.sentence
    assert "ticketctl mailbox login support" in gone.value.sentence
    assert "stolen" not in gone.value.sentence and "Trace ID" not in gone.value.sentence


def test_client_credentials_need_no_consent_B10(
    tokens: TokenServer, account: ImapAccount, oauth: OAuth, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("s3cret\n")
    (tmp_path / "secret").chmod(0o600)
    own = replace(oauth, flow="client-credentials", client_secret_file=str(tmp_path / "secret"))
    assert token_store.access_token(replace(account, oauth=own)) == "access-1"
    assert tokens.asked == [
        {
            "grant_type": "client_credentials",
            "scope": "imap offline",
            "client_id": "desk",
            "client_secret": "s3cret",
        }
    ]
    tokens.replies = [(401, {"error": "invalid_client", "error_description": "not s3cret"})]
    with pytest.raises(token_server.NoConsent) as refused:
        token_store.access_token(replace(account, oauth=own), not_this="access-1")
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize("mechanism", ["XOAUTH2", "OAUTHBEARER"])
def test_mail_is_fetched_with_a_token_renewed_once_after_a_refusal_B10(
    helpdesk: ImapDesk,
    serve: Callable[..., Server],
    tokens: TokenServer,
    account: ImapAccount,
    mechanism: str,
) -> None:
    imap = serve("one", capabilities=("MOVE", "UIDPLUS", f"AUTH={mechanism}"))
    imap.before["AUTHENTICATE"] = lets_in("access-1", mechanism=mechanism)
    token_store.store(account, token_server.Tokens("access-0", 3600, "refresh-1"))
    assert helpdesk.poll(imap.port, auth="oauth2", oauth=account.oauth) == 1
    assert helpdesk.raws() == [mail("one")]
    assert (imap.count("AUTHENTICATE"), imap.count("LOGIN")) == (2, 0)


def test_a_login_refused_twice_is_said_without_the_token(
    helpdesk: ImapDesk, serve: Callable[..., Server], tokens: TokenServer, account: ImapAccount
) -> None:
    imap = serve(capabilities=("AUTH=XOAUTH2",))
    imap.before["AUTHENTICATE"] = lets_in()
    token_store.store(account, token_server.Tokens("access-0", 3600, "refresh-1"))
    with pytest.raises(LoginRefused, match="the login with OAuth failed") as refused:
        helpdesk.poll(imap.port, auth="oauth2", oauth=account.oauth)
    assert imap.count("AUTHENTICATE") == 2
    assert "access-" not in str(refused.value)
    bare = serve()
    with pytest.raises(LoginRefused, match="neither XOAUTH2 nor OAUTHBEARER"):
        helpdesk.poll(bare.port, auth="oauth2", oauth=account.oauth)


def test_polling_waits_for_consent_and_retries_soon_on_token_server_errors_B9(
    helpdesk: ImapDesk, serve: Callable[..., Server], tokens: TokenServer, account: ImapAccount
) -> None:
    imap = serve(capabilities=("AUTH=XOAUTH2",))
    own = replace(account, port=imap.port)
    stop = Waits()
    helpdesk.poller(own).run(stop)
    assert stop.seconds >= 900
    assert "ticketctl mailbox login support" in str(helpdesk.state().error)
    token_store.store(own, token_server.Tokens("access-0", 1, "refresh-1"))
    tokens.replies = [(503, {})]
    stop = Waits()
    helpdesk.poller(own).run(stop)
    assert 5 <= stop.seconds <= 7


CONFIG = """
[[imap]]
name = "support"
host = "127.0.0.1"
port = {imap}
security = "none"
username = "support"
mailbox = "support@help.example"
auth = "oauth2"
[imap.oauth]
flow = "{flow}"
client_id = "desk"
token_url = "{url}/token"
device_url = "{url}/device"
"""


@pytest.fixture
def run(
    home: Path,
    helpdesk: ImapDesk,
    sqlite_url: str,
    tokens: TokenServer,
    serve: Callable[..., Server],
) -> Callable[..., int]:
    """A function: the program with an OAuth account at a server that takes access-2."""
    imap = serve(capabilities=("MOVE", "AUTH=XOAUTH2"))
    imap.before["AUTHENTICATE"] = lets_in("access-2")
    file = home / ".config" / "ticketctl" / "config.toml"

    def go(*words: str, flow: str = "consent") -> int:
        file.write_text(CONFIG.format(imap=imap.port, url=tokens.url, flow=flow))
        return cli.run(["--db", sqlite_url, *words])

    return go


def test_mailbox_login_shows_address_and_code_and_mailbox_test_uses_the_consent(
    run: Callable[..., int], tokens: TokenServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("mailbox", "test", "support") == 9
    assert "run `ticketctl mailbox login support` on this host" in capsys.readouterr().out
    tokens.replies = [(200, CODE | {"interval": 0.01}), PENDING]
    assert run("mailbox", "login", "support") == 0
    said = capsys.readouterr()
    assert "Open https://login.example/device as support and type the code WDJB-MJHT" in said.err
    assert said.out == "support may log in as support\n"
    assert run("mailbox", "test", "support", "--json") == 0
    told = capsys.readouterr()
    assert json.loads(told.out)[0]["state"] == "ok"
    for secret in ("device-secret", "refresh-1", "access-2"):
        assert secret not in said.out + said.err + told.out + told.err


def test_a_refresh_token_got_elsewhere_is_taken_from_a_file(
    run: Callable[..., int], tokens: TokenServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "token"
    file.write_text("wrong\n")
    assert run("mailbox", "login", "support", "--token-file", str(file)) == 9
    assert "gives no token: 400" in capsys.readouterr().err
    file.write_text("refresh-1\n")
    assert run("mailbox", "login", "support", "--token-file", str(file)) == 0
    assert tokens.grants() == ["refresh_token", "refresh_token"]


def test_an_account_that_needs_no_consent_is_an_error(
    run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("mailbox", "login", "support", flow="client-credentials") == 6
    assert "needs no consent" in capsys.readouterr().err
    assert run("mailbox", "login", "sales") == 3


class TokenMail(DebugSmtpServer):
    """A mail server that takes access-1, and refuses as Google does: with a challenge."""

    def __init__(self, folder: Path, port: int) -> None:
        super().__init__(folder, port=port)
        self.handler.auth_XOAUTH2 = self.check
        self.SMTP_kwargs["auth_require_tls"] = False
        self.SMTP_kwargs["auth_exclude_mechanism"] = ["LOGIN", "PLAIN"]
        self.said: list[str] = []

    async def check(self, smtp: SMTP, words: list[str]) -> AuthResult:
        self.said.append(base64.b64decode(words[1]).decode())
        if self.said[-1] == f"user={USER}\1auth=Bearer access-1\1\1":
            return AuthResult(success=True)
        assert await smtp.challenge_auth('{"status":"401"}') == b""
        return AuthResult(success=False, handled=False)


def test_mail_goes_out_with_the_consent_of_an_imap_account(
    helpdesk: ImapDesk, tokens: TokenServer, account: ImapAccount, tmp_path: Path
) -> None:
    mails = TokenMail(tmp_path / "caught", free_port())
    mails.start()
    try:
        outgoing = Outgoing(port=mails.port, oauth="support")
        settings = replace(helpdesk.settings(account), outgoing=outgoing)
        with pytest.raises(MailServerTrouble, match="run `ticketctl mailbox login support`"):
            check.outgoing(settings)
        token_store.store(account, token_server.Tokens("access-0", 3600, "refresh-1"))
        assert "accepts the login of support" in check.outgoing(settings)
        assert [words.split("Bearer ")[1].strip("\1") for words in mails.said] == [
            "access-0",
            "access-1",
        ]
        tokens.good = "another"
        token_store.store(account, token_server.Tokens("access-9", 3600, "refresh-1"))
        with pytest.raises(MailServerTrouble, match="the consent has ended") as gone:
            check.outgoing(settings)
        assert "access-" not in str(gone.value)
    finally:
        mails.stop()
    with pytest.raises(Refused, match='no \\[\\[imap\\]\\] account "sales"'):
        check.outgoing(replace(settings, outgoing=Outgoing(oauth="sales")))


def test_providers_fill_in_their_addresses() -> None:
    office = OAuth(flow="consent", client_id="x", provider="microsoft", tenant="help.example")
    root = "https://login.microsoftonline.com/help.example/oauth2/v2.0"
    scope = "https://outlook.office365.com/IMAP.AccessAsUser.All offline_access"
    assert token_server.endpoints(office) == (f"{root}/token", f"{root}/devicecode", scope)
    alone = replace(office, flow="client-credentials")
    assert token_server.endpoints(alone).scope == "https://outlook.office365.com/.default"
    google = OAuth(flow="consent", client_id="x", provider="google")
    assert token_server.endpoints(google).scope == "https://mail.google.com/"
    with pytest.raises(Refused, match="--token-file"):
        token_server.ask_consent(google)
    with pytest.raises(Refused, match="neither token_url nor provider"):
        token_server.endpoints(OAuth(client_id="x"))
