"""How a folder becomes part of the store: all of it or nothing, and never over what was stored
before.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db import tables
from db.engine import patiently, reading, writing
from db.exact import decimals
from db.facts import Basis, Catalogue, Op, Period, Qualifier, Release, Source, Unit, UnitKind
from db.folder import (
    UNITS,
    Asked,
    Folder,
    LoadRefused,
    Place,
    Problem,
    Result,
    Series,
    Sheet,
    Wanted,
    merged,
    read_folder,
    shipped_units,
)
from db.shipped import SHIPPED

__all__ = ["DEMONSTRATION", "LoadRefused", "Loaded", "Problem", "Wanted", "load"]

DEMONSTRATION = Path(__file__).parent / "demo"
"""A folder with the 2023 report of Thái Nguyên."""
SHIPPED_FILES = (UNITS, Path(__file__).parent / "data" / "regions.csv")
_AT_ONCE = 5000
"""Rows that go to the database in one call."""


class Loadable(Protocol):
    """What a folder is loaded into: a database, and what was known of it at the last refresh."""

    engine: AsyncEngine

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue as it was then."""

    @property
    def shipped(self) -> int:
        """Which edition of the product's own regions and units was there."""

    async def refresh(self) -> Catalogue:
        """Read the catalogue as it is now."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a folder held, and what of it was new.

    `new` counts results and targets of series and periods that had none, `changed` those that came
    beside another vintage; the others stood in the store already.
    """

    indicators: int = 0
    observations: int = 0
    targets: int = 0
    new: int = 0
    changed: int = 0

    @property
    def unchanged(self) -> int:
        return self.observations + self.targets - self.new - self.changed


async def load(store: Loadable, folder: Path, today: date) -> Loaded:
    """Makes a folder part of the store. `today` dates what the files do not.

    Raises:
        LoadRefused: something in the folder is wrong; nothing was stored.
        StoreError: the database fails; nothing was stored.
    """
    while True:
        known = await store.refresh()
        stored = await _Stored.read(store)
        found = await asyncio.to_thread(
            read_folder, folder, known, stored.units, frozenset(stored.codes)
        )
        news = _News(known, stored, found)
        await news.compare(store, today)
        if news and not await patiently(lambda: news.write(store, today)):  # noqa: B023 - it is awaited here and now
            continue  # another load came between: what is new is to be seen anew
        await store.refresh()
        added = news.results, news.targets
        return Loaded(
            indicators=len(found.indicators),
            observations=len(found.results),
            targets=len(found.targets),
            new=sum(each.new for each in added),
            changed=sum(each.changed for each in added),
        )


async def ship(store: Loadable) -> None:
    """Brings the regions and units of this version into the store; what a folder said of them
    stays.
    """
    known = store.catalogue
    while store.shipped < SHIPPED:
        stored = await _Stored.read(store)
        news = _News(known, stored, _shipped(known, stored.units))
        await patiently(lambda: news.write(store, None, shipped=SHIPPED))  # noqa: B023 - it is awaited here and now
        known = await store.refresh()


def _shipped(known: Catalogue, units: Mapping[str, Unit]) -> Folder:
    folder = Folder()
    folder.units.update(
        {name: Unit(name, kind) for name, kind in shipped_units().items() if name not in units}
    )
    for row in Sheet(
        SHIPPED_FILES[1], "name level parent aliases valid_from valid_to successors", ""
    ).rows():
        place = Place(
            name=row["name"],
            level=row["level"],
            parent=row["parent"],
            aliases=row.names("aliases"),
            valid_from=row.day("valid_from"),
            valid_to=row.day("valid_to"),
            successors=row.names("successors"),
        )
        key = merged(place, None).key
        folder.regions[key] = merged(place, known.regions.get(key))
    return folder


# ---------------------------------------------------------------- what is stored, and what is new


