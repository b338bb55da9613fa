"""Whether independent sources know the person."""

import re
from datetime import timedelta

import pytest
import yaml

from libs.events.models import (
    Document,
    Finding,
    Fuzziness,
    Gender,
    Individual,
    Name,
    ProcessResultCode,
    StepResult,
    StepResultCode,
)
from libs.streaming.check import CheckFailed
from services.kyc.agent import RULESETS
from services.kyc.policy import parse
from tests.services.kyc.factory import HOME, NOW, address, answer, credit, individual, record, roll, source

MATCH, PARTIAL, NO_MATCH = StepResultCode.MATCH, StepResultCode.PARTIAL, StepResultCode.NO_MATCH
MISSING = StepResultCode.MISSING_DATA
DOB = "1984-03-09"
AT_HOME, BORN = record(home=HOME), record(dob=DOB)
PASSPORT = Document(type="PASSPORT", country="AUS", primaryIdentifier="N1234567", expiryDate="2030-01-01")


async def test_two_independent_sources_verify() -> None:
    result = await answer(individual(), roll(AT_HOME), credit(BORN))
    assert result.outcome.result is MATCH
    assert result.outcome.reasons[0].code == "KYC_VERIFIED"
    assert result.outcome.issues == []
    [rule] = result.ruleMatches
    assert (rule.ruleName, rule.isVerified, rule.matchCount, rule.matchCountRequired) == ("2+2", True, 2, 2)
    assert rule.matchSources == {"name": ["roll", "credit"], "dob": ["credit"], "address": ["roll"]}
    assert rule.nonMatchSources == {"name": [], "dob": [], "address": []}


async def test_one_source_is_enough_for_1_plus_1_only() -> None:
    assert (await answer(individual(), credit(BORN), rule_set="1+1")).outcome.result is MATCH
    result = await answer(individual(), roll(), credit(BORN))
    assert result.outcome.result is PARTIAL
    assert result.outcome.reasons[0].code == "KYC_NOT_VERIFIED"
    assert result.outcome.reasons[0].message == (
        "dob matched at 1 of 2 independent sources; one more source for dob or address would verify"
    )
    assert [(issue.category, issue.issue, issue.severity) for issue in result.outcome.issues] == [
        ("KYC", "PARTIAL", "REVIEW")
    ]
    assert result.ruleMatches[0].nonMatchSources == {"name": ["roll"], "dob": [], "address": ["roll"]}


async def test_sources_of_one_group_count_once() -> None:
    first = source("credit-a", {"dob"}, BORN, group="bureau")
    second = source("credit-b", {"dob"}, BORN, group="bureau")
    result = await answer(individual(), first, second)
    assert result.outcome.result is PARTIAL
    assert result.ruleMatches[0].matchCount == 1
    assert result.ruleMatches[0].matchSources["dob"] == ["credit-a", "credit-b"]


async def test_nothing_counts_where_the_name_does_not_match() -> None:
    other = record("Michael Jones", dob=DOB)
    result = await answer(individual(), credit(other), roll(record("Michael Jones", home=HOME)))
    assert result.outcome.result is NO_MATCH
    assert [(issue.category, issue.issue) for issue in result.outcome.issues] == [("KYC", "NOT_FOUND")]
    assert _finding(result, "DATE_OF_BIRTH").result is ProcessResultCode.NO_MATCH
    assert "name did not match" in str(_finding(result, "DATE_OF_BIRTH").explanation)


async def test_the_record_that_agrees_best_is_taken() -> None:
    same_name = record(dob="1950-01-01", reference="r-0")
    result = await answer(individual(), credit(same_name, record(dob=DOB, reference="r-9")), rule_set="1+1")
    provider = _finding(result, "DATE_OF_BIRTH").provider
    assert provider
    assert provider.reference == "r-9"


async def test_findings_have_the_strengths() -> None:
    result = await answer(individual("Sara Whitaker"), credit(record(dob="1984-09-03")))
    name, dob = result.findings
    assert (name.objectType, name.result, name.processClass) == ("NAME", ProcessResultCode.MATCH, "KYC")
    assert name.matchStrengths == {
        "givenName": 80,
        "familyName": 100,
        "fullName": 90,
        "firstInitialFamilyName": 100,
    }
    assert (dob.objectType, dob.result) == ("DATE_OF_BIRTH", ProcessResultCode.PARTIAL_MATCH)
    assert dob.matchStrengths == {"year": 100, "month": 0, "day": 0, "fullDateOfBirth": 80}
    assert result.outcome.result is PARTIAL
    assert [reason.code for reason in result.outcome.reasons] == ["KYC_NOT_VERIFIED", "KYC_PARTIAL_MATCH"]


