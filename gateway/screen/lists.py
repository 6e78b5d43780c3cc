"""Rules for mailing lists (E3): such mail may be a customer's, but gets no automatic answer."""

from gateway.parse.mail import Mail
from gateway.screen.envelope import ScreenEnvelope
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


def list_header(mail: Mail, envelope: ScreenEnvelope) -> Hit | None:
    """E3: a header that only list software writes."""
    found = named(mail, HEADERS)
    if found is None:
        return None
    return hit("list-header", None, Mark.LIST, header=found[0].title(), value=shown(found[1]))


def list_precedence(mail: Mail, envelope: ScreenEnvelope) -> Hit | None:
    """E2, E3: Precedence: list means that it came by a list, not that a machine wrote it."""
    values = (*mail.all("precedence"), *mail.all("x-precedence"))
    if any(value.strip().lower() == "list" for value in values):
        return hit("list-precedence", None, Mark.LIST)
    return None
