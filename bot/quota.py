"""How much of a channel's plan is left in the month: counted in the store with each message, kept
in mind between them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from math import inf

from bot.channels import Channel
from db.deliveries import BROADCAST
from db.usage import Usage

FEW = 20
"""So many messages are few in any plan; else half of the reserve is."""

VIET_NAM = timezone(timedelta(hours=7))
"""It has no summer time, so no time zone data is needed."""


def month_of(now: datetime) -> str:
    """The month that it is in Viet Nam, as it is counted in."""
    return f"{now.astimezone(VIET_NAM):%Y-%m}"


class Quota:
    """What one channel may still send. Only the process that sends there counts, so what it has in
    mind is what is stored.
    """

    def __init__(self, usage: Usage, channel: Channel, clock: Callable[[], datetime]) -> None:
        self._usage = usage
        self._channel = channel
        self._clock = clock
        self._spent: dict[str, int] = {}
        self._loaded = asyncio.Event()

    async def load(self) -> None:
        """Learns what was sent before this process began."""
        if self._channel.plan is not None:
            self._spent = await self._usage.spent(self._channel.name, self._channel.bot)
        self._loaded.set()

    async def known(self) -> None:
        """Returns once that is learnt: until then a whole plan seems to be there."""
        await self._loaded.wait()

    @property
    def month(self) -> str:
        """The month that it is in Viet Nam, where the platform counts."""
        return month_of(self._clock())

    @property
    def spent(self) -> int:
        """Messages of this month: those that arrived, may have arrived, or are under way."""
        return self._spent.get(self.month, 0)

    def left(self, lane: int) -> float:
        """How many more may be sent in a lane: what is sent unasked leaves the reserve to answers.
        Endless without a plan.
        """
        plan = self._channel.plan
        if plan is None:
            return inf
        return max(0, plan.messages - self.spent - (plan.reserve if lane >= BROADCAST else 0))

    @property
    def low(self) -> int | None:
        """How many messages are left, when they are so few that people should know; None when they
        are not.
        """
        plan = self._channel.plan
        if plan is None:
            return None
        left = max(0, plan.messages - self.spent)
        return left if left <= max(FEW, plan.reserve // 2) else None

    @property
    def renewed(self) -> date:
        """The first day of the next month."""
        today = self._clock().astimezone(VIET_NAM).date()
        return (today.replace(day=1) + timedelta(days=32)).replace(day=1)

    def begin(self) -> str | None:
        """Counts a message that is about to be sent, and gives the month it counts in; None without
        a plan.
        """
        if self._channel.plan is None:
            return None
        month = self.month
        self._spent[month] = self._spent.get(month, 0) + 1
        return month

    def back(self, month: str | None) -> None:
        """Takes back what surely did not arrive."""
        if month is not None:
            self._spent[month] -= 1
