"""Every command's `--help` ends with examples, and each of them works on a desk with tickets (item 8)."""

import itertools
import os
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.scripts.shell import Shell, Stream
from tests.support.home import make_home
from tests.support.paths import TESTS
from ticketctl.cli import main as cli
from ticketctl.cli.command_table import COMMANDS
from ticketctl.cli.shared import examples

ONLY_PARSED = {
    "ticketctl reply 12": "opens an editor",
    "ticketctl order sync": "fetches from a shop",
    "ticketctl mailbox login": "waits for a person",
    "ticketctl mailbox test": "logs in to a mail server",
    "ticketctl gateway serve": "runs until it is stopped",
    "ticketctl gateway demo": "runs until it is stopped",
    "ticketctl ui": "needs a terminal",
    "ticketctl gateway poll": "fetches from a mail server",
    "ticketctl demo": "runs until it is stopped",
    "ticketctl init": "writes settings of this host",
    "ticketctl db copy": "needs PostgreSQL",
}
"""Commands that need a network, an editor or a person, and why."""

FAIL = {
    "ticketctl inbox retry 3": (5, "no mail is held"),
    "ticketctl inbox drop 3": (5, "no mail is held"),
    "ticketctl outbox flush": (9, "there is no mail server"),
    "ticketctl gateway send": (9, "there is no mail server"),
    "ticketctl doctor": (6, "there is no mail server"),
    "ticketctl doctor --json": (6, "there is no mail server"),
    "ticketctl context 12 3 --url": (3, "a mail has no web address"),
}
"""Examples that rightly fail on this desk: their exit codes, and why."""

DESK = """
[[calendar]]
name = "madrid"
timezone = "Europe/Madrid"
hours = { mon = ["09:00-18:00"], fri = ["09:00-18:00"] }

[[sla]]
name = "standard"
targets = { medium = { first = "8h", resolve = "5d" } }
calendar = "madrid"

[[rule]]
name = "refund words"
on = "created"
when = "refund"
then = ["tag:refund"]

[[survey]]
name = "csat"
"""

ENVIRONMENT = {
    "TICKETCTL_DB": "sqlite:///desk.db",
    "TICKETCTL_NOW": "2026-03-09T08:00:00Z",
    "TICKETCTL_GATEWAY_SMTP": "127.0.0.1:0",
    "TICKETCTL_GATEWAY_LMTP": "127.0.0.1:0",
    "LOGNAME": "ana",
}

FILES = {
    "mail.eml": "From: Dora <dora@customer.example>\nTo: support@help.example\nSubject: Lamp\n"
    "Message-ID: <lamp@customer.example>\n\nIt does not shine.\n",
    "messages.ndjson": '{"id": "c1", "from": {"handle": "dora"}, "text": "Hello"}\n',
    "orders.csv": "Name,Email,Financial Status,Fulfillment Status,Currency,Total,Created at\n"
    "#1,dora@customer.example,paid,fulfilled,EUR,9.90,2026-03-08 08:59:00 +0100\n",
    "answer.txt": "It is on its way.\n",
    "token.txt": "a refresh token\n",
    "note.txt": "Seen before.\n",
    "invoice.pdf": "%PDF-1.4\n",
}

STORY = """\
mail "Carl <carl@customer.example>" "Refund" "I was charged twice." --to billing@help.example
reply 12 -m "Which printer?"
reply 12 -m "And since when?"
mail "Dora <dora@customer.example>" "Re: [Help #12] Printer" "And the lamp is dark."
link 12 related 16
merge 17 --into 16
edit 13 --tag printer -m "It prints."
close 18 -m "Done."
spam 19 -m "Sells lamps."
watch 12
query save late is:open
canned add delay -m "Dear {{ customer_name }}, we need one day more."
canned add delay --language es -m "Hola, tardaremos un día más."
canned add call-back --kind ticket --subject "Call back" -m "By phone."
customer link dora@customer.example dora@old.example +34600112233
ban add *@junk.example
unsubscribe lea@board.example
db backup desk.backup
"""


def _paths() -> Iterator[tuple[str, click.Command]]:
    """Every command that is listed in a help, with the command it is."""
    waiting: list[tuple[str, click.Command]] = [
        (f"ticketctl {name}", cli.command_named(name)) for name in COMMANDS
    ]
    for path, command in waiting:
        yield path, command
        if isinstance(command, click.Group):
            waiting += [(f"{path} {n}", c) for n, c in command.commands.items() if not c.hidden]


