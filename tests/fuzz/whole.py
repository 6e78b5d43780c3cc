"""One mail through everything that reads mail: what must hold for any bytes."""

from gateway.page import clean_html
from gateway.parse.limits import DEFAULT
from gateway.parse.parse import parse, parts_bytes
from gateway.screen.envelope import ScreenEnvelope
from gateway.screen.screen import screen
from gateway.trim.trim import trim
from tests.support.nothing_lost import lost


def read(raw: bytes) -> None:
    """Parse, screen, trim and clean; raises where a promise is broken."""
    mail = parse(raw)
    screening = screen(mail, ScreenEnvelope(), raw)
    assert screening.class_ in ("human", "auto", "bounce", "report")
    found = trim(mail.text)
    assert bool(found.text) == bool(mail.text)
    assert trim(found.text).text == found.text
    for words in (mail.text, mail.subject, mail.html or "", *(part.name for part in mail.parts)):
        assert "\0" not in words
        words.encode()  # raises on a lone surrogate
    assert len(mail.parts) <= DEFAULT.attachments
    assert lost(raw, mail) == []
    contents = parts_bytes(raw, [part.path for part in mail.parts])
    assert all(len(contents[part.path]) == part.size for part in mail.parts)
    if mail.html:
        clean_html.clean(mail.html, {})
