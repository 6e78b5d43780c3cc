"""The reply token in a recipient's address (D3): the surest way, whatever a client does to headers."""

from collections.abc import Iterable

from gateway.parse.mail import Mail
from gateway.thread.match import Match
from ticketctl.domain.base import reference
from ticketctl.domain.base.reasons import reason
from ticketctl.domain.definition.mailbox_addresses import split


def tokens(mail: Mail, recipients: Iterable[str]) -> list[reference.ReplyToken]:
    """Every token-shaped detail, envelope recipients first, then the headers a relay or the sender wrote."""
    addresses = [*recipients, *mail.delivered_to, *(a.key for a in (*mail.to, *mail.cc))]
    details = (split(address)[1] for address in dict.fromkeys(a.lower() for a in addresses))
    return [found for detail in details if (found := reference.parse_detail(detail))]


def match(
    key: bytes, mail: Mail, recipients: Iterable[str], sender: str, *, agent: bool = False
) -> Match | None:
    """The ticket of the first token that was made for this sender; a wrong token is no token.

    A comment address is made for every agent of the desk, so for this sender if he is an `agent`.
    """
    for token in tokens(mail, recipients):
        comment = agent and token.purpose == reference.COMMENT
        if reference.holds(key, token, sender) or (
            comment and reference.holds(key, token, reference.AGENTS)
        ):
            why = reason("reply-token", ticket=token.ticket)
            return Match(token.ticket, why, bound=True, purpose=token.purpose)
    return None
