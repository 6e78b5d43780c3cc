"""The text of a reply, and its mail as it will go."""

from typing import TYPE_CHECKING, NamedTuple

from ticketctl.cli.shared import canned_replies, mail_preview

if TYPE_CHECKING:
    from gateway.send.preview import MailPreview
    from ticketctl.actions.base.context import Work
    from ticketctl.actions.tickets.reply import Extras
    from ticketctl.console.context import App


class Text(NamedTuple):
    """What a reply says: the agent's own words, below a canned reply if one is named."""

    own: str
    canned: str | None = None
    quotes: bool = True  # the desk quotes --to-message below; False: the text does that itself

    def fill(self, app: "App", work: "Work", number: int) -> str:
        """The text for a ticket; NotFound for an unknown canned reply."""
        if self.canned is None:
            return self.own
        from ticketctl.actions.tickets import reply

        answers = canned_replies.answers(app, work.tx)
        return self.below(answers.fill(self.canned, *reply.names(work, number)))

    def below(self, canned: str) -> str:
        """The text, with the words of the canned reply as filled in for a ticket."""
        return self.own if self.canned is None else f"{canned}\n\n{self.own}".rstrip()


def written(app: "App", ticket: int, text: Text, extras: "Extras") -> "MailPreview":
    """The mail of a reply, or what goes out on the ticket's channel."""
    from msgspec.structs import replace

    from ticketctl.actions.tickets import reply

    def write(work: "Work") -> None:
        words = text.fill(app, work, ticket)
        reply.reply(work, ticket, words, replace(extras, status=None, quotes=text.quotes))

    mail = mail_preview.rehearsed(app, ticket, write, notify=False)
    assert mail is not None  # a reply always mails somebody
    return mail
