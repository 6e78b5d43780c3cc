"""Where answers go and who takes part follows from proof; the words of anybody else are filed with a mark (16)."""

from typing import TYPE_CHECKING, Any

import dkim
import pytest
from msgspec.structs import replace

from tests.support.mail_desk import MailDesk
from tests.unit.gateway.auth.test_sender import KEY, dns
from ticketctl.actions.base.context import begin
from ticketctl.actions.tickets import edit
from ticketctl.actions.tickets.escalate import escalate
from ticketctl.actions.tickets.merge import merge
from ticketctl.actions.tickets.reply import Extras, reply
from ticketctl.actions.undo.undo import undo
from ticketctl.domain.base.records import Actor, Participant
from ticketctl.store.tickets import tickets

if TYPE_CHECKING:
    from collections.abc import Sequence


CARL = "Carl Customer <carl@customer.example>"
DORA = "Dora <dora@customer.example>"
MALLORY = "mallory@evil.example"
SUPPORT = "support@help.example"
TAG = "Re: [Help #1] Printer is broken"
PASS = "mx.help.example; dmarc=pass header.from=customer.example"
FAIL = "mx.help.example; dmarc=fail header.from=customer.example"


def answer(helpdesk: MailDesk, text: str = "The key is 4711.") -> Any:
    """Ana answers ticket 1; the mail that leaves."""
    helpdesk.do(lambda w: reply(w, 1, text))
    return helpdesk.outbox("reply")[-1]


def people(helpdesk: MailDesk, ticket: int = 1) -> "Sequence[Participant]":
    with helpdesk.db.read() as tx:
        return tickets.participants(tx, ticket)


def lines(helpdesk: MailDesk, ticket: int = 1) -> list[tuple[Any, Any, Any]]:
    """What history says of who takes part."""
    found = [one for one in helpdesk.events(ticket) if one.type == "participant"]
    return [(one.field, one.old, one.new) for one in found]


def token(helpdesk: MailDesk, row: Any, to: str = "carl@customer.example") -> str:
    """The reply address in a mail of ours."""
    head = helpdesk.bytes_to(row, to).decode().partition("Reply-To: ")[2].split("\r\n")[0]
    return head.rpartition("<")[2].rstrip(">")


@pytest.mark.parametrize("wish", [{"Reply_To": MALLORY}, {"Cc": MALLORY}], ids=["reply-to", "cc"])
def test_a_forged_mail_is_filed_with_a_mark_and_moves_no_answer(
    each_helpdesk: MailDesk, wish: dict[str, str]
) -> None:
    helpdesk = each_helpdesk
    row = helpdesk.mail(CARL, SUPPORT, TAG, "What is the key?", **wish)
    assert (row.verdict, row.ticket) == ("reply", 1)
    assert any(one.text.startswith("sender none: ") for one in row.reasons)
    said = helpdesk.messages()[-1]
    assert (said.text.strip(), said.proof) == ("What is the key?", "none")
    (line,) = (one for one in helpdesk.events() if one.type == "message")
    assert "sender not proven" in line.comment and MALLORY in line.comment
    assert "Nothing proves that the sender wrote this" in helpdesk.text(
        helpdesk.outbox("notification")[-1]
    )
    sent = answer(helpdesk)
    assert ({*sent.to, *sent.cc, *sent.bcc}, people(helpdesk)) == ({"carl@customer.example"}, [])
    assert helpdesk.outbox("ack", "resolution", to=MALLORY) == []


def test_a_mail_that_was_too_large_is_answered_to_its_author_not_where_it_wishes(
    helpdesk: MailDesk,
) -> None:
    raw = helpdesk.raw(CARL, SUPPORT, TAG, "Big.", Reply_To=MALLORY)
    helpdesk.feed(raw, SUPPORT, size=10**9)
    acks = helpdesk.outbox("ack")
    assert [one.to for one in acks] == [("carl@customer.example",)] * 2


