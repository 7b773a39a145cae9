"""What each kind of answer cannot do without: a place and a period, and which figures."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from handlers.question import Wants


class Fetch(Enum):
    """Which figures of what is asked are read from the store."""

    NOTHING = auto()
    WHOLE = auto()
    """Those of all periods."""
    PERIODS = auto()
    """Those of the periods asked for, or of the latest."""
    ACROSS = auto()
    """Those of all provinces in one period."""
    FIELD = auto()
    """Those of a field of work, or of everything, in a period."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What is settled and read before an answer is given."""

    somewhere: bool = True
    """A place and a period."""
    figures: Fetch = Fetch.NOTHING
    under: bool = False
    """The figures of what is under the indicators, too."""
    around: bool = False
    """Those of the year before, too, and of the newest part of a plan that waits."""
    parts: bool = False
    """Of which periods there is anything is asked of what is under the indicators, too."""


_TALK = Needs(somewhere=False)
NEEDS: dict[Wants, Needs] = {
    Wants.FIGURE: Needs(figures=Fetch.PERIODS, under=True, around=True),
    Wants.SERIES: Needs(figures=Fetch.PERIODS),
    Wants.COMPARISON: Needs(figures=Fetch.PERIODS, around=True),
    Wants.RANKING: Needs(figures=Fetch.ACROSS),
    Wants.BREAKDOWN: Needs(figures=Fetch.PERIODS, under=True, around=True, parts=True),
    Wants.SHARE: Needs(figures=Fetch.PERIODS, under=True, around=True),
    Wants.TARGETS: Needs(figures=Fetch.FIELD, under=True, around=True),
    Wants.OVERVIEW: Needs(figures=Fetch.FIELD, under=True, around=True),
    Wants.DEFINITION: Needs(figures=Fetch.WHOLE),
    Wants.NO_DATA: Needs(figures=Fetch.PERIODS, under=True, around=True),
    Wants.CATALOGUE: _TALK,
    Wants.CHOOSE: _TALK,
    Wants.CHOOSE_PLACE: _TALK,
    Wants.PAGE: _TALK,
    Wants.SUBSCRIPTION: _TALK,
    Wants.ACCOUNT: _TALK,
    Wants.SETTINGS: _TALK,
    Wants.HELP: _TALK,
    Wants.GREETING: _TALK,
    Wants.NOT_UNDERSTOOD: _TALK,
}
