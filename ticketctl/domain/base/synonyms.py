"""What other programs call our values, so that an error can name the right one."""

_MEANT = {
    "status": {
        **dict.fromkeys(("done", "complete", "completed", "finished", "archived", "deleted"), "closed"),
        **dict.fromkeys(("solved", "fixed"), "resolved"),
        **dict.fromkeys(("pending", "hold", "on-hold", "snoozed", "wait"), "waiting"),
        **dict.fromkeys(("todo", "unread", "unanswered", "created"), "new"),
        **dict.fromkeys(("started", "active", "assigned", "in-progress", "doing", "reopened"), "open"),
        "escalate": "escalated", "junk": "spam", "duplicate": "merged",
    },
    "priority": {
        **dict.fromkeys(("urgent", "highest", "blocker", "emergency", "p0", "p1", "crit"), "critical"),
        **dict.fromkeys(("p2", "h", "major"), "high"),
        **dict.fromkeys(("normal", "p3", "m", "med"), "medium"),
        **dict.fromkeys(("p4", "p5", "l", "minor", "lowest"), "low"),
    },
    "sla": {
        **dict.fromkeys(("breached", "late", "overdue", "violated"), "breach"),
        **dict.fromkeys(("warning", "soon"), "warn"),
    },
}  # fmt: skip


def meant(field: str, word: str) -> str:
    """Our word for a value of a field; "" if there is none like it."""
    return _MEANT.get(field, {}).get(word.lower().replace("_", "-"), "")
