"""Whether updates can arrive from a platform, said in plain words when that changes, and how long
to wait after a failure.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import structlog

log = structlog.get_logger(__name__)

LONGEST = {"conflict": 20.0, "refused": 60.0, "away": 15.0}
"""The longest pause after a failure, in seconds, by its kind: another process fetches our updates,
our token is refused, the platform cannot be reached or does not answer as it should.
"""


class Health:
    """Told of each request for updates, how it ended. `platform` is the name that is logged.

    `alarm` is after how many seconds without a completed request the bot is called deaf.
    """

    def __init__(
        self, platform: str, alarm: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._platform = platform
        self._alarm = alarm
        self._clock = clock
        self._began = clock()
        self._last: float | None = None
        self._said: set[str] = set()
        self._row: tuple[str, int] = ("", 0)

    def __bool__(self) -> bool:
        return self._last is not None and self._clock() - self._last < self._alarm

    def fine(self) -> None:
        """A request completed."""
        now = self._clock()
        if self._said:
            log.warning(
                f"{self._platform} answers again.",
                after_seconds=round(now - (self._last or self._began)),
            )
        self._last, self._row = now, ("", 0)
        self._said.clear()

    def failing(self, kind: str, error: Exception) -> float:
        """A request failed, for one of the reasons in `LONGEST`; gives the seconds to wait before
        the next one.
        """
        times = self._row[1] + 1 if self._row[0] == kind else 1
        self._row = (kind, times)
        silent = self._clock() - (self._began if self._last is None else self._last)
        if kind == "conflict":
            words = (
                "Another process fetches this bot's updates, "
                f"and {self._platform} serves only one: stop it."
            )
            self._say(kind, words, error)
        elif kind == "refused" and times >= 3:
            words = (
                f"{self._platform} refuses the bot's token, or something on the way does; "
                "trying on slowly."
            )
            self._say(kind, words, error)
        elif self._last is None:
            self._say(kind, f"{self._platform} cannot be reached yet; trying on.", error)
        if silent >= self._alarm:
            self._say(
                "deaf",
                f"No updates can arrive from {self._platform}: no request has completed for long.",
                error,
            )
        return min(LONGEST[kind], 0.25 * 2.0 ** min(times, 10)) * random.uniform(0.75, 1.25)

    def _say(self, what: str, words: str, error: Exception) -> None:
        if what not in self._said:
            self._said.add(what)
            log.error(words, error=f"{type(error).__name__}: {error}"[:200])
