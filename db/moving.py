"""How a person's subscriptions go over from one private chat of hers to another, so that nothing is
lost or sent twice.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.chat_tables import claims, outbox, subscriptions
from db.deliveries import load, sent_to
from db.identity import Account
from db.subscriptions import State


async def bring(connection: AsyncConnection, old: Account, new: Account, now: datetime) -> None:
    """Has what is subscribed in one private chat sent to another.

    One that was stopped because nothing arrived is served again. The last digest, where no part of
    it was tried yet, is written anew for the new chat; what else is queued stays on its way, as do
    alerts, which nobody would write again.
    """
    rows = (
        await connection.execute(
            select(subscriptions).where(_open(old)).order_by(subscriptions.c.id).with_for_update()
        )
    ).all()
    where = {
        "channel": new.channel,
        "bot": new.bot,
        "chat": new.chat,
        "made_by": new.person,
        "message": "",
    }
    for row in rows:
        values = await _unsent(connection, row, now)
        await connection.execute(
            update(subscriptions).where(subscriptions.c.id == row.id).values(**where, **values)
        )


async def tidy(
    connection: AsyncConnection, every: Sequence[Account], to: Account, now: datetime
) -> None:
    """Leaves one of those that are about the same in the same rhythm, as nobody can subscribe to
    two in one chat.

    It is one that is served, if there is one, and then one that is sent `to` this chat.
    """
    hers = or_(*(_open(each) for each in every if each.chat))
    rows = (
        await connection.execute(
            select(subscriptions).where(hers).order_by(subscriptions.c.id).with_for_update()
        )
    ).all()

    def last(row: Row[Any]) -> tuple[bool, bool, int]:
        here = (row.channel, row.bot, row.chat) == (to.channel, to.bot, to.chat)
        return row.state != State.ACTIVE.value, not here, row.id

    kept = set()
    for row in sorted(rows, key=last):
        wishes = load(json.loads(row.wishes))
        scope = (
            frozenset(wishes.categories),
            frozenset(wishes.indicators),
            frozenset(wishes.regions),
        )
        kind = wishes.rhythm and wishes.rhythm.every, scope
        if kind in kept:
            await connection.execute(
                update(subscriptions).where(subscriptions.c.id == row.id).values(ended_at=now)
            )
            await _drop(connection, row.id, now)
        kept.add(kind)


async def count(connection: AsyncConnection, at: Account) -> int:
    """How many subscriptions are sent to a private chat."""
    return int(
        await connection.scalar(select(func.count()).select_from(subscriptions).where(_open(at)))
        or 0
    )


async def _unsent(connection: AsyncConnection, row: Row[Any], now: datetime) -> dict[str, Any]:
    """What changes of a subscription beside its address. Whoever planned for the old one finds
    another `since`.
    """
    if row.state == State.STOPPED.value:
        rhythm = load(json.loads(row.wishes)).rhythm
        return {
            "state": State.ACTIVE.value,
            "reason": "",
            "since": now,
            "next_at": rhythm.next(now) if rhythm else None,
        }
    since = {"since": row.since + timedelta(microseconds=1)}
    digests = select(claims).where(
        claims.c.subscription == row.id, claims.c.period.not_like("alert %")
    )
    last, before = [
        *(await connection.execute(digests.order_by(claims.c.due.desc()).limit(2))),
        None,
        None,
    ][:2]
    if last is None:
        return since
    of_last = and_(outbox.c.subscription == row.id, outbox.c.period == last.period)
    parts = (await connection.execute(select(outbox).where(of_last).with_for_update())).all()
    if not parts or any(
        part.state != "waiting" or part.attempts or part.finished_at for part in parts
    ):
        return since
    await connection.execute(delete(outbox).where(of_last))
    await connection.execute(
        delete(claims).where(claims.c.subscription == row.id, claims.c.period == last.period)
    )
    return {
        **since,
        "next_at": last.due,
        "served_at": before.due if before else None,
        "watermark": before.watermark if before else None,
    }


async def _drop(connection: AsyncConnection, id: int, now: datetime) -> None:
    """Gives up what waits for a subscription that is ended."""
    waits = and_(
        outbox.c.subscription == id, outbox.c.finished_at.is_(None), outbox.c.state == "waiting"
    )
    await connection.execute(
        update(outbox)
        .where(waits)
        .values(state="failed", reason="ended", told=True, finished_at=now, content=None)
    )


def _open(at: Account) -> Any:
    return and_(sent_to(at), subscriptions.c.ended_at.is_(None))
