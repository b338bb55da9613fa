"""PDFs that do more than to show pages: scripts, programs, files within, what is hidden (ISO 32000-1)."""

import re
import zlib
from collections.abc import Iterator

from libs.blobs.port import Refused

# Names of actions and of contents that run, send or carry something (12.6.4, 7.11.4, 12.7.8, 13.6).
ACTIVE = frozenset(
    {
        b"JavaScript", b"JS", b"Launch", b"SubmitForm", b"ImportData", b"GoToE", b"EmbeddedFile", b"EmbeddedFiles",
        b"RichMedia", b"Movie", b"Sound", b"Rendition", b"XFA",
    }
)  # fmt: skip
# In the bytes of a picture a short name may stand by chance.
CERTAIN = re.compile(rb"/(JavaScript|EmbeddedFiles?|SubmitForm|ImportData|RichMedia|Rendition)\b")
NAME = re.compile(rb"/([^\x00-\x20()<>\[\]{}/%]+)")
# The address of a link is no name, wherever it leads.
LINK = re.compile(rb"/URI\s*\([^()<>\\\r\n]*\)")
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM = re.compile(rb"\bstream\r?\n")
END = b"endstream"
# How far before a stream its dictionary begins, and how much all object streams together may hold.
DICTIONARY = 2_000
MAX_INFLATED = 50_000_000
FINISHED = b"%%EOF"


def refuse_active(data: bytes) -> None:
    """Raise Refused where a PDF is not only pages, or goes on after its end."""
    end = data.rfind(FINISHED)
    if end < 0:
        raise Refused("the PDF has no end")
    if data[end + len(FINISHED) :].strip(b"\0\t\n\f\r "):
        raise Refused("the PDF is something else as well: more follows its end")
    for part in _parts(data):
        names = set(_names(part))
        if b"Encrypt" in names:
            raise Refused("the PDF is encrypted and cannot be looked into")
        if found := names & ACTIVE:
            raise Refused(f"the PDF does more than to show pages: /{min(found).decode()}")


def _parts(data: bytes) -> Iterator[bytes]:
    """What names are looked for in: all that is outside of streams, and the object streams inflated."""
    at = inflated = 0
    while begin := STREAM.search(data, at):
        yield data[at : begin.start()]
        end = data.find(END, begin.end())
        end = len(data) if end < 0 else end
        content, dictionary = data[begin.end() : end], data[max(at, begin.start() - DICTIONARY) : begin.start()]
        if found := CERTAIN.search(content):
            raise Refused(f"the PDF does more than to show pages: {found[0].decode()}")
        if b"ObjStm" in set(_names(dictionary.rpartition(b" obj")[2])):
            objects = _inflated(content, MAX_INFLATED - inflated)
            inflated += len(objects)
            yield objects
        at = end
    yield data[at:]


def _inflated(content: bytes, at_most: int) -> bytes:
    inflating = zlib.decompressobj()
    try:
        objects = inflating.decompress(content, max(at_most, 1))
    except zlib.error:
        raise Refused("the PDF holds objects that cannot be looked into") from None
    if inflating.unconsumed_tail:
        raise Refused(f"the PDF holds more than {MAX_INFLATED:,} bytes of objects")
    return objects


def _names(part: bytes) -> Iterator[bytes]:
    for found in NAME.finditer(LINK.sub(b"", part)):
        yield ESCAPED.sub(lambda code: bytes([int(code[1], 16)]), found[1])