@dataclass
class _Stored:
    """Numbers by which the database calls what it holds, beside the catalogue of then."""

    units: dict[str, Unit]
    sources: dict[str, int]
    codes: dict[str, Source]
    indicators: dict[str, int]
    regions: dict[str, int]
    periods: dict[Period, int]

    @classmethod
    async def read(cls, store: Loadable) -> _Stored:
        async with reading(store.engine) as connection:
            return await cls.of(connection)

    @classmethod
    async def of(cls, connection: AsyncConnection) -> _Stored:
        units = {
            row.name: Unit(row.name, UnitKind(row.kind))
            for row in await connection.execute(select(tables.unit))
        }
        sources: dict[str, int] = {}
        codes: dict[str, Source] = {}
        for row in await connection.execute(select(tables.source)):
            sources[row.code or _title(row.title)] = row.id
            if row.code:
                codes[row.code] = Source(
                    row.title, row.publisher, row.published, row.address, row.code, row.kind
                )
        indicator, region, period = tables.indicator.c, tables.region.c, tables.period
        return cls(
            units,
            sources,
            codes,
            {
                row.code: row.id
                for row in await connection.execute(select(indicator.code, indicator.id))
            },
            {row.key: row.id for row in await connection.execute(select(region.key, region.id))},
            {
                Period(row.start, row.end): row.id
                for row in await connection.execute(select(period))
            },
        )


def _title(text: str) -> str:
    """The key of a source without a code; no code has a line's end in it."""
    return f"{text}\n"


@dataclass(slots=True)
class _Vintage:
    """A row to be added."""

    series: Series
    published: date
    revision: int
    dated: bool
    vintage: Result | Asked


class _Added:
    """The rows to be added to a table, and how many of them are the first of their series and
    period.
    """

    def __init__(self) -> None:
        self.rows: list[_Vintage] = []
        self.first: dict[str, int] = defaultdict(int)
        self.new = 0
        self.changed = 0

    def take(
        self,
        vintages: Mapping[tuple[Series, date | None], Result | Asked],
        stored: Mapping[Series, list[tuple[date, int, tuple[object, ...]]]],
        today: date,
    ) -> None:
        """Adds what differs from what is stored.

        A vintage with a day of its own is compared with the newest revision of that day, one
        without with what counts today.
        """
        having: dict[Series, list[tuple[date, int, tuple[object, ...]]]] = {}
        # Those with a day first: what counts today is then known.
        for (series, day), vintage in sorted(
            vintages.items(), key=lambda each: (each[0][1] is None, each[0][1])
        ):
            rows = having.get(series)
            if rows is None:
                rows = having[series] = list(stored.get(series, ()))
            content = vintage.content
            if day is None:
                current = max(
                    (row for row in rows if row[0] <= today), key=lambda row: row[:2], default=None
                )
            else:
                current = max(
                    (row for row in rows if row[0] == day), key=lambda row: row[:2], default=None
                )
            if current is not None and current[2] == content:
                continue
            published = day or today
            revision = max((row[1] for row in rows if row[0] == published), default=0) + 1
            if rows:
                self.changed += 1
            else:
                self.new += 1
                self.first[series[1]] += 1
            rows.append((published, revision, content))
            self.rows.append(_Vintage(series, published, revision, day is not None, vintage))


