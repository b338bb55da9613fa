"""Invented applicants: who they are, and what registers, a bureau and the book of loans know of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from libs.embedded.applications import numbers
from libs.events.models import Address, Company, DateOfBirth, Individual, Name, Officer

GIVEN = (
    *("Annika", "Bruno", "Carla", "Dennis", "Elif", "Florian", "Greta", "Hakan", "Ines", "Jonas", "Katrin", "Lars"),
    *("Miriam", "Nico", "Olga", "Paul", "Ronja", "Stefan", "Tanja", "Uwe", "Vera", "Wiebke", "Yusuf", "Zita"),
)
FAMILY = (
    *("Abendroth", "Brinkmeyer", "Dornheim", "Eisenhut", "Fassbinder", "Grasshoff", "Hollerbach", "Immenkamp"),
    *("Jungbluth", "Kaltenegger", "Lindenblatt", "Mitterhuber", "Nachtigall", "Oppermann", "Petzold", "Querfurth"),
    *("Rosskopf", "Sattelmaier", "Tiefenbach", "Uhlenbrock", "Vossberg", "Wetterstein", "Ziegenhain", "Zwingli"),
)
STREETS = ("Lindenweg", "Hafenstraße", "Am Mühlbach", "Bergstraße", "Gartenallee", "Kirchplatz", "Feldrain")
TOWNS = (("Oldenburg", "26121"), ("Kassel", "34117"), ("Rostock", "18055"), ("Ulm", "89073"), ("Trier", "54290"))
TRADES = ("Metallbau", "Gartenbau", "Elektrotechnik", "Druckerei", "Möbelwerkstatt", "Kältetechnik", "Feinmechanik")
GERMANY, CURRENCY = "DEU", "EUR"

Json = dict[str, Any]


@dataclass(slots=True)
class Known:
    """What others know of the applicants, a line each: registers, a bureau, the customer's book of loans."""

    companies: list[Json] = field(default_factory=list)
    persons: list[Json] = field(default_factory=list)
    reports: list[Json] = field(default_factory=list)
    loans: list[Json] = field(default_factory=list)
    groups: list[Json] = field(default_factory=list)

    def add(self, other: "Known") -> None:
        """Know that, too."""
        for name in self.__dataclass_fields__:
            getattr(self, name).extend(getattr(other, name))


@dataclass(frozen=True, slots=True)
class Applicant:
    """A person, and their company where one applies; `number` is different for each of a sample."""

    number: int
    entity_id: str
    individual: Individual
    iban: str
    company: Company | None = None

    @property
    def name(self) -> str:
        """The person's."""
        name = self.individual.name
        return f"{name.givenName} {name.familyName}"

    @property
    def owner(self) -> str:
        """In whose name the account is."""
        return self.company.name if self.company else self.name


