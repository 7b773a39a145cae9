"""How a database is opened: its address, its transactions, and that its tables are the ones this
version works with.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, AsyncAdaptedQueuePool, Connection, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

T = TypeVar("T")

DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
}
PATIENCE = 60.0
"""Seconds that a writer waits while another process writes."""
_LOCK = 0x736F6C696575  # any number that nobody else takes as PostgreSQL's advisory lock: "solieu"
_PLAIN, _WRITING, _NONE = "BEGIN", "BEGIN IMMEDIATE", ""


class StoreError(Exception):
    """The database cannot be used. `reason` is a code, and the text names the details.

    bad_url, no_driver, unreadable, read_only, not_a_database, not_a_store, newer, locked, refused,
    failed.
    """

    def __init__(self, reason: str, details: str = "") -> None:
        super().__init__(details or reason)
        self.reason = reason
        self.details = details


@dataclass(frozen=True, slots=True)
class Line:
    """A line of migrations with its own version table: the figures have one, what is remembered of
    chats another.
    """

    name: str
    head: str

    @property
    def version_table(self) -> str:
        return f"alembic_version_{self.name}"


def figures_line() -> Line:
    from db.tables import HEAD  # noqa: PLC0415 - whoever opens only the chats needs no figures

    return Line("figures", HEAD)


def chats_line() -> Line:
    from db.chat_tables import HEAD  # noqa: PLC0415 - a question in the terminal needs no chats

    return Line("chats", HEAD)


async def open_figures(url: str | None = None) -> AsyncEngine:
    """Opens the database of figures, made or migrated when it must be.

    Raises:
        StoreError: it cannot be used.
    """
    return await _opened(address(url), figures_line(), begin=_PLAIN, synchronous="NORMAL")


async def open_chats(url: str | None = None) -> AsyncEngine:
    """Opens what the bot remembers of chats: for SQLite a file beside the figures, else the same
    database.

    Raises:
        StoreError: it cannot be used.
    """
    figures = address(url)
    beside = figures
    if figures.database and _in_file(figures):
        path = Path(figures.database)
        beside = figures.set(database=str(path.with_name(f"{path.stem}-chats{path.suffix}")))
    return await _opened(beside, chats_line(), begin=_WRITING, synchronous="FULL")


def address(url: str | None = None) -> URL:
    """The database's address with its asynchronous driver; without one, a file in the user's data
    folder.

    Raises:
        StoreError: the address is none, or names a kind of database that is not supported.
    """
    if url is None or not url.strip():
        from platformdirs import user_data_path  # noqa: PLC0415

        path = user_data_path("solieu", appauthor=False) / "solieu.db"
        return URL.create("sqlite+aiosqlite", database=str(path))
    try:
        made = make_url(url.strip())
    except (ArgumentError, ValueError) as error:
        raise StoreError("bad_url") from error
    made = made.set(drivername=DRIVERS.get(made.drivername, made.drivername))
    if made.drivername not in DRIVERS.values():
        raise StoreError("bad_url", made.drivername)
    if made.drivername == "postgresql+asyncpg" and (mode := made.query.get("sslmode")):
        # libpq's name for what asyncpg calls ssl
        made = made.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode})
    return made


@asynccontextmanager
async def reading(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection that sees one state of the database, whatever others write meanwhile.

    Raises:
        StoreError: the database fails.
    """
    async with _connected(engine) as connection:
        if engine.dialect.name == "postgresql":
            await connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


