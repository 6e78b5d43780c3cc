"""Finds the ticket by the reply token in a recipient's address (D3), which no mail program changes."""

from collections.abc import Iterable, Iterator

from gateway.parse.mail import Mail
from gateway.thread.match import Match
from ticketctl.domain.base import signed_addresses
from ticketctl.domain.base.reasons import reason
from ticketctl.domain.definition.mailbox_addresses import split


def details(mail: Mail, recipients: Iterable[str]) -> Iterator[str]:
    """Return the detail of each address that a mail was sent to: envelope recipients first, then headers."""
    addresses = [*recipients, *mail.delivered_to, *(a.key for a in (*mail.to, *mail.cc))]
    return (split(address)[1] for address in dict.fromkeys(a.lower() for a in addresses))


def tokens(mail: Mail, recipients: Iterable[str]) -> list[signed_addresses.ReplyToken]:
    """Return everything that looks like a token of a ticket."""
    found = map(signed_addresses.parse_detail, details(mail, recipients))
    return [one for one in found if one]


def match(
    key: bytes, mail: Mail, recipients: Iterable[str], sender: str, *, agent: bool = False
) -> Match | None:
    """Return the ticket of the first valid token that was made for this sender.

    The token of a comment address is valid for every agent of the desk; `agent`: the sender is one.
    """
    for token in tokens(mail, recipients):
        comment = agent and token.purpose == signed_addresses.COMMENT
        if signed_addresses.holds(key, token, sender) or (
            comment and signed_addresses.holds(key, token, signed_addresses.AGENTS)
        ):
            why = reason("reply-token", ticket=token.ticket)
            return Match(token.ticket, why, bound=True, purpose=token.purpose)
    return None
