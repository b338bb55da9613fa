"""The ordinary differences between what a person says and what a register has."""

from random import Random

from rigour.text import ascii_text

from libs.comparing.words import Words
from libs.events.models import Address, Name


def name(draw: Random, said: Name, words: Words) -> Name:
    """Without accents or in capitals, a nickname, the middle name an initial or left out, a slip of the pen."""
    given, middle, family = said.givenName or "", said.middleName, said.familyName
    forms = words.forms(given.lower())
    if forms and draw.random() < 0.12:
        given = draw.choice(forms).capitalize()
    if middle and draw.random() < 0.4:
        middle = middle[0] if draw.random() < 0.4 else None
    if draw.random() < 0.025:
        family = transposed(draw, family)
    if draw.random() < 0.01:
        given, family = family, given
    written: list[str] = [given, middle or "", family]
    if draw.random() < 0.6:
        written = [str(ascii_text(part)) for part in written]
    if draw.random() < 0.3:
        written = [part.upper() for part in written]
    return Name(givenName=written[0], middleName=written[1] or None, familyName=written[2])


def birth(draw: Random, said: str) -> str:
    """Day and month changed about, or another day."""
    year, month, day = said.split("-")
    if day <= "12" and draw.random() < 0.05:
        return f"{year}-{day}-{month}"
    if draw.random() < 0.02:
        return f"{year}-{month}-{draw.randint(1, 28):02}"
    return said


def address(draw: Random, said: Address, previous: Address, words: Words) -> Address:
    """The previous address, the type of street abbreviated, the unit left out, digits changed about."""
    if draw.random() < 0.12:
        return previous
    changed: dict[str, str | None] = {}
    if draw.random() < 0.4 and said.streetType:
        changed["streetType"] = _short(said.streetType, words).capitalize()
    if draw.random() < 0.1:
        changed["unitNumber"] = None
    if draw.random() < 0.02 and said.streetNumber:
        changed["streetNumber"] = said.streetNumber[::-1].lstrip("0")
    if draw.random() < 0.02:
        changed["streetName"] = transposed(draw, said.streetName or "")
    return said.model_copy(update=changed)


def _short(whole: str, words: Words) -> str:
    """The first abbreviation of a word."""
    return next(short for short, long in words.abbreviations.items() if long == whole.lower())


def transposed(draw: Random, text: str) -> str:
    """Two neighbouring letters the wrong way round, the first one left as it is."""
    if len(text) < 4:
        return text
    at = draw.randrange(1, len(text) - 1)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
