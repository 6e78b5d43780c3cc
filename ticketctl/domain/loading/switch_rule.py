"""Switches a rule on or off in the text of a desk.toml, and leaves every other letter of it as it is."""

import re
from collections.abc import Iterator
from itertools import pairwise

from msgspec.structs import replace

from ticketctl.domain.base.document import as_toml, keys
from ticketctl.domain.definition.definition import Definition, Rule
from ticketctl.domain.loading.load import parse
from ticketctl.errors import Refused

_HEADER = re.compile(r"[ \t]*\[")
_RULE = re.compile(r"[ \t]*\[\[[ \t]*[\"']?rule[\"']?[ \t]*\]\]")
_ENABLED = re.compile(r"([ \t]*[\"']?enabled[\"']?[ \t]*=[ \t]*)(?:true|false)")


def switched(source: str, rule: Rule, enabled: bool) -> str:
    """The text with this rule on or off; a built-in rule is added to it.

    Refused if the text is written so that no single line can be changed.
    """
    definition = parse(source)
    places = [n for n, one in enumerate(definition.rules) if one.name == rule.name]
    if not places:
        return f"{source.rstrip()}\n\n{_table(replace(rule, enabled=enabled))}"
    wanted = _with(definition, places[0], enabled)
    lines = source.splitlines(keepends=True)
    for start, end in _tables(lines):
        text = "".join([*lines[:start], *_changed(lines[start:end], enabled), *lines[end:]])
        if _meaning(text) == wanted:
            return text
    raise Refused(
        f'the rule "{rule.name}" cannot be switched in the text of this desk.toml: '
        f"write `enabled = {as_toml(bool, enabled)}` into it and run `ticketctl apply`."
    )


def _with(definition: Definition, n: int, enabled: bool) -> Definition:
    """The definition with its rule `n` on or off."""
    rules = list(definition.rules)
    rules[n] = replace(rules[n], enabled=enabled)
    return replace(definition, rules=tuple(rules))


def _meaning(text: str) -> Definition | None:
    try:
        return parse(text)
    except Refused:
        return None


def _tables(lines: list[str]) -> Iterator[tuple[int, int]]:
    """Where each `[[rule]]` begins and ends."""
    heads = [*(n for n, line in enumerate(lines) if _HEADER.match(line)), len(lines)]
    for n, end in pairwise(heads):
        if _RULE.match(lines[n]):
            yield n, end


def _changed(table: list[str], enabled: bool) -> list[str]:
    """The lines of a rule with `enabled` as wanted: its line is changed, or added after its last key."""
    value = as_toml(bool, enabled)
    for n, line in enumerate(table):
        if found := _ENABLED.match(line):
            return [*table[:n], f"{found[1]}{value}{line[found.end() :]}", *table[n + 1 :]]
    last = max(n for n, line in enumerate(table) if line.strip() and line.lstrip()[0] != "#")
    end = "" if table[last].endswith("\n") else "\n"
    return [*table[: last + 1], f"{end}enabled = {value}\n", *table[last + 1 :]]


def _table(rule: Rule) -> str:
    """A rule as a table of desk.toml."""
    written = "\n".join(f"{key} = {value}" for key, value in keys(rule))
    return f"[[rule]]\n{written}\n"
