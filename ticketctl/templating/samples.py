"""Sample data for every kind of mail: `template lint` renders templates with it, and it shows which variables exist."""

from typing import Any

_COMMON: dict[str, Any] = {
    "desk_name": "Help",
    "mailbox_name": "Help desk",
    "timezone": "Europe/Madrid",
    "ticket": 12,
    "ticket_subject": "Printer is broken",
    "customer_name": "Carl Customer",
    "agent_name": "Ana",
    "text": "Please switch it off and on again.\n\nDoes it print now?",
    "tag": "[Help #12]",
    "subject": "Re: [Help #12] Printer is broken",
}

_MESSAGE = {
    "n": 31,
    "at": "2026-03-09T08:10:00Z",
    "author": "Carl Customer",
    "direction": "in",
    "text": "It does not print.",
}

_NOTIFICATION = {
    "event": "new",
    "author": "Carl Customer",
    "status": "new",
    "priority": "medium",
    "owner": "ana",
    "hints": ["ticketctl take 12", "ticketctl reply 12", "ticketctl show 12"],
    "purpose": "t",
    "unproven": False,
    "answers_to": "",
    "comment_address": "support+c12.abcdefghijklmnop@help.example",
}

_TRANSCRIPT = {
    "done": True,
    "sent": True,
    "kept": False,
    "lines": [{"command": "!assign ana", "result": "assigned to ana"}],
}

_STATUS = {"found": True, "status": "open", "awaiting": "agent", "owner": "Ana"}

_NOTICES = ("taken", "waiting", "escalated", "reopened")

_ACK = {
    "received_at": "2026-03-09T08:10:00Z",
    "text": "",
    "out_of_hours": False,
    "back_at": "",
    "answer_by": "",
    "snippet": "",
}

_SURVEY = {
    "text": "",
    "survey": "csat",
    "unsubscribe": "support+us12.abcdefghijklmnop@help.example",
    "off_scale": "",
    "lowest": 1,
    "highest": 5,
    "grades": [
        {
            "grade": grade,
            "link": f"mailto:support%2Bs12.{grade}.abcdefghijklmnop@help.example?body={grade}",
        }
        for grade in range(1, 6)
    ],
}

_LATE = {
    "ticket": 12,
    "ticket_subject": "Printer is broken",
    "customer_name": "Carl Customer",
    "clock": "first",
    "late": True,
    "due": "2026-03-09T10:10:00Z",
    "owner": "ana",
    "priority": "medium",
}
_SOON = {**_LATE, "ticket": 14, "clock": "next", "late": False}
_SLA = {"late": 1, "soon": 0, "lines": [_LATE], "more": 0}

_ESCALATION = {
    "reason": "The third failure in a week.",
    "ticket_fields": {
        "id": 12,
        "status": "escalated",
        "owner": None,
        "tags": ["printer", "third-floor"],
        "customer": {"id": 1, "name": "Carl Customer"},
        "fields": {"plan": "gold", "serial": "XJ-9"},
    },
    "customer": {
        "name": "Carl Customer",
        "email": "carl@customer.example",
        "identities": ["email:carl@customer.example"],
        "profile": {"plan": "gold"},
        "orders": ["#1002 49.90 EUR paid fulfilled"],
    },
    "messages": [_MESSAGE, {**_MESSAGE, "n": 32, "author": "Ana", "direction": "out"}],
    "omitted": 30,
}

# Each kind with its data besides the common data, once for each branch of a template.
_OF_KIND: dict[str, tuple[dict[str, Any], ...]] = {
    "ack": (
        _ACK,
        {**_ACK, "snippet": "Parcels take three days.\n\nTrack yours at shop.example."},
        {**_ACK, "out_of_hours": True},
        {**_ACK, "answer_by": "2026-03-09T12:10:00Z"},
        {**_ACK, "out_of_hours": True, "answer_by": "2026-03-10T12:10:00Z"},
        {**_ACK, "out_of_hours": True, "back_at": "2026-03-10T08:00:00Z"},
    ),
    "reply": ({}, {"quote": _MESSAGE}),
    "notification": (
        _NOTIFICATION,
        {**_NOTIFICATION, "owner": "", "text": "", "comment_address": ""},
        {**_NOTIFICATION, "event": "comment", "purpose": "c"},
        *(
            {**_NOTIFICATION, "event": event}
            for event in (
                "reply",
                "assigned",
                "unassigned",
                "escalated",
                "comment",
                "bounce",
                "woken",
                "unblocked",
                "merged",
            )
        ),
    ),
    "escalation": (_ESCALATION, {**_ESCALATION, "omitted": 0, "messages": []}),
    "resolution": ({}, {"text": ""}),
    "transcript": (
        _TRANSCRIPT,
        {**_TRANSCRIPT, "sent": False},
        {**_TRANSCRIPT, "done": False, "sent": False, "kept": True},
    ),
    "status": (
        _STATUS,
        {**_STATUS, "found": False},
        *(
            {**_STATUS, "status": status, "awaiting": awaiting, "owner": ""}
            for status in ("new", "open", "waiting", "escalated", "resolved", "closed")
            for awaiting in ("agent", "customer", "nobody")
        ),
    ),
    "notice": (
        *({"notice": one, "until": "", "owner": "Ana", "awaited": False} for one in _NOTICES),
        {"notice": "waiting", "until": "2026-03-12T08:00:00Z", "owner": "", "awaited": False},
        {"notice": "waiting", "until": "", "owner": "", "awaited": True},
    ),
    "survey": (_SURVEY, {**_SURVEY, "unsubscribe": "", "grades": [{"grade": 1, "link": ""}]}),
    "sla": (
        _SLA,
        {**_SLA, "late": 0, "soon": 1, "lines": [_SOON]},
        {
            **_SLA,
            "soon": 2,
            "lines": [
                {**_LATE, "clock": "resolve"},
                {**_SOON, "clock": "assign", "owner": ""},
                _SOON,
            ],
            "more": 3,
        },
    ),
    "oversize": ({"received_at": "2026-03-09T08:10:00Z", "text": ""},),
    "error": ({"sentence": "There is no command “!cloze”."},),
}


def samples(kind: str) -> tuple[dict[str, object], ...]:
    """Sample data for a mail of that kind, as compose passes it to a template."""
    return tuple({**_COMMON, **more} for more in _OF_KIND[kind])
