"""What a folder of CSV files says about official statistics, or all that is wrong with it."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TypeVar

from db.exact import decimals
from db.facts import (
    Basis,
    Better,
    Catalogue,
    Category,
    Indicator,
    Op,
    OverYear,
    Period,
    Qualifier,
    Region,
    Release,
    Source,
    Unit,
    UnitKind,
)

FILES = ("categories.csv", "indicators.csv", "sources.csv", "regions.csv", "observations.csv")
KEPT_PROBLEMS = 1000
"""How many problems are kept; the rest are counted."""
UNITS = Path(__file__).parent / "data" / "units.csv"
MOST_DIGITS = 30
SHOWN = 100
"""Letters of a wrong cell that are kept."""


class Wanted(StrEnum):
    """What should have stood where a problem was found."""

    FOLDER = "folder"
    FILE = "file"
    UTF8 = "utf8"
    NO_NUL = "no_nul"
    CSV = "csv"
    HEADER = "header"
    COLUMN = "column"
    KNOWN_COLUMN = "known_column"
    COLUMN_ONCE = "column_once"
    AS_MANY_CELLS = "as_many_cells"
    TEXT = "text"
    PRINTABLE = "printable"
    NEW_CODE = "new_code"
    NEW_ROW = "new_row"
    INDICATOR = "indicator"
    CATEGORY = "category"
    REGION = "region"
    REGION_THEN = "region_then"
    REGION_APART = "region_apart"
    PARENT = "parent"
    NO_CIRCLE = "no_circle"
    NUMBER = "number"
    FEW_DIGITS = "few_digits"
    DECIMALS = "decimals"
    RANK = "rank"
    UNRANKED = "unranked"
    VALUE = "value"
    VALUE_OR_TARGET = "value_or_target"
    PERIOD = "period"
    DAY = "day"
    LATER_DAY = "later_day"
    BETTER = "better"
    OVER_YEAR = "over_year"
    QUALIFIER = "qualifier"
    RELEASE = "release"
    BASIS = "basis"
    OP = "op"
    TARGET_VALUE = "target_value"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file of a folder; `line` is 0 where it is the whole file, `column` empty
    where it is the line.
    """

    file: str
    line: int
    column: str
    found: str
    wanted: Wanted


class LoadRefused(Exception):
    """A folder has problems, and nothing of it was stored. `count` is how many; the first thousand
    are kept.
    """

    def __init__(self, problems: tuple[Problem, ...], count: int | None = None) -> None:
        self.problems = problems
        self.count = len(problems) if count is None else count
        super().__init__(f"{self.count} problems")


@dataclass(frozen=True, slots=True)
class Place:
    """A row about a region: what it says anew; None and empty where it says nothing."""

    name: str
    level: str = ""
    parent: str = ""
    aliases: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    successors: tuple[str, ...] = ()


Series = tuple[str, str, Period]
"""What a vintage belongs to: an indicator's code, a region's key, a period."""


@dataclass(frozen=True, slots=True)
class Result:
    """A value as a file has it. `source` is a code or a title, `published` None where the file
    gives no day.
    """

    value: Decimal
    of: int | None
    qualifier: Qualifier | None
    release: Release
    basis: Basis
    source: str
    note: str

    @property
    def content(self) -> tuple[object, ...]:
        """What makes two of them the same: all that is ever shown, the digits that were written
        among it.
        """
        return (
            self.value,
            decimals(self.value),
            self.of,
            self.qualifier,
            self.release,
            self.basis,
            self.source,
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """A target as a file has it; `upper` is the upper end of a range."""

    op: Op
    value: Decimal
    upper: Decimal | None
    source: str
    note: str

    @property
    def content(self) -> tuple[object, ...]:
        upper = None if self.upper is None else decimals(self.upper)
        return self.op, self.value, decimals(self.value), self.upper, upper, self.source


@dataclass
class Folder:
    """All that the files of a folder say, checked against each other and against what is known
    already.
    """

    units: dict[str, Unit] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)
    indicators: dict[str, Indicator] = field(default_factory=dict)
    regions: dict[str, Region] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    results: dict[tuple[Series, date | None], Result] = field(default_factory=dict)
    targets: dict[tuple[Series, date | None], Asked] = field(default_factory=dict)


