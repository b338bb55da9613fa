from services.review.console.settings import ConsoleSettings


def test_every_group_with_a_state_has_a_database_of_its_own_name() -> None:
    found = ConsoleSettings(console_database="postgresql+asyncpg://u:p@h/{group}").databases
    assert found["results"] == "postgresql+asyncpg://u:p@h/results"
    assert {"orchestration", "duplicates", "monitoring", "review"} <= found.keys()
    assert found.keys().isdisjoint({"kyc", "aml", "decision"})
    assert ConsoleSettings().databases == {}
