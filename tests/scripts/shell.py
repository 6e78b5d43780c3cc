"""A small shell for the scripts: runs command lines in this process and writes down what they print.

A script is made of blocks: a command line, the lines it answers, blank lines between. A remark begins with `# `.

    $ ticketctl close 1     a command line: quoting, NAME=value in front and `a | b` as in a real shell
    1 closed                a line of stdout; an empty one is written `\\`
    2> words                a line of stderr
    ?3                      the exit code, where it is not 0

Signs that cannot be printed are spelt out as \\x1b or \\u200b, tabs as \\t. Before a command, `tty` makes
its three streams a terminal. Further commands: `mail FROM SUBJECT BODY [--to A] [--id I] [--attach N] [--reply-to A]`
delivers a mail now, `now TIME`, `export NAME=VALUE`, `write FILE` (the lines that follow are its content),
`cat FILE`, `echo WORDS`, `head N`, `sh -c TEXT`.
"""

import base64
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from ticketctl.cli import main as cli


class Stream(io.TextIOWrapper):
    """One of the three streams, in memory; a terminal if asked for."""

    def __init__(self, content: bytes = b"", *, terminal: bool = False) -> None:
        self.memory = io.BytesIO(content)
        self.terminal = terminal
        super().__init__(self.memory, encoding="utf-8", newline="", write_through=True)

    def isatty(self) -> bool:
        return self.terminal

    def said(self) -> str:
        """What was written, with signs that cannot be printed spelt out."""
        text = self.memory.getvalue().decode("utf-8")
        return "".join(c if c.isprintable() or c == "\n" else _spelt(c) for c in text)


