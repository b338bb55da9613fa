"""The synthetic register, as data sources."""

import gzip
from collections import Counter
from pathlib import Path

import pytest
import yaml

from libs.events.models import StepResultCode
from services.kyc import register
from services.kyc.population import SEED, SIZE, population
from services.kyc.sample import outcomes
from services.kyc.synthesise import compressed
from services.kyc.synthesise import register as synthesised


@pytest.fixture(scope="module")
def known() -> register.Register:
    return register.load()


def test_the_committed_register_is_what_the_command_makes() -> None:
    committed = (register.DATA / "register.jsonl.gz").read_bytes()
    content = synthesised(SEED, SIZE)
    same = gzip.decompress(committed) == content
    assert same, "python -m services.kyc.synthesise makes another register than the committed one"
    assert compressed(content) == compressed(content)


def test_another_seed_makes_other_people() -> None:
    assert synthesised(7, 20) == synthesised(7, 20) != synthesised(8, 20)


def test_the_records_of_a_person_are_found(known: register.Register) -> None:
    """Blocking finds nearly every record that has no more than the ordinary differences."""
    held = found = 0
    for person in population(size=600):
        for source in known.sources:
            entry = person.entries.get(source.about.id)
            if entry and source.covers(person.individual):
                held += 1
                candidates = [record.reference for record in source.find(person.individual)]
                found += entry["reference"] in candidates
    assert held > 1000
    assert found / held > 0.98


def test_a_source_of_another_country_is_not_asked(known: register.Register) -> None:
    foreign = next(one.individual for one in population() if one.individual.nationality == "DEU")
    asked = {source.about.id for source in known.sources if source.covers(foreign)}
    assert asked == {"intl-credit-header", "intl-document-register"}


def test_a_source_may_want_a_consent_and_its_own_fuzziness(tmp_path: Path) -> None:
    document = yaml.safe_load((register.DATA / "sources.yaml").read_text())
    document["sources"][0] |= {"consent": "DOCS", "fuzziness": "exact"}
    (tmp_path / "sources.yaml").write_text(yaml.safe_dump(document))
    about = register.declared(tmp_path / "sources.yaml")[document["sources"][0]["id"]].about
    assert (about.consent, about.fuzziness) == ("DOCS", "exact")


def test_people_verify_in_part_and_not_at_all_by_nature() -> None:
    found = Counter(result for _, result in outcomes(size=500))
    assert found[StepResultCode.MATCH] > 350
    assert found[StepResultCode.PARTIAL] > 30
    assert found[StepResultCode.NO_MATCH] > 10


def test_someone_in_no_source_is_not_found() -> None:
    assert {result for person, result in outcomes(size=500) if not person.entries} == {StepResultCode.NO_MATCH}
