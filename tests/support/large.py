"""Mails of one shape each and of any size, where a careless reader takes more time than the size is worth.

`SHAPES` has a maker a shape: it takes a size in bytes and returns a raw mail of about this size, the same at every
call. tests/support/nasty.py has more of them, made by chance.
"""

from collections.abc import Callable

_WORDS = (
    "the printer in the hall on the second floor does not print and its lamp is red since Monday "
    "although we have changed the paper and the cartridge as you told us größer příliš "
)
_FROM = "From: Ana <ana@customer.example>\nTo: support@help.example\nSubject: Re: Printer\n"
_WROTE = "On Mon, 9 Feb 2026 at 10:0{n}, Help Desk <support@help.example> wrote:"


def _text(body: str, head: str = "") -> bytes:
    kind = "Content-Type: text/plain; charset=utf-8\n\n"
    return f"{_FROM}{head}{kind}{body}".encode()


def _html(body: str) -> bytes:
    kind = "Content-Type: text/html; charset=utf-8\n\n"
    return f"{_FROM}{kind}<html><body>{body}</body></html>".encode()


def _fill(piece: str, size: int) -> str:
    return piece * max(1, size // len(piece.encode()))


def _letters(size: int) -> list[list[str]]:
    """The lines of five mails, the newest first."""
    words = _fill(_WORDS, size)
    lines = [words[at : at + 66] for at in range(0, len(words), 66)]
    step = len(lines) // 5 + 1
    return [lines[step * number : step * (number + 1)] for number in range(5)]


def _reply(size: int) -> bytes:
    """An answer above the whole correspondence: mails quoted in mails."""
    newest, *older = _letters(size)
    said = ["Thank you,", "", *newest, "", "Ana", ""]
    for depth, lines in enumerate(older, 1):
        above = ">" * (depth - 1)
        said += [f"{above} {_WROTE.format(n=depth)}".strip(), above]
        said += [f"{above}> {line}" for line in lines]
    return _text("\n".join(said), "In-Reply-To: <1@help.example>\n")


def _reply_in_html(size: int) -> bytes:
    """The same as web mail writes it."""
    newest, *older = _letters(size)
    said = "".join(f"<div>{line}</div>\n" for line in newest)
    for depth, lines in enumerate(older, 1):
        said += (
            f'<div class="gmail_quote"><div class="gmail_attr">{_WROTE.format(n=depth)}<br></div>'
        )
        said += "<blockquote>\n" + "".join(f"<div>{line}</div>\n" for line in lines)
    return _html(said + "</blockquote></div>" * 4)


def _parts(size: int) -> bytes:
    part = "--b\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\nQUJD\n"
    head = f"{_FROM}MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
    return f"{head}{_fill(part, size)}--b--\n".encode()


SHAPES: dict[str, Callable[[int], bytes]] = {
    "reply in text": _reply,
    "reply in HTML": _reply_in_html,
    "one line of words": lambda size: _text(_fill(_WORDS, size)),
    "one line without a blank": lambda size: _text(_fill("ab0é", size)),
    "one line of attributions": lambda size: _text(_fill(_WROTE, size)),
    "one line of >": lambda size: _text(_fill(">", size)),
    "one line of blanks": lambda size: _text("x" + _fill(" ", size) + "x"),
    "quoted lines": lambda size: _text("Yes.\n" + _fill("> it is late\n", size)),
    "empty quoted lines": lambda size: _text("Yes.\n" + _fill(">\n", size)),
    "attributions": lambda size: _text(_fill(f"{_WROTE}\n", size)),
    "header blocks": lambda size: _text(
        _fill("From: Ana <a@x.example>\nSent: 9/2/2026 10:00\nTo: b\nSubject: c\n\n", size)
    ),
    "links in text": lambda size: _text(_fill("https://x.example/a?b=1 <https://x.example>\n", size)),
    "links in HTML": lambda size: _html(_fill('<a href="https://x.example/a?b=1">there</a> ', size)),
    "many parts": _parts,
    "a long header": lambda size: _text("x", f"Thread-Topic: {_fill('=?utf-8?q?gr=C3=B6=C3=9F?= ', size)}\n"),
    "many receivers": lambda size: _text("x", f"Cc: {_fill('Ana <a@x.example>, ', size)}\n"),
    "many references": lambda size: _text("x", f"References: {_fill('<1@x.example> ', size)}\n"),
    "many headers": lambda size: _text("x", _fill("Received: from a by b; Mon, 9 Feb 2026\n", size)),
    "deep HTML": lambda size: _html(_fill("<div>", size // 2) + "x" + _fill("</div>", size // 2)),
    "deep quotes in HTML": lambda size: _html(_fill("<blockquote>x", size)),
    "one line of HTML": lambda size: _html(_fill(f"<p>{_WORDS}</p>", size)),
    "one paragraph of HTML": lambda size: _html(_fill(_WORDS, size)),
    "tables in HTML": lambda size: _html(_fill("<table><tr><td>x</td><td>y</td></tr>", size)),
}  # fmt: skip
