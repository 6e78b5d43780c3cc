"""Decodes ISO-2022-JP with the characters that vendors added, by the table of cp932 (H4). Linear time."""

import re

_ESCAPE = re.compile(rb"\x1b(\$[@B]|\$\([DOPQ]|\([ABHIJ])")
_PAIR = re.compile(rb"[\x21-\x7e]{2}|[\x00-\x20\x7f]+|.", re.DOTALL)


def decode(content: bytes) -> str:
    """Decode all bytes; those that are no character become U+FFFD."""
    plain, *rest = _ESCAPE.split(content)
    words = [plain.decode("ascii", "replace")]
    for escape, text in zip(rest[::2], rest[1::2], strict=True):
        if escape in (b"$B", b"$@"):
            words.append("".join(map(_char, _PAIR.findall(text))))
        elif escape == b"(I":
            words.append(
                bytes(byte | 0x80 if 0x21 <= byte <= 0x5F else byte for byte in text).decode(
                    "cp932", "replace"
                )
            )
        elif escape[:2] == b"$(":
            words.append((b"\x1b" + escape + text).decode("iso2022_jp_ext", "replace"))
        else:
            words.append(text.decode("ascii", "replace"))
    return "".join(words)


def _char(pair: bytes) -> str:
    """Decode a pair of JIS bytes by its Shift_JIS code; blanks and line ends stay as they are."""
    if pair[0] <= 0x20 or pair[0] == 0x7F:
        return pair.decode("ascii")
    if len(pair) == 1:
        return "\ufffd"
    row, cell = pair
    lead = (row + 1) // 2 + (0x70 if row < 0x5F else 0xB0)
    trail = cell + 0x7E if row % 2 == 0 else cell + (0x1F if cell < 0x60 else 0x20)
    try:
        return bytes((lead, trail)).decode("cp932")
    except UnicodeDecodeError:
        return "\ufffd"
