"""How what waits in the store is sent: in each chat's order, at its pace, and never a third time in doubt."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import structlog

from bot.channels import Address, Channel, ChatLeft, ChatMoved, Pace, SendFailed, SendUnsure
from bot.logs import where
from db.chats import Chats, Queued, Sending

log = structlog.get_logger(__name__)

APART, ANSWER = 0, 1
"""Lanes, the most urgent first: what belongs to no chat's order, and answers."""
TRIES = 2
"""How often a call whose outcome is unknown is made in all."""
AT_ONCE = 8
"""Calls under way at once; more of them only wait for each other in the HTTP client."""


def now_in_utc() -> datetime:
    return datetime.now(UTC)


@dataclass(eq=False, slots=True)
class _Line:
    """The calls of one chat, in order. `held`: until when it is left alone; `stumbles`: failures in a row."""

    chat: str | None
    pace: Pace | None
    calls: deque[Queued] = field(default_factory=deque)
    busy: bool = False
    held: float = 0.0
    stumbles: int = 0


class Outbox:
    """Sends the calls of one channel, answers first."""

    def __init__(self, chats: Chats, channel: Channel, clock: Callable[[], datetime] = now_in_utc) -> None:
        self._chats = chats
        self._channel = channel
        self._clock = clock
        self._all = channel.pace(None)
        self._lines: dict[str, _Line] = {}
        self._ready: asyncio.PriorityQueue[tuple[int, int, int, _Line]] = asyncio.PriorityQueue()
        self._turns = itertools.count()
        self._senders: list[asyncio.Task[None]] = []
        self._stopping = False

    # ------------------------------------------------------------ what waits

    def add(self, calls: Iterable[Queued]) -> None:
        """Takes calls that lie in the store; those of one chat in the order in which they came."""
        for call in calls:
            line = self._line(call.chat)
            line.calls.append(call)
            self._offer(line)

    def _line(self, chat: str | None) -> _Line:
        if chat is None:
            return _Line(None, None)
        if chat not in self._lines:
            self._lines[chat] = _Line(chat, self._channel.pace(chat))
        return self._lines[chat]

    def _offer(self, line: _Line) -> None:
        """Puts a chat where the senders find it, as soon as its next call may be made."""
        if line.busy or not line.calls:
            return
        line.busy = True
        loop = asyncio.get_running_loop()
        wait = max(line.held - loop.time(), line.pace.wait(loop.time()) if line.pace else 0.0)
        place = (line.calls[0].lane, line.calls[0].id, next(self._turns), line)
        if wait <= 0:
            self._ready.put_nowait(place)
        else:
            loop.call_later(wait, self._ready.put_nowait, place)

    # ------------------------------------------------------------ sending

    async def run(self) -> None:
        """Sends until it is stopped or cancelled; it may be run again after a failure."""
        self._lines.clear()
        self._ready = asyncio.PriorityQueue()
        self.add(await self._chats.unsent(self._channel.name, self._channel.bot, self._clock()))
        await self._channel.known()
        self._senders = [asyncio.create_task(self._send_on()) for _ in range(AT_ONCE)]
        try:
            await asyncio.gather(*self._senders)
        finally:
            for sender in self._senders:
                sender.cancel()
            await asyncio.gather(*self._senders, return_exceptions=True)

    async def stop(self, within: float) -> None:
        """Begins nothing new, and gives what is under way so many seconds to end."""
        self._stopping = True
        for _ in self._senders:
            self._ready.put_nowait((-1, 0, next(self._turns), _Line(None, None)))
        if self._senders:
            await asyncio.wait(self._senders, timeout=within)

    async def _send_on(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            *_, line = await self._ready.get()
            if self._stopping:
                return
            wait = self._all.wait(loop.time())
            self._all.spend(loop.time())
            await asyncio.sleep(wait)
            if line.pace:
                line.pace.spend(loop.time())
            await self._send_first(line)
            line.busy = False
            self._offer(line)

    async def _send_first(self, line: _Line) -> None:
        """Makes a chat's next call, and removes it from the chat's order unless it must be made again."""
        first = line.calls[0]
        call = await self._chats.sending(first.id, self._clock())
        if call is not None and not await self._made(line, call):
            return
        if line.calls and line.calls[0] is first:
            line.calls.popleft()

    async def _made(self, line: _Line, call: Sending) -> bool:
        """Makes a call; False when it is to be made again."""
        to = Address(call.chat, call.topic, call.reply_to, call.edits)
        channel, bot, now = self._channel.name, self._channel.bot, self._clock()
        try:
            message = await self._channel.send(call.call, call.data, to)
        except ChatMoved as moved:
            await self._chats.unsent_again(call.id, str(moved))
            await self.move(call.chat or "", moved.to)
            return False
        except ChatLeft as left:
            await self._chats.given_up(call.id, "failed", str(left), now)
            if call.chat is not None:
                log.info("A chat is out of reach.", channel=channel, reason=str(left))
                await self._chats.left(channel, bot, call.chat, str(left), now)
                line.calls.clear()
        except SendFailed as failed:
            if not failed.permanent:
                await self._chats.unsent_again(call.id, str(failed))
                self._hold(line, failed.after)
                return False
            if call.chat is not None:  # a press or search that was answered too late is nobody's loss
                log.warning("A call was refused.", channel=channel, reason=str(failed))
            await self._chats.given_up(call.id, "failed", str(failed), now)
        except SendUnsure as unsure:
            return await self._doubt(line, call, str(unsure))
        except Exception as error:
            log.error("A call could not be made.", channel=channel, error=where(error))  # noqa: TRY400 - no words of a person
            return await self._doubt(line, call, type(error).__name__)
        else:
            line.stumbles = 0
            await self._chats.sent(call.id, message, self._clock())
        return True

    async def _doubt(self, line: _Line, call: Sending, reason: str) -> bool:
        """The written policy for what may have arrived: an answer is sent once more, and never a third time."""
        again = call.attempts < TRIES
        log.warning("A call may have arrived or not.", channel=self._channel.name, again=again, reason=reason)
        if again:
            await self._chats.unsure(call.id, reason)
            await self._channel.reached()
            self._hold(line, None)
        else:
            await self._chats.given_up(call.id, "unknown", reason, self._clock())
        return not again

    def _hold(self, line: _Line, after: float | None) -> None:
        """Leaves a chat alone for as long as the platform asked, or for longer with every failure."""
        line.stumbles += 1
        if after is None:
            after = min(15.0, 0.25 * 2.0 ** min(line.stumbles, 10)) * random.uniform(0.75, 1.25)
        line.held = asyncio.get_running_loop().time() + after

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
        rest = list(line.calls)[1 if line.busy else 0 :]
        line.calls = deque(list(line.calls)[:1] if line.busy else ())
        first = list(there.calls)[:1] if there.busy else []
        there.calls = deque(first + sorted([*rest, *list(there.calls)[len(first) :]], key=lambda call: call.id))
        self._offer(there)
