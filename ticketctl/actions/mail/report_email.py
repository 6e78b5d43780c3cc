"""Sends a report by mail: text and HTML with the workbook attached, one outbox row for all recipients."""

from collections.abc import Sequence

from ticketctl.actions.base import checks
from ticketctl.actions.base.context import Work
from ticketctl.actions.mail import outbound
from ticketctl.errors import BadInput
from ticketctl.store.db import blobs

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def send(
    work: Work,
    to: Sequence[str],
    *,
    subject: str,
    text: str,
    html: str,
    file: str,
    workbook: bytes,
) -> int:
    """Queue a report to these addresses, of agents or not; the outbox id.

    BadInput for an invalid address, Refused if all are our own mailboxes.
    """
    if not to:
        raise BadInput("give an address to send the report to.")
    addresses = [checks.mail_address(one) for one in to]

    def kept(content: bytes) -> str:
        return blobs.put(work.tx, content, work.at)

    data = {
        "text_blob": kept(text.encode("utf-8", "replace")),
        "html_blob": kept(html.encode("utf-8", "replace")),
        "attachments": [{"name": file, "type": _XLSX, "sha256": kept(workbook)}],
    }
    return outbound.send_report(
        work, outbound.OutboundMail(kind="report", to=addresses, subject=subject, data=data)
    )
