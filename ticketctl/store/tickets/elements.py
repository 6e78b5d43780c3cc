"""Conditions on tickets that the two kinds of database write differently. Imported where SQL is compiled."""

from sqlalchemy import Boolean, String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

# ---- full text ------------------------------------------------------------------------------------------------------


class Found(FunctionElement[bool]):
    """Has the ticket, or one merged into it, an entry with these folded words?

    Arguments: the words; how they are looked for (`|`: any of them, `*`: as a phrase whose last word may go on, else
    nothing: as a phrase); one part or none.
    """

    type = Boolean()
    inherit_cache = True


# Folded words are no syntax.
_POSTGRESQL = (
    "(CASE {how} WHEN '' THEN phraseto_tsquery('simple', {words})"
    " WHEN '|' THEN to_tsquery('simple', replace({words}, ' ', ' | '))"
    " ELSE to_tsquery('simple', replace({words}, ' ', ' <-> ') || ':*') END)"
)
_SQLITE = (
    "CASE {how} WHEN '|' THEN '\"' || replace({words}, ' ', '\" OR \"') || '\"'"
    " ELSE '\"' || {words} || '\"' || {how} END"
)
# With each ticket found, the ticket it was merged into, through chains.
_REACHED = (
    "ticket.id IN (WITH RECURSIVE reached (id) AS ({found} UNION"
    " SELECT gone.merged_into FROM reached CROSS JOIN ticket AS gone"
    " WHERE gone.id = reached.id AND gone.merged_into IS NOT NULL) SELECT id FROM reached)"
)


@compiles(Found, "sqlite")
def _found_on_sqlite(element: Found, compiler: SQLCompiler, **options: object) -> str:
    """CROSS JOIN: looks up the few entries that FTS5 finds, instead of testing all."""
    words, how, *part = (compiler.process(clause, **options) for clause in element.clauses)
    return _REACHED.format(
        found="SELECT search_entry.ticket_id FROM search_text"  # noqa: S608
        " CROSS JOIN search_entry ON search_entry.id = search_text.rowid"
        f" WHERE search_text MATCH {_SQLITE.format(words=words, how=how)}{_in(part)}"
    )


@compiles(Found, "postgresql")
def _found_on_postgresql(element: Found, compiler: SQLCompiler, **options: object) -> str:
    words, how, *part = (compiler.process(clause, **options) for clause in element.clauses)
    return _REACHED.format(
        found="SELECT search_entry.ticket_id FROM search_entry"  # noqa: S608
        f" WHERE search_entry.text_vector @@ {_POSTGRESQL.format(words=words, how=how)}{_in(part)}"
    )


# The ticket, and those merged into it.
_PARTS = (
    "(WITH RECURSIVE held (id) AS (SELECT ticket.id UNION SELECT part.id FROM held"
    " JOIN ticket AS part ON part.merged_into = held.id) SELECT id FROM held)"
)


class Within(FunctionElement[bool]):
    """As `Found`, but tests the entries of the one ticket."""

    type = Boolean()
    inherit_cache = True


@compiles(Within, "sqlite")
def _within_on_sqlite(element: Within, compiler: SQLCompiler, **options: object) -> str:
    words, how, *part = (compiler.process(clause, **options) for clause in element.clauses)
    return (
        "EXISTS (SELECT 1 FROM search_entry"  # noqa: S608
        " CROSS JOIN search_text ON search_text.rowid = search_entry.id"
        f" WHERE search_entry.ticket_id IN {_PARTS}{_in(part)}"
        f" AND search_text MATCH {_SQLITE.format(words=words, how=how)})"
    )


@compiles(Within, "postgresql")
def _within_on_postgresql(element: Within, compiler: SQLCompiler, **options: object) -> str:
    words, how, *part = (compiler.process(clause, **options) for clause in element.clauses)
    return (
        "EXISTS (SELECT 1 FROM search_entry"  # noqa: S608
        f" WHERE search_entry.ticket_id IN {_PARTS}{_in(part)}"
        f" AND search_entry.text_vector @@ {_POSTGRESQL.format(words=words, how=how)})"
    )


class EntryHas(FunctionElement[bool]):
    """Has the `search_entry` words? Argument: a query as the database writes it."""

    type = Boolean()
    inherit_cache = True