def read_folder(
    path: Path, known: Catalogue, units: Mapping[str, Unit], codes: frozenset[str] = frozenset()
) -> Folder:
    """Reads a folder whole. `known` is what the store has; `codes` are those of its sources.

    Raises:
        LoadRefused: something is wrong; every bad line is named.
    """
    return _Reading(path, known, units, codes).read()


@cache
def shipped_units() -> Mapping[str, UnitKind]:
    """The units that the product describes itself, by name."""
    return {row["name"]: UnitKind(row["kind"]) for row in Sheet(UNITS, "name kind", "").rows()}


def kind_of_unit(name: str) -> UnitKind:
    """What kind of value a unit makes that nobody described: a share, money, else a count."""
    if "%" in name or "‰" in name:
        return UnitKind.SHARE
    words = re.split(r"[\s/()]+", name.casefold())
    for before, word in zip(["", *words], words, strict=False):
        if word == "usd" or (
            word == "đồng" and before not in ("hợp", "hội", "cộng")
        ):  # contracts are counted
            return UnitKind.MONEY
    return UnitKind.COUNT


def merged(place: Place, was: Region | None) -> Region:
    """A region as a row tells it over what is known of it."""
    if was is None:
        return Region(
            place.name,
            place.level,
            place.aliases,
            place.parent or None,
            place.valid_from,
            place.valid_to,
            place.successors,
        )
    return Region(
        was.name,
        place.level or was.level,
        tuple(dict.fromkeys((*was.aliases, *place.aliases))),
        place.parent or was.parent,
        was.valid_from,
        place.valid_to or was.valid_to,
        place.successors or was.successors,
    )


# ---------------------------------------------------------------- a file, cell by cell


class _Problems:
    """The problems found so far: the first are kept, all are counted."""

    def __init__(self) -> None:
        self.kept: list[Problem] = []
        self.count = 0

    def add(self, file: str, line: int, column: str, found: str, wanted: Wanted) -> None:
        self.count += 1
        if len(self.kept) < KEPT_PROBLEMS:
            shown = found if len(found) <= SHOWN else f"{found[:SHOWN]}…"
            self.kept.append(Problem(file, line, column, shown, wanted))

    def in_order(self) -> tuple[Problem, ...]:
        """File by file as they were read, each from its first line to its last."""
        files = {each.file: place for place, each in reversed(list(enumerate(self.kept)))}
        return tuple(sorted(self.kept, key=lambda each: (files[each.file], each.line)))


