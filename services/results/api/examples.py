"""Examples of what the API takes and answers: a value for each field by its name, else by its type."""

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]

PLAIN: Mapping[str, Any] = {"integer": 1, "number": 1.0, "boolean": True, "string": "text", "null": None}
FORMATS: Mapping[str, str] = {"date-time": "2026-03-01T09:00:00Z", "date": "2026-03-01"}
DEEPEST = 12
# Left out where a field need not be there.
SAYS_NOTHING: tuple[Any, ...] = ("text", ["text"], [], {}, None)


class Examples:
    """Makes examples of the schemas of one OpenAPI document, with these values of fields."""

    def __init__(self, document: Json, values: Mapping[str, Any]) -> None:
        self._schemas: Mapping[str, Json] = document.get("components", {}).get("schemas", {})
        self._values = values

    def of(self, schema: Json, name: str = "", depth: int = 0) -> Any:
        """An example that fits a schema; `name` is the field that it is of."""
        if "$ref" in schema:
            return self.of(self._schemas[schema["$ref"].rsplit("/", 1)[-1]], name, depth)
        if "examples" in schema:
            return schema["examples"][0]
        if "const" in schema:
            return schema["const"]
        if name in self._values and self._is_of(schema, self._values[name]):
            return self._values[name]
        if "enum" in schema:
            return schema["enum"][0]
        for several in ("anyOf", "oneOf"):
            if several in schema:
                return self.of(schema[several][0], name, depth)
        return self._made(schema, name, depth)

    def _made(self, schema: Json, name: str, depth: int) -> Any:
        kind = schema.get("type", "object")
        if kind == "object":
            properties = schema.get("properties", {})
            needed = schema.get("required", ())
            wanted = properties if depth < DEEPEST else needed
            made = {one: self.of(properties[one], one, depth + 1) for one in wanted}
            return {one: value for one, value in made.items() if one in needed or value not in SAYS_NOTHING}
        if kind == "array":
            one = self.of(schema.get("items", {}), name, depth + 1)
            return [one] if depth < DEEPEST or schema.get("minItems") else []
        return FORMATS.get(schema.get("format", ""), max(PLAIN[kind], schema.get("minimum", PLAIN[kind]), key=_number))

    def _is_of(self, schema: Json, value: Any) -> bool:
        """The value is of the field's type, with all that is in it."""
        return any(self._fits(branch, value) for branch in self._branches(schema))

    def _fits(self, schema: Json, value: Any) -> bool:
        if schema.get("type") != _type(value) or value not in schema.get("enum", [value]):
            return False
        if isinstance(value, list):
            return all(self._is_of(schema.get("items", {}), one) for one in value)
        if isinstance(value, dict) and "properties" in schema:
            parts = schema["properties"]
            return all(name in parts and self._is_of(parts[name], one) for name, one in value.items())
        return True

    def _branches(self, schema: Json) -> list[Json]:
        if "$ref" in schema:
            return self._branches(self._schemas[schema["$ref"].rsplit("/", 1)[-1]])
        return [branch for one in schema.get("anyOf", ()) for branch in self._branches(one)] or [schema]


def _number(value: Any) -> float:
    return value if isinstance(value, int | float) else 0


def _type(value: Any) -> str:
    kinds = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return kinds.get(type(value), "null")
