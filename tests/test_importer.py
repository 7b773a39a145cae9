"""A folder becomes part of the store whole or not at all, and every bad line is named."""

from __future__ import annotations

import csv
import shutil
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.engine import reading
from db.facts import Catalogue, Figure, OverYear, Period, Release, Unit, UnitKind
from db.folder import kind_of_unit, read_folder
from db.importer import DEMONSTRATION, Loaded, LoadRefused, Wanted, load
from db.store import Store
from handlers.say import say_in

TODAY = date(2024, 6, 1)
INDICATORS = "code,name_vi,unit,decimals,better,parent,category,aliases\n"
OBSERVATIONS = "indicator,region,period,value,of,qualifier,target_op,target_value,basis,source,published,note\n"
FILES = ["categories", "indicators", "sources", "regions", "observations"]
A = "a,Tỷ lệ A,%,2,up,,,\n"


def folder(place: Path, **files: str | bytes) -> Path:
    """A folder with these files, by their names without the ending."""
    place.mkdir(exist_ok=True)
    for name, text in files.items():
        (place / f"{name}.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return place


async def problems(store: Store, place: Path) -> list[tuple[str, int, str, str, Wanted]]:
    """What a load is refused for; nothing of it is stored then."""
    version = (await store.refresh()).version
    with pytest.raises(LoadRefused) as refused:
        await load(store, place, TODAY)
    assert (await store.refresh()).version == version
    assert refused.value.count == len(refused.value.problems)
    return [
        (each.file.removesuffix(".csv"), each.line, each.column, each.found, each.wanted)
        for each in refused.value.problems
    ]


async def figures(store: Store, code: str = "a", as_of: date | None = None) -> tuple[Figure, ...]:
    return await store.series(
        [store.catalogue.indicators[code]], list(store.catalogue.regions.values()), as_of
    )


# ---------------------------------------------------------------- whole


async def test_loads_the_demonstration_once(store: Store) -> None:
    first = await load(store, DEMONSTRATION, date(2024, 3, 24))
    version = store.catalogue.version
    assert first == Loaded(indicators=33, observations=37, targets=10, new=47)
    assert await load(store, DEMONSTRATION, date(2024, 3, 25)) == Loaded(
        indicators=33, observations=37, targets=10
    )
    assert store.catalogue.version == version
    with (DEMONSTRATION / "indicators.csv").open(encoding="utf-8", newline="") as file:
        assert [row["code"] for row in csv.DictReader(file)] == list(store.catalogue.indicators)


async def test_a_changed_value_adds_a_vintage(store: Store, tmp_path: Path) -> None:
    changed = shutil.copytree(DEMONSTRATION, tmp_path / "changed")
    text = (changed / "observations.csv").read_text(encoding="utf-8")
    text = text.replace(
        "2023,3.02,,,,,stated,ldxh-2024-03-24,2024-03-24",
        "2023,3.00,,,,,stated,ldxh-2024-03-24,2024-04-02",
    )
    (changed / "observations.csv").write_text(text, encoding="utf-8")
    await load(store, DEMONSTRATION, TODAY)
    assert await load(store, changed, TODAY) == Loaded(
        indicators=33, observations=37, targets=10, changed=1
    )
    version = store.catalogue.version
    # The first folder once more: what it says of its own day stands there already.
    assert (await load(store, DEMONSTRATION, TODAY)).unchanged == 47
    assert (await load(store, changed, TODAY)).unchanged == 47
    assert store.catalogue.version == version
    assert [str(each.value) for each in await figures(store, "ty-le-ho-ngheo")] == ["4.35", "3.00"]
    assert [
        str(each.value) for each in await figures(store, "ty-le-ho-ngheo", date(2024, 4, 1))
    ] == ["4.35", "3.02"]


@pytest.mark.parametrize(
    "field", ["value", "qualifier", "status", "basis", "source", "target_value", "digits", "note"]
)
async def test_each_part_of_a_row_counts(store: Store, tmp_path: Path, field: str) -> None:
    head = (
        "indicator,region,period,value,qualifier,target_op,target_value,basis,note,status,source\n"
    )
    was = {
        "value": "5.0",
        "qualifier": "",
        "target_value": "4",
        "basis": "stated",
        "status": "official",
        "source": "Báo cáo",
        "note": "x",
    }
    now = {
        "value": "5.1",
        "qualifier": "about",
        "target_value": "3",
        "basis": "derived",
        "status": "estimate",
        "source": "Niên giám",
        "note": "y",
    }
    other = {**was, "value": "5.00"} if field == "digits" else {**was, field: now[field]}
    row = "a,Thái Nguyên,2023,{value},{qualifier},>=,{target_value},{basis},{note},{status},{source}\n"
    await load(
        store,
        folder(tmp_path / "x", indicators=INDICATORS + A, observations=head + row.format(**was)),
        TODAY,
    )
    first = {"source": 2, "note": 0}.get(
        field, 1
    )  # both the result and the target cite; nobody is shown a note
    for today, changed in ((TODAY, first), (TODAY, 0), (date(2024, 7, 1), 0)):
        place = folder(tmp_path / "y", observations=head + row.format(**other))
        assert (await load(store, place, today)).changed == changed
    (figure,) = await figures(store)
    assert figure.published == TODAY
    assert figure.source.title == other["source"]


async def test_a_value_without_a_day_is_compared_with_what_counts_today(
    store: Store, tmp_path: Path
) -> None:
    row = "a,Thái Nguyên,2023,{},,,,,,,{},\n"
    later = folder(
        tmp_path / "later",
        indicators=INDICATORS + A,
        observations=OBSERVATIONS + row.format(2, "2030-01-01"),
    )
    plain = folder(tmp_path / "plain", observations=OBSERVATIONS + row.format(1, ""))
    await load(store, later, TODAY)
    assert (await load(store, plain, TODAY)).changed == 1
    assert (await load(store, plain, TODAY)).changed == 0
    assert [(each.value, each.published) for each in await figures(store, as_of=TODAY)] == [
        (1, TODAY)
    ]


async def test_a_plan_may_come_before_its_result(store: Store, tmp_path: Path) -> None:
    plan = folder(
        tmp_path / "plan",
        indicators=INDICATORS + A,
        observations=OBSERVATIONS + "a,Thái Nguyên,2024,,,,>=,5,,,2024-01-01,\n",
    )
    assert await load(store, plan, TODAY) == Loaded(indicators=1, targets=1, new=1)
    result = folder(
        tmp_path / "result", observations=OBSERVATIONS + "a,Thái Nguyên,2024,6,,,,,,,2025-01-05,\n"
    )
    assert await load(store, result, TODAY) == Loaded(observations=1, new=1)
    (figure,) = await figures(store)
    assert figure.value == 6
    assert figure.target is not None
    assert figure.target.value == 5


async def test_optional_columns_and_their_defaults(store: Store, tmp_path: Path) -> None:
    place = folder(
        tmp_path / "x",
        indicators="code,name_vi,unit,decimals,better,parent,category,aliases,definition,over_year\n"
        "a,Tỷ lệ A,%,,,,,một| hai |,Là gì,cumulative\nb,B,sải,0,none,a,,,,\n",
        observations="note,basis,target_value,target_op,qualifier,value,period,region,indicator\n"
        "x,,,,,7,2023,Thái Nguyên,a\n\n,,,,,8,2024,Thái Nguyên,a\n,,,,,,,,\n",
        sources="code,title,publisher,published\n",
    )
    await load(store, place, TODAY)
    a, b = store.catalogue.indicators.values()
    assert (a.aliases, a.definition, a.over_year, a.decimals) == (
        ("một", "hai"),
        "Là gì",
        OverYear.CUMULATIVE,
        0,
    )
    assert (b.over_year, b.unit, b.parent) == (OverYear.ANNUAL, Unit("sải", UnitKind.COUNT), "a")
    first, second = await figures(store)
    assert (first.release, first.source.title, first.published, second.value) == (
        Release.OFFICIAL,
        "",
        TODAY,
        8,
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: b"\xef\xbb\xbf" + raw,
        lambda raw: raw.replace(b"\n", b"\r\n"),
        lambda raw: raw.replace("Thái Nguyên".encode(), "Thái Nguyên".encode()),  # decomposed
        lambda raw: raw.replace("Thái Nguyên".encode(), "\u00a0Thái  Nguyên ".encode()),
        lambda raw: raw.rstrip(b"\n"),
    ],
)
async def test_the_same_however_it_was_saved(store: Store, tmp_path: Path, change: Any) -> None:
    place = shutil.copytree(DEMONSTRATION, tmp_path / "x")
    await load(store, DEMONSTRATION, TODAY)
    for path in place.glob("*.csv"):
        path.write_bytes(change(path.read_bytes()))
    assert (await load(store, place, TODAY)).unchanged == 47


