"""The Zalo Bot API over HTTP: one call at a time, its failures told apart, and the token in none of
them.
"""

from __future__ import annotations

from typing import Any

import httpx

ROOT = "https://bot-api.zaloplatforms.com"


class Refused(Exception):
    """The API answered, and did not do what it was asked. `code` is its own error code.

    Some servers give the code as the HTTP status too and some answer 200 with `ok: false`: the body
    decides.
    """

    def __init__(self, code: int, words: str) -> None:
        super().__init__(f"{code}: {words}"[:200])
        self.code = code
        self.words = words


class Lost(Exception):
    """There was no answer of the API's. `left`: the request may have been carried out."""

    def __init__(self, words: str, *, left: bool) -> None:
        super().__init__(words[:200])
        self.left = left


class Api:
    """The API for one bot. `patience` is how many seconds a reply is waited for.

    Addresses have the token in them, and the client's own errors tell them: no such error leaves
    this class.
    """

    def __init__(
        self, token: str, *, root: str = ROOT, proxy: str | None = None, patience: float = 15.0
    ) -> None:
        self._root = f"{root.rstrip('/')}/bot{token}/"
        self._patience = patience
        self._proxy = proxy
        self._polls = self._client(2)
        self._calls = self._client(32)

    def _client(self, connections: int) -> httpx.AsyncClient:
        patience = httpx.Timeout(
            self._patience, connect=min(10.0, self._patience), pool=min(10.0, self._patience)
        )
        limits = httpx.Limits(max_connections=connections)
        return httpx.AsyncClient(timeout=patience, limits=limits, proxy=self._proxy)

    async def call(
        self, method: str, params: dict[str, Any] | None = None, *, hold: float = 0.0
    ) -> Any:
        """Makes a call and gives its result. `hold` is how long the server itself may keep the call
        open.

        Raises:
            Refused: the API said no.
            Lost: something else answered, or nothing.
        """
        client = self._polls if hold else self._calls
        try:
            reply = await client.post(
                self._root + method,
                json=params or {},
                timeout=httpx.Timeout(self._patience + hold, connect=min(10.0, self._patience)),
            )
        except (
            httpx.ConnectError,
            httpx.ConnectTimeout,
            httpx.PoolTimeout,
            httpx.ProxyError,
            httpx.UnsupportedProtocol,
        ) as error:
            raise Lost(type(error).__name__, left=False) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Lost(type(error).__name__, left=True) from None
        try:
            body = reply.json()
        except ValueError:
            body = None
        if not isinstance(body, dict) or not isinstance(body.get("ok"), bool):
            # A gateway's own page. One that refuses passed nothing on; one that waited in vain, or
            # says that all is well,
            # does not know what became of the call.
            raise Lost(
                f"HTTP {reply.status_code}",
                left=reply.status_code < 400 or reply.status_code == 504,
            ) from None
        if body["ok"]:
            return body.get("result")
        raise Refused(
            _code(body.get("error_code"), reply.status_code), str(body.get("description", ""))
        )

    async def renew(self) -> None:
        """Drops the connections that updates are fetched over, for ones that hang never recover by
        themselves.
        """
        old, self._polls = self._polls, self._client(2)
        await old.aclose()

    async def close(self) -> None:
        await self._polls.aclose()
        await self._calls.aclose()


def _code(given: Any, status: int) -> int:
    try:
        return int(given)
    except (TypeError, ValueError):
        return status if status >= 400 else 400
