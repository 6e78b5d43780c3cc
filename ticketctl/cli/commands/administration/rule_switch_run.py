"""What `ticketctl rule on` and `rule off` do."""

from msgspec.structs import replace

from ticketctl.cli.commands.administration.rule_run import named
from ticketctl.cli.shared.definition_change import change_to
from ticketctl.console.context import App
from ticketctl.domain.loading.load import parse
from ticketctl.domain.loading.switch_rule import switched
from ticketctl.store.desk import definitions


def switch(app: App, name: str, *, enabled: bool) -> None:
    """Enable or disable a rule, as a new version of the desk with the same holidays."""
    rule, before = named(app, name), app.definition
    if rule.enabled == enabled:
        app.out.note(f"The rule {name} is already {_word(enabled)}.")
        return
    with app.db.read() as tx:
        source = definitions.source(tx, before.version)
    if not before.version:
        source = source.partition("\n")[2]  # its first line says that nothing was applied
    text = switched(source, rule, enabled)
    change_to(app, text, replace(parse(text), holidays=before.holidays), ask=False)
    app.out.note(
        "A desk.toml elsewhere still has the old rule: `ticketctl desk show` prints the new one."
    )


def _word(enabled: bool) -> str:
    return "on" if enabled else "off"