async def test_an_indicator_is_told_anew(store: Store, tmp_path: Path) -> None:
    """Its row is brought up to date and keeps its figures, and its place in the catalogue."""
    rows = OBSERVATIONS + "a,Thái Nguyên,2023,1,,,,,,,,\n"
    await load(
        store,
        folder(tmp_path / "x", indicators=INDICATORS + A + "b,B,%,0,up,,,\n", observations=rows),
        TODAY,
    )
    place = folder(
        tmp_path / "y", indicators=INDICATORS + "c,C,%,0,up,,,\na,Tên mới,người,0,down,b,,x|y\n"
    )
    assert await load(store, place, TODAY) == Loaded(indicators=2)
    assert list(store.catalogue.indicators) == ["a", "b", "c"]
    a = store.catalogue.indicators["a"]
    assert (a.name, a.unit.kind, a.parent, a.aliases) == (
        "Tên mới",
        UnitKind.COUNT,
        "b",
        ("x", "y"),
    )
    assert [each.value for each in await figures(store)] == [1]


# ---------------------------------------------------------------- places


@pytest.mark.parametrize(
    ("region", "period", "value", "key"),
    [
        ("Thái Nguyên", "2024", "1", "Thái Nguyên"),
        ("Thái Nguyên", "2025-S1", "1", "Thái Nguyên"),
        ("Thái Nguyên", "2025", "1", "Thái Nguyên@2025-07-01"),
        ("Thái Nguyên", "2025", "", "Thái Nguyên"),  # a plan is given to the unit of its first day
        ("Thái Nguyên", "2026", "", "Thái Nguyên@2025-07-01"),
        ("Thái Nguyên@2025-07-01", "2023", "1", "Thái Nguyên@2025-07-01"),
        ("Hà Nội", "2026", "1", "Hà Nội"),
        ("Huế", "2020", "1", "Thừa Thiên Huế"),
        ("Huế", "2026", "1", "Huế@2025-01-01"),
        ("TP.HCM", "2023", "1", "Thành phố Hồ Chí Minh"),
        ("TP.HCM", "2026", "1", "Thành phố Hồ Chí Minh@2025-07-01"),
        ("Cả nước", "2023", "1", "Cả nước"),
        ("Bắc Kạn", "2026", "1", Wanted.REGION_THEN),
        ("Huế@2020-01-01", "2023", "1", Wanted.REGION),
        ("thái nguyên", "2023", "1", Wanted.REGION),
        ("", "2023", "1", Wanted.REGION),
    ],
)
async def test_which_unit_a_name_means(
    store: Store, tmp_path: Path, region: str, period: str, value: str, key: str | Wanted
) -> None:
    place = folder(
        tmp_path / "x",
        indicators=INDICATORS + A,
        observations=f"{OBSERVATIONS}a,{region},{period},{value},,,>=,1,,,,\n",
    )
    if isinstance(key, Wanted):
        assert await problems(store, place) == [("observations", 2, "region", region, key)]
    else:
        await load(store, place, TODAY)
        assert [each.region.key for each in await figures(store)] == [key]


