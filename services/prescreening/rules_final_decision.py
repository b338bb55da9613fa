"""Final decision: accept, reject or review, with the amount and term that the figures support, and the reasons."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, NamedTuple

from pydantic import Field

from libs.events.models import (
    CheckRequested,
    Decision,
    ExecutionStatus,
    Measure,
    ReferenceVersion,
    StepOutcome,
    StepResultCode,
)
from libs.events.record import Record
from services.prescreening.identity import application_of, kind_of
from services.prescreening.judging import evidence
from services.prescreening.judging.annuity import rounded_down
from services.prescreening.judging.evidence import Source
from services.prescreening.judging.money import NoRate, Rates, decimal
from services.prescreening.judging.table import Judging, Row, Table
from services.prescreening.offer import Amounts, Applicant, Limits, Offer, Sizes, Terms, offer
from services.prescreening.policy import Policy
from services.prescreening.rules import FAIL, PARTIAL, PASS, Judged, Verdict, measure, told

Word = Literal["ACCEPT", "REVIEW", "REJECT"]
STATUSES = {"ACCEPT": ExecutionStatus.PASS, "REVIEW": ExecutionStatus.REVIEW, "REJECT": ExecutionStatus.FAIL}
RESULTS = {"ACCEPT": PASS, "REVIEW": PARTIAL, "REJECT": FAIL}
# Outcomes of steps that speak for the applicant, or not against them.
GOOD = (StepResultCode.PASS, StepResultCode.NOT_APPLICABLE)
# Reasons that no table knows weigh so much.
UNKNOWN_WEIGHT = 50
LAPSED = "RESERVATION_LAPSED"
NEEDED = ("income", "instalments", "debts", "headroom")


class DecisionRow(Record):
    """A line: the first one whose facts are these decides. `code` is the reason that it gives."""

    when: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    decision: Word
    code: str

    def applies(self, facts: Mapping[str, str]) -> bool:
        """Whether the facts are those of the row."""
        return all(facts[name] in words for name, words in self.when.items())


UNDECIDED = DecisionRow(decision="REVIEW", code="DECISION_UNCHECKED")


class DecisionPolicy(Table):
    """Which steps have to be there, what the offer is made of, and the lines that decide.

    `settledByAmount`: reasons to look at an application that an offer within the limits answers. `amounts`: by
    currency; for others those of the first one are converted, in the same steps. `evidence`: where income,
    instalments, debts and headroom are found, and `rate`. `acceptedDays`: how long what is accepted is held, until
    its loan is in the book.
    """

    rows: tuple[Row, ...] = ()
    steps: tuple[str, ...]
    settledByAmount: frozenset[str]
    limits: Limits
    amounts: dict[str, Amounts]
    terms: Terms
    sizes: Sizes
    evidence: dict[str, Source]
    decisions: tuple[DecisionRow, ...]
    acceptedDays: int


@dataclass(frozen=True, slots=True)
class Gathered:
    """`kept`: the reservation holds what is accepted; None where nobody has asked yet."""

    rates: Rates
    kept: bool | None = None
    references: Sequence[ReferenceVersion] = ()


class Against(NamedTuple):
    """A reason of an earlier step that speaks against the applicant."""

    step: str
    code: str
    message: str
    told: str | None
    blocks: bool


def judge(request: CheckRequested, gathered: Gathered, policy: Policy, now: datetime) -> Verdict:
    """The decision, with the reasons that weigh most first."""
    judging: Judging[DecisionPolicy] = policy.document
    table = judging.table
    against = sorted(_against(request.evidence, judging), key=lambda one: (not one.blocks, -_weight(one, judging)))
    supported = _offer(request, gathered.rates, table)
    facts = _facts(request, against, supported, table)
    row = _deciding(table, facts)
    word, code = row.decision, row.code
    if word == "ACCEPT" and gathered.kept is False:
        word, code = "REVIEW", LAPSED
    about = _reason(code, RESULTS[word], judging, supported, application_of(request).requestedAmount.currency)
    rest = [_judged(one, word) for one in against] if word != "ACCEPT" else []
    return Verdict(
        [about, *rest] if about.result is PASS or not rest else [*rest, about],
        _told(request, supported if word == "ACCEPT" else None),
        references=list(gathered.references),
        decision=Decision(
            status=STATUSES[word],
            rule=code,
            policy=policy.version.version,
            input=json.dumps(facts),
            rows=[one.code for one in table.decisions if one.applies(facts)],
        ),
    )


def accepted(verdict: Verdict) -> Decimal | None:
    """The amount of an acceptance; None of any other decision."""
    if verdict.decision is None or verdict.decision.status is not ExecutionStatus.PASS:
        return None
    return next(Decimal(one.value or 0) for one in verdict.measures if one.name == "offer.amount")


def _facts(
    request: CheckRequested, against: Sequence[Against], supported: Offer | None, policy: DecisionPolicy
) -> dict[str, str]:
    """What the table is asked about: YES or NO of the steps, and how great an offer there can be."""
    results = {step: evidence.result(request.evidence, step) for step in policy.steps}
    open_steps = [step for step, result in results.items() if result not in (*GOOD, FAIL, PARTIAL)]
    looked_at = [one for one in against if not one.blocks and one.code not in policy.settledByAmount]
    unexplained = [
        step for step, result in results.items() if result == PARTIAL and step not in {one.step for one in against}
    ]
    failed = FAIL in results.values() or any(one.blocks for one in against)
    return {
        "applicant": kind_of(application_of(request)),
        "failed": "YES" if failed else "NO",
        "unchecked": "YES" if open_steps or supported is None else "NO",
        "review": "YES" if looked_at or unexplained else "NO",
        "offer": supported.size if supported else "UNKNOWN",
    }


def _deciding(policy: DecisionPolicy, facts: Mapping[str, str]) -> DecisionRow:
    """The first row that applies; whatever the policy says, nobody is accepted who failed or was not checked."""
    row = next((one for one in policy.decisions if one.applies(facts)), UNDECIDED)
    if row.decision == "ACCEPT" and (
        facts["unchecked"] == "YES" or facts["failed"] == "YES" or facts["offer"] == "NONE"
    ):
        return UNDECIDED
    return row


UNDECIDED = DecisionRow(decision="REVIEW", code="DECISION_UNCHECKED")


def _against(found: Sequence[StepOutcome], judging: Judging[DecisionPolicy]) -> Iterator[Against]:
    """What each step's latest outcome says against the applicant."""
    latest = {outcome.stepName: outcome for outcome in found}
    for step in judging.table.steps:
        if (outcome := latest.get(step)) is None:
            continue
        severities = {issue.issue: issue.severity for issue in outcome.issues}
        for reason in outcome.reasons:
            if reason.code in severities:
                words = reason.told or judging.reasons.told(reason.code) or judging.reasons.told(step)
                yield Against(step, reason.code, reason.message, words, severities[reason.code] == "BLOCK")


