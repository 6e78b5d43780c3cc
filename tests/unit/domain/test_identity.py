"""How people are named (F-L2)."""

import pytest

from ticketctl.domain.base.identity import parse
from ticketctl.errors import BadInput


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("Ana@X.example", "email:ana@x.example"),
        ("email:ana@x.example", "email:ana@x.example"),
        ("+34 600-11 (22) 33", "phone:+34600112233"),
        ("0034600112233", "phone:+34600112233"),
        ("phone:600 112 233", "phone:600112233"),
        ("twitter:@Ana", "twitter:@ana"),
        ("Facebook: Ana Novotná ", "facebook:ana novotná"),
    ],
)
def test_each_kind_of_identity_is_read_as_it_is_compared_F_L2(written: str, named: str) -> None:
    assert str(parse(written)) == named


@pytest.mark.parametrize(
    "written",
    ["", "carl", "@ana", "12", "phone:abc", "email:carl", "a b@x", "twitter:", "x:a\nb", "x:" + "a" * 201],
)  # fmt: skip
def test_an_identity_that_names_nobody_is_refused_F_L2(written: str) -> None:
    with pytest.raises(BadInput):
        parse(written)