async def test_places_beyond_those_that_are_shipped(store: Store, tmp_path: Path) -> None:
    place = folder(
        tmp_path / "x",
        indicators=INDICATORS + A,
        regions="name,level,parent,aliases,valid_from,valid_to\n"
        "Xã Hai,commune,Huyện Một,,2020-01-01,\n"  # before its parent
        "Huyện Một,district,Thái Nguyên,H1|H.Một,,2025-06-30\n"
        "Xã Một,commune,Thái Nguyên,,2025-07-01,\n"
        "Huế,city,,Cố đô,,\n",
        observations=OBSERVATIONS + "a,H1,2023,1,,,,,,,,\na,Xã Hai,2023,1,,,,,,,,\n",
    )
    await load(store, place, TODAY)
    regions = store.catalogue.regions
    assert regions["Xã Hai@2020-01-01"].parent == "Huyện Một"
    assert regions["Huyện Một"].parent == "Thái Nguyên"
    assert regions["Xã Một@2025-07-01"].parent == "Thái Nguyên@2025-07-01"
    assert regions["Huế@2025-01-01"].aliases == ("Cố đô",)
    assert len(regions) == 97
    version = store.catalogue.version
    await load(store, place, TODAY)
    assert store.catalogue.version == version


# ---------------------------------------------------------------- units


