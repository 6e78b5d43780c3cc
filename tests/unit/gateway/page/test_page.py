"""`export --format html`: one page that stands alone, in a real browser where there is one."""

import base64
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.support.browser import browser, measured, opened
from ticketctl.cli import main as cli
from ticketctl.domain.base.records import Attachment
from ticketctl.store.db import blobs
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.people import customers
from ticketctl.store.tickets import messages, tickets

AT = datetime(2026, 3, 9, 8, 10, tzinfo=UTC)
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
WIDE = (
    "<table width=900><tr>" + "<td width=300>wide cell of a newsletter</td>" * 6 + "</tr></table>"
)
BODY = f"""<html><head><title>t</title><script>document.title='ran'</script></head>
<body onload="document.title='ran'"><p style="position:fixed">Hällo</p><img src="cid:logo@x">
<img src="http://tracker.invalid/p.gif" onerror="document.title='ran'"><a href="https://x.example">link</a>
<a href="javascript:document.title='ran'">bad</a>{WIDE}<pre>{"x" * 500}</pre></body></html>"""
RAW = (
    (
        "From: Zoë <zoe@x.example>\nSubject: Fire\nContent-Type: multipart/related; boundary=b\n\n"
        f"--b\nContent-Type: text/html; charset=utf-8\n\n{BODY}\n--b\nContent-Type: image/png\n"
        "Content-ID: <logo@x>\nContent-Transfer-Encoding: base64\n\n"
    ).encode()
    + base64.encodebytes(PNG)
    + b"--b--\n"
)


@pytest.fixture
def page(sqlite_db: Database, sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The page of a ticket whose customer means harm."""
    monkeypatch.setenv("TICKETCTL_DB", sqlite_url)
    sqlite_db.write(_ticket)
    target = home / "page.html"
    assert cli.run(["export", "1", "--format", "html", "-o", str(target)]) == 0
    return target


def _ticket(tx: Tx) -> None:
    who = customers.find_or_create(
        tx, email="zoe@x.example", name="<b>Zoë</b>", language=None, at=AT
    )
    number = tickets.create(
        tx,
        tickets.NewTicket(
            subject="Fire <script>document.title='ran'</script> {{ 7 * 7 }} \x1b[31m",
            status="open",
            priority="medium",
            channel="email",
            mailbox="support@help.example",
            segment="support",
            customer_id=who.id,
            at=AT,
        ),
    )
    common: dict[str, Any] = {"class_": "human", "author_name": "Zoë", "at": AT, "subject": "Fire"}
    messages.add(
        tx,
        number,
        messages.NewMessage(
            direction="in",
            author="zoe@x.example",
            text="Hällo",
            full_text="Hällo",
            blob=blobs.put(tx, RAW, AT),
            attachments=[
                Attachment(
                    n=1,
                    name="<i>.pdf",
                    type="application/pdf",
                    size=9,
                    sha256="0",
                    inline=False,
                    part="9",
                )
            ],
            **common,
        ),
    )
    messages.add(
        tx,
        number,
        messages.NewMessage(
            direction="out",
            author="eva",
            text="1 < 2 & <em>three</em>",
            full_text="1 < 2 & <em>three</em>",
            **common,
        ),
    )
    messages.add_comment(tx, number, author="eva", at=AT, text="not for customers")


def test_the_page_shows_what_was_written_and_nothing_active_K5(page: Path) -> None:
    html = page.read_text("utf-8")
    assert "Hällo" in html and "1 &lt; 2 &amp; &lt;em&gt;three&lt;/em&gt;" in html
    assert "&lt;b&gt;Zoë&lt;/b&gt;" in html and "&lt;i&gt;.pdf" in html
    assert "<script" not in html and "onload" not in html and "onerror" not in html
    assert "tracker.invalid" not in html
    assert "data:image/png;base64," in html
    assert "default-src &#x27;none&#x27;" in html or "default-src 'none'" in html


def test_template_syntax_and_escapes_are_only_text_K8(page: Path) -> None:
    html = page.read_text("utf-8")
    assert "{{ 7 * 7 }}" in html and "\x1b" not in html


def test_comments_stay_inside(page: Path) -> None:
    assert "not for customers" not in page.read_text("utf-8")


@browser
def test_no_script_runs_in_a_browser_K1(page: Path) -> None:
    title = re.search("<title>(.*?)</title>", opened(page, "--dump-dom"), re.DOTALL)
    assert title is not None and title[1].startswith("#1 Fire &lt;script&gt;")


@browser
def test_a_browser_asks_for_nothing_but_the_page_K3(page: Path) -> None:
    log = page.with_name("net.json")
    opened(page, "--dump-dom", f"--log-net-log={log}", "--net-log-capture-mode=Everything")
    asked = set(re.findall(r'"url":"(https?://[^"]+)"', log.read_text("utf-8", "replace")))
    assert [url for url in asked if "invalid" in url or "x.example" in url] == []


@browser
@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_is_wider_than_its_window(page: Path, width: int) -> None:
    assert measured(page, width, "document.documentElement.scrollWidth") == str(width)