@asynccontextmanager
async def writing(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A connection whose changes are stored at the end, all of them or, after an error, none.

    Raises:
        StoreError: the database fails, or others write for longer than one waits.
    """
    async with _connected(engine) as connection:
        await connection.execution_options(transaction=_WRITING)
        async with connection.begin():
            yield connection


async def patiently(work: Callable[[], Awaitable[T]]) -> T:
    """Does something again and again, for a minute, while another process keeps the database
    locked.

    Raises:
        StoreError: the database is still locked, or fails otherwise.
    """
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            return await work()
        except StoreError as error:
            if error.reason != "locked" or time.monotonic() > give_up:
                raise
        await asyncio.sleep(0.1)


@asynccontextmanager
async def _connected(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    failures = _failures(engine)
    try:
        async with engine.connect() as connection:
            yield connection
    except failures as error:
        raise _refusal(error, engine.url) from error


def _in_file(url: URL) -> bool:
    return url.get_backend_name() == "sqlite" and not _in_memory(url)


def _in_memory(url: URL) -> bool:
    return url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:")


async def _opened(url: URL, line: Line, *, begin: str, synchronous: str) -> AsyncEngine:
    if url.database and _in_file(url) and not url.database.startswith("file:"):
        try:
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError("unreadable", str(error)) from error
    engine = _engine(url, begin, synchronous)
    try:
        async with _connected(engine) as connection:
            version = await _version(connection, line)
        if version != line.head:
            await patiently(lambda: _migrate(engine, line))
    except BaseException:
        await engine.dispose()
        await asyncio.sleep(
            0.05
        )  # aiosqlite's thread has a last word for this loop when a file cannot be opened
        raise
    return engine


def _engine(url: URL, begin: str, synchronous: str) -> AsyncEngine:
    # One connection is all that a database in memory has: whoever comes second waits for it.
    one: dict[str, Any] = {"poolclass": AsyncAdaptedQueuePool, "pool_size": 1, "max_overflow": 0}
    try:
        engine = create_async_engine(url, **(one if _in_memory(url) else {}))
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise StoreError("no_driver", str(error)) from error
    except (ArgumentError, TypeError, ValueError) as error:
        raise StoreError("bad_url", _shown(url)) from error
    if url.get_backend_name() == "sqlite":
        _own_transactions(engine, begin, synchronous)
    return engine


def _own_transactions(engine: AsyncEngine, begin: str, synchronous: str) -> None:
    """Takes transactions from the driver, which begins them late, so that a reader would turn
    writer midway.

    A connection's option `transaction` says how the next one begins; otherwise it begins with
    `begin`.
    """

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("busy_timeout=5000", "foreign_keys=ON", f"synchronous={synchronous}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Connection) -> None:
        if how := connection.get_execution_options().get("transaction", begin):
            connection.exec_driver_sql(how)


# ---------------------------------------------------------------- tables of the right version


async def _version(connection: AsyncConnection, line: Line) -> str | None:
    """Which migration the tables stand at; None where there are none yet."""
    if line.version_table not in await _tables(connection, line.version_table):
        return None
    found: str | None = await connection.scalar(
        text(f"SELECT version_num FROM {line.version_table}")
    )
    return found


async def _tables(connection: AsyncConnection, name: str | None = None) -> list[str]:
    """The names of the tables that are there, or the one name where it is."""

    def look(each: Connection) -> list[str]:
        there = inspect(each)
        if name is None:
            return there.get_table_names()
        return [name] if there.has_table(name) else []

    return await connection.run_sync(look)


async def _migrate(engine: AsyncEngine, line: Line) -> None:
    """Brings the tables to the newest version; of processes that start together, one does and the
    others find it done.
    """
    sqlite = engine.dialect.name == "sqlite"
    async with _connected(engine) as connection:
        await connection.execution_options(transaction=_NONE)
        if sqlite:
            await connection.execute(text("PRAGMA journal_mode=WAL"))  # stays with the file
            # A table that is rebuilt is dropped for a moment, and others point at it.
            await connection.execute(text("PRAGMA foreign_keys=OFF"))
            await connection.execute(text("BEGIN IMMEDIATE"))
        else:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        try:
            await _upgrade(connection, line)
            await connection.commit()
        finally:
            await connection.rollback()
            if sqlite:
                await connection.execute(text("PRAGMA foreign_keys=ON"))


async def _upgrade(connection: AsyncConnection, line: Line) -> None:
    version = await _version(connection, line)
    if version == line.head:
        return
    if version is not None and version > line.head:
        raise StoreError("newer", f"{version} > {line.head}")
    sqlite = connection.dialect.name == "sqlite"
    if version is None and sqlite and await _tables(connection):
        raise StoreError("not_a_store", _shown(connection.engine.url))  # somebody else's file
    # Alembic takes its time, and a current store does not need it.
    from db.migrations.run import UnknownStep, upgrade  # noqa: PLC0415

    try:
        await connection.run_sync(upgrade, line.name, line.version_table)
    except UnknownStep as error:
        raise StoreError("newer", str(error)) from error
    if sqlite and (broken := (await connection.execute(text("PRAGMA foreign_key_check"))).first()):
        raise StoreError("failed", f"foreign key: {tuple(broken)}")


# ---------------------------------------------------------------- what went wrong

_SAID = {
    "not a database": "not_a_database",
    "malformed": "not_a_database",
    "unsupported file format": "not_a_database",
    "unable to open": "unreadable",
    "readonly": "read_only",
    "read-only": "read_only",
    "locked": "locked",
    "busy": "locked",
    "password": "refused",
    "permission denied": "refused",
    "does not exist": "refused",
}


def _failures(engine: AsyncEngine) -> tuple[type[Exception], ...]:
    """What a database fails with; while it connects, a driver raises what SQLAlchemy gives no names
    of its own.
    """
    if engine.dialect.driver != "asyncpg":
        return SQLAlchemyError, OSError
    import asyncpg  # noqa: PLC0415

    return SQLAlchemyError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError


def _refusal(error: Exception, url: URL) -> StoreError:
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    said = str(cause)
    reason = next((code for words, code in _SAID.items() if words in said.lower()), None)
    if reason is None:
        reason = "unreadable" if isinstance(cause, OSError) else "failed"
    return StoreError(reason, f"{_shown(url)}: {said}")


def _shown(url: URL) -> str:
    return (
        url.database or ""
        if url.get_backend_name() == "sqlite"
        else url.render_as_string(hide_password=True)
    )
