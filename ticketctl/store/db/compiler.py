"""Compiles SQLAlchemy Core to SQL for our own transactions.

Imported by `make sql`, and for a statement that is composed when it runs.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Boolean, Insert, Integer, Update, literal_column, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import psycopg as psycopg_dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from ticketctl.store.db.columns import Json, UtcTime
from ticketctl.store.db.elements import HOLE, PARAMETER, List
from ticketctl.store.db.fragments import PLACE, SET, Part, Sql
from ticketctl.store.db.schema import metadata
from ticketctl.store.db.values import Dialect

_MARKED = re.compile(f"([{PARAMETER}{HOLE}])([^{PARAMETER}{HOLE}]+)[{PARAMETER}{HOLE}]")
_KINDS: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
    (UtcTime, "time"),
    (Json, "json"),
    (List, "list"),
    (Boolean, "bool"),
)


class _Marking(SQLCompiler):
    """Marks parameters and holes by name. A value that the statement has itself is written into it, if `fixed`."""

    fixed = True

    @property
    def bindtemplate(self) -> str:
        return f"{PARAMETER}%(name)s{PARAMETER}"

    @bindtemplate.setter
    def bindtemplate(self, _given: str) -> None:
        """SQLAlchemy sets the placeholder of a driver."""

    compilation_bindtemplate = bindtemplate

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self.parts: dict[str, Part] = {}
        super().__init__(*arguments, **named)

    def visit_bindparam(  # type: ignore[override]
        self, bindparam: BindParameter[Any], literal_binds: bool = False, **options: Any
    ) -> str:
        if bindparam.expanding and not self.fixed:
            return self._list(bindparam, **options)
        options.pop("given", None)
        if bindparam.expanding and bindparam.required:
            raise ValueError(f"the list {bindparam.key} has no length yet; use `in_list`.")
        now = options.get("literal_execute") or bindparam.literal_execute
        own = now or (self.fixed and not bindparam.required)
        compiled: str = super().visit_bindparam(  # type: ignore[no-untyped-call]
            bindparam, literal_binds=literal_binds or own, **options
        )
        return compiled

    def _list(self, bindparam: BindParameter[Any], **options: Any) -> str:
        """Each value of a list as a parameter of its own."""
        given = options.pop("given", {})
        own: Any = bindparam.effective_value
        values = list(given[bindparam.key] if bindparam.required else own)
        if not values:
            return f"({self.visit_empty_set_expr([bindparam.type])})"  # type: ignore[no-untyped-call]
        return "(" + ", ".join(self._one(bindparam, value, **options) for value in values) + ")"

    def _one(self, bindparam: BindParameter[Any], value: object, **options: Any) -> str:
        single = BindParameter(bindparam.key, value, bindparam.type, unique=True)
        compiled: str = super().visit_bindparam(single, **options)  # type: ignore[no-untyped-call]
        return compiled


class _FixedSqlite(_Marking, sqlite.base.SQLiteCompiler):
    def visit_select(self, select_stmt: Any, **options: Any) -> str:  # type: ignore[override]
        """Within RETURNING SQLAlchemy leaves out the tables' names, which a subquery needs."""
        options["include_table"] = True
        compiled: str = super().visit_select(select_stmt, **options)  # type: ignore[no-untyped-call]
        return compiled


class _FreeSqlite(_FixedSqlite):
    fixed = False


class _FixedPostgres(_Marking, psycopg_dialect.PGCompiler_psycopg):
    pass


class _FreePostgres(_FixedPostgres):
    fixed = False


@cache
def _dialect(name: Dialect, fixed: bool) -> Any:
    if name == "sqlite":
        made: Any = sqlite.dialect(paramstyle="named")
        made.statement_compiler = _FixedSqlite if fixed else _FreeSqlite
        made.supports_native_boolean = True  # `x = 1` would hide x from an index
    else:
        made = psycopg_dialect.dialect(paramstyle="named")  # type: ignore[no-untyped-call]
        made.statement_compiler = _FixedPostgres if fixed else _FreePostgres
    return made


