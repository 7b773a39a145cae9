"""Those who ever wrote to a bot, and how two accounts become one person's: by a code that one asks
for and the other types.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.chat_tables import accounts, chats, link_codes, marks
from db.identity import Account, account, linked, meet
from db.moving import bring, count, tidy
from db.ties import DIGITS, LASTS, LENGTH, LETTERS, TRIES, Away, Linked, Refusal, as_code, mixed
from db.turns import Turns


class Accounts:
    """Accounts and what links them, in the database of chats. What is done twice is the same as
    once.
    """

    def __init__(self, turns: Turns) -> None:
        self._turns = turns

    async def met(self, channel: str, bot: str) -> int:
        """How many persons have written to a bot."""

        async def work(connection: AsyncConnection) -> int:
            there = and_(accounts.c.channel == channel, accounts.c.bot == bot)
            return int(
                await connection.scalar(select(func.count()).select_from(accounts).where(there))
                or 0
            )

        return await self._turns.read(work)

    async def others(self, who: Account) -> list[Account]:
        """The other accounts of the same person, the newest first."""

        async def work(connection: AsyncConnection) -> list[Account]:
            return await linked(connection, who.channel, who.bot, who.person)

        return await self._turns.read(work)

    # ------------------------------------------------------------ linking

    async def code(self, who: Account, now: datetime) -> str:
        """A new code of an account, which ends the one before."""

        async def work(connection: AsyncConnection) -> str:
            id = (await self._mine(connection, who, now)).id
            await self._end(connection, link_codes.c.account == id, now)
            while True:
                code = _drawn()
                made = self._turns.insert(link_codes).values(
                    key=_key(code), account=id, made_at=now
                )
                if (await connection.execute(made.on_conflict_do_nothing())).rowcount:
                    return code

        return await self._turns.write(work)

    async def end(self, code: str, now: datetime) -> None:
        """Makes a code worthless that others have seen."""

        async def work(connection: AsyncConnection) -> None:
            await self._end(connection, link_codes.c.key == _key(code), now)

        await self._turns.write(work)

    async def link(self, who: Account, code: str, now: datetime) -> Linked | Refusal:
        """Makes the account that types a code, and the one that asked for it, one person's; her
        subscriptions come along.

        Who has used a code gets the same answer for it again.
        """

        async def work(connection: AsyncConnection) -> Linked | Refusal:
            mine = await self._mine(connection, who, now)
            found = (
                await connection.execute(select(link_codes).where(link_codes.c.key == _key(code)))
            ).first()
            if found is not None and found.used_by == mine.id:
                giver = await _by_id(connection, found.account)
                same = giver.identity is not None and giver.identity == mine.identity
                return await _so(connection, who, giver) if same else Refusal.USED
            fresh = mine.wrong_at is not None and mine.wrong_at > now - LASTS
            if fresh and mine.wrong_codes >= TRIES:
                return Refusal.WAIT
            if found is None:
                wrong = (
                    {"wrong_codes": mine.wrong_codes + 1}
                    if fresh
                    else {"wrong_codes": 1, "wrong_at": now}
                )
                await connection.execute(
                    update(accounts).where(accounts.c.id == mine.id).values(**wrong)
                )
                return Refusal.UNKNOWN
            if found.used_by is not None:
                return Refusal.USED
            if found.made_at <= now - LASTS:
                return Refusal.LAPSED
            if found.account == mine.id:
                return Refusal.OWN
            giver = await _by_id(connection, found.account)
            await connection.execute(
                update(link_codes).where(link_codes.c.key == found.key).values(used_by=mine.id)
            )
            await connection.execute(
                update(accounts).where(accounts.c.id == mine.id).values(wrong_codes=0)
            )
            await _join(connection, (giver, mine))
            if giver.chat:
                await bring(connection, account(giver), who, now)
            hers = [who, *(await linked(connection, who.channel, who.bot, who.person))]
            await tidy(connection, hers, who, now)
            return await self._speak(connection, await _so(connection, who, giver), who)

        return await self._turns.write(work)

    async def unlink(self, who: Account, now: datetime) -> bool:
        """Lets an account stand alone; False where it does already."""

        async def work(connection: AsyncConnection) -> bool:
            mine = await self._mine(connection, who, now)
            if mine.identity is None:
                return False
            await connection.execute(
                update(accounts).where(accounts.c.id == mine.id).values(identity=None)
            )
            left = await connection.execute(
                select(accounts).where(accounts.c.identity == mine.identity)
            )
            await _join(connection, left.all())
            return True

        return await self._turns.write(work)

    async def bring(self, who: Account, channel: str, now: datetime) -> int | Away:
        """Has all that is sent to the person's private chats sent to that on a channel; to this
        one, where it is that.

        Gives how many subscriptions are sent there now.
        """

        async def work(connection: AsyncConnection) -> int | Away:
            await self._mine(connection, who, now)
            every = [who, *(await linked(connection, who.channel, who.bot, who.person))]
            there = [each for each in every if each.channel == channel and each.chat]
            gone = select(chats.c.chat).where(
                chats.c.channel == channel, chats.c.gone_at.is_not(None)
            )
            shut = set(
                await connection.scalars(
                    gone.where(chats.c.chat.in_([each.chat for each in there if each != who]))
                )
            )
            to = next((each for each in there if each.chat not in shut), None)
            if to is None:
                return Away.SHUT if there else Away.UNLINKED
            for each in every:
                if each.chat and each != to:
                    await bring(connection, each, to, now)
            await tidy(connection, every, to, now)
            return await count(connection, to)

        return await self._turns.write(work)

    # ------------------------------------------------------------ within one transaction

    async def _mine(self, connection: AsyncConnection, who: Account, now: datetime) -> Row[Any]:
        """Give the row of an account; all who link or unlink take turns, in any process."""
        await self._turns.put(connection, marks, {"name": "accounts"}, value=0)
        await meet(connection, self._turns, who, now)
        own = and_(
            accounts.c.channel == who.channel,
            accounts.c.bot == who.bot,
            accounts.c.person == who.person,
        )
        return (await connection.execute(select(accounts).where(own))).one()

    async def _end(self, connection: AsyncConnection, which: Any, now: datetime) -> None:
        """Lets the time of codes be over that nobody used."""
        live = and_(link_codes.c.used_by.is_(None), link_codes.c.made_at > now - LASTS)
        await connection.execute(update(link_codes).where(which, live).values(made_at=now - LASTS))

    async def _speak(self, connection: AsyncConnection, linked_now: Linked, who: Account) -> Linked:
        """Lets all private chats of a person be spoken to in one language, where one was chosen."""
        if linked_now.language is not None:
            for each in (who, *(await linked(connection, who.channel, who.bot, who.person))):
                if each.chat:
                    key = {"channel": each.channel, "chat": each.chat}
                    await self._turns.put(connection, chats, key, language=linked_now.language)
        return linked_now


async def _by_id(connection: AsyncConnection, id: int) -> Row[Any]:
    return (await connection.execute(select(accounts).where(accounts.c.id == id))).one()


async def _join(connection: AsyncConnection, members: Sequence[Row[Any]]) -> None:
    """Makes accounts and all that are linked with them one person's.

    An identity has the number of one of its accounts, so that no two persons have the same; one
    account alone has none.
    """
    before = [each.identity for each in members if each.identity is not None]
    every = or_(accounts.c.id.in_([each.id for each in members]), accounts.c.identity.in_(before))
    ids = list(await connection.scalars(select(accounts.c.id).where(every)))
    if ids:
        identity = min(ids) if len(ids) > 1 else None
        await connection.execute(
            update(accounts).where(accounts.c.id.in_(ids)).values(identity=identity)
        )


async def _so(connection: AsyncConnection, who: Account, giver: Row[Any]) -> Linked:
    """What linking came to. The language of the account that asked for the code comes first."""

    async def spoken(channel: str, chat: str) -> str | None:
        here = and_(chats.c.channel == channel, chats.c.chat == chat)
        found: str | None = await connection.scalar(select(chats.c.language).where(here))
        return found

    language = await spoken(giver.channel, giver.chat) or await spoken(who.channel, who.chat)
    return Linked(giver.channel, await count(connection, who), language)


def _drawn() -> str:
    while True:
        code = "".join(secrets.choice(LETTERS + DIGITS) for _ in range(LENGTH))
        if mixed(code):
            return code


def _key(code: str) -> str:
    """What is kept of a code."""
    return hashlib.sha256((as_code(code) or code).encode()).hexdigest()
