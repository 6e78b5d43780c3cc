"""The demo's history: a canned reply, two calls, a merge of two tickets, orders of a shop."""

import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from importlib import resources

from ticketctl.clock import rfc3339

ANSWER = "Dear {{ customer_name }},\n\nwe have refunded what you paid twice."


def add(environ: Mapping[str, str], now: datetime) -> None:
    """Add it by running commands with `--now`."""
    for words in _commands(now):
        subprocess.run(
            [sys.executable, "-m", "ticketctl", *words],
            env=environ,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def _commands(now: datetime) -> list[tuple[str, ...]]:
    orders = resources.files("gateway") / "samples" / "orders.csv"
    return [
        ("canned", "add", "refund-ok", "-m", ANSWER),
        ("merge", "5", "--into", "4", "-m", "the same order"),
        _call(now - timedelta(hours=20), "+34600112233", "The gate does not open", "high"),
        _call(now - timedelta(hours=3, minutes=20), "+420777123456", "A new scale", "low"),
        ("order", "import", str(orders)),
    ]


def _call(at: datetime, phone: str, subject: str, priority: str) -> tuple[str, ...]:
    options = ("--subject", subject, "--priority", priority, "-m", "by phone")
    return ("--now", rfc3339(at), "new", "--channel", "phone", "--customer", phone, *options)
