"""Renews the screens of the README from the running program: `make screens`.

Starts the demo desk in a fresh folder, runs the commands of `SCREENS` on a terminal of 80 columns, and writes what is
seen beside this file: as text, and as SVG on a dark and on a light ground.
"""

import os
import pty
import re
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from html import escape
from pathlib import Path

from ticketctl.text_table import wide

HERE = Path(__file__).parent
SCREENS = {
    "list": ("list",),
    "show": ("show", "1"),
    "board": ("board", "--by", "segment"),
}
WIDTH, CELL, LINE, EDGE = 80, 8.4, 19, 16  # columns; pixels of a letter, a line, the margin
WAIT = 120  # seconds for the demo to file its mail
# Ground, text, then the colours of the terminal by their code.
THEMES = {
    "dark": ("#0d1117", "#e6edf3", {31: "#ff7b72", 32: "#7ee787", 33: "#e3b341", 36: "#79c0ff"}),
    "light": ("#ffffff", "#1f2328", {31: "#cf222e", 32: "#116329", 33: "#7d4e00", 36: "#0550ae"}),
}
_COLOUR = re.compile(r"\x1b\[([0-9;]*)m")


def main() -> None:
    """Write every screen."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        command = [sys.executable, "-m", "ticketctl", "demo", "--folder", f"{folder}/desk"]
        with log.open("w") as out:
            demo = subprocess.Popen(command, stdout=out, stderr=out)
        try:
            environment = _environment(Path(folder) / "desk" / "env", log)
            for name, words in SCREENS.items():
                _write(name, f"ticketctl {' '.join(words)}", _seen(words, environment))
        finally:
            demo.terminate()
            demo.wait()


def _environment(file: Path, log: Path) -> dict[str, str]:
    """The variables of the demo's shell, once it has listed its tickets."""
    until = time.monotonic() + WAIT
    while "SUBJECT" not in log.read_text().upper():
        if time.monotonic() > until:
            sys.exit(f"the demo has listed no tickets:\n{log.read_text()}")
        time.sleep(0.5)
    shown = subprocess.run(
        ["sh", "-c", f". {shlex.quote(str(file))} && env -0"], capture_output=True, check=True
    )
    pairs = (one.decode().partition("=") for one in shown.stdout.split(b"\0") if one)
    found = {name: value for name, _, value in pairs}
    return found | {"COLUMNS": str(WIDTH), "LINES": "24", "TERM": "xterm", "PAGER": ""}


def _seen(words: tuple[str, ...], environment: dict[str, str]) -> str:
    """What a command shows on a terminal."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "ticketctl", *words]
    running = subprocess.Popen(command, stdout=theirs, stderr=theirs, env=environment)
    os.close(theirs)
    seen = b""
    try:
        while part := os.read(ours, 65536):
            seen += part
    except OSError:  # so a terminal ends on Linux
        pass
    os.close(ours)
    if running.wait():
        sys.exit(f"{' '.join(words)}: {seen.decode()}")
    return seen.decode().replace("\r\n", "\n").rstrip("\n")


def _write(name: str, command: str, seen: str) -> None:
    lines = [f"$ {command}", *seen.split("\n")]
    text = "\n".join(_COLOUR.sub("", line) for line in lines)
    (HERE / f"{name}.txt").write_text(text + "\n", encoding="utf-8")
    for theme in THEMES:
        (HERE / f"{name}-{theme}.svg").write_text(_svg(lines, theme), encoding="utf-8")


def _svg(lines: list[str], theme: str) -> str:
    ground, plain, _ = THEMES[theme]
    width, height = WIDTH * CELL + 2 * EDGE, len(lines) * LINE + 2 * EDGE
    rows = "\n".join(
        part for n, line in enumerate(lines) for part in _row(line, EDGE + (n + 0.75) * LINE, theme)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img"'
        f' aria-label="{escape(_COLOUR.sub("", lines[0]))}">\n'
        f'<rect width="100%" height="100%" rx="8" fill="{ground}"/>\n'
        f'<g fill="{plain}" font-family="ui-monospace,Menlo,Consolas,monospace" font-size="14"'
        f' xml:space="preserve">\n{rows}\n</g>\n</svg>\n'
    )


def _row(line: str, y: float, theme: str) -> Iterator[str]:
    """The words of a line, each at its column, so that they stand below each other in any font."""
    ground, plain, colours = THEMES[theme]
    codes: set[int] = set()
    column = 0
    for n, part in enumerate(_COLOUR.split(line)):
        if n % 2:
            new = {int(code or 0) for code in part.split(";")}
            codes = set() if 0 in new else codes | new
            continue
        colour = next((colours[code] for code in codes if code in colours), plain)
        for word in re.finditer(r"\S+(?: \S+)*", part):
            x = EDGE + (column + wide(part[: word.start()])) * CELL
            room = wide(word[0]) * CELL
            if 7 in codes:  # in reverse
                yield (
                    f'<rect x="{x:g}" y="{y - LINE * 0.72:g}" width="{room:g}" height="{LINE}"'
                    f' fill="{colour}"/>'
                )
            look = f' fill="{ground if 7 in codes else colour}"'
            look += ' font-weight="bold"' if 1 in codes else ""
            look += ' opacity="0.6"' if 2 in codes else ""
            look += ' text-decoration="underline"' if 4 in codes else ""
            yield (
                f'<text x="{x:g}" y="{y:g}" textLength="{room:g}" lengthAdjust="spacingAndGlyphs"{look}>'
                f"{escape(word[0])}</text>"
            )
        column += wide(part)


if __name__ == "__main__":
    main()
