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
    "list": Entry("ticketctl.cli.list", "List tickets in a table.", READING),
    "my": Entry("ticketctl.cli.my", "List your tickets.", READING),
    "next": Entry("ticketctl.cli.next", "Show the most urgent ticket you can take.", READING),
    "show": Entry("ticketctl.cli.show", "Show everything about a ticket.", READING),
    "search": Entry("ticketctl.cli.search", "Search messages, comments and subjects.", READING),
    "history": Entry(
        "ticketctl.cli.history", "Show what happened to a ticket, and who did it.", READING
    ),
    "context": Entry("ticketctl.cli.context", "Show a message between its neighbours.", READING),
    "attachment": Entry("gateway.cli:attachment", "List or save attachments.", READING),
    "board": Entry("ticketctl.cli.board", "Show tickets in columns.", READING),
    "stats": Entry("ticketctl.cli.stats", "Count tickets by field.", READING),
    "query": Entry("ticketctl.cli.query", "Manage saved queries.", READING),
    "report": Entry("ticketctl.cli.report", "Report on a period, also from cron.", READING),
    "export": Entry("ticketctl.cli.export", "Export tickets to a file.", READING),
    "new": Entry("ticketctl.cli.new", "Create a ticket by hand.", CHANGING),
    "edit": Entry("ticketctl.cli.edit", "Change fields of tickets.", CHANGING),
    "assign": Entry("ticketctl.cli.assign", "Assign tickets to an agent.", CHANGING),
    "take": Entry("ticketctl.cli.take", "Assign tickets to yourself.", CHANGING),
    "reply": Entry("ticketctl.cli.reply", "Reply to the customer by mail.", CHANGING),
    "canned": Entry("ticketctl.cli.template", "Manage canned replies.", CHANGING),
    "comment": Entry("ticketctl.cli.comment", "Add an internal comment.", CHANGING),
    "escalate": Entry(
        "ticketctl.cli.escalate",
        "Raise the escalation level, or ask someone for help by mail.",
        CHANGING,
    ),
    "wait": Entry("ticketctl.cli.wait", "Wait for the customer.", CHANGING),
    "resolve": Entry("ticketctl.cli.verbs:resolve", "Mark tickets as resolved.", CHANGING),
    "close": Entry("ticketctl.cli.verbs:close", "Close tickets.", CHANGING),
    "reopen": Entry("ticketctl.cli.verbs:reopen", "Reopen ended tickets.", CHANGING),
    "spam": Entry("ticketctl.cli.verbs:spam", "Mark tickets as spam.", CHANGING),
    "unspam": Entry(
        "ticketctl.cli.verbs:unspam", "Not spam after all: reopen the tickets.", CHANGING
    ),
    "merge": Entry("ticketctl.cli.merge", "Merge tickets into one.", CHANGING),
    "unmerge": Entry("ticketctl.cli.unmerge", "Make merged tickets separate again.", CHANGING),
    "split": Entry("ticketctl.cli.split", "Move messages to a new ticket.", CHANGING),
    "link": Entry("ticketctl.cli.verbs:link", "Link two tickets.", CHANGING),
    "unlink": Entry("ticketctl.cli.verbs:unlink", "Remove a link between two tickets.", CHANGING),
    "undo": Entry("ticketctl.cli.undo", "Undo your last commands.", CHANGING),
    "customer": Entry(
        "ticketctl.cli.customer",
        "Manage customers: identities, profile, tickets, personal data.",
        PEOPLE,
    ),
    "order": Entry("ticketctl.cli.order", "Import and list customers' orders from shops.", PEOPLE),
    "agent": Entry("ticketctl.cli.agent", "Show who is present, away, and how loaded.", PEOPLE),
    "survey": Entry(
        "ticketctl.cli.survey", "Send satisfaction surveys, and record answers.", PEOPLE
    ),
    "inbox": Entry("ticketctl.cli.inbox", "Show received mail, and retry held mail.", MAIL),
    "outbox": Entry("ticketctl.cli.outbox", "List, retry and cancel outgoing mail.", MAIL),
    "ban": Entry("ticketctl.cli.ban", "Block senders.", MAIL),
    "mailbox": Entry("gateway.cli:mailbox", "List, test and authorise mailbox accounts.", MAIL),
    "gateway": Entry("gateway.cli:gateway", "Receive mail, file it, and send mail.", MAIL),
    "init": Entry(
        "ticketctl.cli.init", "Create a desk: database, config.toml, desk.toml.", ADMINISTRATION
    ),
    "demo": Entry("gateway.cli:demo", "Run a desk with sample mail on loopback.", ADMINISTRATION),
    "apply": Entry(
        "ticketctl.cli.apply", "Check desk.toml and store it as a new version.", ADMINISTRATION
    ),
    "desk": Entry("ticketctl.cli.desk", "Show the definition in force; roll back.", ADMINISTRATION),
    "rule": Entry("ticketctl.cli.rule", "List, test and run rules.", ADMINISTRATION),
    "sla": Entry(
        "ticketctl.cli.sla", "Check service levels: what is due, what is late, why.", ADMINISTRATION
    ),
    "calendar": Entry(
        "ticketctl.cli.calendar", "Show opening hours, and calculate with them.", ADMINISTRATION
    ),
    "purge": Entry("ticketctl.cli.purge", "Delete tickets closed long ago.", ADMINISTRATION),
    "db": Entry(
        "ticketctl.cli.db", "Create, upgrade, check and back up the database.", ADMINISTRATION
    ),
    "config": Entry("ticketctl.cli.config", "Show the settings of this host.", ADMINISTRATION),
    "doctor": Entry(
        "ticketctl.cli.doctor",
        "Check settings, database, desk, mail server and queues.",
        ADMINISTRATION,
    ),
    "whoami": Entry("ticketctl.cli.whoami", "Print which agent you are.", ADMINISTRATION),
    "completion": Entry(
        "ticketctl.cli.completion",
        "Print a completion script for bash, zsh or fish.",
        ADMINISTRATION,
    ),
    "help": Entry("ticketctl.cli.help", "Show help on a topic or a command.", ADMINISTRATION),
}

PAGE = "gateway.page.page:write_html"
"""What writes `export --format html`: it reads raw mails, as the gateway does."""

EXPLAIN = "gateway.intake.explain:show_stored"
"""What `inbox explain` asks: the gateway decides about mail."""

ATTACHMENTS = "gateway.run.attachments:show"
"""What `show --attachments` prints, the same as `attachment list`."""

SHOPS = "gateway.shops:provider"
"""What asks a shop for its orders: the one thing of the desk that speaks HTTP, and only as a client."""

ALIASES = {"ls": "list", "view": "show", "create": "new", "set": "edit"}
"""Other names of commands, as `--help` of the command tells."""

FORMER_NAMES = {"template": "canned"}
"""Old names that still work and are not listed."""
