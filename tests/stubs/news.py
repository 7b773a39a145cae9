"""Word that something happened, for all who wait for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress


class Closed(Exception):
    """The server stops: whoever waited gets no answer."""


class News:
    """Something happened: who waits may look again. Closing it ends every wait with Closed, until it opens again."""

    def __init__(self) -> None:
        self._stirred = asyncio.Event()
        self.closed = False

    def stir(self) -> None:
        stirred, self._stirred = self._stirred, asyncio.Event()
        stirred.set()

    def close(self) -> None:
        self.closed = True
        self.stir()

    def open(self) -> None:
        self.closed = False

    async def next(self, seconds: float | None = None) -> None:
        """Wait for the next event, at most so long."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stirred.wait(), seconds)
        if self.closed:
            raise Closed

    async def pause(self, seconds: float | None) -> None:
        """Wait the whole time, or for ever, whatever happens meanwhile."""
        end = None if seconds is None else time.monotonic() + seconds
        while end is None or end > time.monotonic():
            await self.next(None if end is None else end - time.monotonic())

    async def until(self, holds: Callable[[], bool], seconds: float) -> bool:
        """Whether something came to hold in time; it is looked at after each event, even while closed."""
        end = time.monotonic() + seconds
        while not holds():
            left = end - time.monotonic()
            if left <= 0:
                return False
            with suppress(Closed):
                await self.next(left)
        return True
