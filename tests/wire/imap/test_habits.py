"""Servers with habits of their own: replies over several lines, the ID command, prefixes and delimiters of folders."""

import json
from collections.abc import Callable

import pytest

from tests.wire.imap.conftest import Told
from tests.wire.imap.desk import ImapDesk, account, drop, mail, refuse
from tests.wire.imap.server import ALL, Folder, Server, Talk
from ticketctl.cli import main as cli
from ticketctl.errors import MailServerTrouble

Serve = Callable[..., Server]


def search_lines(*groups: str) -> Callable[[Talk], str]:
    """A SEARCH that is answered with these lines."""

    def answer(talk: Talk) -> str:
        for group in groups:
            talk.send(f"* SEARCH{group}")
        return "OK SEARCH completed"

    return answer


@pytest.mark.parametrize(
    "groups",
    [
        (" 1", " 2", " 3"),
        (" 1 2", " 3"),
        ("", " 1 2 3"),
        (" 3 1 2", ""),
        (" 1  2 ", " 3 (MODSEQ 917162500)"),
        (" 1 2 3", " 1 2 3"),
    ],
)
def test_a_search_answered_over_several_lines_loses_no_mail_B8(
    helpdesk: ImapDesk, serve: Serve, groups: tuple[str, ...]
) -> None:
    server = serve("one", "two", "three")
    server.before["UID SEARCH"] = search_lines(*groups)
    server.after["UID MOVE"] = lambda talk: server.before.pop("UID SEARCH", None) and None
    assert helpdesk.poll(server.port) == 3
    assert helpdesk.raws() == [mail("one"), mail("two"), mail("three")]
    assert helpdesk.poll(server.port) == 0


@pytest.mark.parametrize("words", [" one two", " 1,2", " 1 *"])
def test_a_search_answered_with_anything_but_numbers_is_refused_B14(
    helpdesk: ImapDesk, serve: Serve, words: str
) -> None:
    server = serve("one")
    server.before["UID SEARCH"] = search_lines(words)
    with pytest.raises(MailServerTrouble):
        helpdesk.poll(server.port)
    assert helpdesk.inbox() == []


def test_a_refused_search_is_told_B14(helpdesk: ImapDesk, serve: Serve) -> None:
    server = serve("one")
    server.before["UID SEARCH"] = refuse("not today")
    with pytest.raises(MailServerTrouble, match="cannot search: not today"):
        helpdesk.poll(server.port)


def unsafe_without_id(server: Server) -> Callable[[Talk], str | None]:
    """SELECT that is refused until the ID command came."""
    return lambda talk: None if server.count("ID (") else "NO Unsafe Login, contact the provider"


@pytest.mark.parametrize("done", ["keep", "delete", "move:Done"])
def test_the_server_is_told_who_we_are_before_a_folder_is_opened_B14(
    helpdesk: ImapDesk, serve: Serve, done: str
) -> None:
    server = serve("one", capabilities=(*ALL, "ID"))
    server.before["ID"] = lambda talk: talk.send('* ID ("name" "Mail" "version" "1")') or "OK done"
    server.before["SELECT"] = server.before["EXAMINE"] = unsafe_without_id(server)
    assert helpdesk.poll(server.port, done=done) == 1
    assert server.count('ID ("name" "ticketctl" "version" ') == 1


@pytest.mark.parametrize("reply", ["NO who cares", "BAD what", "OK done"])
def test_a_server_that_refuses_the_id_command_is_polled_all_the_same_B14(
    helpdesk: ImapDesk, serve: Serve, reply: str
) -> None:
    server = serve("one", capabilities=(*ALL, "ID"))
    server.before["ID"] = lambda talk: reply
    assert helpdesk.poll(server.port) == 1


def test_no_id_command_is_sent_where_none_is_offered_or_the_line_is_lost_B14(
    helpdesk: ImapDesk, serve: Serve
) -> None:
    server = serve("one")
    assert helpdesk.poll(server.port) == 1
    assert server.count("ID ") == 0
    lost = serve("one", capabilities=(*ALL, "ID"))
    lost.before["ID"] = drop
    with pytest.raises(MailServerTrouble, match="log in"):
        helpdesk.poll(lost.port)


def prefixed(server: Server, prefix: str, delimiter: str) -> None:
    """Let the server keep every folder under a prefix, and refuse to create others."""
    server.before["NAMESPACE"] = lambda talk: (
        talk.send(f'* NAMESPACE (("{prefix}" "{delimiter}")) NIL NIL') or "OK done"
    )

    def create(talk: Talk) -> str | None:
        name = talk.command.split('"')[1]
        inside = name.upper().startswith(prefix.upper()) and (delimiter == "/" or "/" not in name)
        return None if inside else "NO Invalid mailbox name"

    server.before["CREATE"] = create


@pytest.mark.parametrize(
    ("prefix", "delimiter", "done", "expected"),
    [
        ("INBOX.", ".", "Processed", "INBOX.Processed"),
        ("INBOX.", ".", "INBOX.Processed", "INBOX.Processed"),
        ("INBOX.", ".", "Inbox.Processed", "Inbox.Processed"),
        ("INBOX/", "/", "Erledigt", "INBOX/Erledigt"),
        ("INBOX.", ".", "Support/2026", "INBOX.Support.2026"),
        ("Mail/", "/", "Готово", "Mail/Готово"),
        ("", "/", "Processed", "Processed"),
        ("", ".", "Terminé/août", "Terminé.août"),
        ("", "\\\\", "Done/2026", "Done\\\\2026"),
    ],
)
def test_the_folder_for_fetched_mail_is_made_in_the_personal_namespace_B4(
    helpdesk: ImapDesk, serve: Serve, prefix: str, delimiter: str, done: str, expected: str
) -> None:
    server = serve("one", capabilities=(*ALL, "NAMESPACE"))
    prefixed(server, prefix, delimiter)
    assert helpdesk.poll(server.port, done=f"move:{done}") == 1
    assert helpdesk.state().error is None
    assert server.folders[expected].raws() == [mail("one")]