async def test_a_previous_name_counts() -> None:
    person = individual(alternateNames=[Name(givenName="Sarah", familyName="Pemberton", nameId="maiden")])
    result = await answer(person, credit(record("Sarah Pemberton", dob=DOB)), rule_set="1+1")
    assert result.outcome.result is MATCH
    told = [(finding.objectId, finding.result) for finding in result.findings if finding.objectType == "NAME"]
    assert [code for _, code in told] == [ProcessResultCode.NO_MATCH, ProcessResultCode.MATCH]
    assert told[1][0] == result.ruleMatches[0].objectIds["name"] == "maiden"


async def test_a_document_register() -> None:
    register = source("documents", {"dob", "document"}, record(dob=DOB, documents=[PASSPORT]))
    person = individual(documents=[PASSPORT])
    assert (await answer(person, register, rule_set="government-id")).outcome.result is MATCH
    other = individual(documents=[PASSPORT.model_copy(update={"expiryDate": "2031-01-01"})])
    result = await answer(other, register, rule_set="government-id")
    assert result.outcome.result is PARTIAL
    assert _finding(result, "DOCUMENT").matchStrengths == {"primaryIdentifier": 100, "expiryDate": 0}


async def test_another_name_in_the_record_counts() -> None:
    known = credit(record("Sarah Pemberton", dob=DOB, aliases=["Sarah Whitaker"]))
    assert (await answer(individual(), known, rule_set="1+1")).outcome.result is MATCH


async def test_the_previous_address_counts() -> None:
    person = individual(home="7 Hill Road, Cairns QLD 4870")
    person = person.model_copy(
        update={"addresses": [*person.addresses, address(HOME).model_copy(update={"addressId": "old"})]}
    )
    result = await answer(person, roll(AT_HOME), rule_set="1+1")
    assert result.outcome.result is MATCH
    assert [finding.result for finding in result.findings if finding.objectType == "ADDRESS"] == [
        ProcessResultCode.NO_MATCH,
        ProcessResultCode.MATCH,
    ]
    assert result.ruleMatches[0].objectIds["address"] == "old"


async def test_of_very_many_addresses_the_first_are_compared_and_that_is_said() -> None:
    person = individual(home=None).model_copy(update={"addresses": [address()] * 5_000})
    result = await answer(person, roll(AT_HOME), rule_set="1+1")
    assert [finding.objectType for finding in result.findings].count("ADDRESS") == 20
    assert result.outcome.reasons[-1].message == "of address only the first 20 were compared"


async def test_gender_is_a_match_type() -> None:
    document = yaml.safe_load(RULESETS.read_text())
    document["ruleSets"]["with gender"] = [
        {"ruleName": "with gender", "sourcesRequired": 1, "allOf": ["dob", "gender"]}
    ]
    known = source("passports", {"dob", "gender"}, record(dob=DOB, gender=Gender.FEMALE))
    for gender, expected in ((Gender.FEMALE, MATCH), (Gender.MALE, PARTIAL), (Gender.UNSPECIFIED, MISSING)):
        result = await answer(individual(gender=gender), known, rule_set="with gender", policy=parse(document))
        assert result.outcome.result is expected
    told = await answer(individual(gender=Gender.MALE), known, rule_set="with gender", policy=parse(document))
    assert told.ruleMatches[0].matchSources == {"name": ["passports"], "dob": ["passports"], "gender": []}
    assert _finding(told, "GENDER").matchStrengths == {"gender": 0}
    assert told.ruleMatches[0].wouldVerify == "one more source for dob and gender would verify"


