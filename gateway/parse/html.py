"""Converts HTML to text (H10, H33): by inscriptis within limits, else by stripping tags."""

import html as entities
import re
from itertools import islice
from typing import Any

from gateway.parse.limits import Limits
from gateway.parse.visibility import remove_invisible

# `[^<>]` makes the scan linear on any run of `<`.
_TAG = re.compile(r"<[^<>]*>")
_UNSEEN = re.compile(r"<!--|<(?:script|style|head|title)\b", re.IGNORECASE)
_UNSEEN_END = {
    "<!--": re.compile("-->"),
    "<script": re.compile(r"</script\s*>", re.IGNORECASE),
    "<style": re.compile(r"</style\s*>", re.IGNORECASE),
    "<head": re.compile(r"</head\s*>", re.IGNORECASE),
    "<title": re.compile(r"</title\s*>", re.IGNORECASE),
}
_BREAK = re.compile(r"<(?:br|/p|/div|/tr|/li|/h[1-6]|/blockquote)\b[^<>]*>", re.IGNORECASE)
_LINK = re.compile(r"<a\s", re.IGNORECASE)
_CHARSET = re.compile(
    rb"<meta[^<>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE
)
_NO_WORDS = re.compile(
    r"\[[^\[\]\n]*\]|\(https?://[^()\n]*\)|[\W_]"
)  # also pictures, addresses of links
_BLANK_LINES = re.compile(r"\n{3,}")
_EMPTY_CELLS = re.compile(r"[ |]+")
_OPEN, _CLOSE = "\ue000", "\ue001"  # mark <blockquote> and its end until the lines are known
_MAX_QUOTE_DEPTH = 20
# Elements around a quote or the line above it, by mail program (I5). Not Outlook's: what follows its header
# block may also be a forwarded mail, and the block is recognised in the text.
_CITING = re.compile(
    r"(?:^|\s)(?:gmail_attr|gmail_quote|moz-cite-prefix|yahoo_quoted|protonmail_quote|zmail_extra)(?=[\s_]|$)"
)
_MAX_CITING = 20  # the outermost come first, and include those inside
_HEAD_LINE = re.compile(r"^\W{0,8}[^\W\d][^:：\n]{0,30}[:：] *\S", re.MULTILINE)
_HEADER_BLOCK = 3  # lines
_TABLE_PARTS = ("tr", "td", "th", "tbody", "thead", "tfoot", "caption")
_MAX_CELL = 100  # characters
_MAX_CELLS = 5000  # laying out columns takes far longer than anything else
_PIECES = 50  # of text that are examined in an element
_META_WITHIN = 2048  # bytes


def declared_charset(content: bytes) -> str | None:
    """Return the charset that a <meta> in the first bytes declares."""
    found = _CHARSET.search(content, 0, _META_WITHIN)
    return found[1].decode() if found else None


def to_text(html: str, limits: Limits) -> tuple[str, str | None]:
    """Return the text, and a defect if the HTML was too large or too deep to be rendered."""
    html = html.replace(_OPEN, "").replace(_CLOSE, "").replace("\0", "")
    if (
        len(html) > limits.html_bytes
        or html.count("<") > limits.html_tags
        or len(_LINK.findall(html)) > limits.html_links
    ):
        return strip_tags(html), "The HTML is too big to be rendered: tags removed."
    try:
        return _render(html), None
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError):
        # lxml and inscriptis may fail on hostile HTML; then only the words are kept.
        return strip_tags(html), "The HTML cannot be rendered: tags removed."


def strip_tags(html: str) -> str:
    """Remove tags and decode entities. Linear time."""
    html = _remove_invisible(html)
    text = entities.unescape(_TAG.sub(" ", _BREAK.sub("\n", html)))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def _remove_invisible(html: str) -> str:
    """Remove comments, scripts, styles and heads; one that is not closed only loses its tag."""
    kept: list[str] = []
    at = 0
    endless: set[str] = set()  # searched to the end only once, so that the time is linear
    for found in _UNSEEN.finditer(html):
        mark = found[0].lower()
        if found.start() < at or mark in endless:
            continue
        end = _UNSEEN_END[mark].search(html, found.end())
        if end is None:
            endless.add(mark)
            continue
        kept.append(html[at : found.start()])
        at = end.end()
    return " ".join([*kept, html[at:]])


def _render(html: str) -> str:
    """Return the text that a browser would show; all of it if it would show no words."""
    tree = _tree(html)
    if tree is None:
        return ""
    invisible = remove_invisible(tree)
    text = _text_of(tree)
    if not invisible or _NO_WORDS.sub("", text):
        return text
    tree = _tree(html)
    for element in tree.iter("*"):
        element.attrib.pop("style", None)
    return _text_of(tree)


