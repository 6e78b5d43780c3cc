"""Who else takes part in a ticket, from the To and Cc of its mail (L9)."""

from ticketctl.actions import mail
from ticketctl.actions.work import Work
from ticketctl.desk import definition as desks
from ticketctl.desk.records import Incoming, Participant
from ticketctl.store import tickets

AT_MOST = 40  # of one mail (E9)


def of_mail(work: Work, incoming: Incoming, requester: str) -> list[Participant]:
    """The people in To and Cc of a mail: never ourselves, our agents, or the requester."""
    found: dict[str, Participant] = {}
    for one in incoming.others:
        address = mail.one_line(one.address).lower()
        if address and address != requester.lower() and not is_inside(work, address):
            found.setdefault(address, Participant(address, mail.one_line(one.name), "cc"))
    return list(found.values())[:AT_MOST]


def first(work: Work, ticket_id: int, incoming: Incoming) -> None:
    """Note the participants of the mail that opened a ticket."""
    answer = incoming.answer_to.lower()
    if answer and answer != incoming.author.lower() and not is_inside(work, answer):
        tickets.add_participant(work.tx, ticket_id, Participant(answer, "", "answer"))
    for one in of_mail(work, incoming, incoming.author):
        tickets.add_participant(work.tx, ticket_id, one)


def later(work: Work, ticket_id: int, incoming: Incoming, requester: str) -> None:
    """Note the participants of a later mail, and the requester's newest wish where to answer holds (G2).

    Whom the requester no longer names beside others is out of the copies, and may still write; a plain answer
    to us names nobody and changes nothing.
    """
    known = {one.address: one for one in tickets.participants(work.tx, ticket_id)}
    named = of_mail(work, incoming, requester)
    for one in named:
        if one.address not in known:
            tickets.add_participant(work.tx, ticket_id, one)
        elif known[one.address].role == "mailed":
            _become(work, ticket_id, known[one.address], "cc")
    if incoming.author.lower() != requester.lower():
        return
    if named:
        for dropped in known.keys() - {one.address for one in named}:
            if known[dropped].role == "cc":
                _become(work, ticket_id, known[dropped], "mailed")
    _answer_to(work, ticket_id, incoming, requester, known)


def _answer_to(
    work: Work, ticket_id: int, incoming: Incoming, requester: str, known: dict[str, Participant]
) -> None:
    wish = incoming.answer_to.lower()
    for one in known.values():
        if one.role == "answer" and one.address != wish:
            _become(work, ticket_id, one, "mailed")
    if not wish or wish == requester.lower() or is_inside(work, wish):
        return
    before = known.get(wish)
    if before is None:
        tickets.add_participant(work.tx, ticket_id, Participant(wish, "", "answer"))
    elif before.role == "mailed":
        _become(work, ticket_id, before, "answer")


def _become(work: Work, ticket_id: int, who: Participant, role: str) -> None:
    tickets.remove_participant(work.tx, ticket_id, who.address)
    tickets.add_participant(work.tx, ticket_id, Participant(who.address, who.name, role))


def is_inside(work: Work, address: str) -> bool:
    """Is it an address of the desk: a mailbox, an alias, an agent's?"""
    return mail.is_ours(work, address) or desks.agent_by_email(work.desk, address) is not None
