"""From the bytes of a file to its text: the encoding is the one that it bears out, never the one that it claims."""

import codecs
import re

from libs.blobs.media import sniffed
from services.prescreening.statements.form import Refused

MAX_BYTES = 100_000_000
HEAD = 5_000
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What banks declare, by Python's names; what else is declared is refused.
KNOWN = {
    "utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "ascii", "ascii": "ascii", "usascii": "ascii",
    "iso-8859-1": "latin-1", "latin-1": "latin-1", "latin1": "latin-1", "8859-1": "latin-1",
    "iso-8859-15": "iso8859-15", "windows-1252": "cp1252", "cp1252": "cp1252", "1252": "cp1252",
    "windows-1250": "cp1250", "cp1250": "cp1250", "utf-16": "utf-16", "unicode": "utf-8", "none": "utf-8",
}  # fmt: skip
IN_XML = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
IN_OFX = re.compile(rb"^\s*OFXHEADER:.{0,400}?CHARSET:\s*([A-Za-z0-9-]{1,40})", re.DOTALL)
CONTAINERS = frozenset({"application/zip", "application/gzip"})
XLS = b"\xd0\xcf\x11\xe0"


def decoded(data: bytes, encoding: str | None = None) -> str:
    """The text of a file, in the encoding of its mark, of its own declaration, as given, or UTF-8; raises Refused."""
    if not data.strip():
        raise Refused("the file is empty")
    if len(data) > MAX_BYTES:
        raise Refused(f"the file is larger than {MAX_BYTES:,} bytes")
    _refuse_others(data)
    mark, marked = _marked(data)
    declared = _declared(data[len(mark) :])
    codec = marked or declared or encoding or "utf-8"
    if marked and declared and _family(declared) != _family(marked):
        raise Refused(f"the file declares {declared} and begins as {marked}")
    try:
        text = data[len(mark) :].decode(codec)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Refused(f"byte {error.start:,} is not {codec}", f"line {line}") from None
    _refuse_controls(text)
    return text


def head(data: bytes) -> str:
    """The first characters of a file, as far as they can be told; raises Refused for what is no text at all."""
    _refuse_others(data)
    mark, marked = _marked(data)
    return data[len(mark) : HEAD].decode(marked or _declared(data) or "latin-1", "replace").lstrip()


def _marked(data: bytes) -> tuple[bytes, str | None]:
    return next(((bom, name) for bom, name in BOMS if data.startswith(bom)), (b"", None))


def _refuse_others(data: bytes) -> None:
    """What is known by its beginning as something else. Nothing is ever unpacked."""
    kind = sniffed(data)
    if kind in CONTAINERS:
        raise Refused("the file is an archive or a workbook (zip, gzip); the statement itself is asked for")
    if data.startswith(XLS):
        raise Refused("the file is an old workbook; the statement itself is asked for")
    if kind.startswith(("image/", "video/", "application/pdf")) and kind != "image/svg+xml":
        raise Refused(f"the file is {kind}, from which no statement is read")


def _declared(data: bytes) -> str | None:
    found = IN_XML.match(data[:500]) or IN_OFX.match(data[:1000])
    if not found:
        return None
    name = found[1].decode("ascii").lower()
    if name not in KNOWN:
        raise Refused(f"the file declares the encoding {name}, which is not read")
    return KNOWN[name]


def _family(codec: str) -> str:
    return codec[:6]


def _refuse_controls(text: str) -> None:
    if (at := text.find("\0")) >= 0:
        raise Refused("a NUL stands in the text", f"line {text.count(chr(10), 0, at) + 1}")
