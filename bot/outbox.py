"""How what waits in the store is sent: in each chat's order, at its pace, answers first, and never
a third time in doubt.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import random
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from math import inf
from typing import Any

import structlog

from bot.channels import (
    Address,
    Channel,
    ChatLeft,
    ChatMoved,
    Pace,
    PlaceClosed,
    QuotaSpent,
    SendFailed,
    SendUnsure,
)
from bot.logs import where
from bot.quota import Quota
from db.chats import Chats, Queued, Sending
from db.deliveries import BROADCAST, Deliveries
from db.usage import Usage

log = structlog.get_logger(__name__)

APART, ANSWER = 0, 1
"""Lanes, the most urgent first: what belongs to no chat's order, and answers. After them comes
BROADCAST.
"""
TRIES = 2
"""How often a call whose outcome is unknown is made in all."""
AT_ONCE = 12
"""Calls under way at once; more of them only wait for each other in the HTTP client."""
BROADCASTS_AT_ONCE = 8
"""How many of them may be parts of a broadcast: chats that hang must not keep answers waiting."""
RATE = 25
"""Parts of a broadcast a second, unless it is set."""
LOOK = 5.0
"""Seconds after which it is looked anew whether a month has turned and there are messages to send
again.
"""
SPENT = (2.0, 600.0)
"""Seconds that everybody waits after the platform took no more messages: at first, and at most
after more refusals.
"""
REFUSALS = 6
"""After so many refusals in a row it is no rate that is exceeded but the plan that is used up."""
GIVEN_UP = (timedelta(days=1), 3600.0)
"""For how long a chat's calls must have failed before one is given up, while within so many seconds
others arrived all the time: then it is that chat's own trouble, and would keep all that waits
behind it.
"""
CROWDED = 3
"""When so many chats are to be left alone at once, the platform means all of them."""


def now_in_utc() -> datetime:
    return datetime.now(UTC)


class _Next(Enum):
    """What is done with a call that was made: nothing more, or it is made again, at once or after
    the chat's others.
    """

    DONE = "done"
    AGAIN = "again"
    LATER = "later"


@dataclass(eq=False, slots=True)
class _Line:
    """The calls of one chat, in order, answers before parts of broadcasts.

    `held`: until when it is left alone; `stumbles`: failures in a row; `failing`: since when, while
    others are reached; `silent`: the platform must be reached first. `place` counts how often it
    was lined up to be sent: only the last time counts. `in_hand` is the call under way.
    """

    chat: str | None
    pace: Pace | None
    answers: deque[Queued] = field(default_factory=deque)
    parts: deque[Queued] = field(default_factory=deque)
    busy: bool = False
    silent: bool = False
    held: float = 0.0
    stumbles: int = 0
    failing: datetime | None = None
    place: int = 0
    in_hand: Queued | None = None
    timer: asyncio.TimerHandle | None = None

    @property
    def lane(self) -> int:
        return BROADCAST if self.parts and not self.answers else ANSWER

    def calls(self, lane: int) -> deque[Queued]:
        return self.parts if lane == BROADCAST else self.answers


class Outbox:
    """Sends the calls of one channel, answers first.

    `rate` is how many parts of broadcasts it sends a second; `asking` leaves parts in doubt to an
    admin.
    """

    def __init__(
        self,
        chats: Chats,
        channel: Channel,
        clock: Callable[[], datetime] = now_in_utc,
        *,
        rate: float = RATE,
        asking: bool = False,
    ) -> None:
        self._chats = chats
        self._deliveries = Deliveries(chats.turns)
        self._channel = channel
        self._clock = clock
        self._asking = asking
        self.quota = Quota(Usage(chats.turns), channel, clock)
        self._refusals = 0
        self._resting = 0.0
        self._arrived = -inf
        self._window = channel.window()
        # What was missed while the machine was busy is caught up, as far as the platform's own
        # limit has room for it.
        rate = min(rate, self._window.most * 0.9)
        self._broadcasts = Pace(1 / rate, max(1, 1 + int(self._window.most - rate)))
        self._lines: dict[str, _Line] = {}
        self._known: set[int] = set()
        self._ready: tuple[list[tuple[int, int, int, _Line]], list[tuple[int, int, int, _Line]]] = (
            [],
            [],
        )
        self._turns = itertools.count()
        self._stirred = asyncio.Event()
        self._under_way = 0
        self._broadcasting = 0
        self._left_alone: dict[str, float] = {}
        self._reaching: asyncio.Task[None] | None = None
        self._waits: set[asyncio.Task[None]] = set()
        self._stopping = False
        self._ended = asyncio.Event()
        self._ended.set()

    # ------------------------------------------------------------ what waits

    def add(self, calls: Iterable[Queued]) -> None:
        """Takes calls that lie in the store; those of one chat in the order in which they came. One
        it has is left.
        """
        for call in calls:
            if call.id in self._known:
                continue
            self._known.add(call.id)
            line = self._line(call.chat)
            line.calls(call.lane).append(call)
            self._offer(line)

    def _line(self, chat: str | None) -> _Line:
        if chat is None:
            return _Line(None, None)
        if chat not in self._lines:
            self._lines[chat] = _Line(chat, self._channel.pace(chat))
        return self._lines[chat]

    def _offer(self, line: _Line) -> None:
        """Lines a chat up, as soon as its next call may be made."""
        if line.busy or not line.calls(line.lane):
            return
        first = line.calls(line.lane)[0]
        loop = asyncio.get_running_loop()
        wait = max(line.held - loop.time(), line.pace.wait(loop.time()) if line.pace else 0.0)
        if wait > 0:
            if line.timer is None:
                line.timer = loop.call_later(wait, self._offer_again, line)
            return
        line.place = next(self._turns)
        heapq.heappush(
            self._ready[first.lane == BROADCAST], (first.lane, first.id, line.place, line)
        )
        self._stirred.set()

    def _offer_again(self, line: _Line) -> None:
        line.timer = None
        self._offer(line)

    def _head(self, lane: int) -> _Line | None:
        """The chat that is next in a lane; the lanes are those of answers and of broadcasts."""
        ready = self._ready[lane]
        while ready:
            *_, place, line = ready[0]
            if line.place == place and not line.busy:
                return line
            heapq.heappop(ready)
        return None

    @property
    def refused(self) -> bool:
        """Whether the platform takes no more messages, whatever we have counted; with none that is
        tried again nobody knows.
        """
        return self._refusals >= REFUSALS and bool(self._known)

    @property
    def holding(self) -> bool:
        """Whether an answer that is queued now waits until the platform's plan is renewed."""
        waiting = sum(
            len(line.answers) - (line.in_hand in line.answers) for line in self._lines.values()
        )
        return self.refused or self.quota.left(ANSWER) <= waiting

    def room(self) -> float:
        """How many more parts of broadcasts may be queued this month, beside those that wait;
        endless without a plan.
        """
        waiting = sum(len(line.parts) for line in self._lines.values())
        return 0 if self.refused else max(0, self.quota.left(BROADCAST) - waiting)

    # ------------------------------------------------------------ sending

    async def run(self) -> None:
        """Sends until it is stopped or cancelled; it may be run again after a failure."""
        for line in self._lines.values():
            if line.timer is not None:
                line.timer.cancel()
        self._lines.clear()
        self._known.clear()
        self._ready = ([], [])
        self._under_way = self._broadcasting = 0
        await self.quota.load()
        waiting = await self._chats.unsent(
            self._channel.name, self._channel.bot, self._clock(), asking=self._asking
        )
        self.add(waiting)
        await self._channel.known()
        self._ended.clear()
        try:
            async with asyncio.TaskGroup() as group:
                await self._dispatch(group)
        except BaseExceptionGroup as failures:
            raise failures.exceptions[0] from None
        finally:
            self._ended.set()
            for wait in self._waits:
                wait.cancel()
            await asyncio.gather(*self._waits, return_exceptions=True)

    async def stop(self, within: float) -> None:
        """Begins nothing new, and gives what is under way so many seconds to end."""
        self._stopping = True
        self._stirred.set()
        try:
            async with asyncio.timeout(within):
                await self._ended.wait()
        except TimeoutError:
            return

    async def _dispatch(self, group: asyncio.TaskGroup) -> None:
        loop = asyncio.get_running_loop()
        while not self._stopping:
            self._stirred.clear()
            line, wait = self._next(loop.time())
            if line is not None:
                group.create_task(self._send(line, *self._begun(line, loop.time())))
            elif wait == inf:
                await self._stirred.wait()
            else:
                timer = loop.call_later(wait, self._stirred.set)
                await self._stirred.wait()
                timer.cancel()

    def _next(self, now: float) -> tuple[_Line | None, float]:
        """The chat whose call is to be made now; else in how many seconds to look again, unless
        something stirs.
        """
        if self._under_way >= AT_ONCE:
            return None, inf
        answer, broadcast = self._head(0), self._head(1)
        if answer is None and (
            broadcast is None
            or self._broadcasting >= BROADCASTS_AT_ONCE
            or self._reaching is not None
        ):
            return None, inf
        if answer is not None:
            lane = answer.calls(ANSWER)[0].lane
            wait = max(self._window.wait(now), self._spent(now, lane))
            return (answer, 0.0) if wait <= 0 else (None, wait)
        wait = max(
            self._window.wait(now),
            self._broadcasts.wait(now),
            self._crowded(now),
            self._spent(now, BROADCAST),
        )
        return (broadcast, 0.0) if wait <= 0 else (None, wait)

    def _spent(self, now: float, lane: int) -> float:
        """Seconds until it is worth looking again whether the platform takes messages; 0 when it
        may.
        """
        if lane == APART:
            return 0.0
        return max(0.0, self._resting - now, 0.0 if self.quota.left(lane) > 0 else LOOK)

    def _begun(self, line: _Line, now: float) -> tuple[Queued, str | None]:
        """Takes a chat's next call in hand, and gives the month that it counts in."""
        first = line.calls(line.lane)[0]
        line.busy, line.in_hand = True, first
        self._under_way += 1
        self._window.begin()
        if first.lane == BROADCAST:
            self._broadcasting += 1
            self._broadcasts.spend(now)
        return first, self.quota.begin() if first.lane != APART else None

    async def _send(self, line: _Line, first: Queued, month: str | None) -> None:
        """Makes a chat's next call, and removes it from the chat's order unless it must be made
        again.
        """
        loop = asyncio.get_running_loop()
        broadcast = first.lane == BROADCAST
        next = _Next.DONE
        try:
            call = await self._chats.sending(first.id, self._clock(), month)
            if call is not None:
                next = await self._made(line, call)
            else:
                self.quota.back(month)
        finally:
            self._window.end(loop.time())
            self._under_way -= 1
            self._broadcasting -= broadcast
        line.in_hand = None
        calls = line.calls(first.lane)
        if next is not _Next.AGAIN and first in calls:
            calls.remove(first)
            if next is _Next.LATER:
                calls.append(first)
        if next is _Next.DONE:
            self._known.discard(first.id)
        if line.silent:
            self._wait(self._reached(line))
        else:
            line.busy = False
            self._offer(line)
        self._stirred.set()

    async def _made(self, line: _Line, call: Sending) -> _Next:
        """Makes a call, and says what is to be done with it then."""
        to = Address(call.chat, call.topic, call.reply_to, call.edits, again=call.attempts > 1)
        channel, bot, now = self._channel.name, self._channel.bot, self._clock()
        loop = asyncio.get_running_loop()
        try:
            try:
                message = await self._channel.send(call.call, call.data, to)
            finally:
                if line.pace:
                    line.pace.spend(loop.time())  # it may have arrived as late as this
        except ChatMoved as moved:
            await self._unsent(call, str(moved))
            await self.move(call.chat or "", moved.to)
            return _Next.AGAIN
        except ChatLeft as left:
            if call.chat is not None:
                log.info("A chat is out of reach.", channel=channel, reason=str(left))
                self.quota.back(call.month)
                # This call is given up with all others, at once: else a crash in between would
                # leave the chat in force.
                await self._chats.left(channel, bot, call.chat, str(left), now, call.month)
                self._forget(line)
            else:
                await self._failed(call, str(left), now)
        except QuotaSpent as spent:
            await self._unsent(call, str(spent))
            self._rest(str(spent))
            return _Next.AGAIN
        except SendFailed as failed:
            if not failed.permanent and not self._hopeless(line, failed, now):
                await self._unsent(call, str(failed))
                self._hold(line, failed.after)
                if failed.after is None:
                    self._reach()
                return _Next.AGAIN
            if (
                call.chat is not None
            ):  # a press or search that was answered too late is nobody's loss
                log.warning("A call was refused.", channel=channel, reason=str(failed))
            if (
                isinstance(failed, PlaceClosed)
                and call.subscription is not None
                and call.chat is not None
            ):
                # First of all: what is given up is not tried again after a crash, and nobody would
                # learn of it any more.
                await self._deliveries.stop(channel, bot, call.chat, call.topic, str(failed))
            await self._failed(call, str(failed), now)
        except SendUnsure as unsure:
            return await self._doubt(line, call, str(unsure))
        except Exception as error:
            log.error("A call could not be made.", channel=channel, error=where(error))  # noqa: TRY400 - no words of a person
            return await self._doubt(line, call, type(error).__name__)
        else:
            line.stumbles, line.failing, self._refusals = 0, None, 0
            self._arrived = loop.time()
            await self._chats.sent(call.id, message, self._clock())
        return _Next.DONE

    def _hopeless(self, line: _Line, failed: SendFailed, now: datetime) -> bool:
        """Whether a chat's calls fail by themselves for so long that nobody should wait behind this
        one any more.

        While nothing arrives anywhere it is the network's trouble, and no time counts.
        """
        patience, lately = GIVEN_UP
        if asyncio.get_running_loop().time() - self._arrived >= lately:
            line.failing = None
            return False
        line.failing = line.failing or now
        return failed.after is None and now - line.failing > patience

    async def _unsent(self, call: Sending, reason: str) -> None:
        """A call surely did not arrive, and is made again."""
        await self._chats.unsent_again(call.id, reason, call.month)
        self.quota.back(call.month)

    async def _failed(self, call: Sending, reason: str, now: datetime) -> None:
        """A call surely did not arrive, and never will."""
        await self._chats.given_up(call.id, "failed", reason, now, call.month)
        self.quota.back(call.month)

    def _rest(self, reason: str) -> None:
        """Lets every chat wait, for longer with every refusal: of a plan that is used up nobody
        says when it is renewed.
        """
        now = asyncio.get_running_loop().time()
        if now < self._resting:  # one of those that were under way with the first
            return
        if self._refusals == 0:
            log.warning(
                "The platform takes no more messages for now.",
                channel=self._channel.name,
                reason=reason,
            )
        first, longest = SPENT
        pause = min(longest, first * 2.0 ** min(self._refusals, 10)) * random.uniform(0.75, 1.25)
        self._refusals += 1
        self._resting = now + pause

    # ------------------------------------------------------------ doubt and trouble

    async def _doubt(self, line: _Line, call: Sending, reason: str) -> _Next:
        """The written policy for what may have arrived: it is sent once more, and never a third
        time.

        A part of a digest lets the parts after it go first; and if an admin is to be asked, it
        waits for her word.
        """
        asked = self._asking and call.subscription is not None
        again = call.attempts < TRIES and not asked
        log.warning(
            "A call may have arrived or not.",
            channel=self._channel.name,
            again=again,
            reason=reason,
        )
        line.silent = True
        self._reach()
        if asked:
            await self._chats.unsure(call.id, reason)
            return _Next.DONE
        if not again:
            await self._chats.given_up(call.id, "unknown", reason, self._clock())
            return _Next.DONE
        await self._chats.unsure(call.id, reason)
        if call.subscription is not None:
            return _Next.LATER
        self._hold(line, None)
        return _Next.AGAIN

    async def _reached(self, line: _Line) -> None:
        """Lets a chat go on once the platform answers."""
        try:
            await self._channel.reached()
        finally:
            line.silent = line.busy = False
            self._offer(line)

    def _reach(self) -> None:
        """Lets broadcasts wait until the platform answers: while the network is silent each call
        would be in doubt.
        """
        if self._reaching is None:

            async def reach() -> None:
                try:
                    await self._channel.reached()
                finally:
                    self._reaching = None
                    self._stirred.set()

            self._reaching = self._wait(reach())

    def _wait(self, work: Any) -> asyncio.Task[None]:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._waits.add(task)
        task.add_done_callback(self._waits.discard)
        return task

    def _hold(self, line: _Line, after: float | None) -> None:
        """Leave a chat alone as long as the platform asked, or longer with every failure."""
        line.stumbles += 1
        now = asyncio.get_running_loop().time()
        if after is None:
            after = min(15.0, 0.25 * 2.0 ** min(line.stumbles, 10)) * random.uniform(0.75, 1.25)
        elif line.chat is not None:
            self._left_alone[line.chat] = now + after
        line.held = now + after

    def _crowded(self, now: float) -> float:
        """Seconds for which broadcasts rest, because the platform wants many chats left alone at
        once.
        """
        self._left_alone = {chat: until for chat, until in self._left_alone.items() if until > now}
        return min(self._left_alone.values()) - now if len(self._left_alone) >= CROWDED else 0.0

    def _forget(self, line: _Line) -> None:
        """Drops what waits for a chat but the call in hand."""
        for calls in (line.answers, line.parts):
            kept = [call for call in calls if call is line.in_hand]
            self._known.difference_update(call.id for call in calls if call is not line.in_hand)
            calls.clear()
            calls.extend(kept)

    async def move(self, old: str, new: str) -> None:
        """Follows a chat that goes on under another id, in the store and in what waits for it."""
        await self._chats.move(self._channel.name, self._channel.bot, old, new)
        line = self._lines.pop(old, None)
        if line is None:
            return
        if (there := self._lines.get(new)) is None:
            line.chat = new
            self._lines[new] = line
            return
        # Both have calls: the one under way stays where it is, the rest go on together.
        for mine, other in ((line.answers, there.answers), (line.parts, there.parts)):
            rest = [call for call in mine if call is not line.in_hand]
            kept = [call for call in mine if call is line.in_hand]
            mine.clear()
            mine.extend(kept)
            first = [call for call in other if call is there.in_hand]
            rest += [call for call in other if call is not there.in_hand]
            other.clear()
            other.extend([*first, *sorted(rest, key=lambda call: call.id)])
        self._offer(there)
