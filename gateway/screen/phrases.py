"""Phrases in bounces without a standard form (F5), one alternative a phrase."""

import re

from ticketctl.domain.base.subject import PREFIX
from ticketctl.phrases import Phrases

SUBJECT = Phrases(
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
    r"|تعذر (?:ال)?تسليم|לא נמסר"
)

STANDARD_SUBJECT = re.compile(
    rf"{PREFIX}*+(?:undelivered mail returned to sender|failure notice\b"
    r"|delivery status notification \(|mail delivery failed(?:$|:)|returned mail: |undeliverable: "
    r"|mail system error - returned mail|postmaster notify: )",
    re.IGNORECASE,
)

TEXT = Phrases(
    r"un(?:able|successful) (?:to|in) deliver|undeliverable|undelivered|not (?:yet )?been delivered"
    r"|(?:could|can|was|were) ?n[o']t (?:be )?(?:deliver|sent)|(?:cannot|can't) (?:be )?deliver"
    r"|deliver(?:y|ing) (?:your (?:mail|message)|to the following|of (?:your|the) (?:e-?mail|message))"
    r"|delivery (?:has )?(?:failed|failure|error|to .{1,80} failed)|failed to deliver"
    r"|had (?:permanent|transient)? ?(?:fatal |delivery )?errors|delivery errors"
    r"|permanent(?:ly)? (?:fatal )?(?:error|fail)"
    r"|transcript of (?:the )?session follows|unsent message follows|original message follows"
    r"|message (?:header|body)s? follows?|returned (?:message|to sender)|returning (?:message|to sender)"
    r"|trouble delivering|error(?:s)? (?:sending|delivering) your|no such (?:user|mailbox|recipient|address)"
    r"|user(?: is)? unknown|unknown user|mailbox (?:is )?(?:full|unavailable|not found|disabled)"
    r"|host (?:is )?unknown|quota exceeded|over quota|address(?:es)? (?:rejected|failed)"
    r"|(?:message|mail)(?: is| has been| was)? (?:delayed|rejected|blocked|refused|returned)|failure reasons"
    r"|invalid (?:user|recipient) address|recipient (?:address )?rejected"
    r"|(?:^|\s)[245]\d\d[ -][245]\.\d{1,3}\.\d{1,3}\b|smtp error"
    r"|не (?:было |может быть |удалось )?доставл?[ие]|недоставл|nicht zugestellt|unzustellbar|non (?:a pu|remis)"
    r"|n'a pas pu être (?:remis|distribué|livré)|no (?:se )?(?:ha )?(?:podido|pudo) (?:ser )?entrega|no entregado"
    r"|non (?:è stato )?(?:recapitat|consegnat)|não (?:foi |pôde ser )?entregue|niet (?:worden )?(?:afgeleverd|bezorgd)"
    r"|onbestelbaar|nie (?:została |mogła zostać )?dostarczon|nedoručiteln|nelze doručit|nem kézbesíthet"
    r"|kézbesíthetetlen|kunde inte levereras|kunne ikke (?:leveres|afleveres)|ei voitu toimittaa|nu a putut fi livrat"
    r"|teslim edilemedi|iletilemedi|δεν παραδόθηκε|无法投递|無法投遞|投递失败|无法送达|전송 ?실패|전달되지|배달되지"
    r"|送信できません|配信できません|配信不能|送信に失敗|届け|تعذر (?:ال)?تسليم|לא נמסר"
)

DELAY = Phrases(
    r"\(delay\)|\bdelayed\b|delay(?:ed)? (?:mail|notice|notification)|will (?:be )?(?:re)?tr(?:y|ied) again"
    r"|still being retried|could not send message for past|not yet been delivered|warning message only"
    r"|no action is required|do not need to resend|temporary failure report|will continue to (?:try|be)"
    r"|will (?:keep trying|retry)|delivery delayed|has been delayed|warning: message"
)

