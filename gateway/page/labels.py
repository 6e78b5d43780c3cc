"""The words of ours on a page, in the customer's language: chosen as for an acknowledgement (L15)."""

from typing import NamedTuple


class Labels(NamedTuple):
    """A language, and its words. `message` and `message_of` have places for numbers."""

    language: str
    desk: str
    customer: str
    agent: str
    status: str
    opened: str
    zone: str
    tickets: str
    message: str
    message_of: str
    not_kept: str
    yes: str
    no: str
    words: dict[str, str]  # of statuses, and of mail that nobody received


_EN = Labels(
    "en",
    "Desk",
    "Customer",
    "Agent",
    "Status",
    "Opened",
    "Time zone",
    "tickets",
    "Message {n}",
    "Message {n} of #{ticket}",
    "no longer kept",
    "yes",
    "no",
    {one: one for one in ("open", "waiting", "resolved", "closed", "failed", "bounced")},
)
_ES = Labels(
    "es",
    "Servicio",
    "Cliente",
    "Agente",
    "Estado",
    "Abierta",
    "Zona horaria",
    "solicitudes",
    "Mensaje {n}",
    "Mensaje {n} de #{ticket}",
    "ya no se conserva",
    "sí",
    "no",
    {
        "open": "abierta",
        "waiting": "en espera",
        "resolved": "resuelta",
        "closed": "cerrada",
        "failed": "no enviado",
        "bounced": "devuelto",
    },
)
_CS = Labels(
    "cs",
    "Pracoviště",
    "Zákazník",
    "Vyřizuje",
    "Stav",
    "Přijato",
    "Časové pásmo",
    "požadavky",
    "Zpráva {n}",
    "Zpráva {n} k #{ticket}",
    "už není uloženo",
    "ano",
    "ne",
    {
        "open": "otevřený",
        "waiting": "čeká",
        "resolved": "vyřešený",
        "closed": "uzavřený",
        "failed": "neodesláno",
        "bounced": "nedoručeno",
    },
)
_ALL = {one.language: one for one in (_EN, _ES, _CS)}


def of(language: str, desk_language: str) -> Labels:
    """Return the labels of a language (es-mx, es), else the desk's, else English. It may be any text, or empty."""
    asked = language.strip().lower().replace("_", "-")
    chain = (asked, asked.split("-")[0], desk_language, desk_language.split("-")[0])
    return next((_ALL[one] for one in chain if one in _ALL), _EN)