async def test_exact_fuzziness_refuses_what_the_standard_takes() -> None:
    sara = record("Sara Whitaker", dob=DOB)
    assert (await answer(individual(), credit(sara), rule_set="1+1")).outcome.result is MATCH
    for asked in ("exact", "0"):
        result = await answer(individual(), credit(sara), rule_set="1+1", fuzziness=asked)
        assert result.outcome.result is NO_MATCH
        name, dob = result.findings
        assert (name.result, name.fuzziness) == (
            ProcessResultCode.PARTIAL_MATCH,
            Fuzziness(normalized=0, actual=asked),
        )
        assert (dob.result, dob.wasNameMatchStrongEnough) == (ProcessResultCode.NO_MATCH, False)
        assert result.settings == {"ruleSet": "1+1", "fuzziness": asked}


async def test_a_source_may_have_a_fuzziness_of_its_own() -> None:
    sara = record("Sara Whitaker", dob=DOB)
    strict = source("strict", {"dob"}, sara, fuzziness="exact")
    assert (await answer(individual(), strict, rule_set="1+1")).outcome.result is NO_MATCH
    assert (await answer(individual(), strict, rule_set="1+1", fuzziness="standard")).outcome.result is MATCH
    with pytest.raises(ValueError, match='source odd: fuzziness: "soft" is none of the policy'):
        await answer(individual(), source("odd", {"dob"}, fuzziness="soft"))


async def test_a_required_source_has_to_match() -> None:
    person, others = individual(), (credit(BORN), source("phone", {"address"}, AT_HOME))
    result = await answer(person, roll(), *others, requiredSources="roll")
    assert result.outcome.result is PARTIAL
    [rule] = result.ruleMatches
    assert (rule.isVerified, rule.matchCount, rule.requiredSourcesNotMatched) == (False, 2, ["roll"])
    assert rule.wouldVerify == "dob or address matched at roll would verify"
    result = await answer(person, roll(AT_HOME), *others, requiredSources="roll")
    assert result.outcome.result is MATCH
    assert result.ruleMatches[0].requiredSourcesMatched == ["roll"]


async def test_a_step_may_choose_its_sources() -> None:
    result = await answer(individual(), roll(AT_HOME), credit(BORN), sources="credit", rule_set="1+1")
    assert [call.source for call in result.providers] == ["credit"]
    assert result.settings["sources"] == "credit"


async def test_a_source_that_needs_a_consent_is_not_called_without_it() -> None:
    header = credit(down="must not be called", consent="CREDITHEADER")
    result = await answer(individual(), roll(AT_HOME), header)
    assert result.outcome.result is MISSING
    assert [(call.source, call.result, call.error) for call in result.providers] == [
        ("roll", "MATCH", None),
        ("credit", "MISSING_DATA", "consent CREDITHEADER not given"),
    ]
    assert "KYC_MISSING_CONSENT" in [reason.code for reason in result.outcome.reasons]
    assert result.outcome.counts["sourcesWithoutConsent"] == 1
    assert [rule.isVerified for rule in result.ruleMatches] == [False]
    agreed = individual(consents=["GENERAL", "CREDITHEADER"])
    assert (await answer(agreed, roll(AT_HOME), credit(BORN, consent="CREDITHEADER"))).outcome.result is MATCH


async def test_a_consent_that_would_not_help_leaves_the_result() -> None:
    same_group = source("photo", {"address"}, AT_HOME, group="roll", consent="DOCS")
    assert (await answer(individual(), roll(AT_HOME), same_group)).outcome.result is PARTIAL


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"ruleset": "1+1"}, '"ruleset" is no setting of this check'),
        ({"sources": "roll, nowhere"}, 'sources: "nowhere" names no source'),
        ({"fuzziness": "2"}, 'fuzziness: "2" is neither a number from 0 to 1 nor one of exact, standard, lenient'),
    ],
)
async def test_settings_that_make_no_sense_are_refused(settings: dict[str, str], problem: str) -> None:
    with pytest.raises(CheckFailed, match=re.escape(problem)) as failure:
        await answer(individual(), roll(AT_HOME), **settings)  # type: ignore[arg-type]
    assert failure.value.error == "Check.InvalidSettings"


@pytest.mark.parametrize(
    ("rule_set", "rule"),
    [("2+2 or government-id", "government-id"), ("2+2", "2+2"), ("government-id", "government-id")],
)
async def test_every_rule_of_the_set_is_told(rule_set: str, rule: str) -> None:
    result = await answer(individual(), credit(BORN), rule_set=rule_set)
    assert rule in [match.ruleName for match in result.ruleMatches]


