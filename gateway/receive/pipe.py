"""Receives mail from a pipe or a file. Exit 75 means that the caller may try again."""

from collections.abc import Iterable, Sequence

from gateway.parse.mail import Mail
from gateway.parse.parse import parse_head
from gateway.receive.inbox_writer import InboxWriter, by_mailbox
from gateway.receive.mail_files import Item
from gateway.shared.replies import Outcome
from ticketctl.domain.base.records import ReceivedMail
from ticketctl.domain.definition.definition import Definition
from ticketctl.domain.definition.mailbox_addresses import Directory, Route
from ticketctl.errors import TryAgain
from ticketctl.settings.table import Settings
from ticketctl.store.db.database import Database
from ticketctl.store.desk import definitions


def ingest(
    db: Database,
    settings: Settings,
    sender: str | None,
    recipients: Sequence[str],
    items: Iterable[Item],
    authserv_id: str = "",
) -> tuple[int, list[str]]:
    """Store every mail in the inbox. Returns how many, and a sentence for each that cannot be stored.

    `sender` None: taken from Return-Path. No `recipients`: taken from the headers. `authserv_id`: the authserv-id that
    is trusted in Authentication-Results. TryAgain (exit 75) if a mail cannot be stored now; those before it are
    stored, and storing them again does no harm (C9).
    """
    with db.read() as tx:
        definition = definitions.current(tx)
    directory = Directory(definition, settings.outgoing.envelope)
    writer = InboxWriter(db, settings.outgoing.envelope)
    count = 0
    refused: list[str] = []
    try:
        for item in items:
            if item.problem:
                refused.append(f"{item.place} was not accepted: {item.problem}")
            else:
                _store(writer, definition, directory, item.raw, sender, recipients, authserv_id)
                count += 1
    finally:
        writer.close()
    return count, refused


def _store(
    writer: InboxWriter,
    definition: Definition,
    directory: Directory,
    raw: bytes,
    sender: str | None,
    recipients: Sequence[str],
    authserv_id: str,
) -> None:
    mail = parse_head(raw)
    wanted = recipients or recipients_of(mail, directory, definition)
    received = ReceivedMail(
        raw=raw,
        via="pipe",
        envelope_from=envelope_sender(mail, sender),
        recipients=by_mailbox((one, _route(directory, one)) for one in wanted),
        authserv_id=authserv_id,
    )
    if writer.accept(received).outcome is not Outcome.ACCEPTED:
        raise TryAgain("the mail was not accepted; keep it and try again.")


def _route(directory: Directory, recipient: str) -> Route:
    route = directory.route(recipient)
    if route is None:  # an error in a mail server's configuration must not bounce a customer's mail
        raise TryAgain(f"the desk has no mailbox {recipient!r}; correct desk.toml or --recipient.")
    return route


def recipients_of(mail: Mail, directory: Directory, definition: Definition) -> tuple[str, ...]:
    """Return our addresses in Delivered-To, X-Original-To, To and Cc; the first mailbox if there are none."""
    named = [*mail.delivered_to, *(one.key for one in (*mail.to, *mail.cc))]
    ours = tuple(dict.fromkeys(one for one in named if directory.route(one)))
    return ours or (definition.mailboxes[0].address,)


def envelope_sender(mail: Mail, given: str | None = None) -> str | None:
    """Return the envelope sender: as given, else from Return-Path; "" for the null sender, None if unknown."""
    if given is not None:
        return "" if given == "<>" else given
    if not any(name == "return-path" for name, _ in mail.headers):
        return None
    return mail.first("return-path").strip().strip("<>").strip()
