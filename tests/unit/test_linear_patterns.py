"""Every pattern that may meet foreign text takes linear time on the attacks of tests/support/pump.py."""

import ast
import importlib
import pkgutil
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import gateway
import ticketctl
from gateway.intake import contact_form
from gateway.trim import patterns
from tests.support import pump
from ticketctl.actions.texts import canned
from ticketctl.cli.shared import editor
from ticketctl.domain.base import redact, subject
from ticketctl.phrases import Phrases, _compiled

METHODS = {"search", "match", "fullmatch", "findall", "finditer", "split", "sub", "subn"}
UNKNOWN = {
    "search",
    "match",
    "fullmatch",
}  # for a pattern that is reached by another name than its own

OURS = ("gateway", "ticketctl")


@cache
def modules() -> tuple[ModuleType, ...]:
    """Every module of both packages."""
    names = [
        found.name
        for package in (gateway, ticketctl)
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        if "migrations" not in found.name and not found.name.endswith("__main__")
    ]
    return tuple(importlib.import_module(name) for name in names)


def compiled(value: object, depth: int = 0) -> Iterator[re.Pattern[Any]]:
    """The patterns in a value: itself, in a collection, on a class of ours."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, Phrases):
        yield from (pattern for _, pattern in value.alternatives)
    elif isinstance(value, (tuple, list, set, frozenset)) and depth < 4:
        for one in value:
            yield from compiled(one, depth + 1)
    elif isinstance(value, dict) and depth < 4:
        for one in (*value.keys(), *value.values()):
            yield from compiled(one, depth + 1)
    elif isinstance(value, type) and value.__module__.startswith(OURS) and depth < 1:
        for one in vars(value).values():
            yield from compiled(one, depth + 1)


@cache
def tree_of(module: ModuleType) -> ast.Module:
    return ast.parse(Path(str(module.__file__)).read_text("utf-8"))


@cache
def calls_in(module: ModuleType) -> dict[str, set[str]]:
    """Which methods a module calls on each name: `_TAG.sub(…)`, `patterns.QUOTE.match(…)`."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Attribute) and node.attr in METHODS:
            for part in ast.walk(node.value):
                if name := getattr(part, "id", None) or getattr(part, "attr", None):
                    found[name].add(node.attr)
    return found


def methods_of(module: ModuleType, name: str) -> set[str]:
    """The methods that are called on a pattern; a private name is used in its own module only."""
    users = (module,) if name.startswith("_") else modules()
    return set().union(*(calls_in(user).get(name, ()) for user in users)) or UNKNOWN


def inline(module: ModuleType) -> Iterator[tuple[int, str, re.Pattern[Any] | None]]:
    """The patterns that stand in calls, `re.search(r"…", text)`: line, method, and the pattern, None where it is
    made of what only the running program knows."""
    for node in ast.walk(tree_of(module)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and getattr(node.func.value, "id", "") == "re"
            and node.func.attr in METHODS | {"compile"}
        ):
            made = node.func.attr == "compile"
            flags = [one.value for one in node.keywords if one.arg == "flags"]
            args = node.args if made else [node.args[0], *flags]
            call = ast.Call(ast.parse("re.compile", mode="eval").body, args, [])
            written = ast.fix_missing_locations(ast.Expression(call))
            try:
                pattern = eval(compile(written, str(module.__file__), "eval"), vars(module))
            except NameError:
                pattern = None
            yield node.lineno, node.func.attr, pattern


AT_RUN_TIME: dict[str, tuple[re.Pattern[Any], set[str]]] = {
    "gateway.intake.contact_form": (contact_form._pattern("E-Mail address"), {"match"}),
    "gateway.trim.patterns": (patterns.WROTE, set()),
    "ticketctl.actions.texts.canned": (canned._either({"Ana Bee", "Bee, Ana"}), {"split"}),
    "ticketctl.domain.base.redact": (
        redact.Blot(["ana@x.example", "Ana Bee"])._words,
        {"sub", "search"},
    ),
    "ticketctl.cli.shared.editor": (
        editor._anyhow_broken(editor._File(Path(), "4711", "").scissors),
        {"search"},
    ),
    "ticketctl.phrases": (_compiled("undeliver(?:ed|able)"), {"search"}),
    "ticketctl.domain.base.subject": (subject._tag("Help Desk", "+"), {"search", "sub"}),
}
"""By the module that makes it, an example of each pattern that no module has ready, and the methods called on it."""


def patterns_in_use() -> dict[re.Pattern[Any], tuple[str, set[str]]]:
    """Every pattern with where it stands and the methods that are called on it."""
    found: dict[re.Pattern[Any], tuple[str, set[str]]] = {}
    for module in modules():
        for name, value in vars(module).items():
            for pattern in compiled(value):
                found.setdefault(pattern, (f"{module.__name__}:{name}", set()))
                found[pattern][1].update(methods_of(module, name))
        for line, method, ready in inline(module):
            pattern, methods = (ready, {method}) if ready else AT_RUN_TIME[module.__name__]
            if method != "compile" or not ready:
                found.setdefault(pattern, (f"{module.__name__}:{line}", set()))
                found[pattern][1].update(methods)
    return found


def test_every_pattern_takes_linear_time() -> None:
    slow = {
        label: said
        for pattern, (label, methods) in patterns_in_use().items()
        if (said := pump.slow(pattern, methods))
    }
    assert slow == {}


@pytest.mark.parametrize(
    ("pattern", "method"),
    [
        (r"\s*(?:status)\s+#?([1-9][0-9]{0,17})\s*[.?!]?\s*", "fullmatch"),
        (r"^[\s>*-]*(?:-{2,}\s*)?original", "search"),
        (r'"(?:[^"\\]|\\.)*"', "sub"),
        (r"\s+x", "search"),
        (r"(?:a|aa)+b", "match"),
        (r"<[^>]*>", "search"),
    ],
)
def test_the_attack_finds_a_pattern_that_is_not_linear(pattern: str, method: str) -> None:
    assert pump.slow(re.compile(pattern, re.MULTILINE), {method})
