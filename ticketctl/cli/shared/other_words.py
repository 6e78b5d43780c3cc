"""What people of other programs (gh, task, mutt, git, Zendesk) type for our commands, options and values."""

from collections.abc import Container

# What they call a command; in the text after it, what they wrote stands where it belongs (right_line.py).
COMMANDS = {
    **dict.fromkeys(("note", "annotate", "remark"), "comment"),
    **dict.fromkeys(("answer", "respond", "write", "mail", "send", "group-reply"), "reply"),
    **dict.fromkeys(
        ("done", "closed", "finish", "complete", "delete", "rm", "remove", "archive", "trash"),
        "close",
    ),
    **dict.fromkeys(("solve", "solved", "resolved", "fix", "fixed"), "resolve"),
    **dict.fromkeys(("snooze", "pending", "hold", "defer", "postpone", "later"), "wait"),
    **dict.fromkeys(("modify", "update", "change"), "edit"),
    **dict.fromkeys(("claim", "grab", "own", "pick", "start", "accept"), "take"),
    **dict.fromkeys(("give", "delegate", "owner", "reassign"), "assign"),
    **dict.fromkeys(("unassign", "release"), "assign … none"),
    **dict.fromkeys(("read", "get", "info", "cat", "less", "describe", "details"), "show"),
    **dict.fromkeys(("log", "events", "audit"), "history"),
    **dict.fromkeys(("find", "grep"), "search"),
    **dict.fromkeys(("mine", "me"), "my"),
    **dict.fromkeys(("tickets", "issues", "queue", "all"), "list"),
    **dict.fromkeys(("count",), "list --count"),
    **dict.fromkeys(("add", "open-ticket"), "new"),
    **dict.fromkeys(("block", "blacklist"), "ban add"),
    **dict.fromkeys(("transfer", "move", "mv", "segment"), "edit --segment"),
    **dict.fromkeys(("priority", "prio"), "edit --priority"),
    **dict.fromkeys(("tag", "label"), "edit --tag"),
    **dict.fromkeys(("untag", "unlabel"), "edit --untag"),
    **dict.fromkeys(("due", "deadline"), "edit --due"),
    **dict.fromkeys(("forward", "bounce"), "escalate --to"),
    **dict.fromkeys(("flag", "star", "pin", "important"), "edit … --important"),
    **dict.fromkeys(("unflag", "unstar", "unpin"), "edit … --no-important"),
    **dict.fromkeys(("summary", "overview"), "stats"),
    **dict.fromkeys(("status", "state"), "edit --status"),
    **dict.fromkeys(("away", "vacation"), "agent away"),
    **dict.fromkeys(("back",), "agent back"),
    **dict.fromkeys(("who", "agents", "users", "team"), "agent list"),
    **dict.fromkeys(("customers", "contacts", "people"), "customer list"),
    **dict.fromkeys(("macro", "macros", "snippets", "templates"), "canned list"),
    **dict.fromkeys(("rules", "triggers"), "rule list"),
    **dict.fromkeys(("settings", "preferences"), "config list"),
    **dict.fromkeys(("man", "topics"), "help"),
    **dict.fromkeys(("alias", "aliases", "shortcuts"), "help shortcuts"),
    **dict.fromkeys(("version",), "--version"),
    **dict.fromkeys(("attachments", "files"), "attachment list"),
    **dict.fromkeys(("download", "save"), "attachment get"),
}

# … for a command of a group; the first of these that the group has is meant.
SUBCOMMANDS = {
    **dict.fromkeys(("ls", "all"), ("list",)),
    **dict.fromkeys(("new", "create"), ("add", "save")),
    **dict.fromkeys(
        ("rm", "del", "delete", "remove", "unset"), ("remove", "delete", "drop", "cancel")
    ),
    **dict.fromkeys(
        ("save", "download", "fetch", "open", "show", "view", "cat", "read"), ("get", "show")
    ),
    **dict.fromkeys(("change", "modify", "update", "rename"), ("edit",)),
    **dict.fromkeys(("enable", "start"), ("on",)),
    **dict.fromkeys(("disable", "stop"), ("off",)),
    **dict.fromkeys(("resend", "bounce", "requeue"), ("retry",)),
}

NOUNS = ("issue", "ticket", "task", "case")  # `issue list`, `ticket 3`

# What they call an option; the first of these that the command has is meant. With "" it is left out.
OPTIONS = {
    **dict.fromkeys(
        ("--body", "--text", "--comment", "--reason", "--note", "--why", "-b", "-r"), ("-m",)
    ),
    **dict.fromkeys(("--assignee", "--assigned", "--agent", "--to", "-u"), ("--owner", "--to", "")),
    **dict.fromkeys(("--state", "-s"), ("--status",)),
    **dict.fromkeys(("--label", "--add-label", "--add-tag", "--tags", "-l"), ("--tag",)),
    **dict.fromkeys(("--remove-label", "--remove-tag"), ("--untag",)),
    **dict.fromkeys(("--title", "-t"), ("--subject",)),
    **dict.fromkeys(("--prio", "-p", "-P"), ("--priority",)),
    **dict.fromkeys(("--queue", "--project", "--group", "--team"), ("--segment",)),
    **dict.fromkeys(("--from", "--requester", "--email", "--user"), ("--customer", "--since")),
    **dict.fromkeys(("--for", "--till"), ("--until",)),
    **dict.fromkeys(("--after", "--newer"), ("--since",)),
    **dict.fromkeys(("--before", "--older"), ("--until",)),
    **dict.fromkeys(("--order", "--order-by", "--sort-by"), ("--sort",)),
    **dict.fromkeys(("-n", "-L", "--max", "--top"), ("--limit",)),
    **dict.fromkeys(("-c", "--copy"), ("--cc",)),
    **dict.fromkeys(("-a", "--attachment"), ("--attach",)),
    **dict.fromkeys(("--output-file",), ("-o",)),
    **dict.fromkeys(("--last", "--time", "--range"), ("--period", "--since")),
    "-i": ("",),
    "--ignore-case": ("",),
}
# … with words of its own instead: of list and the commands like it.
QUERY_OPTIONS = {
    "--all": "--since all", "-a": "--since all", "--closed": "is:ended", "--ended": "is:ended", "--new": "status:new",
    "--waiting": "status:waiting", "--overdue": "is:breached", "--breached": "is:breached", "--late": "is:breached",
    "--urgent": "priority:critical", "--today": "created:today", "--reverse": "--sort created",
}  # fmt: skip
# … of every command that prints.
FORMAT_OPTIONS = {
    "--csv": "--format csv", "--tsv": "--format tsv", "--ndjson": "--format ndjson",
    "-j": "--json", "--template": "--row-template", "--no-header": "--no-headers",
}  # fmt: skip
# … and of the commands that set a status besides.
STATUS_OPTIONS = {
    "--resolve": "--status resolved", "--resolved": "--status resolved", "--solve": "--status resolved",
    "--wait": "--status waiting", "--waiting": "--status waiting", "--pending": "--status waiting",
    "--closed": "--status closed", "--reopen": "--status open",
}  # fmt: skip


def option(name: str, known: set[str]) -> str | None:
    """Our name of an option, "" if it is left out; None if we have nothing like it."""
    return next((ours for ours in OPTIONS.get(name, ()) if not ours or ours in known), None)


def subcommand(name: str, known: Container[str]) -> str | None:
    """Our name of a group's command; None if it has nothing like it."""
    return next((ours for ours in SUBCOMMANDS.get(name, ()) if ours in known), None)
