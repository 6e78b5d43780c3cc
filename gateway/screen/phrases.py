"""Phrases in bounces without a standard form (F5), one alternative a phrase."""

import re

from ticketctl.domain.base.subject import PREFIX

SUBJECT = re.compile(
    r"undeliver(?:ed|able)|undelivery|non[- ]?deliver|not delivered|could ?n[o']t be delivered"
    r"|returned (?:mail|to sender)|return(?:ed|ing) (?:message )?to sender|mail returned"
    r"|delivery (?:status )?(?:notification|status|report|fail|error|delay|problem|has failed)"
    r"|unable to deliver|(?:mail|message) to [^\n]{1,80} failed"
    r"|(?:mail|message|e-?mail) (?:delivery|system) (?:fail|error|status|problem|delay)"
    r"|deliver(?:y|ing) (?:failure|error)|(?:failure|failed) (?:notice|delivery)|fail(?:ed|ure) to deliver"
    r"|mail fail|error sending your mail|warning: (?:could not send|message)|delayed mail"
    r"|postmaster notify|user unknown|mailbox (?:is )?full|message delayed"
    r"|unzustellbar|nicht zugestellt|unzustellbarkeit|zustell(?:fehler|ung)"
    r"|non remis|échec de (?:la )?(?:remise|livraison)|impossible de remettre"
    r"|no se (?:ha )?(?:podido|pudo) entregar|no entregado|error de entrega"
    r"|mancato recapito|non recapitat|não entregue|falha (?:na|de) entrega"
    r"|onbestelbaar|niet (?:afgeleverd|bezorgd)|nie dostarczono|niedostarczon"
    r"|nedoručiteln|olevererbar|kunde inte levereras|kunne ikke leveres"
    r"|не доставлен|недоставлен|не доставлено|teslim edilemedi"
    r"|配信不能|送信できません|配信できません|届けられません|エラーメール|退信|无法投递|無法投遞|배달되지"
    r"|kézbesíthetetlen|nem kézbesíthet|perille toimittam|toimitus epäonnistui|nelivrat|iletilemedi|gönderilemedi"
    r"|δεν παραδόθηκε|αδυναμία παράδοσης|недоставк|投递失败|投遞失敗|发送失败|전송 ?실패|전달되지"
    r"|تعذر (?:ال)?تسليم|לא נמסר",
    re.IGNORECASE,
)

STANDARD_SUBJECT = re.compile(
    rf"{PREFIX}*+(?:undelivered mail returned to sender|failure notice\b"
    r"|delivery status notification \(|mail delivery failed(?:$|:)|returned mail: |undeliverable: "
    r"|mail system error - returned mail|postmaster notify: )",
    re.IGNORECASE,
)

TEXT = re.compile(
    r"un(?:able|successful) (?:to|in) deliver|undeliverable|undelivered|not (?:yet )?been delivered"
    r"|(?:could|can|was|were) ?n[o']t (?:be )?(?:deliver|sent)|(?:cannot|can't) (?:be )?deliver"
    r"|deliver(?:y|ing) (?:your (?:mail|message)|to the following|of (?:your|the) (?:mail|message))"
    r"|delivery (?:has )?(?:failed|failure|error|to .{1,80} failed)|failed to deliver"
    r"|had (?:permanent|transient)? ?(?:fatal |delivery )?errors|delivery errors"
    r"|permanent(?:ly)? (?:fatal )?(?:error|fail)"
    r"|transcript of (?:the )?session follows|unsent message follows|original message follows"
    r"|message (?:header|body)s? follows?|returned (?:message|to sender)|returning (?:message|to sender)"
    r"|trouble delivering|error(?:s)? (?:sending|delivering) your|no such (?:user|mailbox|recipient|address)"
    r"|user(?: is)? unknown|unknown user|mailbox (?:is )?(?:full|unavailable|not found|disabled)"
    r"|host (?:is )?unknown|quota exceeded|over quota|address(?:es)? (?:rejected|failed)"
    r"|message(?: is| has been| was)? (?:delayed|rejected|blocked)|failure reasons"
    r"|invalid (?:user|recipient) address|recipient (?:address )?rejected"
    r"|(?:^|\s)[245]\d\d[ -][245]\.\d{1,3}\.\d{1,3}\b|smtp error"
    r"|не (?:было |может быть |удалось )?доставл?[ие]|недоставл|nicht zugestellt|unzustellbar|non (?:a pu|remis)"
    r"|n'a pas pu être (?:remis|distribué|livré)|no (?:se )?(?:ha )?(?:podido|pudo) (?:ser )?entrega|no entregado"
    r"|non (?:è stato )?(?:recapitat|consegnat)|não (?:foi |pôde ser )?entregue|niet (?:worden )?(?:afgeleverd|bezorgd)"
    r"|onbestelbaar|nie (?:została |mogła zostać )?dostarczon|nedoručiteln|nelze doručit|nem kézbesíthet"
    r"|kézbesíthetetlen|kunde inte levereras|kunne ikke (?:leveres|afleveres)|ei voitu toimittaa|nu a putut fi livrat"
    r"|teslim edilemedi|iletilemedi|δεν παραδόθηκε|无法投递|無法投遞|投递失败|无法送达|전송 ?실패|전달되지|배달되지"
    r"|送信できません|配信できません|配信不能|送信に失敗|届け|تعذر (?:ال)?تسليم|לא נמסר",
    re.IGNORECASE,
)

