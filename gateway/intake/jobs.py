"""The two kinds of rows that intake files: a mail, and a JSON line of another channel."""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from gateway.intake import decide, file_line, read_text
from gateway.intake.analyse import analyse, analyse_head
from gateway.intake.analysed_mail import AnalysedMail
from gateway.intake.file_line import ParsedLine
from gateway.intake.verdict import Verdict
from gateway.lines.receive_lines import VIA
from gateway.thread import message_ids
from ticketctl.actions.base.context import Work
from ticketctl.domain.base.records import InboxRow
from ticketctl.settings.table import Settings
from ticketctl.store.db.database import Database, Tx


class Job(Protocol):
    """A row of the inbox, analysed and ready to be filed."""

    @property
    def row(self) -> InboxRow:
        """Return its row of the inbox."""

    @property
    def message_id(self) -> str | None:
        """Return its Message-ID; for a JSON line, the id of its channel."""

    @property
    def turn_keys(self) -> Sequence[str]:
        """Return the names that it must not share with a job that another worker is filing."""

    def read(self, db: Database, settings: Settings) -> "Job":
        """Read its text for the ticket as it is now."""

    def file(self, tx: Tx, work: Work) -> Verdict:
        """File it in `tx`. ReadAgain if the ticket changed since it was read."""


class MailJob(Struct, frozen=True):
    """A mail."""

    analysed: AnalysedMail

    @property
    def row(self) -> InboxRow:
        """Return its row of the inbox."""
        return self.analysed.row

    @property
    def message_id(self) -> str | None:
        """Return the Message-ID."""
        return self.analysed.mail.message_id

    @property
    def turn_keys(self) -> Sequence[str]:
        """Return its Message-ID and those it refers to: mails of one conversation share one."""
        return message_ids.own_and_referenced(self.analysed.mail)

    def read(self, db: Database, settings: Settings) -> Job:
        """Read its text for the ticket as it is now."""
        return MailJob(read_text.read(db, settings, self.analysed))

    def file(self, tx: Tx, work: Work) -> Verdict:
        """File it in `tx`. ReadAgain if it is about another ticket than it was read for."""
        return decide.file_mail(tx, work, self.analysed)


class LineJob(Struct, frozen=True):
    """A JSON line: a message of another channel, or an answer to a survey."""

    line: ParsedLine

    @property
    def row(self) -> InboxRow:
        """Return its row of the inbox."""
        return self.line.row

    @property
    def message_id(self) -> str | None:
        """Return the id its channel gave it, such as `chat:17`."""
        return self.line.message_id

    @property
    def turn_keys(self) -> Sequence[str]:
        """Return its own id, its thread and its customer."""
        return self.line.turn_keys

    def read(self, db: Database, settings: Settings) -> Job:
        """Return it as it is: its text does not depend on a ticket."""
        return self

    def file(self, tx: Tx, work: Work) -> Verdict:
        """File it in `tx`."""
        return file_line.file_line(tx, work, self.line)


def is_mail(row: InboxRow) -> bool:
    """Is the row a mail, not a JSON line?"""
    return row.via != VIA


def job_of(row: InboxRow, raw: bytes, settings: Settings, instance: str) -> Job:
    """Parse a row's bytes."""
    if is_mail(row):
        return MailJob(analyse(row, raw, settings, instance))
    return LineJob(file_line.parse(row, raw))


def job_of_head(row: InboxRow, raw: bytes, settings: Settings, instance: str) -> Job:
    """Parse only the head of a mail that takes too long to parse."""
    return MailJob(analyse_head(row, raw, settings, instance))
