"""Files that do or carry something are refused, whatever they begin with."""

import zlib

import pytest

from libs.blobs.harmless import checked
from libs.blobs.port import Refused
from tests.libs.blobs.pdfs import HARMLESS, pdf, with_objects

SCRIPT = b"<< /S /JavaScript /JS (app.alert(1)) >>"


def test_a_pdf_of_pages() -> None:
    assert checked(HARMLESS) == "application/pdf"
    assert checked(with_objects(b"1 0 << /Type /Font >>")) == "application/pdf"
    assert checked(pdf(b"4 0 obj << /Length 9 >>\nstream\n\x00/JS\x00bytes\nendstream endobj")) == "application/pdf"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (pdf(b"4 0 obj " + SCRIPT + b" endobj"), "/JS"),
        (pdf(b"4 0 obj << /S /J#61vaScript >> endobj"), "/JavaScript"),
        (pdf(b"4 0 obj << /S /Launch /F (cmd.exe) >> endobj"), "/Launch"),
        (pdf(b"4 0 obj << /Type /EmbeddedFile >>\nstream\nMZ\nendstream endobj"), "/EmbeddedFile"),
        (pdf(b"% stream\n4 0 obj << /S /JavaScript >> endobj endstream"), "/JavaScript"),
        (with_objects(SCRIPT), "/JS"),
        (with_objects(b" " * 60_000_000), "more than 50,000,000"),
        (with_objects(SCRIPT).replace(zlib.compress(SCRIPT), b"packed"), "cannot be looked into"),
        (pdf().replace(b"/Size 9", b"/Size 9 /Encrypt 5 0 R"), "encrypted"),
        (pdf() + b"<html><script>", "more follows its end"),
        (b"%PDF-1.7 and no more", "no end"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_pdf_that_does_more_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        checked(data)
