"""What is true: the catalogue, and the figures with the targets that they are held against, as of
any day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any, Self

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    Subquery,
    Text,
    bindparam,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    text,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db import ledger, tables
from db.engine import open_figures, patiently, reading
from db.exact import with_decimals
from db.facts import (
    Basis,
    Beside,
    Better,
    Catalogue,
    Category,
    Coverage,
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
from db.loans import Loan
from db.shipped import SHIPPED

FEW = 8
"""So many periods are looked into first for the newest one with a result."""
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
        """Opens the store, made or migrated when it must be, with the regions and units that the
        product ships.

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
        """How many figures have a result, at the last refresh, by the region's key; regions without
        any are left out.
        """
        return dict(self._known.results)

    async def sources(self) -> tuple[Source, ...]:
        """Every source, in the order they were first named."""
        async with reading(self.engine) as connection:
            rows = await connection.execute(select(tables.source).order_by(tables.source.c.id))
            return tuple(
                Source(
                    row.title, row.publisher, row.published, row.address, row.code or "", row.kind
                )
                for row in rows
            )

    async def _ship(self) -> None:
        if self.shipped < SHIPPED:
            from db.importer import ship  # noqa: PLC0415 - the files are read only when they have news

            await ship(self)

    # ------------------------------------------------------------ links to the library

    async def loans(self) -> tuple[Loan, ...]:
        """Give every link to the library as it is now; those that were refused say so.

        They change only together with the catalogue's version.

        Raises:
            StoreError: the database fails.
        """
        return await ledger.loans(self.engine)

    async def keep_loans(self, loans: Iterable[Loan], *, made_for: Catalogue | None = None) -> bool:
        """Keep these links in the place of all others; a link once refused stays refused.

        False, and nothing is stored, where the catalogue is no longer the one they are made for.

        Raises:
            StoreError: the database fails, or the links are not such; nothing was stored.
        """
        made, version = tuple(loans), None if made_for is None else made_for.version
        return await patiently(lambda: ledger.keep(self.engine, made, version))

    async def refuse_loan(self, indicator: str) -> bool:
        """End every link of the indicator with this code, for good; False where it has none.

        Raises:
            StoreError: the database fails.
        """
        return await patiently(lambda: ledger.refuse(self.engine, indicator))

    async def allow_loan(self, indicator: str) -> bool:
        """Take back every refusal of the indicator's links; False where there was none.

        Raises:
            StoreError: the database fails.
        """
        return await patiently(lambda: ledger.allow(self.engine, indicator))

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

        A target without a result of its own period is a figure without a value. `as_of` leaves out
        every vintage published later, `watermark` every one that was loaded after it.
        """
        known = self._known
        wanted = known.indicator_ids(indicators)
        places = known.region_ids(regions)
        if not wanted or not places:
            return ()
        values = {
            "indicators": list(wanted),
            "regions": list(places),
            "as_of": as_of,
            "watermark": watermark,
        }
        return _figures(await self._rows(_series(), values), wanted, places)

    async def coverage(
        self, indicators: Sequence[Indicator], regions: Sequence[Region], as_of: date | None = None
    ) -> tuple[Coverage, ...]:
        """Of which periods anything is stored of the indicators in the regions, in the order of
        these; empty series are left out.

        It costs a small part of what the figures themselves do, however many they are.
        """
        known = self._known
        wanted = known.indicator_ids(indicators)
        places = known.region_ids(regions)
        if not wanted or not places:
            return ()
        rows = await self._rows(
            _coverage(), {"indicators": list(wanted), "regions": list(places), "as_of": as_of}
        )
        found: dict[tuple[int, int], list[set[int]]] = {}
        for row in rows:  # what was loaded after the last refresh is left out
            periods = {int(each) for each in row.periods.split(",")} & known.orders.keys()
            found.setdefault((row.indicator, row.region), [set(), set()])[row.is_target] |= periods

        def spans(ids: set[int]) -> tuple[Period, ...]:
            return tuple(known.periods[id] for id in sorted(ids, key=known.orders.__getitem__))

        series = [(one, two) for one in wanted for two in places if any(found.get((one, two), ()))]
        return tuple(
            Coverage(
                wanted[one],
                places[two],
                spans(found[one, two][0]),
                spans(found[one, two][1] - found[one, two][0]),
            )
            for one, two in series
        )

    async def latest(
        self,
        indicator: Indicator,
        regions: Sequence[Region],
        as_of: date | None = None,
        *,
        places: int = 1,
    ) -> Period | None:
        """The last period to end, of those that end together the longest, with a result in so many
        of the regions.

        A region counts where it was one on the period's last day.
        """
        known = self._known
        wanted = known.indicator_ids([indicator])
        units = known.region_ids(regions)
        newest = sorted(
            known.periods.items(), key=lambda item: (item[1].end, item[1].days), reverse=True
        )
        begin, size = 0, FEW
        while wanted and units and begin < len(newest):  # the newest few nearly always have it
            some = newest[begin : begin + size]
            values = {
                "indicators": list(wanted),
                "regions": list(units),
                "periods": [id for id, _ in some],
                "as_of": as_of,
            }
            counts = Counter(
                row.period
                for row in await self._rows(_spots(), values)
                if units[row.region].valid_on(known.periods[row.period].end)
            )
            found = next((period for id, period in some if counts[id] >= places), None)
            if found is not None:
                return found
            begin, size = begin + size, size * 4
        return None

    async def places_of(
        self, indicator: Indicator, as_of: date | None = None
    ) -> tuple[Region, ...]:
        """The regions with a result of an indicator, in the order of the catalogue."""
        known = self._known
        wanted = known.indicator_ids([indicator])
        if not wanted:
            return ()
        there = {
            row.id
            for row in await self._rows(_places(), {"indicators": list(wanted), "as_of": as_of})
        }
        return tuple(
            region
            for id, region in known.region_ids(known.catalogue.regions.values()).items()
            if id in there
        )

    async def beside(
        self, indicator: Indicator, region: Region, period: Period, as_of: date | None = None
    ) -> Beside:
        """What else is stored for the place and the period of a figure."""
        known = self._known
        places = known.region_ids([region])
        if not places or period not in known.numbers:
            return Beside(False, False)
        values = {
            "region": next(iter(places)),
            "period": known.numbers[period],
            "around": known.around([period]),
            "category": indicator.category,
            "as_of": as_of,
        }
        rows = await self._rows(_beside(), values)
        return Beside(rows[0].targets > 1, rows[0].category > 1)

    async def in_period(
        self,
        periods: Sequence[Period],
        regions: Sequence[Region],
        indicators: Sequence[Indicator] | None = None,
        as_of: date | None = None,
    ) -> tuple[Figure, ...]:
        """The figures of exactly these periods; without indicators, of all, in the order of the
        catalogue.
        """
        known = self._known
        wanted = known.indicator_ids(
            known.catalogue.indicators.values() if indicators is None else indicators
        )
        places = known.region_ids(regions)
        exact = known.period_ids(periods)
        if not wanted or not places or not exact:
            return ()
        values = {
            "regions": list(places),
            "periods": exact,
            "around": known.around(periods),
            "as_of": as_of,
        }
        if indicators is None:
            rows = await self._rows(_within("regions"), values)
        else:
            rows = await self._rows(
                _within("regions", "indicators"), values | {"indicators": list(wanted)}
            )
        return _figures(rows, wanted, places, periods)

    async def across(
        self,
        indicator: Indicator,
        periods: Sequence[Period] | None = None,
        as_of: date | None = None,
    ) -> tuple[Figure, ...]:
        """The figures of an indicator in every region, in exactly these periods or, without any
        given, in all.
        """
        known = self._known
        wanted = known.indicator_ids([indicator])
        places = known.region_ids(known.catalogue.regions.values())
        if periods is None:
            values = {
                "indicators": list(wanted),
                "regions": list(places),
                "as_of": as_of,
                "watermark": None,
            }
            return _figures(await self._rows(_series(), values), wanted, places) if wanted else ()
        exact = known.period_ids(periods)
        if not wanted or not exact:
            return ()
        values = {
            "indicators": list(wanted),
            "periods": exact,
            "around": known.around(periods),
            "as_of": as_of,
        }
        return _figures(await self._rows(_within("indicators"), values), wanted, places, periods)

    async def periods(
        self, regions: Sequence[Region] | None = None, as_of: date | None = None
    ) -> tuple[Period, ...]:
        """The periods that have a result or a target, in one of the regions or anywhere, in the
        order of time.
        """
        places = None if regions is None else list(self._known.region_ids(regions))

        def used(table: Any) -> ColumnElement[bool]:
            where = [table.c.period == tables.period.c.id, table.c.published <= _AS_OF]
            return exists().where(
                *where, *([table.c.region.in_(places)] if places is not None else [])
            )

        known = self._known.periods
        statement = select(tables.period.c.id).where(
            or_(used(tables.observation), used(tables.target))
        )
        used_ids = {row.id for row in await self._rows(statement, {"as_of": as_of})}
        return tuple(period for id, period in known.items() if id in used_ids)

    # ------------------------------------------------------------ what came when

    async def watermark(self) -> int:
        """The number of the newest load: whatever is loaded later has a larger one; 0 when nothing
        was loaded yet.
        """
        async with reading(self.engine) as connection:
            return await connection.scalar(select(func.max(tables.load.c.id))) or 0

    async def vintages(self, since: int, until: int | None = None) -> tuple[Vintage, ...]:
        """What was loaded after the watermark `since`, up to `until`, in the order of loading, then
        of the catalogue.

        Of a series and period that a load brought several vintages of, only the newest. The
        catalogue is as it was at the last refresh; what is not in it yet is left out.
        """
        known = self._known
        indicators = known.indicator_ids(known.catalogue.indicators.values())
        regions = known.region_ids(known.catalogue.regions.values())
        arms = []
        for table in (tables.observation, tables.target):
            own, span = table.c, tables.period.c
            columns = [
                own.load,
                own.indicator,
                own.region,
                span.start,
                span.end,
                own.published,
                own.revision,
            ]
            joined = table.join(tables.period, own.period == span.id)
            is_target = literal(int(table is tables.target)).label("is_target")
            arms.append(
                select(*columns, is_target)
                .select_from(joined)
                .where(own.load > since, own.load <= _WATERMARK)
            )
        found: dict[tuple[object, ...], Vintage] = {}
        for row in await self._rows(
            union_all(*arms).order_by("load", "published", "revision"), {"watermark": until}
        ):
            indicator, region = indicators.get(row.indicator), regions.get(row.region)
            if indicator is not None and region is not None:
                period = Period(row.start, row.end)
                made = Vintage(
                    row.load,
                    indicator,
                    region,
                    period,
                    row.published,
                    row.revision,
                    bool(row.is_target),
                )
                found[row.load, row.indicator, row.region, period, row.is_target] = made
        order = {code: place for place, code in enumerate(known.catalogue.indicators)}

        def place(each: Vintage) -> tuple[object, ...]:
            return each.load, order[each.indicator.code], each.region.key, each.period, each.asked

        return tuple(sorted(found.values(), key=place))

    async def first_published(
        self, indicators: Sequence[Indicator], regions: Sequence[Region], as_of: date | None = None
    ) -> dict[tuple[str, str], dict[Period, date]]:
        """The day on which each result was first published, by the indicator's code and the
        region's key, then period.
        """
        known = self._known
        wanted, places = known.indicator_ids(indicators), known.region_ids(regions)
        if not wanted or not places:
            return {}
        own, span = tables.observation.c, tables.period.c
        series = [own.indicator, own.region, span.start, span.end]
        statement = (
            select(*series, func.min(own.published).label("first"))
            .select_from(tables.observation.join(tables.period, own.period == span.id))
            .where(
                own.indicator.in_(list(wanted)),
                own.region.in_(list(places)),
                own.published <= _AS_OF,
            )
            .group_by(*series)
            .order_by(span.start, span.end)
        )
        found: dict[tuple[str, str], dict[Period, date]] = {}
        for row in await self._rows(statement, {"as_of": as_of}):
            key = wanted[row.indicator].code, places[row.region].key
            found.setdefault(key, {})[Period(row.start, row.end)] = row.first
        return found

    async def _rows(self, statement: Any, values: dict[str, Any]) -> Sequence[Row[Any]]:
        values = {
            name: _EVERYTHING.get(name) if value is None else value
            for name, value in values.items()
        }
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
        periods: dict[int, Period] | None = None,
        shipped: int = 0,
    ) -> None:
        self.read = catalogue is not None
        self.catalogue = catalogue or Catalogue()
        self.results = results or {}
        self.shipped = shipped
        self.periods = periods or {}
        """Every period by its number, in the order of time."""
        self.numbers = {period: id for id, period in self.periods.items()}
        self.orders = {id: order for order, id in enumerate(self.periods)}
        self._indicators = indicators or {}
        self._regions = regions or {}

    def indicator_ids(self, indicators: Iterable[Indicator]) -> dict[int, Indicator]:
        """Give the indicators by their numbers, in their order, without those not stored."""
        return {
            self._indicators[each.code]: each
            for each in indicators
            if each.code in self._indicators
        }

    def region_ids(self, regions: Iterable[Region]) -> dict[int, Region]:
        return {self._regions[each.key]: each for each in regions if each.key in self._regions}

    def period_ids(self, periods: Iterable[Period]) -> list[int]:
        return [self.numbers[each] for each in dict.fromkeys(periods) if each in self.numbers]

    def around(self, periods: Sequence[Period]) -> list[int]:
        """The periods that contain one of these, and so may have its target."""
        found: dict[int, None] = {}
        for each in periods:
            start, end = each.start, each.end
            found.update(
                (id, None)
                for id, period in self.periods.items()
                if period.start <= start and end <= period.end
            )
        return list(found)


async def _read_known(connection: AsyncConnection, version: int, shipped: int) -> _Known:
    kinds = {
        row.name: Unit(row.name, UnitKind(row.kind)) for row in await connection.execute(_UNITS)
    }
    categories = {
        row.code: Category(row.code, row.name, row.aliases)
        for row in await connection.execute(_CATEGORIES)
    }
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
    periods = {row.id: Period(row.start, row.end) for row in await connection.execute(_PERIODS)}
    catalogue = Catalogue(indicators, categories, regions, version)
    return _Known(catalogue, indicator_ids, region_ids, results, periods, shipped)


_VERSION = select(tables.catalogue.c.version, tables.catalogue.c.shipped)
_UNITS = select(tables.unit)
_CATEGORIES = select(tables.category).order_by(tables.category.c.position)
_INDICATORS = select(tables.indicator).order_by(tables.indicator.c.position)
_REGIONS = select(tables.region).order_by(tables.region.c.position)
_PERIODS = select(tables.period).order_by(tables.period.c.start, tables.period.c.end)
_SUCCESSORS = select(tables.region_successor).order_by(*tables.region_successor.c)


# ---------------------------------------------------------------- what is asked of the database

_AS_OF: ColumnElement[date] = bindparam("as_of", type_=tables.observation.c.published.type)
_WATERMARK: ColumnElement[int] = bindparam("watermark", type_=tables.observation.c.load.type)


def _among(table: Any, column: str, values: str) -> ColumnElement[bool]:
    """Whether a column has one of the values that are given with the statement."""
    found: ColumnElement[bool] = table.c[column].in_(bindparam(values, expanding=True))
    return found


@cache
def _series() -> Any:
    return _vintages(
        lambda table: [
            _among(table, "indicator", "indicators"),
            _among(table, "region", "regions"),
            table.c.load <= _WATERMARK,
        ]
    )


@cache
def _within(*parts: str) -> Any:
    """Select results of periods, and targets of these and of every period around one."""

    def conditions(table: Any) -> list[ColumnElement[bool]]:
        when = _among(table, "period", "around" if table is tables.target else "periods")
        return [when, *(_among(table, part.removesuffix("s"), part) for part in parts)]

    return _vintages(conditions)


@cache
def _coverage() -> Any:
    """A row for each series: its periods by their numbers in one text, which is read much faster
    than as many rows.
    """

    def arm(table: Any, *, is_target: bool) -> Select[Any]:
        own = table.c
        where = [
            _among(table, "indicator", "indicators"),
            _among(table, "region", "regions"),
            own.published <= _AS_OF,
        ]
        periods = func.aggregate_strings(own.period.cast(Text), ",").label("periods")
        columns = [own.indicator, own.region, literal(int(is_target)).label("is_target"), periods]
        return select(*columns).where(*where).group_by(own.indicator, own.region)

    return union_all(arm(tables.observation, is_target=False), arm(tables.target, is_target=True))


@cache
def _spots() -> Any:
    own = tables.observation
    where = [_among(own, name, f"{name}s") for name in ("indicator", "region", "period")]
    return select(own.c.region, own.c.period).where(*where, own.c.published <= _AS_OF).distinct()


@cache
def _places() -> Any:
    own, region = tables.observation, tables.region.c
    where = [
        _among(own, "indicator", "indicators"),
        own.c.region == region.id,
        own.c.published <= _AS_OF,
    ]
    return select(region.id).where(exists().where(*where))


@cache
def _beside() -> Any:
    """How many indicators have a target there, and how many of a category a figure; nobody counts
    beyond two.
    """
    region, period = bindparam("region", type_=Integer), bindparam("period", type_=Integer)

    def at(table: Any) -> list[ColumnElement[bool]]:
        return [table.c.region == region, table.c.period == period, table.c.published <= _AS_OF]

    result, target, plan, one = (
        tables.observation,
        tables.target,
        tables.target.alias(),
        tables.indicator.c,
    )
    own = or_(
        plan.c.period == period, exists().where(result.c.indicator == plan.c.indicator, *at(result))
    )
    held = [
        plan.c.region == region,
        _among(plan, "period", "around"),
        plan.c.published <= _AS_OF,
        own,
    ]
    targeted = select(plan.c.indicator).where(*held).distinct().limit(2).subquery()
    stored = or_(
        *(exists().where(table.c.indicator == one.id, *at(table)) for table in (result, target))
    )
    alike = (
        select(one.id)
        .where(one.category == bindparam("category", type_=Text), stored)
        .limit(2)
        .subquery()
    )

    def count(found: Subquery, name: str) -> Any:
        return select(func.count()).select_from(found).scalar_subquery().label(name)

    return select(count(targeted, "targets"), count(alike, "category"))


def _vintages(conditions: Callable[[Any], list[ColumnElement[bool]]]) -> Any:
    """Results and targets in one go, every vintage up to the day, the newest of each last."""
    arms = [
        _arm(table, conditions(table), is_target=table is tables.target)
        for table in (tables.observation, tables.target)
    ]
    both = union_all(*arms)
    return both.order_by(
        text("1, 2, 3, 4, 5, 6, 7")
    )  # by place: two tables have a column `published`


def _arm(table: Any, conditions: list[ColumnElement[bool]], *, is_target: bool) -> Select[Any]:
    own, other = table.c, (tables.target if table is tables.observation else tables.observation).c
    place = [own.indicator, own.region, tables.period.c.start, tables.period.c.end]
    order = [*place, literal(int(is_target)).label("is_target"), own.published, own.revision]
    columns = [own.period, own.source]
    columns += [
        own[name] if name in own else null().cast(other[name].type).label(name)
        for name in [
            "value",
            "value_digits",
            "of",
            "qualifier",
            "release",
            "basis",
            "op",
            "upper",
            "upper_digits",
        ]
    ]
    source = tables.source.c
    cited = [
        source.title,
        source.publisher,
        source.published.label("source_published"),
        source.address,
    ]
    cited += [source.code, source.kind]
    joined = table.join(tables.period, own.period == tables.period.c.id).outerjoin(
        tables.source, own.source == tables.source.c.id
    )
    return (
        select(*order, *columns, *cited)
        .select_from(joined)
        .where(*conditions, own.published <= _AS_OF)
    )


# ---------------------------------------------------------------- from rows to values


def _figures(
    rows: Sequence[Row[Any]],
    indicators: dict[int, Indicator],
    regions: dict[int, Region],
    periods: Sequence[Period] | None = None,
) -> tuple[Figure, ...]:
    """Each series' results with the targets that they are held against, and targets that wait for a
    result.

    The series are in the order of the indicators and regions, each in the order of time. Rows are
    ordered by series, then time, results before targets, of one period the newest last.
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
            read.figure(
                row, indicator, region, period, _held_against(period, targets) if targets else None
            )
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
            made = Source(
                row.title,
                row.publisher,
                row.source_published,
                row.address,
                row.code or "",
                row.kind,
            )
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

    def figure(
        self,
        row: Row[Any],
        indicator: Indicator,
        region: Region,
        period: Period,
        target: Target | None,
    ) -> Figure:
        if row.is_target:
            assert target is not None  # that of its own period
            return Figure(
                indicator, region, period, None, target.source, target.published, target=target
            )
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
