"""Mail that goes round in circles: our own mail come back (E6), too many hops (E13)."""

from gateway.parse.mail import Mail
from gateway.screen.envelope import Envelope
from gateway.screen.hit import Hit, Mark, hit

LOOP_HEADER = "x-ticketctl-loop"
HOPS = 30
PASSES = 3


def own_mail(mail: Mail, envelope: Envelope) -> Hit | None:
    """E6: our loop header with our own instance is our own mail. Another desk's people may talk to us: its header
    only keeps us quiet, and what its machines write says so itself (E1)."""
    values = [value.strip() for value in mail.all(LOOP_HEADER)]
    if not values:
        return None
    if envelope.instance and envelope.instance in values:
        return hit("own-loop-header", "auto", Mark.LOOP)
    return hit("other-desk-loop-header")


def too_many_hops(mail: Mail, envelope: Envelope) -> Hit | None:
    """E13: thirty Received lines, or one of our own hosts three times in them."""
    lines = mail.all("received")
    if len(lines) >= HOPS:
        return hit("too-many-hops", "auto", Mark.LOOP, count=len(lines))
    for host in envelope.own_hosts:
        passes = sum(_written_by(line, host.lower()) for line in lines)
        if passes >= PASSES:
            return hit("same-host-again", "auto", Mark.LOOP, host=host, count=passes)
    return None


def _written_by(line: str, host: str) -> bool:
    """Whether a Received line was written by this host: the word after the first `by`."""
    words = line.lower().split()
    return "by" in words[:-1] and words[words.index("by") + 1].rstrip(";,") == host
