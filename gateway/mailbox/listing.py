"""The command `mailbox list`: the mailboxes of desk.toml, how their mail comes in, and the state of polling (B17)."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from ticketctl.console import stuck_mail
from ticketctl.console.context import App
from ticketctl.console.json_shapes import when
from ticketctl.console.rows import rows
from ticketctl.console.view import Column, View
from ticketctl.domain.definition.definition import Mailbox
from ticketctl.safe import terminal_line
from ticketctl.settings.table import ImapAccount
from ticketctl.store.queues import imap_state


class MailboxRow(Struct, frozen=True, kw_only=True):
    """A mailbox, its IMAP accounts with the state of their folders, and the outgoing server."""

    mailbox: Mailbox
    doors: tuple[str, ...]  # "imap NAME", smtp, lmtp; empty: only `gateway ingest`
    accounts: tuple[tuple[ImapAccount, imap_state.PollingState | None], ...]
    stuck: tuple[imap_state.Stuck, ...]
    now: datetime
    outgoing: str

    @property
    def last_ok_at(self) -> datetime | None:
        """Return the last successful poll of the account that is furthest behind; None if one never succeeded."""
        times = [state.last_ok_at if state else None for _, state in self.accounts]
        known = [at for at in times if at is not None]
        return min(known) if known and len(known) == len(times) else None

    @property
    def error(self) -> str | None:
        """Return the errors of its accounts on one line; None if there are none."""
        errors = [state.error for _, state in self.accounts if state and state.error]
        if self.stuck:
            errors.append(stuck_mail.summary(self.stuck, self.now))
        return terminal_line(" ".join(errors)) if errors else None


def show(app: App) -> None:
    """Print every mailbox, and a note for each IMAP account whose mailbox does not exist."""
    with app.db.read() as tx:
        polled, mails = imap_state.folders(tx), imap_state.stuck(tx)
    found = listing(app, polled, mails)
    rows(app, _VIEW, found)
    for account in app.settings.imap:
        if app.definition.mailbox(account.mailbox) is None:
            app.out.note(
                f"the IMAP account {account.name} is for {account.mailbox}, which is not a mailbox of desk.toml."
            )


def listing(
    app: App, polled: Sequence[imap_state.PollingState], mails: Sequence[imap_state.Stuck]
) -> list[MailboxRow]:
    """Return a row for each mailbox, in the order of desk.toml."""
    settings = app.settings
    states = {(one.account, one.folder): one for one in polled}
    server = settings.outgoing
    listening = [name for name in ("smtp", "lmtp") if getattr(settings.gateway, name)]
    found = []
    for box in app.definition.mailboxes:
        own = [a for a in settings.imap if app.definition.mailbox(a.mailbox) == box]
        folders = {(one.name, one.folder) for one in own}
        row = MailboxRow(
            mailbox=box,
            doors=(*(f"imap {one.name}" for one in own), *listening),
            accounts=tuple((one, states.get((one.name, one.folder))) for one in own),
            stuck=tuple(one for one in mails if (one.account, one.folder) in folders),
            now=app.now,
            outgoing=f"{server.host}:{server.port}",
        )
        found.append(row)
    return found


def _shape(row: MailboxRow) -> dict[str, object]:
    return {
        "address": row.mailbox.address,
        "name": row.mailbox.name or None,
        "segment": row.mailbox.segment,
        "aliases": list(row.mailbox.aliases),
        "doors": list(row.doors),
        "accounts": [_account(row, account, state) for account, state in row.accounts],
        "outgoing": row.outgoing,
    }


def _account(
    row: MailboxRow, account: ImapAccount, state: imap_state.PollingState | None
) -> dict[str, object]:
    here = (account.name, account.folder)
    return {
        "name": account.name,
        "server": f"{account.host}:{account.port}",
        "folder": account.folder,
        "auth": account.auth,
        "last_ok_at": when(state.last_ok_at) if state else None,
        "oldest_waiting_at": when(state.oldest_waiting_at) if state else None,
        "error": state.error if state else None,
        "stuck": [stuck_mail.shape(one) for one in row.stuck if (one.account, one.folder) == here],
    }


_VIEW: View[MailboxRow] = View(
    columns=(
        Column("address", lambda row: row.mailbox.address, cut=1),
        Column("name", lambda row: row.mailbox.name, cut=1),
        Column("segment", lambda row: row.mailbox.segment),
        Column("aliases", lambda row: row.mailbox.aliases, cut=1, rare=True),
        Column("doors", lambda row: row.doors, cut=1),
        Column("last_poll", lambda row: row.last_ok_at, rare=True),
        Column("error", lambda row: row.error, cut=2, rare=True),
        Column("outgoing", lambda row: row.outgoing),
    ),
    default=("address", "segment", "aliases", "doors", "last_poll", "error", "outgoing"),
    shape=_shape,
    key=lambda row: row.mailbox.address,
)
