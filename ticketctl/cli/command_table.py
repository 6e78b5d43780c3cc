"""Every command by name: its module, its line in `--help`, its section. Nothing is imported to list them."""

from typing import NamedTuple


class Entry(NamedTuple):
    """Where a command lives and what it does."""

    module: str  # has a click object called `command`, or the one named after a colon
    help: str
    section: str


READING, CHANGING, PEOPLE = "Reading", "Changing", "People"
MAIL, ADMINISTRATION = "Mail", "Administration"

COMMANDS: dict[str, Entry] = {
    "list": Entry("ticketctl.cli.commands.reading.list", "List tickets in a table.", READING),
    "my": Entry("ticketctl.cli.commands.reading.my", "List your tickets.", READING),
    "next": Entry(
        "ticketctl.cli.commands.reading.next", "Show the most urgent ticket you can take.", READING
    ),
    "show": Entry(
        "ticketctl.cli.commands.reading.show", "Show everything about a ticket.", READING
    ),
    "search": Entry(
        "ticketctl.cli.commands.reading.search", "Search messages, comments and subjects.", READING
    ),
    "history": Entry(
        "ticketctl.cli.commands.reading.history",
        "Show what happened to a ticket, and who did it.",
        READING,
    ),
    "context": Entry(
        "ticketctl.cli.commands.reading.context", "Show a message between its neighbours.", READING
    ),
    "attachment": Entry(
        "ticketctl.cli.commands.reading.attachment", "List or save attachments.", READING
    ),
    "board": Entry("ticketctl.cli.commands.reading.board", "Show tickets in columns.", READING),
    "stats": Entry("ticketctl.cli.commands.reading.stats", "Count tickets by field.", READING),
    "query": Entry("ticketctl.cli.commands.reading.query", "Manage saved queries.", READING),
    "report": Entry(
        "ticketctl.cli.commands.reading.report", "Report on a period, also from cron.", READING
    ),
    "export": Entry("ticketctl.cli.commands.reading.export", "Export tickets to a file.", READING),
    "ui": Entry("ticketctl.ui.command", "Work at the desk on one screen.", READING),
    "new": Entry("ticketctl.cli.commands.changing.new", "Create a ticket by hand.", CHANGING),
    "edit": Entry("ticketctl.cli.commands.changing.edit", "Change fields of tickets.", CHANGING),
    "assign": Entry(
        "ticketctl.cli.commands.changing.assign", "Assign tickets to an agent.", CHANGING
    ),
    "take": Entry("ticketctl.cli.commands.changing.take", "Assign tickets to yourself.", CHANGING),
    "reply": Entry(
        "ticketctl.cli.commands.changing.reply", "Reply to the customer by mail.", CHANGING
    ),
    "canned": Entry("ticketctl.cli.commands.changing.canned", "Manage canned replies.", CHANGING),
    "comment": Entry(
        "ticketctl.cli.commands.changing.comment", "Add an internal comment.", CHANGING
    ),
    "escalate": Entry(
        "ticketctl.cli.commands.changing.escalate",
        "Raise the escalation level, or ask someone for help by mail.",
        CHANGING,
    ),
    "wait": Entry("ticketctl.cli.commands.changing.wait", "Wait for the customer.", CHANGING),
    "resolve": Entry(
        "ticketctl.cli.commands.changing.lifecycle:resolve", "Mark tickets as resolved.", CHANGING
    ),
    "close": Entry("ticketctl.cli.commands.changing.lifecycle:close", "Close tickets.", CHANGING),
    "reopen": Entry(
        "ticketctl.cli.commands.changing.lifecycle:reopen", "Reopen ended tickets.", CHANGING
    ),
    "spam": Entry(
        "ticketctl.cli.commands.changing.lifecycle:spam", "Mark tickets as spam.", CHANGING
    ),
    "unspam": Entry(
        "ticketctl.cli.commands.changing.lifecycle:unspam",
        "Not spam after all: reopen the tickets.",
        CHANGING,
    ),
    "merge": Entry("ticketctl.cli.commands.changing.merge", "Merge tickets into one.", CHANGING),
    "unmerge": Entry(
        "ticketctl.cli.commands.changing.unmerge", "Make merged tickets separate again.", CHANGING
    ),
    "split": Entry(
        "ticketctl.cli.commands.changing.split", "Move messages to a new ticket.", CHANGING
    ),
    "link": Entry("ticketctl.cli.commands.changing.lifecycle:link", "Link two tickets.", CHANGING),
    "unlink": Entry(
        "ticketctl.cli.commands.changing.lifecycle:unlink",
        "Remove a link between two tickets.",
        CHANGING,
    ),
    "watch": Entry(
        "ticketctl.cli.commands.changing.watch:watch",
        "Be told of what happens to tickets.",
        CHANGING,
    ),
    "unwatch": Entry(
        "ticketctl.cli.commands.changing.watch:unwatch", "Stop watching tickets.", CHANGING
    ),
    "undo": Entry("ticketctl.cli.commands.changing.undo", "Undo your last commands.", CHANGING),
    "customer": Entry(
        "ticketctl.cli.commands.people.customer",
        "Manage customers: identities, profile, tickets, personal data.",
        PEOPLE,
    ),
    "order": Entry(
        "ticketctl.cli.commands.people.order",
        "Import and list customers' orders from shops.",
        PEOPLE,
    ),
    "agent": Entry(
        "ticketctl.cli.commands.people.agent", "Show who is present, away, and how loaded.", PEOPLE
    ),
    "survey": Entry(
        "ticketctl.cli.commands.people.survey",
        "Send satisfaction surveys, and record answers.",
        PEOPLE,
    ),
    "inbox": Entry(
        "ticketctl.cli.commands.mail.inbox", "Show received mail, and retry held mail.", MAIL
    ),
    "outbox": Entry(
        "ticketctl.cli.commands.mail.outbox", "List, retry and cancel outgoing mail.", MAIL
    ),
    "ban": Entry("ticketctl.cli.commands.mail.ban", "Block senders.", MAIL),
    "unsubscribe": Entry(
        "ticketctl.cli.commands.mail.unsubscribe",
        "Stop reports or surveys by mail to an address.",
        MAIL,
    ),
    "mailbox": Entry(
        "ticketctl.cli.commands.mail.mailbox",
        "List, test and authorise mailbox accounts.",
        MAIL,
    ),
    "gateway": Entry(
        "ticketctl.cli.commands.mail.gateway", "Receive mail, file it, and send mail.", MAIL
    ),
    "init": Entry(
        "ticketctl.cli.commands.administration.init",
        "Create a desk: database, config.toml, desk.toml.",
        ADMINISTRATION,
    ),
    "demo": Entry(
        "ticketctl.cli.commands.administration.demo",
        "Run a desk with sample mail on loopback.",
        ADMINISTRATION,
    ),
    "apply": Entry(
        "ticketctl.cli.commands.administration.apply",
        "Check desk.toml and store it as a new version.",
        ADMINISTRATION,
    ),
    "desk": Entry(
        "ticketctl.cli.commands.administration.desk",
        "Show and compare versions of the definition; roll back.",
        ADMINISTRATION,
    ),
    "rule": Entry(
        "ticketctl.cli.commands.administration.rule",
        "List, test, switch and run rules.",
        ADMINISTRATION,
    ),
    "sla": Entry(
        "ticketctl.cli.commands.administration.sla",
        "Check service levels: what is due, what is late, why.",
        ADMINISTRATION,
    ),
    "calendar": Entry(
        "ticketctl.cli.commands.administration.calendar",
        "Show opening hours, calculate with them, fetch calendars.",
        ADMINISTRATION,
    ),
    "purge": Entry(
        "ticketctl.cli.commands.administration.purge",
        "Delete tickets closed long ago.",
        ADMINISTRATION,
    ),
    "db": Entry(
        "ticketctl.cli.commands.administration.db",
        "Create, upgrade, check, back up and copy the database.",
        ADMINISTRATION,
    ),
    "config": Entry(
        "ticketctl.cli.commands.administration.config",
        "Show the settings of this host.",
        ADMINISTRATION,
    ),
    "doctor": Entry(
        "ticketctl.cli.commands.administration.doctor",
        "Check settings, database, desk, mail server and queues.",
        ADMINISTRATION,
    ),
    "whoami": Entry(
        "ticketctl.cli.commands.administration.whoami", "Print which agent you are.", ADMINISTRATION
    ),
    "completion": Entry(
        "ticketctl.cli.commands.administration.completion",
        "Print a completion script for bash, zsh or fish.",
        ADMINISTRATION,
    ),
    "help": Entry(
        "ticketctl.cli.commands.administration.help",
        "Show help on a topic or a command.",
        ADMINISTRATION,
    ),
}

ALIASES = {"ls": "list", "view": "show", "create": "new", "set": "edit"}
"""Other names of commands, as `--help` of the command tells."""

FORMER_NAMES = {"template": "canned"}
"""Old names that still work and are not listed."""
