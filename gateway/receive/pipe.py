"""The pipe: mail that another program or a file hands over. Exit 75 when it may be tried again."""

from collections.abc import Iterable, Sequence

from gateway.parse.mail import Mail
from gateway.parse.parse import parse_head
from gateway.receive.inbox_writer import Front, Taken
from gateway.receive.mail_files import Item
from gateway.shared.replies import Outcome
from ticketctl.domain.definition.definition import Definition
from ticketctl.domain.definition.mailbox_addresses import Directory, Route
from ticketctl.errors import TryAgain
from ticketctl.settings.table import Settings
from ticketctl.store.db.engine import Database
from ticketctl.store.desk import definitions

NULL_SENDER = "<>"  # a null sender that was stated; an empty envelope_from means that nobody said


def ingest(
    db: Database,
    settings: Settings,
    sender: str | None,
    recipients: Sequence[str],
    items: Iterable[Item],
    authserv_id: str = "",
) -> tuple[int, list[str]]:
    """Take every mail into the inbox; how many, and a sentence for each that cannot be taken.

    `authserv_id`: whose Authentication-Results are believed.
    `sender` None: Return-Path tells. Without `recipients` the mail's heads tell. TryAgain (exit 75) where a mail
    could not be taken now; what was taken before it stays taken, and taking it twice does no harm (C9).
    """
    with db.read() as tx:
        definition = definitions.current(tx)
    directory = Directory(definition, settings.outgoing.envelope)
    front = Front(db, settings.outgoing.envelope)
    count = 0
    refused: list[str] = []
    try:
        for item in items:
            if item.problem:
                refused.append(f"{item.place} was not taken: {item.problem}")
            else:
                _take(front, definition, directory, item.raw, sender, recipients, authserv_id)
                count += 1
    finally:
        front.close()
    return count, refused


def _take(
    front: Front,
    definition: Definition,
    directory: Directory,
    raw: bytes,
    sender: str | None,
    recipients: Sequence[str],
    authserv_id: str,
) -> None:
    mail = parse_head(raw)
    wanted = recipients or recipients_of(mail, directory, definition)
    taken = Taken(
        raw=raw,
        size=len(raw),
        via="pipe",
        envelope_from=stated_sender(mail) if sender is None else sender or NULL_SENDER,
        recipients=tuple((one, _place(directory, one)) for one in wanted),
        authserv_id=authserv_id,
    )
    if front.accept(taken).outcome is not Outcome.TAKEN:
        raise TryAgain("the mail was not taken; keep it and try again.")


def _place(directory: Directory, recipient: str) -> Route:
    place = directory.place(recipient)
    if place is None:  # a slip in a mail server's configuration must not bounce a customer's mail
        raise TryAgain(f"the desk has no mailbox {recipient!r}; mend desk.toml or --recipient.")
    return place


def recipients_of(mail: Mail, directory: Directory, definition: Definition) -> tuple[str, ...]:
    """Our addresses in Delivered-To, X-Original-To, To, Cc; the first mailbox where the heads name none of ours."""
    named = [*mail.delivered_to, *(one.key for one in (*mail.to, *mail.cc))]
    ours = tuple(dict.fromkeys(one for one in named if directory.place(one)))
    return ours or (definition.mailboxes[0].address,)


def stated_sender(mail: Mail) -> str:
    """The envelope sender that Return-Path states; `<>` for a null one, empty where nobody said."""
    if not any(name == "return-path" for name, _ in mail.headers):
        return ""
    return mail.first("return-path").strip().strip("<>").strip() or NULL_SENDER
