"""The page of a ticket for people outside (issue 15, item 11): what they may know, and nothing that is internal."""

import base64
import re
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from lxml import html as lxml_html  # type: ignore[import-untyped]

from tests.support.desk import DESK
from tests.support.outside import CARL, DORA, Outside
from ticketctl.store.db.database import Database

SECRET = "xyzzy-intern"  # a word that only the desk may read
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
FILES = {
    "../../etc/passwd": ("text/plain", b"root"),
    'a"><script>x</script>.html': ("text/html", b"<script>alert(1)</script>"),
    "photo.png": ("image/png", PNG),
    "PHOTO.png": ("image/png", PNG + b" "),
    "drawing.svg": ("image/svg+xml", b"<svg onload='alert(1)'/>"),
    "con": ("application/octet-stream", b"device"),
}


def mail(text: str, html: str = "", sender: str = CARL, **head: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"] = sender, "support@help.example"
    for name, value in {"Subject": "Printer", "Message-ID": "<1@customer.example>", **head}.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    if html:
        made.add_alternative(html, subtype="html")
    return made


def with_files() -> bytes:
    made = mail("See the files.")
    for name, (type_, content) in FILES.items():
        main, _, sub = type_.partition("/")
        made.add_attachment(content, main, sub, filename=name)
    return made.as_bytes()


def page(outside: Outside, *words: str) -> Any:
    """The exported page of ticket 1."""
    path = outside.home / "page.html"
    outside.run("export", "1", "-o", str(path), *words)
    return lxml_html.fromstring(path.read_bytes())


def test_item_11_nothing_internal_is_on_the_page(outside: Outside) -> None:
    """No comment, history, escalation, tag, custom field, reply taken back, or name for the desk alone."""
    fields = f'\n[[field]]\non = "ticket"\nname = "{SECRET}-field"\ntype = "text"\n'
    outside.apply(fields)
    outside.mail()
    outside.run("assign", "1", "ben", "-m", SECRET)
    outside.run("comment", "1", "-m", SECRET)
    outside.run("edit", "1", "--set", f"{SECRET}-field=xyzzy-value", "-m", SECRET)
    outside.run("edit", "1", "--tag", SECRET, "-m", SECRET)
    outside.run("reply", "1", "-m", f"{SECRET} taken back")
    outside.run("undo", "-y")
    outside.become("ana")
    outside.run("reply", "1", "-m", "Is it on?")
    outside.run("escalate", "1", "--to", "lab@partner.example", "-m", SECRET)
    shown = page(outside, "--attachments", "embed")
    text = (outside.home / "page.html").read_text("utf-8")
    assert "xyzzy" not in text and "partner.example" not in text and "escalated" not in text
    assert "@help.example" not in text.replace("support@help.example", "")
    assert [one.text_content() for one in shown.xpath("//section//b")] == [
        "Carl <carl@customer.example>", "Ana",
    ]  # fmt: skip
    assert "Is it on?" in text and "Ben" in text


FORWARDS = {
    "gmail": ("Fwd: Printer", "---------- Forwarded message ---------\nFrom: {}\n", "Subject"),
    "outlook": ("WG: Drucker", "________________________________\nVon: {}\nGesendet: Montag\n", "Betreff"),
    "spanish": ("RV: Impresora", "-----Mensaje original-----\nDe: {}\n", "Asunto"),
}  # fmt: skip


@pytest.mark.parametrize("client", FORWARDS)
def test_item_11_words_of_an_agent_who_forwarded_the_mail_stay_inside(
    outside: Outside, client: str
) -> None:
    """Their note is in the raw mail and its HTML; of that only the customer's words are shown."""
    subject, head, word = FORWARDS[client]
    block = f"{head.format(CARL)}{word}: Printer\nTo: ana@help.example\n\nIt does not print.\n"
    rich = f"<p>{SECRET}</p><br>{block.replace('<', '&lt;').replace(chr(10), '<br>')}"
    forward = mail(
        f"{SECRET}\n\n{block}", rich, "Ana <ana@help.example>", Subject=subject,
        Authentication_Results="mx.help.example; dmarc=pass header.from=help.example",
    )  # fmt: skip
    outside.deliver(forward.as_bytes())
    assert outside.ticket()["customer"]["email"] == "carl@customer.example"
    text = page(outside).text_content()
    assert SECRET not in text and "It does not print." in text


def test_item_11_hostile_html_comes_through_the_one_cleaning_door(outside: Outside) -> None:
    """No script, no handler, no frame, nothing loaded; the subject is text too."""
    html = (
        "<p>Hello</p><script>x</script><img src=http://t.invalid/p.gif onerror=x><iframe src=//t.invalid></iframe>"
        "<a href='javascript:x'>bad</a><form action=//t.invalid><input></form><style>*{}</style></div></section>"
        "<link rel=stylesheet href=//t.invalid><base href=//t.invalid><meta http-equiv=refresh content=0>"
    )
    outside.deliver(mail("Hello", html, Subject="</title><script>x</script>").as_bytes())
    shown = page(outside)
    text = (outside.home / "page.html").read_text("utf-8")
    assert "t.invalid" not in text and "javascript" not in text and "onerror" not in text
    for tag in ("script", "iframe", "form", "input", "link", "base"):
        assert shown.xpath(f"//{tag}") == []
    assert len(shown.xpath("//style")) == 1 and len(shown.xpath("//article/section")) == 1


def test_item_11_the_page_has_title_language_direction_and_the_desks_time(
    outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The time is that of the desk's zone, wherever the page is made; several tickets have their own languages."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    zone = DESK.replace('name = "Help"', 'name = "Help"\ntimezone = "Europe/Madrid"', 1)
    outside.apply(base=zone)
    outside.mail(
        "مرحبا، الطابعة لا تعمل منذ يوم أمس وأحتاج إلى المساعدة.",
        Subject="الطابعة لا تعمل",
        Accept_Language="ar",
    )
    shown = page(outside)
    root = shown.getroottree().getroot()
    assert (root.get("lang"), root.get("dir")) == ("ar", "rtl")
    assert shown.findtext(".//title") == "#1 الطابعة لا تعمل, Help"
    assert [one.text for one in shown.iter("time")] == ["Mon 2026-03-09 09:00"]
    assert "Europe/Madrid" in shown.text_content()
    outside.mail("?", DORA, Subject="חשבון")
    outside.run("export", "1,2", "-o", str(outside.home / "two.html"))
    two = lxml_html.fromstring((outside.home / "two.html").read_bytes())
    assert two.getroottree().getroot().get("lang") == "en"
    assert {one.get("dir") for one in two.iter("article")} == {"rtl"}
    assert [one.get("lang") for one in two.iter("article")] == ["ar", ""]


LABELS = {
    "en": ["Desk", "Customer", "Status", "Opened", "Time zone", "Message 1", "open"],
    "es": ["Servicio", "Cliente", "Estado", "Abierta", "Zona horaria", "Mensaje 1", "abierta"],
    "cs": ["Pracoviště", "Zákazník", "Stav", "Přijato", "Časové pásmo", "Zpráva 1", "otevřený"],
}


@pytest.mark.parametrize(
    ("asked", "used"), [("en", "en"), ("es-MX", "es"), ("cs", "cs"), ("ar", "es")]
)
def test_item_11_the_labels_are_in_the_customers_language_else_the_desks(
    outside: Outside, asked: str, used: str
) -> None:
    outside.apply(base=DESK.replace('name = "Help"', 'name = "Help"\nlanguage = "es"', 1))
    outside.mail("?", Accept_Language=asked, Content_Language=asked)
    shown = page(outside)
    labels = [*shown.iter("dt"), *shown.iter("h2")]
    assert {one.get("lang") for one in labels} == {used}
    status = shown.xpath("//dd")[2].text_content()
    assert [*(one.text_content() for one in labels), status] == LABELS[used]
    outside.mail("?", DORA)
    outside.run("export", "1,2", "-o", str(outside.home / "two.html"))
    assert "<title>Help: solicitudes</title>" in (outside.home / "two.html").read_text("utf-8")


def test_item_11_every_language_has_its_own_words() -> None:
    from gateway.page import labels

    own = [labels.of(language, "en") for language in LABELS]
    assert [one.language for one in own] == list(LABELS)
    assert len({tuple(one.words) for one in own}) == 1
    for name in set(labels.Labels._fields) - {"words", "no"}:
        assert len({getattr(one, name) for one in own}) == 3
    assert labels.of("../../etc", "").language == labels.of("", "xx").language == "en"


FIELDS = """
[[field]]
on = "ticket"
name = "parcel"
public = true

[[field]]
on = "ticket"
name = "insured"
type = "bool"
public = true

[[field]]
on = "ticket"
name = "colours"
type = "multi"
choices = ["red", "blue"]
public = true

[[field]]
on = "ticket"
name = "empty"
public = true

[[field]]
on = "ticket"
name = "profit"

[[field]]
on = "customer"
name = "plan"
public = true

[[field]]
on = "customer"
name = "risk"
"""


def test_item_11_public_fields_are_on_the_page_and_no_others(outside: Outside) -> None:
    """Their values are text, whatever is in them."""
    outside.apply(FIELDS)
    outside.mail("?", Content_Language="es", Accept_Language="es")
    hostile = "<script>x</script>\u202e\x1b[31m{n}"
    outside.run("edit", "1", "--set", f"parcel={hostile}", "--set", "insured=true", "-m", "why")
    outside.run("edit", "1", "--set", "colours=red,blue", "--set", f"profit={SECRET}", "-m", "why")
    outside.run("customer", "edit", "1", "--set", "plan=gold", "--set", f"risk={SECRET}")
    shown = page(outside)
    facts = {
        one.findtext("dt/bdi"): one.findtext("dd/bdi") for one in shown.xpath("//dl/div[dt/bdi]")
    }
    parcel = facts.pop("parcel")
    assert facts == {"insured": "sí", "colours": "red, blue", "plan": "gold"}
    assert "<script>x</script>" in parcel and "{n}" in parcel
    assert "\u202e" not in parcel and "\x1b" not in parcel
    text = (outside.home / "page.html").read_text("utf-8")
    assert SECRET not in text and "<script>" not in text and "profit" not in text


def test_item_11_attachments_are_named_unless_asked_for(outside: Outside) -> None:
    outside.deliver(with_files())
    shown = page(outside)
    assert len(shown.xpath("//ul[@class='files']/li")) == len(FILES)
    assert shown.xpath("//ul[@class='files']//a | //ul[@class='files']//img") == []
    assert page(outside, "--attachments", "none").text_content() == shown.text_content()


def test_item_11_embedded_attachments_are_images_or_downloads(outside: Outside) -> None:
    """Only images of known types are shown; what could run has no type that a browser opens."""
    outside.deliver(with_files())
    shown = page(outside, "--attachments", "embed")
    images = shown.xpath("//ul[@class='files']//img/@src")
    assert [one.partition(",")[0] for one in images] == ["data:image/png;base64"] * 2
    links = {one.get("download"): one.get("href") for one in shown.xpath("//li/a")}
    assert {one.partition(",")[0] for one in links.values()} == {
        "data:application/octet-stream;base64"
    }
    contents = {base64.b64decode(one.partition(",")[2]) for one in (*links.values(), *images)}
    assert contents == {content for _, content in FILES.values()}
    assert not [one for one in links if "/" in one or "<" in one or '"' in one]


def test_item_11_a_folder_has_the_attachments_beside_the_page(outside: Outside) -> None:
    """Each link leads to its file; names are safe, apart also without case, and nothing is written elsewhere."""
    outside.deliver(with_files())
    before = set(outside.home.iterdir())
    shown = page(outside, "--attachments", "folder")
    assert "page-files" in outside.errors
    folder = outside.home / "page-files"
    assert set(outside.home.iterdir()) - before == {folder, outside.home / "page.html"}
    links = [unquote(one) for one in shown.xpath("//li/a/@href")]
    assert [(outside.home / one).read_bytes() for one in links] == [
        content for _, content in FILES.values()
    ]
    names = [one.name for one in folder.iterdir()]
    assert len({one.lower() for one in names}) == len(names) == len(FILES)
    assert not [one for one in names if re.search(r'[<>:"|?*\\]', one)]


def test_item_11_a_folder_that_exists_is_left_alone(outside: Outside) -> None:
    """Nothing is overwritten, no page is written, and without attachments there is no folder."""
    outside.mail()
    page(outside, "--attachments", "folder")
    assert not (outside.home / "page-files").exists()
    (outside.home / "new-files").mkdir()
    target = outside.home / "new.html"
    outside.run("export", "1", "--attachments", "folder", "-o", str(target), code=2)
    assert "already exists" in outside.errors
    assert not target.exists() and list((outside.home / "new-files").iterdir()) == []
    assert not list(outside.home.glob("*.part")) and not list(outside.home.glob(".*.part"))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("1 --format html --comments", "never has comments"),
        ("1 --format csv --attachments embed", "csv has no attachments"),
        ("1 --format json --attachments none", "json has no attachments"),
        ("1 --format html --attachments folder", "give -o FILE.html or --attachments embed"),
        ("1 --format html --columns id", "html has no columns"),
    ],
)
def test_item_11_options_that_do_not_fit_are_refused(
    outside: Outside, line: str, said: str
) -> None:
    outside.mail()
    outside.run("export", *line.split(), code=2)
    assert said in outside.errors


def test_item_11_both_databases_give_an_attachment(
    db: Database, db_url: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = Outside(db_url, home, monkeypatch)
    outside.apply()
    outside.deliver(with_files())
    outside.run("reply", "1", "-m", "Thanks.", "--attach", outside.file("how to.txt", "Press."))
    links = page(outside, "--attachments", "folder").xpath("//li/a/@href")
    assert len(links) == len(FILES) + 1
    assert (outside.home / unquote(links[-1])).read_text("utf-8") == "Press."


def test_item_11_in_print_no_message_is_cut_and_links_are_written_out(outside: Outside) -> None:
    outside.mail()
    print_ = page(outside).findtext(".//style").partition("@media print")[2]
    assert "section, .mail { overflow: visible; contain: none; }" in print_
    assert "attr(href)" in print_ and "break-inside" not in print_