PATHS = dict(_paths())
LEAVES = [path for path, command in PATHS.items() if not isinstance(command, click.Group)]


@pytest.fixture(scope="module")
def made(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, Path]]:
    """The folder of a desk with twenty tickets, with ana before it; and one to copy it to."""
    folder = tmp_path_factory.mktemp("examples")
    desk, here = folder / "desk", folder / "here"
    (desk / "backups").mkdir(parents=True)
    shutil.copy(sqlite_template, desk / "desk.db")
    for name, content in FILES.items():
        (desk / name).write_text(content, encoding="utf-8")
    text = (TESTS / "scripts" / "desk.toml").read_text(encoding="utf-8")
    (desk / "desk.toml").write_text(text + DESK, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        make_home(folder / "home", patch)
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        patch.chdir(desk)
        shell = Shell(desk)
        for definition in (TESTS / "scripts" / "desk.toml", "desk.toml"):
            assert cli.run(["apply", "-q", "-y", str(definition)]) == 0
        for number in range(19):
            mail = f'"Printer {number}" "It prints one day." --attach a.pdf'
            shell.play(f'$ mail "Dora <dora@customer.example>" {mail}')
        for line in STORY.splitlines():
            told = shell.play(f"$ {'' if line.startswith('mail ') else 'ticketctl '}{line}")
            assert "\n?" not in told, told
        here.mkdir()
        yield desk, here


@pytest.mark.parametrize("path", PATHS)
def test_the_help_of_every_command_ends_with_examples(
    path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run([*path.split()[1:], "--help"]) == 0
    said, _, shown = capsys.readouterr().out.partition("\nExamples:\n")
    lines = [line.removeprefix("  ") for line in shown.splitlines()]
    assert lines == examples.of(path) != []
    assert "Example:" not in said
    assert max(map(len, shown.splitlines())) <= 80


def test_every_block_of_examples_is_of_a_command() -> None:
    owners = [[p for p in LEAVES if f"{b[0]} ".startswith(f"{p} ")] for b in examples.blocks()]
    assert sorted(one for [one] in owners) == sorted(LEAVES)


@pytest.mark.parametrize("path", LEAVES)
def test_every_example_works(path: str, made: tuple[Path, Path]) -> None:
    for line in examples.of(path):
        plain = re.sub(r' *# .*|^sudo -u ticketctl |^eval "\$\(', "", line)
        words = shlex.split(plain.removesuffix(')"'))
        if any(f"{plain} ".startswith(f"{one} ") for one in ONLY_PARSED):
            _parse(words[1:])
            continue
        desk, here = made
        os.chdir("/")
        shutil.rmtree(here)
        shutil.copytree(desk, here)
        os.chdir(here)
        code, said = _run(words)
        expected = FAIL.get(plain, (0, ""))[0]
        assert code in (expected, 10), f"{line}: {said}"


def _run(words: list[str]) -> tuple[int, str]:
    """Run the commands of ours in a line of shell; the exit code of the last, and what it said."""
    code, said, given = 0, "", b""
    ends = [at for at, word in enumerate(words) if word in ("|", "||")]
    for start, end in itertools.pairwise([-1, *ends, len(words)]):
        program, *args = words[start + 1 : end]
        if program != "ticketctl":
            break
        if "<" in args:
            given = Path(args[args.index("<") + 1]).read_bytes()
        args = list(itertools.takewhile(lambda word: word not in ("<", ">"), args))
        code, given, said = _called(["--yes", *args], given)
    return code, said


def _called(args: list[str], given: bytes) -> tuple[int, bytes, str]:
    out, err = Stream(), Stream()
    with pytest.MonkeyPatch.context() as streams:
        for name, stream in (("stdin", Stream(given)), ("stdout", out), ("stderr", err)):
            streams.setattr(f"sys.{name}", stream)
        return cli.run(args), out.memory.getvalue(), err.said()


def _parse(words: list[str]) -> None:
    """Read the options and arguments of a line as its command does, and run nothing."""
    command: click.Command = cli.ticketctl
    context = command.make_context("ticketctl", words)
    while isinstance(command, click.Group):
        left = [*context._protected_args, *context.args]
        name, found, left = command.resolve_command(context, left)
        assert found is not None
        command, context = found, found.make_context(name, left, parent=context)
    context.close()
