"""The policy document."""

import pytest
import yaml

from services.kyc.agent import RULESETS
from services.kyc.policy import parse
from tests.services.kyc.factory import POLICY


def test_the_default_is_2_plus_2() -> None:
    assert POLICY.defaultRuleSet == "2+2"
    assert [rule.sourcesRequired for rule in POLICY.ruleSets["2+2"]] == [2]


def test_a_default_that_names_no_rule_set_is_refused() -> None:
    document = {**yaml.safe_load(RULESETS.read_text()), "defaultRuleSet": "9+9"}
    with pytest.raises(ValueError, match='defaultRuleSet: "9\\+9" names no rule set'):
        parse(document)


def test_a_misspelt_kind_is_refused_with_its_path() -> None:
    document = yaml.safe_load(RULESETS.read_text())
    document["ruleSets"]["1+1"][0]["anyOf"] = ["birthday"]
    with pytest.raises(ValueError, match=r"ruleSets\.1\+1\.0\.anyOf\.0"):
        parse(document)
