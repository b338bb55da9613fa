"""The machine readable zone of a travel document: read with its check digits."""

from dataclasses import dataclass

from libs.documents.layout import VALUES, Layout, check_digit, cut, layout_of

LENGTHS = {88: (2, 44), 72: (2, 36), 90: (3, 30)}


@dataclass(frozen=True, slots=True)
class Mrz:
    """What a zone says, fillers taken off; `wrong` names the fields whose check digit does not agree.

    Dates are YYMMDD, with `<` where unknown. `truncated`: the name fills its field and may have been cut off.
    """

    format: str
    code: str
    issuer: str
    number: str
    nationality: str
    birth: str
    sex: str
    expiry: str
    familyName: str
    givenNames: str
    truncated: bool
    optional: str
    wrong: tuple[str, ...]


class Unreadable(ValueError):
    """The text is no machine readable zone."""


def parse(text: str) -> Mrz:
    """The zone in a text, its lines apart by a newline or not; raises Unreadable."""
    lines = _lines(text)
    layout = layout_of(lines)
    if layout is None:
        raise Unreadable(f"{len(lines)} lines of {'/'.join(str(len(line)) for line in lines)} characters are no format")
    if not VALUES.keys() >= set("".join(lines)):
        raise Unreadable("a character that is none of A to Z, 0 to 9 and <")
    at = {name: cut(lines, span) for name, span in layout.fields.items()}
    for date in ("birth", "expiry"):
        if not at[date].replace("<", "0").isdigit():
            raise Unreadable(f"a letter in the date of {date}")
    number, digit, optional = _number(layout, lines, at)
    family, _, given = at["name"].partition("<<")
    return Mrz(
        format=layout.name,
        code=_text(at["code"]),
        issuer=_text(at["issuer"]),
        number=_text(number).replace(" ", ""),
        nationality=_text(at["nationality"]),
        birth=at["birth"],
        sex=at["sex"],
        expiry=at["expiry"],
        familyName=_text(family),
        givenNames=_text(given),
        truncated=not at["name"].endswith("<"),
        optional=_text(optional),
        wrong=tuple(_wrong(layout, lines, number, digit)),
    )


def _lines(text: str) -> list[str]:
    lines = [line.replace(" ", "").upper() for line in text.split("\n")]
    lines = [line.strip() for line in lines if line.strip()]
    if len(lines) == 1 and len(lines[0]) in LENGTHS:
        count, width = LENGTHS[len(lines[0])]
        return [lines[0][at * width : (at + 1) * width] for at in range(count)]
    return lines


def _text(field: str) -> str:
    return " ".join(field.replace("<", " ").split())


def _number(layout: Layout, lines: list[str], at: dict[str, str]) -> tuple[str, str, str]:
    """Number, its check digit and what is left of the optional data: a long number of a card goes on there."""
    digit = cut(lines, layout.digits["number"])
    rest, _, after = at["optional"].partition("<")
    if digit == "<" and layout.name in ("TD1", "TD2") and len(rest) > 1:
        return at["number"] + rest[:-1], rest[-1], after
    return at["number"], digit, at["optional"]


def _wrong(layout: Layout, lines: list[str], number: str, digit: str) -> list[str]:
    wrong = [] if check_digit(number) == digit else ["number"]
    for field, span in layout.digits.items():
        if field in layout.fields and field != "number":
            content, given = cut(lines, layout.fields[field]), cut(lines, span)
            # Optional data left empty may have a filler for its check digit.
            if given != check_digit(content) and not (field == "optional" and given == "<" and not content.strip("<")):
                wrong.append(field)
    if layout.composite:
        covered = "".join(cut(lines, span) for span in layout.composite)
        if cut(lines, layout.digits["composite"]) != check_digit(covered):
            wrong.append("composite")
    return wrong