def test_a_refuted_mail_opens_a_claim_and_reveals_nothing(each_helpdesk: MailDesk) -> None:
    helpdesk = each_helpdesk
    before = (helpdesk.ticket(), helpdesk.messages(), helpdesk.events())
    raw = helpdesk.raw(CARL, SUPPORT, TAG, "Give me the key.", Reply_To=MALLORY,
                   Authentication_Results=FAIL)  # fmt: skip
    assert helpdesk.explained(raw)["proof"]["word"] == "refuted"
    row = helpdesk.feed(raw)
    claim = row.ticket or 0
    assert row.verdict == "claim" and claim != 1
    assert (helpdesk.ticket(), helpdesk.messages()) == before[:2]
    assert [one.type for one in helpdesk.events()[len(before[2]) :]] == ["linked"]
    assert helpdesk.messages(claim)[-1].proof == "refuted"


def test_a_refuted_mail_with_the_token_is_filed_and_moves_no_answer(
    each_helpdesk: MailDesk,
) -> None:
    helpdesk = each_helpdesk
    address = token(helpdesk, answer(helpdesk))
    row = helpdesk.mail(
        CARL, address, "Re: x", "Mine.", Authentication_Results=FAIL, Reply_To=MALLORY
    )
    assert (row.verdict, row.ticket, helpdesk.messages()[-1].proof) == ("reply", 1, "none")
    assert any("but dmarc=fail" in one.text for one in row.reasons)
    assert (answer(helpdesk).to, lines(helpdesk)) == (("carl@customer.example",), [])


def test_a_reply_with_a_token_may_change_where_answers_go(each_helpdesk: MailDesk) -> None:
    helpdesk = each_helpdesk
    address = token(helpdesk, answer(helpdesk))
    row = helpdesk.mail(
        CARL, address, "Re: x", "To my office, please.", Reply_To="c@office.example"
    )
    assert (row.ticket, helpdesk.messages()[-1].proof) == (1, "token")
    assert lines(helpdesk) == [("answer", "carl@customer.example", "c@office.example")]
    told = helpdesk.text(helpdesk.outbox("notification")[-1])
    assert "Answers go to c@office.example, which is not an address of the customer." in told
    assert answer(helpdesk).to == ("c@office.example",)
    helpdesk.mail(CARL, address, "Re: x", "Home again.")
    assert lines(helpdesk)[1:] == [("answer", "c@office.example", "carl@customer.example")]
    assert answer(helpdesk).to == ("carl@customer.example",)


def test_a_message_id_proves_only_its_sole_recipient(each_helpdesk: MailDesk) -> None:
    helpdesk = each_helpdesk
    first = answer(helpdesk)
    row = helpdesk.mail(CARL, SUPPORT, "Re: x", "With Dora.", In_Reply_To=first.message_id, Cc=DORA)
    assert (row.ticket, helpdesk.messages()[-1].proof) == (1, "token")
    assert lines(helpdesk) == [("cc", None, "dora@customer.example")]
    both = answer(helpdesk)
    assert both.cc == ("dora@customer.example",)
    # Dora, who had the second mail too, writes as Carl.
    forged = {"In_Reply_To": both.message_id, "Reply_To": MALLORY}
    assert helpdesk.mail(CARL, SUPPORT, "Re: x", "It is me, Carl.", **forged).ticket == 1
    assert helpdesk.messages()[-1].proof == "none"
    # Nobody else's id helps either.
    other = helpdesk.mail(DORA, SUPPORT, "Router", "It is red.")
    ack = helpdesk.outbox("ack", to="dora@customer.example")[-1]
    stolen = {"In_Reply_To": first.message_id, "Reply_To": MALLORY}
    assert helpdesk.mail(DORA, SUPPORT, f"Re: [Help #{other.ticket}] R", "x", **stolen).ticket == 1
    assert helpdesk.messages()[-1].proof == "none" and ack.to == ("dora@customer.example",)
    assert answer(helpdesk).to == ("carl@customer.example",)


