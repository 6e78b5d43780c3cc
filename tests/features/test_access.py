"""Who sees what, and what a hostile text cannot do."""

import stat

from tests.support.outside import DORA, Outside


def test_F_A37_only_who_works_on_a_ticket_sees_it(outside: Outside) -> None:
    """An agent of another segment gets 4, and lists, searches and exports leave it out."""
    outside.mail()
    outside.mail(to="billing@help.example", sender=DORA)
    outside.become("ida")
    for words in (("show", "1"), ("history", "1"), ("comment", "1", "-m", "x")):
        outside.run(*words, code=4)
    assert outside.ids("list") == outside.ids("search", "print") == [2]
    assert "carl" not in outside.run("export", "--messages", "--format", "json", "-o", "-")
    outside.become("ana")
    outside.run("show", "2", code=4)
    assert outside.ids("list") == [1]


def test_F_T18_the_desk_is_secure(outside: Outside) -> None:
    """Secrets are not printed, files are private, a hostile subject is spelt out, and a stranger learns nothing."""
    secret = "hunter2-geheim"
    config = outside.home / ".config" / "ticketctl" / "config.toml"
    config.write_text(
        f'[outgoing]\nhost = "mx.example"\nusername = "u"\npassword_command = "echo {secret}"\n'
    )
    assert secret not in outside.run("config", "list").replace(f"echo {secret}", "")
    outside.mail(Subject="\x1b[2Jboo")
    assert "\x1b[2J" not in outside.see("list") + outside.see("show", "1")
    database = outside.home.parent / "desk.db"
    assert stat.S_IMODE(database.stat().st_mode) & 0o077 == 0
    texts = []
    for number in ("1", "99"):
        outside.mail("", sender=f"s{number}@evil.example", Subject=f"status #{number}")
        (row,) = outside.outbox(to=f"s{number}@evil.example")
        texts.append(outside.text(row).replace(f"#{number}", "#N"))
    assert texts[0] == texts[1]
