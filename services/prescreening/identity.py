"""Who applies, and how alike two persons are."""

from collections.abc import Iterable, Sequence

from libs.comparing import addresses, dates, names
from libs.comparing.dates import DateStrengths, parts
from libs.comparing.text import folded
from libs.comparing.words import Words
from libs.events.models import Address, Application, CheckRequested, Name


def application_of(request: CheckRequested) -> Application:
    """What a step of the check is asked about; there is always one."""
    assert request.application is not None, "the steps of the check are asked about an application"
    return request.application


def kind_of(application: Application) -> str:
    """Who applies, as tables ask for it: COMPANY or PERSON."""
    return "PERSON" if application.company is None else "COMPANY"


def same_name(a: Name, b: Name, words: Words) -> int:
    """0 to 100: two names of persons; the whole is no better than the weaker of family and given name."""
    found = names.strengths(a, b, words)
    return min(found["fullName"], found.get("familyName", 100), found.get("givenName", 100))


def same_birth(a: str | None, b: str | None, policy: DateStrengths) -> int | None:
    """0 to 100: two dates of birth; None where one is not given."""
    one, other = parts(a or ""), parts(b or "")
    return dates.strengths(one, other, policy)["fullDateOfBirth"] if one and other else None


def plain(number: str | None) -> str:
    """A number without what separates its parts."""
    return folded(number or "").replace(" ", "")


def best_address(a: Iterable[Address], b: Sequence[Address], words: Words) -> int | None:
    """0 to 100: the two that agree best, one of each side; None where a side has none."""
    strengths = (addresses.strengths(one, other, words)["fullAddress"] for one in a for other in b)
    return max(strengths, default=None)
