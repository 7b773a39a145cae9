"""What is true: the catalogue, and the figures with the targets that they are held against, as of any day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any, Self

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, exists, func, literal, null, or_, select, text, union_all
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db import tables
from db.engine import open_figures, reading
from db.exact import with_decimals
from db.facts import (
    Basis,
    Better,
    Catalogue,
    Category,
    Figure,
    Indicator,
    Op,
    OverYear,
    Period,
    Qualifier,
    Region,
    Release,
    Source,
    Target,
    Unit,
    UnitKind,
    Vintage,
)
from db.shipped import SHIPPED

# What leaves nothing out.
_EVERYTHING = {"as_of": date.max, "watermark": 2**31 - 1}


class Store:
    """The figures of one database. It answers with the catalogue that was last refreshed."""

    def __init__(self, engine: AsyncEngine) -> None:
        """For `Store.open`."""
        self.engine = engine
        self._known = _Known()

    @classmethod
    async def open(cls, url: str | None = None) -> Self:
        """Opens the store, made or migrated when it must be, with the regions and units that the product ships.

        Raises:
            StoreError: the database cannot be used.
        """
        store = cls(await open_figures(url))
        try:
            await store.refresh()
            await store._ship()
        except BaseException:
            await store.close()
            raise
        return store

    async def close(self) -> None:
        """Closes every connection; the store is of no use afterwards."""
        await self.engine.dispose()

    # ------------------------------------------------------------ the catalogue

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue as it was at the last refresh."""
        return self._known.catalogue

    @property
    def shipped(self) -> int:
        """Which edition of the product's own regions and units was here at the last refresh."""
        return self._known.shipped

    async def refresh(self) -> Catalogue:
        """The catalogue as it is now; the same object as before while nothing was loaded.

        Raises:
            StoreError: the database fails.
        """
        async with reading(self.engine) as connection:
            version, shipped = (await connection.execute(_VERSION)).one()
            if version != self._known.catalogue.version or not self._known.read:
                self._known = await _read_known(connection, version, shipped)
        return self._known.catalogue

    async def has_indicators(self) -> bool:
        """Whether anything is counted here, by now."""
        return bool((await self.refresh()).indicators)

    async def places(self) -> dict[str, int]:
        """How many figures have a result, at the last refresh, by the region's key; regions without any are left out."""
        return dict(self._known.results)

    async def sources(self) -> tuple[Source, ...]:
        """Every source, in the order they were first named."""
        async with reading(self.engine) as connection:
            rows = await connection.execute(select(tables.source).order_by(tables.source.c.id))
            return tuple(Source(row.title, row.publisher, row.published, row.address, row.code or "", row.kind) for row in rows)

    async def _ship(self) -> None:
        if self.shipped < SHIPPED:
            from db.importer import ship  # noqa: PLC0415 - the files are read only when they have news

            await ship(self)

    # ------------------------------------------------------------ the figures

    async def series(
        self,
        indicators: Sequence[Indicator],
        regions: Sequence[Region],
        as_of: date | None = None,
        *,
        watermark: int | None = None,
    ) -> tuple[Figure, ...]:
        """Every figure of the indicators in the regions, in the order of these, then of time.

        A target without a result of its own period is a figure without a value. `as_of` leaves out every vintage
        published later, `watermark` every one that was loaded after it.
        """
        known = self._known
        wanted = known.indicator_ids(indicators)
        places = known.region_ids(regions)
        if not wanted or not places:
            return ()
        values = {"indicators": list(wanted), "regions": list(places), "as_of": as_of, "watermark": watermark}
        return _figures(await self._rows(_series(), values), wanted, places)

    async def in_period(
        self,
        periods: Sequence[Period],
        regions: Sequence[Region],
        indicators: Sequence[Indicator] | None = None,
        as_of: date | None = None,
    ) -> tuple[Figure, ...]:
        """The figures of exactly these periods; without indicators, of all, in the order of the catalogue."""
        known = self._known
        wanted = known.indicator_ids(known.catalogue.indicators.values() if indicators is None else indicators)
        places = known.region_ids(regions)
        if not wanted or not places or not periods:
            return ()
        parts: list[Condition] = [lambda table: table.c.region.in_(list(places))]
        if indicators is not None:
            parts.append(lambda table: table.c.indicator.in_(list(wanted)))
        rows = await self._rows(_within(periods, parts), {"as_of": as_of})
        return _figures(rows, wanted, places, periods)

    async def across(
        self, indicator: Indicator, periods: Sequence[Period] | None = None, as_of: date | None = None
    ) -> tuple[Figure, ...]:
        """The figures of an indicator in every region, in exactly these periods or, without any given, in all."""
        known = self._known
        wanted = known.indicator_ids([indicator])
        places = known.region_ids(known.catalogue.regions.values())
        if not wanted or (periods is not None and not periods):
            return ()
        parts: list[Condition] = [lambda table: table.c.indicator.in_(list(wanted))]
        rows = await self._rows(_within(periods, parts), {"as_of": as_of})
        return _figures(rows, wanted, places, periods)

    async def periods(self, regions: Sequence[Region] | None = None, as_of: date | None = None) -> tuple[Period, ...]:
        """The periods that have a result or a target, in one of the regions or anywhere, in the order of time."""
        places = None if regions is None else list(self._known.region_ids(regions))

        def used(table: Any) -> ColumnElement[bool]:
            where = [table.c.period == tables.period.c.id, table.c.published <= _AS_OF]
            return exists().where(*where, *([table.c.region.in_(places)] if places is not None else []))

        spans = select(tables.period.c.start, tables.period.c.end)
        statement = spans.where(or_(used(tables.observation), used(tables.target))).order_by("start", "end")
        rows = await self._rows(statement, {"as_of": as_of})
        return tuple(Period(row.start, row.end) for row in rows)

    # ------------------------------------------------------------ what came when

    async def watermark(self) -> int:
        """The number of the newest load: whatever is loaded later has a larger one; 0 when nothing was loaded yet."""
        async with reading(self.engine) as connection:
            return await connection.scalar(select(func.max(tables.load.c.id))) or 0

    async def vintages(self, since: int, until: int | None = None) -> tuple[Vintage, ...]:
        """What was loaded after the watermark `since`, up to `until`, in the order of loading, then of the catalogue.

        Of a series and period that a load brought several vintages of, only the newest. The catalogue is as it was at
        the last refresh; what is not in it yet is left out.
        """
        known = self._known
        indicators = known.indicator_ids(known.catalogue.indicators.values())
        regions = known.region_ids(known.catalogue.regions.values())
        arms = []
        for table in (tables.observation, tables.target):
            own, span = table.c, tables.period.c
            columns = [own.load, own.indicator, own.region, span.start, span.end, own.published, own.revision]
            joined = table.join(tables.period, own.period == span.id)
            is_target = literal(int(table is tables.target)).label("is_target")
            arms.append(select(*columns, is_target).select_from(joined).where(own.load > since, own.load <= _WATERMARK))
        found: dict[tuple[object, ...], Vintage] = {}
        for row in await self._rows(union_all(*arms).order_by("load", "published", "revision"), {"watermark": until}):
            indicator, region = indicators.get(row.indicator), regions.get(row.region)
            if indicator is not None and region is not None:
                period = Period(row.start, row.end)
                made = Vintage(row.load, indicator, region, period, row.published, row.revision, bool(row.is_target))
                found[row.load, row.indicator, row.region, period, row.is_target] = made
        order = {code: place for place, code in enumerate(known.catalogue.indicators)}

        def place(each: Vintage) -> tuple[object, ...]:
            return each.load, order[each.indicator.code], each.region.key, each.period, each.asked

        return tuple(sorted(found.values(), key=place))

    async def first_published(
        self, indicators: Sequence[Indicator], regions: Sequence[Region], as_of: date | None = None
    ) -> dict[tuple[str, str], dict[Period, date]]:
        """The day on which each result was first published, by the indicator's code and the region's key, then period."""
        known = self._known
        wanted, places = known.indicator_ids(indicators), known.region_ids(regions)
        if not wanted or not places:
            return {}
        own, span = tables.observation.c, tables.period.c
        series = [own.indicator, own.region, span.start, span.end]
        statement = (
            select(*series, func.min(own.published).label("first"))
            .select_from(tables.observation.join(tables.period, own.period == span.id))
            .where(own.indicator.in_(list(wanted)), own.region.in_(list(places)), own.published <= _AS_OF)
            .group_by(*series)
            .order_by(span.start, span.end)
        )
        found: dict[tuple[str, str], dict[Period, date]] = {}
        for row in await self._rows(statement, {"as_of": as_of}):
            key = wanted[row.indicator].code, places[row.region].key
            found.setdefault(key, {})[Period(row.start, row.end)] = row.first
        return found

    async def _rows(self, statement: Any, values: dict[str, Any]) -> Sequence[Row[Any]]:
        values = {name: _EVERYTHING[name] if value is None else value for name, value in values.items()}
        async with reading(self.engine) as connection:
            return (await connection.execute(statement, values)).all()