def _weight(one: Against, judging: Judging[DecisionPolicy]) -> int:
    return judging.reasons.weight(one.code) if one.code in judging.reasons else UNKNOWN_WEIGHT


def _judged(one: Against, word: Word) -> Judged:
    result = FAIL if one.blocks and word == "REJECT" else PARTIAL
    return Judged(result, one.code, f"{one.step}: {one.message}", one.step, told=one.told)


def _offer(request: CheckRequested, rates: Rates, policy: DecisionPolicy) -> Offer | None:
    """What the figures support; None where one of them is not known."""
    application = application_of(request)
    currency = application.requestedAmount.currency
    found = {name: evidence.amount(request.evidence, policy.evidence[name], currency, rates) for name in NEEDED}
    rate = evidence.figure(request.evidence, policy.evidence["rate"])
    if any(one is None for one in found.values()) or rate is None or not isinstance(rate.value, Decimal):
        return None
    try:
        amounts = _amounts(policy.amounts, currency, rates)
    except NoRate:
        return None
    known = {name: one for name, one in found.items() if one is not None}
    applicant = Applicant(decimal(application.requestedAmount.amount), application.termMonths, rate=rate.value, **known)
    return offer(applicant, policy.limits, amounts, policy.terms, policy.sizes)


def _amounts(amounts: Mapping[str, Amounts], currency: str, rates: Rates) -> Amounts:
    if currency in amounts:
        return amounts[currency]
    first = next(iter(amounts))
    known = amounts[first]
    least, most = (rates.convert(one, first, currency) for one in (known.least, known.most))
    return Amounts(least=least, most=rounded_down(most, known.step), step=known.step)


def _reason(
    code: str, result: StepResultCode, judging: Judging[DecisionPolicy], supported: Offer | None, currency: str
) -> Judged:
    """The decision's own, with the amount that is supported and what each limit alone would allow."""
    amount = f"{supported.amount:f}" if supported else None
    binding = supported.binding if supported else ""
    message, words = judging.reasons.words(code, amount, currency, binding)
    figures = [measure("offer.amount", amount, currency, "the amount that is asked for", passed=result is PASS)]
    if supported:
        figures += [told(f"limit.{name}", f"{bound:f}", currency) for name, bound in supported.bounds.items()]
    return Judged(result, code, message, "DECISION", tuple(figures), told=words)


def _told(request: CheckRequested, accepted: Offer | None) -> list[Measure]:
    """The offer, for whoever is told of it."""
    if accepted is None:
        return []
    currency = application_of(request).requestedAmount.currency
    return [
        told("offer.amount", f"{accepted.amount:f}", currency),
        told("offer.term", accepted.term, "months"),
        told("offer.instalment", f"{accepted.instalment:f}", currency),
    ]
