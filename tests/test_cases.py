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
from handlers.amounts import agrees
from handlers.linking import Linking
from handlers.question import Amount
from handlers.reading import Reader
from handlers.reading.naming.known import repairer_of
from handlers.reading.periods import PeriodReader
from handlers.reading.words import Repairer
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
def repairer() -> Repairer:
    return repairer_of(asyncio.run(_catalogue()), vocabulary())


@pytest.mark.parametrize(("text", "case", "today"), list(periods()))
def test_reads_periods(repairer: Repairer, text: str, case: dict[str, Any], today: date) -> None:
    read = PeriodReader(vocabulary()).read(repairer.words(text), today)
    if "period" in case:
        assert [str(period) for period in read.periods] == case["period"]
    told = {name: case[name] for name in case.keys() - {"text", "period", "today", "unreadable"}}
    assert {name: getattr(read, name, getattr(read.against, name, None)) for name in told} == told
    assert len(read.unreadable) == case.get("unreadable", 0)


def places() -> Iterator[Any]:
    for case in table("places")["case"]:
        for text in case["text"]:
            yield pytest.param(text, case, id=text)


@pytest.mark.parametrize(("text", "case"), list(places()))
def test_reads_places(reader: Reader, text: str, case: dict[str, Any]) -> None:
    read = reader.places.read(reader.namer.repairer.words(text))
    assert [region.name for region in read.regions] == case.get("regions", [])
    assert list(read.strangers) == case.get("strangers", [])
    assert list(read.possible) == case.get("possible", [])
    assert read.home == case.get("home", False)


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


def numbers() -> Iterator[Any]:
    for case in table("numbers")["case"]:
        for text in case["text"]:
            yield pytest.param(text, case, id=text)


def _amount(amount: Amount | None) -> Decimal | None:
    return None if amount is None else amount.value.scaleb(amount.scale)


@pytest.mark.parametrize(("text", "case"), list(numbers()))
def test_reads_numbers(reader: Reader, text: str, case: dict[str, str]) -> None:
    reading = reader.read(text, date(2024, 3, 24))
    bound = reading.threshold
    read = {
        "quoted": _amount(reading.quoted),
        "low": _amount(bound.low if bound else None),
        "high": _amount(bound.high if bound else None),
    }
    wanted = {key: Decimal(case[key]) if key in case else None for key in read}
    assert (read, bound.op if bound else None) == (wanted, case.get("op"))


@pytest.mark.parametrize(
    ("said", "places", "scale", "word", "unit", "value", "right"),
    [
        ("5", 0, 0, "%", "%", "3.02", False),
        ("3", 0, 0, "%", "%", "3.02", True),
        ("3.02", 2, 0, "%", "%", "3.02", True),
        ("3.0", 1, 0, "%", "%", "3.02", True),
        ("3.1", 1, 0, "%", "%", "3.02", False),
        ("34.5", 1, 9, "", "triệu đồng", "34451.21", True),
        ("34451.21", 2, 6, "đồng", "triệu đồng", "34451.21", True),
        ("19", 0, 12, "", "tỷ đồng", "19000", True),
        ("18.5", 1, 12, "đồng", "tỷ đồng", "19000", False),
        ("1.5", 1, 6, "người", "nghìn người", "1500", True),
        ("23250", 0, 0, "", "người", "23250", True),
        ("5", 0, 0, "%", "người", "5", None),
        ("5", 0, 0, "người", "%", "5", None),
        ("5", 0, 9, "đồng", "người", "5", None),
    ],
)
def test_holds_amounts_against_figures(
    said: str, places: int, scale: int, word: str, unit: str, value: str, right: bool | None
) -> None:
    amount = Amount(Decimal(said), places, scale, word)
    kind = UnitKind.SHARE if unit == "%" else UnitKind.COUNT
    figure = Figure(
        Indicator("x", "x", Unit(unit, kind)),
        Region("Thái Nguyên", "province"),
        Period.year(2023),
        Decimal(value),
        Source("x"),
        date(2024, 3, 24),
    )
    assert agrees(amount, figure) is right


def wants() -> Iterator[Any]:
    for case in table("wants")["case"]:
        for text in case["text"]:
            yield pytest.param(text, case, id=text)


@pytest.mark.parametrize(("text", "case"), list(wants()))
def test_reads_what_is_wanted(reader: Reader, text: str, case: dict[str, Any]) -> None:
    named = [reader.catalogue.indicators[case["of"]]] if "of" in case else []
    reading = reader.read(text, date(2024, 3, 24), settled=named)
    targets = reading.targets
    said = {
        "wants": reading.wants,
        "spoken": targets.spoken,
        "gap": targets.gap,
        "attainment": targets.attainment,
        "filter": targets.filter,
    }
    assert {key: said[key] for key in said if key in case} == {
        key: case[key] for key in said if key in case
    }
