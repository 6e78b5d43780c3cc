"""Reading a mail's text with what the desk knows of its ticket, while no transaction is open in which others wait.

A read transaction finds the ticket and its words; what follows is pure. decide.py asks the desk again when it writes,
and has the mail read anew where the answer is another.
"""

from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from gateway.auth.sender import Signed
from gateway.commands import ask, parse, run
from gateway.intake import agent_files, agent_mail, forward, inline_images, proof, survey_answers
from gateway.intake.own_text import markers, notices
from gateway.intake.read_result import Orders, Reading
from gateway.intake.to_incoming import attachments_of, class_of, identify
from gateway.intake.verdict import Prepared
from gateway.parse.language import guess
from gateway.parse.mail import Address, Mail
from gateway.parse.parse import parse as parse_mail
from gateway.parse.parse import part_bytes
from gateway.thread import ids, tag
from gateway.thread.thread import Author, Thread, thread
from gateway.trim.cut import own_words
from gateway.trim.trim import lines_of, trim
from ticketctl.actions.base.context import GATEWAY, Work, begin
from ticketctl.actions.mail import participants
from ticketctl.domain.base.proof import NONE, REFUTED, TOKEN, Proof
from ticketctl.domain.base.reasons import Reason, reason
from ticketctl.settings.table import Settings
from ticketctl.store.db import blobs
from ticketctl.store.db.engine import Database
from ticketctl.store.tickets import events, messages

QUOTABLE = 5  # messages of the ticket whose lines are known to be quotes
LAST = 200  # comments and messages of the ticket that an agent's answer is compared with

Raw = Callable[[], bytes]


class _Known(Struct, frozen=True):
    """What the desk says of the mail's ticket, and what was said there."""

    rates: Reason | None  # why it answers a survey, None where it does not
    joins: bool  # some ticket, or claims to
    ticket: int | None = None
    as_agent: bool = False  # speaks as one in this ticket
    public: Sequence[str] = ()
    internal: Sequence[str] = ()


def read(
    db: Database, settings: Settings, prepared: Prepared, raw: bytes | None = None
) -> Prepared:
    """The mail, read for the ticket that it is about now. `raw`: its bytes, where the database lacks them.

    May ask the DNS for the sender's DKIM key: of an agent's mail, and of a customer's that would join a ticket and
    proves its sender by nothing else.
    """
    mail, row = prepared.mail, prepared.row
    sender = identify(mail, row.envelope_from)
    if sender is None or prepared.screening.class_ in ("bounce", "report"):
        return replace(prepared, reading=Reading(sender=sender))

    def load() -> bytes:
        if raw is not None:
            return raw
        with db.read() as tx:
            return blobs.get(tx, row.sha256)

    with db.read() as tx:
        work = begin(tx, GATEWAY, bounces=settings.outgoing.envelope)
        who = proof.who(work, prepared, sender, settings)
    first = who.first(load)
    if who.agent:  # whose mail is filed by what is proven of it only
        prepared = replace(prepared, mail=first.mail)
    mail = prepared.mail
    reading = Reading(
        sender=sender,
        proof=first.proof,
        form=who.form,
        language=mail.language or guess(mail.text),
        asks=None if who.agent else ask.about(mail),
        tag=tag.find(work.definition.settings.name, mail),
        is_forward=forward.is_forward(mail),
        passed=_passed(work, mail, load) if who.agent else None,
    )
    with db.read() as tx:
        known = _known(replace(work, tx=tx), replace(prepared, reading=reading), who.author)
    as_customer = known.ticket is not None and not known.as_agent
    proven = _proven(who, first, known, load)
    if proven.by_dkim and who.agent is None:
        again = replace(prepared, reading=reading, mail=proven.mail)
        with db.read() as tx:
            signed = _known(replace(work, tx=tx), again, who.author)
        proven = _threaded(mail, proven, same=signed.ticket == known.ticket)
    reading = replace(
        reading,
        proof=proven.proof,
        grade=survey_answers.read(mail) if known.rates else None,
        ticket=known.ticket,
        words=_words(mail, known) if as_customer else None,
        orders=_orders(prepared, known, load) if known.as_agent else None,
    )
    return replace(prepared, reading=reading, mail=proven.mail)


def _proven(who: proof.Who, first: Signed, known: _Known, raw: Raw) -> Signed:
    """The proof of the whole mail, and what it covers: a survey's address or mail was given to its author, too."""
    if known.rates and first.proof.word == REFUTED:
        return Signed(proof.outweighed(known.rates, first.proof.why), first.mail)
    if known.rates and not first.proof.sure:
        return Signed(Proof(TOKEN, known.rates), first.mail)
    return who.second(raw) if known.joins and who.agent is None else first


def _threaded(mail: Mail, proven: Signed, *, same: bool) -> Signed:
    """A customer's signed mail joins the ticket that it names, but proves nothing there unless what is signed of it
    names the same."""
    if not same:
        return Signed(Proof(NONE, reason("parent-not-signed")), mail)
    whole = replace(proven.mail, in_reply_to=mail.in_reply_to, references=mail.references)
    return replace(proven, mail=whole)


def _known(work: Work, prepared: Prepared, author: Address) -> _Known:
    reading = prepared.read()
    ids_known = messages.known_ids(work.tx, ids.about(prepared.mail))
    asked = survey_answers.asked(work, prepared, author.key, ids_known, lock=False)
    found = (
        Thread(asked.ticket)
        if asked
        else thread(
            work,
            prepared.row,
            prepared.mail,
            Author(author.key, reading.proof, class_of(work, prepared, author) != "human"),
            ids_known,
            tagged=reading.tag,
            lock=False,
        )
    )
    joins = found.ticket is not None or work.definition.settings.join_across_channels
    known = _Known(asked.why if asked else None, joins)
    return _with_words(work, known, found, author.key) if found.ticket else known


def _with_words(work: Work, known: _Known, found: Thread, author: str) -> _Known:
    ticket = found.ticket
    assert ticket is not None
    if not agent_mail.speaks(work, found, author):
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


def _orders(prepared: Prepared, known: _Known, raw: Raw) -> Orders:
    """An agent's own words, by everything that may be quoted in his mail."""
    mail = prepared.mail
    if prepared.unread:
        return Orders(mail.text, "it takes too long to read", (), mail.text, mail.text, ())
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
    doubt = own.doubt or agent_files.doubt(mail.parts, known.public, known.internal, raw)
    placed, files = inline_images.placed(attachments_of(mail), rest, raw)
    return Orders(own.text, doubt, block.commands, rest, placed, tuple(files))


def _passed(work: Work, mail: Mail, raw: Raw) -> forward.Forwarded | None:
    """The customer's mail that an agent passes on."""

    def attached() -> Mail | None:
        part = next((one for one in mail.parts if one.type == "message/rfc822"), None)
        return parse_mail(part_bytes(raw(), part.path)) if part else None

    return forward.forwarded(mail, attached, lambda address: participants.is_inside(work, address))
