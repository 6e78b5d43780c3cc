"""The command `mailbox test`: tries with each account what a poll does. No mail is changed, moved or sent."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from gateway.receive.imap.after_fetch import target_of, why_mail_stays
from gateway.receive.imap.folder_state import CHUNK
from gateway.receive.imap.session import ImapSession, ImapTimeouts
from gateway.send import oauth_login, smtp_client
from ticketctl.console.context import App
from ticketctl.console.rows import rows
from ticketctl.console.view import Column, View
from ticketctl.errors import DeskError, MailServerTrouble, NotFound
from ticketctl.settings.table import ImapAccount, Settings

OUTGOING = "outgoing"
_IMAP_TIMEOUTS = ImapTimeouts(connect=10, read=20)
_SMTP_TIMEOUTS = smtp_client.SmtpTimeouts(connect=10, command=20, reply=20)


class AccountCheck(NamedTuple):
    """The result for one account or `outgoing`: ok or fail, and a sentence."""

    account: str
    state: str
    sentence: str


def show(app: App, names: Sequence[str]) -> int:
    """Print a line for each account. Returns the exit code, 9 if one fails; NotFound for an unknown name."""
    tried = [_run(name, work) for name, work in _checks(app.settings, names)]
    rows(app, _VIEW, tried)
    return 9 if any(one.state == "fail" for one in tried) else 0


def imap(account: ImapAccount, max_size: int) -> str:
    """Do what a poll does, up to moving mail: log in, open the folder, search, fetch, create the folder for done mail.

    Return what the server supports. DeskError if a step fails.
    """
    with ImapSession(account, _IMAP_TIMEOUTS) as session:
        session.select()
        _fetch_one(session, max_size)
        can = {
            "IDLE": session.can_idle,
            "MOVE": session.can_move,
            "UIDPLUS": session.can_expunge,
        }
        target = _create_target(session, account)
    has = ", ".join(name for name in can if can[name]) or "none"
    lacks = ", ".join(name for name in can if not can[name])
    without = f", but not {lacks}" if lacks else ""
    return (
        f"{account.host}:{account.port} accepts the login of {account.username} and opens {account.folder}; "
        f"it supports {has}{without}{target}."
    )


def _fetch_one(session: ImapSession, max_size: int) -> None:
    """Fetch the smallest of the oldest mails, without setting \\Seen; an empty folder is no failure."""
    infos = session.infos(session.uids_from(1)[:CHUNK])
    smallest = min(
        ((info.size, uid) for uid, info in infos.items() if not info.deleted), default=None
    )
    if smallest is not None and smallest[0] <= max_size:
        session.body(smallest[1], max_size)


def _create_target(session: ImapSession, account: ImapAccount) -> str:
    """Create and open the folder that fetched mail is moved to, if there is one; return the words for it."""
    if trouble := why_mail_stays(session, account):
        raise MailServerTrouble(trouble)
    if not (written := target_of(account)):
        return ""
    name = session.create_folder(written)
    session.open(name, read_only=False)
    return f"; fetched mail is moved to {name}"


def outgoing(settings: Settings) -> str:
    """Connect to the outgoing server with TLS and login as configured, without sending. DeskError if that fails."""
    server, account = settings.outgoing, oauth_login.account(settings)
    client = smtp_client.SmtpClient(server, _SMTP_TIMEOUTS, account)
    client.open("localhost")
    client.quit()
    secured = {"none": "without TLS", "starttls": "with STARTTLS", "tls": "with TLS"}
    name = account.username if account else server.username
    who = f"accepts the login of {name}" if name else "answers; no login is configured"
    return f"{server.host}:{server.port} {who}, {secured[server.security]}."


def _checks(settings: Settings, names: Sequence[str]) -> list[tuple[str, Callable[[], str]]]:
    """Return the checks of these accounts, or of all. The address of a mailbox stands for its accounts."""
    every: list[tuple[str, str, Callable[[], str]]] = [
        (one.name, one.mailbox, partial(imap, one, settings.gateway.max_message_size))
        for one in settings.imap
    ]
    every.append((OUTGOING, "", partial(outgoing, settings)))
    for name in names:
        if not any(name in (account, address) for account, address, _ in every):
            there = ", ".join(account for account, _, _ in every)
            raise NotFound(f'no account "{name}" in config.toml; it has {there}.')
    return [
        (account, work)
        for account, address, work in every
        if not names or account in names or address in names
    ]


def _run(name: str, work: Callable[[], str]) -> AccountCheck:
    try:
        return AccountCheck(name, "ok", work())
    except DeskError as trouble:
        return AccountCheck(name, "fail", str(trouble))


def _style(one: AccountCheck) -> dict[str, str] | None:
    return {"fg": "red"} if one.state == "fail" else None


_VIEW: View[AccountCheck] = View(
    columns=(
        Column("state", lambda one: one.state, style=_style),
        Column("account", lambda one: one.account),
        Column("sentence", lambda one: one.sentence),
    ),
    default=("state", "account", "sentence"),
    shape=lambda one: one._asdict(),
    key=lambda one: one.account,
)
