"""Subscriptions as they are stored, what was claimed for them, and the parts on their way."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, and_, bindparam, case, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.chat_tables import chats, claims, contents, marks, outbox, subscriptions
from db.identity import Account, linked
from db.rhythm import Every, Rhythm
from db.subscriptions import Alert, State, Subscription, Wishes
from db.turns import Turns

BROADCAST = 2
"""The lane of what is sent to many; what somebody waits for goes first."""
LISTED = 20
"""How many single things a status lists of a kind."""
OVERDUE = timedelta(minutes=10)
"""How long after its moment a digest that is not written is overdue."""
RECALLED = 200
"""How many claims are looked back at for what a chat was sent already."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A subscription as it is to be stored; an id below 0 is a new one. `chat` and `topic` are
    where its digests go.

    `message` is the one that asked for it.
    """

    subscription: Subscription
    chat: str
    topic: str
    made_by: str
    ended: bool = False
    message: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """One call without an address, dressed and ready, for any number of chats."""

    call: dict[str, Any]
    data: bytes | None = None
    key: str = field(init=False)

    def __post_init__(self) -> None:
        written = json.dumps(self.call, sort_keys=True).encode()
        object.__setattr__(
            self, "key", hashlib.sha256(written + b"\0" + (self.data or b"")).hexdigest()
        )


@dataclass(frozen=True, slots=True)
class Served:
    """A subscription in force, and what the store held when its last digest was written (None:
    there was none).
    """

    subscription: Subscription
    watermark: int | None


@dataclass(frozen=True, slots=True)
class Claim:
    """What a subscription is given for one period, by the keys of its parts' contents, in order.

    `period` is a period's name, or names the vintage that an alert is of. `since` is the
    subscription's own as it was when this was written: one that people changed since then is not
    served. `next_at` is when it is due next by its rhythm; None for an alert, which leaves the
    rhythm as it is.
    """

    subscription: int
    since: datetime
    period: str
    due: datetime
    watermark: int
    parts: tuple[str, ...]
    late: bool = False
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """A part that waits to be sent to a chat."""

    id: int
    chat: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a digest, its fate, and why."""

    id: int
    subscription: int
    period: str
    part: int
    chat: str
    state: str
    reason: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Round:
    """The claims of one moment: for how many subscriptions, and how many of them came late."""

    due: datetime
    count: int
    late: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How deliveries stand, over all channels. `reasons` are why parts failed, `stopped` why
    subscriptions are stopped.

    `unknown` are the parts of which nobody will know whether they arrived, `open` those that an
    admin may settle. `overdue` are the digests that should have been written a while ago: nobody is
    at work, or a plan has no room for them.
    """

    subscriptions: dict[State, int]
    stopped: dict[str, int]
    rounds: tuple[Round, ...]
    parts: dict[str, int]
    reasons: dict[str, int]
    failed: tuple[Part, ...]
    unknown: tuple[Part, ...]
    open: tuple[Part, ...]
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class Trouble:
    """Parts that did not arrive or may not have, and that no admin was told of yet; with why the
    failed ones did.
    """

    failed: int
    unknown: int
    reasons: tuple[tuple[str, int], ...]


class Deliveries:
    """What is subscribed to and sent, in the database of chats."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns

    # ------------------------------------------------------------ subscriptions

    async def subscriptions(
        self, channel: str, bot: str, chat: str, topic: str, maker: str = ""
    ) -> tuple[Subscription, ...]:
        """Those of a topic of a chat, oldest first; ended ones are left out.

        With a `maker`, whose private chat it is, those that she made for channels, and those of her
        other private chats.
        """
        own = [and_(subscriptions.c.chat == chat, subscriptions.c.topic == topic)]
        if maker:
            own.append(and_(subscriptions.c.made_by == maker, subscriptions.c.target != ""))

        async def work(connection: AsyncConnection) -> tuple[Subscription, ...]:
            others = await linked(connection, channel, bot, maker) if maker and not topic else []
            hers = [sent_to(each) for each in others if each.chat]
            here = and_(_of(channel, bot), or_(*own))
            found = select(subscriptions).where(
                subscriptions.c.ended_at.is_(None), or_(here, *hers)
            )
            rows = (await connection.execute(found.order_by(subscriptions.c.id))).all()
            periods = select(claims.c.subscription, claims.c.period).where(
                claims.c.subscription.in_([row.id for row in rows])
            )
            served: dict[int, set[str]] = {row.id: set() for row in rows}
            for row in await connection.execute(
                periods.order_by(claims.c.due.desc()).limit(RECALLED)
            ):
                served[row.subscription].add(row.period)

            def seen(row: Row[Any]) -> Subscription:
                is_here = row.target or (row.channel, row.bot, row.chat) == (channel, bot, chat)
                return replace(
                    _subscription(row),
                    served=frozenset(served[row.id]),
                    elsewhere="" if is_here else row.channel,
                )

            return tuple(map(seen, rows))

        return await self._turns.read(work)

    async def subscription(self, id: int) -> Subscription | None:
        """One of any chat; None where there is none, or it has ended."""

        async def work(connection: AsyncConnection) -> Subscription | None:
            found = select(subscriptions).where(
                subscriptions.c.id == id, subscriptions.c.ended_at.is_(None)
            )
            row = (await connection.execute(found)).first()
            return _subscription(row) if row else None

        return await self._turns.read(work)

    async def asked_for(self, channel: str, bot: str, message: str, maker: str) -> int | None:
        """The id of the subscription that a person's message asked for; None where it asked for
        none that is still there.
        """

        async def work(connection: AsyncConnection) -> int | None:
            own = and_(
                subscriptions.c.made_by == maker,
                subscriptions.c.message == message,
                subscriptions.c.ended_at.is_(None),
            )
            found: int | None = await connection.scalar(
                select(func.max(subscriptions.c.id)).where(_of(channel, bot), own)
            )
            return found

        return await self._turns.read(work)

    async def keep(self, channel: str, bot: str, kept: Iterable[Kept], now: datetime) -> list[int]:
        """Stores subscriptions, and gives their ids."""

        async def work(connection: AsyncConnection) -> list[int]:
            return [await keep(connection, channel, bot, each, now) for each in kept]

        return await self._turns.write(work)

    async def stop(self, channel: str, bot: str, chat: str, topic: str, reason: str) -> None:
        """Stops what is subscribed in a topic of a chat, for a reason that lies outside."""

        async def work(connection: AsyncConnection) -> None:
            await stop(connection, channel, bot, chat, topic, reason)

        await self._turns.write(work)

    # ------------------------------------------------------------ what is due

    async def due(
        self, channel: str, bot: str, now: datetime, *, after: int = 0, most: int = 100
    ) -> list[Served]:
        """Subscriptions whose moment has come, by id after `after`, and those that were served
        before their time.
        """
        there = subscriptions.c
        return await self._served(
            channel, bot, or_(there.next_at <= now, there.served_at > now), after, most
        )

    async def next_due(self, channel: str, bot: str) -> datetime | None:
        """When the next subscription is due; None when none ever will be."""

        async def work(connection: AsyncConnection) -> datetime | None:
            found: datetime | None = await connection.scalar(
                select(subscriptions.c.next_at)
                .where(_of(channel, bot), _in_force(), subscriptions.c.next_at.is_not(None))
                .order_by(subscriptions.c.next_at)
                .limit(1)
            )
            return found

        return await self._turns.read(work)

    async def in_force(
        self, channel: str, bot: str, *, after: int = 0, most: int = 100
    ) -> list[Served]:
        """Subscriptions that are served, by id after `after`."""
        return await self._served(channel, bot, subscriptions.c.id > 0, after, most)

    async def _served(
        self, channel: str, bot: str, which: Any, after: int, most: int
    ) -> list[Served]:
        async def work(connection: AsyncConnection) -> list[Served]:
            here = and_(
                chats.c.channel == subscriptions.c.channel, chats.c.chat == subscriptions.c.chat
            )
            rows = await connection.execute(
                select(subscriptions, chats.c.language.label("spoken"))
                .select_from(subscriptions.outerjoin(chats, here))
                .where(_of(channel, bot), _in_force(), which, subscriptions.c.id > after)
                .order_by(subscriptions.c.id)
                .limit(most)
            )
            return [Served(_subscription(row, row.spoken), row.watermark) for row in rows]

        return await self._turns.read(work)

    async def claimed(self, periods: Mapping[int, str]) -> set[int]:
        """The subscriptions, of those that are given with a period, that had it already."""

        async def work(connection: AsyncConnection) -> set[int]:
            found = select(claims.c.subscription, claims.c.period).where(
                claims.c.subscription.in_(list(periods)), claims.c.period.in_(set(periods.values()))
            )
            return {
                row.subscription
                for row in await connection.execute(found)
                if periods[row.subscription] == row.period
            }

        return await self._turns.read(work)

    async def reckon(self, moments: Sequence[tuple[Subscription, datetime]]) -> None:
        """Moves subscriptions on without a digest, to when the next one is due.

        One that people changed meanwhile stays as it is.
        """
        if not moments:
            return
        rows = [_move(each.id, each.since, next_at, None) for each, next_at in moments]

        async def work(connection: AsyncConnection) -> None:
            await connection.execute(_MOVED, rows)

        await self._turns.write(work)

    async def plan(
        self,
        channel: str,
        bot: str,
        made: Sequence[Claim],
        shared: Mapping[str, Content],
        now: datetime,
    ) -> list[Planned]:
        """Claims and queues parts, all at once; a subscription that has its period already is only
        moved on.

        Gives the parts that were queued, in order.
        """
        if not made:
            return []

        async def work(connection: AsyncConnection) -> list[Planned]:
            found = select(
                subscriptions.c.id,
                subscriptions.c.chat,
                subscriptions.c.topic,
                subscriptions.c.since,
            )
            found = found.where(
                subscriptions.c.id.in_([each.subscription for each in made]), _in_force()
            ).with_for_update()
            there = {row.id: row for row in await connection.execute(found)}
            wanted = [
                each
                for each in made
                if each.subscription in there and there[each.subscription].since == each.since
            ]
            periods = select(claims.c.subscription, claims.c.period).where(
                claims.c.subscription.in_([each.subscription for each in wanted]),
                claims.c.period.in_({each.period for each in wanted}),
            )
            taken = {(row.subscription, row.period) for row in await connection.execute(periods)}
            moved = [each for each in wanted if each.next_at is not None]
            if moved:
                moves = [
                    _move(each.subscription, each.since, each.next_at, each.due) for each in moved
                ]
                await connection.execute(_MOVED, moves)
            new = [each for each in wanted if (each.subscription, each.period) not in taken]
            if not new:
                return []
            await connection.execute(insert(claims), [_claimed(each, now) for each in new])
            marked = [
                {"_id": each.subscription, "_watermark": each.watermark}
                for each in new
                if each.next_at is not None
            ]
            if marked:
                await connection.execute(_MARKED, marked)
            for key in dict.fromkeys(key for each in new for key in each.parts):
                values = {
                    "key": key,
                    "call": json.dumps(shared[key].call),
                    "data": shared[key].data,
                }
                await connection.execute(
                    self._turns.insert(contents).values(**values).on_conflict_do_nothing()
                )
            rows = [
                {
                    "channel": channel,
                    "bot": bot,
                    "chat": there[each.subscription].chat,
                    "topic": there[each.subscription].topic,
                    "lane": BROADCAST,
                    "content": key,
                    "subscription": each.subscription,
                    "period": each.period,
                    "part": part,
                    "made_at": now,
                }
                for each in new
                for part, key in enumerate(each.parts)
            ]
            if not rows:
                return []
            queued = await connection.execute(
                insert(outbox).returning(outbox.c.id, outbox.c.chat, sort_by_parameter_order=True),
                rows,
            )
            return [Planned(row.id, row.chat) for row in queued]

        return await self._turns.write(work)

    # ------------------------------------------------------------ how far something was looked
    # through

    async def mark(self, name: str) -> int | None:
        """How far; None when nobody has looked yet."""

        async def work(connection: AsyncConnection) -> int | None:
            found: int | None = await connection.scalar(
                select(marks.c.value).where(marks.c.name == name)
            )
            return found

        return await self._turns.read(work)

    async def set_mark(self, name: str, value: int) -> None:
        async def work(connection: AsyncConnection) -> None:
            await self._turns.put(connection, marks, {"name": name}, value=value)

        await self._turns.write(work)

    # ------------------------------------------------------------ doubt and failure

    async def repeated(self, channel: str, bot: str) -> list[Planned]:
        """Parts that an admin wants sent again."""

        async def work(connection: AsyncConnection) -> list[Planned]:
            rows = await connection.execute(
                select(outbox.c.id, outbox.c.chat)
                .where(
                    outbox.c.channel == channel, outbox.c.bot == bot, outbox.c.finished_at.is_(None)
                )
                .where(
                    outbox.c.state == "waiting",
                    outbox.c.attempts > 0,
                    outbox.c.subscription.is_not(None),
                )
                .order_by(outbox.c.id)
            )
            return [Planned(row.id, row.chat) for row in rows]

        return await self._turns.read(work)

    async def settle(self, id: int, *, arrived: bool, now: datetime) -> bool:
        """Says of a part in doubt that it arrived, or that it is to be sent again; False where
        nothing is open.
        """
        values: dict[str, Any] = {"state": "waiting", "told": False}
        if arrived:
            values = {
                "state": "sent",
                "finished_at": now,
                "call": None,
                "data": None,
                "content": None,
            }

        async def work(connection: AsyncConnection) -> bool:
            done = await connection.execute(
                update(outbox)
                .where(outbox.c.id == id, outbox.c.state == "unknown", _open())
                .values(**values)
            )
            return bool(done.rowcount)

        return await self._turns.write(work)

    async def tell(
        self,
        channel: str,
        bot: str,
        write: Callable[[Trouble], Sequence[tuple[str, dict[str, Any]]]],
        now: datetime,
        *,
        asking: bool,
    ) -> list[Planned]:
        """Queues, once, what is to be told of parts that failed or stay in doubt: chats and calls,
        made by `write`.

        With `asking` a part in doubt counts from the beginning, otherwise once it is not tried
        again.
        """
        doubt = outbox.c.state == "unknown"
        if not asking:
            doubt &= outbox.c.finished_at.is_not(None)
        ours = and_(
            outbox.c.channel == channel,
            outbox.c.bot == bot,
            outbox.c.subscription.is_not(None),
            outbox.c.told.is_(False),
            or_(outbox.c.state == "failed", doubt),
        )

        async def work(connection: AsyncConnection) -> list[Planned]:
            rows = (
                await connection.execute(
                    select(outbox.c.id, outbox.c.state, outbox.c.reason).where(ours)
                )
            ).all()
            if not rows:
                return []
            reasons = Counter(row.reason for row in rows if row.state == "failed")
            unknown = sum(1 for row in rows if row.state == "unknown")
            trouble = Trouble(len(rows) - unknown, unknown, tuple(reasons.most_common(5)))
            await connection.execute(update(outbox).where(ours).values(told=True))
            told = [
                {
                    "channel": channel,
                    "bot": bot,
                    "chat": chat,
                    "lane": BROADCAST,
                    "call": json.dumps(call),
                    "made_at": now,
                }
                for chat, call in write(trouble)
            ]
            if not told:
                return []
            queued = await connection.execute(
                insert(outbox).returning(outbox.c.id, outbox.c.chat, sort_by_parameter_order=True),
                told,
            )
            return [Planned(row.id, row.chat) for row in queued]

        return await self._turns.write(work)

    async def standing(self, now: datetime) -> Standing:
        """How everything stands."""

        async def work(connection: AsyncConnection) -> Standing:
            async def counted(column: Any, *where: Any) -> dict[Any, int]:
                rows = await connection.execute(
                    select(column, func.count())
                    .where(*where)
                    .group_by(column)
                    .order_by(func.count().desc())
                )
                return {row[0]: int(row[1]) for row in rows}

            async def listed(*where: Any) -> tuple[Part, ...]:
                names = (
                    "id",
                    "subscription",
                    "period",
                    "part",
                    "chat",
                    "state",
                    "reason",
                    "made_at",
                )
                found = select(*(outbox.c[name] for name in names)).where(of_digests, *where)
                rows = await connection.execute(found.order_by(outbox.c.id.desc()).limit(LISTED))
                return tuple(Part(**row._mapping) for row in rows)

            there, of_digests = (
                subscriptions.c.ended_at.is_(None),
                outbox.c.subscription.is_not(None),
            )
            states = await counted(subscriptions.c.state, there)
            rounds = await connection.execute(
                select(
                    claims.c.due,
                    func.count().label("count"),
                    func.sum(claims.c.late.cast(_INTEGER)).label("late"),
                )
                .group_by(claims.c.due)
                .order_by(claims.c.due.desc())
                .limit(5)
            )
            return Standing(
                subscriptions={state: states.get(state.value, 0) for state in State},
                stopped=await counted(
                    subscriptions.c.reason, there, subscriptions.c.state == State.STOPPED.value
                ),
                rounds=tuple(Round(due, count, late) for due, count, late in rounds),
                parts=await counted(outbox.c.state, of_digests),
                reasons=await counted(outbox.c.reason, of_digests, outbox.c.state == "failed"),
                failed=await listed(outbox.c.state == "failed"),
                unknown=await listed(
                    outbox.c.state == "unknown", outbox.c.finished_at.is_not(None)
                ),
                open=await listed(outbox.c.state == "unknown", _open()),
                overdue=await connection.scalar(
                    select(func.count()).where(_in_force(), subscriptions.c.next_at < now - OVERDUE)
                )
                or 0,
            )

        return await self._turns.read(work)