class Sheet:
    """A CSV file: its rows, each cell by its column's name, surrounding blanks gone."""

    def __init__(
        self, path: Path, needed: str, optional: str, problems: _Problems | None = None
    ) -> None:
        self.name = path.name
        self.line = 0
        self._problems = problems or _Problems()
        self._cells: list[str] = []
        self._places: dict[str, int] = {}
        self._records = self._read(path, needed.split(), optional.split())

    def rows(self) -> Iterator[Sheet]:
        """Yield itself, standing at each row; rows of a wrong length are named and left out."""
        for line, cells in self._records:
            self.line = line
            if len(cells) != len(self._places):
                self.wrong("", f"{len(cells)} ≠ {len(self._places)}", Wanted.AS_MANY_CELLS)
                continue
            self._cells = cells
            yield self

    def __getitem__(self, column: str) -> str:
        place = self._places.get(column)
        return "" if place is None else self._cells[place].strip()

    def wrong(self, column: str, found: str, wanted: Wanted) -> None:
        self._problems.add(self.name, self.line, column, found, wanted)

    def text(self, column: str, *, needed: bool = True) -> str:
        """A name: blanks inside made one, nothing that cannot be seen."""
        written = " ".join(self[column].split())
        if not written:
            if needed:
                self.wrong(column, "", Wanted.TEXT)
        elif not written.isprintable():
            self.wrong(column, written, Wanted.PRINTABLE)
        return written

    def names(self, column: str) -> tuple[str, ...]:
        return tuple(
            dict.fromkeys(
                name
                for part in self.text(column, needed=False).split("|")
                if (name := part.strip())
            )
        )

    def day(self, column: str) -> date | None:
        written = self[column]
        if not written:
            return None
        try:
            if not _DAY.fullmatch(written):
                raise ValueError  # noqa: TRY301 - Python reads more forms of a day than we want
            return date.fromisoformat(written)
        except ValueError:
            self.wrong(column, written, Wanted.DAY)
            return None

    def choice(
        self, column: str, choices: Mapping[str, Choice], default: Choice, wanted: Wanted
    ) -> Choice:
        written = self[column]
        if not written:
            return default
        if written not in choices:
            self.wrong(column, written, wanted)
            return default
        return choices[written]

    def number(self, column: str) -> Decimal | None:
        written = self[column]
        made = number(written)
        if made is None:
            self.wrong(
                column, written, Wanted.FEW_DIGITS if _NUMBER.fullmatch(written) else Wanted.NUMBER
            )
        return made

    def _read(
        self, path: Path, needed: list[str], optional: list[str]
    ) -> Iterator[tuple[int, list[str]]]:
        try:
            raw = path.read_bytes()
        except OSError:
            self.wrong("", "", Wanted.FILE)
            return iter(())
        text = self._decoded(raw)
        if text is None:
            return iter(())
        records = self._records_of(text)
        line, header = next(records, (1, []))
        self.line = line
        names = [" ".join(name.split()) for name in header]
        if not any(names):
            self.wrong("", "", Wanted.HEADER)
            return iter(())
        for place, name in enumerate(names):
            if name in self._places:
                self.wrong(name, name, Wanted.COLUMN_ONCE)
            elif name not in needed and name not in optional:
                self.wrong(name, name, Wanted.KNOWN_COLUMN)
            self._places[name] = place
        missing = [name for name in needed if name not in self._places]
        for name in missing:
            self.wrong(name, "", Wanted.COLUMN)
        # Without them nothing more can be said of the rows.
        return iter(()) if missing or len(self._places) != len(names) else records

    def _decoded(self, raw: bytes) -> str | None:
        good = True
        for number, line in enumerate(raw.split(b"\n"), 1):
            self.line = number
            if b"\0" in line:
                good = False
                self.wrong("", "\\x00", Wanted.NO_NUL)
                continue
            try:
                line.decode()
            except UnicodeDecodeError as error:
                good = False
                self.wrong("", line[error.start : error.start + 4].hex(" "), Wanted.UTF8)
        self.line = 0
        return unicodedata.normalize("NFC", raw.decode("utf-8-sig")) if good else None

    def _records_of(self, text: str) -> Iterator[tuple[int, list[str]]]:
        records = csv.reader(io.StringIO(text, newline=""), strict=True)
        while True:
            line = records.line_num + 1
            try:
                cells = next(records)
            except StopIteration:
                return
            except csv.Error as error:
                self.line = line
                self.wrong("", str(error), Wanted.CSV)
                return
            if cells and any(cells):
                yield line, cells


Choice = TypeVar("Choice")

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_RANK = re.compile(r"[1-9][0-9]{0,8}")

_BETTER = {each.value: each for each in Better}
_OVER_YEAR = {each.value: each for each in OverYear}
_QUALIFIER: dict[str, Qualifier | None] = {each.value: each for each in Qualifier}
_RELEASE = {each.value: each for each in Release}
_BASIS = {each.value: each for each in Basis}
_OP: dict[str, Op | None] = {**{each.value: each for each in Op}, "≤": Op.LE, "≥": Op.GE}


def number(written: str) -> Decimal | None:
    """A decimal as files have it: a point before the fraction, no separators, at most 30 digits;
    else None.
    """
    if not _NUMBER.fullmatch(written) or sum(map(str.isdigit, written)) > MOST_DIGITS:
        return None
    made = Decimal(written)
    return made if made else abs(made)  # "-0"


def period(written: str) -> Period | None:
    """A period of our times; None when it is not written as one."""
    if not written.isascii():
        return None
    try:
        made = Period.parse(written)
    except (ValueError, OverflowError):
        return None
    return made if made.start.year >= 1800 and made.end.year <= 2200 else None


# ---------------------------------------------------------------- the folder


