"""The files of an application, from the store through the reading process to what the rules are given."""

from decimal import Decimal
from pathlib import Path

import pytest

from libs.blobs.directory import Directory
from libs.blobs.port import STATEMENTS, Reference
from libs.events.models import ApplicationFile, CheckRequested
from libs.streaming.check import CheckFailed
from services.prescreening.bank_statements import gather, units
from services.prescreening.part import Means
from services.prescreening.statements.form import Refused
from services.prescreening.statements.reader import Reader
from tests.factory import NOON, application, asked
from tests.services.prescreening import badly
from tests.services.prescreening.ledger import as_camt, as_csv, year
from tests.services.prescreening.test_rules_bank_statements import POLICY


def file(kept: Reference, **more: str) -> ApplicationFile:
    """A bank statement that was kept."""
    return ApplicationFile(kind="BANK_STATEMENT", sha256=kept.sha256, mediaType=kept.mediaType, size=kept.size, **more)


def request(*files: ApplicationFile) -> CheckRequested:
    """An application with files."""
    data = asked("prescreening", application=application(files=list(files))).data
    assert isinstance(data, CheckRequested)
    return data


async def test_files_are_read_and_those_that_cannot_be_are_refused_with_a_reason(tmp_path: Path) -> None:
    blobs, (first, second) = Directory(tmp_path), year(2)
    good = [file(await blobs.put(write(one), STATEMENTS)) for write, one in ((as_camt, first), (as_csv, second))]
    bad = file(await blobs.put(b"<!DOCTYPE a [<!ENTITY b 'c'>]><Document>053</Document>", STATEMENTS), fileId="bad")
    lost = bad.model_copy(update={"sha256": "0" * 64, "fileId": "lost"})
    means = Means(blobs=blobs)
    try:
        gathered = await gather(request(*good, bad, lost), means, POLICY, NOON)
    finally:
        means.reader.close()
    assert [(one.form, one.file, len(one.lines)) for one in gathered.statements] == [
        ("CAMT.053", good[0].sha256, 3),
        ("CSV bank-balance", good[1].sha256, 3),
    ]
    assert gathered.refused == [
        ("bad", "line 1: the XML is in no form of bank statements that is read"),
        ("lost", "no file 000000000000… is kept"),
    ]


async def test_without_a_store_nothing_is_judged() -> None:
    one = ApplicationFile(kind="BANK_STATEMENT", sha256="0" * 64, mediaType="text/plain", size=1)
    with pytest.raises(CheckFailed, match="no store of files is configured"):
        await gather(request(one), Means(), POLICY, NOON)


async def test_what_takes_too_long_or_too_much_or_breaks_the_process_is_refused_and_the_next_is_read() -> None:
    reader = Reader(seconds=2.0, memory_bytes=1_000_000_000)
    try:
        with pytest.raises(Refused, match="reading it takes too much memory"):
            await reader.read(badly.greedily)
        with pytest.raises(Refused, match="reading it ended the process that did"):
            await reader.read(badly.dying)
        with pytest.raises(Refused, match="it was not read within 2 s"):
            await reader.read(badly.forever)
        assert await reader.read(Decimal, "1.50") == Decimal("1.50")
    finally:
        reader.close()


def test_the_currencies_that_have_no_cents() -> None:
    assert (units()["JPY"], units()["BHD"], "EUR" in units()) == (0, 3, False)
