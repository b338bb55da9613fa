"""Files that nobody vouches for: what is something else as well, or does something when it is opened, is refused.

Nothing is decoded here: that takes memory in proportion to the pixels.
"""

import re

from libs.blobs.media import JPEG, PDF, PNG
from libs.blobs.outside import jpeg_outside, png_outside
from libs.blobs.pdf import refuse_active
from libs.blobs.port import Refused, reference

# A progressive JPEG is decoded once for each of its scans; cameras write ten or so.
MAX_SCANS = 60
FORMATS = {JPEG: "JPEG", PNG: "PNG"}
OUTSIDE = {JPEG: jpeg_outside, PNG: png_outside}
MARKUP = re.compile(rb"<(!doctype|html|svg|script|iframe|body|\?php)[\s>/]|%PDF-", re.IGNORECASE)


def checked(data: bytes) -> str:
    """The media type of a file that may be kept; raises Refused."""
    kind = reference(data).mediaType
    if kind == PDF:
        refuse_active(data)
        return kind
    for part in OUTSIDE[kind](data):
        if found := MARKUP.search(part):
            raise Refused(f"the {FORMATS[kind]} is something else as well: it carries {found[0][:12]!r}")
    if kind == JPEG and data.count(b"\xff\xda") > MAX_SCANS:
        raise Refused(f"a JPEG of more than {MAX_SCANS} scans")
    return kind
