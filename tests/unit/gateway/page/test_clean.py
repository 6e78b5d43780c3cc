"""HTML of mails made harmless (K1-K4, K6)."""

import pytest

from gateway.page import clean_html


def cleaned(html: str, **images: str) -> str:
    found = clean_html.clean(html, images)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)><script>alert(1)</script></svg>",
        "<math><mi xlink:href='javascript:alert(1)'>",
        "<iframe src='https://evil.example'></iframe>",
        "<object data='https://evil.example'></object><embed src=x>",
        "<form action='https://evil.example'><input name=a><button>go</button></form>",
        "<meta http-equiv=refresh content='0;url=https://evil.example'>",
        "<base href='https://evil.example'>",
        "<link rel=stylesheet href='https://evil.example'>",
        "<style>@import url(https://evil.example)</style>",
        "<a href='javascript:alert(1)'>a</a>",
        "<a href=' JaVaScRiPt:alert(1)'>a</a>",
        "<a href='java\nscript:alert(1)'>a</a>",
        "<a href='data:text/html,<script>alert(1)</script>'>a</a>",
        "<p style='background:url(https://evil.example)'>a</p>",
        "<p style='color:expression(alert(1))'>a</p>",
        "<p style='position:fixed;top:0;left:0'>a</p>",
        "<p style='color:\\75rl(https://evil.example)'>a</p>",
        "<img srcset='https://evil.example 2x'>",
        "<body background='https://evil.example' onload=alert(1)>",
        "<video src='https://evil.example' poster='https://evil.example'>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<template><img src=x onerror=alert(1)></template>",
        "<textarea><img title='</textarea><img src=x onerror=alert(1)>'>",
    ],
)
def test_nothing_active_is_left_K1_K4(hostile: str) -> None:
    found = cleaned(f"<p>before</p>{hostile}<p>after</p>").lower()
    assert "before" in found and not [
        word
        for word in ("script", "onerror=", "onload=", "evil", "<form", "<svg", "position", "<meta")
        if word in found.replace("&lt;img src=x onerror=alert(1)&gt;", "")
    ]


def test_what_mails_are_made_of_stays_K1() -> None:
    html = '<p style="color:red">a <b>b</b></p><ul><li>c</li></ul><table><tbody><tr><td>d</td></tr></tbody></table>'
    assert cleaned(html) == html


def test_broken_html_is_balanced_K1() -> None:
    assert cleaned("</div></div><p>a<b>b") == "<p>a<b>b</b></p>"


def test_links_say_nothing_of_where_they_stand_K2() -> None:
    found = cleaned('<a href="https://x.example/?a=1&amp;b=2" target="_self">x</a>')
    assert 'rel="noreferrer noopener nofollow"' in found and 'target="_blank"' in found
    assert 'href="https://x.example/?a=1&amp;b=2"' in found


@pytest.mark.parametrize(
    "source",
    [
        "https://t.example/1.gif",
        "//t.example/1.gif",
        "cid:unknown",
        "1.gif",
        "data:image/svg+xml,<svg>",
    ],
)
def test_images_from_elsewhere_are_placeholders_K3(source: str) -> None:
    found = cleaned(f"<img src='{source}' alt='Logo' width=1 height=1>")
    assert clean_html.PLACEHOLDER in found and 'alt="Logo"' in found
    assert "t.example" not in found


def test_an_image_that_came_with_the_mail_is_shown_K3() -> None:
    address = clean_html.image("image/png", b"png")
    assert address is not None
    found = clean_html.clean("<img src='CID:a%40B'>", {"a@b": address})
    assert found == f'<img src="{address}">'


def test_only_harmless_kinds_and_sizes_are_shown_K3() -> None:
    assert clean_html.image("image/svg+xml", b"<svg>") is None
    assert clean_html.image("image/png", b"x" * (clean_html.MAX_IMAGE + 1)) is None


def test_too_big_or_too_deep_is_not_shown_as_html_K6() -> None:
    assert clean_html.clean("a" * (clean_html.MAX_HTML + 1), {}) is None
    assert clean_html.clean("&" * (clean_html.MAX_MARKS + 1), {}) is None
    assert clean_html.clean("<div>" * 201, {}) is None
    assert clean_html.clean("<div>" * 100_000, {}) is None
    assert clean_html.clean("<p>a<br>" * 1000, {}) is not None


def test_lone_surrogates_and_nuls_do_no_harm_K6() -> None:
    assert cleaned("a\ud800b\0c").replace("\ufffd", "?").startswith("a?b")
