"""Reading takes time in proportion to the size of a mail, whatever its shape (H2)."""

import pytest

from gateway.intake.own_text import markers
from gateway.parse.language import guess
from gateway.parse.parse import parse
from gateway.screen.envelope import ScreenEnvelope
from gateway.screen.screen import screen
from gateway.trim.trim import trim
from tests.support.growth import growth
from tests.support.large import SHAPES

SIZE = 40_000  # bytes; four times as many are still below the limit of what is trimmed


@pytest.mark.parametrize("shape", SHAPES)
def test_a_mail_four_times_as_large_takes_about_four_times_as_long_H2(shape: str) -> None:
    mails = {size: SHAPES[shape](size) for size in (SIZE, 4 * SIZE)}
    sent = [parse(SHAPES["reply in text"](2_000)).text]

    def read(size: int) -> None:
        raw = mails[size]
        mail = parse(raw)
        screen(mail, ScreenEnvelope(), raw)
        trim(mail.text, html=mail.html, sent=sent, markers=markers())
        guess(mail.text)

    read(SIZE)  # patterns are compiled at their first use
    assert growth(read, SIZE) < 8


@pytest.mark.parametrize("shape", SHAPES)
def test_mails_of_every_shape_are_read(shape: str) -> None:
    mail = parse(SHAPES[shape](2_000))
    assert mail.sender is not None
    assert mail.text.strip() or mail.parts
