"""Detects the charset of undeclared 8-bit text by the letters that its languages use (H3). Linear time.

Libraries for this need long texts; a subject has five letters. So every charset is weighed with the languages that are
written in it: how likely are these letters? What stays unclear is cp1252.
"""

import codecs
import math
import re
from functools import cache

_SAMPLE = 4096  # bytes from the first that is not ASCII
_BEFORE = 200  # bytes before it
_HIGH = re.compile(rb"[\x80-\xff]")
# Codecs, share of letters beyond ASCII, and these letters from frequent to rare: the Latin languages.
_LATIN: tuple[tuple[tuple[str, ...], float, str], ...] = (
    (("cp1252",), 0.02, "üäößé"),
    (("cp1252",), 0.04, "éàèêçôîûùâïëœ"),
    (("cp1252",), 0.03, "óíáéñúü¿¡"),
    (("cp1252",), 0.04, "ãçáéíóõêúâôàü"),
    (("cp1252",), 0.02, "èàùòìé"),
    (("cp1252",), 0.05, "äåöøæéü"),
    (("cp1252",), 0.10, "ðíáþóöæéúý"),
    (("cp1252",), 0.02, "ëéïèöü"),
    (("cp1250", "iso8859-2"), 0.07, "łęążśóćńź"),
    (("cp1250", "iso8859-2"), 0.14, "íáěéřščžýůúťďňóľĺôä"),
    (("cp1250", "iso8859-2"), 0.11, "áéöőíóüúű"),
    (("cp1250", "iso8859-2"), 0.03, "šžčćđ"),
    (("cp1250", "iso8859-2"), 0.05, "ăîâşţ"),
    (("cp1254",), 0.12, "ıüşğçöâîû"),
    (("cp1257",), 0.07, "ėšžųįąūčę"),
    (("cp1257",), 0.09, "āīēšūžņģļčķ"),
)
# Other writings: codecs, and letters from frequent to rare.
_OTHER: tuple[tuple[tuple[str, ...], str], ...] = (
    (("cp1251", "koi8_r", "cp866", "iso8859-5"), "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё"),
    (("cp1251", "koi8_u"), "оанивтерскмлудпізяьбгчйхжїшцюєщфґ"),
    (("cp1253", "iso8859-7"), "αοιετσνηυρπκμλςγδωχθφβάόίέήύώξζψϊ"),
    (("cp1255",), "יוהלאמרתבשנדםחעקפגןטזכסצךףץ"),
    (("cp1256", "iso8859-6"), "اليمونرتبةعدسفهكقحجىشصطخأذزضثغءئظؤإآ"),
    (("cp874",), "านรกอเงมยลวดทสตะคบปหแจพชขใไโถผศณษธภซฟฉึี่้์ิัืู็ำ"),
)
_OTHER_SHARE = 0.5  # of letters beyond ASCII in a text of these
_EAST = ("gb18030", "euc_jp", "cp932", "cp949", "big5hkscs")
_NOTHING = math.log(1e-6)
_PUNCTUATION = math.log(1e-3)
_CAPITAL = math.log(0.1)
_MARKS = frozenset("«»„“”‘’–—…€£§°©®\xa0№、。，！？：；（）「」『』・ー　")
_RARE = -2.5  # of every charset but cp1252, which has most undeclared mail
_MIXED = -5.0  # for a letter of another writing that touches a Latin one


def detect(content: bytes) -> str | None:
    """Return the codec of a text that is not UTF-8; None if nothing fits better than cp1252."""
    first = _HIGH.search(content)
    if first is None or _HIGH.search(content, first.end()) is None:
        return None  # one letter tells nothing
    sample = content[max(0, first.start() - _BEFORE) : first.start() + _SAMPLE]
    best, found = -math.inf, None
    for name, letters, share in _readings():
        text = _text(sample, name, is_whole=content.endswith(sample))
        if text is None:
            continue
        weight = _weigh_east(text, name) if not letters else _weigh(text, letters, share)
        if name != "cp1252":
            weight += _RARE
        if weight > best + 1e-9:
            best, found = weight, name
    return found


