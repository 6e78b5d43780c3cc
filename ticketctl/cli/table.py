"""Every command by name: its module, its line in `--help`, its section. Nothing is imported to list them."""

from typing import NamedTuple


class Entry(NamedTuple):
    """Where a command lives and what it does."""

    module: str  # has a click object called `command`, or the one named after a colon
    help: str
    section: str


READING, CHANGING, MAIL, DESK = "Reading", "Changing", "Mail", "The desk"
PEOPLE = "People"

COMMANDS: dict[str, Entry] = {
    "list": Entry("ticketctl.cli.list", "Tickets as a table, with the overview above.", READING),
    "my": Entry("ticketctl.cli.my", "Tickets that are mine.", READING),
    "next": Entry("ticketctl.cli.next", "The most urgent ticket I may take.", READING),
    "show": Entry("ticketctl.cli.show", "One ticket, everything on one page.", READING),
    "search": Entry(
        "ticketctl.cli.search", "Full text over messages, comments and subjects.", READING
    ),
    "history": Entry(
        "ticketctl.cli.history", "What happened to a ticket, and who did it.", READING
    ),
    "board": Entry("ticketctl.cli.board", "Tickets in columns side by side.", READING),
    "context": Entry(
        "ticketctl.cli.context", "A message among its neighbours, or where it was written.", READING
    ),
    "stats": Entry("ticketctl.cli.stats", "Counts, with small bars.", READING),
    "query": Entry("ticketctl.cli.query", "Filters with a name.", READING),
    "template": Entry("ticketctl.cli.template", "Canned texts shared by the team.", DESK),
    "attachment": Entry(
        "gateway.cli:attachment", "List or save the attachments of a ticket.", READING
    ),
    "report": Entry("ticketctl.cli.report", "Figures of a period, also from cron.", READING),
    "export": Entry("ticketctl.cli.export", "Stream tickets to a file.", READING),
    "new": Entry("ticketctl.cli.new", "A ticket by hand.", CHANGING),
    "edit": Entry("ticketctl.cli.edit", "Change fields of tickets.", CHANGING),
    "assign": Entry("ticketctl.cli.assign", "Give tickets to an agent.", CHANGING),
    "take": Entry("ticketctl.cli.take", "Assign tickets to myself.", CHANGING),
    "comment": Entry(
        "ticketctl.cli.comment", "An internal note; never sent to a customer.", CHANGING
    ),
    "reply": Entry("ticketctl.cli.reply", "Answer the customer by mail.", CHANGING),
    "escalate": Entry("ticketctl.cli.escalate", "Ask somebody else for help, by mail.", CHANGING),
    "wait": Entry("ticketctl.cli.wait", "Wait for the customer.", CHANGING),
    "resolve": Entry("ticketctl.cli.resolve", "The problem is solved.", CHANGING),
    "close": Entry("ticketctl.cli.close", "The ticket is done.", CHANGING),
    "reopen": Entry("ticketctl.cli.reopen", "Open an ended ticket again.", CHANGING),
    "spam": Entry("ticketctl.cli.spam", "Mark tickets as spam.", CHANGING),
    "unspam": Entry("ticketctl.cli.unspam", "Spam after all not.", CHANGING),
    "merge": Entry("ticketctl.cli.merge", "Make tickets one.", CHANGING),
    "unmerge": Entry("ticketctl.cli.unmerge", "Take a merged ticket out again.", CHANGING),
    "split": Entry("ticketctl.cli.split", "Make two tickets of one.", CHANGING),
    "link": Entry("ticketctl.cli.link", "Relate two tickets.", CHANGING),
    "unlink": Entry("ticketctl.cli.unlink", "Take a relation away.", CHANGING),
    "undo": Entry("ticketctl.cli.undo", "Take my last commands back.", CHANGING),
    "customer": Entry(
        "ticketctl.cli.customer", "People: their identities, profile, orders, tickets.", PEOPLE
    ),
    "purge": Entry("ticketctl.cli.purge", "Delete tickets closed long ago.", DESK),
    "order": Entry("ticketctl.cli.order", "What customers bought in shops.", PEOPLE),
    "inbox": Entry("ticketctl.cli.inbox", "Mail taken in, with verdict and reasons.", MAIL),
    "outbox": Entry("ticketctl.cli.outbox", "Mail to send and sent.", MAIL),
    "ban": Entry("ticketctl.cli.ban", "Blocked senders.", MAIL),
    "mailbox": Entry(
        "gateway.cli:mailbox", "Mailboxes and their accounts: shown, tried, let in.", MAIL
    ),
    "gateway": Entry("gateway.cli:gateway", "Take mail in, file it, send mail out.", MAIL),
    "init": Entry("ticketctl.cli.init", "Create a desk: database, config.toml, desk.toml.", DESK),
    "apply": Entry(
        "ticketctl.cli.apply", "Check desk.toml, show the difference, store a new version.", DESK
    ),
    "desk": Entry("ticketctl.cli.desk", "The definition in force, its versions, a way back.", DESK),
    "agent": Entry("ticketctl.cli.agent", "Who is here, who is away, and how loaded.", DESK),
    "survey": Entry(
        "ticketctl.cli.survey", "Are customers satisfied? Asked by mail, answered by mail.", DESK
    ),
    "rule": Entry("ticketctl.cli.rule", "Rules: in force, tried, fired.", DESK),
    "calendar": Entry("ticketctl.cli.calendar", "Opening hours, and sums with them.", DESK),
    "sla": Entry("ticketctl.cli.sla", "Service levels: what is due, what is late, why.", DESK),
    "db": Entry("ticketctl.cli.db", "Create, upgrade, check, back up the database.", DESK),
    "config": Entry("ticketctl.cli.config", "Settings in force and where each comes from.", DESK),
    "demo": Entry("gateway.cli:demo", "A desk with sample mail, to look around.", DESK),
    "doctor": Entry("ticketctl.cli.doctor", "Is everything well?", DESK),
    "whoami": Entry("ticketctl.cli.whoami", "Which agent am I?", DESK),
    "completion": Entry(
        "ticketctl.cli.completion", "A completion script for bash, zsh or fish.", DESK
    ),
    "help": Entry(
        "ticketctl.cli.help", "Topics: exit-codes, environment, formatting, query, json.", DESK
    ),
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