class _News:
    """What a folder says that the store does not hold yet."""

    def __init__(self, known: Catalogue, stored: _Stored, folder: Folder) -> None:
        self.version = known.version
        self.known = known
        self.stored = stored
        self.folder = folder
        self.units = {name: each for name, each in folder.units.items() if name not in stored.units}
        self.categories = _different(folder.categories, known.categories)
        self.indicators = _different(folder.indicators, known.indicators)
        self.regions = _different(folder.regions, known.regions)
        self.sources = _different(folder.sources, stored.codes)
        codes = stored.codes.keys() | folder.sources.keys()
        cited = {each.source for each in folder.results.values()} | {
            each.source for each in folder.targets.values()
        }
        self.titles = sorted(
            each for each in cited - codes if each and _title(each) not in stored.sources
        )
        self.results = _Added()
        self.targets = _Added()

    def __bool__(self) -> bool:
        told = (
            self.units,
            self.categories,
            self.indicators,
            self.regions,
            self.sources,
            self.titles,
        )
        return any((*told, self.results.rows, self.targets.rows))

    async def compare(self, store: Loadable, today: date) -> None:
        """Finds the rows to be added."""
        self.results.take(
            self.folder.results,
            await self._vintages(store, tables.observation, self.folder.results),
            today,
        )
        self.targets.take(
            self.folder.targets,
            await self._vintages(store, tables.target, self.folder.targets),
            today,
        )

    async def _vintages(
        self, store: Loadable, table: Table, wanted: Iterable[tuple[Series, date | None]]
    ) -> dict[Series, list[tuple[date, int, tuple[object, ...]]]]:
        """The stored vintages of the series and periods that the folder speaks of."""
        spoken: dict[str, tuple[set[str], set[Period]]] = {}
        for (code, key, span), _ in wanted:
            if (
                code in self.stored.indicators
                and key in self.stored.regions
                and span in self.stored.periods
            ):
                regions, periods = spoken.setdefault(code, (set(), set()))
                regions.add(key)
                periods.add(span)
        sources = {id: key.removesuffix("\n") for key, id in self.stored.sources.items()}
        region_keys = {id: key for key, id in self.stored.regions.items()}
        spans = {id: span for span, id in self.stored.periods.items()}
        content = _result_content if table is tables.observation else _asked_content
        found: dict[Series, list[tuple[date, int, tuple[object, ...]]]] = {}
        async with reading(store.engine) as connection:
            for code, (regions, periods) in spoken.items():
                statement = select(table).where(
                    table.c.indicator == self.stored.indicators[code],
                    table.c.region.in_(self.stored.regions[key] for key in regions),
                    table.c.period.in_(self.stored.periods[span] for span in periods),
                )
                for row in await connection.execute(statement):
                    series = code, region_keys[row.region], spans[row.period]
                    cited = "" if row.source is None else sources[row.source]
                    found.setdefault(series, []).append(
                        (row.published, row.revision, content(row, cited))
                    )
        return found

    async def write(self, store: Loadable, today: date | None, shipped: int | None = None) -> bool:
        """Stores the news; False, and nothing is stored, when the store is no longer what they were
        compared with.
        """
        async with writing(store.engine) as connection:
            version = tables.catalogue.c.version
            if await connection.scalar(select(version).with_for_update()) != self.version:
                return False
            changes: dict[str, Any] = {"version": self.version + 1}
            if shipped is not None:
                changes["shipped"] = shipped
            await connection.execute(update(tables.catalogue).values(**changes))
            await self._write_catalogue(connection)
            if today is not None and (self.results.rows or self.targets.rows):
                await self._write_vintages(connection, today)
            return True

    async def _write_catalogue(self, connection: AsyncConnection) -> None:
        units = [{"name": each.name, "kind": each.kind.value} for each in self.units.values()]
        await _put(connection, tables.unit, "name", units, self.stored.units)
        categories = [
            {"code": each.code, "name": each.name, "aliases": each.aliases}
            for each in self.categories.values()
        ]
        await _put(connection, tables.category, "code", categories, self.known.categories)
        indicators = [
            {
                "code": each.code,
                "name": each.name,
                "definition": each.definition,
                "unit": each.unit.name,
                "decimals": each.decimals,
                "better": each.better.value,
                "over_year": each.over_year.value,
                "category": each.category,
                "aliases": each.aliases,
            }
            for each in self.indicators.values()
        ]
        await _put(connection, tables.indicator, "code", indicators, self.known.indicators)
        regions = [
            {
                "key": each.key,
                "name": each.name,
                "level": each.level,
                "aliases": each.aliases,
                "valid_from": each.valid_from,
                "valid_to": each.valid_to,
            }
            for each in self.regions.values()
        ]
        await _put(connection, tables.region, "key", regions, self.known.regions)
        # Only now are all those there that these may name.
        for table, key, parents in (
            (
                tables.indicator,
                "code",
                {code: each.parent for code, each in self.indicators.items()},
            ),
            (tables.region, "key", {code: each.parent for code, each in self.regions.items()}),
        ):
            await _each(
                connection,
                update(table)
                .where(table.c[key] == bindparam("_key"))
                .values(parent=bindparam("_parent")),
                [{"_key": code, "_parent": parent} for code, parent in parents.items()],
            )
        await self._write_successors(connection)
        sources = [
            {
                "code": each.code,
                "title": each.title,
                "publisher": each.publisher,
                "published": each.published,
                "address": each.address,
                "kind": each.kind,
            }
            for each in self.sources.values()
        ]
        await _put(connection, tables.source, "code", sources, self.stored.codes)
        await _each(connection, insert(tables.source), [{"title": title} for title in self.titles])

    async def _write_successors(self, connection: AsyncConnection) -> None:
        pairs = []
        for key, region in self.regions.items():
            was = self.known.regions[key].successors if key in self.known.regions else ()
            pairs += [
                {"region": key, "successor": each} for each in region.successors if each not in was
            ]
        await _each(connection, insert(tables.region_successor), pairs)

    async def _write_vintages(self, connection: AsyncConnection, today: date) -> None:
        spans = {
            row.series[2] for row in (*self.results.rows, *self.targets.rows)
        } - self.stored.periods.keys()
        await _each(
            connection,
            insert(tables.period),
            [{"start": each.start, "end": each.end} for each in sorted(spans)],
        )
        number = (
            await connection.execute(
                insert(tables.load).values(day=today).returning(tables.load.c.id)
            )
        ).scalar_one()
        ids = await _Stored.of(connection)
        for table, added in ((tables.observation, self.results), (tables.target, self.targets)):
            rows = ({**_row(each, ids), "load": number} for each in added.rows)
            while some := list(islice(rows, _AT_ONCE)):
                await connection.execute(insert(table), some)
        region = tables.region
        await _each(
            connection,
            update(region)
            .where(region.c.key == bindparam("_key"))
            .values(results=region.c.results + bindparam("_more")),
            [{"_key": key, "_more": count} for key, count in self.results.first.items()],
        )


