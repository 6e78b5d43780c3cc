"""The commands `gateway explain` and `inbox explain`: what would happen to a mail, and why.

The mail is really filed, in a transaction that is rolled back.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from gateway.intake import decide
from gateway.intake.analyse import analyse, analyse_head
from gateway.intake.analysed_mail import AnalysedMail
from gateway.intake.own_text import markers
from gateway.intake.read_result import MAX_READINGS, ReadAgain
from gateway.intake.read_text import read
from gateway.intake.to_incoming import answer_to, author_of
from gateway.intake.verdict import Verdict
from gateway.parse.mail import Mail
from gateway.parse.parse import parse_head
from gateway.receive.pipe import envelope_sender, recipients_of
from gateway.screen.screen import Screening
from gateway.shared.cpu_budget import Allowance, TooCostly
from gateway.trim.trim import trim
from ticketctl import clock
from ticketctl.actions.mail import customer_mail
from ticketctl.clock import rfc3339
from ticketctl.console import access, rows
from ticketctl.console.context import App
from ticketctl.domain.base.records import InboxRow, OutboxRow, ReceivedMail
from ticketctl.domain.definition.mailbox_addresses import Directory
from ticketctl.errors import BadInput, TryAgain
from ticketctl.safe import terminal, terminal_line
from ticketctl.settings.table import Settings
from ticketctl.store.db import meta
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.desk import definitions
from ticketctl.store.queues import inbox, outbox
from ticketctl.store.tickets import tickets

T = TypeVar("T")

_MAX_MAILS = 50  # listed of those that the mail would cause
_OUTCOMES = {
    "new": "opens a new ticket",
    "reply": "joins ticket {ticket}",
    "follow-up": "opens a new ticket that follows an ended one",
    "claim": "opens a new ticket, linked to one that its sender does not belong to",
    "duplicate": "was filed before: nothing happens",
    "bounce": "is a delivery report: recorded on the mail it is about, if that is ours",
    "auto": "is kept in ticket {ticket}; nothing else happens",
    "command": "is a command or a question, and is carried out",
    "dropped": "changes nothing, and opens no ticket",
    "spam": "is filed as spam",
    "loop": "is our own mail, and is held",
    "rating": "rates ticket {ticket}",
}


class Explanation(msgspec.Struct, frozen=True):
    """What would happen to one mail."""

    analysed: AnalysedMail
    verdict: Verdict
    answer_to: str | None
    mails: tuple[OutboxRow, ...]  # what would be sent


def show(
    app: App,
    recipients: Sequence[str],
    sender: str | None,
    files: Sequence[str],
    authserv_id: str = "",
) -> None:
    """Print what would happen to each file: sentences, one JSON object, or NDJSON with the file's name."""
    lines = app.options.format == "ndjson"
    if not lines and len(files) > 1 and app.options.json:
        raise BadInput("several files give several objects: use --format ndjson.")
    for name, raw in _mails(files):
        explanation = explain(app.db, app.settings, raw, recipients, sender, authserv_id)
        if lines:
            app.out.data(msgspec.json.encode({"file": name, **shape(explanation)}).decode())
        else:
            _print(app, name, explanation)


def show_stored(app: App, number: int) -> None:
    """Print what would happen now to a mail of the inbox. NotFound, or NotAllowed if the agent may not read it."""
    with app.db.read() as tx:
        access.mail(app, tx, inbox.get(tx, number))
    _print(app, f"mail {number}", stored(app.db, app.settings, number))


def _print(app: App, name: str, explanation: Explanation) -> None:
    if app.options.json:
        rows.one(app, shape(explanation))
    else:
        app.out.data(sentences(name, explanation))


def explain(
    db: Database,
    settings: Settings,
    raw: bytes,
    recipients: Sequence[str],
    sender: str | None,
    authserv_id: str = "",
) -> Explanation:
    """Receive and file the mail, then roll everything back."""
    mail = parse_head(raw)
    with db.read() as tx:
        definition = definitions.current(tx)
    directory = Directory(definition, settings.outgoing.envelope)
    wanted = recipients or recipients_of(mail, directory, definition)
    route = directory.route(wanted[0])
    if route is None:
        raise BadInput(f"the desk has no mailbox {wanted[0]!r}.")
    received = ReceivedMail(
        raw=raw,
        via="pipe",
        envelope_from=envelope_sender(mail, sender),
        recipients={route.mailbox: tuple(wanted)},
        authserv_id=authserv_id,
    )
    return _rehearse(db, settings, raw, lambda tx: _accept(tx, received))


def stored(db: Database, settings: Settings, number: int) -> Explanation:
    """File a mail of the inbox again, as `inbox retry` would, then roll back. NotFound for an unknown one.

    A mail that was filed stays filed, so it is explained as a duplicate.
    """
    with db.read() as tx:
        row, raw = inbox.get(tx, number), inbox.raw(tx, number)

    def enter(tx: Tx) -> InboxRow:
        if row.state == inbox.HELD or row.verdict == inbox.DROPPED:
            inbox.retry(tx, number)
        elif row.state == inbox.DONE:
            again = ReceivedMail(
                raw=raw,
                via=row.via,
                envelope_from=row.envelope_from,
                recipients={row.mailbox: row.recipients},
                remote=row.remote,
                authenticated=row.authenticated,
                authserv_id=row.authserv_id,
                size=row.size,
            )
            return _accept(tx, again)
        return row

    return _rehearse(db, settings, raw, enter)


def _accept(tx: Tx, received: ReceivedMail) -> InboxRow:
    (row,) = inbox.accept(tx, received, clock.now())
    return inbox.get(tx, row)


