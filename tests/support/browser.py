"""Pages in a real browser, where there is one."""

import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
browser = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed here")
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)


def opened(page: Path, *options: str) -> str:
    """What Chromium, with a fresh profile, writes to its standard output about a page."""
    command = [
        str(CHROMIUM),
        *QUIET,
        f"--user-data-dir={page.parent / 'profile'}",
        *options,
        page.as_uri(),
    ]
    return subprocess.run(command, capture_output=True, check=True, timeout=120).stdout.decode()


def measured(page: Path, width: int, script: str) -> str:
    """What an expression of JavaScript says of a page in a frame of that width (a window has a least width)."""
    copy = page.with_name("measured.html")
    source = re.sub("<meta http-equiv[^>]*>", "", page.read_text("utf-8"))
    measure = f"<script>document.title = {script}</script></body>"
    copy.write_text(source.replace("</body>", measure), "utf-8")
    frame = page.with_name("frame.html")
    frame.write_text(
        f'<iframe src="{copy.name}" width={width} height=800 style="border:0"></iframe><script>'
        "onload = () => { document.title = frames[0].document.title }</script>",
        "utf-8",
    )
    shown = opened(frame, "--dump-dom", "--allow-file-access-from-files")
    found = re.search("<title>(.*?)</title>", shown, re.DOTALL)
    assert found is not None, shown
    return unescape(found[1])
