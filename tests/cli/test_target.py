"""Where -o writes: a regular file is replaced whole, with its mode; what else stands there is written to."""

import os
import stat
import threading
from pathlib import Path

import pytest

from ticketctl.console.output_file import form_of, opened
from ticketctl.errors import BadInput

FORMS = ("csv", "json", "xlsx")


def write(target: Path | str, content: bytes = b"new") -> None:
    with opened(str(target)) as out:
        out.write(content)


def test_a_new_file_and_an_old_one_which_keeps_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    write(file, b"old")
    file.chmod(0o604)
    before = file.stat().st_ino
    write(file)
    assert file.read_bytes() == b"new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o604
    assert file.stat().st_ino != before
    assert [one.name for one in tmp_path.iterdir()] == ["a.csv"]


def test_what_fails_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"old")
    with pytest.raises(ZeroDivisionError), opened(str(file)) as out:
        out.write(b"half")
        raise ZeroDivisionError
    assert file.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["a.csv"]


def test_a_link_stays_a_link_and_its_file_is_written(tmp_path: Path) -> None:
    file, link, second = tmp_path / "a", tmp_path / "link", tmp_path / "second"
    file.write_bytes(b"old")
    link.symlink_to(file)
    write(link)
    assert link.is_symlink()
    assert file.read_bytes() == b"new"
    second.hardlink_to(file)
    write(second, b"newer")
    assert file.read_bytes() == b"newer"


def test_a_fifo_stays_a_fifo(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(fifo.read_bytes()))
    reader.start()
    write(fifo)
    reader.join(30)
    assert read == [b"new"]
    assert stat.S_ISFIFO(fifo.lstat().st_mode)


def test_a_device_stays_a_device() -> None:
    write("/dev/null")
    assert stat.S_ISCHR(os.lstat("/dev/null").st_mode)


def test_a_full_disk_is_a_sentence() -> None:
    with pytest.raises(BadInput, match=r"'/dev/full' cannot be written: No space left on device\."):
        write("/dev/full")
    assert stat.S_ISCHR(os.lstat("/dev/full").st_mode)


@pytest.mark.parametrize("target", ["-", "/dev/stdout", "/dev/fd/1"])
def test_standard_output_under_each_of_its_names(
    target: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    write(target)
    assert capfdbinary.readouterr().out == b"new"


def test_what_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    for target, why in (
        (tmp_path, "Is a directory"),
        (tmp_path / "missing" / "a.csv", "No such file or directory"),
        ("/proc/a.csv", "No such file or directory"),
    ):
        with pytest.raises(BadInput, match=rf"'{target}' cannot be written: {why}\."):
            write(target)


@pytest.mark.parametrize(
    ("target", "asked", "form"),
    [
        ("-", None, "csv"),
        ("-", "xlsx", "xlsx"),
        ("a", None, "csv"),
        ("a.JSON", None, "json"),
        ("a.txt", "csv", "csv"),
        ("/dev/stdout", "json", "json"),
    ],
)
def test_the_format_is_the_one_asked_for_or_that_of_the_name(
    target: str, asked: str | None, form: str
) -> None:
    assert form_of(target, asked, FORMS, "csv") == form


@pytest.mark.parametrize(
    ("target", "asked", "sentence"),
    [
        ("a.csv", "xlsx", r"a\.csv ends in \.csv, but the format is xlsx; end it in \.xlsx"),
        ("a.pdf", "csv", r"a\.pdf ends in \.pdf, but the format is csv"),
        ("a.pdf", None, r"there is no format pdf; end a\.pdf in one of \.csv, \.json, \.xlsx, or give --format"),
        ("a.txt", None, "there is no format txt"),
    ],
)  # fmt: skip
def test_an_ending_that_says_another_format_is_refused(
    target: str, asked: str | None, sentence: str
) -> None:
    with pytest.raises(BadInput, match=sentence):
        form_of(target, asked, FORMS, "csv")
