"""How well two addresses agree, by part."""

from collections.abc import Mapping
from functools import lru_cache

from rapidfuzz import fuzz

from libs.comparing.text import folded, likeness
from libs.comparing.words import Words
from libs.events.models import Address

# What the parts weigh in the whole address; a part that one side does not give weighs nothing.
WEIGHTS = {
    "streetName": 35,
    "streetNumber": 25,
    "postalCode": 15,
    "locality": 15,
    "unitNumber": 10,
    "streetType": 5,
    "subdivision": 5,
}
STREET = ("streetNumber", "streetName", "streetType")
# Letter or range beside the same house number, unit given on one side only, digits of a number changed about.
NUMBER_IN_PART = 80
UNIT_MISSING = 50
DIGITS_TRANSPOSED = 50
# The most that an address is worth when it is in another street, at another number, or in another town altogether.
SAME_STREET = 60
OTHER_STREET, OTHER_NUMBER, OTHER_TOWN = 40, 70, 55
# The most that an address in one line is worth when its numbers are others.
OTHER_NUMBERS = 55


def strengths(claimed: Address, recorded: Address, words: Words) -> Mapping[str, int]:
    """Two addresses are the same place, however their parts are abbreviated."""
    if claimed.country != recorded.country:
        return {"country": 0, "fullAddress": 0}
    if not (claimed.streetName and recorded.streetName):
        return {"country": 100, "fullAddress": _in_one_line(claimed, recorded, words)}
    found = _by_part(claimed, recorded, words)
    street = _weighed({name: found[name] for name in STREET if name in found})
    return {**found, "streetAll": street, "country": 100, "fullAddress": min(_weighed(found), _most(found))}


def _weighed(found: Mapping[str, int]) -> int:
    weight = sum(WEIGHTS[name] for name in found)
    return round(sum(WEIGHTS[name] * strength for name, strength in found.items()) / weight)


def _most(found: Mapping[str, int]) -> int:
    """However well the rest agrees, an address is not the same at another number, street or town."""
    if found["streetName"] < SAME_STREET:
        return OTHER_STREET
    if found.get("locality", 100) < SAME_STREET and found.get("postalCode", 100) == 0:
        return OTHER_TOWN
    return OTHER_NUMBER if found.get("streetNumber", 100) <= DIGITS_TRANSPOSED else 100


def _by_part(a: Address, b: Address, words: Words) -> dict[str, int]:
    (unit, house), (other_unit, other_house) = _door(a), _door(b)
    found = {"streetName": likeness(expanded(a.streetName or "", words), expanded(b.streetName or "", words))}
    if house and other_house:
        found["streetNumber"] = number(folded(house), folded(other_house))
    if unit or other_unit:
        found["unitNumber"] = _unit(unit, other_unit)
    if a.streetType and b.streetType:
        found["streetType"] = 100 * (expanded(a.streetType, words) == expanded(b.streetType, words))
    if a.locality and b.locality:
        found["locality"] = likeness(expanded(a.locality, words), expanded(b.locality, words))
    if a.postalCode and b.postalCode:
        found["postalCode"] = number(folded(a.postalCode).replace(" ", ""), folded(b.postalCode).replace(" ", ""))
    if a.subdivision and b.subdivision:
        found["subdivision"] = 100 * (_subdivision(a.subdivision, words) == _subdivision(b.subdivision, words))
    return found


@lru_cache(maxsize=65536)
def expanded(text: str, words: Words) -> str:
    """Folded words, each abbreviation written out."""
    return " ".join(words.abbreviations.get(word, word) for word in folded(text).split())


def _subdivision(text: str, words: Words) -> str:
    name = folded(text)
    return words.subdivisions.get(name, name)


def _door(address: Address) -> tuple[str, str]:
    """Unit and house number; `3/12` is unit 3 of number 12."""
    unit, _, house = (address.streetNumber or "").rpartition("/")
    return address.unitNumber or unit.strip(), house


def _unit(a: str, b: str) -> int:
    if not (a and b):
        return UNIT_MISSING
    return number(_last_word(a), _last_word(b))


def _last_word(text: str) -> str:
    return folded(text).rpartition(" ")[2]


def number(a: str, b: str) -> int:
    """0 to 100: two house numbers, units or postal codes."""
    if a == b:
        return 100
    if _leading(a) and _leading(a) == _leading(b):
        return NUMBER_IN_PART
    return DIGITS_TRANSPOSED if sorted(a) == sorted(b) else 0


def _leading(text: str) -> str:
    return text[: len(text) - len(text.lstrip("0123456789"))]


def _in_one_line(a: Address, b: Address, words: Words) -> int:
    """An address in one line has no parts to weigh: its words count, and its numbers must be the same."""
    one, other = _without_unit(one_line(a, words)), _without_unit(one_line(b, words))
    found = round(fuzz.token_sort_ratio(one, other))
    return found if _numbers(one) == _numbers(other) else min(found, OTHER_NUMBERS)


def one_line(address: Address, words: Words) -> str:
    """The folded words of an address, without its country."""
    if address.unstructuredLongForm and not address.streetName:
        return expanded(address.unstructuredLongForm, words)
    given = (address.unitNumber, address.streetNumber, address.streetName, address.streetType, address.locality)
    return expanded(" ".join(filter(None, (*given, address.subdivision, address.postalCode))), words)


def _without_unit(line: str) -> str:
    """The word for a unit is left out as often as not; its number is not."""
    return " ".join(word for word in line.split() if word != "unit")


def _numbers(line: str) -> list[str]:
    return sorted(word for word in line.split() if word[0].isdigit())
