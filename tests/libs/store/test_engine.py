"""What an engine tells of its errors."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from libs.store.engine import connect


async def test_an_error_does_not_tell_what_was_to_be_written(fresh_database_url: str) -> None:
    engine = connect(fresh_database_url)
    try:
        async with engine.begin() as connection:
            with pytest.raises(DBAPIError, match="division by zero") as raised:
                await connection.execute(text("SELECT 1 / 0, CAST(:name AS text)"), {"name": "Jane Citizen"})
    finally:
        await engine.dispose()
    assert "Citizen" not in str(raised.value)