# ---------------------------------------------------------------- what is held in memory


class _Known:
    """The catalogue, with the numbers by which the database calls its parts."""

    def __init__(
        self,
        catalogue: Catalogue | None = None,
        indicators: dict[str, int] | None = None,
        regions: dict[str, int] | None = None,
        results: dict[str, int] | None = None,
        shipped: int = 0,
    ) -> None:
        self.read = catalogue is not None
        self.catalogue = catalogue or Catalogue()
        self.results = results or {}
        self.shipped = shipped
        self._indicators = indicators or {}
        self._regions = regions or {}

    def indicator_ids(self, indicators: Iterable[Indicator]) -> dict[int, Indicator]:
        """The indicators by their numbers, in their order; those that are not stored are left out."""
        return {self._indicators[each.code]: each for each in indicators if each.code in self._indicators}

    def region_ids(self, regions: Iterable[Region]) -> dict[int, Region]:
        return {self._regions[each.key]: each for each in regions if each.key in self._regions}


async def _read_known(connection: AsyncConnection, version: int, shipped: int) -> _Known:
    kinds = {row.name: Unit(row.name, UnitKind(row.kind)) for row in await connection.execute(_UNITS)}
    categories = {row.code: Category(row.code, row.name, row.aliases) for row in await connection.execute(_CATEGORIES)}
    indicators: dict[str, Indicator] = {}
    indicator_ids: dict[str, int] = {}
    for row in await connection.execute(_INDICATORS):
        indicator_ids[row.code] = row.id
        indicators[row.code] = Indicator(
            code=row.code,
            name=row.name,
            unit=kinds[row.unit],
            decimals=row.decimals,
            better=Better(row.better),
            over_year=OverYear(row.over_year),
            parent=row.parent,
            category=row.category,
            aliases=row.aliases,
            definition=row.definition,
        )
    successors: dict[str, list[str]] = {}
    for row in await connection.execute(_SUCCESSORS):
        successors.setdefault(row.region, []).append(row.successor)
    regions: dict[str, Region] = {}
    region_ids: dict[str, int] = {}
    results: dict[str, int] = {}
    for row in await connection.execute(_REGIONS):
        region_ids[row.key] = row.id
        if row.results:
            results[row.key] = row.results
        regions[row.key] = Region(
            name=row.name,
            level=row.level,
            aliases=row.aliases,
            parent=row.parent,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            successors=tuple(successors.get(row.key, ())),
        )
    catalogue = Catalogue(indicators, categories, regions, version)
    return _Known(catalogue, indicator_ids, region_ids, results, shipped)