def _tree(html: str) -> Any:
    """Parse; None if there is nothing to show."""
    import lxml.etree  # type: ignore[import-untyped]
    import lxml.html  # type: ignore[import-untyped]

    if not html.strip():
        return None
    parser = lxml.html.HTMLParser(encoding="utf-8")
    try:
        return lxml.html.document_fromstring(html.encode("utf-8", "replace"), parser=parser)
    except lxml.etree.ParserError:
        return None  # only comments


def _text_of(tree: Any) -> str:
    from inscriptis.css_profiles import CSS_PROFILES  # type: ignore[import-untyped]
    from inscriptis.html_engine import Inscriptis  # type: ignore[import-untyped]
    from inscriptis.model.config import ParserConfig  # type: ignore[import-untyped]

    _prepare(tree)
    _untable(tree)
    # The other profile indents every div, of which layouts nest dozens.
    css = CSS_PROFILES["strict"]
    config = ParserConfig(css=css, display_images=True, table_cell_separator=" | ")
    return _quote_lines(Inscriptis(tree, config).get_text())


def _prepare(tree: Any) -> None:
    """Write the addresses of links after their text, and mark quotes."""
    written: set[str] = set()
    citing = 0
    for element in list(tree.iter()):
        if not isinstance(element.tag, str):
            continue
        if element.tag == "a":
            _write_link(element, written)
        elif element.tag == "blockquote":
            _enclose(element, None)
        elif citing < _MAX_CITING and _CITING.search(element.get("class") or ""):
            citing += _cite(element)


def _untable(tree: Any) -> None:
    """Turn layout tables into blocks; tables with figures and short words stay tables (H10)."""
    tables = list(tree.iter("table"))
    outer = {above for table in tables for above in table.iterancestors("table")}
    many = sum(1 for _ in tree.iter("td", "th")) > _MAX_CELLS
    for table in tables:
        if many or table in outer or not _is_table(table):
            table.tag = "div"
    for part in tree.iter(*_TABLE_PARTS):
        above = next(part.iterancestors("table", "div"), None)
        if above is None or above.tag == "div":
            part.tag = "div"


def _is_table(table: Any) -> bool:
    """Is it a data table: without tables inside, and with a row of several short cells?"""
    widest = 0
    for row in table.iter("tr"):
        filled = 0
        for cell in row.iterchildren("td", "th"):
            length = sum(len(piece.strip()) for piece in cell.itertext())
            if length > _MAX_CELL or len(cell.findall(".//p")) > 1:
                return False
            filled += length > 0
        widest = max(widest, filled)
    return widest > 1


def _cite(element: Any) -> bool:
    """Mark the attribution that a mail program put above its quote, or the whole quote, as quoted.

    Text between quotes was written by the author (I3). A header block is left as it is (I6).
    """
    quote = next(element.iter("blockquote"), None)
    texts: list[str] = []
    for part in element.iter():
        if part is quote or len(texts) > 3 * _PIECES:
            break
        after = part.tail if part is not element else ""
        texts += ["\n" if part.tag in ("br", "div", "p") else "", part.text or "", after or ""]
    if len(_HEAD_LINE.findall("".join(texts)[:1000])) < _HEADER_BLOCK:
        _enclose(element, quote)
        return True
    return False


def _enclose(element: Any, before: Any) -> None:
    """Put quote marks around an element's text, up to the element `before` inside it or to its end."""
    element.text = _OPEN + (element.text or "")
    last, above = next(element.iterchildren(reversed=True), None), element
    if before is not None:
        last, above = before.getprevious(), before.getparent()
    if last is not None:
        last.tail = (last.tail or "") + _CLOSE
    else:
        above.text = (above.text or "") + _CLOSE


def _write_link(element: Any, written: set[str]) -> None:
    """Write the address after the text of a link, once in a mail, and not if the text is the address."""
    address = (element.get("href") or "").strip()
    if not address.lower().startswith(("http://", "https://")) or len(address) > 2000:
        return
    text = "".join(islice(element.itertext(), _PIECES)).strip()
    if text and address not in written and _bare(text) != _bare(address):
        written.add(address)
        last = element[-1] if len(element) else None
        if last is None:
            element.text = f"{element.text or ''} ({address})"
        else:
            last.tail = f"{last.tail or ''} ({address})"


def _bare(address: str) -> str:
    return address.partition("://")[2].strip("/") if "://" in address else address.strip("/")


def _quote_lines(text: str) -> str:
    """Put `> ` before lines of blockquotes (H10); remove runs of blank lines and empty table rows."""
    lines: list[str] = []
    depth = 0
    for line in text.replace("\xa0", " ").split("\n"):
        opens, closes = line.count(_OPEN), line.count(_CLOSE)
        words = line.replace(_OPEN, "").replace(_CLOSE, "").rstrip()
        at = min(depth + opens, _MAX_QUOTE_DEPTH)
        depth = max(0, depth + opens - closes)
        if _EMPTY_CELLS.fullmatch(words):
            words = ""
        if not words and at and not (lines and lines[-1].strip("> ")):
            continue
        if words or not (opens or closes):
            lines.append(("> " * at + words).rstrip() if at else words)
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")
