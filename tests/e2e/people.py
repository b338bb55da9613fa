"""People whose outcome is known: of the sample, those of whom the API and the events tell in the same way."""

from libs.embedded.sample.people import SamplePerson, read_people
from libs.events.models import DateOfBirth, Individual, Name


def sample(group: str, count: int) -> list[SamplePerson]:
    """The first people of a group of the sample who are taken on by themselves and show no document."""
    fit = [one for one in read_people() if one.group == group and one.after is None and not one.individual.documents]
    assert len(fit) >= count, f"the sample has too few of the group {group}"
    return fit[:count]


def strangers(count: int) -> dict[str, Individual]:
    """People whom no source knows, each unlike the others."""
    born = [f"{1950 + 2 * number}-{1 + number % 12:02}-{1 + 3 * number % 28:02}" for number in range(count)]
    return {
        f"stranger-{number:02}": Individual(
            name=Name(givenName=_word(number, "aeiou"), familyName=_word(number * 7 + 3, "uoiea")),
            dateOfBirth=DateOfBirth(normalized=born[number]),
        )
        for number in range(count)
    }


def _word(number: int, vowels: str) -> str:
    """A name that nobody has; far numbers give names far from each other."""
    consonants = "bdfgklmnprstvz"
    parts = ((number * 5 + place * 3 + place * number) for place in range(4))
    return "".join(consonants[part % 14] + vowels[part % 5] for part in parts).capitalize() + "x"