class _Reading:
    def __init__(
        self, path: Path, known: Catalogue, units: Mapping[str, Unit], codes: frozenset[str]
    ) -> None:
        self.path = path
        self.known = known
        self.units = units
        self.codes = codes
        self.problems = _Problems()
        self.folder = Folder()

    def read(self) -> Folder:
        if not self.path.is_dir():
            self.problems.add(str(self.path), 0, "", "", Wanted.FOLDER)
        else:
            self._categories()
            self._indicators()
            self._sources()
            self._regions()
            self._observations()
        if self.problems.count:
            raise LoadRefused(self.problems.in_order(), self.problems.count)
        return self.folder

    def _sheet(self, name: str, needed: str, optional: str = "") -> Sheet | None:
        path = self.path / name
        return Sheet(path, needed, optional, self.problems) if path.exists() else None

    def _categories(self) -> None:
        sheet = self._sheet("categories.csv", "code name_vi aliases")
        for row in sheet.rows() if sheet else ():
            code = _new_code(row, self.folder.categories)
            self.folder.categories[code] = Category(code, row.text("name_vi"), row.names("aliases"))

    def _indicators(self) -> None:
        needed = "code name_vi unit decimals better parent category aliases"
        sheet = self._sheet("indicators.csv", needed, "definition over_year")
        if sheet is None:
            if not self.known.indicators or not any((self.path / name).exists() for name in FILES):
                self.problems.add("indicators.csv", 0, "", "", Wanted.FILE)
            return
        categories = self.known.categories.keys() | self.folder.categories.keys()
        told = (self.path / "categories.csv").exists()
        lines: dict[str, int] = {}
        for row in sheet.rows():
            code = _new_code(row, self.folder.indicators)
            category = row.text("category", needed=False)
            if category and category not in categories:
                if told:
                    row.wrong("category", category, Wanted.CATEGORY)
                else:  # nobody describes fields of work here, so its own name is all there is
                    self.folder.categories.setdefault(category, Category(category, category))
            lines[code] = row.line
            self.folder.indicators[code] = Indicator(
                code=code,
                name=row.text("name_vi"),
                unit=self._unit(row.text("unit")),
                decimals=_decimals(row),
                better=row.choice("better", _BETTER, Better.NONE, Wanted.BETTER),
                over_year=row.choice("over_year", _OVER_YEAR, OverYear.ANNUAL, Wanted.OVER_YEAR),
                parent=row.text("parent", needed=False) or None,
                category=category or None,
                aliases=row.names("aliases"),
                definition=row.text("definition", needed=False) or None,
            )
        every = {**self.known.indicators, **self.folder.indicators}
        _check_parents(sheet, lines, {code: each.parent for code, each in every.items()})

    def _unit(self, name: str) -> Unit:
        made = self.units.get(name) or self.folder.units.get(name)
        if made is None:
            made = self.folder.units[name] = Unit(name, kind_of_unit(name))
        return made

    def _sources(self) -> None:
        sheet = self._sheet("sources.csv", "code title publisher published", "address kind")
        for row in sheet.rows() if sheet else ():
            code = _new_code(row, self.folder.sources)
            self.folder.sources[code] = Source(
                title=row.text("title"),
                publisher=row.text("publisher", needed=False),
                published=row.day("published"),
                address=row.text("address", needed=False),
                code=code,
                kind=row.text("kind", needed=False),
            )

    def _regions(self) -> None:
        sheet = self._sheet("regions.csv", "name level parent aliases", "valid_from valid_to")
        if sheet is None:
            return
        every = dict(self.known.regions)
        names = _Namesakes(self.known.regions.values())
        parents: dict[str, str] = {}
        lines: dict[str, int] = {}
        for row in sheet.rows():
            name = row.text("name")
            place = Place(
                name=name,
                level=row.text("level"),
                aliases=row.names("aliases"),
                valid_from=row.day("valid_from"),
                valid_to=row.day("valid_to"),
            )
            if place.valid_from and place.valid_to and place.valid_to < place.valid_from:
                row.wrong("valid_to", row["valid_to"], Wanted.LATER_DAY)
            key = merged(place, None).key
            if key not in every and place.valid_from is None and (bearers := names.of(name)):
                key = bearers[
                    -1
                ].key  # a name alone speaks of the unit that bears it, not of another one
            if key in lines:
                row.wrong("name", name, Wanted.NEW_CODE)
            region = merged(place, every.get(key))
            every[key] = self.folder.regions[key] = region
            lines[key] = row.line
            parents[key] = row.text("parent", needed=False)
            names.put(region)
        for key, parent in parents.items():
            if parent:
                sheet.line = lines[key]
                found = _parent(every[key], parent, every, names)
                if found is None or found == key:
                    sheet.wrong("parent", parent, Wanted.PARENT)
                else:
                    place = Place(name=every[key].name, parent=found)
                    every[key] = self.folder.regions[key] = merged(place, every[key])
        for key in parents:
            sheet.line = lines[key]
            if any(
                _overlap(every[key], other)
                for other in names.of(every[key].name)
                if other.key != key
            ):
                sheet.wrong("name", key, Wanted.REGION_APART)
        _check_parents(sheet, lines, {key: each.parent for key, each in every.items()})

    def _observations(self) -> None:
        needed = "indicator region period value qualifier target_op target_value basis note"
        sheet = self._sheet("observations.csv", needed, "of status source published")
        if sheet is None:
            return
        indicators = self.known.indicators.keys() | self.folder.indicators.keys()
        regions = _Namesakes({**self.known.regions, **self.folder.regions}.values())
        periods: dict[str, Period | None] = {}
        for row in sheet.rows():
            before = self.problems.count
            code = row["indicator"]
            if code not in indicators:
                row.wrong("indicator", code, Wanted.INDICATOR)
            written = row["period"]
            if written not in periods:
                periods[written] = period(written)
            span = periods[written]
            if span is None:
                row.wrong("period", written, Wanted.PERIOD)
            key = regions.named(row, _day(span, is_result=bool(row["value"])))
            result, asked = self._result(row), self._asked(row)
            published = row.day("published")
            if self.problems.count > before or span is None:
                continue
            at = ((code, key, span), published)
            if result is not None:
                _put(row, "value", self.folder.results, at, result)
            if asked is not None:
                _put(row, "target_value", self.folder.targets, at, asked)

    def _result(self, row: Sheet) -> Result | None:
        qualifier = row.choice("qualifier", _QUALIFIER, None, Wanted.QUALIFIER)
        release = row.choice("status", _RELEASE, Release.OFFICIAL, Wanted.RELEASE)
        basis = row.choice("basis", _BASIS, Basis.STATED, Wanted.BASIS)
        if not row["value"]:
            if row["qualifier"] or row["of"]:
                row.wrong("value", "", Wanted.VALUE)
            elif not row["target_op"] and not row["target_value"]:
                row.wrong("value", "", Wanted.VALUE_OR_TARGET)
            return None
        value = row.number("value")
        if value is None:
            return None
        of = row["of"]
        if of and self._counts_no_ranks(row["indicator"]):
            row.wrong("of", of, Wanted.UNRANKED)
            return None
        if of and not _RANK.fullmatch(of):
            row.wrong("of", of, Wanted.RANK)
            return None
        if of and (not _RANK.fullmatch(row["value"]) or value > int(of)):
            row.wrong("value", f"{row['value']}/{of}", Wanted.RANK)
        return Result(
            value,
            int(of) if of else None,
            qualifier,
            release,
            basis,
            self._source(row),
            row["note"],
        )

    def _counts_no_ranks(self, code: str) -> bool:
        """Whether an indicator's unit is known to be none of ranks: 1,234 typed with a comma is no
        "first of 234".
        """
        indicator = self.folder.indicators.get(code) or self.known.indicators.get(code)
        if indicator is None:
            return False
        unit = indicator.unit
        return unit.kind in (UnitKind.SHARE, UnitKind.MONEY) or (
            unit.kind is not UnitKind.RANK and unit.name in shipped_units()
        )

    def _asked(self, row: Sheet) -> Asked | None:
        op = row.choice("target_op", _OP, None, Wanted.OP)
        written = row["target_value"]
        if op is None:
            if written and not row["target_op"]:
                row.wrong("target_op", "", Wanted.OP)
            return None
        if not written:
            row.wrong("target_value", "", Wanted.TARGET_VALUE)
            return None
        if op is not Op.BETWEEN:
            value = row.number("target_value")
            return None if value is None else Asked(op, value, None, self._source(row), row["note"])
        lower, dots, upper = written.partition("..")
        low, high = number(lower.strip()), number(upper.strip())
        if not dots or low is None or high is None or high < low:
            row.wrong("target_value", written, Wanted.RANGE)
            return None
        return Asked(op, low, high, self._source(row), row["note"])

    def _source(self, row: Sheet) -> str:
        """A code, or else a title of its own."""
        return row.text("source", needed=False)


