"""Finds the words of a mail's author, without what they quote or forward."""

from gateway.parse.mail import Mail
from gateway.screen.failed_recipients import ADDRESS, SENDER_LINE
from gateway.screen.senders import DAEMON

MAX_TEXT = 8_000
"""Characters of the text that are searched."""


def own_words(mail: Mail) -> str:
    """Return the text without quoted lines and forwarded mails: there a person may show the notice that they got."""
    text = mail.text[:MAX_TEXT]
    domains = {each.key.rpartition("@")[2] for each in (*mail.to, *mail.cc)}
    start = 0
    for line in text.split("\n"):
        if "@" in line and SENDER_LINE.match(line):
            senders = ADDRESS.findall(line[:1_000])
            if senders and not any(_may_be_ours(address, domains) for address in senders):
                text = text[:start]
                break
        start += len(line) + 1
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith((">", "|")))


def _may_be_ours(address: str, domains: set[str]) -> bool:
    """May an address be that of a mail of ours, by its domain? A mail server in our domain is none."""
    local, _, domain = address.lower().rpartition("@")
    return domain in domains and not DAEMON.match(local)
