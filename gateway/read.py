"""Reading a mail's text with what the desk knows of its ticket, while no transaction is open in which others wait.

A read transaction finds the ticket and its words; what follows is pure. intake.py asks the desk again when it writes,
and has the mail read anew where the answer is another.
"""

from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from gateway import agents, forms, forward, pictures, rating
from gateway.commands import ask, parse, run
from gateway.forms import Filled
from gateway.incoming import attachments_of, class_of, identify
from gateway.language import guess
from gateway.our_lines import markers, notices
from gateway.parse.mail import Address, Mail
from gateway.parse.parse import parse as parse_mail
from gateway.parse.parse import part_bytes
from gateway.reading import Orders, Reading
from gateway.thread import ids, tag
from gateway.thread.thread import Thread, thread
from gateway.trim.cut import own_words
from gateway.trim.trim import lines_of, trim
from gateway.verdict import Prepared
from ticketctl.actions import people
from ticketctl.actions.work import GATEWAY, Work, begin
from ticketctl.desk.definition import agent_by_email, mailbox
from ticketctl.store import blobs, events, messages
from ticketctl.store.engine import Database

QUOTABLE = 5  # messages of the ticket whose lines are known to be quotes
LAST = 200  # comments and messages of the ticket that an agent's answer is compared with

Raw = Callable[[], bytes]


class _Known(Struct, frozen=True):
    """What the desk says of the mail: its form, subject tag and ticket, and what was said there."""

    work: Work  # its transaction is closed
    form: Filled | None
    tag: int | None
    is_agent: bool
    rates: bool
    ticket: int | None
    as_agent: bool = False  # speaks as one in this ticket
    public: Sequence[str] = ()
    internal: Sequence[str] = ()


def read(db: Database, prepared: Prepared, raw: bytes | None = None) -> Prepared:
    """The mail, read for the ticket that it is about now. `raw`: its bytes, where the database lacks them."""
    mail = prepared.mail
    sender = identify(mail, prepared.row.envelope_from)
    if sender is None or prepared.screening.class_ in ("bounce", "report"):
        return replace(prepared, reading=Reading(sender=sender))
    known = _known(db, prepared, sender)

    def load() -> bytes:
        if raw is not None:
            return raw
        with db.read() as tx:
            return blobs.get(tx, prepared.row.sha256)

    reading = Reading(
        sender=sender,
        form=known.form,
        language=mail.language or guess(mail.text),
        asks=None if known.is_agent else ask.about(mail),
        tag=known.tag,
        grade=rating.read(mail) if known.rates else None,
        is_forward=forward.is_forward(mail),
        passed=_passed(known.work, mail, load) if known.is_agent else None,
        ticket=known.ticket,
        words=None if known.ticket is None or known.as_agent else _words(mail, known),
        orders=_orders(mail, known, load) if known.as_agent else None,
    )
    return replace(prepared, reading=reading)


def _known(db: Database, prepared: Prepared, sender: Address) -> _Known:
    row, mail = prepared.row, prepared.mail
    with db.read() as tx:
        work = begin(tx, GATEWAY)
        form = forms.filled(
            mail, mailbox(work.desk, row.mailbox), lambda a: people.is_inside(work, a)
        )
        author = form.author if form else sender
        ids_known = messages.known_ids(tx, ids.about(mail))
        asked = rating.asked(work, prepared, author.key, ids_known, lock=False)
        tagged = tag.find(work.desk.desk.name, mail)
        found = (
            Thread(asked.ticket)
            if asked
            else thread(
                work,
                prepared,
                ids_known,
                tagged,
                sender=author.key,
                automatic=class_of(work, prepared, author) != "human",
                lock=False,
            )
        )
        is_agent = agent_by_email(work.desk, author.key) is not None
        known = _Known(work, form, tagged, is_agent, asked is not None, None)
        if found.ticket is None:
            return known
        return _with_words(known, found, author.key)


def _with_words(known: _Known, found: Thread, author: str) -> _Known:
    work, ticket = known.work, found.ticket
    assert ticket is not None
    if not agents.speaks(work, found, author):
        public = messages.texts(work.tx, ticket.id, last=QUOTABLE)
        return replace(known, ticket=ticket.id, public=public)
    comments = [one.text for one in messages.comments(work.tx, ticket.id, last=LAST)]
    reasons = [one.comment for one in events.of(work.tx, ticket.id) if one.comment]
    return replace(
        known,
        ticket=ticket.id,
        as_agent=True,
        public=messages.texts(work.tx, ticket.id, last=LAST),
        internal=[*comments, *reasons[-LAST:]],
    )


def _words(mail: Mail, known: _Known) -> str:
    """Replies show what is new (I1); the lines of the ticket's last messages are known quotes."""
    lines = frozenset().union(*map(lines_of, known.public))
    return trim(mail.text, parent_lines=lines, markers=markers()).text


def _orders(mail: Mail, known: _Known, raw: Raw) -> Orders:
    """An agent's own words, by everything that may be quoted in his mail."""
    own = own_words(
        mail.text,
        markers=markers(),
        public=known.public,
        internal=known.internal,
        notices=notices(),
    )
    block = parse.parse(own.text)
    said = next((one.words for one in block.commands if one.name == run.COMMENT), "")
    rest = "\n".join(part for part in (said, block.rest) if part.strip()).strip("\n")
    placed, files = pictures.placed(attachments_of(mail), rest, raw)
    return Orders(own.text, own.doubt, block.commands, rest, placed, tuple(files))


def _passed(work: Work, mail: Mail, raw: Raw) -> forward.Forwarded | None:
    """The customer's mail that an agent passes on."""

    def attached() -> Mail | None:
        part = next((one for one in mail.parts if one.type == "message/rfc822"), None)
        return parse_mail(part_bytes(raw(), part.path)) if part else None

    return forward.forwarded(mail, attached, lambda address: people.is_inside(work, address))
