"""The migrations make the very tables that the code works with, on SQLite and on PostgreSQL, once, whoever comes first."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from db import chat_tables, chats, tables
from db.engine import Line, StoreError, chats_line, figures_line, open_chats, open_figures
from db.importer import DEMONSTRATION, load
from db.migrations.run import configuration
from db.store import Store

LINES = [
    pytest.param(figures_line(), tables.metadata, id="figures"),
    pytest.param(chats_line(), chat_tables.metadata, id="chats"),
]


async def opened(line: Line, url: str) -> AsyncEngine:
    return await (open_figures if line.name == "figures" else open_chats)(url)


def differences(connection: Connection, line: Line, metadata: MetaData) -> list[Any]:
    def ours(_name: Any, kind: str, names: Any) -> bool:
        return kind != "table" or _name in metadata.tables

    options = {"version_table": line.version_table, "compare_type": True, "include_name": ours}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


def checks(connection: Connection, metadata: MetaData) -> dict[str, dict[str, str]]:
    """What each table's constraints ask for, as the database understood it."""
    there = inspect(connection)
    return {
        table: {str(each["name"]): each["sqltext"] for each in there.get_check_constraints(table)}
        for table in metadata.tables
    }


async def compare(engine: AsyncEngine, line: Line, metadata: MetaData) -> None:
    """The migrated tables against those that the metadata itself would make."""
    async with engine.connect() as connection:
        assert await connection.run_sync(differences, line, metadata) == []
        migrated = await connection.run_sync(checks, metadata)
        await connection.run_sync(metadata.drop_all)
        await connection.run_sync(metadata.create_all)
        assert migrated == await connection.run_sync(checks, metadata)
        await connection.rollback()
    await engine.dispose()


@pytest.mark.parametrize(("line", "metadata"), LINES)
async def test_makes_the_tables_on_sqlite(line: Line, metadata: MetaData, tmp_path: Path) -> None:
    await compare(await opened(line, f"sqlite:///{tmp_path}/x.db"), line, metadata)


@pytest.mark.parametrize(("line", "metadata"), LINES)
async def test_makes_the_tables_on_postgresql(
    line: Line, metadata: MetaData, postgres: str
) -> None:
    await compare(await opened(line, postgres), line, metadata)


@pytest.mark.parametrize(("line", "metadata"), LINES)
def test_the_newest_step_is_the_one_that_the_code_expects(line: Line, metadata: MetaData) -> None:
    script = ScriptDirectory.from_config(configuration(line.name, line.version_table))
    assert script.get_heads() == [line.head]


async def a_step_back_and_forth(url: str) -> None:
    """What came in before the newest steps is still there after them, and the tables are the ones asked for."""
    line = chats_line()

    def back(connection: Connection) -> None:
        command.downgrade(configuration(line.name, line.version_table, connection), "0002")

    engine = await open_chats(url)
    now = datetime(2024, 3, 24, 8, 0, tzinfo=UTC)
    await chats.Chats(engine).receive("telegram", "42", [chats.Received("1", "7", "{}")], now)
    async with engine.begin() as connection:
        await connection.run_sync(back)
    async with engine.connect() as connection:
        assert "content" not in await connection.run_sync(
            lambda each: [c["name"] for c in inspect(each).get_columns("outbox")]
        )
    await engine.dispose()
    engine = await open_chats(url)
    assert await chats.Chats(engine).waiting("telegram", "42") == [(1, "7")]
    await compare(engine, line, chat_tables.metadata)


async def test_what_is_remembered_of_chats_survives_the_newest_steps_on_sqlite(
    tmp_path: Path,
) -> None:
    await a_step_back_and_forth(f"sqlite:///{tmp_path}/x.db")


async def test_what_is_remembered_of_chats_survives_the_newest_steps_on_postgresql(
    postgres: str,
) -> None:
    await a_step_back_and_forth(postgres)


