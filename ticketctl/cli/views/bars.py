"""Small bars: blocks where the locale is UTF-8, # elsewhere."""

import os
import sys

_EIGHTHS = " ▏▎▍▌▋▊▉"


def bar(value: float, most: float, room: int) -> str:
    """A bar scaled to the greatest value; every value above zero has a visible bar."""
    if not value or not most:
        return ""
    if not is_unicode():
        return "#" * max(1, round(room * value / most))
    whole, rest = divmod(max(1, round(8 * room * value / most)), 8)
    return "█" * whole + _EIGHTHS[rest].strip()


def is_unicode() -> bool:
    """True if the locale and stdout support block characters (Python reads `C` as UTF-8, terminals do not)."""
    locale = next((os.environ[n] for n in ("LC_ALL", "LC_CTYPE", "LANG") if os.environ.get(n)), "")
    named = not locale or "utf8" in locale.lower().replace("-", "")
    encoding = getattr(sys.stdout, "encoding", "utf-8")  # the screen of `ui` has none
    return named and (encoding or "").lower().replace("-", "") == "utf8"
