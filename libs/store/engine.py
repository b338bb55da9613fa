"""The database of a service: one engine, with limits that keep a stopped process from holding locks."""

from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

# A transaction left open by a stopped process ends after this, so that its successor is not kept waiting.
IDLE_TRANSACTION_MS = 10_000


def connect(url: str, *, pool: int = 4) -> AsyncEngine:
    """An engine for `postgresql+asyncpg://…`; connects when first used."""
    return create_async_engine(
        url,
        pool_size=pool,
        max_overflow=0,
        pool_pre_ping=False,
        hide_parameters=True,  # errors are logged, and what was to be written holds personal data
        connect_args={
            "server_settings": {
                "idle_in_transaction_session_timeout": str(IDLE_TRANSACTION_MS),
                "lock_timeout": str(2 * IDLE_TRANSACTION_MS),
                "jit": "off",
            }
        },
    )
