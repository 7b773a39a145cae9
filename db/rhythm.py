"""How often something is due: each week, month or quarter, on a day at an hour of a place's clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from enum import StrEnum

HOME_ZONE = "Asia/Ho_Chi_Minh"


class Every(StrEnum):
    """The stretch of time that has one moment of a rhythm in it."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """One moment in each week, month or quarter.

    `day` is 1 (Monday) to 7 in a week, 1 to 31 in a month or in a quarter's first month; a day that a month lacks is
    its last. `at` is the time on the clock of `zone`, a name of the IANA time zone database.
    """

    every: Every = Every.MONTH
    day: int = 5
    at: time = time(8)
    zone: str = HOME_ZONE

    def __post_init__(self) -> None:
        most = 7 if self.every is Every.WEEK else 31
        if not 1 <= self.day <= most:
            raise ValueError(f"a rhythm on a day that there is not: {self.day} of a {self.every}")
