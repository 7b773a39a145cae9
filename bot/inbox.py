"""How what came in is answered: from the store, each chat in order, many side by side, and none so
that it is lost.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import structlog

from bot.book import ChatBook
from bot.channels import Channel, Dressed, Incoming, Joined, Left, Moved
from bot.logs import where
from bot.outbox import ANSWER, APART, Outbox, now_in_utc
from bot.quota import VIET_NAM
from bot.ties import ChatTies
from db.accounts import Accounts
from db.chats import Begun, Chats, Finished, Outgoing, Place, Received, Remembered
from db.deliveries import Deliveries, Kept
from db.turns import patiently
from db.usage import Usage
from handlers.command import Command
from handlers.desk import Desk
from handlers.message import Message, line, note
from handlers.question import Asking, Context, Conversation, Turn
from handlers.say import Say, say_in

log = structlog.get_logger(__name__)

SIDE_BY_SIDE = 8
"""How many chats are answered at once."""
BEGINNINGS = 3
"""How often an update is begun at most: one that ends the process every time must not do so for
ever.
"""
GREETING = "/start"
"""What it means to call the bot by its name and say nothing."""
FOUND = 8
"""How many answers a search shows when its words fit several things."""
SEARCHED = timedelta(seconds=20)
"""After so long nobody waits for a search any more."""
STALE = timedelta(hours=12)
"""After so long a talk is over: within a working day one asks on ("còn 2022?"), and what was spoken
of the day before is no longer in anyone's mind, so that leaning on it would answer a question that
was not asked.
"""
SHARE = 20
"""Where a platform counts messages, no chat is given more than one in so many of a month's in a
day: else one who plays with the bot leaves nothing to the others.
"""
A_DAY = 30
"""But so many in any plan."""
SLOW = 0.5
"""After so many seconds of work a person is shown that it goes on; the sign lasts 5."""


class Inbox:
    """Answers the updates of one channel. Only this stores and finishes them; a restart goes on
    where it ended.
    """

    def __init__(
        self,
        chats: Chats,
        channel: Channel,
        desk: Desk,
        outbox: Outbox,
        *,
        clock: Callable[[], datetime] = now_in_utc,
        say_in: Callable[[str], Say] = say_in,
        admins: Sequence[str] = (),
    ) -> None:
        """`admins` are the bot's own on this channel: they may change what others subscribed to in
        a group.
        """
        self._chats = chats
        self._channel = channel
        self._desk = desk
        self._outbox = outbox
        self._deliveries = Deliveries(chats.turns)
        self._usage = Usage(chats.turns)
        self._accounts = Accounts(chats.turns)
        self._admins = tuple(admins)
        self._clock = clock
        self._say_in = say_in
        self._waiting: dict[str, deque[int]] = {}
        self._ready: asyncio.Queue[str] = asyncio.Queue()
        self._workers: list[asyncio.Task[None]] = []
        self._stopping = False

    async def take(self, updates: Sequence[Received]) -> None:
        """Store updates, however long the database is locked; then they are there."""
        self._line_up(
            await self._chats.receive(self._channel.name, self._channel.bot, updates, self._clock())
        )

    def _line_up(self, rows: Sequence[tuple[int, str]]) -> None:
        for id, chat in rows:
            if chat in self._waiting:
                self._waiting[chat].append(id)
            else:
                self._waiting[chat] = deque([id])
                self._ready.put_nowait(chat)

    async def run(self) -> None:
        """Answers until it is stopped or cancelled; it may be run again after a failure."""
        self._waiting.clear()
        self._ready = asyncio.Queue()
        self._line_up(await self._chats.waiting(self._channel.name, self._channel.bot))
        await self._channel.known()
        self._workers = [asyncio.create_task(self._work()) for _ in range(SIDE_BY_SIDE)]
        try:
            await asyncio.gather(*self._workers)
        finally:
            for worker in self._workers:
                worker.cancel()
            await asyncio.gather(*self._workers, return_exceptions=True)

    async def stop(self, within: float) -> None:
        """Begins nothing new, and gives what is in hand so many seconds to end."""
        self._stopping = True
        for _ in self._workers:
            self._ready.put_nowait("")
        if self._workers:
            await asyncio.wait(self._workers, timeout=within)

    async def _work(self) -> None:
        while True:
            chat = await self._ready.get()
            if self._stopping:
                return
            row = self._waiting[chat]
            await self._finish(row[0])
            row.popleft()
            if row:
                self._ready.put_nowait(chat)
            else:
                del self._waiting[chat]

    # ------------------------------------------------------------ one update

    async def _finish(self, id: int) -> None:
        begun = await self._chats.begin(id)
        if begun is not None:
            done = await self._outcome(begun)
            name, bot = self._channel.name, self._channel.bot
            self._outbox.add(await self._chats.finish(id, name, bot, done, self._clock()))

    async def _outcome(self, begun: Begun) -> Finished:
        """What becomes of an update: an answer, or an apology, or nothing."""
        if begun.attempts > BEGINNINGS + 1:
            log.error(
                "An update was begun too often and is put aside without a word.",
                channel=self._channel.name,
            )
            return Finished("aside", "begun too often")
        incoming: Incoming | None = None
        try:
            event = self._channel.read(json.loads(begun.raw))
            if not isinstance(event, Incoming):
                return await self._noted(event)
            incoming = replace(event, chat=begun.chat or event.chat)  # a chat may have moved since
            if begun.attempts <= BEGINNINGS:
                return await self._answered(incoming, begun)
            reason = "begun too often"
        except Exception as error:
            reason = where(error)
        if incoming is None:
            log.error(
                "An update could not be read and is put aside.",
                channel=self._channel.name,
                reason=reason,
            )
            return Finished("aside", reason)
        log.error(
            "A question could not be answered and is put aside.",
            channel=self._channel.name,
            reason=reason,
        )
        remembered = await self._chats.remembered(self._channel.name, _place(incoming))
        say = self._speech(remembered.language)
        sorry = self._channel.remark(incoming, say, say.text("channel.sorry"))
        return self._done(incoming, sorry, state="aside", reason=reason)

    async def _noted(self, event: Joined | Left | Moved | None) -> Finished:
        """What happened to a chat; doing it twice is the same as once."""
        name, bot = self._channel.name, self._channel.bot
        if isinstance(event, Moved):
            await self._outbox.move(event.chat, event.to)
        elif isinstance(event, Left):
            await self._chats.left(name, bot, event.chat, event.reason, self._clock())
        elif isinstance(event, Joined):
            await self._chats.returned(name, event.chat)
            if event.greet:
                arrived = Incoming(event.chat, "", None, group=True)
                remembered = await self._chats.remembered(name, _place(arrived))
                say = self._speech(remembered.language)
                hello = Message((line(*say.words("channel.hello")),))
                return self._done(arrived, self._channel.dress(arrived, say, hello))
        return Finished("ignored")

    async def _answered(self, incoming: Incoming, begun: Begun) -> Finished:
        name, bot, chat = self._channel.name, self._channel.bot, incoming.chat
        remembered = await self._chats.remembered(name, _place(incoming))
        say = self._speech(remembered.language)
        asked_at = incoming.sent_at or begun.received_at
        today = asked_at.astimezone(VIET_NAM).date()
        if incoming.searched:
            if self._clock() - begun.received_at > SEARCHED:
                return Finished("ignored", "nobody waits for it any more")
            return self._done(incoming, await self._found(incoming, say, today))
        text, command = incoming.text, None
        if incoming.pressed:
            offer = await self._chats.offered(name, bot, chat, incoming.pressed, self._clock())
            if offer is None:
                return self._done(
                    incoming, self._channel.remark(incoming, say, say.text("channel.outdated"))
                )
            text, command = offer.text, Command.load(offer.command)
        if text is None:
            told = f"{incoming.once} {today}"
            if incoming.once and await self._usage.noticed(name, bot, chat, told):
                return Finished("ignored", incoming.once)
            sorry = self._channel.remark(incoming, say, say.text("channel.unreadable"))
            return self._done(incoming, sorry, notices=(told,) if incoming.once else ())
        if (plan := self._channel.plan) is not None:
            most = max(A_DAY, plan.messages // SHARE)
            if (
                await self._chats.answered(name, bot, chat, self._clock() - timedelta(days=1))
                >= most
            ):
                enough = f"enough {today}"
                if await self._usage.noticed(name, bot, chat, enough):
                    return Finished("ignored", "enough for a day")
                sorry = self._channel.remark(incoming, say, say.text("channel.enough", count=most))
                return self._done(incoming, sorry, notices=(enough,))
        text = text.strip() or GREETING
        earlier = (
            await self._chats.earlier(name, bot, chat, incoming.message)
            if incoming.edited
            else None
        )
        async with self._typing(incoming):
            before = (
                earlier.conversation
                if earlier
                else await self._before(incoming, remembered, asked_at)
            )
            talk = Conversation.load(before or {}, say.language)
            turn, book = await patiently(
                lambda: self._turn(incoming, text, talk, today, say.language, command)
            )
        # An edited question changes what is talked of only while it is the last one.
        last = earlier is None or remembered.message == incoming.message
        say = self._speech(turn.after.language)
        reply, notices = await self._with_warning(chat, turn.answer.message, today, say)
        return self._done(
            incoming,
            self._channel.dress(incoming, say, reply),
            edits=earlier.answer if earlier else None,
            before=before,
            after=turn.after.dump(),
            conversation=turn.after.dump() if last else None,
            language=turn.answer.language,
            kept=book.kept,
            notices=notices,
        )

    async def _with_warning(
        self, chat: str, reply: Message, asked: date, say: Say
    ) -> tuple[Message, tuple[str, ...]]:
        """A reply that tells a chat, once a month, that the platform's messages come to an end.

        One that has to wait for the next month says of which day its question is, since it is read
        among others then.
        """
        quota = self._outbox.quota
        if self._outbox.holding:
            held = note(say.text("channel.held", day=say.day(asked)))
            return replace(reply, blocks=(*reply.blocks, held)), ()
        warned = f"quota {quota.month}"
        if (left := quota.low) is None or await self._usage.noticed(
            self._channel.name, self._channel.bot, chat, warned
        ):
            return reply, ()
        more = left - 1  # this reply is one of them
        words = say.text(
            "channel.quota" if more > 0 else "channel.quota.last",
            count=more,
            day=say.day(quota.renewed),
        )
        return replace(reply, blocks=(*reply.blocks, note(words))), (warned,)

    async def _turn(
        self,
        incoming: Incoming,
        text: str,
        talk: Conversation,
        today: date,
        language: str,
        command: Command | None,
    ) -> tuple[Turn, ChatBook]:
        """An answer, and the book with what it has changed."""
        now = self._clock()
        book = ChatBook(self._deliveries, self._channel, incoming, now, language, self._admins)
        ties = ChatTies(self._accounts, self._channel.name, self._channel.bot, incoming, now)
        asking = Asking(today, now, rows=self._channel.rows, book=book, ties=ties, command=command)
        return await self._desk.turn(text, talk, asking), book

    async def _before(
        self, incoming: Incoming, remembered: Remembered, asked_at: datetime
    ) -> dict[str, Any] | None:
        """The talk that a question goes on with, None for none.

        It is the one that the message replied to ended with, whoever asked there; else the person's
        own; else, in a group, the topic's last.
        """
        name, bot, chat = self._channel.name, self._channel.bot, incoming.chat
        if incoming.reply_to:
            replied = await self._chats.after(name, bot, chat, incoming.reply_to)
            if replied is not None:
                return replied
        own = remembered.conversation if _fresh(remembered.changed_at, asked_at) else None
        if not incoming.group:
            return own
        last = await self._chats.last_talk(name, chat, incoming.topic)
        if last is None or not _fresh(last.changed_at, asked_at):
            return own
        # What was offered last is what all in the group have before their eyes: a bare "2" picks
        # from that.
        mine, talk = Conversation.load(own or {}), Conversation.load(last.conversation)
        return (
            talk if mine.context in (None, Context()) else replace(mine, offered=talk.offered)
        ).dump()

    async def _found(self, incoming: Incoming, say: Say, today: date) -> Dressed:
        """The answers to words still being typed: one, or one for each thing that they may mean."""
        if not incoming.text:
            return self._channel.remark(incoming, say, say.text("channel.search"))
        empty = Conversation(language=say.language)
        asking = Asking(today, rows=self._channel.rows)
        answer = (await self._desk.turn(incoming.text, empty, asking)).answer
        if answer.kind in (
            "subscription",
            "account",
        ):  # a search is nobody's chat: nothing is subscribed there
            return self._channel.remark(incoming, say, say.text("channel.search"))
        if answer.kind != "choose":
            return self._channel.dress(incoming, say, answer.message)
        turns = [
            await self._desk.turn(each.text, empty, asking)
            for each in answer.message.choices[:FOUND]
        ]
        return self._channel.dress(incoming, say, *(turn.answer.message for turn in turns))

    def _done(
        self,
        incoming: Incoming,
        dressed: Dressed,
        *,
        state: str = "answered",
        reason: str = "",
        edits: int | None = None,
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
        conversation: dict[str, Any] | None = None,
        language: str | None = None,
        kept: tuple[Kept, ...] = (),
        notices: tuple[str, ...] = (),
    ) -> Finished:
        """An answer as it is stored. Its first message hangs on the question, or takes the place of
        the one before.
        """
        calls: list[Outgoing] = []
        hung = False
        for call in dressed.calls:
            expires = self._clock() + call.lasts if call.lasts else None
            if call.apart:
                calls.append(
                    Outgoing(call.content, None, APART, data=call.data, expires_at=expires)
                )
                continue
            calls.append(
                Outgoing(
                    call.content,
                    incoming.chat,
                    ANSWER,
                    topic=incoming.topic,
                    reply_to="" if hung else incoming.message,
                    data=call.data,
                    edits=None if hung else edits,
                    expires_at=expires,
                )
            )
            hung = True
        return Finished(
            state,
            reason,
            message=incoming.message,
            before=before,
            after=after,
            calls=tuple(calls),
            offers=dressed.offers,
            place=_place(incoming),
            conversation=conversation,
            language=language,
            kept=kept,
            notices=notices,
            private=not (incoming.group or incoming.searched),
        )

    def _speech(self, language: str | None) -> Say:
        return self._say_in(language or "vi")

    @asynccontextmanager
    async def _typing(self, incoming: Incoming) -> AsyncIterator[None]:
        """Shows in a private chat that work goes on, if it goes on for long."""

        async def show() -> None:
            await asyncio.sleep(SLOW)
            while True:
                await self._channel.typing(incoming.chat, incoming.topic)
                await asyncio.sleep(4.5)

        shown = None if incoming.group else asyncio.create_task(show())
        try:
            yield
        finally:
            if shown is not None:
                shown.cancel()


def _fresh(changed_at: datetime | None, asked_at: datetime) -> bool:
    """Whether a talk was still going on when something was asked, however long that waited for its
    answer.
    """
    return changed_at is not None and asked_at - changed_at < STALE


def _place(incoming: Incoming) -> Place:
    return Place(incoming.chat, incoming.topic, incoming.person)
