"""A target for atheris, for long runs by hand: `python tests/fuzz/fuzz_parse.py CORPUS -max_len=65536 -timeout=5`."""

import sys
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[2]))

with atheris.instrument_imports(include=["gateway"]):
    from tests.fuzz.whole import read


def one(data: bytes) -> None:
    """One input of the fuzzer."""
    read(data)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
