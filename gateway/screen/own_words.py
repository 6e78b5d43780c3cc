"""Finds the words of a mail's author, without what they quote or forward."""

from gateway.parse.mail import Mail
from gateway.screen.failed_recipients import ADDRESS, SENDER_LINE
from gateway.screen.senders import DAEMON

MAX_TEXT = 8_000
"""Characters of the text that are searched."""


def own_words(mail: Mail) -> str:
    """Return the text without quoted lines and forwarded mails: there a person may show the notice that they got."""
    text = mail.text[:MAX_TEXT]
    if "@" in text:
        text = text[: _forwarded_at(text, mail)]
    lines = text.splitlines()
    if ">" in text or "|" in text:
        lines = [line for line in lines if not line.lstrip().startswith((">", "|"))]
    return "\n".join(lines)


def _forwarded_at(text: str, mail: Mail) -> int:
    """Return where the head of a mail begins that is not of ours; the length if there is none."""
    domains = {each.key.rpartition("@")[2] for each in (*mail.to, *mail.cc)}
    start = 0
    for line in text.split("\n"):
        if "@" in line and SENDER_LINE.match(line):
            senders = ADDRESS.findall(line[:1_000])
            if senders and not any(_may_be_ours(address, domains) for address in senders):
                return start
        start += len(line) + 1
    return len(text)


def _may_be_ours(address: str, domains: set[str]) -> bool:
    """May an address be that of a mail of ours, by its domain? A mail server in our domain is none."""
    local, _, domain = address.lower().rpartition("@")
    return domain in domains and not DAEMON.match(local)