DELAY = re.compile(
    r"\(delay\)|\bdelayed\b|delay(?:ed)? (?:mail|notice|notification)|will (?:be )?(?:re)?tr(?:y|ied) again"
    r"|still being retried|could not send message for past|not yet been delivered|warning message only"
    r"|no action is required|do not need to resend|temporary failure report|will continue to (?:try|be)"
    r"|will (?:keep trying|retry)|delivery delayed|has been delayed|warning: message",
    re.IGNORECASE,
)

DELAY_ABROAD = re.compile(
    r"verzögert|noch nicht zugestellt|(?:weiterhin|erneut) versucht|retardé|différé|pas encore (?:été )?(?:remis|livré)"
    r"|retrasad|demorad|aún no se ha|se seguirá intentando|ritardat|in ritardo|atrasad|adiad|vertraagd|vertraging"
    r"|opóźni|zpožděn|késleltet|försenad|forsinket|viivästy|задержан|задержива|отложен|gecik|遅延|遅れて|再送信|再試行"
    r"|延迟|延遲|지연",
    re.IGNORECASE,
)

FAILED_SUBJECT = re.compile(
    r"undeliver|return|(?<!temporary )fail|unzustellbar|échec|fallid|fallit|niet |недоставл|不能|できません|退信",
    re.IGNORECASE,
)
"""A subject that tells of a failure, even if it quotes that of a mail about a delay."""

FINAL = re.compile(
    r"(?<!will )(?<!would )(?<!to )giv(?:e|en|ing) up|gave up|permanent|no (?:further|more) attempts"
    r"|(?<![\w.])5\d\d[ -]5\.\d|(?<![\w.])5\.[0-7]\.\d"
    r"|endgültig|aufgegeben|définiti|abandonné|definitiv|окончательн|постоянн|恒久|断念|永久",
    re.IGNORECASE,
)
"""What a server says when it has stopped trying, and hardly ever when it still tries."""

MAIL = re.compile(
    r"mail|message|smtp|daemon|nachricht|postfach|courriel|mensaje|correo|mensagem|messaggi|bericht|meddeland|besked|melding"
    r"|viesti|wiadomo|zpráv|üzenet|mesaj|ileti|e-?posta|postmaster|письм|сообщен|повідомлен|почт|μήνυμα|メール|邮件|郵件|信件|메일"
    r"|رسالة|بريد|הודעה|דואר",
    re.IGNORECASE,
)
"""Words for mail, in a notice or in the name of the program that wrote it."""

SUCCESS = re.compile(
    r"successful mail delivery|success(?:ful(?:ly)?)? deliver|was successfully delivered"
    r"|\(success\)|\(relay\)|delivery status notification \(success",
    re.IGNORECASE,
)


MAX_TEXT = 4_000
"""Characters of the text that are searched; the returned mail comes after."""


def tells_of_delay(subject: str, text: str) -> bool:
    """Does a notice say that the server still tries? Its subject counts first; a failure's text tells of delays too."""
    title, body = subject[:500], text[:MAX_TEXT]
    if FAILED_SUBJECT.search(title):
        return False
    if DELAY.search(title) or DELAY_ABROAD.search(title):
        return True
    tells = DELAY.search(body) or DELAY_ABROAD.search(body)
    return tells is not None and FINAL.search(body) is None
