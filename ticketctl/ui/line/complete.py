"""What may follow what is typed in the line: the completion of the shell."""

from collections.abc import Sequence

from click.shell_completion import CompletionItem, ShellComplete

from ticketctl.cli.main import ticketctl
from ticketctl.console.context import App
from ticketctl.errors import BadInput
from ticketctl.ui.line.run import without_input, words


def offers(app: App, line: str) -> list[CompletionItem[str]]:
    """What the last word of a line may become; nothing where it cannot be run."""
    try:
        given = words(line)
    except BadInput:
        return []
    last = "" if not given or line[-1:].isspace() else given.pop()
    shell = ShellComplete(ticketctl, {"obj": app}, "ticketctl", "")
    with without_input():
        return shell.get_completions(given, last)


def completed(line: str, found: Sequence[CompletionItem[str]]) -> str:
    """The line as far as all that may follow agrees; with a blank where only one word can."""
    if not found:
        return line
    front = line[: len(line) - len(_last(line))]
    word = _common([one.value for one in found])
    alone = len(found) == 1 and word[-1:] not in (":", "=", ",")
    return front + word + (" " if alone else "") if len(word) >= len(_last(line)) else line


def _common(words: Sequence[str]) -> str:
    """What all of these begin with."""
    first, last = min(words), max(words)
    same = next((n for n, sign in enumerate(first) if sign != last[n]), len(first))
    return first[:same]


def _last(line: str) -> str:
    """The last word as it is typed."""
    return "" if line[-1:].isspace() else line.rpartition(" ")[2]
