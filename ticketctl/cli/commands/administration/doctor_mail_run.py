"""The checks of `ticketctl doctor` about mail: gateways, both queues, mailboxes."""

import os
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from gateway.bridge import line
from gateway.run import doctor as gateway
from ticketctl import clock
from ticketctl.cli.commands.administration.doctor_check import Check
from ticketctl.console import failed_polls, overdue_mail, stuck_mail
from ticketctl.console.context import App
from ticketctl.console.gateway_health import GatewayHealth
from ticketctl.console.times import ago
from ticketctl.domain.base.addresses import address_key
from ticketctl.domain.definition.mailbox_addresses import Directory
from ticketctl.safe import terminal_line
from ticketctl.settings.secrets import bridge_secret
from ticketctl.store.db import meta
from ticketctl.store.queues import (
    deliveries,
    heartbeats,
    imap_state,
    inbox,
    outbox,
    recipients,
)

_NO_BACKUP = 8
_WENT_WRONG = {deliveries.FAILED: "failed", deliveries.BOUNCED: "bounced"}
STUCK = timedelta(minutes=15)  # of trouble with one mail on an IMAP server


def gateways(app: App) -> Iterator[Check]:
    """Gateways file and send mail, all their parts run, and this host's could listen."""
    with app.db.read() as tx:
        health = GatewayHealth(heartbeats.gateways(tx), heartbeats.last_stop(tx), clock.wall())
        folders = imap_state.folders(tx)
    trouble = health.trouble()
    if trouble:  # where none ever ran, cron may do its work
        state = "fail" if health.has_run else "ok"
        yield Check("gateway", state, trouble, overdue_mail.EXIT)
    else:
        yield Check("gateway", "ok", health.summary())
    for one in health.warnings():
        yield Check("gateway", "warn", one)
    accounts = failed_polls.accounts(app.settings, health)
    for one in failed_polls.sentences(folders, accounts, app.now):
        yield Check("imap", "fail", one, overdue_mail.EXIT)
    if not health.alive:  # or the addresses are those of the gateway, or of no concern to this host
        for one in gateway.taken_addresses(app.settings.gateway):
            yield Check("gateway", "warn", one)


def certificate(app: App) -> Iterator[Check]:
    """The certificate for STARTTLS can be used, and for some time to come."""
    settings = app.settings.gateway
    if settings.tls_cert and settings.tls_key:
        state, sentence = gateway.certificate(settings, app.now)
        yield Check("certificate", state, sentence, overdue_mail.EXIT)


def backups(app: App) -> Iterator[Check]:
    """The last `db backup` is recent enough."""
    longest = app.settings.db.backup_age
    with app.db.read() as tx:
        last = meta.last(tx, meta.BACKUP)
    if last is None:
        if longest:
            yield Check("backup", "fail", "no `ticketctl db backup` was made yet.", _NO_BACKUP)
        return
    sentence = f"the last `ticketctl db backup` was made {ago(last, app.now)}."
    is_old = longest and app.now - last > timedelta(seconds=longest)
    yield Check("backup", "fail" if is_old else "ok", sentence, _NO_BACKUP)


def agents(app: App) -> Iterator[Check]:
    """Mail reaches the agents; their addresses are not among those that the gateway receives mail for."""
    directory = Directory(app.definition, app.settings.outgoing.envelope)
    known = [one for one in app.definition.agents if one.email]
    with app.db.read() as tx:
        last = {one.name: deliveries.last_result(tx, address_key(one.email)) for one in known}
    unproven = [one.email for one in known if not last[one.name] and directory.is_ours(one.email)]
    for one in known:
        found = last[one.name]
        if found and found.state != deliveries.SENT:
            when = f" {ago(found.at, app.now)}" if found.at else ""
            why = f": {found.reply.rstrip('.')}" if found.reply else ""
            sentence = f"mail to {found.address} {_WENT_WRONG[found.state]}{when}{why}."
            yield Check("agents", "warn", terminal_line(sentence))
    if unproven:
        verb = "lies" if len(unproven) == 1 else "lie"
        sentence = (
            f"{', '.join(unproven)} {verb} in a domain of the desk and got no mail yet: "
            "make sure that their mail does not come to the gateway, which has no mailbox for it."
        )
        yield Check("agents", "warn", sentence)


def queues(app: App) -> Iterator[Check]:
    """Mail that is held, has failed, or has waited for too long."""
    with app.db.read() as tx:
        arrived, leaving = inbox.waiting(tx), outbox.waiting(tx)
        received_at, due_at = inbox.oldest_waiting(tx), outbox.oldest_due(tx)
    unfiled = overdue_mail.to_be_filed(received_at, app.now)
    unsent = overdue_mail.to_be_sent(due_at, app.now)
    held, received = arrived["held"], arrived["received"]
    lost = leaving["failed"] + leaving["uncertain"]
    yield Check(
        "inbox",
        "fail" if unfiled else "warn" if held else "ok",
        f"{held} held, {received} not yet filed."
        + (" `ticketctl inbox list`." if held else "")
        + _and(unfiled or (f"The oldest came {ago(received_at, app.now)}." if received_at else "")),
        overdue_mail.EXIT,
    )
    yield Check(
        "outbox",
        "fail" if unsent else "warn" if lost else "ok",
        f"{leaving['failed']} failed, {leaving['uncertain']} uncertain, {leaving['queued']} waiting."
        + (" `ticketctl outbox list`." if lost else "")
        + _and(unsent or _next(due_at, app.now)),
        overdue_mail.EXIT,
    )


def _next(due_at: datetime | None, now: datetime) -> str:
    if due_at is None:
        return ""
    return (
        f"The next is due {ago(due_at, now)}."
        if due_at > now
        else f"The oldest was due {ago(due_at, now)}."
    )


def _and(sentence: str) -> str:
    return sentence and f" {sentence}"


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


def bridges(app: App) -> Iterator[Check]:
    """The bridges that this host hands answers to."""
    ours = {one.name: one for one in app.settings.channel}
    known = {one.name: one for one in app.definition.channels}
    if strange := [name for name in ours if name not in known]:
        yield Check("channels", "warn", f"not in desk.toml: {', '.join(strange)}.")
    if elsewhere := [name for name in known if name not in ours]:
        names = ", ".join(elsewhere)
        sentence = (
            f"config.toml has no [[channel]] for {names}: this host hands over no answers there."
        )
        yield Check("channels", "warn", sentence)
    for name, bridge in known.items():
        if name not in ours:
            continue
        program = Path(app.settings.gateway.bridges, *bridge.command[:1])
        if bridge.command and not os.access(program, os.X_OK):
            yield Check("channels", "fail", f"{name}: there is no program {program}.", 6)
        elif bridge.url and not bridge_secret(ours[name]):
            yield Check("channels", "fail", f"{name}: {line.NO_SECRET}", 6)
        else:
            yield Check("channels", "ok", f"{name}: answers go to {bridge.url or program}.")