@pytest.mark.parametrize(
    "person", [individual(dob=None, home=None), individual(" ", home=None), individual(dob="9 March 1984", home=None)]
)
async def test_missing_data_asks_no_source(person: Individual) -> None:
    result = await answer(person, credit(down="must not be asked"))
    assert result.outcome.result is MISSING
    assert result.outcome.reasons[0].code == "KYC_MISSING_DATA"
    assert result.providers == []
    [rule] = result.ruleMatches
    assert (rule.ruleName, rule.isVerified, rule.matchCount) == ("2+2", False, 0)
    assert "is given, would verify" in str(rule.wouldVerify)


async def test_an_unreadable_date_of_birth_is_an_issue() -> None:
    result = await answer(individual(dob="9 March 1984"), roll(AT_HOME), rule_set="1+1")
    assert result.outcome.result is MATCH
    assert "BAD_DATA_DOB" in [issue.issue for issue in result.outcome.issues]


async def test_enough_other_sources_decide_when_one_is_down() -> None:
    result = await answer(individual(), roll(AT_HOME), credit(BORN), source("phone", {"address"}, down="refused"))
    assert result.outcome.result is MATCH
    assert [(call.order, call.result, call.error) for call in result.providers] == [
        (1, "MATCH", None),
        (2, "MATCH", None),
        (3, "ERROR", "refused"),
    ]
    assert "SERVICE_ERROR" in [issue.issue for issue in result.outcome.issues]
    assert result.outcome.counts["sourcesDown"] == 1


async def test_a_source_that_might_have_verified_is_waited_for() -> None:
    with pytest.raises(CheckFailed) as failure:
        await answer(individual(), roll(AT_HOME), credit(down="connection refused"))
    assert failure.value.error == "Check.SourceUnavailable"
    assert "credit (connection refused)" in failure.value.cause
    found = failure.value.found
    assert found
    assert found.outcome.result is StepResultCode.ERROR
    assert [(call.source, call.result) for call in found.providers] == [("roll", "MATCH"), ("credit", "ERROR")]
    assert [finding.result for finding in found.findings] == [ProcessResultCode.MATCH] * 2
    assert [rule.isVerified for rule in found.ruleMatches] == [False]


async def test_a_source_that_could_not_have_verified_is_not_waited_for() -> None:
    alone = await answer(individual(), roll(), credit(down="refused"))
    assert alone.outcome.result is NO_MATCH
    no_dob = await answer(individual(dob=None), roll(AT_HOME), credit(down="refused"))
    assert no_dob.outcome.result is PARTIAL
    same_group = source("phone", {"address"}, group="roll", down="refused")
    assert (await answer(individual(), roll(AT_HOME), same_group)).outcome.result is PARTIAL


async def test_an_unknown_rule_set_is_refused() -> None:
    with pytest.raises(CheckFailed) as failure:
        await answer(individual(), credit(BORN), rule_set="3+3")
    assert failure.value.error == "Check.InvalidSettings"


async def test_the_same_request_has_the_same_answer() -> None:
    sources = roll(AT_HOME, record(home=HOME, reference="r-2")), credit(BORN)
    first, second = await answer(individual(), *sources), await answer(individual(), *sources)
    assert first == second
    assert len({finding.processResultId for finding in first.findings}) == len(first.findings)
    assert (first.startedAt, first.endedAt) == (NOW, NOW)


async def test_no_personal_data_in_outcome_and_texts() -> None:
    result = await answer(
        individual(), roll(record("Sarah Whitaker", home="14 High Street, Newtown NSW 2042")), credit()
    )
    told = result.outcome.model_dump_json() + "".join(finding.explanation or "" for finding in result.findings)
    assert not [word for word in ("Sarah", "Whitaker", "1984", "High", "Newtown", "2042") if word in told]


async def test_risk_factor() -> None:
    result = await answer(individual(), roll(), credit())
    assert [(factor.factor, factor.value) for factor in result.outcome.riskFactors] == [("kyc_result", "NO_MATCH")]


def _finding(result: StepResult, kind: str) -> Finding:
    return next(finding for finding in result.findings if finding.objectType == kind)


async def test_what_a_source_said_counts_for_as_long_as_the_policy_says() -> None:
    result = await answer(individual(), roll(AT_HOME), credit(BORN))
    assert {finding.expiresAt for finding in result.findings} == {result.startedAt + timedelta(days=365)}
