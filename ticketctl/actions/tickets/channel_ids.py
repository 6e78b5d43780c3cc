"""The ids of messages and threads of other channels, as they are stored."""

from ticketctl.domain.base.records import CHANNELS


def message(channel: str, id: str) -> str | None:
    """A message id of a channel: `chat:17`; None for none."""
    return f"{channel}:{id}" if id else None


def thread(channel: str, id: str) -> str | None:
    """A thread id of a channel: `chat#17`, so that it differs from a message id; None for none."""
    return f"{channel}#{id}" if id else None


def conversation(channel: str, answered: str, of_thread: str) -> list[str]:
    """What the message that is answered, and the thread, may be stored as; `wall:17` names one of another channel."""
    found = [message(channel, answered), thread(channel, of_thread)]
    for id, stored in ((answered, message), (of_thread, thread)):
        other, _, rest = id.partition(":")
        found.append(stored(other, rest) if other in CHANNELS else None)
    return [one for one in found if one]
