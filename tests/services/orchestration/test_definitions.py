"""The workflows that ship with the project."""

from services.orchestration.definitions import SHIPPED, not_done_here, shipped


def test_every_definition_in_the_folder_is_shipped_and_loads() -> None:
    assert len(shipped()) == len(list(SHIPPED.glob("*.asl.json"))) >= 2
    assert {workflow.lifecycle_phase for workflow in shipped()} == {"ONBOARDING", "MONITORING"}


def test_no_two_workflows_go_by_one_name() -> None:
    names = [(workflow.service_name, workflow.workflow_name) for workflow in shipped()]
    assert len(names) == len(set(names))


def test_a_map_that_starts_executions_is_refused_with_its_place() -> None:
    items = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
    processor = {**items, "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}
    inner = {"StartAt": "Each", "States": {"Each": {"Type": "Map", "ItemProcessor": processor, "End": True}}}
    machine = {"StartAt": "Both", "States": {"Both": {"Type": "Parallel", "Branches": [inner], "End": True}}}
    (problem,) = not_done_here(machine)
    assert problem.path == "States.Both.Branches[0].States.Each.ItemProcessor.ProcessorConfig"
    assert problem.message == '"Mode" DISTRIBUTED is not run here, use INLINE'
    assert [list(not_done_here(workflow.machine.definition)) for workflow in shipped()] == [[], []]
