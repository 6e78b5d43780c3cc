"""Lines of our own mails, by which quotes of them are recognised in answers (I7)."""

from functools import cache

from ticketctl.templating import render
from ticketctl.templating.samples import samples


@cache
def markers() -> tuple[str, ...]:
    """Return our line “reply above this line” in every language (I7)."""
    return render.markers()


@cache
def notices() -> tuple[str, ...]:
    """Return the lines that every notification has, in every language."""
    templates = render.MailTemplates()
    sample = samples("notification")[0] | {"text": "", "author": "\x00", "customer_name": "\x00"}
    texts = (templates.render("notification", one, sample).text for one in templates.languages)
    lines = (line.strip() for text in texts for line in text.split("\n"))
    return tuple(dict.fromkeys(line for line in lines if len(line.split()) > 2))