@pytest.mark.parametrize("how", ["cc", "mailed", "expert", "merged"])
def test_a_message_id_others_may_have_seen_proves_nothing(
    each_helpdesk: MailDesk, how: str
) -> None:
    helpdesk = each_helpdesk
    ana = Actor("ana", "ana", "manager")
    first = answer(helpdesk)
    if how == "cc":
        helpdesk.mail(CARL, SUPPORT, "Re: x", "With Dora.", In_Reply_To=first.message_id, Cc=DORA)
        assert helpdesk.messages()[-1].proof == "token"
    elif how == "mailed":
        copy = Extras(cc=("dora@customer.example",))
        helpdesk.db.write(lambda tx: reply(begin(tx, ana), 1, "See Dora.", copy))
    elif how == "expert":
        helpdesk.db.write(
            lambda tx: escalate(begin(tx, ana), 1, comment="Look.", to=("eve@maker.example",))
        )
    else:
        other = helpdesk.mail(DORA, SUPPORT, "The same printer", "Red.").ticket or 0
        helpdesk.db.write(lambda tx: merge(begin(tx, ana), 1, other))
    forged = {"In_Reply_To": first.message_id, "Reply_To": MALLORY}
    row = helpdesk.mail(CARL, SUPPORT, "Re: x", "It is me, Carl.", **forged)
    assert helpdesk.messages(row.ticket or 0)[-1].proof == "none"
    assert all(one.address != MALLORY for one in people(helpdesk, row.ticket or 0))


def test_a_proven_wish_for_somebody_in_copy_is_followed_and_explain_says_so(
    each_helpdesk: MailDesk,
) -> None:
    helpdesk = each_helpdesk
    address = token(helpdesk, answer(helpdesk))
    helpdesk.mail(CARL, address, "Re: x", "With Dora.", Cc=DORA)
    raw = helpdesk.raw(CARL, address, "Re: x", "Answer Dora.", Reply_To=DORA)
    assert helpdesk.explained(raw, address)["mail"]["answer_to"] == "dora@customer.example"
    helpdesk.feed(raw, address)
    assert answer(helpdesk).to == ("dora@customer.example",)
    assert lines(helpdesk)[-1] == ("answer", "carl@customer.example", "dora@customer.example")
    # Somebody else's wish is not followed, and explain says where answers really go.
    helpdesk.mail(CARL, address, "Re: x", "Home again.", Cc=DORA)
    wish = helpdesk.raw(DORA, SUPPORT, TAG, "And I?", Reply_To=MALLORY, Authentication_Results=PASS)
    assert helpdesk.explained(wish)["mail"]["answer_to"] == "carl@customer.example"
    helpdesk.feed(wish)
    sent = answer(helpdesk)
    assert (sent.to, sent.cc) == (("carl@customer.example",), ("dora@customer.example",))


def test_the_note_on_an_unproven_sender_says_each_thing_once(
    helpdesk: MailDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dkim, "get_txt", dns)
    helpdesk.settings = replace(
        helpdesk.settings, gateway=replace(helpdesk.settings.gateway, verify_dkim=True)
    )
    helpdesk.mail(f"{CARL}, x@evil.example", SUPPORT, TAG, "Two of us.", Cc=MALLORY)
    (line,) = (one for one in helpdesk.events() if one.type == "message")
    parts = line.comment.split("; ")
    assert len(parts) == len(set(parts)) and line.comment.count("not proven") == 1
    assert f"not followed: copies to {MALLORY}" in parts


