"""What was spoken of before, as the catalogue has it now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self, TypeVar

from db.facts import Catalogue, Category, Indicator, Period, Region
from handlers.question import Context, Frame
from handlers.verdict import Status

Known = TypeVar("Known")


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
        )


def _known(keys: Iterable[str], owners: Mapping[str, Known]) -> tuple[Known, ...]:
    return tuple(owners[key] for key in keys if key in owners)