def _different(told: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    return {key: each for key, each in told.items() if known.get(key) != each}


def _result_content(row: Any, source: str) -> tuple[object, ...]:
    qualifier = None if row.qualifier is None else Qualifier(row.qualifier)
    of = None if row.of is None else int(row.of)
    release, basis = Release(row.release), Basis(row.basis)
    return row.value, row.value_digits, of, qualifier, release, basis, source


def _asked_content(row: Any, source: str) -> tuple[object, ...]:
    return Op(row.op), row.value, row.value_digits, row.upper, row.upper_digits, source


def _row(each: _Vintage, ids: _Stored) -> dict[str, Any]:
    code, key, span = each.series
    vintage = each.vintage
    row: dict[str, Any] = {
        "indicator": ids.indicators[code],
        "region": ids.regions[key],
        "period": ids.periods[span],
        "published": each.published,
        "revision": each.revision,
        "dated": each.dated,
        "source": _cited(vintage.source, ids),
        "note": vintage.note or None,
        "value": vintage.value,
        "value_digits": decimals(vintage.value),
    }
    if isinstance(vintage, Result):
        row["of"] = None if vintage.of is None else Decimal(vintage.of)
        row["qualifier"] = vintage.qualifier and vintage.qualifier.value
        row["release"] = vintage.release.value
        row["basis"] = vintage.basis.value
    else:
        row["op"] = vintage.op.value
        row["upper"] = vintage.upper
        row["upper_digits"] = None if vintage.upper is None else decimals(vintage.upper)
    return row


def _cited(source: str, ids: _Stored) -> int | None:
    if not source:
        return None
    return ids.sources[source] if source in ids.codes else ids.sources[_title(source)]


async def _put(
    connection: AsyncConnection,
    table: Table,
    key: str,
    rows: Sequence[dict[str, Any]],
    known: Mapping[str, Any],
) -> None:
    """Adds rows behind those that are there, and brings those that are known up to date."""
    fresh = [row for row in rows if row[key] not in known]
    if "position" in table.c:
        fresh = [{**row, "position": len(known) + place} for place, row in enumerate(fresh)]
    await _each(connection, insert(table), fresh)
    again = [
        {f"_{column}": value for column, value in row.items()} for row in rows if row[key] in known
    ]
    if again:
        changes = {
            column: bindparam(f"_{column}", type_=table.c[column].type)
            for column in rows[0]
            if column != key
        }
        await _each(
            connection,
            update(table).where(table.c[key] == bindparam(f"_{key}")).values(**changes),
            again,
        )


async def _each(
    connection: AsyncConnection, statement: Any, rows: Sequence[dict[str, Any]]
) -> None:
    if rows:
        await connection.execute(statement, list(rows))
