"""Registers and a bureau on this machine: JSON lines in a folder, read once."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import ValidationError

from libs.comparing.text import folded
from libs.events.models import CheckRequested, Name, ReferenceVersion
from libs.events.record import Record
from services.prescreening.identity import plain
from services.prescreening.sources.port import About, CompanyRecord, CreditReport, PersonRecord

R = TypeVar("R", bound=Record)
# More than so many records under the applicant's keys are not looked at.
MOST = 20

Keys = Iterable[str]


class LocalSource(Generic[R]):
    """The records of one file, by the keys that lead to them."""

    def __init__(
        self,
        about: About,
        records: Iterable[R],
        keys: Callable[[R], Keys],
        asked: Callable[[CheckRequested], Keys],
    ) -> None:
        self._about, self._asked = about, asked
        self._found: defaultdict[str, list[R]] = defaultdict(list)
        for record in records:
            for key in keys(record):
                self._found[key].append(record)

    @property
    def about(self) -> About:
        """As it was made."""
        return self._about

    async def ask(self, request: CheckRequested) -> tuple[Sequence[R], str | None]:
        """Always there; the record that most keys lead to comes first."""
        found = [record for key in self._asked(request) for record in self._found.get(key, ())]
        return sorted(dict.fromkeys(found), key=lambda record: -found.count(record))[:MOST], None


def lines(path: Path, of: type[R]) -> tuple[list[R], bytes]:
    """The records of a file, and its content; raises ValueError with file, line and what is wrong in it."""
    content = path.read_bytes()
    records = []
    for number, line in enumerate(content.splitlines(), 1):
        try:
            records.append(of.model_validate_json(line))
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False, include_context=False)[0]
            place = ".".join(map(str, first["loc"]))
            raise ValueError(f"{path.name}:{number}: {place}: {first['msg']}") from None
    return records, content


def companies(path: Path) -> tuple[LocalSource[CompanyRecord], ReferenceVersion]:
    """The register of companies of a file."""
    records, content = lines(path, CompanyRecord)
    about = About(id="local-companies", provider="register-of-companies")
    return LocalSource(about, records, _of_company, _company_asked), _version(about, content)


def persons(path: Path) -> tuple[LocalSource[PersonRecord], ReferenceVersion]:
    """The register of persons of a file."""
    records, content = lines(path, PersonRecord)
    about = About(id="local-persons", provider="register-of-persons")
    return LocalSource(about, records, _of_person, _person_asked), _version(about, content)


def reports(path: Path) -> tuple[LocalSource[CreditReport], ReferenceVersion]:
    """The credit reports of a file; nobody is asked for them without consent."""
    records, content = lines(path, CreditReport)
    about = About(id="local-bureau", provider="credit-bureau", consent="CREDIT_REPORT")
    return LocalSource(about, records, _of_report, _report_asked), _version(about, content)


def _of_company(record: CompanyRecord) -> Keys:
    yield from _company(record.country, record.registerNumber, record.name, record.lei)
    yield from (f"name:{record.country}:{folded(name)}" for name in record.otherNames)


def _company_asked(request: CheckRequested) -> Keys:
    company = request.application.company if request.application else None
    return _company(company.country, company.registerNumber, company.name, company.lei) if company else ()


def _company(country: str | None, number: str | None, name: str | None, lei: str | None = None) -> Keys:
    if number:
        yield f"number:{country}:{plain(number)}"
    if lei:
        yield f"lei:{plain(lei)}"
    if name:
        yield f"name:{country}:{folded(name)}"


def _of_person(record: PersonRecord) -> Keys:
    for name in (record.name, *record.otherNames):
        yield from _person(name, record.dateOfBirth)


def _person_asked(request: CheckRequested) -> Keys:
    person = request.individual
    return _person(person.name, person.dateOfBirth.normalized if person.dateOfBirth else None)


def _person(name: Name, born: str | None) -> Keys:
    """Family name with initial, and day of birth with either initial: one slip leaves a way to the record."""
    family, given = folded(name.familyName), folded(name.givenName or "")
    yield f"name:{family}:{given[:1]}"
    if born:
        yield from (f"born:{born}:{word[:1]}" for word in (family, given) if word)


def _of_report(record: CreditReport) -> Keys:
    if record.name is not None:
        yield from _person(record.name, record.dateOfBirth)
    yield from _company(record.country, record.registerNumber, record.companyName)


def _report_asked(request: CheckRequested) -> Keys:
    """A company's report where a company applies, else the person's."""
    if request.application is not None and request.application.company is not None:
        company = request.application.company
        return _company(company.country, company.registerNumber, company.name)
    return _person_asked(request)


def _version(about: About, content: bytes) -> ReferenceVersion:
    sha256 = hashlib.sha256(content).hexdigest()
    return ReferenceVersion(id=f"prescreening/{about.id}", version=sha256[:12], sha256=sha256)
