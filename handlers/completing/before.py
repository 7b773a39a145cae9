"""What was spoken of before, as the catalogue has it now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self, TypeVar

from db.facts import Catalogue, Category, Indicator, Period, Region
from handlers.question import Context, Frame, Question, Wants
from handlers.verdict import Status

Known = TypeVar("Known")


@dataclass(frozen=True, slots=True)
class Other:
    """What the figure before the last one was of."""

    indicators: tuple[Indicator, ...] = ()
    regions: tuple[Region, ...] = ()
    periods: tuple[Period, ...] = ()


@dataclass(frozen=True)
class Before:
    """The parts of the question before, that the next one may lean on."""

    wants: str = ""
    indicators: tuple[Indicator, ...] = ()
    categories: tuple[Category, ...] = ()
    regions: tuple[Region, ...] = ()
    periods: tuple[Period, ...] = ()
    named: bool = False
    """Whether the period was named and not just the latest."""
    filter: Status | None = None
    frame: Frame = field(default_factory=Frame)
    other: Other = Other()
    home: Region | None = None
    """The place that is meant where none was spoken of."""

    @property
    def stretch(self) -> tuple[Period, ...]:
        """The stretch of a series, or the sides of a comparison along time."""
        return tuple(Period.parse(each) for each in self.frame.periods)

    @classmethod
    def of(cls, context: Context, catalogue: Catalogue) -> Self:
        """Give what a context names and the catalogue still has."""
        return cls(
            context.wants,
            _known(context.indicators, catalogue.indicators),
            _known(context.categories, catalogue.categories),
            _known(context.regions, catalogue.regions),
            tuple(Period.parse(each) for each in context.periods),
            context.named,
            context.filter,
            context.frame,
            Other(
                _known(context.other.indicators, catalogue.indicators),
                _known(context.other.regions, catalogue.regions),
                tuple(Period.parse(each) for each in context.other.periods),
            ),
        )

    def two(self, question: Question) -> bool:
        """Return whether the last two figures are to be set side by side, which differ."""
        reading = question.reading
        named = reading.indicators or reading.regions or reading.time.periods
        if named or not reading.remarks.mutual or reading.wants is not Wants.COMPARISON:
            return False
        mine = self.indicators, self.regions, self.periods
        theirs = self.other.indicators, self.other.regions, self.other.periods
        whole = all(len(each) == 1 for each in (*mine, *theirs))
        return whole and mine != theirs


def _known(keys: Iterable[str], owners: Mapping[str, Known]) -> tuple[Known, ...]:
    return tuple(owners[key] for key in keys if key in owners)
