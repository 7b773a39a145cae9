"""What those who run the bot must know in time, told on every channel that reaches them: a plan
that is nearly used up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.channels import Channel, Plan
from bot.digests import Digests
from bot.outbox import ANSWER, Outbox
from db.accounts import Accounts
from db.chats import Chats, Queued
from db.usage import Usage
from handlers.message import Message, line, message
from handlers.say import Say, say_in

LOOK = 30.0
"""Seconds between two looks."""
EARLY = (80, 95)
"""Percent of a plan at whose use admins are told that it comes to an end."""


@dataclass(frozen=True, slots=True)
class Watched:
    """One channel as it is at work; its digests only where any are sent."""

    channel: Channel
    outbox: Outbox
    digests: Digests | None = None


class Watch:
    """Looks at the plans of all channels. `admins` are the chats that are told, by channel."""

    def __init__(
        self,
        chats: Chats,
        watched: Sequence[Watched],
        admins: Mapping[str, Sequence[str]],
        *,
        clock: Callable[[], datetime],
        say_in: Callable[[str], Say] = say_in,
    ) -> None:
        self._usage = Usage(chats.turns)
        self._accounts = Accounts(chats.turns)
        self._watched = tuple(watched)
        self._admins = admins
        self._clock = clock
        self._say = say_in("vi")

    async def run(self) -> None:
        """Looks again and again until it is cancelled."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK)

    async def look(self) -> None:
        """Tells what is to be told, each thing once a month."""
        for each in self._watched:
            if each.channel.plan is None:
                continue
            users = await self._accounts.met(each.channel.name, each.channel.bot)
            for what, words in self._news(each, each.channel.plan, users):
                await self._tell(f"{each.channel.name} {what} {each.outbox.quota.month}", words)

    def _news(self, each: Watched, plan: Plan, users: int) -> Iterator[tuple[str, Message]]:
        """What there is to tell of a channel, and the name by which it is told once."""
        quota, say = each.outbox.quota, self._say

        def number(count: int) -> str:
            return say.number(Decimal(count))

        name = say.text(f"channel.name.{each.channel.name}")
        facts = {"channel": name, "spent": number(quota.spent), "messages": number(plan.messages)}
        facts |= {"reserve": number(plan.reserve), "day": say.day(quota.renewed)}
        reached = [percent for percent in EARLY if quota.spent * 100 >= plan.messages * percent]
        if each.outbox.refused:
            yield "refused", message(line(say.text("watch.refused", **facts)))
        if quota.spent >= plan.messages:
            yield "ended", message(line(say.text("watch.ended", **facts)))
        elif reached:
            yield f"spent {reached[-1]}", message(line(say.text("watch.spent", **facts)))
        if each.digests is not None and each.digests.deferred:
            deferred = say.text("watch.deferred", count=each.digests.deferred, **facts)
            yield "deferred", message(line(deferred))
        if users * 10 >= plan.users * 9:
            words = say.text(
                "watch.users", channel=name, users=number(users), most=number(plan.users)
            )
            yield "users full" if users >= plan.users else "users", message(line(words))

    async def _tell(self, what: str, words: Message) -> None:
        for each in self._watched:
            calls = [call.content for call in each.channel.broadcast(words, self._say)]
            for chat in self._admins.get(each.channel.name, ()):
                told = await self._usage.tell(
                    each.channel.name, each.channel.bot, chat, what, calls, ANSWER, self._clock()
                )
                each.outbox.add(Queued(id, chat, ANSWER) for id in told)