# ------------------------------------------------------------ within what else is stored


async def keep(
    connection: AsyncConnection, channel: str, bot: str, kept: Kept, now: datetime
) -> int:
    """Stores a subscription as it is from now on, and gives its id; what waits for one that is not
    served is dropped.
    """
    each = kept.subscription
    values: dict[str, Any] = {
        "wishes": json.dumps(dump(each.wishes)),
        "state": each.state.value,
        "reason": each.reason,
        "since": each.since,
        "next_at": each.next(each.since),
        "language": each.language,
    }
    if each.id < 0:
        where = {"channel": channel, "bot": bot, "chat": kept.chat, "topic": kept.topic}
        made = insert(subscriptions).values(
            **values,
            **where,
            made_by=kept.made_by,
            message=kept.message,
            target=each.target,
            made_at=now,
        )
        return int((await connection.execute(made.returning(subscriptions.c.id))).scalar_one())
    if kept.ended:
        values["ended_at"] = now
    # By its id alone: one that is changed from a linked chat is sent on another channel.
    await connection.execute(
        update(subscriptions).where(subscriptions.c.id == each.id).values(**values)
    )
    if kept.ended or each.state is not State.ACTIVE:
        await connection.execute(
            update(outbox)
            .where(
                outbox.c.subscription == each.id,
                _open(),
                outbox.c.state.in_(("waiting", "unknown")),
            )
            .values(
                state=case((outbox.c.state == "waiting", "failed"), else_="unknown"),
                reason="ended" if kept.ended else each.state.value,
                told=True,
                finished_at=now,
                content=None,
            )
        )
    return each.id


