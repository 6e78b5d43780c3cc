"""What becomes of a JSON line in the inbox: filed once, or held with the reason."""

import hashlib

from msgspec import Struct
from msgspec.structs import replace

from gateway.intake.verdict import Verdict
from gateway.lines import answer, line
from ticketctl.actions.base.context import Work
from ticketctl.actions.tickets import rate, receive_channel
from ticketctl.actions.tickets.rate import Answer
from ticketctl.actions.tickets.receive_channel import Contact
from ticketctl.domain.base.identity import EMAIL
from ticketctl.domain.base.reasons import reason
from ticketctl.domain.base.records import InboxRow
from ticketctl.errors import BadInput, NotFound, Refused
from ticketctl.store.db.engine import Tx, savepoint
from ticketctl.store.queues import bans, inbox


class Prepared(Struct, frozen=True):
    """A line understood as far as it goes; `problem` where it cannot be."""

    row: InboxRow
    said: Contact | Answer | None
    problem: str = ""

    @property
    def message_id(self) -> str | None:
        """`chat:17`, the channel's own id of the message, `survey:csat:17` of an answer; None where it gave none."""
        if isinstance(self.said, Answer):
            return answer.identity(self.said) or None
        return receive_channel.message_id(self.said) if self.said else None

    @property
    def names(self) -> tuple[str, ...]:
        """What two who file at once take turns at."""
        if isinstance(self.said, Answer):
            return answer.names(self.said)
        return receive_channel.names(self.said) if self.said else ()


def prepare(row: InboxRow, raw: bytes) -> Prepared:
    """Read a line; no database."""
    try:
        return Prepared(row, answer.read(raw) if answer.is_answer(raw) else line.read(raw))
    except BadInput as wrong:
        return Prepared(row, None, wrong.sentence)


def settle(tx: Tx, work: Work, prepared: Prepared) -> Verdict:
    """File a line in `tx`, and end its row with the verdict; a line that cannot be filed is held."""
    row = prepared.row
    verdict = _judge(tx, work, prepared)
    if verdict.held is not None:
        inbox.hold(tx, row.id, verdict.held)
        return verdict
    inbox.finish(
        tx,
        row.id,
        verdict=verdict.verdict or "",
        class_=verdict.class_,
        ticket=verdict.ticket,
        message=verdict.message,
        reasons=verdict.reasons,
        message_id=prepared.message_id,
    )
    return verdict


def _judge(tx: Tx, work: Work, prepared: Prepared) -> Verdict:
    said = prepared.said
    if said is None:
        return Verdict(verdict=None, class_="human", held=prepared.problem)
    try:
        with savepoint(tx):
            if isinstance(said, Answer):
                return _rated(tx, work, prepared.row, said)
            return _file(tx, work, prepared.row, said)
    except (BadInput, NotFound, Refused) as wrong:
        return Verdict(verdict=None, class_="human", held=wrong.sentence)


def _file(tx: Tx, work: Work, row: InboxRow, said: Contact) -> Verdict:
    identity = hashlib.sha256(said.id.encode()).hexdigest() if said.id else row.sha256
    if not inbox.mark_filed(tx, said.channel, identity, "", row.id, work.at):
        why = reason("message-filed-before", channel=said.channel)
        return Verdict(verdict="duplicate", class_="human", reasons=(why,))
    banned = _banned(tx, said)
    outcome = receive_channel.receive(work, replace(said, spam=banned is not None))
    reasons = (reason("sender-banned", sender=said.who, pattern=banned),) if banned else ()
    return Verdict(
        verdict=outcome.verdict,
        class_="human",
        ticket=outcome.ticket,
        message=outcome.message,
        reasons=(*reasons, *outcome.reasons),
    )


def _rated(tx: Tx, work: Work, row: InboxRow, said: Answer) -> Verdict:
    """Keep an answer to a survey, once by its id, else by its line."""
    name = answer.identity(said)
    identity = hashlib.sha256(name.encode()).hexdigest() if name else row.sha256
    if inbox.mark_filed(tx, "survey", identity, "", row.id, work.at):
        outcome = rate.outside(work, said)
        if outcome.new:
            return Verdict(verdict="rating", class_="human", ticket=outcome.ticket)
    known = reason("survey-answer-known")
    return Verdict(verdict="duplicate", class_="human", reasons=(known,))


def _banned(tx: Tx, said: Contact) -> str | None:
    if said.who is None:
        return None
    return bans.matches(tx, said.who.value if said.who.kind == EMAIL else str(said.who))
