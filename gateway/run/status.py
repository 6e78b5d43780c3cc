"""The command `gateway status`: gateways, what is waiting, what is held, and polled mailboxes (A22, B17)."""

from typing import Any

import msgspec

from gateway.shared import needs
from ticketctl import clock
from ticketctl.clock import rfc3339
from ticketctl.console import failed_polls, overdue_mail, stuck_mail
from ticketctl.console.context import App
from ticketctl.console.gateway_health import GatewayHealth
from ticketctl.console.times import ago
from ticketctl.errors import ConditionHolds
from ticketctl.safe import terminal_line
from ticketctl.store.queues import heartbeats, imap_state, inbox, outbox


def metrics(app: App) -> None:
    """Print all metrics for the textfile collector of Prometheus. BadInput without the extra `metrics`."""
    needs.metrics("gateway status --format prometheus")
    from gateway.run.metrics import text

    app.out.data(text(app.db, app.settings).rstrip("\n"))


def show(app: App, *, exit_status: bool = False) -> int:
    """Print the state of the gateways, both queues and polled folders, and mail that is stuck or overdue.

    Returns the exit code: that of `doctor` if something is overdue, 10 if with `exit_status` no gateway files or sends
    mail or a mailbox cannot be polled, else 0.
    """
    with app.db.read() as tx:
        taken, sending, folders = inbox.waiting(tx), outbox.waiting(tx), imap_state.folders(tx)
        mails = imap_state.stuck(tx)
        received_at, due_at = inbox.oldest_waiting(tx), outbox.oldest_due(tx)
        health = GatewayHealth(heartbeats.gateways(tx), heartbeats.last_stop(tx), clock.wall())
    late = [
        sentence
        for sentence in (
            overdue_mail.to_be_filed(received_at, app.now),
            overdue_mail.to_be_sent(due_at, app.now),
        )
        if sentence
    ]
    accounts = failed_polls.accounts(app.settings, health)
    failing = failed_polls.sentences(folders, accounts, app.now)
    trouble = health.trouble()
    is_ill = exit_status and (trouble or failing)
    code = overdue_mail.EXIT if late else ConditionHolds.exit_code if is_ill else 0
    if app.options.json:
        shape: dict[str, Any] = {"inbox": taken, "outbox": sending, "folders": folders}
        shape["stuck"] = [stuck_mail.shape(one) for one in mails]
        shape["overdue"] = late
        shape |= {
            **health.shape(),
            "trouble": trouble or None,
            "failed_polls": failing,
            "oldest_received_at": received_at and rfc3339(received_at),
            "oldest_due_at": due_at and rfc3339(due_at),
        }
        app.out.data(msgspec.json.encode(msgspec.to_builtins(shape)).decode())
        return code
    for line in health.lines():
        app.out.data(f"gateway {line}")
    app.out.data("inbox   " + ", ".join(f"{count} {state}" for state, count in taken.items()))
    app.out.data("outbox  " + ", ".join(f"{count} {state}" for state, count in sending.items()))
    for one in folders:
        last = ago(one.last_ok_at, app.now) if one.last_ok_at else "never"
        trouble = f"; {one.error}" if one.error else ""
        app.out.data(
            terminal_line(
                f"imap    {one.account} {one.folder}: last successful poll {last}{trouble}"
            )
        )
    for mail in mails:
        app.out.data(f"stuck   {stuck_mail.sentence(mail, app.now)}")
    for sentence in late:
        app.out.data(f"overdue {sentence}")
    for sentence in failing:
        app.out.data(f"trouble {sentence}")
    if trouble:
        app.out.data(terminal_line(f"trouble {trouble}"))
    return code
