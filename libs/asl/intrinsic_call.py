"""Calls of intrinsic functions, such as `States.Format('{}', $.name)`: reading and compiling them."""

import json
import re
from typing import Any

from libs.asl.intrinsics import FUNCTIONS, Run
from libs.asl.paths import InvalidPath, compile_path
from libs.asl.problems import did_you_mean
from libs.asl.scope import Evaluator


class InvalidIntrinsic(ValueError):
    """The text is not a call of an intrinsic function."""


def is_intrinsic(text: str) -> bool:
    """The text means to call an intrinsic function."""
    return text.startswith("States.")


def compile_intrinsic(text: str) -> Evaluator:
    """Compile a call with its nested calls."""
    parser = _Parser(text)
    evaluate = parser.call()
    parser.end()
    return evaluate


_NAME = re.compile(r"States\.\w+")
_STRING = re.compile(r"'((?:\\.|[^'\\])*)'")
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
_LITERALS: dict[str, Any] = {"null": None, "true": True, "false": False}
_WORD = re.compile(r"null|true|false")


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def call(self) -> Evaluator:
        name = self._match(_NAME)
        if name is None:
            raise self._wrong("a function name is expected")
        function = FUNCTIONS.get(name)
        if function is None:
            raise InvalidIntrinsic(f'"{name}" is not an intrinsic function{did_you_mean(name, FUNCTIONS, "States.")}')
        arguments = self._arguments()
        if not function.least <= len(arguments) <= function.most:
            raise InvalidIntrinsic(f"{name} takes {function.arity()}, not {len(arguments)}")
        return _application(function.run, arguments)

    def end(self) -> None:
        self._blanks()
        if self.at != len(self.text):
            raise self._wrong("nothing more is expected")

    def _arguments(self) -> list[Evaluator]:
        self._expect("(")
        if self._take(")"):
            return []
        arguments = [self._argument()]
        while self._take(","):
            arguments.append(self._argument())
        self._expect(")")
        return arguments

    def _argument(self) -> Evaluator:
        self._blanks()
        rest = self.text[self.at :]
        if rest.startswith("$"):
            return self._path()
        if is_intrinsic(rest):
            return self.call()
        return _literal(self._literal_value())

    def _literal_value(self) -> Any:
        string = self._match(_STRING)
        if string is not None:
            # Format reads the escapes \{ and \} itself.
            return re.sub(r"\\([^{}])", r"\1", string[1:-1])
        number = self._match(_NUMBER)
        if number is not None:
            return json.loads(number)
        word = self._match(_WORD)
        if word is None:
            raise self._wrong("a path, a function, a 'string', a number, true, false or null is expected")
        return _LITERALS[word]

    def _path(self) -> Evaluator:
        start, depth = self.at, 0
        while self.at < len(self.text):
            character = self.text[self.at]
            if character in "'\"" and depth:
                self._skip_quoted(character)
                continue
            if depth == 0 and character in ",)":
                break
            depth += (character in "[(") - (character in "])")
            self.at += 1
        try:
            return compile_path(self.text[start : self.at].strip())
        except InvalidPath as error:
            raise InvalidIntrinsic(str(error)) from None

    def _skip_quoted(self, quote: str) -> None:
        closing = self.text.find(quote, self.at + 1)
        if closing < 0:
            raise self._wrong("the quote is not closed")
        self.at = closing + 1

    def _match(self, pattern: re.Pattern[str]) -> str | None:
        self._blanks()
        match = pattern.match(self.text, self.at)
        if match is None:
            return None
        self.at = match.end()
        return match[0]

    def _blanks(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def _take(self, character: str) -> bool:
        self._blanks()
        if not self.text.startswith(character, self.at):
            return False
        self.at += 1
        return True

    def _expect(self, character: str) -> None:
        if not self._take(character):
            raise self._wrong(f'"{character}" is expected')

    def _wrong(self, message: str) -> InvalidIntrinsic:
        return InvalidIntrinsic(f'"{self.text}" is not an intrinsic call: at character {self.at + 1} {message}')


def _literal(value: Any) -> Evaluator:
    return lambda _value, _scope: value


def _application(run: Run, arguments: list[Evaluator]) -> Evaluator:
    return lambda value, scope: run(scope, [argument(value, scope) for argument in arguments])