_VERSION = select(tables.catalogue.c.version, tables.catalogue.c.shipped)
_UNITS = select(tables.unit)
_CATEGORIES = select(tables.category).order_by(tables.category.c.position)
_INDICATORS = select(tables.indicator).order_by(tables.indicator.c.position)
_REGIONS = select(tables.region).order_by(tables.region.c.position)
_SUCCESSORS = select(tables.region_successor).order_by(*tables.region_successor.c)


# ---------------------------------------------------------------- what is asked of the database

Condition = Callable[[Any], ColumnElement[bool]]
_AS_OF: ColumnElement[date] = bindparam("as_of", type_=tables.observation.c.published.type)
_WATERMARK: ColumnElement[int] = bindparam("watermark", type_=tables.observation.c.load.type)


@cache
def _series() -> Any:
    return _vintages(
        [
            lambda table: table.c.indicator.in_(bindparam("indicators", expanding=True)),
            lambda table: table.c.region.in_(bindparam("regions", expanding=True)),
            lambda table: table.c.load <= _WATERMARK,
        ],
        [],
    )


def _within(periods: Sequence[Period] | None, parts: list[Condition]) -> Any:
    """Results of these periods, and targets of these and of every period that contains one of them."""
    if periods is None:
        return _vintages(parts, [])
    span = tables.period.c
    exact = or_(*(and_(span.start == each.start, span.end == each.end) for each in periods))
    around = or_(*(and_(span.start <= each.start, span.end >= each.end) for each in periods))

    def only(where: ColumnElement[bool]) -> Condition:
        return lambda table: table.c.period.in_(select(tables.period.c.id).where(where))

    return _vintages([*parts, only(exact)], [*parts, only(around)])


def _vintages(parts: Sequence[Condition], target_parts: Sequence[Condition]) -> Any:
    """Results and targets in one go, every vintage up to the day, the newest of each last."""
    both = union_all(_arm(tables.observation, parts, is_target=False), _arm(tables.target, target_parts or parts, is_target=True))
    return both.order_by(text("1, 2, 3, 4, 5, 6, 7"))  # by place: two tables have a column `published`


