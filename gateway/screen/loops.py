"""Rules for mail loops: our own mail that came back (E6), too many hops (E13)."""

from gateway.parse.mail import Mail
from gateway.screen.envelope import ScreenEnvelope
from gateway.screen.hit import Hit, Mark, hit

LOOP_HEADER = "x-ticketctl-loop"
HOPS = 30
PASSES = 3


def own_mail(mail: Mail, envelope: ScreenEnvelope) -> Hit | None:
    """E6: a loop header with our own instance means our own mail.

    That of another desk only prevents automatic answers, because its agents may write to us.
    """
    values = [value.strip() for value in mail.all(LOOP_HEADER)]
    if not values:
        return None
    if envelope.instance and envelope.instance in values:
        return hit("own-loop-header", "auto", Mark.LOOP)
    return hit("other-desk-loop-header")


def too_many_hops(mail: Mail, envelope: ScreenEnvelope) -> Hit | None:
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
    """Did this host write the Received line? Its name follows the first `by`."""
    line = line.lower()
    if host not in line:
        return False
    words = line.split()
    return "by" in words[:-1] and words[words.index("by") + 1].rstrip(";,") == host
