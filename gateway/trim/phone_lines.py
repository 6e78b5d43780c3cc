"""Finds lines that mobile phones and mail programs add, such as "Sent from my iPhone" (I8).

Their words are in languages.py. In a language that has no row there, the form decides.
"""

import re
from collections.abc import Sequence

from gateway.trim import patterns
from gateway.trim.letters import HEADING_ENDS, begins_in_lower_case, has_answer

MAX_LENGTH = 60
MAX_WORDS = 7
MAX_PREPOSITION = 5
"""Letters of a word such as "from" or "my"."""

MAX_LINES = 2
"""Lines that are found by their form; a mail has hardly ever more."""

OTHER_MARKS = re.compile(r"[.,:;!?\d…。、，：；！？؟،।|]")
"""What no such line contains, apart from the name of a device and a link."""

SCRIPTS = re.compile(r"[\u0370-\u03ff\u0590-\u05ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Scripts of one language each, which has a row in languages.py: Greek, Hebrew, Chinese, Japanese, Korean."""

CASED = re.compile(r"[A-Za-zÀ-ʯ\u0400-\u052f]")
"""A letter of the Latin or Cyrillic script."""

SENTENCE = re.compile(
    r"(?<!\w)(?:an?|the|is|are|was|were|has|have|had|i|it|and|for|with|not|does|do|can|ein|eine|einen|der|die|das"
    r"|ist|sind|war|habe|hat|haben|ich|es|kein|nicht|und|mein|une?|les?|est|sont|ai|j['’]ai|c['’]est|je|pas|et|una"
    r"|est[áa]|tengo|tiene|y|uno|il|lo|è|ho|ha|e|non|um|uma|o|os|é|tenho|tem|não|een|het|heb|heeft|ik|niet|to|jest"
    r"|mam|ma|i|nie|mám|má|ne|är|har|jag|och|inte|det|er|jeg|og|ikke|minulla|ja|ei|se|van|ez|egy|nem|és|este|am"
    r"|are|nu|și|bir|var|ve|değil|это|меня|не|и|то|є|мене|не|ini|itu|ada|punya|bukan|dan|tidak|yang|see|mul|tai|yra"
    r"|turiu|ir|tas|man|nav|imam|nije|nema|on|na|w|v|u|на|в|у|di|auf|sur|på|em|în"
    r"|هذا|هو|هي|عندي|لدي|این|است|دارم|यह|नहीं|मेरा|पास)(?!\w)"
    r"|เป็น|มี|คือ|ใช้",
    re.IGNORECASE,
)
"""Short words that make a line a sentence of the author, in the languages of languages.py and some more."""


def mark_phone_lines(lines: Sequence[str], letters: list[str]) -> None:
    """Keep the letter of lines with the words of a phone where they may stand, and mark those with its form.

    They are a paragraph of their own; the last line above the end or a quote may touch the text.
    """
    last, below, tried = set(), "e", 0
    for at in reversed(range(len(letters))):
        if below != "t" and letters[at] == "t" and tried < MAX_LINES and has_form(lines[at]):
            tried += 1
            letters[at] = "s" if _stands_alone(lines, letters, at) else "t"
        if below != "t" and letters[at] == "s" and _names_device(lines[at].strip()):
            last.add(at)
        below = below if letters[at] in "esd" else letters[at]
    for at, letter in enumerate(letters):
        if letter == "s" and at not in last and at and letters[at - 1] not in "esdS":
            letters[at] = "t"


def _names_device(line: str) -> bool:
    """Does a line name a device, and begin a sentence?"""
    device = patterns.DEVICE.search(line)
    return device is not None and (not line[0].islower() or device.start() == 0)


def _stands_alone(lines: Sequence[str], letters: Sequence[str], at: int) -> bool:
    """Is a line of this form no part of what the author writes about?"""
    touches = letters[at - 1] != "e" and not patterns.LINK.search(lines[at])
    if touches or not has_answer(lines, letters, at):
        return False
    above = next(lines[each] for each in reversed(range(at)) if letters[each] != "e")
    return not above.rstrip().endswith(HEADING_ENDS) and not _is_topic(lines, letters, at)


def has_form(line: str) -> bool:
    """Has a line the form "participle from my PHONE", or is it a few words with a link to a mail program?"""
    if len(line) > patterns.MAX_LINE:
        return False
    bare = patterns.LINK.sub("", line.translate(patterns.BIDI)).strip(' \t\r*_~<>[]()"')
    device = patterns.DEVICE.search(bare)
    short = len(bare) <= MAX_LENGTH and bare.count(" ") < MAX_WORDS
    if device is None or not short or SCRIPTS.search(bare):
        return False
    rest = patterns.DEVICE.sub("", bare)
    if OTHER_MARKS.search(rest) or SENTENCE.search(rest):
        return False
    return patterns.LINK.search(line) is not None or (
        patterns.PHONE.match(device.group()) is not None and _has_order(bare, device.start())
    )


def _has_order(line: str, device: int) -> bool:
    """Does the phone stand behind a long and a short word, with at most one word after it?

    A longer word before it is a verb or an adjective of the author. Not all scripts have short words.
    """
    before, after = line[:device].split(), line[device:].split()[1:]
    if begins_in_lower_case(line) or not before or len(before) + len(after) < 2:
        return False
    if not CASED.search(line[:device]):
        return True
    short = any(len(word) <= MAX_PREPOSITION and word.islower() for word in before[1:])
    return len(before[0]) > 3 and short and len(after) < 2


def _is_topic(lines: Sequence[str], letters: Sequence[str], at: int) -> bool:
    """Is the device of a line named in the text above it?"""
    device = patterns.DEVICE.search(lines[at])
    name = device.group(1).casefold() if device else ""
    return any(letters[each] == "t" and name in lines[each].casefold() for each in range(at))
