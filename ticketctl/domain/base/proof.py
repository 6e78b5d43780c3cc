"""How sure we are that a mail is from its sender: one value, decided once for each mail (F-D16)."""

from msgspec import Struct

from ticketctl.domain.base.reasons import Reason, reason

TOKEN = "token"  # it uses an address or a Message-ID that only that sender was given
AUTHENTICATED = "authenticated"  # by a trusted relay, their login, or their domain's signature
NONE = "none"
REFUTED = "refuted"  # a trusted relay says that it is not theirs

SURE = frozenset({TOKEN, AUTHENTICATED})


class Proof(Struct, frozen=True):
    """One of the four words, and the reason."""

    word: str
    why: Reason

    @property
    def sure(self) -> bool:
        """May this mail decide where replies go and who takes part?"""
        return self.word in SURE


UNCHECKED = Proof(NONE, reason("sender-not-checked"))
