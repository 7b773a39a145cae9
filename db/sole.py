"""One process at a time for one bot over one store: its place is held while it lives, and free when
it dies.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

log = logging.getLogger(__name__)

Held = Callable[[], Awaitable[bool]]
"""Whether a place is still held: the connection to a server, and the place with it, can be lost."""


@asynccontextmanager
async def sole(engine: AsyncEngine, name: str, *, every: float = 1.0) -> AsyncIterator[Held]:
    """Waits until no other process holds the place `name`, looking every so many seconds, and holds
    it.
    """
    database = engine.url.database
    if engine.dialect.name != "sqlite":
        async with _on_a_server(engine, name, every) as held:
            yield held
    elif database in (None, "", ":memory:"):
        yield _always
    else:
        async with _beside(Path(str(database)).resolve(), name, every) as held:  # noqa: ASYNC240 - once, at the start
            yield held


@asynccontextmanager
async def _beside(database: Path, name: str, every: float) -> AsyncIterator[Held]:
    """A file whose lock the kernel takes back when the process dies, however it dies."""
    lock = FileLock(database.with_name(f"{database.name}.{name}.lock"), thread_local=False)

    async def taken() -> bool:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return False
        return True

    await _until(taken, name, every)
    try:
        yield _always
    finally:
        lock.release()


@asynccontextmanager
async def _on_a_server(engine: AsyncEngine, name: str, every: float) -> AsyncIterator[Held]:
    """A lock of PostgreSQL, which lasts as long as the connection that took it."""
    key = int.from_bytes(hashlib.sha256(f"solieu {name}".encode()).digest()[:8], "big", signed=True)
    async with engine.connect() as plain:
        connection = await plain.execution_options(isolation_level="AUTOCOMMIT")

        async def taken() -> bool:
            return bool(
                await connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": key})
            )

        async def held() -> bool:
            try:
                await connection.execute(text("SELECT 1"))
            except DBAPIError:
                return False
            return True

        await _until(taken, name, every)
        try:
            yield held
        finally:
            with suppress(DBAPIError):
                await connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": key})


async def _always() -> bool:
    return True


async def _until(taken: Held, name: str, every: float) -> None:
    said = False
    while not await taken():
        if not said:
            log.warning("Another process serves %s over this store: waiting until it ends.", name)
            said = True
        await asyncio.sleep(every)
