"""Charsets under wrong names, under names of programs, or under none."""

import pytest

from gateway.parse.charsets import decode, names
from gateway.parse.charsets.detection import detect
from gateway.parse.mail import Mail
from gateway.parse.parse import parse


def mail(subject: bytes, text: bytes, type_: str = "text/plain") -> Mail:
    head = b"From: a@b.example\nSubject: " + subject + b"\nContent-Type: " + type_.encode()
    return parse(head + b"\nContent-Transfer-Encoding: 8bit\n\n" + text)


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("cp-850", "cp850"),
        ("IBM-852", "cp852"),
        ("DOS-866", "cp866"),
        ("win-1251", "cp1251"),
        ("windows1250", "cp1250"),
        ("Windows_1254", "cp1254"),
        ("x-cp1253", "cp1253"),
        ("X-Windows-1257", "cp1257"),
        ("ms-1255", "cp1255"),
        ("cp28592", "iso8859-2"),
        ("cp20866", "koi8-r"),
        ("cp65001", "utf-8"),
        ("codepage-50220", "iso2022_jp_ext"),
        ("iso8859-15", "iso8859-15"),
        ("8859-2", "iso8859-2"),
        ("x-iso-8859-7", "iso8859-7"),
        ("ISO-8859-1:1987", "cp1252"),
        ("ksc_5601", "cp949"),
        ("KS_C_5601-1989", "cp949"),
        ("x-uhc", "cp949"),
        ("cn-gb", "gb18030"),
        ("x-x-big5", "big5hkscs"),
        ("x-ms-cp932", "cp932"),
        ("eucJP-win", "euc_jp"),
        ("koi8-ru", "koi8-u"),
        ("x-mac-turkish", "mac-turkish"),
        ("x-utf-8", "utf-8"),
        ("x-x-gbk", "gb18030"),
    ],
)
def test_names_that_programs_write_H4(name: str, codec: str) -> None:
    found = names.codec(name)
    assert found is not None
    assert "".encode(found) == "".encode(codec) and found.replace("_", "-") == codec.replace(
        "_", "-"
    )


@pytest.mark.parametrize("name", ["x-unknown", "8bit", "unknown-8bit", "cp99999", "win", "hex"])
def test_names_of_no_charset_H4(name: str) -> None:
    assert names.codec(name) is None


@pytest.mark.parametrize("name", ["iso-8859-1", "windows-1252", "ISO-8859-9", "koi8-r", "cp850"])
@pytest.mark.parametrize(
    "text",
    ["Der Heizkörper ist kalt.", "Le radiateur est gelé", "Радиатор холодный", "Kalorifer soğuk"],
)
def test_utf8_under_the_name_of_single_bytes_H3(name: str, text: str) -> None:
    assert decode.decode(text.encode(), name) == text


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("NESTLÉ®", "iso-8859-1"),
        ("Das Gerät heißt „Frühling“", "windows-1252"),
        ("แบบ", "tis-620"),
        ("ПИСЬМО", "windows-1251"),
        ("всё ещё", "koi8-r"),
        ("联通", "gbk"),
        ("ραντεβού", "iso-8859-7"),
    ],
)
def test_a_declared_charset_is_used_H3(text: str, name: str) -> None:
    assert decode.decode(text.encode(names.codec(name) or ""), name) == text


def test_raw_utf8_in_an_encoded_word_H5() -> None:
    assert mail("=?iso-8859-1?Q?Chauffage_gelé?=".encode(), b"x").subject == "Chauffage gelé"
    assert mail("=?gb2312?Q?暖气_坏了?=".encode(), b"x").subject == "暖气 坏了"


def jis(text: str) -> bytes:
    """Encode double-byte characters of cp932 as ISO-2022-JP, those of vendors too."""
    pairs = bytearray()
    for lead, trail in (char.encode("cp932") for char in text):
        row = 2 * (lead - (0x70 if lead < 0xA0 else 0xB0)) - 1
        if trail >= 0x9F:
            pairs += bytes((row + 1, trail - 0x7E))
        else:
            pairs += bytes((row, trail - (0x20 if trail > 0x7F else 0x1F)))
    return b"\x1b$B" + bytes(pairs) + b"\x1b(B"


