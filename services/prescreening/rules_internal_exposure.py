"""Internal exposure: what applicant and connected parties owe already, with what is in flight, against limits."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, Decimal

from libs.events.models import CheckRequested, ReferenceVersion
from services.prescreening.identity import application_of, kind_of, plain
from services.prescreening.judging.money import NoRate, Rates
from services.prescreening.judging.table import Figure, Judging, Table, measures
from services.prescreening.policy import Policy
from services.prescreening.rules import FAIL, Verdict, gravest
from services.prescreening.stores.port import Parties, Standing

LATER = ("exposure.party", "exposure.group", "exposure.headroom")
CENT = Decimal("0.01")

Figures = dict[str, Figure]


class ExposurePolicy(Table):
    """The rows, and the limits by currency; for a currency without a limit that of the first one is converted.

    `reservedDays`: how long an application in progress holds what it may take.
    """

    party: dict[str, Decimal]
    group: dict[str, Decimal]
    reservedDays: int


@dataclass(frozen=True, slots=True)
class Gathered:
    """What stands in the book; None where there is no book to look into."""

    standing: Standing | None
    rates: Rates
    references: Collection[ReferenceVersion] = ()


def parties_of(request: CheckRequested) -> Parties:
    """The applicant's keys in the book, and those of everybody whom the application names with them."""
    application = application_of(request)
    own = {f"entity:{request.task.entityId}"}
    country = ""
    if (company := application.company) is not None:
        country = company.country
        own |= set(_company(country, company.registerNumber))
    group = set(own)
    for connected in application.connectedParties:
        if connected.entityId:
            group.add(f"entity:{connected.entityId}")
        group |= set(_company(country, connected.registerNumber))
    return Parties(frozenset(own), frozenset(group))


def judge(request: CheckRequested, gathered: Gathered, policy: Policy, now: datetime) -> Verdict:
    """What came of the step."""
    judging: Judging[ExposurePolicy] = policy.document
    figures = _figures(request, gathered.standing, gathered.rates, judging.table)
    judged = judging.judge("EXPOSURE", figures, {"applicant": kind_of(application_of(request))})
    return Verdict(judged, measures(figures, LATER), references=list(gathered.references))


def wanted(request: CheckRequested, standing: Standing, rates: Rates, policy: Policy, now: datetime) -> Decimal:
    """What the application reserves: the request, as far as the limits go; nothing where the step fails."""
    gathered = Gathered(standing, rates)
    if gravest(judge(request, gathered, policy, now).judged) is FAIL:
        return Decimal(0)
    judging: Judging[ExposurePolicy] = policy.document
    headroom = _figures(request, standing, rates, judging.table)["exposure.headroom"].value
    asked = Decimal(application_of(request).requestedAmount.amount)
    return min(asked, headroom) if isinstance(headroom, Decimal) else Decimal(0)


def _figures(request: CheckRequested, standing: Standing | None, rates: Rates, policy: ExposurePolicy) -> Figures:
    requested = application_of(request).requestedAmount
    currency = requested.currency
    try:
        if standing is None:
            raise NoRate
        own = _owed(standing, standing.parties.own, currency, rates)
        group = _owed(standing, standing.parties.group, currency, rates)
        limits = _limit(policy.party, currency, rates), _limit(policy.group, currency, rates)
    except NoRate:
        return {name: Figure(None, "percent") for name in ("exposure.party.share", "exposure.group.share")}
    asked = Decimal(requested.amount)
    rooms = [max(limit - owed, Decimal(0)) for limit, owed in zip(limits, (own, group), strict=True)]
    return {
        "exposure.party.share": _share(rooms[0], asked),
        "exposure.group.share": _share(rooms[1], asked),
        "exposure.party": Figure(own, currency),
        "exposure.party.limit": Figure(limits[0], currency),
        "exposure.group": Figure(group, currency),
        "exposure.group.limit": Figure(limits[1], currency),
        "exposure.headroom": Figure(min(rooms), currency),
        "in_flight": Figure(Decimal(len(standing.in_flight)), "count"),
    }


def _owed(standing: Standing, parties: Collection[str], currency: str, rates: Rates) -> Decimal:
    loans = (
        rates.money(loan.outstanding, currency)
        for loan in standing.loans
        if loan.party in parties and loan.status == "CURRENT"
    )
    flying = (
        rates.convert(one.amount, one.currency, currency)
        for one in standing.in_flight
        if not one.parties.isdisjoint(parties)
    )
    return sum((*loans, *flying), Decimal(0)).quantize(CENT)


def _limit(limits: dict[str, Decimal], currency: str, rates: Rates) -> Decimal:
    if currency in limits:
        return limits[currency]
    first = next(iter(limits))
    return rates.convert(limits[first], first, currency).quantize(CENT)


def _share(room: Decimal, asked: Decimal) -> Figure:
    """How much of the request fits, in percent."""
    share = min(Decimal(100), 100 * room / asked) if asked > 0 else None
    return Figure(share and share.quantize(Decimal("0.1"), ROUND_DOWN), "percent")


def _company(country: str, number: str | None) -> Iterable[str]:
    if number:
        yield f"company:{country}:{plain(number)}"