DELAY_ABROAD = Phrases(
    r"verzögert|noch nicht zugestellt|(?:weiterhin|erneut) versucht|retardé|différé|pas encore (?:été )?(?:remis|livré)"
    r"|retrasad|demorad|aún no se ha|se seguirá intentando|ritardat|in ritardo|atrasad|adiad|vertraagd|vertraging"
    r"|opóźni|zpožděn|oneskor|késleltet|försena[dt]|forsinket|viivästy|hilin|întârzi|odgođen|odložen|vėluo|kavē|καθυστ|затрим|задержан|задержива|отложен|gecik|遅延|遅れて|再送信|再試行"
    r"|延迟|延遲|지연|تأخ[ري]|تاخیر|התעכב|עיכוב|trì hoãn|tertunda|ล่าช้า"
)

FAILED_SUBJECT = re.compile(
    r"undeliver|return|(?<!temporary )fail|unzustellbar|échec|fallid|fallit|niet |недоставл|不能|できません|退信",
    re.IGNORECASE,
)
"""A subject that tells of a failure, even if it quotes that of a mail about a delay."""

FINAL = Phrases(
    r"(?<!will )(?<!would )(?<!to )giv(?:e|en|ing) up|gave up|permanent|no (?:further|more) attempts"
    r"|(?<![\w.])5\d\d[ -]5\.\d|(?<![\w.])5\.[0-7]\.\d"
    r"|endgültig|aufgegeben|définiti|abandonné|definitiv|окончательн|постоянн|恒久|断念|永久"
)
"""What a server says when it has stopped trying, and hardly ever when it still tries."""

MAIL = Phrases(
    r"mail|message|smtp|daemon|nachricht|postfach|courriel|mensaje|correo|mensagem|messaggi|bericht|meddeland|besked|melding"
    r"|viesti|wiadomo|zpráv|üzenet|mesaj|ileti|e-?posta|postmaster|письм|сообщен|повідомлен|почт|μήνυμα|メール|邮件|郵件|信件|메일"
    r"|رسالة|بريد|הודעה|דואר"
)
"""Words for mail, in a notice or in the name of the program that wrote it."""

PROGRAM = re.compile(
    r"gateway|filter|firewall|scan(?:ner)?\b|anti-?virus|\bav\b|bounce|deliver|notif|\balert|smtp|\bmta\b|\bmx\d"
    r"|server|system|robot|\bbot\b|relay|quarantine|passerelle|filtr[oe]|zustell|entrega|consegna|serwer|sunucu"
    r"|сервер|робот|ゲートウェイ|サーバ|服务器|系统|서버",
    re.IGNORECASE,
)
"""Words for programs in the name or the address of a sender."""

GREETING = re.compile(
    r"(?:hello|hi|hey|dear|good (?:day|morning|afternoon|evening)|hallo|guten (?:tag|morgen|abend)|liebe[rs]?|moin"
    r"|servus|bonjour|bonsoir|madame|monsieur|hola|buen[oa]s|buon(?:giorno|asera)|ciao|salve|ol[áà]|car[oa]s?"
    r"|bo[am] (?:dia|tarde|noite)|beste|geachte|hej|hei|god (?:dag|morgon)|dzień dobry|witam|dobrý den|ahoj|jó napot"
    r"|szia|bună|merhaba|selam|iyi günler|добр(?:ый|ое|ого|ий)|γεια|καλημέρα|xin chào|pozdrav|sveiki|labas|tere)\b"
    r"|sehr geehrte|grüß|estimad|gentil|prezad|szanown|vážen|tisztelt|stimat|sayın|здравствуй|привет|уважаем|вітаю"
    r"|مرحب|السلام|سلام|שלום|こんにちは|お世話|您好|你好|안녕",
    re.IGNORECASE,
)
"""Words by which people greet."""

CLOSING = re.compile(
    r"(?:(?:many |kind |best |warm |with )?(?:thanks|regards|wishes|cheers)|thank you|sincerely|yours"
    r"|(?:viele|beste|schöne|freundliche|mit freundlichen|liebe) grüße?n?|gruß|danke|cordialement|merci|bien à vous"
    r"|saludos|gracias|atentamente|un saludo|grazie|saluti|cordiali|obrigad|atenciosamente|cumprimentos"
    r"|groet|met vriendelijke|bedankt|mvh|med vänlig|hilsen|venlig|tack|terveisin|pozdrawiam|dziękuję|děkuji"
    r"|s pozdravem|üdvözlettel|köszön|mulțumesc|cu stimă|teşekkür|saygılar|спасибо|с уважением|дякую|ευχαριστώ"
    r"|よろしく|ありがとう|谢谢|謝謝|감사합니다|شكر|תודה)\b[^\n:：<>@]{0,40}",
    re.IGNORECASE,
)
"""A short line with which people end."""

