"""The doors through which text from outside leaves clean: to a terminal, to a spreadsheet, to a file name."""

import re

from ticketctl.normal_form import normal_form

# Patterns are compiled when first used: a short command needs few of them.
# C0 without tab and newline, DEL, C1, bidi controls, zero-width marks, line and paragraph separators, lone surrogates.
_HOSTILE = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
# C0 without tab, newline and return, DEL, C1, lone surrogates: no text needs them.
_CONTROLS = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]"
# No character of these two is printable, so that printable text, which is the rule, need not be searched.
# What begins a formula, also in full width, at the start of a cell and behind what may part cells: a spreadsheet whose
# list separator is `;` does not see the quotes of a file that is parted by commas.
_FORMULA = r"(?:\A(?=[\t\r])|\A(?=\s*+[=+\-@＝＋－＠﹦﹢﹣﹫])|(?<=[;\t\r\n])(?=[^\S\t\r\n]*+[=+\-@＝＋－＠﹦﹢﹣﹫]))"
_BEGINS_FORMULA = r"[;\n] *+[=+\-@＝＋－＠﹦﹢﹣﹫]"
_HEADER_CONTROLS = r"[\x00-\x1f\x7f\x85\u2028\u2029]+"
_NOTHING = "-"  # our sign for an empty cell, and no formula
_ESCAPES = (("\\", "\\\\"), ("\t", "\\t"), ("\r", "\\r"), ("\n", "\\n"))
_RESERVED = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"com{n}" for n in range(10)),
    *(f"lpt{n}" for n in range(10)),
}
_NAME_BYTES = 200
_SCHEME = r"[A-Za-z][A-Za-z0-9+.-]*(?=:)"
_HOST = r"(?:\[[0-9A-Fa-f:.]*\]|[^:/@,\s\[][^:/@,\s]*)?(?::[0-9]*)?"
_SERVERS = rf"{_HOST}(?:,{_HOST})*(?:/[^@\s]*)?"
_PAIR = r"([\w.%-]+)=([^@\s]*)"
_SECRET_WORDS = ("pass", "secret", "token", "key")  # passfile and sslkey say where, not what
_PLACES = ("passfile", "sslkey")


def terminal(text: str) -> str:
    """Text a terminal may print: control characters, bidi overrides and zero-width marks made visible (K7)."""
    return text if text.isprintable() else re.sub(_HOSTILE, _visible, text.replace("\r\n", "\n"))


def terminal_line(text: str) -> str:
    """The same for one line: newlines and tabs become blanks."""
    return " ".join(terminal(text).split())


def header_value(text: str) -> str:
    """The value of a header, or a name, on one line: line breaks and control characters become blanks (L13)."""
    return re.sub(_HEADER_CONTROLS, " ", text).strip()


def controls(text: str) -> str:
    """Text with its control characters made visible and everything else as it is: for files that people open."""
    return text if text.isprintable() else re.sub(_CONTROLS, _visible, text)


def json_escaped(text: str) -> str:
    """A JSON document with what may harm a terminal as \\u escapes; it means the same."""
    if text.isprintable():
        return text
    return re.sub(_HOSTILE, lambda found: f"\\u{ord(found[0]):04x}", text)


def spreadsheet(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: such text gets an apostrophe in front, and behind each `;`,
    tab and line break in it at which the cell might be cut in two."""
    return text if text == _NOTHING else re.sub(_FORMULA, "'", text)


def csv_cell(text: str) -> str:
    """A cell of CSV (RFC 4180): control characters are visible, nothing is a formula."""
    return spreadsheet(controls(text))


def tsv_cell(text: str) -> str:
    """A cell between tabs: tabs, newlines and backslashes are escaped, what may harm a terminal is visible, nothing
    is a formula."""
    for mark, escape in _ESCAPES:
        text = text.replace(mark, escape)
    return spreadsheet(terminal(text))


def csv_cells(texts: list[str]) -> list[str]:
    """Many cells as `csv_cell` makes them; one look at all of them tells where none needs it, which is the rule."""
    is_plain = "".join(texts).isprintable() and not _formula_in(texts)
    return texts if is_plain else list(map(csv_cell, texts))


def tsv_cells(texts: list[str]) -> list[str]:
    """Many cells as `tsv_cell` makes them."""
    whole = "".join(texts)
    is_plain = whole.isprintable() and "\\" not in whole and not _formula_in(texts)
    return texts if is_plain else list(map(tsv_cell, texts))


def _formula_in(texts: list[str]) -> bool:
    """May one of these cells, which have no white space but blanks, hold a formula?"""
    return re.search(_BEGINS_FORMULA, "\n" + "\n".join(texts)) is not None


def veiled_url(url: str) -> str:
    """A URL without its passwords, also those of its query; of one that cannot be read only the scheme."""
    found = re.match(_SCHEME, url)
    scheme = found[0] if found else ""
    rest = url[len(scheme) :]
    head, mark, query = rest.removeprefix("://").partition("?")
    login, at, server = head.rpartition("@")
    user, colon, _ = login.partition(":")
    pairs = [re.fullmatch(_PAIR, piece) for piece in query.split("&")] if mark else []
    shown = "&".join(f"{pair[1]}={_veiled(*pair.groups())}" for pair in pairs if pair)
    if rest.startswith("://") and all(pairs):
        if scheme.startswith("sqlite") and head.startswith("/"):
            return f"{scheme}://{head}{mark}{shown}"
        if head and "/" not in user and re.fullmatch(_SERVERS, server):
            return f"{scheme}://{user}{':***' if colon else ''}{at}{server}{mark}{shown}"
    return f"{scheme}:…" if scheme else url and "…"


def _veiled(key: str, value: str) -> str:
    from urllib.parse import unquote

    name = unquote(key).lower()
    is_secret = name not in _PLACES and any(word in name for word in _SECRET_WORDS)
    return "***" if is_secret else value


def filename(name: str) -> str:
    """A name fit for any file system, without path parts (J2); never empty."""
    base = normal_form("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    base = re.sub(_HOSTILE, "_", base).replace("\t", "_").replace("\n", "_")
    base = re.sub(r'[<>:"|?*]', "_", base).strip(" .") or "file"
    stem, dot, suffix = base.rpartition(".")
    if (stem or suffix).split(".")[0].lower() in _RESERVED:
        base = "_" + base
        stem = "_" + stem
    if len(base.encode()) <= _NAME_BYTES:
        return base
    suffix = dot + suffix if stem and len(suffix.encode()) < 20 else ""
    kept = (stem if suffix else base).encode()[: _NAME_BYTES - len(suffix.encode())]
    return kept.decode(errors="ignore") + suffix


def _visible(found: re.Match[str]) -> str:
    point = ord(found[0])
    return f"\\x{point:02x}" if point < 0x100 else f"\\u{point:04x}"
