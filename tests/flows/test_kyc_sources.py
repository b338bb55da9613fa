"""Sources of the identity check that are down, or that want a consent, seen through all services."""

from datetime import timedelta
from typing import Any

from libs.events.message import Event
from libs.streaming.answering import Answering
from services.kyc.agent import check_with
from services.kyc.asking import Asking
from tests.factory import onboarded
from tests.flows.system import System, execution_of
from tests.services.kyc.factory import HOME, POLICY, WORDS, ListedSource, credit, individual, record, roll

AT_HOME, BORN = record(home=HOME), record(dob="1984-03-09")


def ask(system: System, *sources: ListedSource) -> None:
    """The check asks these sources from now on."""
    system.agents["kyc"].answering = Answering(check_with(Asking(sources), POLICY, WORDS, []), system.clock)


async def through(system: System, *sources: ListedSource) -> Event:
    """A person whom the check asks these sources about, until nothing is left to do."""
    ask(system, *sources)
    event = onboarded("p1", individual=individual())
    await system.publish(event)
    await system.settle()
    await system.pass_time(timedelta(minutes=5))
    return event


async def kyc_step(system: System, event: Event) -> tuple[str, Any]:
    """The last result of the step and its document, as the projection has them."""
    rows = await system.query(
        "results",
        "SELECT result, document FROM projection.step_results WHERE execution_id = :id AND step_name = 'KYC' "
        "ORDER BY sequence DESC",
        id=execution_of(event),
    )
    return rows[0].result, rows[0].document


async def test_with_one_of_two_sources_down_both_appear(system: System) -> None:
    event = await through(system, roll(AT_HOME), credit(down="connection refused"))
    result, step = await kyc_step(system, event)
    assert result == "ERROR"
    assert [(one["provider"], one["result"], one["order"]) for one in step["serviceProviders"]] == [
        ("roll", "MATCH", 1),
        ("credit", "ERROR", 2),
    ]
    assert step["errors"] == [
        {
            "code": "Check.SourceUnavailable",
            "description": "2+2 waits for credit (connection refused)",
            "location": "kyc",
        },
        {"code": "ERROR", "description": "connection refused", "location": "credit"},
    ]
    (rule,) = step["summary"]["unmatchedRules"]
    assert rule["ruleMatches"][0]["matchTypes"]["address"]["matchSources"] == ["roll"]
    (status,) = await system.query(
        "results", "SELECT status FROM projection.executions WHERE execution_id = :id", id=execution_of(event)
    )
    assert status.status == "REVIEW"


async def test_a_source_that_is_back_for_the_next_attempt_decides(system: System) -> None:
    flaky = credit(BORN, down="connection refused")
    ask(system, roll(AT_HOME), flaky)
    event = onboarded("p1", individual=individual())
    await system.publish(event)
    await system.settle()
    flaky.down = None
    await system.pass_time(timedelta(minutes=5))
    assert (await kyc_step(system, event))[0] == "MATCH"


async def test_without_the_consent_the_data_are_missing(system: System) -> None:
    event = await through(system, roll(AT_HOME), credit(down="must not be asked", consent="CREDITHEADER"))
    result, step = await kyc_step(system, event)
    assert result == "MISSING_DATA"
    assert [one["result"] for one in step["serviceProviders"]] == ["MATCH", "MISSING_DATA"]
