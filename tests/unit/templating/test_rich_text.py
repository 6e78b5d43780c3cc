"""Links in text: what is one, where it ends, and that it leads to what it shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html  # type: ignore[import-untyped]

from ticketctl.templating.rich_text import paragraphs

WEB = [
    ("See https://help.example/a?x=1&y=2#z.", "https://help.example/a?x=1&y=2#z"),
    ("(see http://help.example/a_b_c.)", "http://help.example/a_b_c"),
    ("https://wiki.example/Label_(printing), or", "https://wiki.example/Label_(printing)"),
    ("[manual](https://help.example/m)", "https://help.example/m"),
    ("**https://help.example/** is it", "https://help.example/"),
    ("<https://help.example/a>; “https://help.example/a”", "https://help.example/a"),
    ("HTTPS://HELP.example:8443: yes", "HTTPS://HELP.example:8443"),
    ("najdete na https://cs.example/Tiskárna!", "https://cs.example/Tiskárna"),
    ("siehe https://bücher.example/straße?", "https://bücher.example/straße"),
    ("افتح https://help.example/ar/طابعة، ثم", "https://help.example/ar/طابعة"),
    ("ראו https://help.example/מדפסת.", "https://help.example/מדפסת"),
    ("詳しくはhttps://help.example/helpをご覧ください。", "https://help.example/help"),
    ("https://例え.example/a。", "https://例え.example/a"),
    ("请看https://help.example,谢谢", "https://help.example"),
    ("https://help.example/help에서 확인", "https://help.example/help"),
    ("ดูที่ https://help.example/th ครับ", "https://help.example/th"),
]
MAIL = [
    ("write to ana@help.example.", "ana@help.example"),
    ("pište na podpora+tisk@pomoc.example, prosím", "podpora+tisk@pomoc.example"),
    ("連絡はana@help.exampleまで", "ana@help.example"),
    ("an info@bücher.example!", "info@bücher.example"),
    ("mailto:ana@help.example?subject=a, ok", "mailto:ana@help.example?subject=a"),
]
NONE = [
    "javascript:alert(1)", "data:text/html,<b>", "ftp://help.example/", "file:///etc/passwd", "www.help.example",
    "https://", "https:///path", "http://[::1]/", "xhttps://help.example/", "a@b", "@ana", "jöhn@help.example",
    "https://bank.example@evil.example/", "https://bank.example:pass@evil.example/", "mailto:", "12:30", "a.b",
    "https://help.example/" + "a" * 3000,
]  # fmt: skip


def links(text: str) -> list[tuple[str, str]]:
    tree = html.fragment_fromstring(str(paragraphs(text)), create_parent="div")
    assert {one.tag for one in tree.iter()} <= {"div", "p", "br", "a"}
    return [(one.get("href", ""), one.text_content()) for one in tree.iter("a")]


@pytest.mark.parametrize(("text", "address"), WEB)
def test_an_address_is_a_link_to_what_it_shows(text: str, address: str) -> None:
    assert set(links(text)) == {(address, address)}


@pytest.mark.parametrize(("text", "address"), MAIL)
def test_a_mail_address_is_a_link(text: str, address: str) -> None:
    assert links(text) == [("mailto:" + address.removeprefix("mailto:"), address)]


@pytest.mark.parametrize("text", NONE)
def test_nothing_else_is_a_link(text: str) -> None:
    assert links(text) == []
    assert str(paragraphs(text)).count("<a") == 0


@pytest.mark.parametrize(
    "mark", ["\u202e", "\u2066", "\u200b", "\u200f", "\ufeff", "\x07", "\u3000"]
)
def test_a_link_ends_before_what_cannot_be_seen(mark: str) -> None:
    assert links(f"https://help.example/a{mark}gpj.exe")[0] == ("https://help.example/a",) * 2


def test_a_link_runs_from_left_to_right_in_any_text() -> None:
    shown = str(paragraphs("ראו https://help.example/מדפסת"))
    assert '<p dir="auto"' in shown and '<a class="link" dir="ltr"' in shown


def test_quoted_text_has_no_links() -> None:
    text = "https://evil.example/ ana@help.example <b>"
    assert "<a" not in paragraphs(text, links=False)
    assert "&lt;b&gt;" in paragraphs(text, links=False)


pieces = st.sampled_from(
    ["https://", "mailto:", "a", "b.example", "@", "/", ".", "(", ")", '"', "'", "<", "&", "é", "の", "،", " ",
     "\n", "\n\n", "\u202e", "?"]
)  # fmt: skip


@given(st.lists(pieces, max_size=40).map("".join))
def test_any_text_keeps_its_words_and_leads_only_where_it_says(text: str) -> None:
    shown = html.fragment_fromstring(str(paragraphs(text)), create_parent="div")
    assert "".join(shown.text_content().split()) == "".join(text.split())
    for target, label in links(text):
        assert target.removeprefix("mailto:") == label.removeprefix("mailto:")
        assert target.lower().startswith(("http://", "https://", "mailto:"))
