"""From a file to its statements: the form is told by the content, never by a name."""

import re
from collections.abc import Mapping

from services.prescreening.statements import camt053, mapped_csv, mt940, ofx
from services.prescreening.statements.decoding import decoded, head
from services.prescreening.statements.form import Refused, Statement
from services.prescreening.statements.mapping import Mapping as Form

OFX = re.compile(r"OFXHEADER\s*[:=]|<\?OFX\b|<OFX>")
MT940 = re.compile(r"^(?:\{1:[^\n]*)?:20:", re.MULTILINE)
XBRL = re.compile(r"<html\b|inlineXBRL", re.IGNORECASE)


def read(data: bytes, forms: Mapping[str, Form], mapping: str | None = None, file: str = "") -> list[Statement]:
    """Every statement of a file, each named after it; raises Refused, which names it, too."""
    try:
        return [one._replace(file=file) for one in _read(data, forms, mapping)]
    except Refused as refused:
        raise refused.of(file) from None


def _read(data: bytes, forms: Mapping[str, Form], mapping: str | None) -> list[Statement]:
    begins = head(data)
    if OFX.search(begins):
        return ofx.read(decoded(data))
    if begins.startswith("<"):
        if XBRL.search(begins):
            raise Refused("the file is a page or a financial statement, not a bank's")
        if not camt053.NAMESPACE.search(begins):
            raise Refused("the XML is in no form of bank statements that is read", "line 1")
        return camt053.read(decoded(data))
    if MT940.search(begins):
        return mt940.read(decoded(data))
    return mapped_csv.read(data, forms, mapping)
