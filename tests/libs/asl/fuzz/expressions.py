"""JSONata expressions drawn from a random source: most have a value, some fail, all end.

Left out, as the second implementation is wrong there: the remainder of a number that is not whole, `$split` at a
pattern with groups, `$distinct` of 1 and true, and `-1 ?: 1` and `-1 ?? 1`, which evaluate the sign twice. Left out,
too: what only AWS has, what draws, and what reads the clock.
"""

import re
from collections.abc import Sequence
from random import Random

# What an expression reads.
INPUT = {
    **{"n": 3, "f": 2.5, "neg": -7, "s": "x*y", "t": True, "no": False, "none": None, "blank": "", "empty": []},
    **{"list": [3, 1, 2], "words": ["b", "a", "c"], "mixed": [1, "a", None, {"n": 1}], "nested": [[1, 2], [3]]},
    **{"o": {"a": 1, "b": [True, "z"], "c": {"d": "deep"}}, "when": "2026-01-01T00:00:00Z", "csv": "a,b,,c"},
    "rows": [
        {"id": 1, "ok": True, "tag": "x", "price": 10.5},
        {"id": 2, "ok": False, "tag": "y", "price": 4},
        {"id": 3, "ok": True, "tag": "x", "price": 0.25},
    ],
}

# By the kind of value that should come of it; `<number>` and the like stand for another expression of that kind.
FORMS: dict[str, Sequence[str]] = {
    "number": (
        *(
            "(<number> + <number>)",
            "(<number> - <number>)",
            "(<number> * <number>)",
            "(<number> / 4)",
            "($floor(<number>) % 3)",
        ),
        *(
            "-(<number>)",
            "$abs(<number>)",
            "$floor(<number>)",
            "$ceil(<number>)",
            "$round(<number>)",
            "$round(<number>, 1)",
        ),
        *("$power(<number>, 2)", "$sqrt($abs(<number>))", "$number('1<digit>')", "$number(<truth>)", "$count(<list>)"),
        *("$sum(<numbers>)", "$max(<numbers>)", "$min(<numbers>)", "$average(<numbers>)", "$length(<text>)"),
        *("(<truth> ? <number> : <number>)", "(<numbers>)[<digit>]"),
        *(
            "$reduce(<numbers>, function($i, $j) { $i + $j }, <number>)",
            "(<number> ~> $abs())",
            "($x := <number>; $x * 2)",
        ),
        *("$toMillis(<in>.when)", "$reduce(<numbers>, function($i, $j) { $i * $j })", "$count(<in>.rows[<row>])"),
    ),
    "text": (
        *("(<text> & <text>)", "(<text> & <number>)", "(<text> & <truth>)", "$uppercase(<text>)", "$lowercase(<text>)"),
        *(
            "$trim(<text>)",
            "$substring(<text>, <digit>)",
            "$substring(<text>, -<digit>, 2)",
            "$substringBefore(<text>, ',')",
        ),
        *("$substringAfter(<text>, <text>)", "$pad(<text>, 6, '#')", "$pad(<text>, -<digit>)", "$string(<any>)"),
        *(
            "$replace(<text>, <pattern>, '-')",
            "$replace(<text>, /b/, 'c', 1)",
            "$join(<texts>)",
            "$join(<texts>, <text>)",
        ),
        *(
            "$type(<any>)",
            "$formatNumber(<number>, '#,##0.00')",
            "$formatBase(1<digit>, 16)",
            "$encodeUrlComponent(<text>)",
        ),
        *(
            "(<truth> ? <text> : <text>)",
            "(<text> ~> $uppercase)",
            "(<text> ~> $trim ~> $uppercase)",
            "(<texts>)[<digit>]",
        ),
        *(
            "$fromMillis(1<digit>000000)",
            "$fromMillis(1<digit>000000, '[Y0001]-[M01]-[D01]')",
            "$split(<text>, ',')[0]",
        ),
        *("$base64encode(<text>)", "$map([<text>], $uppercase)[0]", "$lookup(<in>.rows[0], 'tag')"),
    ),
    "truth": (
        *(
            "(<number> < <number>)",
            "(<number> <= <number>)",
            "(<number> > <number>)",
            "(<number> >= 2)",
            "(<text> < 'b')",
        ),
        *(
            "(<number> = <number>)",
            "(<any> = <any>)",
            "(<any> != <any>)",
            "(<truth> and <truth>)",
            "(<truth> or <truth>)",
        ),
        *("$not(<any>)", "$exists(<any>)", "$boolean(<any>)", "(<number> in <numbers>)", "(<text> in <texts>)"),
        *("$contains(<text>, 'a')", "$contains(<text>, <pattern>)", "($count(<list>) > <digit>)"),
    ),
    "list": (
        *(
            "$append(<list>, <list>)",
            "$reverse(<list>)",
            "$distinct(<numbers>)",
            "$distinct(<texts>)",
            "[<list>, <any>]",
            "[<any>]",
            "<in>.rows.tag[]",
        ),
        *("$map(<list>, function($v) { $v })", "$map(<list>, function($v, $i) { $i })", "$map(<list>, $string)"),
        *("$filter(<list>, function($v) { $v > 1 })", "$filter(<list>, $boolean)", "(<list>)[[0, 1]]", "(<list>)[-1]"),
        *(
            "$sort(<numbers>)",
            "$sort(<in>.rows, function($l, $r) { $l.price > $r.price }).id",
            "$split(<text>, /[a-c]/)",
        ),
        *(
            "<in>.rows^(>price).id",
            "<in>.rows^(tag, >id).id",
            "<in>.rows[<row>].{'k': id, 'v': tag}",
            "<in>.rows.(id * price)",
        ),
        *(
            "$keys(<object>)",
            "$spread(<object>)",
            "$zip(<list>, <list>)",
            "$match(<text>, <pattern>)",
            "<in>.o.*",
            "<in>.nested.**",
        ),
        *(
            "<in>.rows#$i.($i & tag)",
            "<in>.rows@$r.(id & $r.tag)",
            "$each(<object>, function($v, $k) { $k })",
            "<in>.rows[price > <number>].tag",
        ),
        *("[1..<digit>]", "[<digit>..4]", "<in>.rows.[id, tag]", "<in>.*[0]", "<in>.rows[<row>]"),
    ),
    "object": (
        *(
            "{'a': <any>, <text>: <number>}",
            "$merge([<object>, <object>])",
            "<in>.rows{tag: $sum(price)}",
            "<in>.rows{tag: id}",
        ),
        *("$sift(<object>, function($v, $k) { $k != 'a' })", "(<in> ~> | rows | {'new': <number>}, ['ok'] |).rows[0]"),
        *(
            "(<truth> ? <object> : <object>)",
            "$single(<in>.rows, function($v) { $v.id = <digit> })",
            "<in>.rows[<row>][0]",
        ),
        *("$reduce(<in>.rows, function($i, $j) { $merge([$i, $j]) })", "{'rows': <in>.rows.{'id': id}, 'n': <number>}"),
    ),
    "odd": (
        *(
            "<in>.missing",
            "<in>.o.x.y",
            "<in>.n.a",
            "<in>.list[9]",
            "<in>.rows[id = 9]",
            "<in>.none",
            "null",
            "(<text> + 1)",
        ),
        *(
            "$error('no')",
            "$assert(<truth>, 'no')",
            "$number('x')",
            "$sum(<in>.words)",
            "$toMillis('x')",
            "$single(<list>)",
        ),
        *(
            "(1; <any>)",
            "$nothing",
            "$substring(<any>, 1)",
            "$abs(<any>)",
            "$keys(<any>)",
            "$length(<any>)",
            "(<any> ~> $string)",
        ),
    ),
}

