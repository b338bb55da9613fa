"""XML of any length, element by element: nothing is kept, nothing is fetched, and no entity is resolved."""

from collections.abc import Iterator, Sequence
from typing import IO

from lxml import etree


class Broken(ValueError):
    """A list that is not what it should be; the text names the place."""


def elements(file: IO[bytes], root: str, tags: Sequence[str]) -> Iterator[etree._Element]:
    """The elements of these names below the root, without namespaces, each whole until the next one is asked for.

    Raises Broken, with the line, where it is no XML, has a document type or another root.
    """
    try:
        yield from _elements(file, root, tags)
    except etree.XMLSyntaxError as error:
        raise Broken(f"line {error.lineno}: no XML: {error.msg}") from None


def _elements(file: IO[bytes], root: str, tags: Sequence[str]) -> Iterator[etree._Element]:
    begun = False
    for event, element in etree.iterparse(
        file, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    ):
        if not begun:
            _check(element, root)
            begun = True
        if event != "end" or local(element) not in tags:
            continue
        for part in element.iter(etree.Element):
            part.tag = local(part)
        yield element
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def _check(element: etree._Element, root: str) -> None:
    if element.getroottree().docinfo.doctype:
        raise Broken("line 1: a list has no document type")
    if local(element) != root:
        raise Broken(f"line {element.sourceline}: <{local(element)}> instead of <{root}>")


def local(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def text(element: etree._Element, path: str) -> str:
    """The text of a part, on one line; empty where there is none."""
    return " ".join((element.findtext(path) or "").split())


def place(element: etree._Element) -> str:
    """Where an element stands, for a reader of the file."""
    return f"line {element.sourceline}: <{local(element)}>"
