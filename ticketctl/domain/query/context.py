"""What a query needs to be read: who asks, when, the time zone, the types of custom fields."""

from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from enum import Enum

from msgspec import Struct

from ticketctl.domain.base.condition import Condition


class Use(Enum):
    """What a query is for, which decides whether a date that is still to come is an error."""

    NOW = "now"  # run once: a date that no ticket can match yet is an error
    LATER = "later"  # stored in a rule or policy: any date is valid
    DEADLINE = "deadline"  # of a rule with `on = "time"`: dates must be over


class QueryContext(Struct, frozen=True):
    """Who asks, when, and in which zone dates are meant; `me` is None if the agent is unknown.

    `alert` is the condition of an age colour (`age.condition`); None where none can be asked for.
    `types`: the types of custom fields by name (`own_fields.kinds`); a field that is not in it holds any text.
    """

    now: datetime
    zone: tzinfo
    me: str | None
    types: Mapping[str, str] = {}
    use: Use = Use.NOW
    alert: Callable[[str], Condition] | None = None
