"""Small PDFs, made by hand."""

import zlib


def pdf(*objects: bytes) -> bytes:
    """A document of one empty page and further objects; readers work its table of objects out."""
    page = b"1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj"
    leaf = b"3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >> endobj"
    trailer = b"trailer << /Root 1 0 R /Size 9 >>\nstartxref\n0\n%%EOF\n"
    return b"\n".join([b"%PDF-1.7", page, leaf, *objects, trailer])


def with_objects(content: bytes) -> bytes:
    """Objects that stand compressed in a stream."""
    packed = zlib.compress(content)
    head = b"4 0 obj << /Type /ObjStm /Filter /FlateDecode /N 1 /First 4 /Length %d >>" % len(packed)
    return pdf(head + b"\nstream\n" + packed + b"\nendstream endobj")


HARMLESS = pdf(b"4 0 obj << /Type /Annot /A << /S /URI /URI (https://example.org/JavaScript) >> >> endobj")
