"""Plain text as HTML paragraphs, with links for the addresses in it."""

import re

from markupsafe import Markup, escape

# Scripts without blanks between words: text goes on right behind an address.
_CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
# Also quotes, brackets, dashes, invisible marks and marks of direction, full-width punctuation.
_STOP = r"\s\x00-\x1f\x7f-\x9f<>\"`\[\]{}|\\^«»\u061c\u2000-\u206f\u3000-\u303f\ufeff\uff00-\uff65"
_LABEL = rf"[^{_STOP}/?#:@.,;!'()*&=+$%~]++"
_HOST = rf"{_LABEL}(?:\.{_LABEL})*+"
_LOCAL = "[A-Za-z0-9._%+-]{1,64}+"
_ADDRESS = rf"{_LOCAL}@[^\W_{_CJK}](?:[^\W{_CJK}]|-)*+(?:\.(?:[^\W_{_CJK}]|-)++)++"
_FOUND = re.compile(
    rf"(?<![^\W{_CJK}])(?:https?://|mailto:)[^{_STOP}]+|(?<![^\W{_CJK}])(?<![.%+/@-]){_ADDRESS}",
    re.IGNORECASE,
)
_WEB = re.compile(rf"https?://{_HOST}(?::[0-9]{{1,5}})?(?:[/?#].*)?", re.IGNORECASE)
_MAIL = re.compile(rf"mailto:{_ADDRESS}(?:\?.*)?", re.IGNORECASE)
_WORDS_BEHIND = re.compile(rf"(?<=[^{_CJK}./])[{_CJK}]|(?<=[^/][/?#])[{_CJK}]")
_SENTENCE = ".,;:!?'*_~،؛؟۔।"
_LONGEST = 2000  # characters of an address
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n)+")
_LINK = Markup(
    '<a class="link" dir="ltr" href="{}" style="background-color:#ffffff;color:#1a5fa8">{}</a>'
)


def paragraphs(text: str, links: bool = True) -> Markup:
    """Text as paragraphs, each in the direction of its words: escaped, single line ends become breaks.

    With `links`, http, https and mailto addresses become links to exactly what they show. Quoted text of others has
    none: we lead nobody to where a stranger wants them.
    """
    blocks = _BLANK_LINES.split(text.replace("\r\n", "\n").strip("\n"))
    shown = _linked if links else escape
    return Markup("\n").join(
        Markup('<p dir="auto" style="margin:0 0 12px">{}</p>').format(
            Markup("<br>\n").join(shown(line) for line in block.split("\n"))
        )
        for block in blocks
    )


def _linked(line: str) -> Markup:
    pieces, done = [], 0
    for found in _FOUND.finditer(line):
        address = _address(found[0])
        if address:
            target = address if ":" in address else f"mailto:{address}"
            pieces += [escape(line[done : found.start()]), _LINK.format(target, address)]
            done = found.start() + len(address)
    return Markup("").join([*pieces, escape(line[done:])])


def _address(found: str) -> str:
    """The part of what was found that is an address, without the sentence's punctuation; "" if none is.

    An address with a name or password before its host is none: people read the name as the host.
    """
    if len(found) > _LONGEST:
        return ""
    behind = _WORDS_BEHIND.search(found)
    address = found[: behind.start()] if behind else found
    while address:
        shorter = address.rstrip(_SENTENCE)
        if shorter.endswith(")") and shorter.count(")") > shorter.count("("):
            shorter = shorter[:-1]
        if shorter == address:
            break
        address = shorter
    whole = address if ":" in address else f"mailto:{address}"
    return address if _WEB.fullmatch(whole) or _MAIL.fullmatch(whole) else ""
