"""How much of a platform's plan a bot has used, and what a chat was told once and is not told
again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.chat_tables import notices, outbox, tallies
from db.turns import Turns


class Usage:
    """The use of plans, in the database of chats. A month is written as 2026-11."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns

    async def spent(self, channel: str, bot: str) -> dict[str, int]:
        """How many messages were counted, by month."""

        async def work(connection: AsyncConnection) -> dict[str, int]:
            found = select(tallies.c.month, tallies.c.messages).where(
                tallies.c.channel == channel, tallies.c.bot == bot
            )
            return {row.month: row.messages for row in await connection.execute(found)}

        return await self._turns.read(work)

    async def noticed(self, channel: str, bot: str, chat: str, what: str) -> bool:
        """Whether a chat was told something already."""

        async def work(connection: AsyncConnection) -> bool:
            there = notices.c
            found = select(there.given_at).where(
                there.channel == channel, there.bot == bot, there.chat == chat, there.what == what
            )
            return (await connection.execute(found)).first() is not None

        return await self._turns.read(work)

    async def tell(
        self,
        channel: str,
        bot: str,
        chat: str,
        what: str,
        calls: Sequence[dict[str, Any]],
        lane: int,
        now: datetime,
    ) -> list[int]:
        """Queues calls that tell a chat something, once; gives their ids, none when it was told
        before.
        """

        async def work(connection: AsyncConnection) -> list[int]:
            if not await notice(self._turns, connection, channel, bot, chat, what, now):
                return []
            rows = [
                {
                    "channel": channel,
                    "bot": bot,
                    "chat": chat,
                    "lane": lane,
                    "call": json.dumps(call),
                    "made_at": now,
                }
                for call in calls
            ]
            queued = await connection.execute(
                insert(outbox).returning(outbox.c.id, sort_by_parameter_order=True), rows
            )
            return [int(row.id) for row in queued]

        return await self._turns.write(work)


# ------------------------------------------------------------ within what else is stored


async def count(
    turns: Turns, connection: AsyncConnection, channel: str, bot: str, month: str, messages: int
) -> None:
    """Counts messages in a month; below zero takes back what was counted before it turned out to
    have failed.
    """
    statement = turns.insert(tallies).values(
        channel=channel, bot=bot, month=month, messages=max(0, messages)
    )
    more = {"messages": tallies.c.messages + messages}
    if messages < 0:
        here = (tallies.c.channel == channel, tallies.c.bot == bot, tallies.c.month == month)
        await connection.execute(
            update(tallies).where(*here, tallies.c.messages >= -messages).values(**more)
        )
    else:
        await connection.execute(
            statement.on_conflict_do_update(index_elements=["channel", "bot", "month"], set_=more)
        )


async def notice(
    turns: Turns,
    connection: AsyncConnection,
    channel: str,
    bot: str,
    chat: str,
    what: str,
    now: datetime,
) -> bool:
    """Notes that a chat is told something; False when it was before."""
    statement = turns.insert(notices).values(
        channel=channel, bot=bot, chat=chat, what=what, given_at=now
    )
    made = await connection.execute(statement.on_conflict_do_nothing().returning(notices.c.what))
    return made.first() is not None