@pytest.mark.parametrize("text", ["③番の窓", "㈲山田硝子", "№と㌔と㍻", "普通の文"])
def test_iso_2022_jp_with_characters_of_vendors_H4(text: str) -> None:
    assert decode.decode(jis(text) + b" 12", "iso-2022-jp") == text + " 12"
    assert mail(jis(text), jis(text)).subject == text


def test_damaged_iso_2022_jp_keeps_what_can_be_read_H4() -> None:
    assert decode.decode(b"\x1b$B$^\x1b(B ok", "iso-2022-jp") == "ま ok"
    assert decode.decode(jis("①窓")[:-4] + b"\x1b(B ok", "iso-2022-jp") == "①\ufffd ok"
    assert decode.decode(b"\x1b$B|b\x1b(B", "iso-2022-jp") == "髙"
    assert decode.decode(b"\x1b(I1\x1b(B" + jis("①"), "iso-2022-jp") == "ｱ①"


UNDECLARED = [
    ("koi8_r", "окно", "Окно не закрывается, пришлите мастера."),
    ("cp1251", "Окно", "Окно не закрывается, пришлите мастера."),
    ("koi8_u", "Вікно", "Вікно не зачиняється, допоможіть."),
    ("iso8859-2", "Pęknięte okno", "Szyba w oknie pękła, proszę o wymianę jeszcze w środę."),
    ("cp1250", "Rozbité okno", "Prosím, přijďte co nejdříve, okno se nedá zavřít."),
    ("iso8859-2", "Ablak", "Az ablak betört, kérem küldjenek valakit minél előbb, köszönöm."),
    ("cp1254", "Pencere", "Pencere kırıldı, camı değiştirin lütfen."),
    ("gb18030", "窗户", "窗户打不开了，请派人来修理。"),
    ("cp932", "窓", "窓が割れました。修理をお願いします。"),
    ("euc_jp", "窓について", "窓が割れました。修理をお願いします。"),
    ("cp949", "창문", "창문이 깨졌습니다. 수리해 주세요."),
    ("big5hkscs", "窗戶", "窗戶打不開了，請派人來修理。"),
    ("cp1253", "Παράθυρο", "Το παράθυρο έσπασε, ελάτε σήμερα."),
    ("cp1255", "חלון", "החלון נשבר, בבקשה לבוא"),
    ("cp1256", "نافذة", "النافذة مكسورة، أرجو الحضور"),
    ("cp874", "หน้าต่าง", "หน้าต่างแตก ช่วยมาดูด้วย"),
    ("cp1252", "Fenêtre cassée", "La fenêtre est cassée, où êtes-vous ?"),
    ("cp1252", "Fönstret", "Fönstret är trasigt på övervåningen"),
    ("cp1252", "Größe", "Die Fenstergröße passt nicht, £20 waren zu viel"),
]


@pytest.mark.parametrize(("codec", "subject", "text"), UNDECLARED)
def test_the_charset_is_detected_over_subject_and_text_H3_H6(
    codec: str, subject: str, text: str
) -> None:
    found = mail(subject.encode(codec), text.encode(codec))
    assert (found.subject, found.text) == (subject, text)


@pytest.mark.parametrize("text", ["høj", "naïve", "Zoë", "Señor Núñez", "MÜLLER ®", "£20", "“so”"])
def test_a_few_letters_are_western_H3(text: str) -> None:
    assert decode.decode(text.encode("cp1252")) == text


def test_a_raw_subject_has_the_charset_of_the_first_text_H6() -> None:
    raw = b"Content-Type: multipart/mixed; boundary=b\nSubject: " + "Žába".encode("cp1250")
    raw += b"\n\n--b\nContent-Type: text/plain; charset=windows-1250\n\nx\n--b--\n"
    assert parse(raw).subject == "Žába"


def test_detection_takes_any_bytes_H3() -> None:
    for byte in range(128, 256):
        detect(bytes([byte]) * 100)
        detect(bytes([byte, 0x20, 0xFF, 0x80, byte]))
