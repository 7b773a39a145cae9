"""When digests and alerts are written, and that each is queued once: the clock's side of what was
subscribed to.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Protocol

import structlog

from bot.channels import Channel
from bot.logs import where
from bot.outbox import Outbox, now_in_utc
from db.chats import Chats, Queued
from db.deliveries import BROADCAST, Claim, Content, Deliveries, Planned, Served, Trouble
from db.engine import StoreError
from db.facts import Vintage
from db.rhythm import due
from db.store import Store
from db.subscriptions import Subscription, Wishes
from handlers.message import Block, Message, line, message
from handlers.say import Say, say_in

log = structlog.get_logger(__name__)

LOOK = 10.0
"""Seconds between two looks at most; what is due earlier is looked at on time."""
LATE = timedelta(minutes=5)
"""How long after its moment a digest says that it is late."""
BATCH = 25
"""How many subscriptions are planned in one go: answers wait for no more than that."""
BREATH = 0.05
"""Seconds between two goes: an answer takes several turns at the database, and none of them should
wait long.
"""
WRITTEN = 64
"""How many digests are kept for others with the same wishes."""
TOGETHER = 10
"""How many figures of one load an alert tells of; of more it tells how many there are."""
QUIET = timedelta(minutes=10)
"""How long admins are left in peace after they were told of trouble."""


class Written(Protocol):
    """A digest or an alert as it is composed."""

    @property
    def message(self) -> Message: ...

    @property
    def watermark(self) -> int: ...


class Writer(Protocol):
    """Writes what is sent; `watermark` numbers what the store holds, and what is loaded later has a
    larger one.
    """

    async def digest(
        self, wishes: Wishes, *, moment: datetime, since: int | None, late: bool, say: Say
    ) -> Written: ...

    async def alert(self, vintage: Vintage, wishes: Wishes, *, say: Say) -> Written | None: ...

    async def watermark(self) -> int: ...

    async def vintages(self, since: int, until: int) -> Sequence[Vintage]: ...


class StoreWriter:
    """Writes over a store. `home` is the place meant when wishes name none."""

    def __init__(self, store: Store, home: str | None) -> None:
        self._store = store
        self._home = home

    async def digest(
        self, wishes: Wishes, *, moment: datetime, since: int | None, late: bool, say: Say
    ) -> Written:
        from handlers.digest import compose  # noqa: PLC0415 - nothing is due yet when the bot starts

        return await compose(
            self._store, wishes, moment=moment, since=since, late=late, say=say, home=self._home
        )

    async def alert(self, vintage: Vintage, wishes: Wishes, *, say: Say) -> Written | None:
        from handlers.digest import alert  # noqa: PLC0415

        return await alert(self._store, vintage, wishes, say=say, home=self._home)

    async def watermark(self) -> int:
        return await self._store.watermark()

    async def vintages(self, since: int, until: int) -> Sequence[Vintage]:
        await self._store.refresh()
        return await self._store.vintages(since, until)


class Digests:
    """Plans what is due on one channel. Only this claims periods there; what it decides is what
    `due` says.

    `admins` are the chats of those who are told of failures, and `asking` says that they settle
    what is in doubt.
    """

    def __init__(
        self,
        chats: Chats,
        channel: Channel,
        outbox: Outbox,
        writer: Writer,
        *,
        clock: Callable[[], datetime] = now_in_utc,
        say_in: Callable[[str], Say] = say_in,
        admins: Sequence[str] = (),
        asking: bool = False,
    ) -> None:
        self._deliveries = Deliveries(chats.turns)
        self._channel = channel
        self._outbox = outbox
        self._writer = writer
        self._clock = clock
        self._say_in = say_in
        self._admins = tuple(admins)
        self._asking = asking
        self._told_at: datetime | None = None
        self.deferred = 0
        """How many digests are due that the platform's plan has no room for this month."""
        self._written: OrderedDict[tuple[Any, ...], tuple[tuple[Content, ...], int]] = OrderedDict()

    async def run(self) -> None:
        """Looks again and again, at the latest when something is due, until it is cancelled."""
        await self._channel.known()
        await self._outbox.quota.known()
        while True:
            await self.look()
            upcoming = await self._deliveries.next_due(self._channel.name, self._channel.bot)
            wait = (upcoming - self._clock()).total_seconds() if upcoming is not None else LOOK
            # What is still due could not be written: it is tried again at the next look.
            await asyncio.sleep(min(LOOK, wait) if wait > 0 else LOOK)

    async def look(self) -> None:
        """Queues what is due by now, what there is to tell at once, and what admins decided or must
        know.
        """
        await self._serve()
        await self._alert()
        self._add(await self._deliveries.repeated(self._channel.name, self._channel.bot))
        await self._tell()
        self._written.clear()

    def _add(self, parts: Sequence[Planned]) -> None:
        self._outbox.add(Queued(part.id, part.chat, BROADCAST) for part in parts)

    # ------------------------------------------------------------ digests

    async def _serve(self) -> None:
        """Plans every digest that is due, some at a time.

        One for which there is no room in the platform's plan stays due: it is written when the
        month has turned, with what is true then, and says that it is late.
        """
        now, name, bot = self._clock(), self._channel.name, self._channel.bot
        after, deferred = 0, 0
        while batch := await self._deliveries.due(name, bot, now, after=after, most=BATCH):
            after = batch[-1].subscription.id
            moments, moved = _moments(batch, now)
            periods = {id: period for id, (_, period) in moments.items()}
            there = await self._deliveries.claimed(periods)
            made: list[Claim] = []
            shared: dict[str, Content] = {}
            room = self._outbox.room()
            for each in batch:
                id, rhythm = each.subscription.id, each.subscription.wishes.rhythm
                if rhythm is None or id not in moments:
                    continue
                moment, period = moments[id]
                if id in there:
                    moved.append((each.subscription, rhythm.next(moment)))
                elif (
                    written := await self._digest(each, moment, late=now - moment > LATE)
                ) is not None:
                    parts, watermark = written
                    if len(parts) > room:
                        deferred += 1
                        continue
                    room -= len(parts)
                    shared.update((part.key, part) for part in parts)
                    keys = tuple(part.key for part in parts)
                    late, next_at = now - moment > LATE, rhythm.next(moment)
                    made.append(
                        Claim(
                            id,
                            each.subscription.since,
                            period,
                            moment,
                            watermark,
                            keys,
                            late,
                            next_at,
                        )
                    )
            await self._deliveries.reckon(moved)
            self._add(await self._deliveries.plan(name, bot, made, shared, self._clock()))
            await asyncio.sleep(BREATH)
        self.deferred = deferred

    async def _digest(
        self, served: Served, moment: datetime, *, late: bool
    ) -> tuple[tuple[Content, ...], int] | None:
        """The parts of a digest, written once for all with the same wishes, and its watermark; None
        when it fails.
        """
        each = served.subscription
        key = each.wishes, each.language, moment, served.watermark, late
        if key not in self._written:
            say = self._say_in(each.language)
            try:
                written = await self._writer.digest(
                    each.wishes, moment=moment, since=served.watermark, late=late, say=say
                )
                self._written[key] = self._parts(written.message, say), written.watermark
            except Exception as error:
                log.error(  # noqa: TRY400 - a traceback may hold people's words
                    "A digest could not be written; trying again later.",
                    subscription=each.id,
                    error=where(error),
                )
                return None
            while len(self._written) > WRITTEN:
                self._written.popitem(last=False)
        return self._written[key]

    def _parts(self, written: Message, say: Say) -> tuple[Content, ...]:
        calls = self._channel.broadcast(written, say)
        return tuple(Content(call.content, call.data) for call in calls)

    # ------------------------------------------------------------ alerts

    async def _alert(self) -> None:
        """Plans word of what was loaded since the last look; of what was there at the first look
        nothing is told.

        What the platform's plan has no room for is left to be written when there is: none lies
        there finished for weeks.
        """
        name, bot = self._channel.name, self._channel.bot
        mark = f"alerts {name} {bot}"
        since, until = await self._deliveries.mark(mark), await self._writer.watermark()
        if since is not None and since < until:
            if self._outbox.room() <= 0:
                return
            vintages = await self._writer.vintages(since, until)
            # Load by load: what was planned before a crash is planned alike after it, whatever came
            # meanwhile.
            for load, together in groupby(vintages, key=lambda each: each.load):
                if not await self._alert_of(list(together), load):
                    return
        if since is None or since < until:
            await self._deliveries.set_mark(mark, until)

    async def _alert_of(self, vintages: Sequence[Vintage], load: int) -> bool:
        """Plan word of what came with one load, and say whether there was room for all."""
        name, bot, whole = self._channel.name, self._channel.bot, True
        written: dict[tuple[Wishes, str], tuple[tuple[str, ...], tuple[Content, ...]]] = {}
        after = 0
        while batch := await self._deliveries.in_force(name, bot, after=after, most=BATCH):
            after = batch[-1].subscription.id
            made: list[Claim] = []
            shared: dict[str, Content] = {}
            now = self._clock()
            told: list[tuple[Subscription, tuple[str, ...], tuple[Content, ...]]] = []
            for each in (
                served.subscription for served in batch if served.subscription.wishes.alerts
            ):
                key = each.wishes, each.language
                if key not in written:
                    written[key] = await self._alerts(vintages, *key)
                if written[key][0]:
                    told.append((each, *written[key]))
            there = await self._deliveries.claimed({each.id: names[0] for each, names, _ in told})
            room = self._outbox.room()
            for each, names, parts in told:
                if each.id in there:
                    continue
                if len(parts) > room:
                    whole = False
                    continue
                room -= len(parts)
                shared.update((part.key, part) for part in parts)
                keys = tuple(part.key for part in parts)
                made += [
                    Claim(each.id, each.since, said, now, load, () if place else keys)
                    for place, said in enumerate(names)
                ]
            self._add(await self._deliveries.plan(name, bot, made, shared, now))
            await asyncio.sleep(BREATH)
        return whole

    async def _alerts(
        self, vintages: Sequence[Vintage], wishes: Wishes, language: str
    ) -> tuple[tuple[str, ...], tuple[Content, ...]]:
        """One message of what some wishes ask for among the vintages of a load: their names, and
        its parts.
        """
        say = self._say_in(language)
        told: list[tuple[str, Message]] = []
        for vintage in vintages:
            try:
                written = await self._writer.alert(vintage, wishes, say=say)
            except StoreError:
                # it may be over at the next look, and the alerts are still to be written then
                raise
            except Exception as error:
                log.error("An alert could not be written.", error=where(error))  # noqa: TRY400 - no words of a person
                continue
            if written is not None:
                told.append((_named(vintage), written.message))
        if not told:
            return (), ()
        shown = [each for _, each in told[:TOGETHER]]
        blocks: list[Block] = [block for each in shown for block in each.blocks]
        more = (
            line(say.text("alert.more", count=len(told) - TOGETHER))
            if len(told) > TOGETHER
            else None
        )
        whole = message(
            *blocks, more, images=tuple(image for each in shown for image in each.images)
        )
        return tuple(name for name, _ in told[:TOGETHER]), self._parts(whole, say)

    # ------------------------------------------------------------ admins

    async def _tell(self) -> None:
        """Tells the admins of what failed for good or stays in doubt."""
        now = self._clock()
        if not self._admins or (
            self._told_at is not None and timedelta() <= now - self._told_at < QUIET
        ):
            return
        name, bot = self._channel.name, self._channel.bot
        told = await self._deliveries.tell(name, bot, self._trouble, now, asking=self._asking)
        if told:
            self._told_at = now
            self._add(told)

    def _trouble(self, trouble: Trouble) -> list[tuple[str, dict[str, Any]]]:
        say = self._say_in("vi")
        blocks = [
            line(say.text("digest.trouble")),
            line(say.text("digest.trouble.failed", count=trouble.failed))
            if trouble.failed
            else None,
            *(
                line("• ", reason, ": ", say.text("digest.trouble.parts", count=count))
                for reason, count in trouble.reasons
            ),
            line(say.text("digest.trouble.unknown", count=trouble.unknown))
            if trouble.unknown
            else None,
            line(say.text("digest.trouble.see")),
        ]
        calls = self._channel.broadcast(message(*blocks), say)
        return [(chat, call.content) for chat in self._admins for call in calls]


Moments = dict[int, tuple[datetime, str]]


def _moments(
    batch: Sequence[Served], now: datetime
) -> tuple[Moments, list[tuple[Subscription, datetime]]]:
    """The moment and period that each subscription is to be served for, and those that are only
    reckoned anew.

    A clock that was ahead has served what is not due yet; what comes before it is still served, and
    what was served is not served again, for its period is claimed.
    """
    moments: Moments = {}
    moved = []
    for each in (served.subscription for served in batch):
        if (rhythm := each.wishes.rhythm) is None:
            continue
        moment = due(rhythm, each.since, now)
        if moment is None:
            moved.append((each, rhythm.next(max(each.since, now))))
        else:
            moments[each.id] = moment, str(rhythm.period(moment))
    return moments, moved


def _named(vintage: Vintage) -> str:
    """A vintage's name as a claim has room for it."""
    return f"alert {vintage.load} {hashlib.sha256(vintage.key.encode()).hexdigest()[:32]}"