@pytest.mark.parametrize(
    ("unit", "kind"),
    [
        ("%", "share"), ("‰", "share"), ("% GRDP", "share"), ("triệu đồng/người", "money"), ("nghìn đồng", "money"),
        ("triệu USD", "money"), ("hợp đồng", "count"), ("lượt", "count"), ("con", "count"),
    ],
)  # fmt: skip
def test_what_kind_of_value_a_unit_makes(unit: str, kind: str) -> None:
    assert kind_of_unit(unit) == kind


# ---------------------------------------------------------------- or not at all


async def test_names_every_bad_line_at_once(store: Store, tmp_path: Path) -> None:
    place = folder(
        tmp_path / "x",
        categories="code,name_vi,aliases\nc,,\nc,C,\n",
        indicators=INDICATORS + "a,A,%,2,up,,c,\na,A,,13,sideways,,d,\n"
        "b,B,%,x,up,nowhere,,\ne,E,%,0,up,f,,\nf,F,%,0,up,e,,\ng,G,%,0,up,g,,\nh,H,hạng,0,down,,,\n",
        sources="code,title,publisher,published\ns,,,24/3/2024\n",
        observations=OBSERVATIONS
        + "a,Thái Nguyên,2023,1,,,,,stated,s,2024-03-24,\n"
        + "z,Atlantis,Q1/2023,\"3,02\",,often,!=,,guessed,s,2024-02-30,\n"
        + "a,Thái Nguyên,2023,,,,,,,,,\n"
        + "h,Thái Nguyên,2023,12,11,,,,,,,\n"
        + "h,Thái Nguyên,2023,1.5,3,,,,,,,\n"
        + "h,Thái Nguyên,2023,1,0,,,,,,,\n"
        + "a,Thái Nguyên,2023,,19,,,,,,,\n"
        + "a,Thái Nguyên,2023,,,,>=,,,,,\n"
        + "a,Thái Nguyên,2023,1,,,,5,,,,\n"
        + "a,Thái Nguyên,2023,,,,between,5..3,,,,\n"
        + "a,Thái Nguyên,2023,,,,between,5,,,,\n"
        + "a,Thái Nguyên,2023,,,,<,5..6,,,,\n"
        + "a,Thái Nguyên,2023,2,,,,,stated,s,2024-03-24,\n"
        + "a,Thái Nguyên,2023,1,,,,,stated,s,2024-03-24,\n"  # the same again is none
        + "a,Thái Nguyên,2023\n",
    )  # fmt: skip
    found = await problems(store, place)
    assert [each[:2] for each in found] == sorted(
        (each[:2] for each in found), key=lambda each: (FILES.index(each[0]), each[1])
    )
    assert sorted(found) == sorted([
        ("categories", 2, "name_vi", "", Wanted.TEXT),
        ("categories", 3, "code", "c", Wanted.NEW_CODE),
        ("indicators", 3, "code", "a", Wanted.NEW_CODE),
        ("indicators", 3, "category", "d", Wanted.CATEGORY),
        ("indicators", 3, "unit", "", Wanted.TEXT),
        ("indicators", 3, "decimals", "13", Wanted.DECIMALS),
        ("indicators", 3, "better", "sideways", Wanted.BETTER),
        ("indicators", 4, "decimals", "x", Wanted.DECIMALS),
        ("indicators", 4, "parent", "nowhere", Wanted.PARENT),
        ("indicators", 5, "parent", "f", Wanted.NO_CIRCLE),
        ("indicators", 6, "parent", "e", Wanted.NO_CIRCLE),
        ("indicators", 7, "parent", "g", Wanted.NO_CIRCLE),
        ("sources", 2, "title", "", Wanted.TEXT),
        ("sources", 2, "published", "24/3/2024", Wanted.DAY),
        ("observations", 3, "indicator", "z", Wanted.INDICATOR),
        ("observations", 3, "region", "Atlantis", Wanted.REGION),
        ("observations", 3, "period", "Q1/2023", Wanted.PERIOD),
        ("observations", 3, "value", "3,02", Wanted.NUMBER),
        ("observations", 3, "qualifier", "often", Wanted.QUALIFIER),
        ("observations", 3, "target_op", "!=", Wanted.OP),
        ("observations", 3, "basis", "guessed", Wanted.BASIS),
        ("observations", 3, "published", "2024-02-30", Wanted.DAY),
        ("observations", 4, "value", "", Wanted.VALUE_OR_TARGET),
        ("observations", 5, "value", "12/11", Wanted.RANK),
        ("observations", 6, "value", "1.5/3", Wanted.RANK),
        ("observations", 7, "of", "0", Wanted.RANK),
        ("observations", 8, "value", "", Wanted.VALUE),
        ("observations", 9, "target_value", "", Wanted.TARGET_VALUE),
        ("observations", 10, "target_op", "", Wanted.OP),
        ("observations", 11, "target_value", "5..3", Wanted.RANGE),
        ("observations", 12, "target_value", "5", Wanted.RANGE),
        ("observations", 13, "target_value", "5..6", Wanted.NUMBER),
        ("observations", 14, "value", "2", Wanted.NEW_ROW),
        ("observations", 16, "", "3 ≠ 12", Wanted.AS_MANY_CELLS),
    ])  # fmt: skip


