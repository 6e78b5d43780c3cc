"""Decodes bytes: by the declared charset, UTF-8, detection, or cp1252; nothing is dropped (H3, H4)."""

import codecs
import re
from functools import lru_cache

# Names under which mail really uses a larger or another charset (H4).
_KIN = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "johab": "johab",
    "shift_jis": "cp932",
    "iso2022_jp": "iso2022_jp_ext",
    "big5": "big5hkscs",
}
_ALIASES = {
    "utf8mb4": "utf-8",
    "utf-8mb4": "utf-8",
    "unicode": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "iso-8859-6-i": "iso8859-6",
    "ks_c_5601-1987": "cp949",
    "ksc5601": "cp949",
    "x-windows-949": "cp949",
    "windows-949": "cp949",
    "windows-31j": "cp932",
    "x-sjis": "cp932",
    "x-gbk": "gb18030",
    "x-euc-jp": "euc_jp",
    "x-euc-kr": "cp949",
    "x-mac-roman": "mac-roman",
    "x-mac-cyrillic": "mac-cyrillic",
    "x-mac-ce": "mac-latin2",
    "macintosh": "mac-roman",
    "iso-2022-jp-1": "iso2022_jp_ext",
    "iso-2022-jp-ms": "iso2022_jp_ext",
    "cp50220": "iso2022_jp_ext",
    "windows-874": "cp874",
    "hz-gb-2312": "hz",
}
# Text codecs of Python that are not charsets of mail: escapes, and two with quadratic cost.
_NOT_FOR_MAIL = {"idna", "punycode", "unicode_escape", "raw-unicode-escape", "undefined", "charmap"}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:()+-]{0,40}")
# In these, bytes below 128 are not ASCII.
_NOT_ASCII = {"utf-7", "hz", "cp037", "cp500", "cp1140", "utf-16", "utf-16-le", "utf-16-be"}
_NOT_ASCII |= {"utf-32", "utf-32-le", "utf-32-be"}
_SAMPLE = 32 << 10  # bytes given to detection
# Charsets of undeclared mail; others that detection knows are look-alikes (mac-cyrillic …).
_LIKELY = ["cp1252", "cp1250", "cp1251", "koi8_r", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257"]
_LIKELY += ["cp874", "gb18030", "big5", "cp932", "euc_jp", "cp949"]
_MIN_TO_DETECT = 8  # bytes above 127; with fewer, detection is unreliable


@lru_cache(maxsize=256)
def codec(name: str) -> str | None:
    """Return Python's codec for a declared charset; None if there is no such charset."""
    found = _NAME.search(name)
    if not found:
        return None
    lowered = found[0].lower()
    lowered = _ALIASES.get(lowered, lowered)
    try:
        info = codecs.lookup(lowered)
    except (LookupError, ValueError):
        return None
    if not info._is_text_encoding or info.name in _NOT_FOR_MAIL:
        return None
    return _KIN.get(info.name, info.name)


def decode(content: bytes, declared: str | None = None) -> str:
    """Decode `content`; `declared` is the charset's name as written in the mail. Never fails."""
    name = codec(declared) if declared else None
    if content.isascii():
        return _decode_seven_bit(content, name)
    if name and name != "cp1252":
        text = _strict(content, name)
        if text is not None:
            return text.removeprefix("\ufeff")
    if name == "cp1252" and not _is_ascii_name(declared):
        # ISO-8859-1 as declared; bytes undefined in cp1252 only occur in other charsets.
        text = _strict(content, name)
        if text is not None:
            return text
    return _guess(content, name)


def _is_ascii_name(declared: str | None) -> bool:
    """Is it declared us-ascii? With 8-bit bytes that counts as undeclared (H3)."""
    lowered = (declared or "").lower()
    return "ascii" in lowered or "646" in lowered or "x3.4" in lowered


def _decode_seven_bit(content: bytes, name: str | None) -> str:
    if b"\x1b$" in content or b"\x1b(" in content:
        # ISO-2022 looks like ASCII to all other steps, so it comes first.
        escaped = name if name and name.startswith("iso2022") else "iso2022_jp_ext"
        text = _strict(content, escaped)
        if text is None and b"\x1b$)C" in content:
            text = _strict(content, "iso2022_kr")
        return text if text is not None else content.decode(escaped, "replace")
    wide = name is not None and name[:6] in ("utf-16", "utf-32")
    if name in _NOT_ASCII and (not wide or b"\0" in content):
        text = _strict(content, name or "")
        if text is not None:
            return text
    return content.decode("ascii")


def _strict(content: bytes, name: str) -> str | None:
    try:
        return content.decode(name)
    except (UnicodeError, LookupError, ValueError):
        return None


def _guess(content: bytes, name: str | None) -> str:
    text = _strict(content, "utf-8")
    if text is not None:
        return text.removeprefix("\ufeff")
    for candidate in (name, "utf-8"):
        if candidate and candidate != "cp1252":
            text = content.decode(candidate, "replace")
            if _mostly_right(text):
                return text.removeprefix("\ufeff")
    found = _detect(content)
    text = _strict(content, found) if found else None
    return text if text is not None else content.decode("cp1252", "replace")


def _mostly_right(text: str) -> bool:
    """Are there few bad bytes in much good text? Then the text is damaged, but the declared charset is right."""
    bad = text.count("\ufffd")
    good = len(text) - bad - len(text.encode("ascii", "ignore"))
    return good >= 2 * bad


def _detect(content: bytes) -> str | None:
    sample = content[:_SAMPLE]
    if len(sample) < len(content):  # do not split a character of several bytes
        sample = sample[: sample.rfind(b"\n") + 1] or sample
    if len(sample) - len(sample.translate(None, _HIGH)) < _MIN_TO_DETECT:
        return None
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=_LIKELY, enable_fallback=False).best()
    return best.encoding if best else None


_HIGH = bytes(range(128, 256))