async def test_answers_alike_on_postgresql(postgres: str, demo_store: Store) -> None:
    server = await Store.open(postgres)
    first = await load(server, DEMONSTRATION, date(2024, 3, 24))
    again = await load(server, DEMONSTRATION, date(2024, 3, 25))
    assert (first.new, again.new, again.changed) == (47, 0, 0)
    catalogue = server.catalogue
    assert catalogue == demo_store.catalogue
    indicators, places = list(catalogue.indicators.values()), catalogue.namesakes("Thái Nguyên")
    spans = await server.periods()
    assert spans == await demo_store.periods()
    for ask in (
        lambda store: store.series(indicators, places),
        lambda store: store.series(indicators, places, date(2024, 3, 23)),
        lambda store: store.in_period(spans[:2], places),
        lambda store: store.across(indicators[0]),
        lambda store: store.across(indicators[0], spans[-2:]),
        lambda store: store.coverage(indicators, places),
        lambda store: store.latest(indicators[0], places),
        lambda store: store.places_of(indicators[0], date(2024, 3, 24)),
        lambda store: store.beside(indicators[0], places[0], spans[-2]),
        lambda store: store.sources(),
    ):
        assert await ask(server) == await ask(demo_store)
    engine = await open_chats(postgres)  # both lines live in one database
    await engine.dispose()
    await server.close()


async def test_what_happened_on_postgresql_is_said_by_a_code(postgres: str) -> None:
    for url, reason in (
        ("postgresql://solieu:secret@127.0.0.1:1/solieu", "unreadable"),
        (postgres.replace("/postgres?", "/elsewhere?"), "refused"),
    ):
        with pytest.raises(StoreError) as refused:
            await Store.open(url)
        assert refused.value.reason == reason
        assert "secret" not in str(refused.value)


async def test_many_that_start_together_make_one_store(postgres: str, tmp_path: Path) -> None:
    for url in (f"sqlite:///{tmp_path}/new/x.db", postgres):
        stores = await asyncio.gather(*(Store.open(url) for _ in range(4)))
        assert {store.catalogue.version for store in stores} == {1}
        await asyncio.gather(*(store.close() for store in stores))


def test_processes_that_start_together_make_one_store(tmp_path: Path) -> None:
    code = "import asyncio, sys; from db.store import Store; s = asyncio.run(Store.open(sys.argv[1])); print(len(s.catalogue.regions))"
    url = f"sqlite:///{tmp_path}/new/x.db"
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code, url], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(3)
    ]
    said = [each.communicate(timeout=60) for each in started]
    assert [out.strip() for out, _ in said] == [b"94"] * 3, said


async def test_a_store_of_a_later_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    await (await Store.open(f"sqlite:///{path}")).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version_figures SET version_num = '0999'")
    with pytest.raises(StoreError) as refused:
        await Store.open(f"sqlite:///{path}")
    assert refused.value.reason == "newer"


async def test_somebody_elses_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE theirs (a)")
    with pytest.raises(StoreError) as refused:
        await Store.open(f"sqlite:///{path}")
    assert refused.value.reason == "not_a_store"
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("theirs",)]


async def test_a_migration_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """A table of the same name stands in the way of the first step, in a database that is not new."""
    path = tmp_path / "x.db"
    with sqlite3.connect(path) as connection:
        connection.executescript(
            "CREATE TABLE alembic_version_figures (version_num TEXT); CREATE TABLE source (a);"
        )
    with pytest.raises(StoreError):
        await Store.open(f"sqlite:///{path}")
    with sqlite3.connect(path) as connection:
        names = {
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
    assert names == {"alembic_version_figures", "source"}


async def test_steps_may_rebuild_a_table_that_others_point_at(tmp_path: Path) -> None:
    """As a later step would: in batch mode, inside the opener's transaction, with rows that stay."""
    from alembic.operations import Operations

    store = await Store.open(f"sqlite:///{tmp_path}/x.db")
    await load(store, DEMONSTRATION, date(2024, 3, 24))

    def rebuild(connection: Connection) -> None:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("indicator", recreate="always") as batch:
            batch.create_check_constraint("ck_indicator_short", "length(code) < 500")

    async with store.engine.connect() as connection:
        await connection.execution_options(transaction="")
        await connection.execute(text("PRAGMA foreign_keys=OFF"))
        await connection.execute(text("BEGIN IMMEDIATE"))
        await connection.run_sync(rebuild)
        assert (await connection.execute(text("PRAGMA foreign_key_check"))).first() is None
        assert await connection.scalar(text("SELECT count(*) FROM observation")) == 37
        await connection.rollback()
        await connection.execute(text("PRAGMA foreign_keys=ON"))
    await store.close()
