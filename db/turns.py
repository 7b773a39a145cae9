"""How the memory of chats is written and read: one after another where the database wants it, and
never given up.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any, TypeVar

from sqlalchemy import Table, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.engine import StoreError

log = logging.getLogger(__name__)

T = TypeVar("T")


class Turns:
    """The one way to a database of chats. One that another process has locked is waited for: no
    work fails because of it.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        if engine.dialect.name == "sqlite":
            event.listen(engine.sync_engine, "checkout", _hasten)
        self.insert: Any = (
            postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert
        )
        # SQLite has one writer; taking turns here is quicker than its own waiting, which sleeps.
        self._turn: AbstractAsyncContextManager[Any] = (
            asyncio.Lock() if engine.dialect.name == "sqlite" else nullcontext()
        )

    async def write(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Does some work as one transaction: all of it is stored, or after an error nothing."""

        async def whole() -> T:
            async with self.engine.begin() as connection:
                return await work(connection)

        async with self._turn:
            return await patiently(lambda: _unbroken(whole()))

    async def read(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Does some work that changes nothing."""

        async def whole() -> T:
            async with self.engine.connect() as connection:
                await connection.execution_options(transaction="BEGIN")
                return await work(connection)

        async with self._turn:
            return await patiently(lambda: _unbroken(whole()))

    async def put(
        self, connection: AsyncConnection, table: Table, key: dict[str, str], **values: Any
    ) -> None:
        """Gives the row of a key some values, made where it is not there yet."""
        statement = self.insert(table).values(**key, **values)
        await connection.execute(
            statement.on_conflict_do_update(index_elements=list(key), set_=values)
        )


def _hasten(connection: Any, record: Any, _proxy: Any) -> None:
    """Lets SQLite wait for a lock only shortly: we wait ourselves, and can be told to stop
    meanwhile.
    """
    if "hastened" not in record.info:
        cursor = connection.cursor()
        cursor.execute("PRAGMA busy_timeout=300")
        cursor.close()
        record.info["hastened"] = True


async def _unbroken(whole: Coroutine[Any, Any, T]) -> T:
    """Does something to its end even when its caller is cancelled meanwhile.

    A connection that is left in the middle of a statement is not given back, and the thread behind
    it would keep the process from ending.
    """
    task = asyncio.ensure_future(whole)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise


async def patiently(whole: Callable[[], Awaitable[T]]) -> T:
    """Do something as a whole, again and again while another process has the database."""
    waited = 0.0
    while True:
        try:
            result = await whole()
        except Exception as error:
            if not passing(error):
                raise
            if not waited:
                log.warning(
                    "The database is kept from us (%s): waiting for it.", type(error).__name__
                )
            pause = min(1.0, 0.1 + waited / 2)
            waited += pause
            await asyncio.sleep(pause)
        else:
            if waited:
                log.warning("The database is free again.")
            return result


def passing(error: Exception) -> bool:
    """Whether a failure of the database goes by: locked, full, or its server gone for a moment.

    Of two that wait for each other, PostgreSQL ends one, whose work as a whole is then done again.
    """
    if isinstance(error, StoreError):
        return error.reason == "locked"
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    # A driver that cannot connect says so by itself, before SQLAlchemy can give it its own names.
    said = (
        f"{type(error).__name__}: {error.orig if isinstance(error, DBAPIError) else error}".lower()
    )
    return isinstance(error, ConnectionError) or (
        (isinstance(error, DBAPIError) or "asyncpg" in type(error).__module__)
        and any(words in said for words in _PASSING)
    )


_PASSING = (
    "locked",
    "busy",
    "deadlock",
    "disk is full",
    "starting up",
    "shutting down",
    "connection",
    "connect",
)
