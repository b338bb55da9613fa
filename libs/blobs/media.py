"""What kind of file bytes are, by their beginning: never by a name or by what a sender says."""

JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
XML, HTML, TEXT = "text/xml", "text/html", "text/plain"
UNKNOWN = "application/octet-stream"

BEGINNINGS = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"BM", "image/bmp"),
    (b"%PDF-", PDF),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
)
# What a browser would show as a page, after any white space.
MARKUP = ((b"<svg", "image/svg+xml"), (b"<!doctype html", HTML), (b"<html", HTML), (b"<?xml", XML))
HEIC = frozenset({b"heic", b"heix", b"mif1", b"msf1", b"hevc"})


def sniffed(data: bytes) -> str:
    """The media type of some bytes; application/octet-stream where it cannot be told."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp":
        return "image/avif" if data[8:12] == b"avif" else "image/heic" if data[8:12] in HEIC else "video/mp4"
    for beginning, kind in BEGINNINGS:
        if data.startswith(beginning):
            return kind
    text = data[:512].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for beginning, kind in MARKUP:
        if text.startswith(beginning):
            return "image/svg+xml" if kind == XML and b"<svg" in text else kind
    return UNKNOWN


# What stands in no text: control characters but for white space, and those around a SWIFT message.
CONTROLS = bytes({*range(32)} - {*b"\t\n\v\f\r", 1, 3})
WIDE = (b"\xff\xfe", b"\xfe\xff")


def is_text(data: bytes) -> bool:
    """Whether some bytes may be a text, in whatever encoding: of UTF-16 that its mark is there, else no controls."""
    return data.startswith(WIDE) or data[:65_536].translate(None, CONTROLS) == data[:65_536]
