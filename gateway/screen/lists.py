"""Mailing lists (E3): the mail may still be a customer's, but nobody answers a list by machine."""

from gateway.parse.mail import Mail
from gateway.screen.envelope import Envelope
from gateway.screen.hit import Hit, Mark, hit, named, shown

HEADERS = (
    "list-id",
    "list-unsubscribe",
    "list-post",
    "list-help",
    "list-subscribe",
    "list-archive",
    "mailing-list",
    "x-beenthere",
    "x-mailman-version",
    "x-mailing-list",
    "x-ml-name",
    "x-mlserver",
    "x-mlist",
    "x-list",
)


def list_header(mail: Mail, envelope: Envelope) -> Hit | None:
    """E3: a header that only list software writes."""
    found = named(mail, HEADERS)
    if found is None:
        return None
    return hit("list-header", None, Mark.LIST, header=found[0].title(), value=shown(found[1]))


def list_precedence(mail: Mail, envelope: Envelope) -> Hit | None:
    """E2, E3: Precedence: list says how the mail came, not that a machine wrote it."""
    values = (*mail.all("precedence"), *mail.all("x-precedence"))
    if any(value.strip().lower() == "list" for value in values):
        return hit("list-precedence", None, Mark.LIST)
    return None
