"""Codes of what issues documents: ISO 3166-1 alpha-3, and what ICAO Doc 9303 part 3, section 5 adds."""

from functools import cache

from rigour.territories import get_territories

ICAO = frozenset({
    "D", "EUE", "GBD", "GBN", "GBO", "GBP", "GBS", "IAO", "NTZ", "RKS", "UNA", "UNK", "UNO", "UTO", "XAA", "XBA",
    "XCC", "XCE", "XCO", "XCT", "XDC", "XEC", "XES", "XIM", "XMP", "XOM", "XPO", "XXA", "XXB", "XXC", "XXX",
})  # fmt: skip


@cache
def states() -> frozenset[str]:
    """Every code that may stand for an issuing state or a nationality."""
    return ICAO | {territory.alpha3.upper() for territory in get_territories() if territory.alpha3}
