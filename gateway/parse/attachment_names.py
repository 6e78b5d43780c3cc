"""Finds names of attachments (H8), and makes them safe (J2)."""

import re

from gateway.parse.clean_text import storable
from gateway.parse.headers import text

_MAX_LENGTH = 255  # bytes of UTF-8
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[1-9]|lpt[1-9])(?:\.|\Z)", re.IGNORECASE)
# Direction marks and invisible characters.
_HIDDEN = re.compile("[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
_UNFIT = re.compile(r'[<>:"|?*]')

_EXTENSIONS = {
    "text/plain": ".txt",
    "text/html": ".html",
    "text/calendar": ".ics",
    "text/csv": ".csv",
    "text/vcard": ".vcf",
    "text/x-vcard": ".vcf",
    "text/xml": ".xml",
    "application/xml": ".xml",
    "application/json": ".json",
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "application/gzip": ".gz",
    "application/msword": ".doc",
    "application/vnd.ms-excel": ".xls",
    "application/rtf": ".rtf",
    "application/ms-tnef": ".dat",
    "application/pkcs7-mime": ".p7m",
    "application/x-pkcs7-mime": ".p7m",
    "application/pgp-encrypted": ".asc",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/bmp": ".bmp",
    "image/tiff": ".tif",
    "image/svg+xml": ".svg",
    "image/webp": ".webp",
    "audio/mpeg": ".mp3",
    "audio/wav": ".wav",
    "audio/x-wav": ".wav",
    "video/mp4": ".mp4",
    "video/mpeg": ".mpg",
    "message/rfc822": ".eml",
    "message/global": ".eml",
    "message/delivery-status": ".txt",
    "message/global-delivery-status": ".txt",
    "message/disposition-notification": ".txt",
    "message/feedback-report": ".txt",
    "text/rfc822-headers": ".txt",
    "message/rfc822-headers": ".txt",
}


def declared(disposition: dict[str, str], content_type: dict[str, str]) -> str:
    """Return the file name that the part declares, decoded and safe, or ""."""
    for name in (disposition.get("filename"), content_type.get("name")):
        if name and (found := safe(text(name))):
            return found
    return ""


def fallback(type_: str, location: str, content_id: str, description: str, subject: str) -> str:
    """Return a name for a part without one (H8). `subject`: of an attached mail."""
    place = safe(text(location).split("?")[0])
    if "." in place:
        return place
    extension = _EXTENSIONS.get(type_, "")
    if "." in (inner := safe(content_id.strip("<> \t").partition("@")[0])):
        return inner
    if extension == ".eml":
        return _with_extension(
            safe(_UNFIT.sub(" ", text(subject).replace("/", " "))), ".eml", "mail"
        )
    described = safe(_UNFIT.sub(" ", text(description).replace("/", " ")))
    if described:
        return described if "." in described else described + extension
    major = type_.partition("/")[0]
    stem = {"text": "document", "image": "image", "audio": "audio", "video": "video"}.get(major)
    return (stem or "file") + extension


def safe(name: str) -> str:
    """Make a name safe: no path, control or direction marks, nothing reserved, at most 255 bytes; may be ""."""
    name = storable(_HIDDEN.sub("", name))
    name = re.sub("[\x00-\x1f\x7f-\x9f]", "", name)
    name = re.split(r"[/\\]", name.rstrip("/\\ "))[-1]
    name = name.strip().lstrip(". ").rstrip(". ")
    if len(name) > 2 and name[1] == ":" and name[0].isalpha() and name[0].isascii():
        name = name[2:]
    if _RESERVED.match(name):
        name = "_" + name
    return _cut(name)


def _with_extension(stem: str, extension: str, otherwise: str) -> str:
    stem = stem or otherwise
    return _cut(stem if stem.lower().endswith(extension) else stem + extension)


def _cut(name: str) -> str:
    """Shorten a name before its extension, between characters."""
    if len(name.encode()) <= _MAX_LENGTH:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension.encode()) > 20:
        stem, dot, extension = name, "", ""
    room = _MAX_LENGTH - len((dot + extension).encode())
    return stem.encode()[:room].decode("utf-8", "ignore") + dot + extension
