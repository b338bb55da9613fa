"""What the operator sees: a spinner and a table on a terminal, plain lines elsewhere."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.table import Table
from rich.text import Text

_PLAIN_WIDTH = 160  # of a table that goes to a file or a pipe
_PLAIN_EVERY = 2.0  # seconds between two lines of progress that go there
Tell = Callable[[str], None]

COLOURS = {"PASS": "green", "REVIEW": "yellow", "FAIL": "red"}


def console() -> Console:
    """Standard output."""
    found = Console(highlight=False)
    return found if found.is_terminal else Console(highlight=False, width=_PLAIN_WIDTH)


@contextmanager
def waiting(out: Console, text: str) -> Iterator[Tell]:
    """Shows what is being waited for, and then how long it took; the block may say how it comes along."""
    begun = time.monotonic()
    if out.is_terminal:
        with out.status(Text(text)) as status:
            yield lambda detail: status.update(Text(f"{text}: {detail}"))
    else:
        yield _throttled(out, text)
    out.print(Text(f"{text}: {time.monotonic() - begun:.1f} s"))


def _throttled(out: Console, text: str) -> Tell:
    told, last = time.monotonic(), ""

    def tell(detail: str) -> None:
        nonlocal told, last
        if detail != last and (now := time.monotonic()) - told >= _PLAIN_EVERY:
            told, last = now, detail
            out.print(Text(f"{text}: {detail}"))

    return tell


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """The last column is cut at the edge, the others are whole; a status has its colour."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        last = heading == headings[-1]
        # Only what may wrap is made narrower; its cells are then cut, not wrapped.
        made.add_column(heading, no_wrap=not last, justify="right" if heading == "ms" else "left")
    for row in rows:
        made.add_row(*(Text(cell, style=COLOURS.get(cell, ""), no_wrap=True, overflow="ellipsis") for cell in row))
    return made
