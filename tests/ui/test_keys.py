"""Keys: each has one meaning, is told in the guide, and fits into the last line of its pane."""

import os
from itertools import chain

from tests.support.sources import ROOT
from ticketctl.cli.command_table import COMMANDS
from ticketctl.ui import keys
from ticketctl.ui.line.run import words

BEGIN, END = "<!-- keys: written by `make screens` -->\n", "<!-- end of keys -->"
GUIDE = ROOT / "docs" / "ui.md"


def table() -> str:
    """Every key and what it does, in Markdown."""
    rows = ["| key | | |", "|---|---|---|"]
    for section, some in keys.SECTIONS.items():
        rows += [
            f"| **{section}** | | |",
            *(f"| `{k.shown}` | {k.word} | {k.help} |" for k in some),
        ]
    return "\n".join(rows) + "\n"


def test_the_guide_lists_every_key() -> None:
    before, _, rest = GUIDE.read_text(encoding="utf-8").partition(BEGIN)
    listed, _, after = rest.partition(END)
    if os.environ.get("REWRITE_SCREENS"):
        listed = table()
        GUIDE.write_text(before + BEGIN + listed + END + after, encoding="utf-8")
    assert listed == table(), "run make screens"


def test_no_key_has_two_meanings_and_every_line_is_of_a_command() -> None:
    every = [*keys.every()]
    bound = [one.key for one in every if one.key]
    assert len(bound) == len({*bound})
    for one in every:
        assert one.help.endswith(".")
        assert "[" not in one.help + one.word  # Textual would read it as markup
        if one.line:
            line = one.line.format(tickets="1 2", ticket=1, customer=3)
            assert words(line)[0] in COMMANDS


def test_no_help_of_a_command_is_markup_in_the_palette() -> None:
    assert not [entry.help for entry in COMMANDS.values() if "[" in entry.help]


def test_the_keys_of_a_pane_fit_its_line() -> None:
    for pane, width in chain.from_iterable(
        ((pane, width) for width in (40, 78, 118, 198))
        for pane in ("queues", "tickets", "conversation")
    ):
        named = keys.footer(pane, width)
        line = (" " * keys.GAP).join(f"{one.shown} {one.word}" for one in named)
        assert len(line) <= width
        assert named[0].shown == "?"
        assert len(named) >= 4
