"""Files messages from channels other than mail."""

from collections.abc import Iterable, Sequence

from ticketctl.actions.base.context import Work, public_name
from ticketctl.domain.base.identity import EMAIL, Identity
from ticketctl.domain.base.records import Attachment
from ticketctl.domain.formats import transcript
from ticketctl.domain.formats.transcript import ChatMessage
from ticketctl.safe import header_value
from ticketctl.store.tickets import messages


def placed(
    work: Work, said: Sequence[ChatMessage], who: Identity, names: Iterable[str]
) -> tuple[ChatMessage, ...]:
    """A chat with everybody on his side: the customer by his identity or one of his `names`, agents by theirs."""
    customer = {who.value, *(name.casefold() for name in names if name)}
    if who.kind == EMAIL:
        customer.add(who.value.partition("@")[0])
    agents = {
        word.casefold(): agent.name
        for agent in work.definition.agents
        for word in (agent.name, agent.email)
    }
    return transcript.sides(said, customer, agents)


def say(
    work: Work,
    ticket_id: int,
    said: ChatMessage,
    who: Identity,
    *,
    channel: str,
    subject: str = "",
    visibility: str = "private",
    permalink: str | None = None,
    message_id: str | None = None,
    in_reply_to: str | None = None,
    attachments: Sequence[Attachment] = (),
) -> int:
    """File one message of a channel; its number in the ticket. `who` is the customer, who wrote it if it came in."""
    ours = said.direction == transcript.OUT
    name = said.name or (ours and (public_name(said.author) or work.definition.settings.name)) or ""
    return messages.add(
        work.tx,
        ticket_id,
        messages.NewMessage(
            direction=transcript.OUT if ours else transcript.IN,
            class_="human",
            author=(said.author or header_value(said.name)) if ours else author(who),
            author_name=header_value(name),
            at=work.at,
            said_at=said.at and min(said.at, work.at),
            subject=header_value(subject),
            text=said.text,
            full_text=said.text,
            visibility=visibility,
            permalink=permalink,
            channel=channel,
            message_id=message_id,
            in_reply_to=in_reply_to,
            attachments=attachments,
        ),
    )


def author(who: Identity) -> str:
    """How a message names its author: an address, else `kind:value`."""
    return who.value if who.kind == EMAIL else str(who)
