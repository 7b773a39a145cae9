"""What several tests need: a store in memory, empty or with the demonstration."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date

import pytest

from db.facts import Catalogue
from db.importer import DEMONSTRATION, load
from db.store import Store


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    opened = await Store.open("sqlite+aiosqlite:///:memory:")
    yield opened
    await opened.close()


@pytest.fixture
async def demo_store(store: Store) -> Store:
    await load(store, DEMONSTRATION, date(2024, 3, 24))
    return store


@pytest.fixture(scope="session")
def demonstration() -> Catalogue:
    """The catalogue of the demonstration."""

    async def read() -> Catalogue:
        opened = await Store.open("sqlite+aiosqlite:///:memory:")
        await load(opened, DEMONSTRATION, date(2024, 3, 24))
        catalogue = await opened.refresh()
        await opened.close()
        return catalogue

    return asyncio.run(read())
