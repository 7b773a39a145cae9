"""Of which periods something is stored, and which of them answer to what was said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Self

from db.facts import Coverage, Period, latest


@dataclass(frozen=True)
class Stored:
    """The periods with a result, and those with a plan that waits for it."""

    results: tuple[Period, ...] = ()
    plans: tuple[Period, ...] = ()

    @classmethod
    def of(cls, covered: Sequence[Coverage]) -> Self:
        """Give what is stored of several series together."""
        return cls(
            tuple(chain.from_iterable(series.results for series in covered)),
            tuple(chain.from_iterable(series.plans for series in covered)),
        )

    @property
    def newest(self) -> Period | None:
        """The latest period with a result."""
        return latest(self.results)

    @property
    def every(self) -> list[Period]:
        """All periods, in the order of time."""
        return in_time({*self.results, *self.plans})

    @property
    def years(self) -> list[Period]:
        """The calendar years."""
        return [period for period in self.every if period.is_year]

    def lasting(self, months: int | None) -> list[Period]:
        """Give the periods of so many whole months; of None, those that are not of whole months."""
        return [period for period in self.every if period.whole_months == months]

    def among(self, periods: Iterable[Period]) -> tuple[Period, ...]:
        """Give those of several periods that are stored."""
        stored = {*self.results, *self.plans}
        return tuple(period for period in periods if period in stored)

    def inside(self, stretch: Period) -> list[Period]:
        """Give the periods inside a stretch, itself among them."""
        return [period for period in self.every if stretch.contains(period)]

    def inside_any(self, stretches: Sequence[Period]) -> list[Period]:
        """Give the periods inside one of several stretches."""
        return in_time(set(chain.from_iterable(map(self.inside, stretches))))

    def after(self, other: Period) -> list[Period]:
        """Give the results that end after a period."""
        return [period for period in self.results if period.end > other.end]

    def up_to_newest(self, periods: Sequence[Period]) -> list[Period]:
        """Leave out what ends after the newest result."""
        newest = self.newest
        return [period for period in periods if newest is None or period.end <= newest.end]


def in_time(periods: Iterable[Period]) -> list[Period]:
    """Order periods by their end; of those that end together, the longest is last."""
    return sorted(periods, key=lambda period: (period.end, period.days))
