"""`python -m services.kyc.sample --result PARTIAL --count 3` prints invented people for whom the check comes out so."""

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice

from libs.events.models import CheckRequested, Individual, StepResultCode, Task
from services.kyc import register
from services.kyc.agent import policy, words
from services.kyc.claim import claim
from services.kyc.population import SEED, SIZE, Person, population
from services.kyc.rules import Known, decide
from services.kyc.sources import SourceAnswer
from services.kyc.terms import terms

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def outcomes(rule_set: str = "2+2", seed: int = SEED, size: int = SIZE) -> Iterator[tuple[Person, StepResultCode]]:
    """Each person of the population with the outcome of the check against the committed register."""
    sources = register.load().sources
    rules, _ = policy()
    known = Known.of(rules, words()[0], [source.about for source in sources], [])
    for person in population(seed, size):
        answers = [
            SourceAnswer(source.about, NOW, NOW, tuple(source.find(person.individual)))
            for source in sources
            if source.covers(person.individual)
        ]
        request = _request(person, rule_set)
        result = decide(request, claim(request), answers, terms(request.settings, rules), known, NOW, NOW)
        yield person, result.outcome.result


def people(result: StepResultCode, rule_set: str = "2+2") -> Iterator[Individual]:
    """The people for whom the check comes out so: MATCH, PARTIAL or NO_MATCH."""
    return (person.individual for person, found in outcomes(rule_set) if found is result)


def _request(person: Person, rule_set: str) -> CheckRequested:
    task = Task(
        token="sample", customerId="sample", entityId=str(person.number), workflowExecutionId="", requestId="",
        stepName="KYC",
    )  # fmt: skip
    return CheckRequested(task=task, individual=person.individual, settings={"ruleSet": rule_set})


def main() -> None:
    """Print people, one JSON document a line."""
    arguments = argparse.ArgumentParser(prog="python -m services.kyc.sample", description=__doc__)
    arguments.add_argument("--result", type=StepResultCode, default=StepResultCode.MATCH)
    arguments.add_argument("--rule-set", default="2+2")
    arguments.add_argument("--count", type=int, default=1)
    given = arguments.parse_args()
    for individual in islice(people(given.result, given.rule_set), given.count):
        print(individual.model_dump_json(exclude_none=True))


if __name__ == "__main__":
    main()
