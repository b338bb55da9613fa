from collections.abc import Sequence
from pathlib import Path

import pytest

from libs.events.message import Message
from libs.events.models import StepResult
from libs.matchlists.attributes import Person
from libs.streaming.memory import MemoryBroker, MemoryProducer
from libs.streaming.references import ReferenceReader
from services.matchlist import rules
from services.matchlist.command_line import BATCH, arguments, run
from services.matchlist.entries import Entries
from tests.services.matchlist.factory import NOW, person, request

HEADER = "reference,name,dob,email,expiry,reasons,rule\n"


async def do(broker: MemoryBroker, folder: Path, text: str, command: str = "import", *more: str) -> int:
    """Write the file and have the command take it."""
    file = folder / "list.csv"
    file.write_bytes(text.encode(errors="surrogateescape"))
    action = ["--action", "BLOCK"] if command == "import" else []
    given = [command, str(file), "--list", "Fraud", "--customer", "c1", *action, *more]
    return await run(arguments().parse_args(given), broker, lambda: NOW)


async def checked(broker: MemoryBroker) -> StepResult:
    """The check of Maria by a process that has just started."""
    entries, who = Entries(), Person(person())
    await ReferenceReader(broker, [entries]).catch_up()
    return rules.answer(request(person()), who, entries.candidates("c1", who), NOW)


async def test_a_row_that_is_listed_is_found_and_is_not_once_it_is_removed(tmp_path: Path) -> None:
    broker = MemoryBroker()
    text = HEADER + "case 7,Maria Castellano,1984-03-09,,2026-12-31,FRAUD; SCAM,\n"
    assert await do(broker, tmp_path, text) == 0
    (finding,) = (await checked(broker)).findings
    assert finding.matchlist is not None
    assert (finding.matchlist.name, finding.matchlist.action, finding.matchlist.reference) == (
        "Fraud",
        "BLOCK",
        "case 7",
    )
    assert await do(broker, tmp_path, text, "remove") == 0
    assert (await checked(broker)).findings == []


async def test_a_repeat_is_the_same_entry(tmp_path: Path) -> None:
    broker = MemoryBroker()
    for text in (HEADER + ",Maria Castellano,,,,,\n", "name\nMaria Castellano\n"):
        assert await do(broker, tmp_path, text) == 0
    assert len((await checked(broker)).findings) == 1


async def test_a_rule_of_a_row_counts(tmp_path: Path) -> None:
    broker = MemoryBroker()
    assert await do(broker, tmp_path, HEADER + ",maria castellano,,,,,EXACT\n,Maria Castelano,,,,,NORMALISED\n") == 0
    assert (await checked(broker)).findings == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "line 1: must name the columns"),
        (HEADER, "line 1: there is no entry"),
        ("name,nmae\n", 'line 1: column 2 "nmae": is none of name, givenName, familyName, dob, '),
        ("name,IND_DISPLAY_NAME\n", 'line 1: column 2 "IND_DISPLAY_NAME": is there twice'),
        (HEADER + ",Ann\n", "line 2: has 2 values for 7 columns"),
        (
            HEADER + ',"Ann\nLee",,,,,\n,Bo Li,1990-02-30,,,,\n',
            'line 4, column dob: "1990-02-30" is no date as YYYY-MM-DD',
        ),
        (HEADER + ",Ann Lee,,,soon,,\n", 'line 2, column expiry: "soon" is no date as YYYY-MM-DD'),
        (HEADER + ",Ann Lee,,,,,FUZY\n", 'line 2, column rule: "FUZY" is none of NORMALISED, EXACT, FUZZY'),
        (HEADER + ",---,,,,,\n", 'line 2, column name: "---" has nothing to compare'),
        (HEADER + f",{'x' * 1001},,,,,\n", "line 2, column name: is longer than 1000 characters"),
        (HEADER + "7,,,,,,\n", "line 2: has nothing to match on"),
        (HEADER + "7,Ann Lee,,,,,\n7,Bo Li,,,,,\n", "line 3: is the same entry as line 2"),
        (HEADER + ',"Ann\n', "line 2: unexpected end of data"),
        (HEADER + "\n,\udcff,,,,,\n", "line 3: is not UTF-8"),
    ],
)
async def test_a_file_with_a_problem_changes_nothing_and_tells_where_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, problem: str
) -> None:
    broker = MemoryBroker()
    good = ",Maria Castellano,,,,,\n" if text not in ("", HEADER) else ""
    assert await do(broker, tmp_path, text + good) == 1
    assert f"list.csv: {problem}" in capsys.readouterr().err
    assert not broker.logs


async def test_a_dry_run_changes_nothing(tmp_path: Path) -> None:
    broker = MemoryBroker()
    assert await do(broker, tmp_path, "name\nMaria Castellano\n", "import", "--dry-run") == 0
    assert not broker.logs


class FailingBroker(MemoryBroker):
    """Takes one batch and is gone."""

    def producer(self) -> MemoryProducer:
        return FailingProducer(self)


class FailingProducer(MemoryProducer):
    """Takes one batch and is gone."""

    taken = False

    async def send(self, messages: Sequence[Message]) -> list[Message]:
        if self.taken:
            raise OSError("the broker is gone")
        self.taken = True
        return await super().send(messages)


async def test_what_was_done_by_half_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "name\n" + "".join(f"Person {number}\n" for number in range(BATCH + 1))
    assert await do(FailingBroker(), tmp_path, text) == 2
    assert f"{BATCH} of {BATCH + 1} entries were listed" in capsys.readouterr().err
