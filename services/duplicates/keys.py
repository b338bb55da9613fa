"""The keys under which a person is kept: two persons who share none are never compared."""

from collections.abc import Iterator
from itertools import combinations

from rigour.text import metaphone

from libs.events.models import Individual
from services.duplicates.traits import Tokens, Traits, traits_of

# The sound of a name's beginning: a slip late in a long name should not matter.
SOUND = 4
# Shorter users of an e-mail address (jo, info) are many persons'.
USER = 4
# A postal code or a town has at least so many characters, a state or a house number mostly fewer.
CODE = 4


def blocking_keys(individual: Individual) -> frozenset[str]:
    """Every key of a person; each survives another kind of mistake."""
    return keys_of(traits_of(individual))


def keys_of(traits: Traits) -> frozenset[str]:
    """As `blocking_keys`, from the traits."""
    return frozenset(_keys(traits))


def _keys(traits: Traits) -> Iterator[str]:
    yield from (f"document:{number}" for _, _, number in traits.documents)
    yield from (f"phone:{phone}" for phone in traits.phones)
    for email in traits.emails:
        yield f"email:{email}"
        # The same user with a slip in the host, or at another one.
        if len(user := email.partition("@")[0]) >= USER:
            yield f"user:{user}"
    born = _born(traits.dob)
    places = {place for address in traits.addresses if (place := _place(address))} or {*traits.towns}
    for name in traits.names:
        yield from _name_keys(name, born, places)


def _name_keys(name: Tokens, born: str, places: set[str]) -> Iterator[str]:
    sounds = sorted({sound for token in name if (sound := metaphone(token)[:SOUND])})
    if len(sounds) > 1:
        yield "sounds:" + " ".join(sounds)
    if born:
        # The date alone would be too common a key among many persons.
        yield from (f"born:{born}:{initial}" for initial in {token[0] for token in name})
        # Where too many have the name: those of a year, and those of a day; two names, for one may be left out.
        year, _, day = born.partition("-")
        yield from (
            f"named:{part}:{one} {other}" for part in (year, day) if part for one, other in combinations(sounds, 2)
        )
    yield from (f"place:{place}:{sound}" for place in places for sound in sounds)


def _born(dob: str) -> str:
    """A date of birth, the same with day and month swapped."""
    year, *rest = dob.split("-")
    return "-".join((year, *sorted(rest)))


def _place(address: Tokens) -> str:
    """The postal code of an address, or else its last long word: the town."""
    codes = [token for token in address if token.isdigit() and len(token) >= CODE]
    towns = [token for token in address if token.isalpha() and len(token) >= CODE]
    return (codes or towns or [""])[-1]
