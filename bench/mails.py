"""Mails as customers write them, the same at every run: many senders, mixed sizes, a third of them answers."""

import base64
import random
from collections.abc import Iterator
from typing import NamedTuple

MAILBOX = "support@help.example"
DOMAIN = "help.example"

_SENDERS = 1500
_ANSWERED_BEHIND = 200  # an answer is to a mail at least so many mails earlier
_LETTERS = "aeiou bcdfghjklmnprstvz áéíóúñ"
_RECEIVED = (
    "Received: from mail{n}.example ({host} [192.0.2.{n}])\r\n\tby in{n}.example (Postfix) with ESMTPS"
    " id 4XyZ{n}kq2\r\n\t(version=TLSv1.3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256);"
    "\r\n\tMon, 3 Feb 2025 10:0{n}:00 +0000 (UTC)\r\n"
)


class Sample(NamedTuple):
    """A mail, who sends it, and which earlier one it answers."""

    sender: str
    raw: bytes
    answers: int | None


class _Written(NamedTuple):
    """Who wrote a mail, and which earlier one it answers."""

    sender: str
    answers: int | None


class Mails:
    """A correspondence of any length; `seed` makes another one that shares no Message-ID and no sender."""

    def __init__(self, seed: int = 7, senders: int = _SENDERS) -> None:
        self._dice = random.Random(seed)
        self._senders = senders
        self._seed = seed
        self._words = [self._word() for _ in range(6000)]
        self._weights = list(_running_sum(1 / (rank + 5) for rank in range(len(self._words))))

    def take(self, count: int) -> list[Sample]:
        """`count` mails in the order in which they are to be sent."""
        return list(self.stream(count))

    def stream(self, count: int) -> Iterator[Sample]:
        """The same one by one, without keeping them."""
        written: list[_Written] = []
        for number in range(count):
            answered = self._answered(written, number)
            if answered is None:
                sender = f"c{self._dice.randrange(self._senders)}.{self._seed}@customer.example"
            else:
                sender = written[answered].sender
            written.append(_Written(sender, answered))
            yield Sample(sender, self._mail(number, sender, answered), answered)

    def _answered(self, written: list[_Written], number: int) -> int | None:
        behind = number - _ANSWERED_BEHIND
        if number % 3 or behind <= 0:
            return None
        earlier = self._dice.randrange(behind)
        first = written[earlier].answers
        return earlier if first is None else first

    def _mail(self, number: int, sender: str, answered: int | None) -> bytes:
        head = self._head(number, sender, answered)
        text = self.prose(self._dice.choice((900, 1500, 2500, 4000)))
        if answered is not None:
            quoted = "\r\n".join("> " + line for line in self.prose(900).split("\r\n"))
            text += f"\r\n\r\nOn Mon, 3 Feb 2025 at 10:00, Help <{MAILBOX}> wrote:\r\n{quoted}\r\n"
        plain = _part("text/plain; charset=utf-8", "8bit", text)
        body = plain
        if number % 2:
            body = _many("alternative", "=_alt", [plain, self._rich(text)])
        elif number % 10:
            body = _part("text/plain; charset=utf-8", "8bit", text + self.prose(11_000))
        if size := self._attached(number):
            body = _many("mixed", "=_mix", [body, self._file(size)])
        return (head + body).encode()

    def _head(self, number: int, sender: str, answered: int | None) -> str:
        subject = " ".join(self._choose(6)).capitalize()
        lines = [_RECEIVED.format(n=n, host=f"mx{n}.provider.example") for n in range(1, 5)]
        lines.append(
            "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=customer.example;\r\n"
        )
        lines.append(f"\ts=s1; h=from:to:subject;\r\n\tb={'aB3x' * 60}\r\n")
        name = base64.b64encode(f"Zoë Núñez {sender[:6]}".encode()).decode()
        lines.append(f"From: =?utf-8?B?{name}?= <{sender}>\r\nTo: Help <{MAILBOX}>\r\n")
        if number % 7 == 0:
            lines.append(f"Cc: Colleague <colleague{number % 50}@customer.example>\r\n")
        encoded = base64.b64encode(subject.encode()[:45]).decode()
        answer = "" if answered is None else "Re: "
        lines.append(f"Subject: {answer}=?utf-8?B?{encoded}?=\r\n")
        lines.append(f"Message-ID: {self._id(number)}\r\n")
        if answered is not None:
            lines.append(
                f"In-Reply-To: {self._id(answered)}\r\nReferences: {self._id(answered)}\r\n"
            )
        lines.append("Date: Mon, 3 Feb 2025 10:00:00 +0000\r\nMIME-Version: 1.0\r\n")
        return "".join(lines)

    def _id(self, number: int) -> str:
        return f"<bench.{self._seed}.{number}@customer.example>"

    def _rich(self, text: str) -> str:
        paragraphs = "".join(
            f'<p class="MsoNormal" style="margin:0cm;font-size:11pt">{line}</p>\r\n'
            for line in text.replace(">", "&gt;").split("\r\n")
        )
        style = "<style>" + "p.MsoNormal {margin:0cm; font-size:11.0pt;}\r\n" * 80 + "</style>"
        return _part(
            "text/html; charset=utf-8",
            "8bit",
            f"<html><head>{style}</head><body>{paragraphs}</body></html>",
        )

    def _attached(self, number: int) -> int:
        """Octets of an attachment, 0 for none: a tenth is large, another tenth small."""
        if number % 10 == 3:
            return self._dice.randrange(80_000, 250_000)
        return self._dice.randrange(4_000, 30_000) if number % 10 == 8 else 0

    def _file(self, size: int) -> str:
        content = base64.encodebytes(self._dice.randbytes(size)).decode().replace("\n", "\r\n")
        return _part('application/pdf; name="invoice.pdf"', "base64", content)

    def rare_word(self) -> str:
        """A word that one text in hundreds has."""
        return self._words[len(self._words) // 2]

    def prose(self, octets: int) -> str:
        """About so many octets of words, in lines."""
        words = self._choose(octets // 6)
        return "\r\n".join(" ".join(words[at : at + 11]) for at in range(0, len(words), 11))

    def _choose(self, count: int) -> list[str]:
        return self._dice.choices(self._words, cum_weights=self._weights, k=count)

    def _word(self) -> str:
        vowels, consonants, accents = _LETTERS.split(" ")
        dice = self._dice
        word = "".join(
            dice.choice(consonants) + dice.choice(vowels) for _ in range(dice.randrange(1, 5))
        )
        return word + dice.choice(accents) if dice.random() < 0.1 else word


def _part(kind: str, encoding: str, content: str) -> str:
    return f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n{content}\r\n"


def _many(kind: str, boundary: str, parts: list[str]) -> str:
    body = "".join(f"--{boundary}\r\n{part}" for part in parts)
    return f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n{body}--{boundary}--\r\n'


def _running_sum(numbers: Iterator[float]) -> Iterator[float]:
    total = 0.0
    for number in numbers:
        total += number
        yield total