def _arm(table: Any, parts: Sequence[Condition], *, is_target: bool) -> Select[Any]:
    own, other = table.c, (tables.target if table is tables.observation else tables.observation).c
    place = [own.indicator, own.region, tables.period.c.start, tables.period.c.end]
    order = [*place, literal(int(is_target)).label("is_target"), own.published, own.revision]
    columns = [own.period, own.source]
    columns += [
        own[name] if name in own else null().cast(other[name].type).label(name)
        for name in ["value", "value_digits", "of", "qualifier", "release", "basis", "op", "upper", "upper_digits"]
    ]
    source = tables.source.c
    cited = [source.title, source.publisher, source.published.label("source_published"), source.address]
    cited += [source.code, source.kind]
    joined = table.join(tables.period, own.period == tables.period.c.id).outerjoin(tables.source, own.source == tables.source.c.id)
    return select(*order, *columns, *cited).select_from(joined).where(*(part(table) for part in parts), own.published <= _AS_OF)


# ---------------------------------------------------------------- from rows to values


def _figures(
    rows: Sequence[Row[Any]], indicators: dict[int, Indicator], regions: dict[int, Region], periods: Sequence[Period] | None = None
) -> tuple[Figure, ...]:
    """Each series' results with the targets that they are held against, and targets that wait for a result.

    The series are in the order of the indicators and regions, each in the order of time. Rows are ordered by series,
    then time, results before targets, of one period the newest last.
    """
    read = _Reader()
    found: dict[tuple[int, int], list[Figure]] = {}
    only = None if periods is None else set(periods)
    for series, vintages in groupby(rows, key=itemgetter(0, 1)):
        indicator, region = indicators.get(series[0]), regions.get(series[1])
        if indicator is None or region is None:  # loaded after the last refresh
            continue
        newest: dict[Period, Row[Any]] = {}
        targets: dict[Period, Target] = {}
        for row in vintages:
            period = read.period(row)
            if row.is_target:
                targets[period] = read.target(row, period)
                newest.setdefault(period, row)
            else:
                newest[period] = row
        found[series] = [
            read.figure(row, indicator, region, period, _held_against(period, targets) if targets else None)
            for period, row in newest.items()
            if only is None or period in only
        ]
    places = {id: place for place, id in enumerate(regions)}
    ranks = {id: place for place, id in enumerate(indicators)}
    ordered = sorted(found, key=lambda series: (ranks[series[0]], places[series[1]]))
    return tuple(figure for series in ordered for figure in found[series])


def _held_against(period: Period, targets: dict[Period, Target]) -> Target | None:
    """The target of the period itself, else of the shortest one that contains it."""
    if (own := targets.get(period)) is not None:
        return own
    around = [each for each in targets if each.contains(period)]
    return targets[min(around, key=lambda each: (each.days, each.start))] if around else None


class _Reader:
    """Makes values of rows; a period or a source that comes again is the same value."""

    def __init__(self) -> None:
        self._periods: dict[int, Period] = {}
        self._sources: dict[int | None, Source] = {None: Source("")}

    def period(self, row: Row[Any]) -> Period:
        made = self._periods.get(row.period)
        if made is None:
            made = self._periods[row.period] = Period(row.start, row.end)
        return made

    def source(self, row: Row[Any]) -> Source:
        made = self._sources.get(row.source)
        if made is None:
            made = Source(row.title, row.publisher, row.source_published, row.address, row.code or "", row.kind)
            self._sources[row.source] = made
        return made

    def target(self, row: Row[Any], period: Period) -> Target:
        return Target(
            op=Op(row.op),
            value=with_decimals(row.value, row.value_digits),
            period=period,
            source=self.source(row),
            published=row.published,
            end=None if row.upper is None else with_decimals(row.upper, row.upper_digits),
        )

    def figure(self, row: Row[Any], indicator: Indicator, region: Region, period: Period, target: Target | None) -> Figure:
        if row.is_target:
            assert target is not None  # that of its own period
            return Figure(indicator, region, period, None, target.source, target.published, target=target)
        return Figure(
            indicator,
            region,
            period,
            with_decimals(row.value, row.value_digits),
            self.source(row),
            row.published,
            None if row.of is None else int(row.of),
            None if row.qualifier is None else Qualifier(row.qualifier),
            _RELEASES[row.release],
            _BASES[row.basis],
            target,
        )


_RELEASES = {each.value: each for each in Release}
_BASES = {each.value: each for each in Basis}
