"""`new --canned NAME`: a canned reply of kind `ticket` fills in what no option gives (F-T16)."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ticketctl.cli.shared import canned_replies

if TYPE_CHECKING:
    from ticketctl.console.context import App


def fill(app: "App", given: dict[str, Any], is_default: Callable[[str], bool]) -> None:
    """Fill the options of `new` that were not given from a canned reply: subject, text, type, priority, tags, fields.

    Its tags and fields are added to those given. NotFound where none of kind `ticket` has the name.
    """
    name = given.pop("canned")
    if name is None:
        return
    from ticketctl.actions.base.context import public_name
    from ticketctl.templating.canned import fill as filled

    with app.db.read() as tx:
        one = canned_replies.answers(app, tx).get(name, None, "ticket")
    data = {
        "customer_name": given["name"],
        "agent_name": public_name(app.actor().name),
        "desk_name": app.definition.settings.name,
    }
    said = {
        "subject": filled(one.subject, data, one.kind),
        "text": "" if given["transcript"] else filled(one.text, data, one.kind),
        "type_": one.type,
        "priority": one.fields.get("priority"),
    }
    for option, value in said.items():
        if value and is_default(option):
            given[option] = value
    given["tag"] = tuple(dict.fromkeys((*given["tag"], *one.fields.get("tags", ()))))
    own = {name[3:]: value for name, value in one.fields.items() if name.startswith("cf.")}
    given["fields"] = own | given["fields"]
