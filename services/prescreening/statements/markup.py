"""XML that nobody vouches for, read without document types, entities, networks or bottomless nesting."""

import re
from collections.abc import Iterator
from io import BytesIO

from lxml import etree

from services.prescreening.statements.form import Refused

DECLARATION = re.compile(r"\s*<\?xml[^>]{0,300}\?>")


def ends(text: str, *tags: str) -> Iterator[etree._Element]:
    """Each element of these local names, when it has ended; the caller clears what it has read. Raises Refused.

    libxml2 itself bounds the nesting (256) and the length of a text (10 MB).
    """
    refuse_types(text)
    source = BytesIO(_undeclared(text))
    reading = etree.iterparse(
        source, events=("end",), tag=[f"{{*}}{tag}" for tag in tags], resolve_entities=False, no_network=True,
        load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        for _, element in reading:
            yield element
    except etree.XMLSyntaxError as error:
        raise _broken(error) from None


def tree(text: str) -> etree._Element:
    """The whole document; raises Refused."""
    refuse_types(text)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(_undeclared(text), parser)
    except etree.XMLSyntaxError as error:
        raise _broken(error) from None


def _undeclared(text: str) -> bytes:
    """In UTF-8, which is what XML is without a declaration."""
    declaration = DECLARATION.match(text)
    return (text[declaration.end() :] if declaration else text).encode()


def refuse_types(text: str) -> None:
    """Raise Refused where a document brings its own types or entities."""
    for word in ("<!DOCTYPE", "<!ENTITY"):
        if (at := text.find(word)) >= 0:
            raise Refused("document types and entities are not read", f"line {text.count(chr(10), 0, at) + 1}")


def _broken(error: etree.XMLSyntaxError) -> Refused:
    """The kind of error and where; its message may quote the document."""
    names = {value: name for name, value in vars(etree.ErrorTypes).items() if isinstance(value, int)}
    kind = names.get(error.code, f"ERR_{error.code}").removeprefix("ERR_").replace("_", " ").lower()
    return Refused(f"the XML is broken: {kind}", f"line {error.lineno}" if error.lineno else "")
