"""The store keeps what it was given, exactly, and answers as of any day."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import create_async_engine

from db.engine import StoreError, address, open_chats, open_figures, reading, writing
from db.exact import ExactDecimal, decimals, decode, encode, with_decimals
from db.facts import Op, Period, Qualifier, Region
from db.importer import load
from db.store import Store

DECIMALS = st.one_of(
    st.decimals(
        allow_nan=False, allow_infinity=False, min_value=Decimal("-1e35"), max_value=Decimal("1e35")
    ),
    st.builds(
        lambda digits, exponent, sign: Decimal((sign, tuple(map(int, str(digits))), exponent)),
        st.integers(0, 10**40),
        st.integers(-45, 45),
        st.integers(0, 1),
    ),
    st.sampled_from(
        [
            Decimal(each)
            for each in (
                "0",
                "-0",
                "0.0",
                "1E+3",
                "1000",
                "0.05",
                "0.5",
                "-0.05",
                "-0.5",
                "9.99",
                "10",
                "-73.0",
            )
        ]
    ),
)


# ---------------------------------------------------------------- exact decimals


@given(DECIMALS, DECIMALS)
def test_texts_compare_as_their_decimals(one: Decimal, other: Decimal) -> None:
    assert (encode(one) < encode(other)) == (one < other)
    assert (encode(one) == encode(other)) == (one == other)


@given(DECIMALS)
def test_decimals_come_back_with_their_digits(value: Decimal) -> None:
    back = decode(encode(value))
    assert back == value
    written = f"{value:f}"  # files have no exponents
    assert f"{with_decimals(back, decimals(value)):f}" == (
        written if value else written.removeprefix("-")
    )


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1E+100"])
def test_refuses_what_is_no_decimal_or_too_large(value: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any of them will do
        encode(Decimal(value))


async def test_sqlite_sorts_and_compares_decimals() -> None:
    await sorts_and_compares("sqlite:///:memory:")


async def test_postgresql_sorts_and_compares_decimals(postgres: str) -> None:
    await sorts_and_compares(postgres)


async def sorts_and_compares(url: str) -> None:
    metadata = MetaData()
    table = Table(
        "number", metadata, Column("id", Integer, primary_key=True), Column("value", ExactDecimal)
    )
    values = [
        Decimal(each)
        for each in (
            "3.02",
            "-0.05",
            "0",
            "10",
            "9.99",
            "-1.33",
            "73.0",
            f"{10**30}.5",
            "-73",
            "0.5",
        )
    ]
    engine = create_async_engine(address(url))
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
        await connection.execute(insert(table), [{"value": value} for value in values])
        assert list(
            await connection.scalars(select(table.c.value).order_by(table.c.value))
        ) == sorted(values)
        for bound in values:
            above = await connection.scalars(select(table.c.value).where(table.c.value > bound))
            assert sorted(above) == sorted(value for value in values if value > bound)
        assert (
            await connection.scalar(select(table.c.value).where(table.c.value == Decimal("73")))
            == 73
        )
        assert (
            await connection.scalar(select(table.c.value).where(table.c.value == Decimal("73.000")))
            == 73
        )
    await engine.dispose()


# ---------------------------------------------------------------- what is answered

INDICATORS = """code,name_vi,unit,decimals,better,parent,category,aliases
a,Một,%,2,up,,,
b,Hai,người,0,none,,,
"""
HEAD = "indicator,region,period,value,of,qualifier,target_op,target_value,basis,source,published,note\n"


async def loaded(store: Store, place: Path, rows: str, *, today: date = date(2024, 6, 1)) -> None:
    (place / "indicators.csv").write_text(INDICATORS, encoding="utf-8")
    (place / "observations.csv").write_text(HEAD + rows, encoding="utf-8")
    await load(store, place, today)


def region(store: Store, key: str = "Thái Nguyên") -> Region:
    return store.catalogue.regions[key]


async def test_digits_come_back_as_they_were_loaded(store: Store, tmp_path: Path) -> None:
    written = ["3.020", "73", "73.0", "-0.50", "0.00", "123456789012345678901234567.890", "0"]
    await loaded(
        store,
        tmp_path,
        "".join(
            f"a,Thái Nguyên,{2000 + place},{value},,,,,,,,\n" for place, value in enumerate(written)
        ),
    )
    figures = await store.series([store.catalogue.indicators["a"]], [region(store)])
    assert [str(each.value) for each in figures] == written


async def test_a_result_is_held_against_its_own_target_else_the_shortest_around_it(
    store: Store, tmp_path: Path
) -> None:
    await loaded(
        store,
        tmp_path,
        "a,Thái Nguyên,2021/2025,,,,>=,9,,,,\n"
        "a,Thái Nguyên,2023,,,,>=,3,,,,\n"
        "a,Thái Nguyên,2023-Q1,1,,,,,,,,\n"
        "a,Thái Nguyên,2023-Q2,1,,,between,1..2.50,,,,\n"
        "a,Thái Nguyên,2022,2,,,,,,,,\n"
        "a,Thái Nguyên,2020,2,,,,,,,,\n"
        "a,Hà Nội,2023,2,,,,,,,,\n"
        "b,Thái Nguyên,2023,2,,,,,,,,\n",
    )
    indicators = store.catalogue.indicators
    figures = await store.series(
        [indicators["b"], indicators["a"]], [region(store), region(store, "Hà Nội")]
    )
    assert [
        (
            each.indicator.code,
            each.region.name,
            str(each.period),
            each.value,
            each.target and each.target.value,
        )
        for each in figures
    ] == [
        ("b", "Thái Nguyên", "2023", 2, None),
        ("a", "Thái Nguyên", "2020", 2, None),
        ("a", "Thái Nguyên", "2021/2025", None, 9),
        ("a", "Thái Nguyên", "2022", 2, 9),
        ("a", "Thái Nguyên", "2023-Q1", 1, 3),
        ("a", "Thái Nguyên", "2023", None, 3),
        ("a", "Thái Nguyên", "2023-Q2", 1, 1),
        ("a", "Hà Nội", "2023", 2, None),
    ]
    own = figures[6].target
    assert own is not None
    assert (own.op, own.value, str(own.end), own.period) == (
        Op.BETWEEN,
        1,
        "2.50",
        Period.parse("2023-Q2"),
    )
    # The same whichever way one asks.
    assert await store.in_period([Period.parse("2023-Q1")], [region(store)]) == (figures[4],)
    assert await store.in_period([Period.year(2023)], [region(store)], [indicators["a"]]) == (
        figures[5],
    )
    assert await store.in_period([Period.year(2023)], [region(store)]) == (figures[5], figures[0])
    assert await store.across(indicators["a"], [Period.year(2023)]) == (figures[7], figures[5])
    assert set(await store.across(indicators["a"])) == set(figures[1:])
    assert await store.across(indicators["a"], []) == ()
    covered = await store.coverage(
        [indicators["b"], indicators["a"]], [region(store), region(store, "Hà Nội")]
    )
    assert [(each.indicator.code, each.region.name) for each in covered] == [
        ("b", "Thái Nguyên"),
        ("a", "Thái Nguyên"),
        ("a", "Hà Nội"),
    ]
    for each in covered:
        own = [
            figure
            for figure in figures
            if (figure.indicator, figure.region) == (each.indicator, each.region)
        ]
        assert each.results == tuple(figure.period for figure in own if figure.value is not None)
        assert each.plans == tuple(figure.period for figure in own if figure.value is None)


async def test_the_newest_period_is_that_of_enough_places(store: Store, tmp_path: Path) -> None:
    await loaded(
        store,
        tmp_path,
        "".join(
            f"a,{place},{year},1,,,,,,,2001-01-01,\n"
            for place in ("Hà Nội", "Nghệ An")
            for year in range(1990, 2001)
        )
        + "a,Hà Nội,2000-12,1,,,,,,,2001-01-01,\n"
        "a,Hà Nội,2023,1,,,,,,,2024-02-01,\n"
        "a,Nghệ An,2024,,,,>=,1,,,2024-02-01,\n"
        "a,Thái Nguyên@2025-07-01,2023,1,,,,,,,2024-02-01,\n",  # which was none in that year
    )
    a, b = store.catalogue.indicators["a"], store.catalogue.indicators["b"]
    every = list(store.catalogue.regions.values())
    assert await store.latest(a, every) == Period.year(2023)
    assert await store.latest(a, every, as_of=date(2024, 1, 31)) == Period.year(2000)
    assert await store.latest(a, every, places=2) == Period.year(2000)
    assert await store.latest(a, every, places=3) is None
    assert await store.latest(a, [region(store)]) is None
    assert await store.latest(b, every) is None
    assert [each.key for each in await store.places_of(a)] == [
        each.key for each in every if each.key in ("Hà Nội", "Nghệ An", "Thái Nguyên@2025-07-01")
    ]
    assert [each.key for each in await store.places_of(a, as_of=date(2024, 1, 31))] == [
        each.key for each in every if each.key in ("Hà Nội", "Nghệ An")
    ]
    assert await store.places_of(b) == ()


async def test_what_stands_beside_a_figure(store: Store, tmp_path: Path) -> None:
    (tmp_path / "categories.csv").write_text(
        "code,name_vi,aliases\nx,Một ngành,\n", encoding="utf-8"
    )
    head = "code,name_vi,unit,decimals,better,parent,category,aliases\n"
    (tmp_path / "indicators.csv").write_text(
        head + "a,Một,%,2,up,,x,\nb,Hai,người,0,none,,x,\n", encoding="utf-8"
    )
    (tmp_path / "observations.csv").write_text(
        HEAD
        + "a,Hà Nội,2023,1,,,>=,1,,,2024-01-01,\n"  # both with a target, that of b a longer plan's
        "b,Hà Nội,2023,1,,,,,,,2024-01-01,\n"
        "b,Hà Nội,2021/2025,,,,>=,1,,,2024-02-01,\n"
        "a,Hà Nội,2022,1,,,,,,,2024-01-01,\n"  # b has a target then, and nothing that is held against it
        "a,Hà Nội,2024,,,,>=,1,,,2024-01-01,\n"  # plans that wait
        "b,Hà Nội,2024,,,,>=,1,,,2024-01-01,\n",
        encoding="utf-8",
    )
    await load(store, tmp_path, date(2024, 6, 1))
    indicator, place = store.catalogue.indicators["a"], region(store, "Hà Nội")
    assert await store.beside(indicator, place, Period.year(2023)) == (True, True)
    assert await store.beside(indicator, place, Period.year(2023), as_of=date(2024, 1, 31)) == (
        False,
        True,
    )
    assert await store.beside(indicator, place, Period.year(2022)) == (False, False)
    assert await store.beside(indicator, place, Period.year(2024)) == (True, True)
    assert await store.beside(indicator, place, Period.year(1999)) == (False, False)
    assert await store.beside(indicator, region(store), Period.year(2023)) == (False, False)


async def test_nothing_is_overwritten_and_every_day_is_answered(
    store: Store, tmp_path: Path
) -> None:
    row = "a,Thái Nguyên,2023,{},,,>=,{},,,{},\n"
    await loaded(store, tmp_path, row.format("3.0", 5, "2024-01-10"))
    await loaded(store, tmp_path, row.format("3.02", 5, "2024-03-24"))
    await loaded(store, tmp_path, row.format("3.1", 6, ""), today=date(2024, 6, 1))
    await loaded(
        store, tmp_path, row.format("3.2", 6, ""), today=date(2024, 6, 1)
    )  # and the same day once more
    indicator = store.catalogue.indicators["a"]

    async def on(day: date | None) -> list[tuple[str, str, str]]:
        found = await store.series([indicator], [region(store)], as_of=day)
        assert found == await store.in_period([Period.year(2023)], [region(store)], as_of=day)
        assert found == await store.across(indicator, as_of=day)
        return [
            (str(each.value), str(each.target and each.target.value), each.published.isoformat())
            for each in found
        ]

    assert await on(date(2024, 1, 9)) == []
    assert await on(date(2024, 1, 10)) == [("3.0", "5", "2024-01-10")]
    assert await on(date(2024, 3, 23)) == [("3.0", "5", "2024-01-10")]
    assert await on(date(2024, 3, 24)) == [("3.02", "5", "2024-03-24")]
    assert await on(date(2024, 6, 1)) == await on(None) == [("3.2", "6", "2024-06-01")]
    assert await store.periods(as_of=date(2024, 1, 9)) == ()
    assert await store.places() == {"Thái Nguyên": 1}
    async with reading(store.engine) as connection:
        assert await connection.scalar(text("SELECT count(*) FROM observation")) == 4


async def test_the_demonstration_comes_out_as_it_went_in(demo_store: Store) -> None:
    catalogue = demo_store.catalogue
    figures = await demo_store.series(list(catalogue.indicators.values()), [region(demo_store)])
    by = {(each.indicator.code, str(each.period)): each for each in figures}
    assert len(figures) == 41
    rank = by["xep-hang-cai-cach-hanh-chinh", "2022"]
    assert (rank.value, rank.of) == (12, 19)
    nearly = by["nguoi-co-cong-huong-tro-cap-hang-thang", "2023"]
    assert (nearly.value, nearly.qualifier) == (20000, Qualifier.NEARLY)
    assert str(by["kinh-phi-qua-tang-nguoi-co-cong", "2023"].value) == "34451.21"
    assert by["ho-so-tthc-da-giai-quyet", "2022-12-15/2023-12-14"].value == 15239
    plan = by["cai-nghien-phuc-hoi", "2024"]
    assert plan.value is None
    assert plan.target is not None
    assert (plan.target.op, plan.target.value, plan.source.code) == (Op.GE, 800, "ldxh-2024-03-24")
    assert [str(each) for each in await demo_store.periods()] == [
        "2021",
        "2022",
        "2022-12-15/2023-12-14",
        "2023",
        "2024",
    ]
    assert await demo_store.periods([region(demo_store, "Hà Nội")]) == ()
    assert await demo_store.places() == {"Thái Nguyên": 37}
    assert [each.code for each in await demo_store.sources()] == ["ldxh-2024-03-24"]
    assert await demo_store.has_indicators()


async def test_the_catalogue_is_read_again_only_when_it_moved(store: Store, tmp_path: Path) -> None:
    before = store.catalogue
    assert await store.refresh() is before
    assert not await store.has_indicators()
    await loaded(store, tmp_path, "")
    assert store.catalogue is not before
    assert list(store.catalogue.indicators) == ["a", "b"]


# ---------------------------------------------------------------- places


async def test_provinces_before_and_since_the_first_of_july_2025(store: Store) -> None:
    units = [
        each for each in store.catalogue.regions.values() if each.level in ("province", "city")
    ]
    for day, count in ((date(2024, 12, 31), 63), (date(2025, 6, 30), 63), (date(2025, 7, 1), 34)):
        valid = [each for each in units if each.valid_on(day)]
        assert len(valid) == len({each.name for each in valid}) == count
    for each in units:
        assert bool(each.valid_to) == bool(each.successors), each.key
        for key in each.successors:
            became = store.catalogue.regions[key]
            assert each.valid_to is not None
            assert became.valid_from is not None
            assert (became.valid_from - each.valid_to).days == 1, each.key
        assert each.parent in store.catalogue.regions
    assert region(store, "Bắc Kạn").successors == ("Thái Nguyên@2025-07-01",)
    assert [each.key for each in store.catalogue.namesakes("Thái Nguyên")] == [
        "Thái Nguyên",
        "Thái Nguyên@2025-07-01",
    ]
    by_level = [each.level for each in store.catalogue.regions.values()]
    assert (by_level.count("country"), by_level.count("region")) == (1, 6)


def test_another_edition_of_the_shipped_files_has_another_number() -> None:
    """When this fails, the files changed: raise SHIPPED, and write the new digest here."""
    import hashlib

    from db.importer import SHIPPED_FILES
    from db.shipped import SHIPPED

    digest = hashlib.sha256(b"".join(path.read_bytes() for path in SHIPPED_FILES)).hexdigest()
    assert (SHIPPED, digest[:12]) == (2, "570ee9e3dc0f")


async def test_an_older_edition_is_brought_up_to_date(store: Store) -> None:
    async with writing(store.engine) as connection:
        await connection.execute(text("UPDATE catalogue SET shipped = 0, version = version + 1"))
        await connection.execute(
            text("UPDATE region SET aliases = '[\"nhà\"]' WHERE name = 'Cả nước'")
        )
        await connection.execute(text("DELETE FROM region_successor WHERE region = 'Bắc Kạn'"))
    from db.importer import ship

    await store.refresh()
    await ship(store)
    assert region(store, "Cả nước").aliases == (
        "nhà", "toàn quốc", "Việt Nam", "cả nước Việt Nam", "nước ta",
    )  # fmt: skip
    assert region(store, "Bắc Kạn").successors == ("Thái Nguyên@2025-07-01",)
    assert len(store.catalogue.regions) == 94


# ---------------------------------------------------------------- rows that cannot be


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE observation SET qualifier = 'perhaps'",
        "UPDATE observation SET release = ''",
        "UPDATE observation SET basis = 'guessed'",
        "UPDATE observation SET revision = 0",
        "UPDATE observation SET indicator = 999",
        "UPDATE observation SET source = 999",
        "UPDATE observation SET value = NULL",
        "UPDATE observation SET \"of\" = '10211' WHERE value = '10212'",  # 12th of 11
        "UPDATE observation SET \"of\" = '100' WHERE value = '10212'",
        "UPDATE target SET op = '<>'",
        "UPDATE target SET op = 'between'",
        "UPDATE target SET upper = '1012', upper_digits = 0",
        "UPDATE target SET op = 'between', upper = '100', upper_digits = 0",
        "UPDATE period SET \"end\" = '2000-01-01'",
        "UPDATE indicator SET decimals = 13",
        "UPDATE indicator SET better = 'sideways'",
        "UPDATE indicator SET parent = code",
        "UPDATE indicator SET code = 'ty-le-ho-ngheo'",
        "UPDATE indicator SET unit = 'sải'",
        "UPDATE region SET valid_to = '2025-06-30' WHERE valid_from = '2025-07-01'",
        "UPDATE unit SET kind = 'colour'",
        "INSERT INTO catalogue VALUES (2, 0, 0)",
    ],
)
async def test_a_wrong_row_is_impossible(demo_store: Store, change: str) -> None:
    with pytest.raises(StoreError) as refused:
        async with writing(demo_store.engine) as connection:
            await connection.execute(text(change))
    assert isinstance(refused.value.__cause__, IntegrityError)


# ---------------------------------------------------------------- opening


async def test_how_sqlite_is_set(tmp_path: Path) -> None:
    for opened, synchronous in ((open_figures, 1), (open_chats, 2)):
        engine = await opened(f"sqlite:///{tmp_path}/folder/x.db")
        async with engine.connect() as connection:
            for pragma, wanted in (
                ("journal_mode", "wal"),
                ("foreign_keys", 1),
                ("busy_timeout", 5000),
                ("synchronous", synchronous),
            ):
                assert await connection.scalar(text(f"PRAGMA {pragma}")) == wanted
        await engine.dispose()
    assert {each.name for each in (tmp_path / "folder").glob("*.db")} == {"x.db", "x-chats.db"}


def test_addresses() -> None:
    assert str(address("sqlite:///x.db")) == "sqlite+aiosqlite:///x.db"
    assert address("postgresql://a:b@c/d").drivername == "postgresql+asyncpg"
    assert address("postgres://a:b@c/d?sslmode=require").query == {"ssl": "require"}
    assert address(None).database == address(" ").database
    assert str(address(None).database).endswith("solieu.db")
    for wrong in (
        "no address",
        "mysql://a/b",
        "sqlite",
        "postgresql+psycopg://a/b",
        "postgresql://a:port/b",
    ):
        with pytest.raises(StoreError) as refused:
            address(wrong)
        assert refused.value.reason == "bad_url"


async def test_what_is_wrong_is_said_by_a_code(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("Đây không phải là cơ sở dữ liệu. " * 100, encoding="utf-8")
    (tmp_path / "folder.db").mkdir()
    (tmp_path / "file").write_text("")
    for name, reason in (
        ("text.db", "not_a_database"),
        ("folder.db", "unreadable"),
        ("file/x.db", "unreadable"),
    ):
        with pytest.raises(StoreError) as refused:
            await Store.open(f"sqlite:///{tmp_path}/{name}")
        assert refused.value.reason == reason, refused.value


async def test_readers_do_not_wait_for_a_writer(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    store = await Store.open(url)
    await loaded(store, tmp_path, "a,Thái Nguyên,2023,1,,,,,,,,\n")
    other = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute("UPDATE indicator SET name = 'Khác'")
    async with asyncio.timeout(2):
        assert (await store.refresh()).indicators["a"].name == "Một"
        assert len(await store.series([store.catalogue.indicators["a"]], [region(store)])) == 1
        second = await Store.open(url)
    other.execute("ROLLBACK")
    other.close()
    await second.close()
    await store.close()


async def test_a_load_waits_for_another_writer(tmp_path: Path) -> None:
    store = await Store.open(f"sqlite:///{tmp_path}/x.db")
    other = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    task = asyncio.create_task(loaded(store, tmp_path, "a,Thái Nguyên,2023,1,,,,,,,,\n"))
    await asyncio.sleep(0.3)
    assert not task.done()
    other.execute("ROLLBACK")
    other.close()
    await task
    assert await store.places() == {"Thái Nguyên": 1}
    await store.close()


def test_a_current_store_needs_no_alembic(tmp_path: Path) -> None:
    """Alembic takes longer to import than a question to answer."""
    code = (
        "import asyncio, sys\n"
        "from db.store import Store\n"
        "async def ask():\n"
        "    store = await Store.open(sys.argv[1])\n"
        "    every = store.catalogue\n"
        "    await store.series(list(every.indicators.values()), list(every.regions.values()))\n"
        "    await store.close()\n"
        "asyncio.run(ask())\n"
        "print(*[name for name in ('alembic', 'db.importer', 'db.chats', 'asyncpg') if name in sys.modules])\n"
    )
    url = f"sqlite:///{tmp_path}/x.db"
    for imported in (b"alembic db.importer", b""):
        done = subprocess.run(
            [sys.executable, "-c", code, url], capture_output=True, check=True, timeout=60
        )
        assert done.stdout.split() == imported.split(), done


# ---------------------------------------------------------------- what came when


async def test_knows_what_came_since_a_watermark(store: Store, tmp_path: Path) -> None:
    await what_came(store, tmp_path)


async def test_knows_what_came_since_a_watermark_on_postgresql(
    postgres: str, tmp_path: Path
) -> None:
    store = await Store.open(postgres)
    await what_came(store, tmp_path)
    await store.close()


async def what_came(store: Store, place: Path) -> None:
    assert await store.watermark() == 0
    await loaded(
        store,
        place,
        "a,Thái Nguyên,2022,4.35,,,,,,,2023-01-10,\na,Thái Nguyên,2023,,,,<=,3,,,2023-01-10,\n",
    )
    first = await store.watermark()
    await loaded(
        store,
        place,
        "a,Thái Nguyên,2022,4.30,,,,,,,2023-06-01,\na,Thái Nguyên,2023,3.02,,,<=,3.5,,,2024-01-10,\n",
    )
    second = await store.watermark()
    assert second > first > 0
    one, there = store.catalogue.indicators["a"], region(store)

    async def known(watermark: int | None) -> list[tuple[str, str | None, str | None]]:
        figures = await store.series([one], [there], watermark=watermark)
        return [
            (str(each.period), each.value and str(each.value), each.target and str(each.target.value)) for each in figures
        ]  # fmt: skip

    assert await known(first) == [("2022", "4.35", None), ("2023", None, "3")]
    assert (
        await known(second)
        == await known(None)
        == [("2022", "4.30", None), ("2023", "3.02", "3.5")]
    )
    assert await known(0) == []
    assert [(str(each.period), each.asked, each.load) for each in await store.vintages(first)] == [
        ("2022", False, second),
        ("2023", False, second),
        ("2023", True, second),
    ]
    assert await store.vintages(second) == ()
    every = await store.vintages(0)
    assert len({each.key for each in every}) == len(every) == 5
    assert await store.vintages(0, first) == every[:2]
    assert await store.first_published([one], [there]) == {
        ("a", "Thái Nguyên"): {
            Period.year(2022): date(2023, 1, 10),
            Period.year(2023): date(2024, 1, 10),
        }
    }
    assert await store.first_published([one], [there], date(2023, 12, 31)) == {
        ("a", "Thái Nguyên"): {Period.year(2022): date(2023, 1, 10)}
    }
