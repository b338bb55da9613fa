"""Whether documents that somebody saw will do in place of what sources know, by the policy."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from libs.events.manual_kyc import is_past
from libs.events.models import Document, Individual
from services.results.policy import ManualKycPolicy


class Misfit(NamedTuple):
    """Why the documents will not do; `at` is the place of the one that will not, None for all together."""

    text: str
    at: int | None = None


def misfits(individual: Individual, ids: Sequence[str], today: date) -> list[Misfit]:
    """The documents that cannot be approved: another person's, or expired."""
    known = {one.documentId: one for one in individual.documents if one.documentId}
    found = []
    for at, id in enumerate(ids):
        if id not in known:
            found.append(Misfit("no such document of this person", at))
        elif is_past(known[id].expiryDate, today):
            found.append(Misfit(f"the {known[id].type} has expired", at))
    return found


def combination(documents: Iterable[Document], policy: ManualKycPolicy) -> str | Misfit:
    """The name of the first combination that the documents make, each counted once."""
    counted = Counter(
        category
        for one in _different(documents)
        for category, types in policy.of(one.country).items()
        if one.type in types
    )
    for each in policy.combinations:
        if all(counted[category] >= number for category, number in each.documents.items()):
            return each.name
    names = ", or ".join(one.name for one in policy.combinations)
    return Misfit(f"these documents will not do: needed is {names}")


def expires_at(document: Document) -> datetime | None:
    """From when on the document counts no more: the end of its last day, month or year."""
    if document.expiryDate is None:
        return None
    year, month, day = (*(int(part) for part in document.expiryDate.split("-")), 0, 0)[:3]
    if day:
        last = date(year, month, day)
    else:
        last = date(year + (month or 12) // 12, (month or 12) % 12 + 1, 1) - timedelta(days=1)
    return datetime.combine(last + timedelta(days=1), time(), UTC)


def _different(documents: Iterable[Document]) -> list[Document]:
    """One that is told of twice, by two ids, is one."""
    found: dict[object, Document] = {}
    for number, one in enumerate(documents):
        written = "".join(filter(str.isalnum, one.primaryIdentifier or "")).upper()
        found.setdefault((one.type, one.country, written) if written else number, one)
    return list(found.values())