def _new_code(row: Sheet, known: Mapping[str, object]) -> str:
    code = row.text("code")
    if code and code in known:
        row.wrong("code", code, Wanted.NEW_CODE)
    return code


def _decimals(row: Sheet) -> int:
    written = row["decimals"]
    if not written:
        return 0
    if not re.fullmatch(r"[0-9]{1,2}", written) or int(written) > 12:
        row.wrong("decimals", written, Wanted.DECIMALS)
        return 0
    return int(written)


Vintage = TypeVar("Vintage", Result, Asked)


def _day(span: Period | None, *, is_result: bool) -> date | None:
    """Give the day whose regions a row is of: the end of a result, the start of a target."""
    if span is None:
        return None
    return span.end if is_result else span.start


def _put(
    row: Sheet,
    column: str,
    found: dict[tuple[Series, date | None], Vintage],
    at: tuple[Series, date | None],
    vintage: Vintage,
) -> None:
    """Takes a row in; one that says the same as an earlier one adds nothing, one that contradicts
    it is a problem.
    """
    if at in found and found[at].content != vintage.content:
        row.wrong(column, row[column], Wanted.NEW_ROW)
    found.setdefault(at, vintage)


def _check_parents(
    sheet: Sheet, lines: Mapping[str, int], parents: Mapping[str, str | None]
) -> None:
    """Names every row whose parent is unknown, or who is its own ancestor."""
    for code, line in lines.items():
        sheet.line = line
        parent = parents.get(code)
        if parent and parent not in parents:
            sheet.wrong("parent", parent, Wanted.PARENT)
            continue
        seen = {code}
        while parent and parent not in seen:
            seen.add(parent)
            parent = parents.get(parent)
        if parent == code:
            sheet.wrong("parent", parents[code] or "", Wanted.NO_CIRCLE)