@compiles(EntryHas, "sqlite")
def _has_on_sqlite(element: EntryHas, compiler: SQLCompiler, **options: object) -> str:
    (query,) = (compiler.process(clause, **options) for clause in element.clauses)
    return (
        "EXISTS (SELECT 1 FROM search_text"  # noqa: S608
        f" WHERE search_text.rowid = search_entry.id AND search_text MATCH {query})"
    )


@compiles(EntryHas, "postgresql")
def _has_on_postgresql(element: EntryHas, compiler: SQLCompiler, **options: object) -> str:
    (query,) = (compiler.process(clause, **options) for clause in element.clauses)
    return f"search_entry.text_vector @@ to_tsquery('simple', {query})"


def _in(part: list[str]) -> str:
    return f" AND search_entry.part = {part[0]}" if part else ""


# ---- custom fields --------------------------------------------------------------------------------------------------


class FieldValue(FunctionElement[str]):
    """The value of a field, as text; NULL for none. Arguments: the JSON column, the path."""

    type = String()
    inherit_cache = True


@compiles(FieldValue, "sqlite")
def _value_on_sqlite(element: FieldValue, compiler: SQLCompiler, **options: object) -> str:
    fields, path = (compiler.process(clause, **options) for clause in element.clauses)
    return f"json_extract({fields}, {path})"


@compiles(FieldValue, "postgresql")
def _value_on_postgresql(element: FieldValue, compiler: SQLCompiler, **options: object) -> str:
    fields, path = (compiler.process(clause, **options) for clause in element.clauses)
    return f"jsonb_path_query_first({fields}, CAST({path} AS jsonpath)) #>> '{{}}'"


class FieldHolds(FunctionElement[bool]):
    """Does a field compare with one of some JSON values of its own type? Arguments: column, path, array, operator."""

    type = Boolean()
    inherit_cache = True


@compiles(FieldHolds, "sqlite")
def _holds_on_sqlite(element: FieldHolds, compiler: SQLCompiler, **options: object) -> str:
    fields, path, wanted, op = (compiler.process(clause, **options) for clause in element.clauses)
    return (
        f"EXISTS (SELECT 1 FROM json_each({fields}, {path}) AS have, json_each({wanted}) AS want"  # noqa: S608
        f" WHERE have.value {op} want.value AND replace(have.type, 'integer', 'real')"
        " = replace(want.type, 'integer', 'real'))"
    )


@compiles(FieldHolds, "postgresql")
def _holds_on_postgresql(element: FieldHolds, compiler: SQLCompiler, **options: object) -> str:
    fields, path, wanted, op = (compiler.process(clause, **options) for clause in element.clauses)
    op = "==" if op == "=" else op
    return (
        f"jsonb_path_exists({fields}, CAST({path} || '[*] ? (@ {op} $want[*])' AS jsonpath),"
        f" jsonb_build_object('want', CAST({wanted} AS jsonb)))"
    )


# ---- owners who are no longer agents --------------------------------------------------------------------------------


class GoneOwner(FunctionElement[bool]):
    """The owner of `ticket` is not an agent of the definition in force; never true without agents."""

    type = Boolean()
    inherit_cache = True


# The subquery does not depend on the ticket, so it runs once for a statement.
_GONE = (
    "(ticket.owner <> '' AND ticket.owner NOT IN (SELECT {name} FROM definition, {agents} AS agent"
    " WHERE definition.version = (SELECT max(version) FROM definition))"
    " AND EXISTS (SELECT 1 FROM definition, {agents} AS agent"
    " WHERE definition.version = (SELECT max(version) FROM definition)))"
)


@compiles(GoneOwner, "sqlite")
def _gone_on_sqlite(element: GoneOwner, compiler: object, **options: object) -> str:
    return _GONE.format(
        name="json_extract(agent.value, '$.name')",
        agents="json_each(definition.document, '$.agents')",
    )


@compiles(GoneOwner, "postgresql")
def _gone_on_postgresql(element: GoneOwner, compiler: object, **options: object) -> str:
    return _GONE.format(
        name="agent.value ->> 'name'",
        agents="jsonb_array_elements(definition.document -> 'agents')",
    )
