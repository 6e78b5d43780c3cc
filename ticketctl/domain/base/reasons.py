"""Why the gateway decided what it did: a sentence for people and a slug for scripts, never a rule code."""

from msgspec import Struct


class Reason(Struct, frozen=True):
    """One reason for a verdict."""

    slug: str | None  # None: stored before reasons had slugs
    text: str

    def __str__(self) -> str:
        """The sentence with its slug, as people see it in lists and logs."""
        return f"{self.text} [{self.slug}]" if self.slug else self.text


REASONS: dict[str, tuple[str, str]] = {
    # slug: (sentence, rule). docs/json.md lists them: `make docs` after a change. A slug is never renamed.
    # Seen before
    "filed-before": ("this mail was already filed in {mailbox}", "C1"),
    "same-mail-other-mailbox": (
        "ticket {ticket} already has this mail, which also came another way",
        "C6",
    ),
    "message-id-reused": ("another mail with different content had the same Message-ID", "C5"),
    "own-mail-came-back": ("our own mail came back", "E6"),
    # What kind of mail
    "own-loop-header": ("X-Ticketctl-Loop marks it as our own mail", "E6"),
    "other-desk-loop-header": ("X-Ticketctl-Loop shows that another help desk sent it", "E6"),
    "too-many-hops": ("it has {count} Received headers, so it is probably in a loop", "E13"),
    "same-host-again": ("it passed through {host} {count} times, so it is in a loop", "E13"),
    "complaint": ("it is an abuse report", "F8"),
    "complaint-about-message": ("it is a complaint with the message it is about", "F8"),
    "unsubscribe-request": ("it is an automatic request to unsubscribe", "F8"),
    "read-receipt": ("it is a read receipt", "F8"),
    "reaction": ("it is an emoji reaction: {text}", "F8"),
    "delivery-status-part": ("it contains a delivery status", "F1"),
    "delivery-status-report": ("it is a delivery report (multipart/report)", "F1"),
    "amazon-notice": ("it is an Amazon SES notice: {kind}", "F5"),
    "failed-recipients": ("it is a bounce (X-Failed-Recipients: {value})", "F5"),
    "bounce-words-in-subject": ("it comes from {sender}, and its subject says {words!r}", "F5"),
    "bounce-words-in-text": ("it comes from {sender}, and its text says {words!r}", "F5"),
    "bounce-returned-mail": ("it comes from {sender} and contains the returned mail", "F5"),
    "failure-notice": ("it reads like a failure notice ({evidence})", "F5"),
    "failure-told": ("a person may tell of a failure notice in it ({evidence})", "E11"),
    "bounce-subject": ("its subject is that of a bounce: {subject}", "E11"),
    "delivery-reported": ("the report says that nothing failed (Action: {actions})", "F4"),
    "delivery-delayed": ("the report says that delivery is delayed", "F4"),
    "success-subject": ("its subject reports a successful delivery", "F4"),
    "delay-words": ("its wording is that of a delay notice", "F4"),
    "out-of-office": ("it is an automatic reply ({evidence})", "F7"),
    "auto-reply-subject": ("its subject begins like an automatic reply: {subject}", "E11"),
    "auto-submitted": ("a program sent it (Auto-Submitted: {value})", "E1"),
    "precedence": ("it is bulk mail or an automatic reply (Precedence: {value})", "E2"),
    "machine-header": ("a program sent it ({header}: {value})", "E12"),
    "null-return-path": ("its return path is empty", "E10"),
    "mail-server": ("a mail server sent it", "E10"),
    "list-header": ("it came through a mailing list ({header}: {value})", "E3"),
    "list-precedence": ("it came through a mailing list (Precedence: list)", "E2"),
    "says-automatic": ("its text calls it automatic: {words}", "E11"),
    "no-reply-sender": ("{address} does not accept replies", "E10"),
    "no-sender-address": ("it has no sender address", "E10"),
    "no-auto-response-wanted": (
        "it asks for no automatic reply (X-Auto-Response-Suppress: {value})",
        "E4",
    ),
    "mailbox-rule": ("a mailbox rule sent it on ({header}: {value})", "E4"),
    "bulk-campaign": ("it belongs to a mass mailing (Feedback-ID: {value})", "E12"),
    "marked-as-spam": ("a trusted relay marked it as spam ({header}: {value})", "E16"),
    "human-sender": (
        "human_senders lists {sender}, so the mail counts as written by a person",
        "E15",
    ),
    "too-costly": (
        "it takes too long to read, so only its head was read; the whole mail is attached",
        "H24",
    ),
    # Who sent it, and what proves it
    "no-sender": ("nobody can be answered: no usable From, Sender or envelope sender", "G5"),
    "sender-banned": ("{sender} is banned by {pattern}", "G15"),
    "form-author": ("{sender} is a contact form, which {author} filled in", "G7"),
    "own-address-opens-only": (
        "it comes from our own address, so {author} joins no ticket by it",
        "G7",
    ),
    "form-names-author": ("only the contact form says who the author is", "G7"),
    "sender-not-checked": ("nobody has checked the sender", "G13"),
    "agent-login": ("{agent} logged in to send it", "G13"),
    "relay-not-trusted": (
        "no server's Authentication-Results are trusted on mail that arrives this way",
        "G13",
    ),
    "no-authentication-results": ("it has no Authentication-Results from {server}", "G13"),
    "authentication-results-too-long": (
        "the Authentication-Results from {server} are too long to read",
        "G13",
    ),
    "sender-not-single": ("it does not name exactly one sender to check", "G13"),
    "from-not-author": ("From does not hold the address {author} and no other", "G13"),
    "header-repeated": ("a header that may appear only once appears twice", "G13"),
    "dmarc-fail": ("dmarc=fail according to the trusted relay", "G13"),
    "dmarc-not-passed": ("dmarc={result} according to the trusted relay", "G13"),
    "relay-pass": ("{method}=pass for {domain} according to the trusted relay", "G13"),
    "relay-fail": (
        "{method}={result} according to the trusted relay, and nothing else proves {domain}",
        "G13",
    ),
    "no-relay-pass": ("no check of the trusted relay proves {domain}", "G13"),
    "relay-pass-not-enough": ("{relay}, but {fault}", "G13"),
    "no-dkim-signature": ("it has no DKIM signature of {domain}", "G13"),
    "dkim-pass": ("the DKIM signature of {domain} is valid", "G13"),
    "dkim-not-enough": ("the DKIM signature of {domain} {fault}", "G13"),
    "nothing-proves-sender": ("{relay}; {dkim}", "G13"),
    "not-addressed-here": (
        "To and Cc name no address of this mailbox, so it may be an old mail sent again",
        "G13",
    ),
    "parent-not-signed": ("its DKIM signature does not cover which message it answers", "G13"),
    "address-given-to-sender": ("it was sent to an address that only {author} had from us", "D3"),
    "message-given-to-sender": ("it answers {message_id}, which only {author} had from us", "D4"),
    "token-but-refuted": ("{token}, but {refuted}", "G13"),
    # Which ticket
    "no-reply-token": ("no reply token", "D2"),
    "no-bounce-address": ("no signed bounce address", "D2"),
    "no-known-message-id": ("no known message id", "D2"),
    "no-subject-tag": ("no subject tag", "D2"),
    "no-early-answer": ("no answer to it came earlier", "D2"),
    "reply-token": ("it was sent to the reply address of ticket {ticket}", "D3"),
    "bounce-address": ("it was sent to the bounce address of our mail {mail}", "F7"),
    "known-message-id": ("it refers to {message_id} of ticket {ticket}", "D4"),
    "signed-message-id": ("it refers to a Message-ID that we made for ticket {ticket}", "D4"),
    "subject-tag": ("its subject has the tag of ticket {ticket}", "D7"),
    "early-answer": ("an answer to it came earlier, in ticket {ticket}", "D11"),
    "split-off": ("{found}, but the message it answers was split off to ticket {ticket}", "F-C7"),
    "ticket-gone": ("ticket {ticket} no longer exists", "D8"),
    "sender-refuted": ("{sender} did not send it: {why}", "D9"),
    "sender-may-add": ("{sender} may add to ticket {ticket}: {right}", "D9"),
    "sender-not-in-ticket": ("{sender} does not belong to ticket {ticket}", "D9"),
    "agent-sent-to-other-mailbox": (
        "an agent sent it to another mailbox, so it opens a ticket there",
        "D16",
    ),
    "expert-answer": (
        "{sender} was asked for help with ticket {ticket}, so this is an internal comment",
        "F-A31",
    ),
    "after-reopen-window": ("ticket {ticket} ended longer ago than the reopen window", "D14"),
    "joins-other-channel": ("the same person already has ticket {ticket}, by {channel}", "F-L8"),
    "same-conversation": ("it is part of the same conversation as ticket {ticket}", "F-L8"),
    "message-filed-before": ("this message from {channel} was already filed", "C1"),
    "own-answer-came-back": (
        "it is our own answer in ticket {ticket}, which a bridge posted",
        "F-L7",
    ),
    # Reports about mail we sent
    "report-about-our-mail": ("the report is about our mail {mail}", "F2"),
    "reaction-to-message": ("the reaction is to a message of ticket {ticket}", "F8"),
    "report-about-no-mail-of-ours": ("the report is about no mail of ours", "F12"),
    # Agents
    "agent-mail": ("agent {agent} sent it", "G9"),
    "agent-automatic": ("automatic mail of agent {agent} is kept, and nobody is notified", "E5"),
    "agent-not-proven": ("it claims to come from agent {agent}, but nothing proves that", "G13"),
    "kept-unverified": (
        "kept as an unverified internal comment; no command was run, no reply sent",
        "G13",
    ),
    "agent-told": ("{author} was told how to prove that a mail is theirs", "G13"),
    "agent-not-told": ("{author} was not told, because no automatic reply may go there", "E7"),
    "mail-command": ("{command}: {result}", "G10"),
    "mail-command-refused": ("{command}: {result}", "G12"),
    "commands-undone": (
        "one command was refused, so none was run; the text is an internal comment",
        "G12",
    ),
    "agent-reply": ("sent to the customer as a reply", "G9"),
    "agent-comment": ("kept as an internal comment", "G9"),
    "reply-withheld": ("not sent to the customer: {why}; kept as an internal comment", "I12"),
    "agent-forward": ("agent {agent} forwarded a mail from {author} ({evidence})", "G6"),
    # Questions and ratings
    "status-question": ("it asks for the status of ticket {ticket}", "F-L4"),
    "status-answered": ("{author} is the requester and got an answer", "F-L4"),
    "status-not-disclosed": (
        "{author} is not the requester of a ticket {ticket}, so nothing is disclosed",
        "G17",
    ),
    "status-not-answered": ("not answered: {why}", "E7"),
    "unsubscribed": ("{address} has unsubscribed from {mail}", "L7"),
    "unsubscribed-before": ("{address} had unsubscribed from {mail} before", "L7"),
    "unsubscribe-automatic": (
        "it is no request of {address} to unsubscribe from {mail}, but an automatic answer",
        "L7",
    ),
    "survey-address": (
        "it was sent to the address that answers survey {survey} of ticket {ticket}",
        "D3",
    ),
    "survey-mail": ("it answers the survey mail of ticket {ticket}", "F-D14"),
    "rating-automatic": ("a program sent it, so it is no rating", "F-D14"),
    "rating-missing": ("it has no rating", "F-D14"),
    "rating-off-scale": ("no answer to {survey}: {rating} is not on its scale, {scale}", "F-D14"),
    "rating": ("rated {rating}", "F-D14"),
    "rating-repeated": ("rated {rating}, the same as before", "F-Q9"),
    "survey-answer-known": ("this survey answer was already filed", "F-Q9"),
    # What the IMAP poller says in the log
    "new-uidvalidity": ("the folder has a new UIDVALIDITY and is read from its start", "B5"),
    "uid-went-back": (
        "the server's next UID is not above UID {uid}, which it gave before; the folder is read from its start",
        "B5",
    ),
    "only-head-fetched": (
        "UID {uid} has {size} bytes, max_message_size is {limit}; only its head was fetched",
        "B12",
    ),
}


def reason(slug: str, /, **values: object) -> Reason:
    """The reason with its sentence filled in."""
    return Reason(slug, REASONS[slug][0].format(**values))