async def stop(
    connection: AsyncConnection, channel: str, bot: str, chat: str, topic: str | None, reason: str
) -> None:
    """Stops what is served in a topic of a chat, or (None) in all of it."""
    where = [_of(channel, bot), _in_force(), subscriptions.c.chat == chat]
    if topic is not None:
        where.append(subscriptions.c.topic == topic)
    await connection.execute(
        update(subscriptions).where(*where).values(state=State.STOPPED.value, reason=reason)
    )


def dump(wishes: Wishes) -> dict[str, Any]:
    """Wishes as JSON holds them."""
    rhythm = wishes.rhythm
    return {
        "rhythm": rhythm
        and {
            "every": rhythm.every,
            "day": rhythm.day,
            "at": rhythm.at.isoformat(),
            "zone": rhythm.zone,
        },
        "alerts": sorted(wishes.alerts),
        "categories": wishes.categories,
        "indicators": wishes.indicators,
        "regions": wishes.regions,
        "full": wishes.full,
        "chart": wishes.chart,
        "workbook": wishes.workbook,
    }


def load(given: dict[str, Any]) -> Wishes:
    """What `dump` has written."""
    rhythm = given["rhythm"]
    return Wishes(
        rhythm=rhythm
        and Rhythm(
            Every(rhythm["every"]), rhythm["day"], time.fromisoformat(rhythm["at"]), rhythm["zone"]
        ),
        alerts=frozenset(Alert(each) for each in given["alerts"]),
        categories=tuple(given["categories"]),
        indicators=tuple(given["indicators"]),
        regions=tuple(given["regions"]),
        full=given["full"],
        chart=given["chart"],
        workbook=given["workbook"],
    )


