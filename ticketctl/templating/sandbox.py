"""The Jinja sandbox of all our environments: which names a template may use, and how much it may compute and print."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from types import CodeType
from typing import Any

from jinja2 import (
    BytecodeCache,
    StrictUndefined,
    Template,
    TemplateSyntaxError,
    nodes,
    pass_eval_context,
)
from jinja2.bccache import Bucket
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context, Macro, markup_join, str_join
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

LARGEST = 2**24  # characters of the result, and of everything computed for it
STEPS = 1_000_000  # loop iterations, calls, included templates
_WIDEST = 10_000  # the largest number for a filter or a method

_EXPRESSIONS: frozenset[type[nodes.Node]] = frozenset({
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem,
    nodes.Filter, nodes.Test, nodes.If, nodes.CondExpr, nodes.And, nodes.Or, nodes.Not, nodes.Compare,
    nodes.Operand, nodes.Keyword,
})  # fmt: skip
WORDS = _EXPRESSIONS  # a canned reply: names, conditions, filters
ROWS = WORDS | {
    nodes.For, nodes.Slice, nodes.Concat, nodes.Tuple, nodes.List, nodes.Dict, nodes.Pair, nodes.Add, nodes.Sub,
    nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Neg, nodes.Pos,
}  # fmt: skip
PAGES = ROWS | {
    nodes.Block, nodes.Include, nodes.Extends, nodes.Import, nodes.FromImport, nodes.Macro, nodes.Call,
    nodes.Assign, nodes.NSRef, nodes.With, nodes.Scope,
}  # fmt: skip

_FILTERS = frozenset({
    "abs", "batch", "capitalize", "center", "count", "d", "default", "dictsort", "e", "escape", "first", "float",
    "forceescape", "groupby", "indent", "int", "items", "last", "length", "list", "lower", "map", "max", "min",
    "reject", "rejectattr", "reverse", "round", "safe", "select", "selectattr", "slice", "sort", "string",
    "striptags", "sum", "title", "tojson", "trim", "truncate", "unique", "upper", "wordcount", "wordwrap",
})  # fmt: skip
_ANY_NUMBER = frozenset({"d", "default", "float", "int", "sum"})
_METHODS = frozenset({
    "capitalize", "center", "count", "endswith", "find", "isdigit", "ljust", "lower", "partition", "removeprefix",
    "removesuffix", "rjust", "rpartition", "split", "splitlines", "startswith", "strip", "title", "upper",
})  # fmt: skip
_TURNS, _WHOLE = "_turns", "_whole"  # filters that we add


class TemplateLimitExceeded(SecurityError):
    """A template exceeds its limits."""


@dataclass
class _Share:
    """The remaining limits of one template."""

    characters: int
    steps: int

    def spend(self, characters: int) -> None:
        self.characters -= characters
        if self.characters < 0:
            raise TemplateLimitExceeded("it produces too much text.")


_share: ContextVar[_Share | None] = ContextVar("share", default=None)


class BoundedEnvironment(ImmutableSandboxedEnvironment):
    """A sandbox that accepts the nodes in `allowed`, the `filters`, and a few of Jinja's own; strict."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(
        self,
        allowed: frozenset[type[nodes.Node]],
        filters: Mapping[str, Callable[..., object]],
        **options: object,
    ) -> None:
        super().__init__(undefined=StrictUndefined, **options)
        self._allowed = allowed
        self.globals = {"namespace": self.globals["namespace"], "range": range}
        known = {name: self.filters[name] for name in _FILTERS}
        known |= {"join": self._join, "replace": _replace, _TURNS: _turns, _WHOLE: _whole} | dict(
            filters
        )
        self.filters = {name: self._limited(name, one) for name, one in known.items()}

    def fill(self, template: Template, data: Mapping[str, object]) -> str:
        """Render it; TemplateLimitExceeded, a TemplateError, if it exceeds its limits."""
        with _sharing() as share:
            pieces = []
            for piece in template.generate(data):
                share.spend(len(piece))
                pieces.append(piece)
            return "".join(pieces)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """A template whose loops are counted; TemplateSyntaxError for a node that is not allowed."""
        try:
            tree = super()._parse(source, name, filename)
            for node in tree.find_all(nodes.Node):
                if type(node) not in self._allowed:
                    raise TemplateSyntaxError(
                        f"{type(node).__name__} is not allowed here.",
                        getattr(node, "lineno", 1), name, filename,
                    )  # fmt: skip
        except RecursionError:
            raise TemplateSyntaxError("it is nested too deeply.", 1, name, filename) from None
        counted: nodes.Template = _Counting().visit(tree)
        return counted

    def _load_template(self, name: Any, globals: Any) -> Template:
        _step()
        return super()._load_template(name, globals)

    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
        """Allow only methods of text that do not make it longer."""
        if isinstance(obj, str) and attr not in _METHODS:
            return False
        return super().is_safe_attribute(obj, attr, value)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Allow only sums and products that are known to stay small."""
        if operator == "**" or (operator == "%" and not isinstance(left, int | float)):
            raise TemplateLimitExceeded(f"{operator} is not allowed.")
        if operator == "*":
            for one, other in ((left, right), (right, left)):
                if isinstance(one, str | list | tuple):
                    _spend(len(one) * max(0, int(other)))
        if isinstance(left, int) and isinstance(right, int) and max(abs(left), abs(right)) > 2**63:
            raise TemplateLimitExceeded("a number is too large.")
        return _counted(super().call_binop(context, operator, left, right))

    def call(__self, __context: Context, __obj: object, *args: object, **kwargs: object) -> object:  # noqa: N805
        """As the sandbox does, counted."""
        _step()
        if not isinstance(__obj, Macro):
            _small(args)
        return _counted(super().call(__context, __obj, *args, **kwargs))

    def _limited(self, name: str, filter: Callable[..., object]) -> Callable[..., object]:
        """A filter that takes no large numbers, and whose text counts."""
        skipped = 2 if hasattr(filter, "jinja_pass_arg") else 1

        def limited(*args: object, **kwargs: object) -> object:
            if name not in _ANY_NUMBER:
                _small((*args[skipped:], *kwargs.values()))
            return _counted(filter(*args, **kwargs))

        for mark in ("jinja_pass_arg", "jinja_async_variant"):
            if hasattr(filter, mark):
                setattr(limited, mark, getattr(filter, mark))
        return limited

    def _join(
        self, values: Iterable[object], separator: object = "", attribute: object = None
    ) -> object:
        items = list(values)
        _spend(
            len(items) * len(str(separator))
            + sum(len(one) for one in items if isinstance(one, str))
        )
        return ImmutableSandboxedEnvironment.call_filter(
            _plain, "join", items, [separator, attribute]
        )


class CompiledFiles(BytecodeCache):
    """The code of template files, kept as long as the process: environments made alike need not compile it again."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, CodeType | None]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give it the code of its file, unless the source has changed."""
        checksum, code = self._kept.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep its code, in place of that of an older source."""
        self._kept[bucket.key] = (bucket.checksum, bucket.code)


class _Counting(NodeTransformer):
    """Adds our counting filters where the sandbox has no hook: around loops, and for `~`."""

    def visit_For(self, node: nodes.For) -> nodes.Node:
        self.generic_visit(node)
        node.iter = nodes.Filter(node.iter, _TURNS, [], [], None, None, lineno=node.lineno)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        self.generic_visit(node)
        parts = nodes.List(node.nodes, lineno=node.lineno)
        return nodes.Filter(parts, _WHOLE, [], [], None, None, lineno=node.lineno)


_plain = ImmutableSandboxedEnvironment()


@contextmanager
def _sharing() -> Iterator[_Share]:
    """A share for what runs inside; a template within a template uses the same."""
    share = _Share(LARGEST, STEPS)
    token = _share.set(share)
    try:
        yield share
    finally:
        _share.reset(token)


def _spend(characters: int) -> None:
    share = _share.get() or _Share(LARGEST, STEPS)
    share.spend(characters)


def _step() -> None:
    share = _share.get() or _Share(LARGEST, STEPS)
    share.steps -= 1
    if share.steps < 0:
        raise TemplateLimitExceeded("it takes too many steps.")


def _counted(value: object) -> object:
    if isinstance(value, str | list | tuple):
        _spend(len(value))
    return value


def _small(numbers: Iterable[object]) -> None:
    if any(isinstance(one, int | float) and abs(one) > _WIDEST for one in numbers):
        raise TemplateLimitExceeded(f"a number is larger than {_WIDEST}.")


def _turns(values: Iterable[object]) -> Iterator[object]:
    for value in values:
        _step()
        yield value


@pass_eval_context
def _whole(context: nodes.EvalContext, parts: list[object]) -> str:
    """The result of `~`."""
    _spend(sum(len(str(one)) for one in parts))
    return markup_join(parts) if context.autoescape else str_join(parts)


def _replace(text: object, old: str, new: str) -> str:
    whole = str(text)
    _spend(len(whole) + whole.count(old) * max(0, len(new) - len(old)))
    return whole.replace(old, new)
