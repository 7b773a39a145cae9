"""The accounts of whoever writes in a chat; what links them is stored at once, for a code is used
once.
"""

from __future__ import annotations

from datetime import datetime

from bot.channels import Incoming
from db.accounts import Accounts
from db.identity import Account
from db.ties import Away, Linked, Refusal


class ChatTies:
    """Ties over the database, for one message. A message that is begun anew after a crash finds the
    same.
    """

    def __init__(
        self, accounts: Accounts, channel: str, bot: str, incoming: Incoming, now: datetime
    ) -> None:
        self._accounts = accounts
        self._now = now
        self.channel = channel
        self.private = not incoming.group
        self._who = Account(channel, bot, incoming.person, incoming.chat if self.private else "")

    async def others(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each.channel for each in await self._accounts.others(self._who)))

    async def code(self) -> str:
        return await self._accounts.code(self._who, self._now)

    async def link(self, code: str) -> Linked | Refusal:
        if not self.private:
            await self._accounts.end(code, self._now)
            return Refusal.LAPSED
        return await self._accounts.link(self._who, code, self._now)

    async def unlink(self) -> bool:
        return await self._accounts.unlink(self._who, self._now)

    async def bring(self, channel: str = "") -> int | Away:
        return await self._accounts.bring(self._who, channel or self.channel, self._now)
