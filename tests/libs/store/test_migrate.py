"""Migrations lead to the tables that the code declares."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from libs.setup import SERVICES
from libs.store.engine import connect
from libs.store.migrate import SHARED, migrate, tables_of

MIGRATED = sorted(
    ".".join(path.parent.relative_to(SERVICES.parent).parts) for path in SERVICES.rglob("migrations") if path.is_dir()
)


@pytest.mark.parametrize("package", [SHARED, *MIGRATED])
async def test_what_the_migrations_make_is_what_tables_py_declares(package: str, fresh_database_url: str) -> None:
    await migrate(fresh_database_url, package)
    await migrate(fresh_database_url, package)  # again is harmless

    def differences(connection: Connection) -> list[object]:
        known = tables_of(package)
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_object": lambda item, name, kind, reflected, _: kind != "table" or name in known.tables,
            },
        )
        return list(compare_metadata(context, known))

    engine = connect(fresh_database_url)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


def test_every_service_with_a_database_of_its_own_layout_is_looked_at() -> None:
    assert {"services.orchestration", "services.duplicates"} <= set(MIGRATED)
