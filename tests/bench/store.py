"""How long a whole answer takes, from 3 million figures against 3,000: the same questions of the same 300 indicators.

    python tests/bench/store.py [ROUNDS] [SMALL_URL LARGE_URL]

Builds both stores in a temporary folder, or in the two empty databases that the addresses name (a later run uses what it
finds there), through the product's own tables: the small one with five years of two provinces, the large one with years, half-years, quarters and
months since 2010 of thirty-four, some of them published twice. Each question is asked of both in turn, and the ratio is
that of the medians.
"""

from __future__ import annotations

import asyncio
import itertools
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from reading import catalogue
from sqlalchemy import func, insert, literal, select, update

from db import tables
from db.engine import reading, writing
from db.facts import Indicator, Period
from db.store import Store
from handlers.desk import Desk
from handlers.question import Asking, Conversation

TODAY = date(2024, 12, 31)
SMALL_YEARS, LARGE_YEARS = range(2019, 2024), range(2010, 2025)
PLACES = ("Hà Nội", "Nghệ An")
TARGETED = 40
"""So many indicators have a target for every year: an official list of targets is about as long."""

SAME = "the same figures are shown"
QUESTIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "figure, its place and period": (SAME, ("{name} {place} năm 2022",)),
    "figure, its period": (SAME, ("{name} năm 2022",)),
    "figure, the latest": (SAME, ("{name}",)),
    "the year after it": (SAME, ("{name} năm 2022", "còn 2021?")),
    "another place after it": (SAME, ("{name} năm 2022", "còn {other}?")),
    "comparison of places": (SAME, ("so sánh {name} {place} với {other} năm 2022",)),
    "comparison of years": (SAME, ("{name} năm 2022 so với năm 2021",)),
    "change on the year before": (SAME, ("{name} năm 2022 tăng hay giảm",)),
    "target": (SAME, ("{name} năm 2022 đạt bao nhiêu phần trăm kế hoạch",)),
    "targets of a year": (SAME, ("chỉ tiêu nào chưa đạt năm 2022",)),
    "field of work in a year": (SAME, ("tình hình {field} năm 2022",)),
    "no figure of that period": (SAME, ("{name} năm 1990",)),
    "series of five years": (SAME, ("{name} từ 2019 đến 2023",)),
    "series": ("15 years are shown against 5", ("{name} qua các năm",)),
    "ranking": ("34 places are shown against 2", ("{name} tỉnh nào cao nhất năm 2022",)),
    "ranking, the latest": ("34 places are shown against 2", ("{name} tỉnh nào cao nhất",)),
}
"""Kinds of questions: whether the large store's answers show more, and the turns, of which the last is timed."""


def spans(years: Iterable[int], *, parts: bool) -> list[Period]:
    found: list[Period] = []
    for year in years:
        found.append(Period.year(year))
        if parts:
            lengths = (6, 3, 1)
            found += [
                Period.months(year, first, length)
                for length in lengths
                for first in range(1, 13, length)
            ]
    return found


async def fill(store: Store, years: Sequence[int], places: int, *, parts: bool) -> None:
    """Stores the 300 indicators with a figure of every place and period; the large store's years were published twice."""
    made = catalogue(300)
    then = [
        each
        for each in store.catalogue.regions.values()
        if each.valid_on(TODAY) and each.level in ("province", "city")
    ]
    then.sort(key=lambda each: each.name not in PLACES)
    chosen = [each.key for each in then[:places]]
    periods = spans(years, parts=parts)
    async with writing(store.engine) as connection:
        units = {row.name for row in await connection.execute(select(tables.unit.c.name))}
        used = {each.unit.name: each.unit for each in made.indicators.values()}
        if missing := [unit for name, unit in used.items() if name not in units]:
            await connection.execute(
                insert(tables.unit),
                [{"name": each.name, "kind": each.kind.value} for each in missing],
            )
        fields = [
            {"code": each.code, "name": each.name, "aliases": each.aliases, "position": number}
            for number, each in enumerate(made.categories.values())
        ]
        await connection.execute(insert(tables.category), fields)
        await connection.execute(
            insert(tables.indicator),
            [_row(number, each) for number, each in enumerate(made.indicators.values(), 1)],
        )
        rows = [
            {"id": number, "start": each.start, "end": each.end}
            for number, each in enumerate(periods, 1)
        ]
        await connection.execute(insert(tables.period), rows)
        await connection.execute(insert(tables.load), [{"id": 1, "day": TODAY}])
        await connection.execute(
            insert(tables.source), [{"id": 1, "code": "made", "title": "Made for this measurement"}]
        )
        ids = {
            row.key: row.id
            for row in await connection.execute(select(tables.region.c.key, tables.region.c.id))
        }
        first = [
            _figure(ids[key], number, each, place, revision)
            for place, key in enumerate(chosen)
            for number, each in enumerate(periods, 1)
            for revision in range(1, 3 if parts and each.is_year else 2)
        ]
        await connection.execute(insert(tables.observation), first)
        await _repeat(connection, tables.observation, len(made.indicators))
        plans = [
            _figure(ids[key], number, each, place, 1) | {"op": ">="}
            for place, key in enumerate(chosen)
            for number, each in enumerate(periods, 1)
            if each.is_year
        ]
        for plan in plans:
            for column in ("release", "basis"):
                del plan[column]
        await connection.execute(insert(tables.target), plans)
        await _repeat(connection, tables.target, TARGETED)
        await connection.execute(
            update(tables.region)
            .where(tables.region.c.key.in_(chosen))
            .values(results=len(periods) * len(made.indicators))
        )
        await connection.execute(
            update(tables.catalogue).values(version=tables.catalogue.c.version + 1)
        )
    await store.refresh()


