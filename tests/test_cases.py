"""Tables of what must be read and how figures must stand: examples beside their meaning, in tests/cases."""

from __future__ import annotations

import asyncio
import random
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from db.facts import (
    Better,
    Catalogue,
    Figure,
    Indicator,
    Op,
    OverYear,
    Period,
    Qualifier,
    Region,
    Source,
    Target,
    Unit,
    UnitKind,
)
from db.importer import DEMONSTRATION, load
from db.store import Store
from db.ties import DIGITS, LENGTH, LETTERS, mixed
from handlers.linking import Linking
from handlers.reading import Reader
from handlers.reading.indicators import Names
from handlers.reading.periods import PeriodReader
from handlers.subscribing import Facets
from handlers.verdict import attainment, status
from locales.vocabulary import vocabulary

CASES = Path(__file__).parent / "cases"


def table(name: str) -> dict[str, Any]:
    return tomllib.loads((CASES / f"{name}.toml").read_text(encoding="utf-8"))


def periods() -> Iterator[Any]:
    data = table("periods")
    for case in data["case"]:
        for text in case["text"]:
            yield pytest.param(text, case, case.get("today", data["today"]), id=text)


async def _catalogue() -> Catalogue:
    store = await Store.open("sqlite+aiosqlite:///:memory:")
    await load(store, DEMONSTRATION, date(2024, 3, 24))
    await store.close()
    return store.catalogue


@pytest.fixture(scope="module")
def names() -> Names:
    return Names.of(asyncio.run(_catalogue()), vocabulary())


@pytest.mark.parametrize(("text", "case", "today"), list(periods()))
def test_reads_periods(names: Names, text: str, case: dict[str, Any], today: date) -> None:
    read = PeriodReader(vocabulary()).read(names.repairer.words(text), today)
    if "period" in case:
        assert [str(period) for period in read.periods] == case["period"]
    told = {name: case[name] for name in case.keys() - {"text", "period", "today", "unreadable"}}
    assert {name: getattr(read, name, getattr(read.against, name, None)) for name in told} == told
    assert len(read.unreadable) == case.get("unreadable", 0)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(asyncio.run(_catalogue()), vocabulary())


def wishes() -> Iterator[Any]:
    for case in table("wishes")["case"]:
        for text in case["text"]:
            yield pytest.param(text, case, id=f"{'… ' if case.get('talk') else ''}{text}")


def said(facets: Facets) -> dict[str, Any]:
    """The facets that were said, as the table writes them; which thing is spoken of goes without saying."""
    out: dict[str, Any] = {}
    for each in fields(facets):
        value = getattr(facets, each.name)
        if isinstance(value, time):
            out[each.name] = f"{value:%H:%M}"
        elif isinstance(value, frozenset):
            out[each.name] = sorted(value)
        elif isinstance(value, tuple):
            out[each.name] = [getattr(one, "code", getattr(one, "name", one)) for one in value]
        elif value is False and each.name not in ("full", "chart", "workbook"):
            continue
        else:
            out[each.name] = value
    return {
        name: value
        for name, value in out.items()
        if value is not None and value != [] and name != "digest"
    }


@pytest.mark.parametrize(("text", "case"), list(wishes()))
def test_reads_wishes(reader: Reader, text: str, case: dict[str, Any]) -> None:
    errand = reader.read(text, date(2026, 11, 24), subscribing=case.get("talk", False)).errand
    if case["act"] == "none":
        assert errand is None
        return
    assert errand is not None
    assert (errand.act, errand.mood) == (case["act"], case.get("mood", "request"))
    for part, facets in (("to", errand.to), ("which", errand.which)):
        if part in case or not case.get("loose"):
            assert said(facets) == case.get(part, {}), part
    assert errand.joining == case.get("joining", "only")
    assert errand.target == case.get("target", "")


def linkings() -> Iterator[Any]:
    for case in table("accounts")["case"]:
        for text in case["text"]:
            yield pytest.param(text, case, id=f"{'… ' if case.get('catalogue') else ''}{text}")


@pytest.mark.parametrize(("text", "case"), list(linkings()))
def test_reads_what_is_said_of_accounts(reader: Reader, text: str, case: dict[str, Any]) -> None:
    if names := case.get("catalogue"):
        unit = Unit("chuỗi", UnitKind.COUNT)
        known = {
            f"i{number}": Indicator(f"i{number}", name, unit) for number, name in enumerate(names)
        }
        reader = Reader(Catalogue(indicators=known), vocabulary())
    read = reader.read(text, date(2026, 11, 24))
    if case["act"] == "none":
        assert read.linking is None
        return
    assert read.wants == "account"
    assert read.linking is not None
    assert (read.linking.act, read.linking.code, read.linking.channel) == (
        case["act"],
        case.get("code", ""),
        case.get("channel", ""),
    )


def test_reads_every_code_behind_its_word_and_nearly_every_one_alone(reader: Reader) -> None:
    """Alone, one that happens to be short for an indicator ("GN2CCC": giảm nghèo) is taken for that."""
    chance = random.Random(1)
    drawn = ("".join(chance.choices(LETTERS + DIGITS, k=LENGTH)).lower() for _ in range(400))
    codes = [code for code in drawn if mixed(code.upper())]
    alone = 0
    for code in codes:
        assert reader.read(f"liên kết {code}", date(2026, 11, 24)).linking == Linking(
            "link", code.upper()
        )
        read = reader.read(code, date(2026, 11, 24))
        alone += read.linking == Linking("link", code.upper(), explicit=False)
        assert read.linking or read.wants
    assert alone > 0.95 * len(codes)


KINDS = {
    "%": UnitKind.SHARE,
    "điểm phần trăm": UnitKind.SHARE,
    "người": UnitKind.COUNT,
    "triệu đồng": UnitKind.MONEY,
    "tỷ đồng": UnitKind.MONEY,
    "điểm": UnitKind.INDEX,
}


def figure(case: dict[str, Any]) -> Figure:
    source = Source("a report")
    period = Period.parse(case.get("period", "2023"))
    unit = Unit(case["unit"], KINDS[case["unit"]])
    indicator = Indicator(
        "x",
        "X",
        unit,
        better=Better(case["better"]),
        over_year=OverYear(case.get("over_year", "annual")),
    )
    target = None
    if "target" in case:
        op, _, value = case["target"].partition(" ")
        low, _, high = value.partition("..")
        target = Target(
            Op(op),
            Decimal(low),
            Period.parse(case.get("target_period", str(period))),
            source,
            date(2024, 3, 24),
            Decimal(high) if high else None,
        )
    value = Decimal(case["value"]) if "value" in case else None
    qualifier = Qualifier(case["qualifier"]) if "qualifier" in case else None
    return Figure(
        indicator,
        Region("Thái Nguyên", "province"),
        period,
        value,
        source,
        date(2024, 3, 24),
        qualifier=qualifier,
        target=target,
    )


@pytest.mark.parametrize(
    "case", table("verdicts")["case"], ids=lambda case: case.get("because", str(case.get("value")))
)
def test_holds_results_against_targets(case: dict[str, Any]) -> None:
    held = figure(case)
    assert status(held).value == case["status"]
    attained = attainment(held)
    assert (None if attained is None else str(attained)) == case.get("attained")