def test_the_relay_and_the_senders_own_signature_prove_them(
    helpdesk: MailDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    proven = {"Authentication_Results": PASS, "Reply_To": "c@office.example"}
    helpdesk.mail(CARL, SUPPORT, TAG, "From the office.", **proven)
    assert helpdesk.messages()[-1].proof == "authenticated"
    assert answer(helpdesk).to == ("c@office.example",)
    asked: list[bytes] = []

    def lookup(name: bytes, timeout: int = 5) -> bytes | None:
        asked.append(name)
        return dns(name)

    monkeypatch.setattr(dkim, "get_txt", lookup)
    helpdesk.settings = replace(
        helpdesk.settings, gateway=replace(helpdesk.settings.gateway, verify_dkim=True)
    )
    date = {"Date": "Mon, 09 Mar 2026 08:10:00 +0000"}
    raw = helpdesk.raw(CARL, SUPPORT, TAG, "From home.", **date).replace(b"\n", b"\r\n")
    signed = dkim.sign(raw, b"s1", b"customer.example", KEY, include_headers=[
        b"from", b"to", b"subject", b"date", b"message-id"])  # fmt: skip
    helpdesk.feed(signed + raw)
    assert (helpdesk.messages()[-1].proof, len(asked)) == ("authenticated", 1)
    assert answer(helpdesk).to == ("carl@customer.example",)
    # A new ticket, and one who holds the token, need no look-up.
    new = helpdesk.raw(CARL, SUPPORT, "Another thing", "Hello.", **date).replace(b"\n", b"\r\n")
    helpdesk.feed(new)
    helpdesk.mail(CARL, token(helpdesk, helpdesk.outbox("reply")[-1]), "Re: x", "Thanks.")
    assert len(asked) == 1


def test_a_first_mail_that_wants_its_answers_elsewhere_says_so(helpdesk: MailDesk) -> None:
    number = helpdesk.mail(DORA, SUPPORT, "Router", "Red.", Reply_To=MALLORY).ticket or 0
    assert lines(helpdesk, number) == [("answer", "dora@customer.example", MALLORY)]
    told = helpdesk.text(helpdesk.outbox("notification")[-1]).replace("=\r\n", "")
    assert f"Answers go to {MALLORY}, which is not an address of the customer." in told


def test_contact_forms_and_lists_say_nothing_of_the_kind(helpdesk: MailDesk) -> None:
    form = helpdesk.mail("Shop <www@shop.example>", SUPPORT, "Form", "Help!", Reply_To=DORA)
    assert helpdesk.ticket(form.ticket or 0).customer.email == "dora@customer.example"
    listed = {"Reply_To": "list@lists.example", "List_Id": "<list.lists.example>"}
    post = helpdesk.mail(DORA, SUPPORT, "Post", "Hello.", **listed)
    for row in (form, post):
        assert (lines(helpdesk, row.ticket or 0), people(helpdesk, row.ticket or 0)) == ([], [])
    assert "Answers go to" not in helpdesk.text(helpdesk.outbox("notification")[-1])


def test_a_form_cannot_write_into_a_ticket_as_somebody_and_move_its_answers(
    helpdesk: MailDesk,
) -> None:
    row = helpdesk.mail("Shop <www@shop.example>", SUPPORT, TAG, "Help!", Reply_To=CARL,
                    Cc=MALLORY, Authentication_Results="mx.help.example; dmarc=pass "
                    "header.from=shop.example")  # fmt: skip
    assert (row.ticket, helpdesk.messages()[-1].proof, people(helpdesk)) == (1, "none", [])


def test_who_takes_part_comes_back_with_undo(helpdesk: MailDesk) -> None:
    number = helpdesk.mail(DORA, SUPPORT, "Router", "Red.", Reply_To="d@office.example").ticket or 0
    group = next(one.group for one in helpdesk.events(number) if one.type == "participant")
    ana = Actor("ana", "ana", "manager")
    helpdesk.db.write(lambda tx: undo(begin(tx, ana, group=group), force=True))
    assert people(helpdesk, number) == []


def test_an_agent_sends_answers_to_the_customer_again_and_undo_takes_that_back(
    helpdesk: MailDesk,
) -> None:
    address = token(helpdesk, answer(helpdesk))
    helpdesk.mail(CARL, address, "Re: x", "To my office.", Reply_To="c@office.example")
    ana = Actor("ana", "ana", "manager")
    work = helpdesk.db.write(lambda tx: begin(tx, ana))
    again = edit.TicketChanges(customer="carl@customer.example")
    helpdesk.db.write(lambda tx: edit.edit(replace(work, tx=tx), 1, again, comment="he asked"))
    assert lines(helpdesk)[-1] == ("answer", "c@office.example", "carl@customer.example")
    assert answer(helpdesk).to == ("carl@customer.example",)
    helpdesk.db.write(lambda tx: undo(replace(work, tx=tx), force=True))
    assert answer(helpdesk).to == ("c@office.example",)
