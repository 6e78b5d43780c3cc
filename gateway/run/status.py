"""The command `gateway status`: what is waiting, what is held, and the state of polled mailboxes (A22, B17)."""

from typing import Any

import msgspec

from ticketctl.console import overdue_mail, stuck_mail
from ticketctl.console.context import App
from ticketctl.console.times import ago
from ticketctl.safe import terminal_line
from ticketctl.store.queues import imap_state, inbox, outbox


def show(app: App) -> int:
    """Print the state of both queues and of polled folders, and mail that is stuck or overdue.

    Returns the exit code: that of `doctor` if something is overdue, else 0.
    """
    with app.db.read() as tx:
        taken, sending, folders = inbox.waiting(tx), outbox.waiting(tx), imap_state.folders(tx)
        mails = imap_state.stuck(tx)
        late = [
            overdue_mail.to_be_filed(inbox.oldest_waiting(tx), app.now),
            overdue_mail.to_be_sent(outbox.oldest_due(tx), app.now),
        ]
    late = [sentence for sentence in late if sentence]
    code = overdue_mail.EXIT if late else 0
    if app.options.json:
        shape: dict[str, Any] = {"inbox": taken, "outbox": sending, "folders": folders}
        shape["stuck"] = [stuck_mail.shape(one) for one in mails]
        shape["overdue"] = late
        app.out.data(msgspec.json.encode(msgspec.to_builtins(shape)).decode())
        return code
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
    return code
