"""Pictures and files that are fetched from us by address, for as long as their address is good."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from db.chat_tables import pictures
from db.turns import Turns


@dataclass(frozen=True, slots=True)
class Shelved:
    """What lies under an address."""

    data: bytes
    media_type: str
    expires_at: datetime


class Pictures:
    """What is fetched from us, in the database of chats, so that any process has it."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns

    async def put(self, data: bytes, media_type: str, now: datetime, expires_at: datetime) -> str:
        """Keeps something and gives a key that nobody can guess. The same picture keeps its key
        while that is good.
        """
        digest = hashlib.sha256(media_type.encode() + b"\0" + data).hexdigest()

        async def work(connection: AsyncConnection) -> str:
            there = (pictures.c.digest == digest, pictures.c.expires_at > now)
            kept: str | None = await connection.scalar(
                select(pictures.c.key).where(*there).limit(1)
            )
            if kept is not None:
                await connection.execute(
                    update(pictures).where(pictures.c.key == kept).values(expires_at=expires_at)
                )
                return kept
            key = secrets.token_urlsafe(24)
            row = {
                "key": key,
                "digest": digest,
                "media_type": media_type,
                "data": data,
                "expires_at": expires_at,
            }
            await connection.execute(self._turns.insert(pictures).values(**row))
            return key

        return await self._turns.write(work)

    async def get(self, key: str, now: datetime) -> Shelved | None:
        """What lies under a key; None when nothing does, or no longer."""

        async def work(connection: AsyncConnection) -> Shelved | None:
            found = select(pictures).where(pictures.c.key == key, pictures.c.expires_at > now)
            row = (await connection.execute(found)).first()
            return Shelved(row.data, row.media_type, row.expires_at) if row else None

        return await self._turns.read(work)
