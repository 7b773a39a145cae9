"""Which unit a place's name means, where several bore it one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import Self

from db.facts import Coverage, Figure, Indicator, Period, Region
from handlers.question import Question, Territory, Wants
from handlers.territory import is_later

PROVINCES = ("province", "city")
"""The levels that are ranked: not the country, and not its regions."""
Cell = tuple[Indicator, str, Period]
"""Something that is asked for: of which indicator, of which place by name, of when."""


@dataclass(frozen=True)
class Territories:
    """The units that bear or bore the names asked about, and what is stored of each."""

    question: Question

    @property
    def names(self) -> tuple[str, ...]:
        """The names asked about, each once."""
        return tuple(dict.fromkeys(region.name for region in self.question.regions))

    def covering(self, indicator: Indicator) -> list[Coverage]:
        """Give what is stored of one indicator."""
        return [covered for covered in self.covered if covered.indicator == indicator]

    def bearers(self, name: str) -> tuple[Region, ...]:
        """Give the units of a name, the oldest first."""
        return self.question.catalogue.namesakes(name)

    @property
    def every(self) -> list[Region]:
        """Every unit of the names."""
        return [unit for name in self.names for unit in self.bearers(name)]

    @property
    def units(self) -> list[Region]:
        """The units that may be meant: all; where a territory was asked for, only those of it."""
        if self.question.reading.territory is None:
            return self.every
        return [self._wished(name) for name in self.names]

    @property
    def covered(self) -> list[Coverage]:
        """What is stored of the indicators asked about, in the units that may be meant."""
        indicators, units = self.question.indicators, set(self.units)
        return [
            covered
            for covered in self.question.held.coverage
            if covered.indicator in indicators and covered.region in units
        ]

    def on(self, name: str, day: date) -> Region | None:
        """Give the unit of a name that was valid on a day."""
        return next((unit for unit in self.bearers(name) if unit.valid_on(day)), None)

    def with_results(self, period: Period | None = None) -> set[Region]:
        """Give the units with a result of a period, or of any."""
        return {
            covered.region
            for covered in self.question.held.coverage
            if (covered.results if period is None else period in covered.results)
        }

    def with_plan(self, period: Period) -> set[Region]:
        """Give the units with a plan of a period that waits for its result."""
        covered = self.question.held.coverage
        return {each.region for each in covered if period in each.plans}

    # ------------------------------------------------------------ one for each name

    def chosen(self) -> tuple[Region | None, ...]:
        """Give for each name the unit that is meant; None where it was none, or not yet."""
        if self.question.reading.territory is not None:
            return tuple(self._wished(name) for name in self.names)
        if not self.question.periods:
            return tuple(self._with_any(name) for name in self.names)
        day = self._day_of_one_map()
        if day is not None:
            return tuple(self.on(name, day) for name in self.names)
        return tuple(self._of_its_time(name) for name in self.names)

    def given(self, chosen: Sequence[Region | None]) -> tuple[Region, ...]:
        """Give the chosen units; of a name that had none, the newest."""
        named = zip(chosen, self.names, strict=True)
        return tuple(unit or self.bearers(name)[-1] for unit, name in named)

    def _wished(self, name: str) -> Region:
        """Give the newest unit of a name, or the one before it where the old one was asked for."""
        old = self.question.reading.territory is Territory.OLD
        return self.bearers(name)[-2:][0 if old else -1]

    def _with_any(self, name: str) -> Region:
        """Give the newest unit of a name that has any result."""
        stored, bearers = self.with_results(), self.bearers(name)
        return next((unit for unit in reversed(bearers) if unit in stored), bearers[-1])

    def _of_its_time(self, name: str) -> Region | None:
        """Give the unit valid on the last day; for a plan alone, the one valid on the first.

        Where it has nothing, a later unit has what was worked out for it.
        """
        period = max(self.question.periods, key=lambda each: each.end)
        valid, results = self.on(name, period.end), self.with_results(period)
        planned = self.with_plan(period)
        if valid in results | planned:
            return valid
        first = self.on(name, period.start)
        if first in planned:
            return first
        return next(self._later(name, period, results), valid)

    def _later(self, name: str, period: Period, stored: set[Region]) -> Iterator[Region]:
        return (unit for unit in self.bearers(name) if is_later(unit, period) and unit in stored)

    # ------------------------------------------------------------ one map for all

    def _day_of_one_map(self) -> date | None:
        """Give a day on whose map all that is asked for is stored: its own, else a later one."""
        cells = list(self._cells())
        days = [max(period.end for period in self.question.periods), *_changes(self.units)]
        return next((day for day in days if cells and self._is_whole(cells, day)), None)

    def _cells(self) -> Iterator[Cell]:
        """Give what is asked for and has a result in any territory."""
        stored = {(one, unit.name, period) for one, unit, period in self._results()}
        asked = product(self.question.indicators, self.names, self.question.periods)
        return (cell for cell in asked if cell in stored)

    def _is_whole(self, cells: Iterable[Cell], day: date) -> bool:
        """Return whether all cells have a result of the unit that was valid on a day."""
        stored = set(self._results())
        return all((one, self.on(name, day), period) in stored for one, name, period in cells)

    def _results(self) -> Iterator[tuple[Indicator, Region, Period]]:
        """Yield of which indicator, unit and period there is a result."""
        for covered in self.question.held.coverage:
            yield from ((covered.indicator, covered.region, each) for each in covered.results)


def is_nowhere(question: Question, chosen: Sequence[Region | None]) -> bool:
    """Return whether what is asked about was no place at that time."""
    if question.wants is not Wants.COMPARISON:
        return None in chosen
    plans = question.reading.targets.plan
    return not any(
        covered.region in question.regions or covered.region.valid_on(period.end)
        for covered in question.held.coverage
        for period in (*covered.results, *(covered.plans if plans else ()))
    )


def one_map(question: Question, figures: Sequence[Figure], period: Period) -> tuple[Figure, ...]:
    """Give the provinces' figures of one map: that of their time, else a later one.

    A map of which every province has a figure goes before one with gaps; the one of the time
    before a later one, unless it has nothing to compare.
    """
    ranked = provinces(question)
    results = [figure for figure in figures if figure.value is not None]
    maps = [_Map.of(day, ranked, results) for day in _days(question, ranked, period)]
    return max(maps, key=lambda each: (each.is_whole, each.compares, bool(each.figures))).figures


def provinces(question: Question) -> list[Region]:
    """Give the units that are ranked, of all times."""
    return [each for each in question.catalogue.regions.values() if each.level in PROVINCES]


@dataclass(frozen=True)
class _Map:
    """The provinces of a day, and their figures."""

    provinces: frozenset[Region]
    figures: tuple[Figure, ...]

    @classmethod
    def of(cls, day: date, ranked: Sequence[Region], results: Sequence[Figure]) -> Self:
        """Give the map of a day."""
        valid = frozenset(unit for unit in ranked if unit.valid_on(day))
        return cls(valid, tuple(figure for figure in results if figure.region in valid))

    @property
    def is_whole(self) -> bool:
        return len(self.figures) == len(self.provinces)

    @property
    def compares(self) -> bool:
        return len(self.figures) > 1


def _days(question: Question, ranked: Sequence[Region], period: Period) -> list[date]:
    """Give the days whose maps may be meant: that of the time first, or the one asked for."""
    changes = _changes(ranked)
    if question.reading.territory is Territory.NEW:
        return changes[-1:] or [period.end]
    if question.reading.territory is Territory.OLD:
        return [day - timedelta(days=1) for day in changes[-1:]] or [period.end]
    return [period.end, *(day for day in changes if day > period.end)]


def _changes(units: Iterable[Region]) -> list[date]:
    """Give the days on which units came to be."""
    return sorted({unit.valid_from for unit in units if unit.valid_from is not None})


def newest_unit(
    figures: Sequence[Figure], bearers: Sequence[Region], period: Period | None = None
) -> Region:
    """Give the unit that the figures are of; without any, the one of the period, or the last."""
    if figures:
        return figures[-1].region
    if period is None:
        return bearers[-1]
    return next((unit for unit in reversed(bearers) if unit.valid_on(period.end)), bearers[-1])
