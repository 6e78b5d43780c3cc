"""Parses and formats durations and sizes as people write them: `90s`, `4h`, `1d12h`, `50MiB`."""

import re

from ticketctl.errors import BadInput

_UNITS = {"w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
_SHOWN = ("d", "h", "m", "s")
_LONGEST = 36_500 * _UNITS["d"]  # a hundred years; later instants do not fit into a datetime
_PIECE = r"([0-9]{1,11})([wdhms])"

_SIZES = {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}
_SHOWN_SIZES = (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10), ("B", 1))
_SIZE = r"(?ai)([0-9]{1,12}) ?([KMG]i?B|B)"


def parse(text: str) -> int:
    """`1d12h` in seconds; units w, d (24 hours), h, m, s, each once, largest first. BadInput otherwise."""
    if text == "0":
        return 0
    pieces = re.findall(_PIECE, text)
    units = [unit for _, unit in pieces]
    in_order = units == sorted(set(units), key="wdhms".index)
    if not pieces or not in_order or "".join(map("".join, pieces)) != text:
        raise BadInput(f'"{text}" is not a duration; write it like "30s", "15m", "4h" or "1d12h".')
    seconds = sum(int(count) * _UNITS[unit] for count, unit in pieces)
    if seconds > _LONGEST:
        raise BadInput(f'"{text}" is too long; a hundred years (36500d) is the most.')
    return seconds


def show(seconds: int) -> str:
    """Seconds (0 or more) in the shortest text that `parse` reads back: 129600 is `1d12h`."""
    pieces = []
    for unit in _SHOWN:
        count, seconds = divmod(seconds, _UNITS[unit])
        if count:
            pieces.append(f"{count}{unit}")
    return "".join(pieces) or "0"


def rough(seconds: int) -> str:
    """Seconds in their largest unit, rounded down, for people: `40 s`, `2 min`, `3 h`, `5 d`."""
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def parse_size(text: str) -> int:
    """`50MiB` in bytes; units B, KB, MB, GB (thousands), KiB, MiB, GiB (1024). BadInput otherwise."""
    found = re.fullmatch(_SIZE, text)
    if not found:
        raise BadInput(f'"{text}" is not a size; write it like "50MiB" or "200KB".')
    return int(found[1]) * _SIZES[found[2].upper()]


def show_size(size: int) -> str:
    """Bytes in the largest binary unit that divides them: 52428800 is `50MiB`."""
    for name, unit in _SHOWN_SIZES:
        if size >= unit and size % unit == 0:
            return f"{size // unit}{name}"
    return "0B"