def _rehearse(
    db: Database, settings: Settings, raw: bytes, enter: Callable[[Tx], InboxRow]
) -> Explanation:
    """File the row that `enter` puts into the inbox, in a transaction that is rolled back."""
    row = db.rehearse(enter)
    with db.read() as tx:
        instance = meta.instance(tx)
    try:
        with Allowance(settings.gateway.intake_cpu_seconds).spent():
            analysed = analyse(row, raw, settings, instance)
            ready = read(db, settings, analysed, raw)  # may ask the DNS
    except TooCostly:
        analysed = analyse_head(row, raw, settings, instance)
        ready = read(db, settings, analysed, raw)
    for _ in range(MAX_READINGS):
        with suppress(ReadAgain):
            return db.rehearse(
                partial(_file_and_list, settings=settings, analysed=ready, enter=enter)
            )
        ready = read(db, settings, analysed, raw)
    raise TryAgain("the mail's ticket changed each time it was read; try again.")


def _file_and_list(
    tx: Tx, settings: Settings, analysed: AnalysedMail, enter: Callable[[Tx], InboxRow]
) -> Explanation:
    work = decide.gateway_work(tx, settings)
    analysed = replace(analysed, row=enter(tx))
    last = next((one.id for one in outbox.listing(tx, limit=1)), 0)
    verdict = decide.file_mail(tx, work, analysed)
    who = author_of(analysed.mail, analysed.row.envelope_from)
    answer = answer_to(work, analysed.mail, analysed.screening, who) if who else None
    if verdict.verdict == "reply" and verdict.ticket:
        answer = customer_mail.answer_address(work, tickets.get(tx, verdict.ticket))
    mails = [one for one in outbox.listing(tx, limit=_MAX_MAILS) if one.id > last]
    return Explanation(analysed, verdict, answer, tuple(reversed(mails)))


def shape(one: Explanation) -> dict[str, object]:
    """Return the object that `--json` prints."""
    mail, screening, verdict = one.analysed.mail, one.analysed.screening, one.verdict
    proof = one.analysed.read().proof
    return {
        "verdict": verdict.verdict,
        "class": verdict.class_,
        "ticket": verdict.ticket
        if verdict.verdict in ("reply", "auto", "duplicate", "bounce", "command", "rating")
        else None,
        "reasons": [one.text for one in verdict.reasons],
        "reason_slugs": [one.slug for one in verdict.reasons],
        "mails": [{"kind": mail.kind, "to": [*mail.to, *mail.cc]} for mail in one.mails],
        "mail": _mail(mail, one.answer_to),
        "bounce": _bounce(screening),
        "proof": {"word": proof.word, "why": proof.why.text, "slug": proof.why.slug},
        "flags": msgspec.to_builtins(screening.flags),
    }


def _mail(mail: Mail, answer_to: str | None) -> dict[str, object]:
    short = trim(mail.text, markers=markers(), html=mail.html)
    first = mail.from_[0] if mail.from_ else None
    return {
        "from": first.key if first else None,
        "from_name": first.name if first else None,
        "sender": mail.sender.key if mail.sender else None,
        "to": [address.key for address in mail.to],
        "cc": [address.key for address in mail.cc],
        "reply_to": [address.key for address in mail.reply_to],
        "answer_to": answer_to,
        "subject": mail.subject,
        "message_id": mail.message_id,
        "in_reply_to": mail.in_reply_to,
        "references": list(mail.references),
        "date": rfc3339(mail.date) if mail.date else None,
        "language": mail.language,
        "text": mail.text,
        "reply_text": short.text,
        "elided_text": short.elided,
        "signature": short.signature,
        "attachments": [
            {"name": p.name, "type": p.type, "size": p.size, "sha256": p.sha256, "inline": p.inline}
            for p in mail.parts
        ],
    }


def _bounce(screening: Screening) -> dict[str, object]:
    facts = screening.bounce
    return {
        "recipients": [
            {
                "address": failed.address,
                "action": failed.action,
                "status": failed.status,
                "hard": failed.hard,
                "diagnostic": failed.diagnostic,
            }
            for failed in (facts.recipients if facts else ())
        ],
        "original_message_id": facts.original_message_id if facts else None,
    }


def sentences(name: str, one: Explanation) -> str:
    """Return the explanation in sentences."""
    mail, verdict, proof = one.analysed.mail, one.verdict, one.analysed.read().proof
    who = f"{mail.sender.name} <{mail.sender.email}>" if mail.sender else "nobody"
    outcome = _OUTCOMES.get(verdict.verdict or "", "is held for a person")
    head = [
        f"{name}: {verdict.class_} mail; it {outcome.format(ticket=verdict.ticket)}",
        f"  from     {who}",
        f"  subject  {mail.subject}",
        f"  sender   {proof.word}: {proof.why.text}",
        f"  answers go to {one.answer_to or 'nobody'}",
        *(f"  sends    {sent.kind} to {', '.join((*sent.to, *sent.cc))}" for sent in one.mails),
    ]
    return "\n".join(
        [*map(_safe_line, head), *(f"  - {terminal(str(one))}" for one in verdict.reasons)]
    )


def _safe_line(text: str) -> str:
    """Make a line safe for a terminal, keeping its indentation."""
    return " " * (len(text) - len(text.lstrip(" "))) + terminal_line(text)


def _mails(files: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    for name in files:
        try:
            yield name, sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        except OSError as trouble:
            raise BadInput(f"the file {name!r} cannot be read: {trouble.strerror}.") from None
