"""`report … --mail ADDR`: queue the report as mail."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ticketctl.console.context import App
    from ticketctl.reports.model import Report


def send(
    app: "App",
    reports: "Sequence[Report]",
    to: Sequence[str],
    *,
    template: str | None = None,
) -> None:
    """Queue one mail with the reports for all of `to`; says which on stderr.

    Each of `to` may be several addresses between commas.
    """
    from ticketctl.actions.base.context import begin
    from ticketctl.actions.mail import report_email
    from ticketctl.reports.formats import email

    site = app.settings.templates
    mail = email.of(
        reports,
        desk_name=app.definition.settings.name,
        template=template,
        site=Path(site) if site else None,
    )
    addresses = [one for given in to for one in given.split(",") if one.strip()]
    queued = app.db.write(
        lambda tx: report_email.send(
            begin(tx, app.actor()),
            addresses,
            subject=mail.subject,
            text=mail.text,
            html=mail.html,
            file=mail.file,
            workbook=mail.workbook,
        )
    )
    app.out.note(f"mail {queued.outbox} waits in the outbox for {', '.join(queued.to)}.")
    if queued.left_out:
        app.out.note(f"{report_email.said(queued.left_out)}.")
