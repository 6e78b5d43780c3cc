"""A ticket as a form for the editor: read-only lines, lines to change, and the reason below (F-Q32)."""

from typing import TYPE_CHECKING, NamedTuple

from ticketctl.errors import BadInput, Refused
from ticketctl.safe import terminal_line

if TYPE_CHECKING:
    from ticketctl.console.context import App
    from ticketctl.domain.base.records import Ticket

WHY = "(why? write it here; edit the lines above to change them)"


class Form(NamedTuple):
    """The lines by name, as they are shown."""

    fixed: dict[str, str]
    open: dict[str, str]

    def text(self, changed: dict[str, str], comment: str) -> str:
        """The form, with what was `changed` before and the reason for it."""
        lines = self.fixed | self.open
        lines |= {name: value for name, value in changed.items() if name in self.open}
        head = "\n".join(f"{name}: {value}".rstrip() for name, value in lines.items())
        return f"{head}\n\n{comment or WHY}"

    def changed(self, text: str) -> tuple[dict[str, str], str]:
        """The changed lines and the reason.

        Refused for a read-only line, BadInput for an unknown one.
        """
        lines, comment = parts(text)
        for name, value in lines.items():
            if name in self.fixed and value != self.fixed[name]:
                raise Refused(
                    f"{name} cannot be changed here: it is {self.fixed[name] or 'empty'}."
                )
            if name not in self.fixed and name not in self.open:
                raise BadInput(f"the form has no line {terminal_line(name)!r}.")
        new = {n: v for n, v in lines.items() if n in self.open and v != self.open[n]}
        return new, comment


def of(app: "App", one: "Ticket") -> Form:
    """The form of a ticket: read-only lines, then lines to change, custom fields last."""
    from ticketctl.console.times import local
    from ticketctl.console.view import plain

    fixed = {
        "Ticket": f"#{one.id}",
        "Response-Id": plain(one.response_id),
        "E-Mail": one.customer.email,
        "Source-Segment": one.source_segment,
        "Current-Segment": one.segment,
        "Current-Owner": one.owner or "none",
        "Date": local(one.created_at, app.zone),
        "Customer-Comment": one.customer_comment or "",
    }
    free = {
        "Subject": one.subject,
        "Priority": one.priority,
        "Status": one.status,
        "Segment": one.segment,
        "Owner": one.owner or "none",
        "Type": one.type or "none",
        "Tags": ", ".join(one.tags),
        "Important": "yes" if one.important else "no",
        "Due": plain(one.due_by) or "none",
        "Customer": one.customer.email,
    }
    own = (field.name for field in app.definition.fields if field.on == "ticket")
    free |= {f"cf.{name}": plain(one.fields.get(name)) for name in own}
    return Form(_shown(fixed), _shown(free))


def parts(text: str) -> tuple[dict[str, str], str]:
    """Lines `Name: value` up to the first empty one, and the text below. BadInput for a line of another shape."""
    head, _, comment = text.partition("\n\n")
    lines = {}
    for line in head.splitlines():
        name, colon, value = line.partition(":")
        if not colon:
            raise BadInput(
                f"{terminal_line(line)!r} is not a line of the form; write it like Priority: high."
            )
        lines[name.strip()] = value.strip()
    return lines, "" if comment.strip() == WHY else comment.strip()


def kept(lines: dict[str, str], comment: str) -> str:
    """The part of a form worth keeping: changes and reason."""
    return "\n".join(f"{name}: {value}" for name, value in lines.items()) + f"\n\n{comment}"


def _shown(lines: dict[str, str]) -> dict[str, str]:
    return {name: terminal_line(value).strip() for name, value in lines.items()}
