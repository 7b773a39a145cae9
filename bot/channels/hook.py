"""The address at which a platform delivers updates: only with its secret, and confirmed only when
they are stored.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aiohttp import web

from bot.channels import Take
from db.chats import Received

log = structlog.get_logger(__name__)

STORED_WITHIN = 50.0
"""Seconds after which an update that could not be stored is given back: Telegram itself waits for
60.
"""


class Hook:
    """Updates delivered to `url` with `secret` in the header `header`; `received` gives each as it
    is stored.

    It gives None for what is not worth storing.
    """

    def __init__(
        self, url: str, secret: str, header: str, received: Callable[[Any], Received | None]
    ) -> None:
        self.url = url
        self.secret = secret
        self._header = header
        self._received = received

    def handler(self, take: Take) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def deliver(request: web.Request) -> web.Response:
            given = request.headers.get(self._header, "").encode("utf-8", "surrogateescape")
            if not hmac.compare_digest(given, self.secret.encode()):
                log.warning("A delivery with a wrong secret was refused.", remote=request.remote)
                return web.Response(status=403)
            body = await request.read()
            try:
                raw = json.loads(body)
            except (ValueError, RecursionError):
                # Refusing it would bring it back for a day.
                log.warning("A delivery that is not JSON was dropped.", bytes=len(body))
                return web.Response()
            update = self._received(raw)
            if update is None:
                return web.Response()
            try:
                async with asyncio.timeout(STORED_WITHIN):
                    await take([update])
            except TimeoutError:
                return web.Response(status=503, headers={"Retry-After": "5"})
            return web.Response()

        return deliver


def default_secret(token: str) -> str:
    """A secret for deliveries that nobody has to choose: it follows from the token and does not
    tell it.
    """
    return hmac.new(token.encode(), b"solieu webhook", hashlib.sha256).hexdigest()