async def test_only_ranks_are_out_of_so_many(store: Store, tmp_path: Path) -> None:
    """1,234 typed with a comma is no first place of 234; of a unit that nobody knows it cannot be told."""
    units = (("d", "con"), ("t", "triệu đồng"), ("p", "%"), ("h", "hạng"), ("v", "vị trí"))
    made = INDICATORS + "".join(f"{code},{code.upper()},{unit},0,none,,,\n" for code, unit in units)
    rows = "".join(f"{code},Thái Nguyên,2023,1,234,,,,,,,\n" for code, _ in units)
    refused = await problems(
        store, folder(tmp_path / "x", indicators=made, observations=OBSERVATIONS + rows)
    )
    assert refused == [("observations", line, "of", "234", Wanted.UNRANKED) for line in (2, 3, 4)]
    kept = OBSERVATIONS + "".join(rows.splitlines(keepends=True)[3:])
    await load(store, folder(tmp_path / "y", indicators=made, observations=kept), date(2024, 3, 24))
    say = say_in("vi")
    year = Period.year(2023)
    said = {
        each.indicator.code: say.figure(each)
        for each in await store.in_period([year], list(store.catalogue.regions.values()))
    }
    assert said == {"h": "thứ 1/234", "v": "1/234 vị trí"}


@pytest.mark.parametrize(
    ("wanted", "values"),
    [
        (
            Wanted.NUMBER,
            [
                "1.000,5",
                "1 000",
                "NaN",
                "Infinity",
                "1e5",
                "+1",
                ".5",
                "5.",
                "007",
                "٣",
                "−1",
                "12%",
                "--1",
                "1_000",
            ],
        ),
        (Wanted.FEW_DIGITS, ["1" * 31, "0." + "1" * 30]),
    ],
)
async def test_what_is_no_number(
    store: Store, tmp_path: Path, wanted: Wanted, values: list[str]
) -> None:
    rows = "".join(f'a,Thái Nguyên,2023,"{value}",,,,,,,,\n' for value in values)
    place = folder(tmp_path / "x", indicators=INDICATORS + A, observations=OBSERVATIONS + rows)
    assert await problems(store, place) == [
        ("observations", line, "value", value, wanted) for line, value in enumerate(values, 2)
    ]