class Shell:
    """Plays the blocks of one script in one folder, on one desk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._mails = 0

    def play(self, block: str) -> str:
        """The block with the answer it really has."""
        first, *rest = block.splitlines()
        if not first.startswith("$ "):
            return block
        line = first.removeprefix("$ ")
        if line.startswith("write "):
            content = "\n".join("" if one == "\\" else one for one in rest) + "\n"
            (self._folder / line.split()[1]).write_text(content, encoding="utf-8")
            return block
        code, out, err = self._piped(line)
        said = [_quoted(one) for one in self._lines(out)]
        said += [f"2> {one}" for one in self._lines(err)]
        said += [f"?{code}"] if code else []
        return "".join(f"{one}\n" for one in (first, *said))

    def _lines(self, text: str) -> list[str]:
        if not text:
            return []
        for name, path in (("FOLDER", str(self._folder)), ("HOME", os.environ["HOME"])):
            text = text.replace(path, name)
        text = re.sub(r'"group": ?"[0-9a-f]{24}"', '"group": "GROUP"', text)
        text = re.sub(r">8-[0-9]+-", ">8-NUMBER-", text)
        return re.sub(r"-[0-9]+\.txt", "-NUMBER.txt", text).removesuffix("\n").split("\n")

    def _piped(self, line: str) -> tuple[int, str, str]:
        code, content, out, err = 0, b"", "", ""
        for part in _parts(shlex.split(line)):
            stdout, stderr = self._called(part, content)
            code = stdout[0]
            content, out = stdout[1].memory.getvalue(), stdout[1].said()
            err += stderr.said()
        return code, out, err

    def _called(self, words: list[str], content: bytes) -> tuple[tuple[int, Stream], Stream]:
        before = dict(os.environ)
        while "=" in words[0]:
            name, _, value = words.pop(0).partition("=")
            os.environ[name] = value
        terminal = words[0] == "tty"
        words = words[1:] if terminal else words
        streams = sys.stdin, sys.stdout, sys.stderr
        stdin, stdout, stderr = (Stream(c, terminal=terminal) for c in (content, b"", b""))
        sys.stdin, sys.stdout, sys.stderr = stdin, stdout, stderr
        try:
            code = self._command(words, stdin)
        finally:
            sys.stdin, sys.stdout, sys.stderr = streams
            if words[0] not in ("export", "now"):
                os.environ.clear()
                os.environ.update(before)
        return (code, stdout), stderr

    def _command(self, words: list[str], stdin: Stream) -> int:
        name, *args = words
        if name == "ticketctl":
            return cli.run(args)
        if name == "mail":
            return self._mail(args)
        if name == "now":
            os.environ["TICKETCTL_NOW"] = args[0]
        elif name == "export":
            key, _, value = args[0].partition("=")
            os.environ[key] = value
        elif name == "cat":
            sys.stdout.write((self._folder / args[0]).read_bytes().decode("utf-8"))
        elif name == "echo":
            sys.stdout.write(" ".join(args).replace("\\n", "\n") + "\n")
        elif name == "head":
            sys.stdout.write("".join(stdin.readlines()[: int(args[0])]))
        elif name == "sh":
            sys.stdout.write(
                subprocess.run(
                    ["sh", "-c", args[1]], capture_output=True, text=True, check=True
                ).stdout
            )
        else:
            raise ValueError(f"the scripts have no command {name}")
        return 0

    def _mail(self, args: list[str]) -> int:
        options = dict(zip(args[3::2], args[4::2], strict=True))
        self._mails += 1
        to = options.get("--to", "support@help.example")
        identifier = options.get("--id", f"<m{self._mails}@customer.example>")
        raw = _raw(args[0], to, identifier, args[1], args[2], options.get("--attach"))
        if "--reply-to" in options:
            raw = f"Reply-To: {options['--reply-to']}\n".encode() + raw
        sys.stdin = Stream(raw)
        return cli.run(["gateway", "ingest", "-q", "--recipient", to])


def blocks(script: str) -> Iterator[str]:
    """The script in pieces: each a command with its answer, or a blank line or remark; joined they are the script."""
    piece = ""
    for line in script.splitlines(keepends=True):
        if line.startswith(("$ ", "# ", "\n")) or piece.startswith(("# ", "\n")):
            if piece:
                yield piece
            piece = ""
        piece += line
    if piece:
        yield piece


def _parts(words: list[str]) -> Iterator[list[str]]:
    part: list[str] = []
    for word in words:
        if word == "|":
            yield part
            part = []
        else:
            part.append(word)
    yield part


def _quoted(line: str) -> str:
    if not line:
        return "\\"
    return f"\\{line}" if line.startswith(("$ ", "# ", "2> ", "?")) else line


def _spelt(sign: str) -> str:
    return sign.encode("unicode_escape").decode()


def _header(text: str) -> str:
    return f"=?utf-8?b?{base64.b64encode(text.encode()).decode()}?="


def _raw(
    author: str, to: str, identifier: str, subject: str, body: str, attached: str | None
) -> bytes:
    name, _, address = author.rpartition(" ")
    head = [
        f"From: {_header(_real(name))} {address}",
        f"To: {to}",
        f"Subject: {_header(_real(subject))}",
        f"Message-ID: {identifier}",
        "MIME-Version: 1.0",
    ]
    text = (
        "Content-Type: text/plain; charset=utf-8\r\n\r\n"
        + _real(body).replace("\n", "\r\n")
        + "\r\n"
    )
    if attached is None:
        return ("\r\n".join(head) + "\r\n" + text).encode()
    file = (
        "Content-Type: text/plain\r\nContent-Disposition: attachment; "
        f'filename="{_header(_real(attached))}"\r\n\r\ninside\r\n'
    )
    whole = (
        "Content-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n"
        + text
        + "--B\r\n"
        + file
        + "--B--\r\n"
    )
    return ("\r\n".join(head) + "\r\n" + whole).encode()


def _real(text: str) -> str:
    """The text with \\n, \\x1b, \\u202e … as the signs they mean."""
    return text.encode("ascii", "backslashreplace").decode("unicode_escape")