async def _queue(connection: AsyncConnection, rows: Sequence[dict[str, Any]]) -> list[Planned]:
    made = insert(outbox).returning(outbox.c.id, outbox.c.chat, sort_by_parameter_order=True)
    return [Planned(row.id, row.chat) for row in await connection.execute(made, rows)]


def _subscription(row: Row[Any], spoken: str | None = None) -> Subscription:
    return Subscription(
        row.id,
        load(json.loads(row.wishes)),
        row.since,
        State(row.state),
        row.reason,
        spoken or row.language,
        row.target,
        made_by=row.made_by,
    )


def _move(
    id: int, since: datetime, next_at: datetime | None, served_at: datetime | None
) -> dict[str, Any]:
    return {"_id": id, "_since": since, "_next_at": next_at, "_served_at": served_at}


def _claimed(claim: Claim, now: datetime) -> dict[str, Any]:
    return {
        "subscription": claim.subscription,
        "period": claim.period,
        "due": claim.due,
        "late": claim.late,
        "watermark": claim.watermark,
        "claimed_at": now,
    }


def _of(channel: str, bot: str) -> Any:
    return and_(subscriptions.c.channel == channel, subscriptions.c.bot == bot)


def sent_to(account: Account) -> Any:
    """What is subscribed in a private chat for that chat itself."""
    there = subscriptions.c
    return and_(_of(account.channel, account.bot), there.chat == account.chat, there.topic == "")


def _in_force() -> Any:
    return and_(subscriptions.c.state == State.ACTIVE.value, subscriptions.c.ended_at.is_(None))


def _open() -> Any:
    return outbox.c.finished_at.is_(None)


_INTEGER = outbox.c.part.type
_MOVED = (
    update(subscriptions)
    .where(subscriptions.c.id == bindparam("_id"), subscriptions.c.since == bindparam("_since"))
    .values(next_at=bindparam("_next_at"), served_at=bindparam("_served_at"))
)
_MARKED = (
    update(subscriptions)
    .where(subscriptions.c.id == bindparam("_id"))
    .values(watermark=bindparam("_watermark"))
)
