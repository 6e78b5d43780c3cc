"""Sends a report by mail: text and HTML with the workbook attached, one outbox row for all recipients.

Addresses that have unsubscribed from reports are left out.
"""

from collections.abc import Sequence

from msgspec import Struct

from ticketctl.actions.base import checks
from ticketctl.actions.base.context import Work
from ticketctl.actions.mail import outbound
from ticketctl.domain.base.optional_mail import REPORTS
from ticketctl.errors import BadInput, Refused
from ticketctl.store.db import blobs
from ticketctl.store.queues import unsubscribed

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class QueuedReport(Struct, frozen=True):
    """The mail with a report: its number in the outbox, who gets it, and who has unsubscribed."""

    outbox: int
    to: tuple[str, ...]
    left_out: tuple[str, ...]


def send(
    work: Work,
    to: Sequence[str],
    *,
    subject: str,
    text: str,
    html: str,
    file: str,
    workbook: bytes,
) -> QueuedReport:
    """Queue a report to these addresses, of agents or not, but for those that have unsubscribed.

    BadInput for an invalid address, Refused if all have unsubscribed or are our own mailboxes.
    """
    if not to:
        raise BadInput("give an address to send the report to.")
    addresses = [checks.mail_address(one) for one in to]
    gone = unsubscribed.among(work.tx, addresses, REPORTS)
    left_out = tuple(one for one in addresses if one in gone)
    addressed = tuple(one for one in addresses if one not in gone)
    if not addressed:
        raise Refused(
            f"{said(left_out)}, so no mail was sent; `ticketctl unsubscribe ADDRESS --from reports --undo` "
            "subscribes an address again."
        )

    def kept(content: bytes) -> str:
        return blobs.put(work.tx, content, work.at)

    data = {
        "text_blob": kept(text.encode("utf-8", "replace")),
        "html_blob": kept(html.encode("utf-8", "replace")),
        "attachments": [{"name": file, "type": _XLSX, "sha256": kept(workbook)}],
    }
    number = outbound.send_report(
        work, outbound.OutboundMail(kind="report", to=addressed, subject=subject, data=data)
    )
    return QueuedReport(number, addressed, left_out)


def said(left_out: Sequence[str]) -> str:
    """Say who has unsubscribed, without an end."""
    has = "has" if len(left_out) == 1 else "have"
    return f"{', '.join(left_out)} {has} unsubscribed from reports"
