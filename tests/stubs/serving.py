"""What every platform's server does for the tests: it listens on 127.0.0.1, goes away, fails as told, and can be waited for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, Generic, Literal, Protocol, Self, TypeVar, overload

from aiohttp import web

from .news import Closed, News

HTML_PAGE = "<html>\r\n<head><title>{0}</title></head>\r\n<body><center><h1>{0}</h1></center></body>\r\n</html>\r\n"


class Place(Protocol):
    """A chat, whatever else a platform knows of it."""

    @property
    def id(self) -> int | str: ...


class Shown(Protocol):
    """A message that the bot sent."""

    @property
    def method(self) -> str: ...
    @property
    def chat(self) -> Place: ...
    @property
    def text(self) -> str: ...


@dataclass(slots=True)
class Call:
    """A request the bot made. `status` is None until it is answered, and 0 if no answer reached the bot."""

    method: str
    params: dict[str, Any]
    at: float
    status: int | None = None
    words: str = ""

    @property
    def chat_id(self) -> str:
        return str(self.params.get("chat_id", ""))


@dataclass(slots=True)
class Fault:
    """What goes wrong with requests still to come; `times` None means until it is healed."""

    method: str
    times: int | None
    chat: str | None
    status: int | None
    words: str
    retry_after: int | None
    html: bool
    drop: Literal["before", "after"] | None
    silent: bool
    delay: float
    used: int = 0

    def concerns(self, call: Call) -> bool:
        here = self.chat is None or self.chat == call.chat_id
        return (
            here
            and self.method in ("*", call.method)
            and (self.times is None or self.used < self.times)
        )


class Updates(Protocol):
    """What waits for the bot."""

    @property
    def pending(self) -> int: ...
    def post_waiting(self) -> None: ...
    async def stop_posting(self) -> None: ...


class _Dropped(Exception):
    """The connection ends without an answer."""


SentT = TypeVar("SentT", bound=Shown)


class Serving(Generic[SentT]):
    """A server of one bot. It keeps everything while its bot dies and comes back."""

    def __init__(
        self,
        news: News,
        updates: Updates,
        sent: list[SentT],
        serve: Callable[[web.Request], Awaitable[web.StreamResponse]],
        largest: int,
    ) -> None:
        """`serve` answers requests to /bot{token}/{method}, whose bodies have at most `largest` bytes."""
        self.calls: list[Call] = []
        self.sent = sent
        self._news = news
        self._updates = updates
        self._serve = serve
        self._largest = largest
        self._faults: list[Fault] = []
        self._runner: web.AppRunner | None = None
        self._port = 0

    # What came of it

    @property
    def pending(self) -> int:
        """How many updates still wait for the bot."""
        return self._updates.pending

    def called(self, method: str) -> list[Call]:
        """The requests of one method, oldest first."""
        return [call for call in self.calls if call.method == method]

    @overload
    async def wait_for(self, what: int, within: float = 30) -> list[SentT]: ...
    @overload
    async def wait_for(self, what: Callable[[SentT], bool], within: float = 30) -> SentT: ...
    async def wait_for(
        self, what: int | Callable[[SentT], bool], within: float = 30
    ) -> list[SentT] | SentT:
        """All messages sent so far once there are `what` of them, or the first that fits; AssertionError if late."""
        if isinstance(what, int):
            await self.until(lambda: len(self.sent) >= what, within)
            return list(self.sent)
        await self.until(lambda: any(what(sent) for sent in self.sent), within)
        return next(sent for sent in self.sent if what(sent))

    async def wait_for_call(self, method: str, times: int = 1, within: float = 30) -> list[Call]:
        """All requests of this method once so many have come in (they may not have been answered yet)."""
        await self.until(lambda: len(self.called(method)) >= times, within)
        return self.called(method)

    async def until(self, holds: Callable[[], bool], within: float = 30) -> None:
        """Wait until something holds; it is looked at after each request, answer and update. AssertionError if late."""
        if not await self._news.until(holds, within):
            sent = (
                "; ".join(
                    f"{sent.method} to {sent.chat.id}: {sent.text!r}" for sent in self.sent[-5:]
                )
                or "nothing"
            )
            calls = ", ".join(f"{call.method} {call.status}" for call in self.calls[-8:]) or "none"
            raise AssertionError(
                f"not within {within:g} s: {len(self.sent)} sent, last {sent}; last requests {calls}; "
                f"{self.pending} updates pending"
            )

    async def quiet(self, seconds: float) -> list[SentT]:
        """All messages sent so far, once none came for so long."""
        count = -1
        while count != len(self.sent):
            count = len(self.sent)
            await self._news.until(lambda: False, seconds)
        return list(self.sent)

    # Being a server

    @property
    def root(self) -> str:
        """The address the bot is given, without a slash at the end."""
        return f"http://127.0.0.1:{self._port}"

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1; port 0 is the port of before, or any."""
        self._news.open()
        app = web.Application(client_max_size=self._largest)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port or self._port, reuse_address=True).start()
        self._port = self._runner.addresses[0][1]
        self._updates.post_waiting()

    async def stop(self) -> None:
        """Cut every connection and listen no more; nothing is forgotten."""
        self._news.close()
        await self._updates.stop_posting()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *problem: object) -> None:
        await self.stop()

    @asynccontextmanager
    async def away(self) -> AsyncIterator[None]:
        """Nobody listens while this lasts: connections are refused."""
        await self.stop()
        try:
            yield
        finally:
            await self.start()

    async def _answer(
        self,
        request: web.Request,
        call: Call,
        act: Callable[[], Awaitable[web.Response]],
        refuse: Callable[[Fault], web.Response],
    ) -> web.Response:
        """Notes a call and does what it asks, unless a fault keeps it from that; `refuse` is the answer of a status."""
        self.calls.append(call)
        self._news.stir()
        response = None
        with suppress(_Dropped, Closed):
            response = await self._meet(call, act, refuse)
        if response is None or request.transport is None or request.transport.is_closing():
            call.status = 0
            if request.transport is not None:
                request.transport.close()
            response = web.Response(status=500)
        else:
            call.status = call.status or response.status
        self._news.stir()
        return response

    async def _meet(
        self,
        call: Call,
        act: Callable[[], Awaitable[web.Response]],
        refuse: Callable[[Fault], web.Response],
    ) -> web.Response:
        fault = next((fault for fault in self._faults if fault.concerns(call)), None)
        if fault is None:
            return await act()
        fault.used += 1
        await self._news.pause(None if fault.silent else fault.delay)
        if fault.drop == "before":
            raise _Dropped
        if fault.html:
            status = fault.status or 502
            return web.Response(
                status=status, text=HTML_PAGE.format(status), content_type="text/html"
            )
        if fault.status is not None:
            return refuse(fault)
        response = await act()
        if fault.drop == "after":
            raise _Dropped
        return response

    # Faults

    def fault(
        self,
        method: str,
        *,
        times: int | None = 1,
        chat: Place | None = None,
        status: int | None = None,
        words: str = "",
        retry_after: int | None = None,
        html: bool = False,
        drop: Literal["before", "after"] | None = None,
        silent: bool = False,
        delay: float = 0,
    ) -> Fault:
        """Let the next requests of a method ("*" for any) go wrong; `times` None means until healed.

        status (with words and, where a platform has it, retry_after; or as an HTML page) answers without acting;
        drop="before" cuts the connection without acting, drop="after" acts and then cuts it; silent never answers;
        delay (seconds) waits first and goes on.
        """
        chat_id = None if chat is None else str(chat.id)
        fault = Fault(method, times, chat_id, status, words, retry_after, html, drop, silent, delay)
        self._faults.append(fault)
        return fault

    def heal(self) -> None:
        """No more faults for requests to come; those met with silence stay unanswered."""
        self._faults.clear()
