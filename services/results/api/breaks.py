"""What a client of one OpenAPI document would miss in a later one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

METHODS = ("get", "post", "put", "patch", "delete")
# Limits of what may be sent: which of two values lets more through.
LIMITS = {
    "maximum": max, "maxLength": max, "maxItems": max, "maxProperties": max,
    "minimum": min, "minLength": min, "minItems": min, "minProperties": min,
}  # fmt: skip


def breaks(old: Json, new: Json) -> list[str]:
    """Each break with its place: `GET /v2/executions 200 meta.page: is gone`."""
    return [*dict.fromkeys(one for at, item in old["paths"].items() for one in _path(old, new, at, item))]


def _path(old: Json, new: Json, at: str, item: Json) -> Iterator[str]:
    there = new["paths"].get(at, {})
    for method in METHODS:
        if method in item and method not in there:
            yield f"{method.upper()} {at}: is gone"
        elif method in item:
            compared = _Operation(old, new, f"{method.upper()} {at}")
            yield from compared.of(item[method], there[method])


@dataclass
class _Operation:
    """The comparison of one operation; each pair of schemas is compared once in each direction."""

    old: Json
    new: Json
    name: str
    seen: set[tuple[str, str, bool]] = field(default_factory=set)

    def of(self, old: Json, new: Json) -> Iterator[str]:
        yield from self._parameters(_named(old), _named(new))
        yield from self._bodies(old.get("requestBody"), new.get("requestBody"))
        for status, answer in old["responses"].items():
            if status not in new["responses"]:
                if status.startswith("2"):
                    yield f"{self.name}: answers no {status} any more"
                continue
            before, after = _schema(answer), _schema(new["responses"][status])
            yield from self._answered(before, after, f"{self.name} {status}", "")

    def _parameters(self, old: Mapping[str, Json], new: Mapping[str, Json]) -> Iterator[str]:
        for place, one in old.items():
            if place not in new:
                yield f"{self.name} {place}: is gone"
                continue
            if new[place].get("required") and not one.get("required"):
                yield f"{self.name} {place}: is needed now"
            yield from self._sent(one.get("schema", {}), new[place].get("schema", {}), f"{self.name} {place}", "")
        for place in new.keys() - old.keys():
            if new[place].get("required"):
                yield f"{self.name} {place}: is new, and needed"

    def _bodies(self, old: Json | None, new: Json | None) -> Iterator[str]:
        if new is not None and new.get("required") and not (old or {}).get("required"):
            yield f"{self.name} body: is needed now"
        if old is not None and new is None:
            yield f"{self.name} body: is gone"
        if old is not None and new is not None:
            yield from self._sent(_schema(old), _schema(new), f"{self.name} body", "")

    def _sent(self, old: Json, new: Json, at: str, path: str) -> Iterator[str]:
        """What was accepted and no longer is."""
        if self._is_known(old, new, answered=False):
            return
        old, new = _resolved(self.old, old), _resolved(self.new, new)
        accepted = _branches(self.new, new)
        for branch in _branches(self.old, old):
            found = [[*self._narrowed(branch, one, at, path)] for one in _alike(branch, accepted)]
            yield from min(found, key=len)

    def _narrowed(self, old: Json, new: Json, at: str, path: str) -> Iterator[str]:
        place = f"{at} {path}".rstrip()
        if _types(new) and not _types(old) <= _wider(_types(new)):
            yield f"{place}: was {_told(old)}, is {_told(new)}"
            return
        if "enum" in new and (gone := [one for one in old.get("enum", ["any value"]) if one not in new["enum"]]):
            yield f"{place}: does not take {', '.join(map(str, gone))} any more"
        if new.get("pattern") not in (None, old.get("pattern")):
            yield f"{place}: has another pattern"
        for limit, wider in LIMITS.items():
            if limit in new and (limit not in old or wider(old[limit], new[limit]) != new[limit]):
                yield f"{place}: {limit} is {new[limit]}, was {old.get(limit, 'open')}"
        before, after = old.get("properties", {}), new.get("properties", {})
        for name in sorted(set(new.get("required", ())) - set(old.get("required", ()))):
            yield f"{at} {_join(path, name)}: is needed now"
        for name, one in before.items():
            if name in after:
                yield from self._sent(one, after[name], at, _join(path, name))
            elif new.get("additionalProperties") is False:
                yield f"{at} {_join(path, name)}: is gone"
        if "items" in old:
            yield from self._sent(old["items"], new.get("items", {}), at, f"{path}[]")

    def _answered(self, old: Json, new: Json, at: str, path: str) -> Iterator[str]:
        """What was answered and no longer is, or is another thing now."""
        if self._is_known(old, new, answered=True):
            return
        old, new = _resolved(self.old, old), _resolved(self.new, new)
        expected = _branches(self.old, old)
        for branch in _branches(self.new, new):
            found = [[*self._changed(one, branch, at, path)] for one in _alike(branch, expected)]
            yield from min(found, key=len)

    def _changed(self, old: Json, new: Json, at: str, path: str) -> Iterator[str]:
        place = f"{at} {path}".rstrip()
        if _types(old) and not (_types(new) and _types(new) <= _wider(_types(old))):
            yield f"{place}: was {_told(old)}, is {_told(new)}"
            return
        if old.get("format") != new.get("format") and "format" in old:
            yield f"{place}: was a {old['format']}"
        after = new.get("properties", {})
        for name, one in old.get("properties", {}).items():
            under = _join(path, name)
            if name not in after:
                yield f"{at} {under}: is gone"
                continue
            if name in old.get("required", ()) and name not in new.get("required", ()):
                yield f"{at} {under}: is not always there any more"
            yield from self._answered(one, after[name], at, under)
        if "items" in old:
            yield from self._answered(old["items"], new.get("items", {}), at, f"{path}[]")

    def _is_known(self, old: Json, new: Json, *, answered: bool) -> bool:
        """The pair was compared before; schemas that hold themselves come to an end so."""
        if "$ref" not in old or "$ref" not in new:
            return False
        pair = old["$ref"], new["$ref"], answered
        known = pair in self.seen
        self.seen.add(pair)
        return known


def _named(operation: Json) -> dict[str, Json]:
    """Parameters by where they stand; those of the path have no names to a client."""
    return {f"{one['in']}.{one['name']}": one for one in operation.get("parameters", ()) if one["in"] != "path"}


def _schema(of: Json) -> Json:
    return dict(of.get("content", {}).get("application/json", {}).get("schema", {}))


def _resolved(document: Json, schema: Json) -> Json:
    if "$ref" in schema:
        return _resolved(document, document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]])
    return schema


def _branches(document: Json, schema: Json) -> list[Json]:
    """The schemas of which one has to fit."""
    several = schema.get("anyOf") or schema.get("oneOf")
    return [one for part in several for one in _branches(document, _resolved(document, part))] if several else [schema]


def _alike(branch: Json, among: list[Json]) -> list[Json]:
    """Those of the same type, where there are any."""
    return [one for one in among if _types(one) & _types(branch)] or among


def _types(schema: Json) -> set[str]:
    kind = schema.get("type")
    return set(kind) if isinstance(kind, list) else {kind} if kind else set()


def _wider(types: set[str]) -> set[str]:
    """A whole number is a number."""
    return types | {"integer"} if "number" in types else types


def _told(schema: Json) -> str:
    return " or ".join(sorted(_types(schema))) or "anything"


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
