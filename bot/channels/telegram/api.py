"""The Bot API over HTTP: one call at a time, its failures told apart, its clients renewed when they
are stuck.
"""

from __future__ import annotations

import warnings
from typing import Any

import httpx
from telegram import Bot, InputFile
from telegram.error import (
    BadRequest,
    EndPointNotFound,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)
from telegram.request import HTTPXRequest
from telegram.warnings import PTBDeprecationWarning, PTBUserWarning

ROOT = "https://api.telegram.org"

# Calls lie in the outbox as the API takes them, so they are made by name, for which the library
# wants its own methods
# used; and it says at every 429 that `retry_after` will be a timedelta, which is handled.
warnings.filterwarnings("ignore", message=r"Please use 'Bot\.", category=PTBUserWarning)
warnings.filterwarnings("ignore", message=r".*retry_after", category=PTBDeprecationWarning)


class Unauthorized(TelegramError):
    """The token was refused; a proxy on the way can say so, too."""


class NoSuchMethod(TelegramError):
    """The server, or a proxy on the way, does not know the method or the token's form."""


class Api:
    """The Bot API for one bot. `patience` is how many seconds a reply is waited for."""

    def __init__(
        self, token: str, *, root: str = ROOT, proxy: str | None = None, patience: float = 15.0
    ) -> None:
        self._patience = patience

        def client(connections: int) -> HTTPXRequest:
            return HTTPXRequest(
                connection_pool_size=connections,
                read_timeout=patience,
                write_timeout=patience,
                connect_timeout=min(10.0, patience),
                pool_timeout=min(10.0, patience),
                proxy=proxy,
            )

        self._polls = client(2)
        self._calls = client(32)
        root = root.rstrip("/")
        self._bot = Bot(
            token,
            base_url=f"{root}/bot",
            base_file_url=f"{root}/file/bot",
            request=self._calls,
            get_updates_request=self._polls,
        )

    async def call(
        self, method: str, params: dict[str, Any] | None = None, *, hold: float = 0.0
    ) -> Any:
        """Makes a call and gives its result. `hold` is how long the server itself may keep the call
        open.

        Raises:
            TelegramError: of the kinds that the library has, and Unauthorized and NoSuchMethod.
        """
        try:
            return await self._bot.do_api_request(
                method, api_kwargs=params, read_timeout=self._patience + hold
            )
        except (InvalidToken, EndPointNotFound) as error:
            # The library has one class for 401 and 404; the words of the server are in the cause.
            said = str(error.__cause__ or error)
            raise (NoSuchMethod if "not found" in said.lower() else Unauthorized)(said) from None
        except (KeyError, TypeError, AttributeError):
            # JSON of another shape than the API's: something on the way answered in its place.
            raise TelegramError("Invalid server response") from None

    async def renew(self) -> None:
        """Drops the connections that updates are fetched over, for ones that hang never recover by
        themselves.
        """
        await self._polls.shutdown()
        await self._polls.initialize()

    async def close(self) -> None:
        await self._polls.shutdown()
        await self._calls.shutdown()


def upload(data: bytes, name: str) -> InputFile:
    return InputFile(data, filename=name)


def never_left(error: NetworkError) -> bool:
    """Whether a failed call surely had no effect: no connection came about, or the server itself
    refused it.
    """
    cause = error.__cause__
    if isinstance(error, TimedOut):
        return isinstance(cause, httpx.ConnectTimeout | httpx.PoolTimeout)
    if isinstance(cause, httpx.HTTPError):
        return isinstance(cause, httpx.ConnectError | httpx.ProxyError | httpx.UnsupportedProtocol)
    # A status of its own: 500, 502, 503. A gateway that waited in vain (504) does not know what
    # became of the call.
    said = str(error)
    return not isinstance(error, BadRequest) and "(504)" not in said and "Unknown error" not in said