@cache
def _readings() -> list[tuple[str, dict[str, float], float]]:
    """Return codec, logarithms of the letters' likelihoods, and the share of these letters."""
    found: list[tuple[str, dict[str, float], float]] = []
    for names, share, letters in _LATIN:
        found += [(name, _likelihoods(letters, share), share) for name in names]
    for names, letters in _OTHER:
        found += [(name, _likelihoods(letters, 0.95), _OTHER_SHARE) for name in names]
    return found + [(name, {}, _OTHER_SHARE) for name in _EAST]


def _likelihoods(letters: str, share: float) -> dict[str, float]:
    weights = [0.93**rank if len(letters) > 20 else 0.8**rank for rank in range(len(letters))]
    total = sum(weights)
    return {
        letter: math.log(share * weight / total)
        for letter, weight in zip(letters, weights, strict=True)
    }


def _text(sample: bytes, name: str, *, is_whole: bool) -> str | None:
    # A sample of a longer text may end inside a character.
    try:
        return codecs.getincrementaldecoder(name)().decode(sample, is_whole)
    except UnicodeDecodeError:
        return None


def _weigh(text: str, letters: dict[str, float], share: float) -> float:
    """Return the logarithm of how likely a text is in a language, from its letters."""
    weight = 0.0
    plain = 0
    before = " "
    touching = _MIXED if share == _OTHER_SHARE else 0.0
    for char in text:
        if char < "\x80":
            if char.isalpha():
                plain += 1
                weight += touching if before > "\x7f" and before.isalpha() else 0.0
        else:
            low = char.lower()
            if low in letters:
                weight += letters[low] + (0.0 if low == char else _capital(before))
            else:
                weight += _PUNCTUATION if char in _MARKS else _NOTHING
            weight += touching if before < "\x80" and before.isalpha() and char.isalpha() else 0.0
        before = char
    return weight + plain * math.log(1 - share)


def _capital(before: str) -> float:
    """Weigh a capital: inside a word it is a sign of another charset, but words of capitals are not."""
    if before.islower():
        return 2 * _CAPITAL
    return _CAPITAL * (0.1 if before.isupper() else 0.2)


def _weigh_east(text: str, name: str) -> float:
    weight = 0.0
    plain = 0
    before = " "
    for char in text:
        if char > "\x7f" and before < "\x80" and before.isalpha():
            weight += _MIXED / 2
        before = char
        if char < "\x80":
            plain += char.isalpha()
        elif "\u3041" <= char <= "\u30ff":
            weight += math.log(1 / 120) if name in ("cp932", "euc_jp") else _NOTHING
        elif "\uac00" <= char <= "\ud7a3":
            weight += (
                math.log(1 / 800) if len(char.encode("cp949")) == 2 and _is_ksx(char) else _NOTHING
            )
        elif "\u4e00" <= char <= "\u9fff":
            weight += _weigh_han(char, name)
        else:
            weight += _PUNCTUATION * 1.2 if char in _MARKS else 1.5 * _NOTHING
    return weight + plain * math.log(1 - _OTHER_SHARE)


def _is_ksx(char: str) -> bool:
    """Is a syllable one of the common ones?"""
    lead, trail = char.encode("cp949")
    return lead >= 0xB0 and trail >= 0xA1


def _weigh_han(char: str, name: str) -> float:
    """Weigh by the first level of a standard, which holds the common characters."""
    lead = char.encode(name)[0]
    common = {
        "gb18030": 0xB0 <= lead <= 0xD7 and len(char.encode(name)) == 2,
        "big5hkscs": 0xA4 <= lead <= 0xC6,
        "cp932": 0x88 <= lead <= 0x97,
        "euc_jp": 0xB0 <= lead <= 0xCF,
        "cp949": False,
    }[name]
    return math.log(1 / 1500) if common else 1.2 * _NOTHING
