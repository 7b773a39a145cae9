"""What the bot remembers of chats: what came in and goes out, what was offered and talked of, how
to speak there.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import and_, case, delete, false, func, insert, not_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from db.chat_tables import (
    chats,
    claims,
    contents,
    inbox,
    link_codes,
    notices,
    offers,
    outbox,
    pictures,
    subscriptions,
    talks,
)
from db.deliveries import Kept, keep, stop
from db.identity import Account, linked, meet
from db.turns import Turns
from db.usage import count, notice

KEPT = timedelta(days=14)
"""How long what is finished is known: duplicates are recognised and answers can be edited for so
long.
"""
OFFERED = timedelta(days=60)
"""How long a button works."""
ASIDE = timedelta(days=1)
"""How long the text of what could not be answered is kept, for whoever looks into it."""
TALKED = timedelta(days=90)
"""How long the last talk of a person is kept."""
NOTICED = timedelta(days=62)
"""How long it is known what a chat was told once."""
CLAIMED = timedelta(days=800)
"""How long it is known which digest was sent: for longer than any clock is wrong."""

_ERASED: dict[str, Any] = {"call": None, "data": None, "content": None}
"""What is sent or given up keeps no words."""


@dataclass(frozen=True, slots=True)
class Received:
    """An update as the platform gave it: the platform's own key for it, and the chat whose order it
    keeps.
    """

    key: str
    chat: str
    raw: str


@dataclass(frozen=True, slots=True)
class Begun:
    """A stored update in hand; `attempts` counts this one, so more than one means that an earlier
    one never ended.
    """

    id: int
    chat: str
    raw: str
    attempts: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Whose talk it is: a person, in a chat, in a topic of it (empty where there are none)."""

    chat: str
    topic: str
    person: str


@dataclass(frozen=True, slots=True)
class Remembered:
    """How a chat is spoken to, and what was talked of at a place and when.

    `message` is the last question's own id there.
    """

    language: str | None = None
    conversation: dict[str, Any] | None = None
    message: str = ""
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Talked:
    """What was talked of, and when it was last answered."""

    conversation: dict[str, Any]
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Earlier:
    """How a message was answered before it was edited: what was talked of until then, and the
    answer's first call.
    """

    conversation: dict[str, Any] | None
    answer: int | None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One call to a platform, dressed and ready; `chat` None is for calls that belong to no chat's
    order.
    """

    call: dict[str, Any]
    chat: str | None
    lane: int
    topic: str = ""
    reply_to: str = ""
    data: bytes | None = None
    edits: int | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Queued:
    """A call that waits in the store, as the sender needs to know it: in which chat's order, and
    how urgent.
    """

    id: int
    chat: str | None
    lane: int


@dataclass(frozen=True, slots=True)
class Sending:
    """A call in hand; `attempts` counts this one, and `edits` is the platform's id of the message
    to be changed.

    `subscription` is whose digest or alert it is a part of, None for what is no part of any.
    `month` is the one that it is counted in, None where nothing is counted.
    """

    id: int
    call: dict[str, Any]
    data: bytes | None
    chat: str | None
    topic: str
    reply_to: str
    edits: str
    attempts: int
    subscription: int | None = None
    month: str | None = None


class Offer(NamedTuple):
    """A button's key, the text that it stands for, and what it does where that is not read."""

    key: str
    text: str
    command: str = ""


@dataclass(frozen=True)
class Finished:
    """All that becomes of an update, stored as one: either everything of it is there after a crash,
    or nothing.

    `state` is answered, ignored or aside. `before` and `after` are the conversation on both sides
    of this answer. `place` and `conversation` are what the next question may lean on, None where
    nothing changes. `offers` are buttons and what they stand for. `kept` are subscriptions
    that were made or changed. `notices` name what the chat is told here and not again. `private`
    where the place is the person's own chat with the bot, so that a language chosen there holds in
    her other ones, too.
    """

    state: str
    reason: str = ""
    message: str = ""
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    calls: tuple[Outgoing, ...] = ()
    offers: tuple[Offer, ...] = ()
    place: Place | None = None
    conversation: dict[str, Any] | None = None
    language: str | None = None
    kept: tuple[Kept, ...] = ()
    notices: tuple[str, ...] = ()
    private: bool = False


