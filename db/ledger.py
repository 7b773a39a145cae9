"""Where links to the library are kept, with the operator's word on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Select, delete, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db import tables
from db.engine import reading, writing
from db.loans import Loan

_LOAN, _REFUSAL, _VERSION = tables.loan.c, tables.loan_refusal.c, tables.catalogue.c.version


async def loans(engine: AsyncEngine) -> tuple[Loan, ...]:
    """Give every link in its order; those that were refused say so."""
    async with reading(engine) as connection:
        return await _loans(connection)


async def keep(engine: AsyncEngine, made: Iterable[Loan], version: int | None) -> bool:
    """Keep these links in the place of all others; what was refused stays refused.

    False, and nothing is stored, where the catalogue is no longer the `version` they are made for.
    """
    plain = [replace(loan, refused=False) for loan in made]
    async with writing(engine) as connection:
        if version not in (None, await _locked_version(connection)):
            return False
        if plain != [replace(loan, refused=False) for loan in await _loans(connection)]:
            await connection.execute(delete(tables.loan))
            await _insert(connection, plain)
            await _count_change(connection)
    return True


async def refuse(engine: AsyncEngine, indicator: str) -> bool:
    """End every link of an indicator, for good; False where it has none."""
    linked = select(_LOAN.indicator, _LOAN.entry).where(_LOAN.indicator == indicator)
    known = select(_REFUSAL.entry).where(_REFUSAL.indicator == indicator)
    async with writing(engine) as connection:
        await _locked_version(connection)
        if not await _any(connection, linked):
            return False
        fresh = linked.where(_LOAN.entry.not_in(known))
        columns = ["indicator", "entry"]
        ended = await connection.execute(insert(tables.loan_refusal).from_select(columns, fresh))
        if ended.rowcount:
            await _count_change(connection)
    return True


async def allow(engine: AsyncEngine, indicator: str) -> bool:
    """Take back every refusal of an indicator's links; False where there was none."""
    refusals = delete(tables.loan_refusal).where(_REFUSAL.indicator == indicator)
    async with writing(engine) as connection:
        await _locked_version(connection)
        if not (await connection.execute(refusals)).rowcount:
            return False
        await _count_change(connection)
    return True


async def _loans(connection: AsyncConnection) -> tuple[Loan, ...]:
    rows = await connection.execute(_LOANS)
    return tuple(
        Loan(
            row.entry,
            row.indicator,
            row.certainty,
            row.name,
            row.names,
            row.dimensions,
            bool(row.refused),
        )
        for row in rows
    )


def _refused() -> Any:
    """Whether a link is one that the operator ended."""
    same = (_REFUSAL.indicator == _LOAN.indicator, _REFUSAL.entry == _LOAN.entry)
    return exists().where(*same)


_LOANS = select(tables.loan, _refused().label("refused")).order_by(_LOAN.position)


async def _locked_version(connection: AsyncConnection) -> int | None:
    """Give the catalogue's version, which nobody else changes before this is stored."""
    version: int | None = await connection.scalar(select(_VERSION).with_for_update())
    return version


async def _count_change(connection: AsyncConnection) -> None:
    """Let running bots notice at their next refresh."""
    await connection.execute(update(tables.catalogue).values(version=_VERSION + 1))


async def _any(connection: AsyncConnection, rows: Select[Any]) -> bool:
    return bool(await connection.scalar(select(func.count()).select_from(rows.subquery())))


async def _insert(connection: AsyncConnection, made: Sequence[Loan]) -> None:
    rows = [
        {
            "position": position,
            "entry": loan.entry,
            "indicator": loan.indicator,
            "certainty": loan.certainty,
            "name": loan.name,
            "names": loan.names,
            "dimensions": loan.dimensions,
        }
        for position, loan in enumerate(made)
    ]
    if rows:
        await connection.execute(insert(tables.loan), rows)
