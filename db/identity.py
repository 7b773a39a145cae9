"""Who wrote, and which accounts are one person's, within what else is stored in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from db.chat_tables import accounts
from db.turns import Turns


@dataclass(frozen=True, slots=True)
class Account:
    """A person as one bot knows her; `chat` is their private chat, empty where she only wrote in
    groups.
    """

    channel: str
    bot: str
    person: str
    chat: str = ""


async def meet(connection: AsyncConnection, turns: Turns, who: Account, now: datetime) -> None:
    """Keeps an account that wrote, once; a private chat is noted as soon as there is one."""
    made = turns.insert(accounts).values(
        channel=who.channel, bot=who.bot, person=who.person, chat=who.chat, met_at=now
    )
    key = ["channel", "bot", "person"]
    if who.chat:
        statement = made.on_conflict_do_update(
            index_elements=key, set_={"chat": who.chat}, where=accounts.c.chat != who.chat
        )
    else:
        statement = made.on_conflict_do_nothing(index_elements=key)
    await connection.execute(statement)


async def linked(connection: AsyncConnection, channel: str, bot: str, person: str) -> list[Account]:
    """The other accounts of the person that an account belongs to, the newest first."""
    own = and_(accounts.c.channel == channel, accounts.c.bot == bot, accounts.c.person == person)
    identity = select(accounts.c.identity).where(own).scalar_subquery()
    rows = await connection.execute(
        select(accounts)
        .where(accounts.c.identity == identity)
        .order_by(accounts.c.met_at.desc(), accounts.c.id.desc())
    )
    every = [account(row) for row in rows]
    return [
        each for each in every if (each.channel, each.bot, each.person) != (channel, bot, person)
    ]


def account(row: Any) -> Account:
    return Account(row.channel, row.bot, row.person, row.chat)
