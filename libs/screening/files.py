"""Where a published list lies."""

from pathlib import Path

from libs.screening.watchlist import WatchlistRefused

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "package:"


def fetch(uri: str) -> bytes:
    """The bytes of a list; `package:` is a file that ships with the program."""
    if not uri.startswith(PACKAGE):
        raise WatchlistRefused(f"{uri}: only {PACKAGE} can be read")
    path = (ROOT / uri.removeprefix(PACKAGE)).resolve()
    if not path.is_relative_to(ROOT):
        raise WatchlistRefused(f"{uri}: lies outside the program")
    try:
        return path.read_bytes()
    except OSError as error:
        raise WatchlistRefused(f"{uri}: {error.strerror}") from error
