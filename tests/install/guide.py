"""The operator's guide as something that runs: its shell blocks, in a host of the test's own.

The blocks run as they are, but the host's folders lie in a folder of the test, and some commands of an administrator
are replaced: `sudo` sets the user's name only, `systemctl` starts the gateway or notes what it was asked.
"""

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs" / "operator"

_FOLDERS = ("/etc/", "/var/backups")
_SUDO = """#!/bin/sh
while :; do
    case "$1" in
    -u | -Hu) export LOGNAME="$2" USER="$2" PGUSER="$2"; shift 2 ;;
    *) break ;;
    esac
done
exec "$@"
"""
_SYSTEMCTL = """#!/bin/sh
echo "$*" >> "$HOST/asked"
case "$*" in
"stop ticketctl")
    kill "$(cat "$HOST/gateway.pid")"
    while kill -0 "$(cat "$HOST/gateway.pid")" 2> /dev/null; do sleep 0.1; done
    exit ;;
"enable --now ticketctl" | "start ticketctl") ;;
*) exit ;;
esac
export LOGNAME=ticketctl PGUSER=ticketctl
setsid ticketctl gateway serve > "$HOST/gateway.log" 2>&1 < /dev/null &
echo $! > "$HOST/gateway.pid"
# An administrator takes longer to type the next command than the gateway to note that it runs.
while ! ticketctl gateway status --exit-status > "$HOST/status" 2>&1; do
    kill -0 $! || exit 1
    sleep 0.1
done
"""
_SENDMAIL = """#!{python}
import os, smtplib, sys
host, port = os.environ["TICKETCTL_GATEWAY_LMTP"].split(":")
with smtplib.LMTP(host, int(port)) as client:
    client.sendmail(sys.argv[2], sys.argv[3:], sys.stdin.buffer.read().replace(b"\\n", b"\\r\\n"))
"""
_INSTALL = """#!{python}
import os, sys
words, kept = iter(sys.argv[1:]), []
for word in words:
    if word in ("-o", "-g"):
        next(words)
    else:
        kept.append(word)
os.execv("/usr/bin/install", ["install", *kept])
"""
_NOTE = """#!/bin/sh
echo "$(basename "$0") $*" >> "$HOST/asked"
"""


class Block:
    """A fenced block of a page: its language, text and heading."""

    def __init__(self, page: str, heading: str, language: str, text: str) -> None:
        self.page, self.heading, self.language, self.text = page, heading, language, text


def blocks(page: str, language: str) -> list[Block]:
    """The blocks of a page in a language."""
    found, heading = [], ""
    pattern = r"(?ms)^#+ (?P<heading>[^\n]*)$|^```(?P<language>\w+)\n(?P<text>.*?)^```$"
    for match in re.finditer(pattern, (PAGES / page).read_text()):
        heading = match["heading"] or heading
        if match["language"] == language:
            found.append(Block(page, heading, language, match["text"]))
    return found


class Host:
    """The host on which the blocks run."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        self.folder = folder
        self._bin = folder / "bin"
        for name in ("bin", "etc/cron.d", "etc/postfix", "etc/postgresql/15/main", "var/backups"):
            (folder / name).mkdir(parents=True)
        (folder / "etc/letsencrypt/renewal-hooks/deploy").mkdir(parents=True)
        for name, text in {"sudo": _SUDO, "systemctl": _SYSTEMCTL, "sendmail": _SENDMAIL}.items():
            self.command(name, text)
        self.command("install", _INSTALL)
        for name in ("chown", "apt", "postconf", "postmap"):
            self.command(name, _NOTE)
        path = f"{self._bin}:{Path(sys.executable).parent}:{os.environ['PATH']}"
        self.environ = {
            "HOME": str(folder),
            "HOST": str(folder),
            "TICKETCTL_CONFIG": str(folder / "etc/ticketctl/config.toml"),
            **environ,
            "PATH": f"{environ['PATH']}:{path}" if "PATH" in environ else path,
        }

    def command(self, name: str, text: str) -> None:
        """Put a command in front of the host's."""
        (self._bin / name).write_text(text.replace("{python}", sys.executable))
        (self._bin / name).chmod(0o755)

    def run(self, block: Block) -> str:
        """Run a block, and return what it prints; an assertion error if a command of it fails."""
        text = block.text.replace("/usr/share/doc/ticketctl/examples", str(ROOT / "docs/examples"))
        for folder in _FOLDERS:
            text = re.sub(rf"(?<![\w.])({folder})", rf"{self.folder}\1", text)
        done = subprocess.run(
            ["sh", "-euc", text],
            env=self.environ,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        where = f"{block.page}, {block.heading}:\n{block.text}\n"
        assert done.returncode == 0, where + done.stdout + done.stderr
        return done.stdout + done.stderr

    def asked(self) -> str:
        """What the replaced commands were asked, a line each."""
        return (self.folder / "asked").read_text()

    def stop(self) -> None:
        """Stop the gateway, if a block has started it."""
        with contextlib.suppress(FileNotFoundError):
            pid = int((self.folder / "gateway.pid").read_text())
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
                _wait(pid)


def _wait(pid: int) -> None:
    import psutil

    with contextlib.suppress(psutil.NoSuchProcess):
        psutil.Process(pid).wait(90)


@contextlib.contextmanager
def host(folder: Path, environ: Mapping[str, str]) -> Iterator[Host]:
    """A host, whose gateway is stopped at the end."""
    made = Host(folder, environ)
    try:
        yield made
    finally:
        made.stop()
