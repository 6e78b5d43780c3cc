"""The Python files of the project as syntax trees, each parsed once in a run; without the prepared SQL, a table."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def files(*tops: str) -> tuple[Path, ...]:
    """Every Python file below these folders of the project, sorted."""
    found = (path for top in tops for path in (ROOT / top).rglob("*.py"))
    return tuple(sorted(path for path in found if path.parent.parent.name != "prepared"))


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Every node of a file."""
    return tuple(ast.walk(tree(path)))


def calls(path: Path) -> Iterator[ast.Call]:
    """Every call in a file."""
    return (node for node in nodes(path) if isinstance(node, ast.Call))
