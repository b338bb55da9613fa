"""Words that mean the same, as a document."""

import pytest
import yaml

from libs.comparing import names
from libs.comparing.loading import WORDS as DOCUMENT
from libs.comparing.words import parse
from tests.services.kyc.factory import WORDS, name


def test_forms_of_one_name() -> None:
    assert WORDS.forms("robert") == ["bob", "bobby", "rob", "robbie"]
    assert WORDS.same_name("jim", "james")
    assert not WORDS.same_name("james", "john")


def test_a_nickname_of_ones_own() -> None:
    document = yaml.safe_load(DOCUMENT.read_text())
    own = parse({**document, "nicknames": [*document["nicknames"], "zdenka zuza"]})
    assert names.strengths(name("Zdenka Smith"), name("Zuza Smith"), WORDS)["givenName"] < 50
    assert names.strengths(name("Zdenka Smith"), name("Zuza Smith"), own)["givenName"] == 95


def test_a_mistake_is_refused_with_its_place() -> None:
    document = yaml.safe_load(DOCUMENT.read_text())
    with pytest.raises(ValueError, match=r"abbreviations\.st\n"):
        parse({**document, "abbreviations": {"st": ["street"]}})