async def count(store: Store) -> int:
    async with reading(store.engine) as connection:
        return int(
            await connection.scalar(select(func.count()).select_from(tables.observation)) or 0
        )


def _row(number: int, each: Indicator) -> dict[str, Any]:
    return {
        "id": number, "code": each.code, "name": each.name, "unit": each.unit.name, "decimals": 1, "better": "up",
        "over_year": "annual", "category": each.category, "aliases": each.aliases, "position": number,
    }  # fmt: skip


def _figure(region: int, number: int, period: Period, place: int, revision: int) -> dict[str, Any]:
    value = Decimal(200 + place + number % 37 + revision) / 10
    return {
        "indicator": 1, "region": region, "period": number, "published": period.end + timedelta(20 * revision), "revision": 1,
        "dated": True, "load": 1, "source": 1, "value": value, "value_digits": 1, "release": "official", "basis": "stated",
    }  # fmt: skip


async def _repeat(connection: Any, table: Any, count: int) -> None:
    """The first indicator's rows again for each of the others."""
    others = [column for column in table.c if column.name != "indicator"]
    for number in range(2, count + 1):
        rows = select(literal(number), *others).where(table.c.indicator == 1)
        await connection.execute(
            insert(table).from_select(["indicator", *(column.name for column in others)], rows)
        )


async def asked(desk: Desk, turns: Sequence[str]) -> tuple[float, str]:
    """How long the last of these turns takes, in seconds, and what kind of answer it gets."""
    talk = Conversation()
    for text in turns:
        began = time.perf_counter()
        turn = await desk.turn(text, talk, Asking(TODAY))
        seconds = time.perf_counter() - began
        talk = turn.after
    return seconds, turn.answer.kind


async def clear(desk: Desk) -> list[str]:
    """The names with targets that mean one indicator; the others are asked back about, whatever is stored."""
    reader = await desk.reader()
    named = list(reader.catalogue.indicators.values())[:TARGETED]
    return [
        each.name
        for each in named
        if reader.read(f"{each.name} năm 2022", TODAY).indicators == (each,)
    ]


async def measure(rounds: int, urls: tuple[str, str]) -> None:
    stores = [await Store.open(url) for url in urls]
    try:
        for store, years, places in ((stores[0], SMALL_YEARS, 2), (stores[1], LARGE_YEARS, 34)):
            if not await store.has_indicators():
                await fill(store, years, places, parts=places > 2)
        counts = [await count(store) for store in stores]
        print(f"{stores[0].engine.dialect.name}; figures: {counts[0]:,} and {counts[1]:,}\n")
        desks = [Desk(store, PLACES[0]) for store in stores]
        names = await clear(desks[0])
        fields = [each.name for each in stores[0].catalogue.categories.values()]
        print(f"{'':30}  {'3,000':>9} {'3 million':>10}  ratio")
        for kind, (shows, turns) in QUESTIONS.items():
            taken: list[list[float]] = [[], []]
            kinds: set[str] = set()
            for number, name in itertools.islice(enumerate(itertools.cycle(names)), rounds + 5):
                words = {
                    "name": name,
                    "field": fields[number % len(fields)],
                    "place": PLACES[0],
                    "other": PLACES[1],
                }
                for at, desk in enumerate(desks):
                    seconds, answered = await asked(desk, [text.format(**words) for text in turns])
                    kinds.add(answered)
                    if number >= 5:  # what is compiled and remembered is so by then
                        taken[at].append(seconds)
            small, large = (statistics.median(each) * 1000 for each in taken)
            more = "" if shows == SAME else f"  ({shows})"
            print(
                f"{kind:30}  {small:6.2f} ms {large:7.2f} ms  {large / small:5.2f}  {'/'.join(sorted(kinds))}{more}"
            )
    finally:
        for store in stores:
            await store.close()


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    with tempfile.TemporaryDirectory() as folder:
        made = (f"sqlite:///{folder}/small.db", f"sqlite:///{folder}/large.db")
        asyncio.run(measure(rounds, (sys.argv[2], sys.argv[3]) if len(sys.argv) > 3 else made))


if __name__ == "__main__":
    main()
