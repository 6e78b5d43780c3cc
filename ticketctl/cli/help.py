"""`ticketctl help [TOPIC]`: pages that belong to no single command."""

import click

from ticketctl.cli.desk_context import Desk, pass_desk
from ticketctl.errors import NotFound

TOPICS: dict[str, str] = {
    "exit-codes": """\
0    done; an empty list is done
1    unexpected error (a bug)
2    usage: unknown option, value, field, query
3    no such ticket, agent, segment …
4    who are you, or not allowed
5    conflict: changed meanwhile, already owned, already merged
6    refused by a rule: mandatory comment, transition not allowed, bad desk.toml
7    partly done: some items failed, their lines say which
8    database: unreachable, locked past the time-out, schema too old or too new
9    mail server or shop: cannot connect, log in, or send
10   the condition asked about holds (--exit-status)
75   `gateway ingest` only: temporary, keep the mail and try again
130  interrupted, nothing half-written
""",
    "environment": """\
TICKETCTL_DB        URL of the database
TICKETCTL_CONFIG    settings file instead of the usual ones
TICKETCTL_AGENT     which agent you are
TICKETCTL_EDITOR    editor for texts (then VISUAL, EDITOR, vi)
TICKETCTL_PAGER     pager for long pages (then PAGER, less); empty: none
TICKETCTL_NOW       pretend it is this time (RFC 3339)
TICKETCTL_OUTGOING_PASSWORD  password of the outgoing server
TICKETCTL_DEBUG     1: show the trace of an unexpected error
TICKETCTL_SECTION_KEY  any setting of config.toml, as TICKETCTL_GATEWAY_SMTP
NO_COLOR            no colours; CLICOLOR_FORCE forces them
TZ                  zone in which times are shown (or --tz)
""",
    "formatting": """\
On a terminal, lists are tables fitted to its width; elsewhere TSV with one header line, nothing cut.
--format table|tsv|csv|json|ndjson|ids forces a form; --json the same as --format json.
--json=id,subject picks fields; --columns id,subject,owner picks columns, --columns all shows every one.
TSV escapes tab and newline as \\t and \\n. CSV is RFC 4180; cells that a spreadsheet would run get an apostrophe.
Control characters, bidi overrides and zero-width marks are spelt out (\\x1b, \\u202e); JSON escapes them, exactly.
Tables leave out ALERT, OWNER and PRIO where no row has one to tell of; --columns names are always shown.
Times are local on a terminal (--tz), RFC 3339 UTC elsewhere. Data goes to stdout, words about it to stderr.
""",
    "query": """\
field:value        the field has the value         status:open
field:a,b          one of them                     segment:billing,support
-field:value       not                             -owner:ana
field<2h field>=T  compared                        created>=2026-03-01  updated<-14d
word "two words"   in subject, messages, comments
( a OR b )         either
is:open unassigned mine important spam merged ended awaiting-agent awaiting-customer
has:attachment comment
cf.NAME:value      a field of the desk
sort:-priority,created
@me none any       as owner: me, nobody, somebody
Fields: id status priority owner segment source_segment mailbox channel type tag customer email
subject created updated resolved closed age kind language
Times: 2026-03-01, 2026-03, today, monday, -7d, 2h, 1mo
""",
    "json": """\
`list`, `my`, `search --json`: an array of tickets; `show --json`: one, with messages, comments, customer.
`history`, `inbox list`, `outbox list --json`: arrays of their own. docs/json.md has every shape.
Times are RFC 3339 UTC with Z, durations whole seconds, absent is null; keys never depend on the data.
""",
}


@click.command()
@click.argument("topic", required=False)
@click.pass_context
def command(ctx: click.Context, topic: str | None) -> None:
    """Topics: exit-codes, environment, formatting, query, json; or the help of a command."""
    _print(topic, ctx)


@pass_desk
def _print(desk: Desk, topic: str | None, ctx: click.Context) -> None:
    if topic in TOPICS:
        desk.out.page(TOPICS[topic].rstrip())
        return
    parent = ctx.parent
    assert parent is not None and isinstance(parent.command, click.Group)
    if topic is None:
        desk.out.data(parent.get_help())
        desk.out.data(f"\nTopics (ticketctl help TOPIC): {', '.join(TOPICS)}")
        return
    found = parent.command.get_command(parent, topic)
    if found is None:
        raise NotFound(f"there is no help on {topic!r}; the topics are {', '.join(TOPICS)}.")
    desk.out.data(found.get_help(click.Context(found, info_name=topic, parent=parent)))
