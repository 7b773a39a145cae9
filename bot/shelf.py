"""Pictures and files for platforms that take none and fetch them: each under an address that cannot
be guessed and expires.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from urllib.parse import quote

from aiohttp import web

from db.pictures import Pictures

FETCHED = timedelta(hours=24)
"""How long a picture is there. Zalo does not say whether it keeps a copy or lets every telephone
fetch it from us.
"""
KEPT = timedelta(days=3)
"""How long a file is there: people open it when they are back at a desk."""
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg"}
_KEY = re.compile(r"[A-Za-z0-9_-]{20,64}")


class Shelf:
    """Puts things where they can be fetched. `public_url` is our address as others reach it."""

    def __init__(self, pictures: Pictures, public_url: str, clock: Callable[[], datetime]) -> None:
        self._pictures = pictures
        self._root = public_url.rstrip("/")
        self._clock = clock

    async def put(self, data: bytes, media_type: str, name: str = "") -> str:
        """Keeps a picture, or a file where it has a name, and gives its address."""
        now = self._clock()
        key = await self._pictures.put(data, media_type, now, now + (KEPT if name else FETCHED))
        return (
            f"{self._root}/files/{key}/{quote(name)}"
            if name
            else f"{self._root}/charts/{key}.{_ENDINGS.get(media_type, 'bin')}"
        )

    def routes(self) -> Sequence[web.AbstractRouteDef]:
        """The addresses at which what was put here is fetched."""
        return [
            web.get("/charts/{key}.{ending}", self._give),
            web.get("/files/{key}/{name}", self._give),
        ]

    async def _give(self, request: web.Request) -> web.Response:
        key = request.match_info["key"]
        now = self._clock()
        found = await self._pictures.get(key, now) if _KEY.fullmatch(key) else None
        if found is None:
            return web.Response(status=404, text="")
        headers = {
            "Cache-Control": f"private, max-age={int((found.expires_at - now).total_seconds())}"
        }
        headers["X-Content-Type-Options"] = "nosniff"
        if name := request.match_info.get("name"):
            headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
        return web.Response(body=found.data, content_type=found.media_type, headers=headers)