@pytest.mark.parametrize(
    "period",
    [
        "",
        "23",
        "2023-13",
        "2023-05-01",
        "9999",
        "0001",
        "2023/2022",
        "quý 1/2023",
        "２０２３",
        "2023-Q1/",
    ],
)
async def test_what_is_no_period(store: Store, tmp_path: Path, period: str) -> None:
    place = folder(
        tmp_path / "x",
        indicators=INDICATORS + A,
        observations=f"{OBSERVATIONS}a,Thái Nguyên,{period},1,,,,,,,,\n",
    )
    assert await problems(store, place) == [("observations", 2, "period", period, Wanted.PERIOD)]


REGIONS = """name,level,parent,aliases,valid_from,valid_to
Huyện X,district,Nowhere,,2024-01-01,2023-01-01
Xã Y,,,,,
Xã Y,commune,,,,
Thái Nguyên,province,Thái Nguyên,,2025-06-01,
Huyện A,district,Huyện B,,,
Huyện B,district,Huyện A,,,
"""


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({}, [("indicators", 0, "", "", Wanted.FILE)]),
        ({"indicators": ""}, [("indicators", 1, "", "", Wanted.HEADER)]),
        ({"indicators": "\n\n"}, [("indicators", 1, "", "", Wanted.HEADER)]),
        ({"indicators": INDICATORS.replace("unit,", "")}, [("indicators", 1, "unit", "", Wanted.COLUMN)]),
        ({"indicators": "note," + INDICATORS}, [("indicators", 1, "note", "note", Wanted.KNOWN_COLUMN)]),
        ({"indicators": "code," + INDICATORS}, [("indicators", 1, "code", "code", Wanted.COLUMN_ONCE)]),
        ({"indicators": INDICATORS + 'a,"A\nB,%,2,up,,,\n'}, [("indicators", 2, "", "unexpected end of data", Wanted.CSV)]),
        ({"indicators": INDICATORS.encode() + b"a,T\xfd,%,2,up,,,\nb,\xff,%,2,up,,,\n"},
         [("indicators", 2, "", "fd 2c 25 2c", Wanted.UTF8), ("indicators", 3, "", "ff 2c 25 2c", Wanted.UTF8)]),
        ({"indicators": INDICATORS + "a,A\0B,%,2,up,,,\n"}, [("indicators", 2, "", "\\x00", Wanted.NO_NUL)]),
        ({"indicators": INDICATORS + "a,A\u202eB,%,2,up,,,\n"}, [("indicators", 2, "name_vi", "A\u202eB", Wanted.PRINTABLE)]),
        ({"indicators": INDICATORS + A, "regions": REGIONS},
         [("regions", 2, "valid_to", "2023-01-01", Wanted.LATER_DAY), ("regions", 2, "parent", "Nowhere", Wanted.PARENT),
          ("regions", 3, "level", "", Wanted.TEXT), ("regions", 4, "name", "Xã Y", Wanted.NEW_CODE),
          ("regions", 5, "name", "Thái Nguyên@2025-06-01", Wanted.REGION_APART),
          ("regions", 6, "parent", "Huyện B", Wanted.NO_CIRCLE), ("regions", 7, "parent", "Huyện A", Wanted.NO_CIRCLE)]),
    ],
)  # fmt: skip
async def test_what_is_wrong_with_a_file(
    store: Store,
    tmp_path: Path,
    files: dict[str, str | bytes],
    found: list[tuple[str, int, str, str, Wanted]],
) -> None:
    assert await problems(store, folder(tmp_path / "x", **files)) == found


