"""The first sheet of an XLSX file as rows of text, of bounded size."""

import zipfile
from collections.abc import Iterator
from datetime import date
from typing import IO

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from services.aml.xml import Broken

# What the parts of the archive may be unpacked, in bytes, and what no list has more of.
MOST_BYTES, MOST_ROWS = 300_000_000, 1_000_000
BEGINNING = b"PK\x03\x04"


def rows(file: IO[bytes]) -> Iterator[list[str]]:
    """Row by row; raises Broken."""
    try:
        with zipfile.ZipFile(file) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
        if unpacked > MOST_BYTES:
            raise Broken(f"unpacked it has {unpacked:,} bytes, at most {MOST_BYTES:,} are taken")
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        for number, row in enumerate(book.worksheets[0].iter_rows(values_only=True), 1):
            if number > MOST_ROWS:
                raise Broken(f"row {number}: more than {MOST_ROWS:,} rows")
            yield [_text(value) for value in row]
    except (zipfile.BadZipFile, InvalidFileException, KeyError, IndexError, SyntaxError, OSError) as error:
        raise Broken(f"no XLSX: {error}") from None


def _text(value: object) -> str:
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    return "" if value is None else str(value)
