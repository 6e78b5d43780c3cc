"""A TOML file that goes too far in any way is a sentence, never a traceback."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ticketctl.domain.loading.load import parse
from ticketctl.errors import Refused
from ticketctl.settings import load as config

Read = Callable[[str], object]


@pytest.fixture(params=["desk.toml", "config.toml"])
def read(request: pytest.FixtureRequest, tmp_path: Path) -> Read:
    """A function: reads a text as that file."""
    if request.param == "desk.toml":
        return parse
    file = tmp_path / "config.toml"

    def load(text: str) -> object:
        file.write_text(text)
        return config.load(file)

    return load


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = " + "1" * 5000, "has a number with too many digits."),
        ("x = " + "[" * 5000 + "]" * 5000, "inside each other too deeply."),
        ("x = " + "{a=" * 5000 + "1" + "}" * 5000, "inside each other too deeply."),
        ("a." * 5000 + "a = 1", "$.a: unknown key"),
        ("x = 0x" + "f" * 5000, "$.x: unknown key"),
        ("[[rule]]\nname = 0x" + "f" * 5000, "$.rule"),
        ("[bulk]\nconfirm = 0x" + "f" * 5000, "$.bulk"),
        ("[bulk]\nconfirm = 1" + "0" * 40, "$.bulk"),
        ("[quality]\nprior = 1" + "0" * 40, "$.quality"),
        ("x = ", "is not TOML"),
    ],
    ids=["digits", "lists", "tables", "keys", "hex", "wrong kind", "bound", "large", "quality", "broken"],
)  # fmt: skip
def test_a_file_that_goes_too_far_is_refused(read: Read, text: str, said: str) -> None:
    with pytest.raises(Refused) as wrong:
        read(text)
    assert said in str(wrong.value)


def test_a_number_of_more_than_64_bits_is_refused() -> None:
    for number in (2**63, -(2**63) - 1, 10**400):
        with pytest.raises(Refused) as wrong:
            parse(f"[quality]\nprior = {number}\n")
        assert "$.quality.prior: the number is too large" in str(wrong.value)