class Chats:
    """The memory of chats. A database that another process has locked is waited for: no call fails
    because of it.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self.turns = Turns(engine)

    @property
    def engine(self) -> AsyncEngine:
        return self.turns.engine

    # ------------------------------------------------------------ in

    async def receive(
        self, channel: str, bot: str, updates: Sequence[Received], now: datetime
    ) -> list[tuple[int, str]]:
        """Stores updates and gives the id and chat of those that were not known yet, in order."""

        async def work(connection: AsyncConnection) -> list[tuple[int, str]]:
            new = []
            for each in updates:
                values = {
                    "channel": channel,
                    "bot": bot,
                    "key": each.key,
                    "chat": each.chat,
                    "raw": each.raw,
                }
                statement = (
                    self.turns.insert(inbox)
                    .values(**values, received_at=now)
                    .on_conflict_do_nothing(index_elements=["channel", "bot", "key"])
                    .returning(inbox.c.id)
                )
                found = (await connection.execute(statement)).scalar()
                if found is not None:
                    new.append((int(found), each.chat))
            return new

        return await self.turns.write(work)

    async def waiting(self, channel: str, bot: str) -> list[tuple[int, str]]:
        """Id and chat of what is not answered yet, in order."""

        async def work(connection: AsyncConnection) -> list[tuple[int, str]]:
            rows = await connection.execute(
                select(inbox.c.id, inbox.c.chat)
                .where(
                    inbox.c.channel == channel, inbox.c.bot == bot, inbox.c.finished_at.is_(None)
                )
                .order_by(inbox.c.id)
            )
            return [(row.id, row.chat) for row in rows]

        return await self.turns.read(work)

    async def answered(self, channel: str, bot: str, chat: str, since: datetime) -> int:
        """How many questions of a chat that came after a moment were answered."""

        async def work(connection: AsyncConnection) -> int:
            here = (inbox.c.channel == channel, inbox.c.bot == bot, inbox.c.chat == chat)
            found = select(func.count()).where(
                *here, inbox.c.state == "answered", inbox.c.received_at > since
            )
            return int(await connection.scalar(found) or 0)

        return await self.turns.read(work)

    async def begin(self, id: int) -> Begun | None:
        """Takes an update in hand and counts that; None when it is finished already."""

        async def work(connection: AsyncConnection) -> Begun | None:
            row = (
                await connection.execute(
                    update(inbox)
                    .where(inbox.c.id == id, inbox.c.finished_at.is_(None))
                    .values(attempts=inbox.c.attempts + 1)
                    .returning(
                        inbox.c.id, inbox.c.chat, inbox.c.raw, inbox.c.attempts, inbox.c.received_at
                    )
                )
            ).first()
            return (
                Begun(row.id, row.chat, row.raw or "", row.attempts, row.received_at)
                if row
                else None
            )

        return await self.turns.write(work)

    async def finish(
        self, id: int, channel: str, bot: str, done: Finished, now: datetime
    ) -> list[Queued]:
        """Stores all that becomes of an update and gives its calls in order; nothing when it was
        finished before.

        The update's text is erased, but for one that was put aside.
        """

        async def work(connection: AsyncConnection) -> list[Queued]:
            taken = await connection.execute(
                update(inbox)
                .where(inbox.c.id == id, inbox.c.finished_at.is_(None))
                .values(
                    state=done.state,
                    reason=done.reason,
                    message=done.message,
                    before=_dump(done.before),
                    after=_dump(done.after),
                    finished_at=now,
                    **({} if done.state == "aside" else {"raw": None}),
                )
            )
            if taken.rowcount != 1:
                return []
            if done.place is not None and done.conversation is not None:
                await self._remember(
                    connection, channel, done.place, done.message, done.conversation, now
                )
            if done.place is not None:
                await self._met(connection, channel, bot, done.place, done, now)
            if done.place is not None and done.offers:
                where = {"channel": channel, "bot": bot, "chat": done.place.chat, "made_at": now}
                rows = [{**offer._asdict(), **where} for offer in done.offers]
                await connection.execute(insert(offers), rows)
            for kept in done.kept:
                await keep(connection, channel, bot, kept, now)
            if done.place is not None:
                for what in done.notices:
                    await notice(self.turns, connection, channel, bot, done.place.chat, what, now)
            return [await _queue(connection, channel, bot, each, id, now) for each in done.calls]

        return await self.turns.write(work)

    # ------------------------------------------------------------ what is remembered

    async def remembered(self, channel: str, place: Place) -> Remembered:
        """What is known at a place before the next question."""

        async def work(connection: AsyncConnection) -> Remembered:
            language = await connection.scalar(
                select(chats.c.language).where(
                    chats.c.channel == channel, chats.c.chat == place.chat
                )
            )
            row = (
                await connection.execute(
                    select(talks.c.conversation, talks.c.message, talks.c.changed_at).where(
                        talks.c.channel == channel,
                        talks.c.chat == place.chat,
                        talks.c.topic == place.topic,
                        talks.c.person == place.person,
                    )
                )
            ).first()
            if row is None:
                return Remembered(language)
            return Remembered(language, json.loads(row.conversation), row.message, row.changed_at)

        return await self.turns.read(work)

    async def last_talk(self, channel: str, chat: str, topic: str) -> Talked | None:
        """What was talked of after a topic's last answer, whoever asked; None where nothing was."""

        async def work(connection: AsyncConnection) -> Talked | None:
            row = (
                await connection.execute(
                    select(talks.c.conversation, talks.c.changed_at)
                    .where(talks.c.channel == channel, talks.c.chat == chat, talks.c.topic == topic)
                    .order_by(talks.c.changed_at.desc())
                    .limit(1)
                )
            ).first()
            return Talked(json.loads(row.conversation), row.changed_at) if row else None

        return await self.turns.read(work)

    async def after(self, channel: str, bot: str, chat: str, message: str) -> dict[str, Any] | None:
        """The conversation as it stood after the answer that a message of ours is part of.

        None when the message is unknown, is no answer to a question, or is so old that nobody
        knows.
        """

        async def work(connection: AsyncConnection) -> dict[str, Any] | None:
            found = await connection.scalar(
                select(inbox.c.after)
                .select_from(outbox.outerjoin(inbox, outbox.c.question == inbox.c.id))
                .where(
                    outbox.c.channel == channel,
                    outbox.c.bot == bot,
                    outbox.c.chat == chat,
                    outbox.c.message == message,
                )
                .order_by(
                    outbox.c.id.desc()
                )  # an answer that was edited keeps its message: what it says now counts
                .limit(1)
            )
            return json.loads(found) if found else None

        return await self.turns.read(work)

    async def earlier(self, channel: str, bot: str, chat: str, message: str) -> Earlier | None:
        """Give how a message was answered last; None when it was not, or too long ago."""

        async def work(connection: AsyncConnection) -> Earlier | None:
            row = (
                await connection.execute(
                    select(inbox.c.id, inbox.c.before)
                    .where(
                        inbox.c.channel == channel,
                        inbox.c.bot == bot,
                        inbox.c.chat == chat,
                        inbox.c.message == message,
                        inbox.c.state.in_(("answered", "aside")),
                    )
                    .order_by(inbox.c.id.desc())
                    .limit(1)
                )
            ).first()
            if row is None:
                return None
            answer = await connection.scalar(
                select(func.min(outbox.c.id)).where(
                    outbox.c.question == row.id, outbox.c.chat.is_not(None)
                )
            )
            return Earlier(json.loads(row.before) if row.before else None, answer)

        return await self.turns.read(work)

    async def offered(
        self, channel: str, bot: str, chat: str, key: str, now: datetime
    ) -> Offer | None:
        """What a button of this chat stands for; None when it is unknown there or too old."""

        async def work(connection: AsyncConnection) -> Offer | None:
            found = await connection.execute(
                select(offers.c.key, offers.c.text, offers.c.command).where(
                    offers.c.key == key,
                    offers.c.channel == channel,
                    offers.c.bot == bot,
                    offers.c.chat == chat,
                    offers.c.made_at > now - OFFERED,
                )
            )
            row = found.first()
            return Offer(*row) if row is not None else None

        return await self.turns.read(work)

    async def left(
        self,
        channel: str,
        bot: str,
        chat: str,
        reason: str,
        now: datetime,
        month: str | None = None,
    ) -> None:
        """Marks a chat as out of reach: what waits for it will not be sent, and what is subscribed
        there is stopped.

        The call that found it out is counted in `month` no more.
        """

        async def work(connection: AsyncConnection) -> None:
            if month is not None:
                await count(self.turns, connection, channel, bot, month, -1)
            await self.turns.put(
                connection, chats, {"channel": channel, "chat": chat}, gone_at=now, reason=reason
            )
            await connection.execute(
                update(outbox)
                .where(
                    outbox.c.channel == channel,
                    outbox.c.bot == bot,
                    outbox.c.chat == chat,
                    outbox.c.finished_at.is_(None),
                )
                .values(state="failed", reason=reason, finished_at=now, **_ERASED)
            )
            await stop(connection, channel, bot, chat, None, reason)

        await self.turns.write(work)

    async def returned(self, channel: str, chat: str) -> None:
        """Marks a chat as within reach again."""

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(
                update(chats)
                .where(
                    chats.c.channel == channel, chats.c.chat == chat, chats.c.gone_at.is_not(None)
                )
                .values(gone_at=None, reason="")
            )

        await self.turns.write(work)

    async def gone(self, channel: str, chat: str) -> str | None:
        """Why a chat is out of reach; None when it is not."""

        async def work(connection: AsyncConnection) -> str | None:
            row = (
                await connection.execute(
                    select(chats.c.reason).where(
                        chats.c.channel == channel,
                        chats.c.chat == chat,
                        chats.c.gone_at.is_not(None),
                    )
                )
            ).first()
            return row.reason if row else None

        return await self.turns.read(work)

    async def move(self, channel: str, bot: str, old: str, new: str) -> None:
        """Gives all that belongs to a chat to the chat that it became; doing it twice is the same
        as once.

        Replies lose their question and answers their message, for a message's id means nothing in
        the new chat.
        """

        async def work(connection: AsyncConnection) -> None:
            for table, changes in (
                (inbox, {"chat": new, "message": ""}),
                (outbox, {"chat": new, "message": "", "reply_to": "", "edits": None}),
                (offers, {"chat": new}),
                (subscriptions, {"chat": new, "message": ""}),
            ):
                here = and_(table.c.channel == channel, table.c.bot == bot, table.c.chat == old)
                await connection.execute(update(table).where(here).values(**changes))
            for row in await connection.execute(
                select(talks).where(talks.c.channel == channel, talks.c.chat == old)
            ):
                values = {**row._mapping, "chat": new, "message": ""}
                await connection.execute(
                    self.turns.insert(talks).values(**values).on_conflict_do_nothing()
                )
            await connection.execute(
                delete(talks).where(talks.c.channel == channel, talks.c.chat == old)
            )
            language = await connection.scalar(
                select(chats.c.language).where(chats.c.channel == channel, chats.c.chat == old)
            )
            if language is not None:
                await self.turns.put(
                    connection, chats, {"channel": channel, "chat": new}, language=language
                )
            await connection.execute(
                delete(chats).where(chats.c.channel == channel, chats.c.chat == old)
            )

        await self.turns.write(work)

    # ------------------------------------------------------------ out

    async def unsent(
        self, channel: str, bot: str, now: datetime, *, asking: bool = False
    ) -> list[Queued]:
        """What is still to be sent, in order. Call it once at the start, before anything is sent.

        A call found in the middle of being sent may have arrived: it counts as unknown, and after
        the second time it stays so. A part of a digest in doubt comes after all that is not; with
        `asking` it is left to whoever settles it.
        """

        async def work(connection: AsyncConnection) -> list[Queued]:
            ours = and_(
                outbox.c.channel == channel, outbox.c.bot == bot, outbox.c.finished_at.is_(None)
            )
            await connection.execute(
                update(outbox)
                .where(ours, outbox.c.state == "sending")
                .values(state="unknown", reason="stopped")
            )
            doubtful = outbox.c.subscription.is_not(None) & (outbox.c.state == "unknown")
            left = doubtful if asking else false()
            await connection.execute(
                update(outbox)
                .where(ours, outbox.c.state == "unknown", outbox.c.attempts >= 2, not_(left))
                .values(finished_at=now, **_ERASED)
            )
            queued = select(outbox.c.id, outbox.c.chat, outbox.c.lane).where(ours, not_(left))
            rows = await connection.execute(
                queued.order_by(case((doubtful, 1), else_=0), outbox.c.id)
            )
            return [Queued(row.id, row.chat, row.lane) for row in rows]

        return await self.turns.write(work)

    async def sending(self, id: int, now: datetime, month: str | None = None) -> Sending | None:
        """Takes a call in hand and commits that; None when it is in hand already, finished, or too
        late.

        It is counted in `month` from here on: after a crash it may have arrived.
        """

        async def work(connection: AsyncConnection) -> Sending | None:
            await connection.execute(
                update(outbox)
                .where(
                    outbox.c.id == id, outbox.c.finished_at.is_(None), outbox.c.expires_at <= now
                )
                .values(state="expired", finished_at=now, **_ERASED)
            )
            row = (
                await connection.execute(
                    update(outbox)
                    .where(
                        outbox.c.id == id,
                        outbox.c.finished_at.is_(None),
                        outbox.c.state != "sending",
                    )
                    .values(state="sending", attempts=outbox.c.attempts + 1)
                    .returning(*outbox.c)
                )
            ).first()
            if row is None:
                return None
            if month is not None:
                await count(self.turns, connection, row.channel, row.bot, month, 1)
            edits = ""
            if row.edits is not None:
                edits = (
                    await connection.scalar(
                        select(outbox.c.message).where(outbox.c.id == row.edits)
                    )
                    or ""
                )
            call, data = row.call, row.data
            if row.content is not None:
                call, data = (
                    await connection.execute(
                        select(contents.c.call, contents.c.data).where(
                            contents.c.key == row.content
                        )
                    )
                ).one()
            return Sending(
                row.id,
                json.loads(call),
                data,
                row.chat,
                row.topic,
                row.reply_to,
                edits,
                row.attempts,
                row.subscription,
                month,
            )

        return await self.turns.write(work)

    async def sent(self, id: int, message: str, now: datetime) -> None:
        """Records that a call arrived, and the platform's id of the message it made."""
        await self._settle(id, state="sent", message=message, reason="", finished_at=now, **_ERASED)

    async def unsure(self, id: int, reason: str) -> None:
        """Records that nobody knows whether a call arrived: it may be tried once more."""
        await self._settle(id, state="unknown", reason=reason)

    async def given_up(
        self, id: int, state: str, reason: str, now: datetime, month: str | None = None
    ) -> None:
        """Records that a call is not tried again: `failed`, or `unknown` for good.

        With a part of a digest that failed go the parts of it that wait. One that failed is counted
        in `month` no more.
        """

        async def work(connection: AsyncConnection) -> None:
            row = (
                await connection.execute(
                    update(outbox)
                    .where(outbox.c.id == id, outbox.c.finished_at.is_(None))
                    .values(state=state, reason=reason, finished_at=now, **_ERASED)
                    .returning(
                        outbox.c.channel, outbox.c.bot, outbox.c.subscription, outbox.c.period
                    )
                )
            ).first()
            if row is not None and month is not None and state == "failed":
                await count(self.turns, connection, row.channel, row.bot, month, -1)
            if row is not None and row.subscription is not None and state == "failed":
                rest = and_(
                    outbox.c.subscription == row.subscription, outbox.c.period == row.period
                )
                await connection.execute(
                    update(outbox)
                    .where(rest, outbox.c.finished_at.is_(None), outbox.c.state != "sending")
                    .values(state="failed", reason=reason, finished_at=now, **_ERASED)
                )

        await self.turns.write(work)

    async def unsent_again(self, id: int, reason: str, month: str | None = None) -> None:
        """Records that a call surely did not arrive and is still to be sent; the attempt does not
        count, in `month` neither.
        """

        async def work(connection: AsyncConnection) -> None:
            row = (
                await connection.execute(
                    update(outbox)
                    .where(outbox.c.id == id, outbox.c.finished_at.is_(None))
                    .values(state="waiting", reason=reason, attempts=outbox.c.attempts - 1)
                    .returning(outbox.c.channel, outbox.c.bot)
                )
            ).first()
            if row is not None and month is not None:
                await count(self.turns, connection, row.channel, row.bot, month, -1)

        await self.turns.write(work)

    async def _settle(self, id: int, **values: Any) -> None:
        async def work(connection: AsyncConnection) -> None:
            await connection.execute(
                update(outbox)
                .where(outbox.c.id == id, outbox.c.finished_at.is_(None))
                .values(**values)
            )

        await self.turns.write(work)

    # ------------------------------------------------------------ keeping house

    async def prune(self, now: datetime) -> None:
        """Forgets what nobody needs any more, and the text of what was put aside."""

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(
                update(inbox)
                .where(inbox.c.raw.is_not(None), inbox.c.finished_at < now - ASIDE)
                .values(raw=None)
            )
            # What nobody settled for so long stays unknown.
            await connection.execute(
                update(outbox)
                .where(
                    outbox.c.state == "unknown",
                    outbox.c.finished_at.is_(None),
                    outbox.c.made_at < now - KEPT,
                )
                .values(finished_at=now, **_ERASED)
            )
            await connection.execute(delete(outbox).where(outbox.c.finished_at < now - KEPT))
            still = select(outbox.c.content).where(outbox.c.content.is_not(None))
            await connection.execute(delete(contents).where(contents.c.key.not_in(still)))
            await connection.execute(
                delete(subscriptions).where(subscriptions.c.ended_at < now - KEPT)
            )
            await connection.execute(delete(claims).where(claims.c.claimed_at < now - CLAIMED))
            await connection.execute(delete(inbox).where(inbox.c.finished_at < now - KEPT))
            await connection.execute(delete(offers).where(offers.c.made_at < now - OFFERED))
            await connection.execute(delete(link_codes).where(link_codes.c.made_at < now - ASIDE))
            await connection.execute(delete(talks).where(talks.c.changed_at < now - TALKED))
            await connection.execute(delete(notices).where(notices.c.given_at < now - NOTICED))
            await connection.execute(delete(pictures).where(pictures.c.expires_at < now))

        await self.turns.write(work)

    # ------------------------------------------------------------ the ways to write

    async def _met(
        self,
        connection: AsyncConnection,
        channel: str,
        bot: str,
        place: Place,
        done: Finished,
        now: datetime,
    ) -> None:
        """Keeps who wrote, and the language that was chosen there."""
        where = {(channel, place.chat)}
        if place.person and (
            done.private or place.person != place.chat
        ):  # a group's admin may hide behind the group
            await meet(
                connection,
                self.turns,
                Account(channel, bot, place.person, place.chat if done.private else ""),
                now,
            )
        if done.language is None:
            return
        if done.private:
            others = await linked(connection, channel, bot, place.person)
            where |= {(each.channel, each.chat) for each in others if each.chat}
        for name, chat in sorted(where):
            await self.turns.put(
                connection, chats, {"channel": name, "chat": chat}, language=done.language
            )

    async def _remember(
        self,
        connection: AsyncConnection,
        channel: str,
        place: Place,
        message: str,
        conversation: dict[str, Any],
        now: datetime,
    ) -> None:
        key = {"channel": channel, "chat": place.chat, "topic": place.topic, "person": place.person}
        await self.turns.put(
            connection,
            talks,
            key,
            message=message,
            conversation=json.dumps(conversation),
            changed_at=now,
        )


async def _queue(
    connection: AsyncConnection,
    channel: str,
    bot: str,
    each: Outgoing,
    question: int | None,
    now: datetime,
) -> Queued:
    id = await connection.scalar(
        insert(outbox)
        .values(
            channel=channel,
            bot=bot,
            chat=each.chat,
            topic=each.topic,
            reply_to=each.reply_to,
            question=question,
            edits=each.edits,
            lane=each.lane,
            call=json.dumps(each.call),
            data=each.data,
            made_at=now,
            expires_at=each.expires_at,
        )
        .returning(outbox.c.id)
    )
    return Queued(int(id), each.chat, each.lane)


def _dump(value: dict[str, Any] | None) -> str | None:
    return None if value is None else json.dumps(value)
