"""Every error we raise: the sentence the user reads, and the exit code.

    DeskError
    ├── BadInput           2   an option, value, field or query that cannot be understood
    ├── NotFound           3   no such ticket, agent, segment, canned reply …
    ├── NotAllowed         4   who are you, or you may not
    ├── Conflict           5   changed meanwhile, already owned, already merged
    ├── Refused            6   a rule says no: required field, mandatory comment, transition, bad definition
    ├── PartlyDone         7   some items of several failed
    ├── DatabaseTrouble    8   schema too old or too new, no such file
    │   └── DatabaseAway   8   unreachable, locked past the time-out: it may pass by itself
    ├── MailServerTrouble  9   cannot connect, log in, or send
    ├── ShopTrouble        9   a shop cannot be reached, does not let us in, or answers what is no answer
    ├── WebTrouble         9   a file on the web cannot be fetched, or is not what it should be
    ├── ConditionHolds    10   the condition asked about holds (--exit-status, --fail-on)
    ├── BadData           65   `gateway ingest` only: what was given is no data of the kind it should be
    └── TryAgain          75   `gateway ingest` only: temporary, keep the mail and try again

A DeskError is an answer, never a bug: its text says what is wrong, where, and what to do.
"""


class DeskError(Exception):
    """An answer to the user. `problems` are further lines, one each (paths of a bad file, items)."""

    exit_code = 1

    def __init__(self, sentence: str, *problems: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join((self.sentence, *self.problems))


class BadInput(DeskError):
    """Something typed cannot be understood."""

    exit_code = 2


class NotFound(DeskError):
    """Something named does not exist."""

    exit_code = 3


class NotAllowed(DeskError):
    """The user is unknown, or not allowed to do this."""

    exit_code = 4


class Conflict(DeskError):
    """Somebody else was quicker."""

    exit_code = 5


class Refused(DeskError):
    """A rule of the desk says no."""

    exit_code = 6


class PartlyDone(DeskError):
    """Some items were done, some were not."""

    exit_code = 7


class DatabaseTrouble(DeskError):
    """The database cannot be used now, or not by this version."""

    exit_code = 8


class DatabaseAway(DatabaseTrouble):
    """The database cannot be used now; that may pass by itself."""


class MailServerTrouble(DeskError):
    """A mail server cannot be reached, logged in to, or sent through."""

    exit_code = 9


class ShopTrouble(DeskError):
    """A shop cannot be reached, does not let us in, or answers what is no answer."""

    exit_code = 9


class WebTrouble(DeskError):
    """A file on the web cannot be fetched, or is not what it should be."""

    exit_code = 9


class ConditionHolds(DeskError):
    """The condition the user asked about holds."""

    exit_code = 10


class BadData(DeskError):
    """What was handed over is not of the kind it should be (EX_DATAERR of sysexits.h)."""

    exit_code = 65


class TryAgain(DeskError):
    """Temporary: keep the mail and try again (EX_TEMPFAIL of sysexits.h)."""

    exit_code = 75