def applicant(number: int, entity_id: str, random: Random, *, company: bool, today: date) -> Applicant:
    """Somebody of working age, with a company that is some years old."""
    town, code = TOWNS[number % len(TOWNS)]
    address = Address(
        streetNumber=str(random.randint(1, 90)), streetName=random.choice(STREETS), locality=town, postalCode=code,
        country=GERMANY,
    )  # fmt: skip
    born = date(today.year - random.randint(34, 52), random.randint(1, 12), random.randint(1, 28))
    # Every pair once before any comes back.
    given, family = GIVEN[number % len(GIVEN)], FAMILY[(number + number // len(GIVEN)) % len(FAMILY)]
    individual = Individual(
        name=Name(givenName=given, familyName=family),
        dateOfBirth=DateOfBirth(normalized=born.isoformat()),
        addresses=[address],
        emailAddresses=[f"{given}.{family}.{number}@post.example".lower()],
        phoneNumbers=[f"+49151{20_000_000 + 7919 * number % 9_999_999}"],
    )
    own = _company(number, individual, address, random, today) if company else None
    return Applicant(number, entity_id, individual, numbers.iban(random), own)


def _company(number: int, person: Individual, address: Address, random: Random, today: date) -> Company:
    trade = TRADES[number % len(TRADES)]
    begun = date(today.year - random.randint(6, 15), random.randint(1, 12), random.randint(1, 28))
    born = person.dateOfBirth.normalized if person.dateOfBirth else None
    officer = Officer(role="DIRECTOR", name=person.name, dateOfBirth=born, sharePercent="75")
    return Company(
        name=f"{person.name.familyName} {trade} GmbH",
        legalForm="GmbH",
        registerNumber=f"HRB {20_000 + number}",
        registry=address.locality,
        country=GERMANY,
        lei=numbers.lei(random),
        vatNumber=numbers.vat(random),
        incorporatedOn=begun.isoformat(),
        address=address,
        officers=[officer],
    )


def in_registers(one: Applicant) -> Known:
    """Registers know the applicant as they are."""
    person, company = one.individual, one.company
    known = Known(persons=[_person_record(one)])
    if company is not None:
        known.companies.append(
            {
                "reference": f"C-{one.number}",
                "status": "ACTIVE",
                "officers": [{"role": "DIRECTOR", **_named(person)}],
                **_given(company, "name", "country", "registerNumber", "incorporatedOn", "lei", "vatNumber", "address"),
            }
        )
    return known


def _person_record(one: Applicant) -> Json:
    addresses = [address.model_dump(exclude_none=True) for address in one.individual.addresses]
    return {"reference": f"P-{one.number}", "addresses": addresses, **_named(one.individual)}


def _named(person: Individual) -> Json:
    born = person.dateOfBirth.normalized if person.dateOfBirth else None
    return {"name": person.name.model_dump(exclude_none=True), "dateOfBirth": born}


def _given(company: Company, *names: str) -> Json:
    told = company.model_dump(mode="json", exclude_none=True)
    return {name: told[name] for name in names if name in told}


@dataclass(frozen=True, slots=True)
class Credit:
    """What a bureau says: where the score stands from 0 to 100, and debts as (kind, owed, a month, days late)."""

    position: int = 88
    debts: Sequence[tuple[str, int, int, int]] = (("CARD", 300, 15, 0),)
    defaults: Sequence[Mapping[str, Any]] = ()
    days_old: int = 3
    inquiries: int = 0


def at_bureau(one: Applicant, credit: Credit, today: date) -> Known:
    """A report of somebody who has had credit for years."""
    report: Json = {
        "reference": f"R-{one.number}",
        "reportedOn": (today - timedelta(days=credit.days_old)).isoformat(),
        "score": 100 + 5 * credit.position,
        "scale": {"lowest": 100, "highest": 600},
        "tradelines": [*_settled(today), *(_tradeline(debt, today) for debt in credit.debts)],
        "defaults": list(credit.defaults),
        "inquiries": [{"on": (today - timedelta(days=5 + n)).isoformat()} for n in range(credit.inquiries)],
    }
    if one.company is not None:
        report |= {"companyName": one.company.name, **_given(one.company, "registerNumber", "country")}
    else:
        report |= _named(one.individual)
    return Known(reports=[report])


def _settled(today: date) -> list[Json]:
    """Two debts that were paid, one of them long ago: the file is no thin one."""
    paid = (("LOAN", 9, 4), ("LEASE", 6, 2))
    return [
        {
            "kind": kind,
            "outstanding": money(0),
            "openedOn": f"{today.year - opened}-02-01",
            "closedOn": f"{today.year - closed}-02-01",
        }
        for kind, opened, closed in paid
    ]


def _tradeline(debt: tuple[str, int, int, int], today: date) -> Json:
    kind, owed, monthly, late = debt
    line: Json = {
        "kind": kind, "outstanding": money(owed), "instalment": money(monthly), "openedOn": f"{today.year - 3}-03-01",
        "daysLate": late, "history": [late, max(late - 30, 0), max(late - 60, 0)],
    }  # fmt: skip
    return line | ({"overdue": money(monthly * (late // 30 + 1))} if late else {})


def money(amount: float | Decimal) -> Json:
    """An amount in the sample's currency."""
    return {"amount": f"{Decimal(str(amount)):.2f}", "currency": CURRENCY}