def statement(core: Any, dialect: Dialect) -> dict[str, Any]:
    """The arguments of `Sql` for a statement whose values are all given when it runs."""
    keys = None
    more: dict[str, Any] = {}
    if isinstance(core, Update) and not core._values:
        raise ValueError("an UPDATE without columns; say what it sets, or use `setting`.")
    if isinstance(core, Insert):
        core = core.inline()
        if core._values is None and core.select is None:
            columns = [one for one in core.table.columns if one is not _numbered(core.table)]
            keys = [one.name for one in columns]
            more["defaults"] = {one.name: _default(one) for one in columns if _is_optional(one)}
    found = _arguments(core.compile(dialect=_dialect(dialect, True), column_keys=keys), dialect)
    if f"[[{SET}]]" in found["parameters"]:
        more["settable"] = tuple(kinded(one.name, one.type) for one in core.table.columns)
        first = next(iter(core.table.columns)).name
        found["text"] = found["text"].replace(f"{first}=[[{SET}]]", f"[[{SET}]]")
    return found | more


def expression(core: Any, dialect: Dialect, table: str) -> dict[str, Any]:
    """The arguments of `Sql` for an expression on the columns of a table."""
    whole: Any = select(literal_column("1")).select_from(metadata.tables[table]).where(core)
    found = _arguments(whole.compile(dialect=_dialect(dialect, True)), dialect)
    return found | {"text": found["text"].partition("WHERE ")[2], "columns": ()}


def composed(
    core: Any, dialect: Dialect, given: Mapping[str, Any], keys: Sequence[str] | None
) -> tuple[Sql, Mapping[str, Any], Mapping[str, Part]]:
    """A statement that was composed when it runs, the values it has itself, and the parts in it."""
    if isinstance(core, Insert):
        core = core.inline()
    compiled: Any = core.compile(
        dialect=_dialect(dialect, False), column_keys=keys, compile_kwargs={"given": given}
    )
    own = {name: one.effective_value for name, one in compiled.binds.items() if not one.required}
    return Sql(dialect, **_arguments(compiled, dialect)), own, compiled.parts


def _arguments(compiled: Any, dialect: Dialect) -> dict[str, Any]:
    parameters = []
    text = ""
    end = 0
    for marked in _MARKED.finditer(compiled.string):
        mark, name = marked.groups()
        text += _percents(compiled.string[end : marked.start()], dialect)
        end = marked.end()
        hole = f"[[{name}]]"
        parameters.append(hole if mark == HOLE else kinded(name, compiled.binds[name].type))
        text += hole if mark == HOLE else PLACE[dialect]
    text += _percents(compiled.string[end:], dialect)
    columns = tuple(kinded(one.keyname or "", one.type) for one in compiled._result_columns)
    return {
        "text": text.replace(" \n", " "),  # no literal of ours has a blank before a line's end
        "parameters": tuple(parameters),
        "columns": columns,
    }


def _percents(text: str, dialect: Dialect) -> str:
    """psycopg takes a percent sign for a placeholder unless it is doubled."""
    return text.replace("%", "%%") if dialect == "postgresql" else text


def kinded(name: str, type: TypeEngine[Any]) -> str:
    """`name:kind` for a column or parameter of this type; only the name if it has no kind."""
    kind = next((kind for base, kind in _KINDS if isinstance(type, base)), "")
    return f"{name}:{kind}" if kind else name


def _numbered(table: Any) -> Any:
    """The column whose values the database gives."""
    return table.autoincrement_column


def _is_optional(column: Any) -> bool:
    return bool(column.nullable or column.server_default is not None)


def _default(column: Any) -> object:
    if column.server_default is None:
        return None
    default = column.server_default.arg
    return int(default) if isinstance(column.type, Integer) else str(default)
