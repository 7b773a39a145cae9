"""What was said of subscribing: what is to be done, with which subscription, and what it is to be
like.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Literal

from db.facts import Category, Indicator, Region
from db.rhythm import Every
from db.subscriptions import Alert
from handlers.mood import Mood

Act = Literal["subscribe", "offer", "change", "pause", "resume", "end", "list", "preview"]
"""`offer`: a digest was spoken of, and not what is to be done with one."""
Joining = Literal["only", "also", "not"]


@dataclass(frozen=True)
class Facets:
    """What words say of one subscription. Anything may be missing."""

    digest: bool = False
    """A digest is spoken of, and not what is told at once."""
    alerting: bool = False
    """Being told at once is spoken of."""
    every: Every | None = None
    weekday: int | None = None
    day: int | None = None
    """Of a month."""
    at: time | None = None
    hour: int | None = None
    """An hour that may be of the night or of the afternoon."""
    now: bool = False
    """It is wanted at once: "gửi bản tin ngay bây giờ"."""
    full: bool | None = None
    chart: bool | None = None
    workbook: bool | None = None
    alerts: frozenset[Alert] = frozenset()
    everything: bool = False
    """All fields of work were asked for."""
    dated: bool = False
    """A period was named of which a digest is to be seen."""
    asks_day: bool = False
    """Another day is wanted, and which one was not said."""
    asks_hour: bool = False
    indicators: tuple[Indicator, ...] = ()
    categories: tuple[Category, ...] = ()
    regions: tuple[Region, ...] = ()
    near: tuple[Indicator, ...] = ()
    """What may be meant where it is not clear which indicator is."""
    strangers: tuple[str, ...] = ()
    """Places that the store does not know."""
    no_rhythm: tuple[str, ...] = ()
    """Rhythms that nothing is sent in, as they were typed."""
    no_day: tuple[str, ...] = ()
    """Days that there are not."""
    no_hour: tuple[str, ...] = ()
    no_zone: tuple[str, ...] = ()
    """Clocks of other places, which nothing is sent by."""
    unread: tuple[str, ...] = ()
    """Words that stand where it would be said what it is about."""
    aside: tuple[str, ...] = ()
    """Words that nothing was made of, standing elsewhere."""

    @property
    def times(self) -> bool:
        """Whether anything was said of when."""
        said = (self.every, self.weekday, self.day, self.at, self.hour)
        return bool(self.refused) or any(each is not None for each in said)

    @property
    def regular(self) -> bool:
        """Whether a rhythm or a day of one was said."""
        return any(each is not None for each in (self.every, self.weekday, self.day))

    @property
    def refused(self) -> tuple[str, ...]:
        """What was said of when and cannot be."""
        return self.no_rhythm + self.no_day + self.no_hour + self.no_zone

    @property
    def looks(self) -> bool:
        """Whether anything was said of length, picture or workbook."""
        return any(each is not None for each in (self.full, self.chart, self.workbook))

    @property
    def scope(self) -> bool:
        """Whether anything was said of what it is about."""
        return bool(
            self.indicators
            or self.categories
            or self.regions
            or self.everything
            or self.near
            or self.strangers
        )

    @property
    def unclear(self) -> bool:
        """Whether something was said that nothing can be made of."""
        lost = self.near or (self.unread and not (self.indicators or self.categories))
        return bool(lost or self.strangers or self.refused or self.hour is not None)

    @property
    def says(self) -> bool:
        return (
            self.times
            or self.looks
            or self.scope
            or self.asks_day
            or self.asks_hour
            or bool(self.alerts)
        )


@dataclass(frozen=True)
class Errand:
    """What is to be done. `which` are the words that choose a subscription, `to` those that say
    what it is to be like.
    """

    act: Act
    which: Facets = Facets()
    to: Facets = Facets()
    joining: Joining = "only"
    """Whether what is named takes the place of what is there, comes to it ("thêm lĩnh vực …") or
    goes from it.
    """
    turned: bool = False
    """Whether it was said what something is to become: "đổi sang hằng tuần" is of one that is not
    weekly.
    """
    target: str = ""
    """The @name of a channel."""
    mood: Mood = Mood.REQUEST
    """Whether it is asked for; nothing is done where it is not."""
