"""Phrases in bounces without a standard form (F5), one alternative a phrase."""

import re

from ticketctl.domain.base.subject import PREFIX

SUBJECT = re.compile(
    r"undeliver(?:ed|able)|undelivery|non[- ]?deliver|not delivered|could ?n[o']t be delivered"
    r"|returned (?:mail|to sender)|return(?:ed|ing) (?:message )?to sender|mail returned"
    r"|delivery (?:status )?(?:notification|status|report|fail|error|delay|problem|has failed)"
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
    r"|配信不能|送信できません|配信できません|届けられません|エラーメール|退信|无法投递|無法投遞|배달되지",
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
    r"|не (?:было )?доставлен|nicht zugestellt|non (?:a pu|remis)|送信できません|配信できません|送信に失敗|届け",
    re.IGNORECASE,
)

DELAY = re.compile(
    r"\(delay\)|\bdelayed\b|delay(?:ed)? (?:mail|notice|notification)|will (?:be )?(?:re)?tr(?:y|ied) again"
    r"|still being retried|could not send message for past|not yet been delivered|warning message only"
    r"|no action is required|do not need to resend|temporary failure report|will continue to (?:try|be)"
    r"|will (?:keep trying|retry)|delivery delayed|has been delayed|warning: message",
    re.IGNORECASE,
)

SUCCESS = re.compile(
    r"successful mail delivery|success(?:ful(?:ly)?)? deliver|was successfully delivered"
    r"|\(success\)|\(relay\)|delivery status notification \(success",
    re.IGNORECASE,
)
