"""Questions about the letters of lines, for all modules that set them. line_kinds.py says what each letter means."""

from collections.abc import Sequence

GREETING_ENDS = (",", "!", "،", "，", "、", "！")
HEADING_ENDS = (":", "：", "፦")


def next_filled(letters: Sequence[str], at: int) -> int | None:
    """Return the next line that is not empty, within two lines."""
    for each in range(at, min(at + 3, len(letters))):
        if letters[each] != "e":
            return each
    return None


def begins_in_lower_case(line: str) -> bool:
    """Does a line begin in lower case? Georgian letters have no capitals in use, although Unicode has them."""
    return line[:1].islower() and not "ა" <= line[:1] <= "ჿ"


def has_answer(lines: Sequence[str], letters: Sequence[str], end: int) -> bool:
    """Is there text above this line, and more than a greeting?"""
    own = [at for at in range(end) if letters[at] == "t"]
    return len(own) > 1 or (bool(own) and not lines[own[0]].rstrip().endswith(GREETING_ENDS))
