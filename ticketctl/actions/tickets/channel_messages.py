"""Files messages from channels other than mail."""

from collections.abc import Iterable, Sequence

from ticketctl.actions.base.context import Work, public_name
from ticketctl.domain.base.identity import EMAIL, Identity
from ticketctl.domain.base.records import Attachment
from ticketctl.domain.formats import transcript
from ticketctl.domain.formats.transcript import ChatMessage
from ticketctl.safe import header_value
from ticketctl.store.tickets import messages


def with_sides(
    work: Work, said: Sequence[ChatMessage], who: Identity, names: Iterable[str]
) -> tuple[ChatMessage, ...]:
    """A chat with the side of each speaker: the customer by identity or one of their `names`, agents by name."""
    customer = {who.value, *(name.casefold() for name in names if name)}
    if who.kind == EMAIL:
        customer.add(who.value.partition("@")[0])
    agents = {
        word.casefold(): agent.name
        for agent in work.definition.agents
        for word in (agent.name, agent.email)
    }
    return transcript.sides(said, customer, agents)


def file(
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
    thread: str | None = None,
    attachments: Sequence[Attachment] = (),
) -> int:
    """File a message of a channel; its number. `who` is the customer, who wrote it if it is incoming."""
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
            thread=thread,
            attachments=attachments,
        ),
    )


def author(who: Identity) -> str:
    """The author of a message: an address, else `kind:value`."""
    return who.value if who.kind == EMAIL else str(who)
