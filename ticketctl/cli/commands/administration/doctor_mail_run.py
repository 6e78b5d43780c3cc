"""The checks of `ticketctl doctor` about mail: gateways, both queues, mailboxes."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from ticketctl import clock
from ticketctl.cli.commands.administration.doctor_check import Check
from ticketctl.console import overdue_mail, stuck_mail
from ticketctl.console.context import App
from ticketctl.console.gateway_health import GatewayHealth
from ticketctl.store.queues import heartbeats, imap_state, inbox, outbox, recipients

STUCK = timedelta(minutes=15)  # of trouble with one mail on an IMAP server


def gateways(app: App) -> Iterator[Check]:
    """Gateways file and send mail, and all their parts run."""
    with app.db.read() as tx:
        health = GatewayHealth(heartbeats.gateways(tx), heartbeats.last_stop(tx), clock.wall())
    trouble = health.trouble()
    if trouble:
        yield Check("gateway", "fail", trouble, overdue_mail.EXIT)
    else:
        yield Check("gateway", "ok", health.summary())
    yield from (Check("gateway", "warn", one) for one in health.warnings())


def queues(app: App) -> Iterator[Check]:
    """Mail that is held, has failed, or has waited for too long."""
    with app.db.read() as tx:
        arrived, leaving = inbox.waiting(tx), outbox.waiting(tx)
        unfiled = " ".join(
            ("", overdue_mail.to_be_filed(inbox.oldest_waiting(tx), app.now))
        ).rstrip()
        unsent = " ".join(("", overdue_mail.to_be_sent(outbox.oldest_due(tx), app.now))).rstrip()
    held, received = arrived["held"], arrived["received"]
    lost = leaving["failed"] + leaving["uncertain"]
    yield Check(
        "inbox",
        "fail" if unfiled else "warn" if held else "ok",
        f"{held} held, {received} not yet filed."
        + (" `ticketctl inbox list`." if held else "")
        + unfiled,
        overdue_mail.EXIT,
    )
    yield Check(
        "outbox",
        "fail" if unsent else "warn" if lost else "ok",
        f"{leaving['failed']} failed, {leaving['uncertain']} uncertain, {leaving['queued']} waiting."
        + (" `ticketctl outbox list`." if lost else "")
        + unsent,
        overdue_mail.EXIT,
    )


def crowd(app: App) -> Iterator[Check]:
    """Domains that get no acknowledgements now because they had too many within an hour."""
    limits = app.definition.settings
    with app.db.read() as tx:
        sent = recipients.acknowledged_addresses(
            tx, app.now - timedelta(hours=1), limits.acks_per_desk
        )
    domains = Counter(one.rpartition("@")[2] for one in sent).items()
    full = [name for name, count in domains if count >= limits.acks_per_domain]
    if len(sent) >= limits.acks_per_desk:
        sentence = f"{len(sent)} were sent within an hour: new tickets are not acknowledged."
        yield Check("acknowledgements", "warn", sentence)
    elif full:
        where = ", ".join(full)
        sentence = f"{limits.acks_per_domain} went to {where} within an hour: its new tickets are not acknowledged."
        yield Check("acknowledgements", "warn", sentence)


def stuck(app: App) -> Iterator[Check]:
    """Mail that cannot be fetched from an IMAP server, or not moved out of its folder once it is filed."""
    with app.db.read() as tx:
        every = imap_state.stuck(tx)
    folders = {(one.name, one.folder) for one in app.settings.imap}
    mails = [one for one in every if (one.account, one.folder) in folders]
    longest = max((one.at - one.first_at for one in mails), default=timedelta())
    often = any(one.attempts >= app.settings.gateway.attempts for one in mails)
    if mails:
        state = "fail" if often or longest > STUCK else "warn"
        yield Check("imap", state, stuck_mail.summary(mails, app.now), 9)
