"""Decides whether a mail without standard fields is a failure notice (F5): all evidence is weighed here.

A mail server, or the null sender, and one more sign are enough. From an ordinary address it takes three signs, one of
them a failed address that begins a line or has a code beside it. What only a person does (greeting, signing, asking)
counts against it.
"""

import re

from msgspec import Struct

from gateway.parse.mail import Address, Mail
from gateway.screen import phrases
from gateway.screen.automatic import auto_submitted_token
from gateway.screen.envelope import ScreenEnvelope
from gateway.screen.failed_recipients import ADDRESS, RECIPIENT, own_report, report_text
from gateway.screen.hit import Hit, hit, shown
from gateway.screen.own_words import own_words
from gateway.screen.senders import is_from_daemon, may_be_daemon, no_reply, null_sender
from ticketctl.domain.base.subject import has_forward_prefix, has_reply_prefix

ENOUGH = 3
"""The weight from which a mail is a failure notice."""

MAX_TEXT = 4_000
"""Characters of the text that are searched; the returned mail comes after."""

RETURNED = frozenset({"message/rfc822", "text/rfc822-headers", "message/rfc822-headers"})
CODE = re.compile(
    r"(?<![\w.:/-])(?:4(?:21|5[0-5])|5(?:0[0-4]|1[0-2]|2[1-3]|3[05]|41|5[0-6]|71))[ :-]{1,2}"
    r"(?:[45]\.\d|(?=[^\W\d]))|(?<![\w.:/-])[45]\.[0-7]\.\d{1,3}(?![\w.])"
)
"""A reply code of SMTP before its code or text, or an enhanced code (RFC 3463); no house or telephone number."""

RETURNED_FROM = re.compile(r"^[>| \t]{0,8}From:[ \t]*+([^\n]{3,400})", re.IGNORECASE | re.MULTILINE)
BULLET = re.compile(r"(?:[-=]{1,2}>|[•·→]|\d{1,2}[.)])?[\s<('\"*-]*+")
GREETING = re.compile(r"[^\W\d_][^\n:;<>@]{1,40}[,!，！،]$")
WORD = re.compile(r"[^\W\d_]{3,40}+")


class Evidence(Struct, frozen=True, kw_only=True):
    """The signs of a failure notice in one mail. Words are "" if there are none."""

    server: str  # "a mail server", "the null sender", or ""
    subject: str
    text: str
    address: str
    code: bool
    stated: bool  # the address begins its line, or has a code near it
    attached: bool  # the returned mail, as a part
    quoted: bool  # its head, in the text
    delay: bool  # a mail server tells of a delay
    program: bool
    person: int  # the weight of what speaks for a person

    @property
    def weight(self) -> int:
        """Return what speaks for a failure notice.

        An address proves nothing if a server wrote the mail: automatic answers name those of colleagues.
        A quoted head proves nothing otherwise: the quote below a person's answer begins so too.
        """
        signs = (self.subject, self.text, self.code, self.attached)
        others = (self.quoted,) if self.server else (self.address, self.program)
        return 2 * bool(self.server) + sum(map(bool, (*signs, *others, self.delay)))

    @property
    def listed(self) -> str:
        """Return the signs as words for a reason."""
        named = {
            f"subject {self.subject!r}": self.subject,
            f"text {self.text!r}": self.text,
            f"failed address {self.address}": self.address,
            "SMTP code": self.code,
            "delay": self.delay,
            "returned mail": self.attached or self.quoted,
            "sent by a program": self.program,
        }
        return shown(", ".join(words for words, present in named.items() if present))


def failure_notice(mail: Mail, envelope: ScreenEnvelope) -> Hit | None:
    """F5: enough evidence of a failure notice; if a person may have written it, only no automatic answer (E11)."""
    found = _evidence(mail, envelope)
    if found is None or found.weight < ENOUGH:
        return None
    if found.server and (decided := _by_server(found)):
        return decided
    if (found.server or found.stated) and found.weight - found.person >= ENOUGH:
        return hit("failure-notice", "bounce", evidence=found.listed)
    return hit("failure-told", evidence=found.listed)


def _by_server(found: Evidence) -> Hit | None:
    """Return the reason where a server's own words or the returned mail decide, whoever signs below."""
    if found.subject:
        return hit("bounce-words-in-subject", "bounce", sender=found.server, words=found.subject)
    if found.text:
        return hit("bounce-words-in-text", "bounce", sender=found.server, words=found.text)
    if found.attached:
        return hit("bounce-returned-mail", "bounce", sender=found.server)
    return None


