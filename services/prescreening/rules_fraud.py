"""Fraud: lists and sanctions, the same things in many hands, identities that differ, statements that were changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from libs.comparing.words import Words
from libs.events.models import CheckRequested, Name, ReferenceVersion
from services.prescreening import company_names
from services.prescreening.identity import application_of, kind_of, same_name
from services.prescreening.judging.evidence import Source, figure, result
from services.prescreening.judging.table import Figure, Judging, Table, measures
from services.prescreening.policy import Policy
from services.prescreening.rules import Verdict
from services.prescreening.stores.others import KINDS, Others

LATER = ("aml", "matchlist")
ACTION = "on_matchlist_internal"

Figures = dict[str, Figure]


class FraudPolicy(Table):
    """The rows; over how many days each kind of thing is looked for in other applications; which figures of earlier
    steps are asked about, by the name that the rows have for them; and what a step finds in statements that were
    changed, by their codes."""

    days: dict[str, int]
    evidence: dict[str, Source]
    tampering: dict[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Gathered:
    """By kind, the other applications that showed the same; None where they are not kept."""

    others: Mapping[str, Others] | None
    words: Words
    references: Sequence[ReferenceVersion] = ()


def judge(request: CheckRequested, gathered: Gathered, policy: Policy, now: datetime) -> Verdict:
    """What came of the step."""
    judging: Judging[FraudPolicy] = policy.document
    evidence = request.evidence
    figures: Figures = {
        "aml": Figure(result(evidence, "AML"), "word"),
        "matchlist": Figure(result(evidence, "BLOCKLIST"), "word"),
        **_action(request),
        **_velocity(gathered.others),
        **_holders(request, gathered.words),
        "tampering": _tampering(request, judging.table),
    }
    for name, source in judging.table.evidence.items():
        if (found := figure(evidence, source)) is not None:
            figures[name] = found
    judged = judging.judge("FRAUD", figures, {"applicant": kind_of(application_of(request))})
    return Verdict(judged, measures(figures, LATER), references=list(gathered.references))


def _action(request: CheckRequested) -> Figures:
    """What the customer's own list asks for, where the applicant stands on it."""
    factors = [factor for one in request.evidence if one.stepName == "BLOCKLIST" for factor in one.riskFactors]
    found = next((factor.value for factor in factors if factor.factor == ACTION), None)
    return {} if found is None else {"matchlist.action": Figure(found, "word")}


def _tampering(request: CheckRequested, policy: FraudPolicy) -> Figure:
    """How many kinds of sign there are that statements were changed; not known where none was read."""
    steps = [one for one in request.evidence if one.stepName in policy.tampering]
    signs = {issue.issue for one in steps for issue in one.issues if issue.issue in policy.tampering[one.stepName]}
    return Figure(Decimal(len(signs)) if steps else None, "count")


def _velocity(others: Mapping[str, Others] | None) -> Figures:
    if others is None:
        return {f"velocity.{kind}.persons": Figure(None, "count") for kind in KINDS}
    return dict(_counted(others))


def _counted(others: Mapping[str, Others]) -> Iterator[tuple[str, Figure]]:
    for kind, seen in others.items():
        yield f"velocity.{kind}.persons", Figure(Decimal(seen.persons), "count")
        yield f"velocity.{kind}.applications", Figure(Decimal(seen.applications), "count")


def _holders(request: CheckRequested, words: Words) -> Figures:
    """How well the account's holder that agrees least is the applicant, as a person or as the company."""
    application, person = application_of(request), request.individual
    named = [account.holder for account in application.accounts if account.holder]
    if not named:
        return {}
    company = application.company.name if application.company else None
    found = [max(_as_person(one, person.name, words), _as_company(one, company)) for one in named]
    return {"identity.account_holder": Figure(Decimal(min(found)), "strength")}


def _as_person(holder: str, name: Name, words: Words) -> int:
    given, _, family = holder.strip().rpartition(" ")
    return same_name(Name(givenName=given or None, familyName=family), name, words)


def _as_company(holder: str, company: str | None) -> int:
    return company_names.likeness(holder, company) if company else 0
