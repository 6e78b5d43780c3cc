"""Finds failed recipients in a bounce without fields, by flufl.bounce, then by our own patterns."""

import logging
import re
from collections.abc import Callable
from email.message import Message
from email.parser import BytesParser
from email.policy import Compat32, Policy, compat32
from itertools import count
from typing import Any, cast

from gateway.parse.mail import Mail

ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}")
BAD_NEWS = re.compile(
    r"fail|deliver|error|unknown|reject|refus|following|recipient|could not|couldn't|bounce|full|no such"
    r"|不|できません|не ",
    re.IGNORECASE,
)
CUT = re.compile(
    r"^(?:[^\S\n]|[>*-])*+(?:original message|message headers? follow|unsent message|returned message"
    r"|(?:this is a|below this line is a) copy|copy of the (?:original )?message|original mail|body of message"
    r"|message header|undelivered message|received: ?|return-path: ?|message-id: ?)",
    re.IGNORECASE | re.MULTILINE,
)
NOTICED = re.compile(r'emailAddress\\?"\s*:\s*\\?"([^"\\\s]{3,320})')
"""A recipient in an Amazon SES notice, as JSON or as JSON in a JSON string."""

ALIAS = re.compile(
    r"\((?:(?:ultimately|originally) )?(?:generated|expanded|forwarded|aliased|redirected)"
    r" (?:from|by):?\s[^()\n]{1,320}\)",
    re.IGNORECASE,
)
"""What Exim and sendmail say about the alias behind a failed address."""

SENDER_LINE = re.compile(
    r"^[^\S\n]{0,20}(?:[>*|-][^\S\n]?){0,4}(?:(?:in|out|smtp)[^\S\n]?[:：][^\S\n]?)?"
    r"(?:(?:smtp |mail |envelope[- ]|original )?(?:from|sender)|return-path|reply-to"
    r"|absender|von|expéditeur|de|remitente|mittente|da|remetente|afzender|van|avsändare|från|afsender|fra|lähettäjä|nadawca"
    r"|od|odesílatel|feladó|expeditor|от|від|kimden|από|من|מאת|từ|dari"
    r"|отправитель|от кого|gönderen|差出人|送信者|发件人|寄件者|보낸 ?사람)[^\S\n]?[:：=][^\n]*+$",
    re.IGNORECASE | re.MULTILINE,
)
"""A line that names the sender of the failed mail."""

RECIPIENT = re.compile(
    r"(?:[^\W\d_][^\n:：<>@]{0,40} )?(?:recipients?|rcpt to|to|address|empfänger|adressat|an|destinataire|à"
    r"|destinatari[oa]|destinatário|para|ontvanger|geadresseerde|aan|mottagare|mottaker|modtager|vastaanottaja"
    r"|odbiorca|adresat|do|příjemce|adresát|címzett|destinatar|către|получател[ья]|адресат|кому|отримувач|одержувач"
    r"|παραλήπτης|προς|alıcı|kime|người nhận|penerima|prejemnik|primatelj|المستلم|إلى|נמען|宛先|送信先|收件人|收件者"
    r"|받는 ?사람|수신자|수신인)[^\S\n]?[:：][^\S\n]*+[<\"']?"
    r"([\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8})",
    re.IGNORECASE,
)
"""A line that names a recipient of the failed mail, as its first group."""

RETURNED_TO = re.compile(r"^[ >]{0,8}To:[ \t]*([^\n]{3,400})", re.IGNORECASE | re.MULTILINE)

MAX_TEXT = 20_000
"""Characters of the text that are searched."""

MAX_RAW = 500_000
"""Bytes of the raw mail that are searched; the report comes before the returned mail."""

LINES, PARTS = 20_000, 300
"""Parts of a mail for flufl.bounce, which goes over each a hundred times; with more it is not used."""


def report_text(mail: Mail) -> str:
    """Return the mail server's own text, up to the returned mail."""
    return own_report(mail.text)


def own_report(text: str) -> str:
    """Return the part of a notice's text that tells of the failure, up to the returned mail."""
    text = text[:MAX_TEXT]
    found = CUT.search(text, 1)
    own = text[: found.start()] if found and found.start() > 40 else text
    return SENDER_LINE.sub("", ALIAS.sub("", own))


def failed_addresses(mail: Mail, raw: bytes) -> list[str]:
    """Return the failed addresses: from X-Failed-Recipients, flufl.bounce, or the text."""
    stated = ADDRESS.findall(",".join(mail.all("x-failed-recipients"))[:MAX_TEXT])
    noticed = NOTICED.findall(mail.text[:MAX_TEXT]) if mail.text.lstrip().startswith("{") else []
    failed = stated or noticed or _by_library(raw, report_text(mail)) or _by_lines(mail)
    return _unique(failed or _returned_to(raw))


def _by_library(raw: bytes, report: str) -> list[str]:
    """Return what flufl.bounce finds, without addresses that are only in the returned mail."""
    from flufl.bounce import all_failures

    # It logs what it raises; we handle that below.
    logging.getLogger("flufl.bounce").disabled = True
    try:
        read = b"\n".join(raw[:MAX_RAW].split(b"\n", LINES)[:LINES])
        temporary, permanent = all_failures(BytesParser(_few_parts()).parsebytes(read))
    except Exception:
        # On malformed mail it raises IndexError, LookupError and others, and the standard parser
        # RecursionError. Then only our own patterns are used.
        return []
    found = [address.decode("utf-8", "replace") for address in sorted(permanent | temporary)]
    found = [address for address in found if ADDRESS.fullmatch(address)]
    return [address for address in found if address.lower() in report.lower()] or found


def _few_parts() -> Callable[..., Message]:
    """Return a factory that limits the number of parts; in delivery-status each blank line begins one."""
    made = count(1)

    def part(policy: "Policy[Any]" = compat32) -> Message:
        if next(made) > PARTS:
            raise ValueError(f"more than {PARTS} parts")
        return Message(cast(Compat32, policy))

    return part


def _by_lines(mail: Mail) -> list[str]:
    """Return addresses that are alone on a line or begin it; else those in a line about a failure."""
    lines = [line.strip() for line in report_text(mail).splitlines()]
    own = {address.key for address in (*mail.from_, *mail.to)}
    heads = [found[0] for line in lines if (found := ADDRESS.match(line.lstrip("<('\"- ")))]
    news = [address for line in lines if BAD_NEWS.search(line) for address in ADDRESS.findall(line)]
    anywhere = ADDRESS.findall("\n".join(lines))
    for candidates in (heads, news, anywhere):
        kept = [address for address in candidates if address.lower() not in own]
        if kept:
            return kept
    return []


def _returned_to(raw: bytes) -> list[str]:
    """Return the one recipient of the returned mail, if the report names nobody."""
    body = raw[:MAX_RAW].replace(b"\r\n", b"\n").partition(b"\n\n")[2].decode("ascii", "replace")
    for value in RETURNED_TO.findall(body):
        found = ADDRESS.findall(value)
        if len(found) == 1:
            return found
    return []


def _unique(addresses: list[str]) -> list[str]:
    """Return each address once, ignoring case, in order, without trailing punctuation."""
    return list(
        {address.strip(".'`").lower(): address.strip(".'`") for address in addresses}.values()
    )
