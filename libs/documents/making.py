"""Machine readable zones made from what they should say, for samples and tests."""

from libs.documents.layout import LAYOUTS, Layout, Span, check_digit, cut
from libs.documents.transliteration import transliterated

CODES = {"TD1": "I", "TD2": "I", "TD3": "P", "MRV-A": "V", "MRV-B": "V"}


def make_mrz(
    *,
    issuer: str,
    number: str,
    familyName: str,
    givenNames: str,
    birth: str,
    expiry: str,
    nationality: str | None = None,
    sex: str = "<",
    optional: str = "",
    format: str = "TD3",
    code: str | None = None,
) -> str:
    """The zone of a document, its check digits right; dates are ISO 8601, names are in any script.

    format: TD1 (card), TD2, TD3 (passport), MRV-A or MRV-B (visa). Raises ValueError where something has no room.
    """
    layout = LAYOUTS[format]
    number, digit, optional = _number(layout, number.upper(), optional.upper())
    fields = {
        "code": code or CODES[format],
        "issuer": issuer,
        "number": number,
        "nationality": nationality or issuer,
        "birth": _date(birth),
        "sex": sex,
        "expiry": _date(expiry),
        "optional": optional,
    }
    lines = ["<" * layout.width] * layout.lines
    for field, content in fields.items():
        lines = _put(lines, layout.fields[field], content)
    lines = _put(lines, layout.fields["name"], _name(layout, familyName, givenNames))
    for field, span in layout.digits.items():
        covered = layout.composite if field == "composite" else (layout.fields[field],)
        own = digit if field == "number" else check_digit("".join(cut(lines, part) for part in covered))
        lines = _put(lines, span, own)
    return "\n".join(lines)


def _put(lines: list[str], span: Span, content: str) -> list[str]:
    at, begin, end = span
    if len(content) > end - begin:
        raise ValueError(f"{content!r} has no room in {end - begin} characters")
    line = lines[at][:begin] + content.ljust(end - begin, "<") + lines[at][end:]
    return [*lines[:at], line, *lines[at + 1 :]]


def _number(layout: Layout, number: str, optional: str) -> tuple[str, str, str]:
    """A card's number of more than nine characters goes on in the optional data, with its check digit."""
    if len(number) <= 9 or layout.name not in ("TD1", "TD2"):
        return number, check_digit(number.ljust(9, "<")), optional
    return number[:9], "<", f"{number[9:]}{check_digit(number)}<{optional}".rstrip("<")


def _name(layout: Layout, family: str, given: str) -> str:
    _, begin, end = layout.fields["name"]
    whole = "<<".join(transliterated(part).replace(" ", "<") for part in (family, given) if part)
    return whole[: end - begin]


def _date(text: str) -> str:
    """YYMMDD of an ISO 8601 date, with fillers for what is not known."""
    year, month, day = (*text.split("-"), "<<", "<<")[:3]
    return f"{year[-2:]}{month}{day}"
