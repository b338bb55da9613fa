"""What kind of character may stand at each place of a machine readable zone."""

from collections.abc import Mapping
from string import ascii_uppercase, digits

from libs.documents.layout import Layout

ANY = ascii_uppercase + digits + "<"
# By field; what is not named here may hold anything.
KINDS: Mapping[str, str] = {
    "issuer": ascii_uppercase + "<",
    "nationality": ascii_uppercase + "<",
    "name": ascii_uppercase + "<",
    "birth": digits + "<",
    "expiry": digits + "<",
    "sex": "MFX<",
}
# The first letter of the document's code; the second may be any.
CODES: Mapping[str, str] = {"TD1": "ACI", "TD2": "ACI", "TD3": "P", "MRV-A": "V", "MRV-B": "V"}
CHECK_DIGIT = digits + "<"


def places(layout: Layout) -> tuple[tuple[str, ...], ...]:
    """For each line of a format what may stand at each of its places."""
    lines = [[ANY] * layout.width for _ in range(layout.lines)]
    for field, kind in KINDS.items():
        line, begin, end = layout.fields[field]
        lines[line][begin:end] = [kind] * (end - begin)
    for line, begin, _ in layout.digits.values():
        lines[line][begin] = CHECK_DIGIT
    lines[0][0], lines[0][1] = CODES[layout.name], ascii_uppercase + "<"
    return tuple(tuple(line) for line in lines)
