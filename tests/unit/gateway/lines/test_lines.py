"""One JSON line, read strictly (F-L1): everything it can say, and a sentence for everything it cannot."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.lines import message_line
from ticketctl.clock import rfc3339
from ticketctl.errors import BadInput

LEAST = {"channel": "chat", "text": "Hello"}
FULL = LEAST | {
    "id": 17, "customer": {"name": " Ana  R. ", "phone": "+34 600"}, "at": "2026-03-09T09:10:00.5+01:00",
    "thread": "t", "in_reply_to": 16, "permalink": "https://x.example", "visibility": "public",
    "attachments": [{"name": "../a.txt", "data": "QQ=="}],
}  # fmt: skip


def read(said: dict[str, Any]) -> Any:
    return message_line.read(json.dumps(said).encode())


def test_a_line_says_all_that_it_can() -> None:
    one = read(FULL)
    assert (one.id, one.thread, one.in_reply_to) == ("17", "t", "16")
    assert (str(one.who), one.said.name, one.said.direction) == ("phone:+34600", "Ana R.", "in")
    assert rfc3339(one.said.at) == "2026-03-09T08:10:00Z"
    (file,) = one.attachments
    assert ("/" in file.name, file.content, file.type) == (False, b"A", "application/octet-stream")


def test_a_customer_may_be_one_word_F_L2() -> None:
    assert str(read(LEAST | {"customer": "twitter:@Ana"}).who) == "twitter:@ana"
    assert read(LEAST).who is None


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"text": " "}, "neither text nor attachments"),
        ({"texts": "x"}, "unknown field `texts`"),
        ({"customer": {"email": "ana@x.example", "phone": "+34600"}}, "one of email, phone and identity"),
        ({"customer": {"name": "Ana"}}, "one of email, phone and identity"),
        ({"customer": {"email": "ana"}}, "not a mail address"),
        ({"customer": "ana"}, "is not an identity"),
        ({"at": "2026-03-09T09:10:00"}, "needs a time zone"),
        ({"at": "0001-01-01T00:00:00+05:00"}, "not valid in UTC"),
        ({"direction": "sideways"}, "$.direction"),
        ({"agent": "ben"}, "direction"),
        ({"attachments": [{"name": "a", "data": "?"}]}, "not base64"),
        ({"tags": "a"}, "$.tags"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_is_wrong_is_a_sentence(said: dict[str, Any], problem: str) -> None:
    with pytest.raises(BadInput) as wrong:
        read(LEAST | said)
    assert problem in wrong.value.sentence


@pytest.mark.parametrize("levels", [message_line.MAX_DEPTH, 900, 100_000])
@pytest.mark.parametrize(("start", "end"), [("[", "]"), ('{"b":', "}")])
def test_a_line_that_is_nested_too_deep_is_refused_before_it_is_taken(
    levels: int, start: str, end: str
) -> None:
    """Two levels are those of the line and of its fields."""

    def nested(levels: int) -> bytes:
        inner = start * (levels - 2) + "1" + end * (levels - 2)
        return f'{{"channel":"chat","text":"x","fields":{{"a":{inner}}}}}'.encode()

    message_line.decode(nested(message_line.MAX_DEPTH))
    with pytest.raises(BadInput, match=r"nested .* deep|not a JSON object"):
        message_line.decode(nested(levels + 1))


def test_a_line_gets_the_channel_it_does_not_name() -> None:
    for raw in (b"{}", b' { "text" : "x"}', b'{"channel":"dm"}'):
        said = msgspec.json.decode(message_line.with_channel(raw, "chat"))
        assert said == {"channel": "chat"} | msgspec.json.decode(raw)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(st.sampled_from([*FULL, "tags", "fields", "type", "x"]), ANYTHING),
    st.booleans(),
)
def test_whatever_a_line_is_it_is_read_or_refused(said: dict[str, Any], whole: bool) -> None:
    raw = json.dumps(FULL | said if whole else said).encode()
    try:
        message_line.decode(raw)
        message_line.read(raw)
    except BadInput as wrong:
        assert wrong.sentence.endswith((".", "…"))
