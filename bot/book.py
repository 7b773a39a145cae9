"""The subscriptions of a chat as whoever writes there may see and change them; changes are stored
with the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.channels import Channel, Incoming
from db.deliveries import Deliveries, Kept
from db.subscriptions import Only, State, Subscription, Wishes


class ChatBook:
    """A book over the database, for one message. Nothing is stored by it: `kept` is what is to be
    stored at the end.

    So either the answer and what it speaks of are there after a crash, or neither is, and the
    message is read anew.
    """

    def __init__(
        self,
        deliveries: Deliveries,
        channel: Channel,
        incoming: Incoming,
        now: datetime,
        language: str,
        admins: Sequence[str] = (),
    ) -> None:
        """`admins` are the bot's own on this channel."""
        self._deliveries = deliveries
        self._channel = channel
        self._incoming = incoming
        self._now = now
        self._language = language
        self._admins = admins
        self._runs_it: bool | None = None
        self._asked = False
        self._there: dict[int, Subscription] | None = None
        self._kept: dict[int, Kept] = {}

    @property
    def kept(self) -> tuple[Kept, ...]:
        """What was made and changed, in order."""
        return tuple(self._kept.values())

    async def mine(self) -> tuple[Subscription, ...]:
        return tuple((await self._all()).values())

    async def reserved(self, id: int | None = None) -> Only | None:
        who = self._incoming
        if not who.group:
            return None
        if not self._asked:
            self._runs_it, self._asked = await self._channel.administers(who.chat, who.person), True
        if self._runs_it is not None:
            return None if self._runs_it else Only.ADMINS
        theirs = (
            id is None
            or who.person in self._admins
            or (await self._all())[id].made_by == who.person
        )
        return None if theirs else Only.MAKER

    async def add(self, wishes: Wishes, target: str = "") -> Subscription | None:
        there, who = await self._all(), self._incoming
        chat, topic = who.chat, who.topic
        if target:
            found = None if who.group else await self._channel.open_to(target, who.person)
            if found is None:
                return None
            chat, topic = found, ""
        if who.edited and who.message:
            before = await self._deliveries.asked_for(
                self._channel.name, self._channel.bot, who.message, who.person
            )
            if before in there and there[before].target == target:
                return await self.change(before, wishes)
        new = Subscription(
            -1 - len(self._kept),
            wishes,
            self._now,
            language=self._language,
            target=target,
            made_by=who.person,
        )
        there[new.id] = new
        self._kept[new.id] = Kept(new, chat, topic, who.person, message=who.message)
        return new

    async def change(self, id: int, wishes: Wishes) -> Subscription:
        return await self._put(id, wishes=wishes, since=self._now)

    async def pause(self, id: int) -> Subscription:
        return await self._put(id, state=State.PAUSED)

    async def resume(self, id: int) -> Subscription:
        return await self._put(id, state=State.ACTIVE, reason="", since=self._now)

    async def end(self, id: int) -> None:
        each = (await self._all()).pop(id)
        self._keep(each, ended=True)

    async def _all(self) -> dict[int, Subscription]:
        if self._there is None:
            name, bot, who = self._channel.name, self._channel.bot, self._incoming
            maker = "" if who.group else who.person
            found = await self._deliveries.subscriptions(name, bot, who.chat, who.topic, maker)
            self._there = {each.id: each for each in found}
        return self._there

    async def _put(self, id: int, **changes: object) -> Subscription:
        there = await self._all()
        there[id] = replace(there[id], **changes)  # type: ignore[arg-type]
        self._keep(there[id])
        return there[id]

    def _keep(self, each: Subscription, *, ended: bool = False) -> None:
        before = self._kept.get(each.id)
        if before is not None and each.id < 0 and ended:
            del self._kept[each.id]
            return
        where = (
            (before.chat, before.topic) if before else (self._incoming.chat, self._incoming.topic)
        )
        self._kept[each.id] = Kept(
            each, *where, self._incoming.person, ended, self._incoming.message
        )
