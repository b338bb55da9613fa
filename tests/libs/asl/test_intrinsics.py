"""The intrinsic functions, and how calls of them are read."""

import uuid
from typing import Any

import pytest

from libs.asl.errors import StateFailure
from libs.asl.intrinsic_call import InvalidIntrinsic, compile_intrinsic
from libs.asl.intrinsics import FUNCTIONS
from tests.libs.asl.scopes import FixedScope


def called(text: str, value: Any = None) -> Any:
    """What a call gives."""
    return compile_intrinsic(text)(value, FixedScope())


def test_there_are_eighteen() -> None:
    assert len(FUNCTIONS) == 18


@pytest.mark.parametrize(
    ("text", "value", "result"),
    [
        ("States.Format('Hello {}, you are {}', $.name, 7)", {"name": "Ada"}, "Hello Ada, you are 7"),
        ("States.Format('{}', $)", {"a": [1, None, "x"], "b": True}, "{a=[1, null, x], b=true}"),
        (r"States.Format('it\'s \{\} {}', 1)", None, "it's {} 1"),
        ("States.StringToJson($)", '{"a": [1]}', {"a": [1]}),
        ("States.JsonToString($)", {"a": [1, "é"]}, '{"a":[1,"é"]}'),
        ("States.Array()", None, []),
        ("States.Array(1, 'two', null, true, -1.5, $.x)", {"x": {}}, [1, "two", None, True, -1.5, {}]),
        ("States.ArrayPartition($, 2)", [1, 2, 3], [[1, 2], [3]]),
        ("States.ArrayContains($, 1)", [True, "1"], False),
        ("States.ArrayContains($, 1)", [{"a": 1}, 1.0], True),
        ("States.ArrayRange(1, 9, 2)", None, [1, 3, 5, 7, 9]),
        ("States.ArrayRange(3, 0, -1)", None, [3, 2, 1, 0]),
        ("States.ArrayGetItem($, 1)", ["a", "b"], "b"),
        ("States.ArrayLength($)", [1, 2], 2),
        ("States.ArrayUnique($)", [1, 2, 1, True, "1", {"a": 1}, {"a": 1}], [1, 2, True, "1", {"a": 1}]),
        ("States.Base64Encode('Data to encode')", None, "RGF0YSB0byBlbmNvZGU="),
        ("States.Base64Decode('RGF0YSB0byBlbmNvZGU=')", None, "Data to encode"),
        ("States.Hash('input data', 'SHA-1')", None, "aaff4a450a104cd177d28d18d74485e8cae074b7"),
        (
            "States.JsonMerge($.a, $.b, false)",
            {"a": {"x": {"p": 1}, "y": 1}, "b": {"x": {"q": 2}}},
            {"x": {"q": 2}, "y": 1},
        ),
        ("States.MathAdd(-1.5, 1.49)", None, 0),
        ("States.StringSplit('a.b+c..d', '.+')", None, ["a", "b", "c", "d"]),
        ("States.StringSplit('a', '')", None, ["a"]),
        ("States.ArrayGetItem(States.StringSplit($.p, '/'), States.MathAdd(0, 1))", {"p": "a/b"}, "b"),
        ("States.ArrayLength($.items[?(@.n > 1)])", {"items": [{"n": 1}, {"n": 2}]}, 1),
        ("States.Format('{}', $['a, b)'])", {"a, b)": 1}, "1"),
        ("States.Format('{}', $$.Execution.Id)", None, "e1"),
    ],
)
def test_a_call_gives(text: str, value: Any, result: Any) -> None:
    given = called(text, value)
    assert given == result
    assert repr(given) == repr(result)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("States.Format('{} {}', 1)", None),
        ("States.Format(1)", None),
        ("States.StringToJson('{')", None),
        ("States.StringToJson('NaN')", None),
        ("States.ArrayPartition($, 0)", [1]),
        ("States.ArrayRange(0, 9, 0)", None),
        ("States.ArrayRange(0, 1000, 1)", None),
        ("States.ArrayGetItem($, 1)", [1]),
        ("States.ArrayGetItem($, -1)", [1]),
        ("States.ArrayLength('abc')", None),
        ("States.Base64Encode($)", "x" * 10_001),
        ("States.Base64Decode('!')", None),
        ("States.Hash('x', 'CRC')", None),
        ("States.JsonMerge($, $, true)", {}),
        ("States.JsonMerge($, 1, false)", {}),
        ("States.MathRandom(5, 5)", None),
        ("States.MathAdd('1', 1)", None),
        ("States.MathAdd(true, 1)", None),
    ],
)
def test_arguments_that_do_not_fit_fail_the_state(text: str, value: Any) -> None:
    with pytest.raises(StateFailure) as raised:
        called(text, value)
    assert raised.value.error == "States.IntrinsicFailure"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("States.Fromat('')", 'did you mean "States.Format"'),
        ("States.MathAdd(1)", "takes 2 arguments, not 1"),
        ("States.MathRandom(1)", "takes 2 to 3 arguments"),
        ("States.Format()", "takes at least 1 arguments"),
        ("States.Array(", "is expected"),
        ("States.Array(1", '"," is expected|"\\)" is expected'),
        ("States.Array(1) 2", "nothing more is expected"),
        ("States.Array(one)", "a path, a function"),
        ("States.Array('one)", "a path, a function"),
        ("States.Array($.a[)", "is not a path"),
        ("States.Array($states.input)", "is JSONata"),
        ("States", "a function name is expected"),
    ],
)
def test_what_is_no_call_is_refused(text: str, words: str) -> None:
    with pytest.raises(InvalidIntrinsic, match=words):
        compile_intrinsic(text)


def test_random_values_depend_on_the_seed_only() -> None:
    scope = FixedScope()
    roll = compile_intrinsic("States.MathRandom(1, 7)")
    rolls = [roll(None, scope) for _ in range(300)]
    assert set(rolls) == {1, 2, 3, 4, 5, 6}
    again = FixedScope()
    assert rolls == [roll(None, again) for _ in range(300)]
    assert called("States.MathRandom(0, 1000, 42)") == called("States.MathRandom(0, 1000, 42)")


def test_a_uuid_is_one_of_version_4() -> None:
    scope = FixedScope()
    make = compile_intrinsic("States.UUID()")
    one, other = make(None, scope), make(None, scope)
    assert one != other
    assert uuid.UUID(one).version == 4
    assert make(None, FixedScope()) == one


def test_the_name_of_a_function_is_guessed_by_what_is_its_own() -> None:
    for name, guess in (("States.Formt", '; did you mean "States.Format"?'), ("States.Nope", "")):
        with pytest.raises(InvalidIntrinsic) as refused:
            compile_intrinsic(f"{name}('x')")
        assert str(refused.value) == f'"{name}" is not an intrinsic function{guess}'
