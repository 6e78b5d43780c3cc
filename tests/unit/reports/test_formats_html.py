"""Reports as pages: what they hold, and that a browser has nothing to run, to fetch or to scroll sideways for."""

import itertools
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.support.browser import browser, opened
from tests.unit.reports import sample
from ticketctl.reports.formats import svg
from ticketctl.reports.formats.write import encode
from ticketctl.reports.model import Chart

PAGES = {"one": (sample.COMPARED,), "several": sample.ALL, "nothing": (sample.EMPTY_REPORT,)}


class Outline(HTMLParser):
    """The elements of a page, in order, each with its attributes; `open` must be empty at the end."""

    VOID = frozenset({"meta", "rect", "line", "circle"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def page(*reports: Any) -> str:
    return encode(reports, "html", desk_name="Acme & Sons").decode()


@pytest.mark.parametrize("reports", PAGES.values(), ids=PAGES)
def test_a_page_is_balanced_and_loads_and_runs_nothing(reports: Any) -> None:
    html = page(*reports)
    outline = Outline(html)
    assert outline.open == []
    assert not {"script", "link", "img", "iframe", "form"} & {tag for tag, _ in outline.found}
    for _, attributes in outline.found:
        assert not [name for name in attributes if name.startswith("on") or name == "src"]
        assert (attributes.get("href") or "#").startswith("#")
    assert not re.search(r"url\((?!#)|@import|https?://", html)


@pytest.mark.parametrize("reports", PAGES.values(), ids=PAGES)
def test_a_page_can_be_heard(reports: Any) -> None:
    outline = Outline(page(*reports))
    assert outline.all("html") == [{"lang": "en"}]
    levels = [int(tag[1]) for tag, _ in outline.found if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(two <= one + 1 for one, two in itertools.pairwise(levels))
    assert all(head.get("scope") in ("col", "row") for head in outline.all("th"))
    drawings = [one for one in outline.all("svg") if one.get("role") == "img"]
    assert all(len(one["aria-label"] or "") > 20 for one in drawings)


def test_34_text_from_outside_is_only_text() -> None:
    html = page(sample.COMPARED)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html and "\x1b" not in html
    assert "Acme &amp; Sons" in html


def test_a_page_says_what_it_is_about() -> None:
    html = re.sub(r"<[^>]*>|\s+", " ", page(sample.COMPARED))
    assert "March 2026" in html and "29 January to 28 February 2026" in html
    assert "Europe/Madrid" in html and "business hours" in html
    assert "segment:support,billing &#34;refund&#34;" in html
    assert "2026-04-01 07:00:00 CEST" in html
    assert re.search(r"Breached +37 +−15", html)


def test_key_figures_of_several_reports_stand_first() -> None:
    found = re.findall(r"<dt>([^<]*)</dt><dd class=\"value\">", page(*sample.ALL))
    assert found[:3] == ["Created", "Resolved", "First response, median"]


# ---- charts ----------------------------------------------------------------------------------------


def texts(chart: Chart) -> list[str]:
    drawing = re.sub(r"<title>.*?</title>", "", str(svg.figure(chart)))
    return re.findall(r"<text[^>]*>([^<]*)</text>", drawing)


def test_every_bar_has_its_value_beside_it() -> None:
    chart = sample.AGENTS_REPORT.sections[0].chart
    assert chart is not None
    assert {"45m", "2h36m", "1h07m", "45s"} <= set(texts(chart))


def test_series_differ_by_more_than_colour() -> None:
    stacked = Chart("a", ("x",), tuple((name, (1.0,)) for name in "abc"), shape="stacked")
    drawing = str(svg.figure(stacked))
    assert [f'class="f{n}"' in drawing for n in (1, 2, 3)] == [True] * 3
    style = page(sample.EMPTY_REPORT)
    assert ".f2 { fill: url(#p2)" in style and 'id="p2"' in style
    assert len(set(re.findall(r"stroke-dasharray: ([^;]*);", style))) == 6


def test_a_chart_of_nothing_is_no_chart() -> None:
    assert svg.figure(Chart("a", (), (("a", ()),))) == ""
    assert svg.figure(Chart("a", ("x",), (("a", (None,)),))) == ""


def test_a_gap_breaks_a_line() -> None:
    chart = Chart("a", ("x", "y", "z"), (("a", (1, None, 2)),), shape="line")
    assert str(svg.figure(chart)).count('class="l1"') == 0
    whole = replace(chart, series=(("a", (1, 3, 2)),))
    assert str(svg.figure(whole)).count('class="l1"') == 2


@pytest.mark.parametrize("kind", ["count", "duration", "rate", "index"])
@pytest.mark.parametrize("shape", ["bars", "stacked", "line", "histogram"])
@pytest.mark.parametrize("size", [1, 12, 13, 60])
def test_any_chart_stays_on_its_paper(kind: Any, shape: Any, size: int) -> None:
    values = tuple((n % 7) / 7 for n in range(size))
    labels = tuple(f"2026-03-{n % 31 + 1:02}" for n in range(size))
    chart = Chart("a", labels, (("a", values), ("b", values[::-1])), kind, shape)
    for place, width in re.findall(
        r'<rect[^>]* x="([\d.]+)%"[^>]* width="([\d.]+)%"', svg.figure(chart)
    ):
        assert float(place) >= 0 and float(place) + float(width) <= 100.1
    if size > 1:
        assert "<svg role" in svg.figure(chart)


# ---- a real browser --------------------------------------------------------------------------------


@browser
def test_no_page_is_wider_than_its_window(tmp_path: Path) -> None:
    """Measured by a script in copies of the pages, in frames of those widths (a window has a least width)."""
    measure = "<script>document.title = document.documentElement.scrollWidth</script></body>"
    frames = ""
    for name, reports in PAGES.items():
        source = re.sub("<meta http-equiv[^>]*>", "", page(*reports))
        (tmp_path / f"{name}.html").write_text(source.replace("</body>", measure), "utf-8")
        for width in (360, 1200):
            frames += (
                f'<iframe src="{name}.html" width={width} height=800 style="border:0"></iframe>'
            )
    all_titles = "Array.from(frames, (_, n) => frames[n].document.title)"
    tell = f"onload = () => {{ document.title = {all_titles}.join() }}"
    frame = tmp_path / "frame.html"
    frame.write_text(f"{frames}<script>{tell}</script>", "utf-8")
    found = re.search(
        "<title>(.*?)</title>", opened(frame, "--dump-dom", "--allow-file-access-from-files")
    )
    assert found is not None and found[1] == ",".join(["360,1200"] * len(PAGES))


@browser
def test_a_browser_runs_nothing_and_asks_for_nothing_but_the_page(tmp_path: Path) -> None:
    path, log = tmp_path / "page.html", tmp_path / "net.json"
    path.write_text(page(*sample.ALL), "utf-8")
    shown = opened(path, "--dump-dom", f"--log-net-log={log}", "--net-log-capture-mode=Everything")
    assert "<script" not in shown
    asked = set(re.findall(r'"url":"([a-z]+://[^"]+)"', log.read_text("utf-8", "replace")))
    ours = {url for url in asked if "google" not in url and "gvt" not in url}
    assert ours <= {path.as_uri()}