def _parent(
    region: Region, written: str, every: Mapping[str, Region], names: _Namesakes
) -> str | None:
    """Give the key of a row's parent region: of namesakes, the one of the same time."""
    if written in every and "@" in written:
        return written
    bearers = names.of(written)
    day = region.valid_to or date.max
    alive = [each for each in bearers if each.valid_on(day)] or bearers
    return alive[-1].key if alive else None


def _overlap(one: Region, other: Region) -> bool:
    return (one.valid_from or date.min) <= (other.valid_to or date.max) and (
        other.valid_from or date.min
    ) <= (one.valid_to or date.max)


class _Namesakes:
    """Give regions by what they are called; an alias counts where no unit had that name."""

    def __init__(self, regions: Iterable[Region]) -> None:
        self._names: dict[str, dict[str, Region]] = {}
        self._aliases: dict[str, dict[str, Region]] = {}
        self._keys: dict[str, Region] = {}
        self._found: dict[tuple[str, date | None], str | Wanted] = {}
        for region in regions:
            self.put(region)

    def put(self, region: Region) -> None:
        self._names.setdefault(region.name, {})[region.key] = region
        self._keys[region.key] = region
        for alias in region.aliases:
            self._aliases.setdefault(alias, {})[region.key] = region

    def of(self, name: str) -> list[Region]:
        """The units that bear a name, oldest first."""
        return sorted(
            self._names.get(name, {}).values(), key=lambda each: each.valid_from or date.min
        )

    def named(self, row: Sheet, day: date | None) -> str:
        """The key of the unit that a row means, for what happened on a day; empty when there is
        none, or no day.
        """
        written = row["region"]
        found = self._found.get((written, day))
        if found is None:
            found = self._found[written, day] = self._look(" ".join(written.split()), day)
        if isinstance(found, Wanted):
            row.wrong("region", written, found)
            return ""
        return found

    def _look(self, name: str, day: date | None) -> str | Wanted:
        if "@" in name:
            return name if name in self._keys else Wanted.REGION
        if name not in self._names and name not in self._aliases:
            return Wanted.REGION
        if day is None:
            return ""
        for called in (self._names, self._aliases):
            alive = [each.key for each in called.get(name, {}).values() if each.valid_on(day)]
            if len(alive) == 1:
                return alive[0]
        return Wanted.REGION_THEN
