"""What each step needs beside the request: registers and bureaus are asked, the book is looked into and reserved on."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from libs.events.models import CheckRequested
from libs.streaming.check import CheckFailed
from services.prescreening import (
    rules_customer_information,
    rules_external_credit_report,
    rules_final_decision,
    rules_fraud,
    rules_internal_exposure,
    rules_ongoing_loans,
    rules_payment_history,
)
from services.prescreening.identity import application_of
from services.prescreening.judging.table import Judging
from services.prescreening.part import Means
from services.prescreening.policy import Policy
from services.prescreening.rules import FAIL, Verdict, gravest
from services.prescreening.rules_customer_information import CustomerPolicy
from services.prescreening.rules_external_credit_report import CreditPolicy
from services.prescreening.rules_final_decision import DecisionPolicy
from services.prescreening.rules_fraud import FraudPolicy
from services.prescreening.rules_internal_exposure import ExposurePolicy, parties_of, wanted
from services.prescreening.sources.answers import SourceAnswer
from services.prescreening.sources.assembly import Sources
from services.prescreening.stores.port import Loan

G = TypeVar("G")
Gather = Callable[[CheckRequested, Means, Policy, datetime], Awaitable[G]]
Judge = Callable[[CheckRequested, G, Policy, datetime], Verdict]


async def customer_information(
    request: CheckRequested, means: Means, policy: Policy, now: datetime
) -> rules_customer_information.Gathered:
    """The registers' answers; raises CheckFailed where none of a kind can say anything."""
    known, judging = _sources(means), policy.document
    table = _table(judging, CustomerPolicy)
    persons = await known.persons.ask(request, table.consents, now)
    company = application_of(request).company
    companies = await known.companies.ask(request, table.consents, now) if company else []
    _answering(companies if company else persons)
    references = [*known.references["registers"], *known.references["words"]]
    return rules_customer_information.Gathered(companies, persons, known.words, known.kinds, references)


async def external_credit_report(
    request: CheckRequested, means: Means, policy: Policy, now: datetime
) -> rules_external_credit_report.Gathered:
    """The bureaus' answers; raises CheckFailed where none can say anything."""
    known = _sources(means)
    answers = await known.bureaus.ask(request, _table(policy.document, CreditPolicy).consents, now)
    _answering(answers)
    references = [*known.references["bureaus"], *known.references["words"], *known.references["rates"]]
    return rules_external_credit_report.Gathered(answers, known.rates, known.words, references)


async def internal_exposure(
    request: CheckRequested, means: Means, policy: Policy, now: datetime
) -> rules_internal_exposure.Gathered:
    """The standing of the parties, with what the application may take reserved in the same breath."""
    known, application = _sources(means), application_of(request)
    if known.book is None:
        return rules_internal_exposure.Gathered(None, known.rates)
    standing = await known.book.reserve(
        request.task.customerId,
        parties_of(request),
        application.applicationId,
        application.requestedAmount.currency,
        lambda found: wanted(request, found, known.rates, policy, now),
        now,
        _table(policy.document, ExposurePolicy).reservedDays,
    )
    return rules_internal_exposure.Gathered(standing, known.rates, known.references["rates"])


async def fraud(request: CheckRequested, means: Means, policy: Policy, now: datetime) -> rules_fraud.Gathered:
    """Who else showed the same."""
    known = _sources(means)
    days = _table(policy.document, FraudPolicy).days
    others = await known.sightings.others(request, days, now) if known.sightings else None
    return rules_fraud.Gathered(others, known.words, known.references["words"])


async def ongoing_loans(
    request: CheckRequested, means: Means, policy: Policy, now: datetime
) -> rules_ongoing_loans.Gathered:
    """The applicant's loans in the book."""
    known = _sources(means)
    return rules_ongoing_loans.Gathered(await _loans(request, known), known.rates, known.references["rates"])


async def payment_history(
    request: CheckRequested, means: Means, policy: Policy, now: datetime
) -> rules_payment_history.Gathered:
    """The applicant's loans in the book."""
    return rules_payment_history.Gathered(await _loans(request, _sources(means)))


async def final_decision(
    request: CheckRequested, means: Means, policy: Policy, now: datetime
) -> rules_final_decision.Gathered:
    """Whether the reservation holds what would be accepted; that is kept from now on."""
    known = _sources(means)
    gathered = rules_final_decision.Gathered(known.rates, references=known.references["rates"])
    amount = rules_final_decision.accepted(rules_final_decision.judge(request, gathered, policy, now))
    if amount is None or known.book is None:
        return gathered
    customer, application = request.task.customerId, application_of(request).applicationId
    days = _table(policy.document, DecisionPolicy).acceptedDays
    kept = await known.book.keep(customer, application, amount, now, days)
    return rules_final_decision.Gathered(known.rates, kept, gathered.references)


def releasing(gather: Gather[G], judge: Judge[G]) -> Gather[G]:
    """Gathers, and gives back what the application had reserved where the step ends it."""

    async def gathered(request: CheckRequested, means: Means, policy: Policy, now: datetime) -> G:
        found = await gather(request, means, policy, now)
        book = _sources(means).book
        if book is not None and gravest(judge(request, found, policy, now).judged) is FAIL:
            await book.release(request.task.customerId, application_of(request).applicationId)
        return found

    return gathered


async def _loans(request: CheckRequested, known: Sources) -> Sequence[Loan] | None:
    """The applicant's own, not those of the group."""
    if known.book is None:
        return None
    return await known.book.loans(request.task.customerId, parties_of(request).own)


def _sources(means: Means) -> Sources:
    if means.sources is None:
        raise CheckFailed("Check.SourceUnavailable", "no registers, bureaus or stores are configured")
    return means.sources


def _answering(answers: Sequence[SourceAnswer[Any]]) -> None:
    """Raises CheckFailed where nobody knows the applicant, and one who may could not answer."""
    down = [answer for answer in answers if answer.error is not None]
    if down and not any(answer.records for answer in answers):
        told = ", ".join(f"{answer.about.id} ({answer.error})" for answer in down)
        raise CheckFailed("Check.SourceUnavailable", f"waits for {told}")


def _table(judging: Judging[Any], of: type[G]) -> G:
    assert isinstance(judging.table, of), "each step has the policy of its kind"
    return judging.table
