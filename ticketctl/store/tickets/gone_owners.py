"""Finds tickets whose owner is no longer an agent. They count as unassigned."""

from sqlalchemy import Boolean
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class Owner(FunctionElement[bool]):
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


@compiles(Owner, "sqlite")
def _on_sqlite(element: Owner, compiler: object, **options: object) -> str:
    return _GONE.format(
        name="json_extract(agent.value, '$.name')",
        agents="json_each(definition.document, '$.agents')",
    )


@compiles(Owner, "postgresql")
def _on_postgresql(element: Owner, compiler: object, **options: object) -> str:
    return _GONE.format(
        name="agent.value ->> 'name'",
        agents="jsonb_array_elements(definition.document -> 'agents')",
    )