async def test_a_folder_of_other_things(demo_store: Store, tmp_path: Path) -> None:
    assert await problems(demo_store, folder(tmp_path / "x", letters="a,b\n")) == [
        ("indicators", 0, "", "", Wanted.FILE)
    ]


async def test_a_folder_that_is_not_there(store: Store, tmp_path: Path) -> None:
    assert await problems(store, tmp_path / "none") == [
        (str(tmp_path / "none"), 0, "", "", Wanted.FOLDER)
    ]


async def test_keeps_the_first_thousand_problems_and_counts_the_rest(
    store: Store, tmp_path: Path
) -> None:
    place = folder(
        tmp_path / "x",
        indicators=INDICATORS + A,
        observations=OBSERVATIONS + "b,Thái Nguyên,2023,1,,,,,,,,\n" * 1500,
    )
    with pytest.raises(LoadRefused) as refused:
        await load(store, place, TODAY)
    assert (len(refused.value.problems), refused.value.count) == (1000, 1500)


async def test_two_that_load_at_once_both_stand(tmp_path: Path) -> None:
    import asyncio

    url = f"sqlite:///{tmp_path}/x.db"
    one, other = await Store.open(url), await Store.open(url)
    first = folder(
        tmp_path / "one",
        indicators=INDICATORS + A,
        observations=OBSERVATIONS + "a,Thái Nguyên,2023,1,,,,,,,2024-01-01,\n",
    )
    second = folder(
        tmp_path / "other",
        indicators=INDICATORS + A,
        observations=OBSERVATIONS + "a,Thái Nguyên,2023,2,,,,,,,2024-02-01,\n",
    )
    loads = await asyncio.gather(load(one, first, TODAY), load(other, second, TODAY))
    assert sorted((each.new, each.changed) for each in loads) == [(0, 1), (1, 0)]
    await one.refresh()
    assert [each.value for each in await figures(one)] == [2]
    assert await one.places() == {"Thái Nguyên": 1}
    async with reading(one.engine) as connection:
        from sqlalchemy import text

        assert await connection.scalar(text("SELECT count(*) FROM observation")) == 2
    await one.close()
    await other.close()


CELLS = st.sampled_from(
    [
        "",
        ",",
        "a",
        "Thái Nguyên",
        "2023",
        "1",
        '"',
        '""',
        "\n",
        "\r",
        "\0",
        "|",
        "-",
        "..",
        ">=",
        "between",
        "\ufeff",
        "@",
        "=1+1",
        "9" * 40,
    ]
)


@given(
    st.dictionaries(
        st.sampled_from(FILES),
        st.one_of(st.binary(max_size=200), st.lists(CELLS, max_size=60).map("".join)),
    )
)
def test_whatever_lies_in_a_folder_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes | str]
) -> None:
    """Behind the right header, and without one."""
    heads = {
        "indicators": INDICATORS,
        "observations": OBSERVATIONS,
        "categories": "code,name_vi,aliases\n",
    }
    place = folder(tmp_path_factory.mktemp("x"), indicators=INDICATORS + A)
    for name, text in files.items():
        head = heads.get(name, "").encode()
        folder(place, **{name: head + (text if isinstance(text, bytes) else text.encode())})
    with suppress(LoadRefused):
        read_folder(place, Catalogue(), {})
