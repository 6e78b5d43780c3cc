"""Replies that are HTML only: the quote containers of the big clients, whatever language they speak (I5, I10)."""

import pytest

from gateway.parse import html
from gateway.parse.limits import DEFAULT
from gateway.trim.trim import trim

NEW = "<div>It still burns.</div><div>Please hurry.</div>"
TEXT = "It still burns.\nPlease hurry."
# No language that the table knows, so that only the container can tell.
WROTE = "Ar 3 Mai 2026 am 10:15, ysgrifennodd Ana y canlynol"
OLD = "<p>Have you tried water?</p><p>Support</p>"

CLIENTS = {
    "gmail": f"""{NEW}<br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">
        {WROTE}<br></div><blockquote class="gmail_quote" style="margin:0 0 0 .8ex">{OLD}</blockquote></div>""",
    "gmail, older": f"""{NEW}<div class="gmail_extra"><br><div class="gmail_quote">{WROTE}<br>
        <blockquote class="gmail_quote">{OLD}</blockquote></div></div>""",
    "thunderbird": f"""{NEW}<div class="moz-cite-prefix">{WROTE}<br></div>
        <blockquote type="cite" cite="mid:x">{OLD}</blockquote>""",
    "apple mail": f"""{NEW}<br><div><blockquote type="cite"><div>{WROTE}</div><br class="Apple-interchange-newline">
        <div>{OLD}</div></blockquote></div>""",
    "yahoo": f"""{NEW}<br><div id="yahoo_quoted_1" class="yahoo_quoted"><div>{WROTE}</div><div><br></div>
        <div>{OLD}</div></div>""",
    "proton": f"""{NEW}<br><div class="protonmail_quote">{WROTE}<br><br>
        <blockquote class="protonmail_quote" type="cite">{OLD}</blockquote></div>""",
    "zoho": f"""{NEW}<div class="zmail_extra_hr" style="border-top: 1px"><br></div>
        <div class="zmail_extra"><div>{WROTE}</div><div>{OLD}</div></div>""",
    "outlook": f"""{NEW}<div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><font><b>From:</b> Support
        &lt;support@desk.example&gt;<br><b>Sent:</b> Sunday, May 3, 2026 10:15<br><b>To:</b> Ana<br>
        <b>Subject:</b> Re: Fire</font><div>&nbsp;</div></div><div>{OLD}</div>""",
    "outlook, german": f"""{NEW}<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class="MsoNormal">
        <b>Von:</b> Support<br><b>Gesendet:</b> Sonntag, 3. Mai 2026 10:15<br><b>An:</b> Ana<br>
        <b>Betreff:</b> AW: Feuer</p></div>        {OLD}""",
    "outlook for mac": f"""{NEW}<span id="OLK_SRC_BODY_SECTION"><div><span style="font-weight:bold">From: </span>
        Support<br>        <span style="font-weight:bold">Date: </span>Sunday, 3 May 2026<br><span>To: </span>Ana<br>
        <span>Subject: </span>Fire<br></div>{OLD}</span>""",
}


def text_of(source: str) -> str:
    text, defect = html.to_text(f"<html><body>{source}</body></html>", DEFAULT)
    assert defect is None
    return text


@pytest.mark.parametrize("client", CLIENTS)
def test_the_quote_container_of_a_client_is_a_quote_I5(client: str) -> None:
    found = trim(text_of(CLIENTS[client]), html=CLIENTS[client])
    assert found.text == TEXT
    assert "Have you tried water?" in found.elided


def test_words_between_two_quotes_of_a_container_are_kept_I3() -> None:
    source = f"""<div class="gmail_quote"><div class="gmail_attr">{WROTE}</div><blockquote>One?</blockquote>
        <div>Yes.</div><blockquote>Two?</blockquote><div>No.</div></div>"""
    found = trim(text_of(source)).text
    assert "Yes." in found.split("\n") and "No." in found.split("\n")
    assert "> One?" in found and "> Two?" in found


@pytest.mark.parametrize("container", ["gmail_quote", "yahoo_quoted"])
def test_a_forwarded_mail_is_content_in_a_quote_container_too_I6(container: str) -> None:
    source = f"""{NEW}<div class="{container}"><div class="gmail_attr">---------- Forwarded message ---------<br>
        From: <b>Ana</b> &lt;ana@x.example&gt;<br>Date: Sun, May 3, 2026<br>Subject: Fire<br>To: me<br></div>
        <div>The roof too.</div></div>"""
    assert "The roof too." in trim(text_of(source)).text.split("\n")


def test_html_and_text_of_one_mail_give_the_same_I10() -> None:
    wrote = "On 3 May 2026, Ana wrote:"
    plain = f"It still burns.\nPlease hurry.\n\n{wrote}\n> Have you tried water?\n> Support\n"
    rich = CLIENTS["gmail"].replace(WROTE, wrote)
    assert trim(text_of(rich)).text == trim(plain).text == TEXT


def test_a_thousand_containers_inside_each_other_come_to_an_end_I11() -> None:
    text_of('<div class="gmail_quote">a ' * 1_000)
    text_of('<div class="gmail_quote">a</div> ' * 20_000)
