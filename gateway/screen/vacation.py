"""Rules for vacation notices (F7), and subjects that hint at them (E11)."""

import re

from gateway.parse.mail import Mail
from gateway.screen.automatic import REPLY_HEADERS, auto_submitted_token
from gateway.screen.envelope import ScreenEnvelope
from gateway.screen.hit import Hit, Mark, hit, named, shown
from gateway.screen.senders import is_from_daemon, null_sender
from ticketctl.domain.base.subject import PREFIX_WORD

# One alternative a language. Only matched at the start of the subject, so that a question
# about "our out of office message" is not a notice (E11).
WORDS = re.compile(
    rf"{PREFIX_WORD}?\s*+[:：]?\s*+\[?(?:"
    r"auto(?:matic|mated)?[ -]?(?:reply|response|answer|responder)"
    r"|out[ -]of[ -](?:the[ -])?office|ooo\b|on vacation|away from (?:the )?office"
    r"|i am (?:currently )?out of|vacation (?:reply|notice|message|response)"
    r"|automatische antwort|abwesenheit|abwesend|auto(?:matische)?-?antwort|außer haus|bin im urlaub"
    r"|r[ée]ponse automatique|absence du bureau|message d'absence|absent du bureau"
    r"|respuesta autom[áa]tica|fuera de (?:la )?oficina|ausencia de la oficina"
    r"|risposta automatica|fuori (?:sede|ufficio)|assenza dall'ufficio"
    r"|resposta autom[áa]tica|fora do escrit[óo]rio|aus[êe]ncia tempor[áa]ria"
    r"|automatisch antwoord|afwezig(?:heid)?|niet aanwezig"
    r"|autosvar|automatiskt? svar|fr[åa]nvaro|frav[æe]r|ikke til stede|autoreply"
    r"|automaattinen vastaus|poissa toimistosta|poissaoloilmoitus"
    r"|automatyczna odpowied[źz]|odpowied[źz] automatyczna|nieobecno[śs][ćc]|poza biurem"
    r"|automatick[áa] odpov[ěe][ďd]|mimo kancel[áa][řr]"
    r"|automatikus v[áa]lasz|r[ăa]spuns automat"
    r"|автоматический ответ|автоответ|вне офиса|нет на рабочем месте"
    r"|автоматична відповідь|поза офісом"
    r"|otomatik (?:yan[ıi]t|cevap)|ofis d[ıi][şs][ıi]nda"
    r"|自动(?:回复|答复)|自動(?:回覆|回复|応答|返信)|外出(?:中|通知)|不在通知"
    r"|자동 ?(?:회신|응답)|부재 ?중"
    r"|תשובה אוטומטית|מענה אוטומטי|מחוץ למשרד"
    r")",
    re.IGNORECASE,
)


def out_of_office(mail: Mail, envelope: ScreenEnvelope) -> Hit | None:
    """F7: an automatic answer. Before the bounce rules, because it often has a bounce's envelope."""
    evidence = _has_vacation_header(mail) or _stated_reply(mail, envelope)
    if not evidence:
        return None
    return hit("out-of-office", "auto", Mark.VACATION, evidence=evidence)


def subject_words(mail: Mail, envelope: ScreenEnvelope) -> Hit | None:
    """E11: the subject begins like an automatic answer; alone it only prevents automatic answers."""
    if _worded(mail):
        return hit("auto-reply-subject", subject=shown(mail.subject))
    return None


def _worded(mail: Mail) -> bool:
    return WORDS.match(mail.subject[:200].lstrip()) is not None


def _has_vacation_header(mail: Mail) -> str:
    """Return the header that marks an absent person's answer."""
    action = mail.first("x-apple-action")
    if "vacation" in action.lower():
        return f"X-Apple-Action: {shown(action)}"
    # Exchange marks mail that its inbox rules forward as well; only its answers also suppress answers (E4).
    ruled = mail.first("x-ms-exchange-inbox-rules-loop")
    if ruled and "all" in mail.first("x-auto-response-suppress").lower():
        return f"X-Ms-Exchange-Inbox-Rules-Loop: {shown(ruled)}"
    stated = mail.first("auto-submitted").lower()
    if "vacation" in stated or "out-of-office" in stated:
        return f"Auto-Submitted: {shown(stated)}"
    return ""


def _stated_reply(mail: Mail, envelope: ScreenEnvelope) -> str:
    """Return the header of an automatic answer, unless a mail server wrote it: bounces have the same one."""
    replied = auto_submitted_token(mail) in ("auto-replied", "auto-notified")
    marked = named(mail, REPLY_HEADERS)
    precedence = mail.first("precedence").strip().lower() in ("auto_reply", "auto-reply")
    if _worded(mail) and (replied or marked or precedence or null_sender(mail, envelope)):
        return f"subject: {shown(mail.subject)}"
    if not (replied or marked or precedence):
        return ""
    if is_from_daemon(mail, envelope) or "multipart/report" in mail.content_type:
        return ""
    if replied:
        return "Auto-Submitted: auto-replied"
    if marked:
        return f"{marked[0].title()}: {shown(marked[1])}"
    return "Precedence: auto_reply"
