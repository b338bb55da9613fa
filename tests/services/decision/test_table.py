"""A table that is wrong is refused, and the place is told."""

import json
from typing import Any

import pytest

from services.decision.__main__ import main
from services.decision.agent import POLICIES
from services.decision.table import InvalidPolicy
from tests.services.decision.factory import edited, policy

SHIPPED = (POLICIES / "onboarding.json").read_text()
KYC_NO_MATCH, AML_HIT, RISK_HIGH, LAST = 3, 6, 15, 18


def problems(text: str) -> list[str]:
    with pytest.raises(InvalidPolicy) as refused:
        policy(text)
    return list(refused.value.problems)


def changed(number: int, **cells: str) -> str:
    return edited(lambda rows: rows[number].update(cells))


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        (changed(AML_HIT, status="'REVEIW'"), 'rules[6] "aml-hit".status', "is no status"),
        (changed(AML_HIT, status=""), 'rules[6] "aml-hit".status', "is no status"),
        (changed(AML_HIT, status="riskLevel"), 'rules[6] "aml-hit".status', "is no status"),
        (changed(AML_HIT, aml="'HITT'"), 'rules[6] "aml-hit".aml', 'results.AML is never "HITT"'),
        (changed(AML_HIT, aml="'HIT' in ("), 'rules[6] "aml-hit".aml', "is no condition"),
        (changed(AML_HIT, failed="len($) > 99"), 'rules[6] "aml-hit".failed', "never holds"),
        (changed(AML_HIT, steps="['AML'"), 'rules[6] "aml-hit".steps', "cannot be worked out"),
        (changed(AML_HIT, issues="['AML/SANCTIONED/REVIEW']"), 'rules[6] "aml-hit".issues', "is no issue of"),
        (changed(AML_HIT, issues="['AML']"), 'rules[6] "aml-hit".issues', "CATEGORY/ISSUE/SEVERITY"),
        (changed(AML_HIT, amll="'HIT'"), 'rules[6] "aml-hit".amll', "a cell of no column"),
        (changed(AML_HIT, _id="aml-rejected"), 'rules[6] "aml-rejected"._id', "another row has this id"),
        (changed(RISK_HIGH, risk="'UNKNOWN', 'HIGH'"), 'rules[16] "risk-unknown"', "never reached"),
        (changed(LAST, risk="'LOW'"), 'rules[18] "no-row"', "the last row must take all that is left"),
        (changed(0, list="", blocklist=""), 'rules[1] "aml-rejected"', "never reached"),
        (SHIPPED.replace('"results.AML"', '"result.AML"'), "inputs[4].field", 'nothing is known as "result.AML"'),
        (SHIPPED.replace('"first"', '"collect"'), "hitPolicy", "as one row decides"),
        (SHIPPED.replace('"decisionTableNode"', '"switchNode"'), "nodes", "there are 0"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, place: str, what: str) -> None:
    first = problems(text)[0]
    assert place in first.partition(": ")[0]
    assert what in first


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"nodes": 1}', '{"nodes": [{"type": "decisionTableNode"}]}'])
def test_what_is_no_table_at_all_is_refused(text: str) -> None:
    assert len(problems(text)) == 1


def test_a_row_is_unreachable_where_several_before_it_take_all_together() -> None:
    def split(rows: list[dict[str, Any]]) -> None:
        """Before a row stand two: one where a source was down, one where none was."""
        row = rows[KYC_NO_MATCH]
        rows[KYC_NO_MATCH:KYC_NO_MATCH] = [
            row | {"_id": "with", "failed": "len($) > 0"},
            row | {"_id": "without", "failed": "len($) == 0"},
        ]

    assert [problem.partition(": ")[0] for problem in problems(edited(split))] == [
        'nodes[2].content.rules[5] "kyc-no-match"'
    ]


def test_all_problems_are_told_at_once() -> None:
    def spoil(rows: list[dict[str, Any]]) -> None:
        for row in rows:
            row["status"] = "'NO'"

    assert len(problems(edited(spoil))) == LAST + 1


def test_the_command_says_what_is_wrong(tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = tmp_path / "mine.json"
    wrong.write_text(changed(AML_HIT, status="'NO'"))
    assert main(["check", str(POLICIES / "onboarding.json")]) == 0
    assert main(["check", str(wrong)]) == 1
    assert capsys.readouterr().out.startswith('mine: nodes[2].content.rules[6] "aml-hit".status: "\'NO\'" is no status')


def test_the_shipped_tables_are_jdm_as_the_editor_writes_it() -> None:
    for path in POLICIES.glob("*.json"):
        document = json.loads(path.read_text())
        assert document["contentType"] == "application/vnd.gorules.decision"
        assert {node["type"] for node in document["nodes"]} >= {"inputNode", "decisionTableNode", "outputNode"}
        known = {node["id"] for node in document["nodes"]}
        assert {end for edge in document["edges"] for end in (edge["sourceId"], edge["targetId"])} <= known


def test_a_cell_may_ask_for_part_of_a_word() -> None:
    assert policy(changed(AML_HIT, aml="startsWith($, 'HIT') and not(endsWith($, 'ED'))")).name == "edited"


def test_a_step_of_a_check_of_ones_own_can_be_asked_for() -> None:
    def own(rows: list[dict[str, Any]]) -> None:
        row = dict.fromkeys(rows[0], "") | {"_id": "own", "missing": "'SELFIE' in $", "status": "'REVIEW'"}
        rows.insert(0, row)

    assert policy(edited(own)).rows('{"results": {}, "present": [], "failed": []}')[0].rule != "own"
    asked = SHIPPED.replace("'DUPLICATE', 'RISK']", "'DUPLICATE', 'RISK', 'SELFIE']")
    assert asked != SHIPPED
    document = json.loads(asked)
    (table,) = (node for node in document["nodes"] if node["type"] == "decisionTableNode")
    own(table["content"]["rules"])
    fired = policy(json.dumps(document)).rows('{"results": {}, "present": [], "failed": []}')
    assert fired[0].rule == "own"
