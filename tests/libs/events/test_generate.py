from libs.events.generate import MODELS, generated
from tests.libs.events.conftest import Schemas


def test_the_committed_models_are_those_of_the_schemas() -> None:
    assert MODELS.read_text() == generated(), "run `make models`"


def test_a_changed_schema_is_noticed(schemas: Schemas) -> None:
    schemas.change("Reason", lambda reason: reason["fields"].append({"name": "weight", "type": "int", "default": 0}))
    assert "weight" in generated()
    assert "weight" not in MODELS.read_text()