OWN_MAIL = Phrases(
    r"\bmy (?:e-?mails?|mails?|messages?)\b|\bmeine[nr]? (?:e-?mails?|nachricht)"
    r"|\b(?:mon|mes) (?:e-?mails?|mails?|messages?|courriels?)\b|\bmis? (?:correo|mensaje)"
    r"|\bmi[oa] (?:mail|messaggi)|\bmeus? e-?mail|\bminhas? mensage|\bmijn (?:e-?mail|bericht)"
    r"|\bmoj[aąe] (?:wiadomo|mail)|\bмо[еёию] (?:письм|сообщ)"
    r"|\b(?:e-?posta|mesaj|ileti)(?:m|larım|lerim)\b|我的?(?:邮件|郵件)|我(?:发|發|寄)"
)
"""What a person calls the mail that failed; a notice speaks of the reader's mail."""

AUTOMATIC = Phrases(
    r"(?:mailbox|address|inbox|account) is (?:not (?:being )?monitored|unmonitored|unattended)|"
    r"this is an? auto(?:mat(?:ed|ic)|matically generated|-?generated) (?:e-?mail|message|notification|reply|response)"
    r"|(?:was|is|been) (?:generated automatically|automatically (?:generated|sent|created))"
    r"|(?:do not|don't) (?:reply|respond) (?:directly )?to this (?:e-?mail|message|address)"
    r"|automatisch (?:erstellt|generiert|erzeugt|versendet|verschickt)|antworten sie (?:bitte )?nicht (?:auf|direkt)"
    r"|(?:message|courriel|e-mail) (?:généré |envoyé )?automatique|(?:généré|envoyé) automatiquement"
    r"|ne (?:pas répondre|répondez pas) à ce"
    r"|(?:mensaje|correo) (?:es )?automático|(?:generado|enviado) automáticamente|no responda a este"
    r"|messaggio (?:è )?automatico|(?:generat[oa]|inviat[oa]) automaticamente|non rispondere a quest"
    r"|(?:mensagem|e-mail) (?:é )?automátic|(?:gerad[oa]|enviad[oa]) automaticamente|não responda (?:a |esta)"
    r"|automatisch (?:gegenereerd|verzonden|aangemaakt)|niet (?:te )?(?:be)?antwoorden op dit"
    r"|wygenerowan[aey] automatycznie|automatycznie wygenerowan|(?:nie|prosimy nie) odpowiadać na"
    r"|automaticky (?:vygenerov|generov|odesl)|neodpovídejte na|automatikus(?:an)? (?:üzenet|generált|küldött)"
    r"|generat automat|nu răspundeți la|automatiskt? (?:genererat?|skickat|sendt|generert|meddelande|besked)"
    r"|automaattinen viesti|otomatik olarak (?:gönderil|oluşturul)|yanıtlamayın"
    r"|(?:создано|отправлено|сформировано) автоматически|автоматическое (?:уведомление|сообщение)|не отвечайте на"
    r"|(?:створено|надіслано) автоматично|не відповідайте на|αυτόματο μήνυμα|αυτοματοποιημένο μήνυμα"
    r"|自動(?:送信|配信|生成|的に送信)|このメール(?:に|へ)(?:の)?(?:ご)?返信(?:は|し|いただ)"
    r"|(?:自动|自動)(?:发送|發送|回复|回覆|生成|产生)|(?:请勿|請勿|请不要)(?:直接)?(?:回复|回覆)"
    r"|자동(?:으로)? ?(?:발송|생성|발신)|رسالة (?:تلقائية|آلية)|הודעה אוטומטית"
    r"|(?:email|thư) tự động|pesan otomatis"
)
"""What programs say about their own mails."""

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