# What ends an expression.
LEAVES: dict[str, Sequence[str]] = {
    "number": (
        "-3",
        "0",
        "1",
        "12",
        "0.5",
        "<in>.n",
        "<in>.f",
        "<in>.neg",
        "<in>.o.a",
        "<in>.list[0]",
        "<in>.rows[1].price",
    ),
    "text": (
        "'ab'",
        "''",
        "'a b c'",
        "<in>.s",
        "<in>.blank",
        "<in>.csv",
        "<in>.o.c.d",
        "<in>.words[0]",
        "<in>.rows[0].tag",
    ),
    "truth": ("true", "false", "<in>.t", "<in>.no", "<in>.rows[0].ok", "<in>.o.b[0]"),
    "list": ("['q', 1]", "[]", "<in>.list", "<in>.words", "<in>.rows.id", "<in>.nested", "<in>.empty", "<in>.mixed"),
    "object": ("{}", "{'k': 1}", "<in>.o", "<in>.rows[0]", "<in>.o.c"),
    "odd": ("<in>.missing", "<in>.none", "null", "<in>.n.a"),
    "numbers": ("<in>.list", "<in>.rows.id", "<in>.rows.price", "<in>.nested[0]", "<in>.empty", "[1..4]"),
    "texts": ("<in>.words", "<in>.rows.tag", "['x']", "<in>.empty"),
    "pattern": ("','", "'a'", "/[a-c]/", "/b+/i", "/(\\w)(\\w)/", "/\\d/"),
    "row": ("ok", "tag = 'x'", "price > 1 and ok", "$not(ok)", "0"),
    "digit": ("0", "1", "2", "3"),
}
_KINDS = ("number", "text", "truth", "list", "object", "number", "text", "list", "odd")
_PLACE = re.compile(r"<(\w+)>")


class Expressions:
    """Draws expressions; `read` is where the input is, and `variables` which variables may be read besides."""

    def __init__(self, random: Random, read: str = "$states.input", variables: Sequence[str] = ()) -> None:
        self._random = random
        self._read = read
        self.variables = variables

    def draw(self, kind: str = "any", depth: int = 3) -> str:
        """An expression that should give a value of a kind."""
        if kind == "in":
            return self._read
        if kind == "any":
            kind = self._random.choice(_KINDS)
        if self.variables and kind in _KINDS and self._random.random() < 0.1:
            return f"${self._random.choice(self.variables)}"
        forms = FORMS[kind] if depth > 0 and kind in FORMS else LEAVES[kind]
        return _PLACE.sub(lambda place: self.draw(place[1], depth - 1), self._random.choice(forms))
