"""Damaged mails by the thousand, for long runs by hand: `python tests/fuzz/mutate.py FOLDER [COUNT [SEED]]`.

Prints every input that breaks a promise or takes more than a second, and where it was kept.
"""

import random
import sys
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.fuzz.whole import read

SLOW = 1.0  # seconds
KEPT = Path("fuzz-found")
JUNK = [
    *(
        b"\r",
        b"\n\n",
        b'"',
        b"(",
        b"<",
        b"\0",
        b"\xff\xfe",
        b"--",
        b"=?utf-8?b?",
        b"?=",
        b";",
        b",",
    ),
    *(b"Content-Type: multipart/mixed; boundary=b\n\n--b\n", b"Content-Type: text/html\n\n"),
    *(b"Content-Transfer-Encoding: base64\n", b"<blockquote>", b"<table><tr><td>", b"<div>" * 300),
    *(
        b"begin 644 a\n",
        b"\x78\x9f\x3e\x22",
        b"> ",
        b"On 3 May 2026, Ana wrote:\n",
        b"BEGIN:VEVENT\n",
    ),
]


def mutated(dice: random.Random, mails: list[bytes]) -> bytes:
    """One mail with pieces cut, doubled, swapped, or taken from another."""
    raw = bytearray(dice.choice(mails))
    for _ in range(dice.randint(1, 12)):
        at = dice.randrange(len(raw) + 1)
        end = min(len(raw), at + int(dice.expovariate(1 / 40)))
        other = dice.choice(mails)
        start = dice.randrange(len(other) + 1)
        raw[at:end] = dice.choice(
            (
                b"",
                bytes(raw[at:end]) * dice.randint(2, 40),
                dice.choice(JUNK) * dice.choice((1, 1, 1, 50)),
                other[start : start + int(dice.expovariate(1 / 400))],
                dice.randbytes(dice.randint(1, 8)),
            )
        )
    return bytes(raw[: 1 << 20])


def main() -> None:
    """Run as many as asked for (10000); exit 1 if anything was found."""
    mails = [path.read_bytes() for path in sorted(Path(sys.argv[1]).glob("*.eml"))]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    dice = random.Random(seed)
    bad = 0
    worst = 0.0
    for number in range(count):
        raw = mutated(dice, mails)
        start = time.process_time()
        trouble = ""
        try:
            read(raw)
        except Exception:
            trouble = traceback.format_exc()
        took = time.process_time() - start
        worst = max(worst, took)
        if trouble or took > SLOW:
            bad += 1
            KEPT.mkdir(exist_ok=True)
            path = KEPT / f"{seed}-{number}.eml"
            path.write_bytes(raw)
            print(f"{path}: {took:.2f} s\n{trouble}", flush=True)
    print(f"{count} mails, {bad} found, the slowest took {worst:.2f} s")
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