def _evidence(mail: Mail, envelope: ScreenEnvelope) -> Evidence | None:
    """Return all signs; None if there cannot be enough. Most mail has so few that its text need not be searched."""
    server = "the null sender" if null_sender(mail, envelope) else ""
    server = "a mail server" if may_be_daemon(mail, envelope) else server
    title = mail.subject[:500]
    subject = phrases.SUBJECT.search(title) or phrases.TEXT.search(title)
    attached = any(part.type in RETURNED for part in mail.parts)
    program = _is_by_program(mail, envelope)
    needs_address = not server and (subject is not None) + attached + program + 1 < ENOUGH
    if needs_address and "@" not in mail.text:
        return None
    said = mail.text if server else own_words(mail)
    report = report_text(mail) if server else own_report(said)
    lines = [line.strip() for line in report.splitlines() if line.strip()]
    address, code, stated = _failed_address(lines, _not_failed(mail, envelope), subject is not None)
    if needs_address and not address:
        return None
    text = phrases.TEXT.search(said[:MAX_TEXT])
    about_mail = address and (code or phrases.MAIL.search(f"{title}\n{said[:MAX_TEXT]}"))
    may_be_delay = is_from_daemon(mail, envelope) or (stated and _is_titled_delay(title))
    return Evidence(
        server=server,
        subject=shown(subject[0]) if subject else "",
        text=shown(text[0]) if text else "",
        address=shown(address) if about_mail else "",
        code=code,
        stated=stated,
        attached=attached,
        quoted=_quotes_our_mail(mail),
        delay=may_be_delay and phrases.tells_of_delay(mail.subject, said),
        program=program,
        person=_signs_of_a_person(mail, lines, is_null=null_sender(mail, envelope)),
    )


def _is_by_program(mail: Mail, envelope: ScreenEnvelope) -> bool:
    return (
        auto_submitted_token(mail) not in ("", "auto-forwarded")
        or no_reply(mail, envelope) is not None
        or phrases.PROGRAM.search(mail.first("from")[:200]) is not None
    )


def _is_titled_delay(subject: str) -> bool:
    """Does a subject of its own, no answer's, tell of a delay? Automatic answers do so in their text."""
    is_own = not has_reply_prefix(subject) and not has_forward_prefix(subject)
    return is_own and phrases.tells_of_delay(subject, "")


def _not_failed(mail: Mail, envelope: ScreenEnvelope) -> frozenset[str]:
    """Return the author, and the domains written to: we do not get notices about ourselves."""
    written_to = [each.key for each in (*mail.to, *mail.cc)]
    written_to += [*mail.delivered_to, *(each.lower() for each in envelope.recipients)]
    domains = {each.rpartition("@")[2] for each in written_to}
    return frozenset(domains | {each.key for each in mail.from_})


def _failed_address(
    lines: list[str], not_failed: frozenset[str], titled: bool
) -> tuple[str, bool, bool]:
    """Return a failed address, whether a code of failure is near it, and whether the line is a notice's own form.

    It begins a line or follows the word for a recipient or a code; in a mail `titled` a failure it may stand anywhere
    in a line that tells of one, but without a code a person may have written that.
    """
    for at, line in enumerate(lines):
        if "@" not in line:
            continue
        bare = BULLET.sub("", line, count=1)
        begins = ADDRESS.match(bare) or RECIPIENT.match(bare)
        told = CODE.match(bare) or (titled and (CODE.search(line) or phrases.TEXT.search(line)))
        named = (
            [begins[begins.lastindex or 0]]
            if begins
            else ADDRESS.findall(line[:1_000])
            if told
            else []
        )
        address = next((one for one in map(_trimmed, named) if not _is_ours(one, not_failed)), "")
        if address:
            code = CODE.search(" ".join(lines[at : at + 4])[:1_000]) is not None
            return address, code, begins is not None or code
    return "", False, False


def _trimmed(address: str) -> str:
    return address.lower().strip(".'`")


def _is_ours(address: str, not_failed: frozenset[str]) -> bool:
    return address in not_failed or address.rpartition("@")[2] in not_failed


def _quotes_our_mail(mail: Mail) -> bool:
    """Is the head of a mail in the text, from the address that the notice went to?"""
    ours = {each.key for each in (*mail.to, *mail.cc)}
    heads = RETURNED_FROM.findall(mail.text[:20_000])[:20]
    return any(address.lower() in ours for head in heads for address in ADDRESS.findall(head))


def _signs_of_a_person(mail: Mail, lines: list[str], *, is_null: bool) -> int:
    """Return the weight of what people do and mail servers hardly ever do; `lines` of text, none blank.

    A name proves nothing if it is a program's, or if the null sender wrote.
    """
    author = mail.from_[0] if mail.from_ else Address(name="", email="")
    is_program = phrases.MAIL.search(author.name) or phrases.PROGRAM.search(author.name)
    names = set() if is_program or is_null else _words(author.name)
    signers = names | _words(author.key.partition("@")[0])
    answered = {each.key for each in mail.reply_to} - {each.key for each in mail.from_}
    signatures = [WORD.findall(line.lower()) for line in lines[-4:] if len(line.split()) <= 4]
    return sum(
        (
            bool(names),
            2 * any(words[:1] and words[0] in signers for words in signatures),
            bool(lines)
            and (GREETING.fullmatch(lines[0]) or phrases.GREETING.match(lines[0])) is not None,
            2 * (phrases.OWN_MAIL.search("\n".join(line[:300] for line in lines[:10])) is not None),
            not is_program and any(phrases.CLOSING.fullmatch(line) for line in lines[-4:]),
            any(line[-1] in "?？؟" for line in lines if not line.startswith(">")),
            bool(mail.in_reply_to or mail.references),
            2 * bool(answered),  # a form on a web site names its author so
        )
    )


def _words(name: str) -> set[str]:
    return {word.lower() for word in WORD.findall(name[:200])}