def test_a_folder_that_exists_as_written_is_used_wherever_it_is_B4(
    helpdesk: ImapDesk, serve: Serve
) -> None:
    server = serve("one", capabilities=(*ALL, "NAMESPACE"))
    prefixed(server, "INBOX.", ".")
    server.folders["Public/Done"] = Folder()
    assert helpdesk.poll(server.port, done="move:Public/Done") == 1
    assert server.folders["Public/Done"].raws() == [mail("one")]
    assert server.count("CREATE") == server.count("NAMESPACE") == 0


def test_without_namespace_the_delimiter_of_the_list_is_used_B4(
    helpdesk: ImapDesk, serve: Serve
) -> None:
    server = serve("one")
    server.before["LIST"] = lambda talk: (
        talk.send('* LIST (\\Noselect) "." ""') if talk.command == 'LIST "" ""' else None
    )
    assert helpdesk.poll(server.port, done="move:Done/2026") == 1
    assert server.folders["Done.2026"].raws() == [mail("one")]


def test_mail_is_fetched_from_a_folder_in_the_personal_namespace_B19(
    helpdesk: ImapDesk, serve: Serve
) -> None:
    server = serve(capabilities=(*ALL, "NAMESPACE"))
    prefixed(server, "INBOX.", ".")
    server.folders["INBOX.Support"] = Folder()
    server.folders["INBOX.Support"].add(mail("one"))
    assert helpdesk.poll(server.port, folder="Support") == 1
    assert server.folders["INBOX.Processed"].raws() == [mail("one")]


def test_mail_stays_where_two_names_are_one_folder_B4(helpdesk: ImapDesk, serve: Serve) -> None:
    server = serve(capabilities=(*ALL, "NAMESPACE"))
    prefixed(server, "INBOX.", ".")
    server.folders["INBOX.Support"] = Folder()
    server.folders["INBOX.Support"].add(mail("one"))
    for expected in (1, 0):
        assert helpdesk.poll(server.port, folder="INBOX.Support", done="move:Support") == expected
    assert "the folder it is fetched from" in (helpdesk.state().error or "")
    assert server.count("UID MOVE") == 0


@pytest.mark.parametrize("stray", ["[COPYUID 124 1:2 7:8]", "[APPENDUID 124 7]"])
def test_a_code_without_a_response_in_front_does_not_end_the_round_B14(
    helpdesk: ImapDesk, serve: Serve, stray: str
) -> None:
    server = serve("one", "two")
    server.after["UID MOVE"] = lambda talk: talk.send(stray)
    assert helpdesk.poll(server.port) == 2
    assert helpdesk.state().error is None
    assert len(server.folders["Processed"].mails) == 2


@pytest.fixture
def tested(told: Told, capsys: pytest.CaptureFixture[str]) -> Callable[[Server], tuple[str, str]]:
    """A function: `mailbox test` of an account at this server; its state and sentence."""

    def run(server: Server) -> tuple[str, str]:
        told(1, account(server.port))
        cli.run(["mailbox", "test", "support", "--json"])
        [one] = json.loads(capsys.readouterr().out)
        return one["state"], one["sentence"]

    return run


Tested = Callable[[Server], tuple[str, str]]


def test_mailbox_test_does_what_a_poll_does_and_changes_no_mail_F_R8(
    tested: Tested, serve: Serve
) -> None:
    server = serve("one", "two", capabilities=(*ALL, "ID", "NAMESPACE"))
    prefixed(server, "INBOX.", ".")
    server.before["ID"] = lambda talk: "OK done"
    state, sentence = tested(server)
    assert (state, sentence.endswith("; fetched mail is moved to INBOX.Processed.")) == ("ok", True)
    for command in ("ID", "SELECT", "UID SEARCH", "UID FETCH 1,2 (FLAGS", "CREATE"):
        assert server.count(command), command
    assert server.count("UID FETCH 1 (BODY.PEEK[]") == 1
    assert server.count("UID STORE") == server.count("UID MOVE") == server.count("UID COPY") == 0
    assert server.inbox.raws() == [mail("one"), mail("two")]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("SELECT", "cannot open the folder INBOX"),
        ("UID SEARCH", "cannot search"),
        ("UID FETCH", "cannot fetch sizes"),
        ("CREATE", "cannot create the folder Processed"),
    ],
)
def test_mailbox_test_says_which_step_fails_F_R8(
    tested: Tested, serve: Serve, command: str, words: str
) -> None:
    server = serve("one")
    server.before[command] = refuse("no right")
    state, sentence = tested(server)
    assert (state, words in sentence, "no right" in sentence) == ("fail", True, True), sentence


def test_mailbox_test_fails_where_fetched_mail_could_not_be_moved_F_R8(
    tested: Tested, serve: Serve
) -> None:
    state, sentence = tested(serve("one", capabilities=("IDLE",)))
    assert (state, "neither MOVE nor UIDPLUS" in sentence) == ("fail", True)
