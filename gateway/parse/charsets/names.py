"""Finds Python's codec for the name of a charset as mails write it (H4)."""

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
    "shift_jis": "cp932",
    "iso2022_jp": "iso2022_jp_ext",
    "big5": "big5hkscs",
}
# By name without `x-`, in lower case, with `-` for blanks and underscores.
_ALIASES = {
    "utf8mb4": "utf-8",
    "utf-8mb4": "utf-8",
    "utf-8-mac": "utf-8",
    "unicode": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "ucs-2": "utf-16-be",
    "iso-10646-ucs-2": "utf-16-be",
    "csunicode": "utf-16-be",
    "ansi": "cp1252",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "iso-8859-6-i": "iso8859-6",
    "iso-8859-6-e": "iso8859-6",
    "ks-c-5601": "cp949",
    "ks-c-5601-1987": "cp949",
    "ks-c-5601-1989": "cp949",
    "ksc-5601": "cp949",
    "ksc-5601-1987": "cp949",
    "ksc5601": "cp949",
    "uhc": "cp949",
    "korean": "cp949",
    "sjis": "cp932",
    "sjis-win": "cp932",
    "windows-31j": "cp932",
    "ms-kanji": "cp932",
    "euc-jp": "euc_jp",
    "eucjp-ms": "euc_jp",
    "eucjp-win": "euc_jp",
    "iso-2022-jp-1": "iso2022_jp_ext",
    "iso-2022-jp-ms": "iso2022_jp_ext",
    "euc-kr": "cp949",
    "euc-cn": "gb18030",
    "gbk": "gb18030",
    "gb": "gb18030",
    "cn-gb": "gb18030",
    "gb-2312-80": "gb18030",
    "gb2312-80": "gb18030",
    "hz-gb-2312": "hz",
    "big5": "big5hkscs",
    "cn-big5": "big5hkscs",
    "x-big5": "big5hkscs",
    "big5-eten": "big5hkscs",
    "koi8": "koi8_r",
    "koi8r": "koi8_r",
    "koi8u": "koi8_u",
    "koi8-ru": "koi8_u",
    "macintosh": "mac-roman",
    "mac": "mac-roman",
    "mac-ce": "mac-latin2",
    "mac-centraleurroman": "mac-latin2",
    "mac-japanese": "cp932",
    "mac-korean": "cp949",
    "mac-chinesesimp": "gb18030",
    "mac-chinesetrad": "big5hkscs",
}
# Numbers of Windows' code pages that are other charsets.
_PAGES = {
    "1200": "utf-16-le",
    "1201": "utf-16-be",
    "10000": "mac-roman",
    "10007": "mac-cyrillic",
    "20127": "cp1252",
    "20866": "koi8_r",
    "20932": "euc_jp",
    "21866": "koi8_u",
    "38598": "iso8859-8",
    "50220": "iso2022_jp_ext",
    "50221": "iso2022_jp_ext",
    "50222": "iso2022_jp_ext",
    "50225": "iso2022_kr",
    "51932": "euc_jp",
    "51936": "gb18030",
    "51949": "cp949",
    "52936": "hz",
    "54936": "gb18030",
    "65000": "utf-7",
    "65001": "utf-8",
} | {f"{28590 + part}": f"iso8859-{part}" for part in range(1, 17) if part != 12}
# Text codecs of Python that are not charsets of mail: escapes, and two with quadratic cost.
_NOT_FOR_MAIL = {
    "idna",
    "punycode",
    "unicode-escape",
    "unicode_escape",
    "raw-unicode-escape",
    "undefined",
    "charmap",
}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:()+-]{0,40}")
_PAGE = re.compile(r"(?:ms-?)?(?:code-?page|cp|dos|ibm|ms|win|windows)-?(?:cp-?)?(\d{3,5})")
_EXPERIMENTAL = re.compile(r"\A(?:x-)+")
_ISO = re.compile(r"(?:iso-?)?8859-?(\d{1,2})(?:-windows.*|:\d{4})?")


@lru_cache(maxsize=256)
def codec(name: str) -> str | None:
    """Return Python's codec for a declared charset; None if there is no such charset."""
    found = _NAME.search(name)
    if not found:
        return None
    plain = found[0].lower().replace("_", "-").rstrip("-.:")
    for one in (plain, _EXPERIMENTAL.sub("", plain)):
        known = _lookup(_python_name(one))
        if known is not None:
            return _KIN.get(known, known)
    return None


def _python_name(name: str) -> str:
    if name in _ALIASES:
        return _ALIASES[name]
    if page := _PAGE.fullmatch(name):
        return _PAGES.get(page[1], f"cp{page[1]}")
    if part := _ISO.fullmatch(name):
        return f"iso8859-{part[1]}"
    return name


def _lookup(name: str) -> str | None:
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    return info.name if info._is_text_encoding and info.name not in _NOT_FOR_MAIL else None
