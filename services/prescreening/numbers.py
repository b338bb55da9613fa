"""Numbers that carry check digits: what python-stdnum makes of them."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from stdnum import exceptions, get_cc_module, iban, lei
from stdnum.eu import vat as eu_vat

from libs.events.models import Application, Individual

VALID = "valid"
PROBLEMS: tuple[tuple[type[Exception], str], ...] = (
    (exceptions.InvalidChecksum, "wrong check digits"),
    (exceptions.InvalidLength, "wrong length"),
    (exceptions.InvalidFormat, "wrong form"),
    (exceptions.InvalidComponent, "a part that there is not"),
)


class Kind(NamedTuple):
    """A kind of number: the country (ISO 3166-1 alpha-2) and name of its module."""

    country: str
    name: str


Kinds = Mapping[str, Kind]


def kinds(lines: Iterable[str]) -> dict[str, Kind]:
    """The kinds of a CSV file; raises ValueError with the line of one that python-stdnum does not know."""
    rows = csv.DictReader(lines)
    found = {}
    for row in rows:
        if get_cc_module(row["country"], row["name"]) is None:
            raise ValueError(f"line {rows.line_num}: python-stdnum has no {row['country']}.{row['name']}")
        found[row["kind"]] = Kind(row["country"], row["name"])
    return found


def checked(application: Application, individual: Individual, known: Kinds) -> dict[str, str]:
    """By kind of number (iban, lei, vat, national): valid, or what is wrong with the first that is not."""
    found: dict[str, str] = {}
    for kind, problem in _each(application, individual, known):
        if found.get(kind, VALID) == VALID:
            found[kind] = problem
    return found


def _each(application: Application, individual: Individual, known: Kinds) -> Iterator[tuple[str, str]]:
    for account in application.accounts:
        if account.iban:
            yield "iban", _problem("IBAN", iban, account.iban)
    for document in individual.documents:
        if document.primaryIdentifier and document.type in known:
            yield "national", _national(document.type, document.primaryIdentifier, known)
    if (company := application.company) is None:
        return
    if company.lei:
        yield "lei", _problem("LEI", lei, company.lei)
    if company.vatNumber:
        yield "vat", _vat(company.vatNumber)
    for identifier in company.nationalIdentifiers:
        if identifier.kind in known:
            yield "national", _national(identifier.kind, identifier.number, known)


def _national(kind: str, number: str, known: Kinds) -> str:
    return _problem(kind, get_cc_module(known[kind].country, known[kind].name), number)


def _vat(number: str) -> str:
    """By its prefix: that of a member of the European Union, or of another country that has such numbers."""
    prefix = number.strip()[:2].lower()
    if eu_vat.guess_country(number) or prefix in (*eu_vat.MEMBER_STATES, "el", "xi"):
        return _problem("VAT", eu_vat, number)
    module = get_cc_module(prefix, "vat") if prefix.isalpha() else None
    return _problem("VAT", module, number) if module else "VAT: a prefix of no country that has VAT numbers"


def _problem(kind: str, module: Any, number: str) -> str:
    try:
        module.validate(number)
    except exceptions.ValidationError as error:
        what = next((told for type_, told in PROBLEMS if isinstance(error, type_)), "no such number")
        return f"{kind}: {what}"
    return VALID
