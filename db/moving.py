"""How a person's subscriptions go over from one private chat of hers to another, so that nothing is lost or sent twice."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.chat_tables import claims, outbox, subscriptions
from db.deliveries import load, sent_to
from db.identity import Account
from db.subscriptions import State


async def bring(connection: AsyncConnection, old: Account, new: Account, now: datetime) -> None:
    """Has what is subscribed in one private chat sent to another.

    One with the same wishes as one that is served there is ended: nobody wants a digest twice. One that was stopped
    because nothing arrived is served again. The last digest, where no part of it was tried yet, is written anew for the
    new chat; what else is queued stays on its way, as do alerts, which nobody would write again.
    """
    rows = (await connection.execute(select(subscriptions).where(_open(old)).order_by(subscriptions.c.id).with_for_update())).all()
    served = and_(_open(new), subscriptions.c.state == State.ACTIVE.value)
    there = set(await connection.scalars(select(subscriptions.c.wishes).where(served)))
    for row in rows:
        this = subscriptions.c.id == row.id
        if row.wishes in there:
            await connection.execute(update(subscriptions).where(this).values(ended_at=now))
            await _drop(connection, row.id, now)
            continue
        values = await _unsent(connection, row, now)
        where = {"channel": new.channel, "bot": new.bot, "chat": new.chat, "made_by": new.person, "message": ""}
        await connection.execute(update(subscriptions).where(this).values(**where, **values))


async def count(connection: AsyncConnection, at: Account) -> int:
    """How many subscriptions are sent to a private chat."""
    return int(await connection.scalar(select(func.count()).select_from(subscriptions).where(_open(at))) or 0)


async def _unsent(connection: AsyncConnection, row: Row[Any], now: datetime) -> dict[str, Any]:
    """What changes of a subscription beside its address. Whoever planned for the old one finds another `since`."""
    if row.state == State.STOPPED.value:
        rhythm = load(json.loads(row.wishes)).rhythm
        return {"state": State.ACTIVE.value, "reason": "", "since": now, "next_at": rhythm.next(now) if rhythm else None}
    since = {"since": row.since + timedelta(microseconds=1)}
    digests = select(claims).where(claims.c.subscription == row.id, claims.c.period.not_like("alert %"))
    last, before = [*(await connection.execute(digests.order_by(claims.c.due.desc()).limit(2))), None, None][:2]
    if last is None:
        return since
    of_last = and_(outbox.c.subscription == row.id, outbox.c.period == last.period)
    parts = (await connection.execute(select(outbox).where(of_last).with_for_update())).all()
    if not parts or any(part.state != "waiting" or part.attempts or part.finished_at for part in parts):
        return since
    await connection.execute(delete(outbox).where(of_last))
    await connection.execute(delete(claims).where(claims.c.subscription == row.id, claims.c.period == last.period))
    return {
        **since,
        "next_at": last.due,
        "served_at": before.due if before else None,
        "watermark": before.watermark if before else None,
    }


async def _drop(connection: AsyncConnection, id: int, now: datetime) -> None:
    """Gives up what waits for a subscription that is ended."""
    waits = and_(outbox.c.subscription == id, outbox.c.finished_at.is_(None), outbox.c.state == "waiting")
    await connection.execute(
        update(outbox).where(waits).values(state="failed", reason="ended", told=True, finished_at=now, content=None)
    )


def _open(at: Account) -> Any:
    return and_(sent_to(at), subscriptions.c.ended_at.is_(None))
