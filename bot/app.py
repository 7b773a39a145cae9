"""The running bot: its channels, what they share, and how it starts and stops."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Coroutine,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

import structlog

from bot import environment, logs
from bot.channels import Channel, telegram, zalo
from bot.digests import Digests, StoreWriter, Writer
from bot.inbox import Inbox
from bot.outbox import RATE, Outbox, now_in_utc
from bot.settings import Settings
from bot.shelf import Shelf
from bot.watch import Watch, Watched
from bot.web import CannotListen, listening
from db.chats import Chats
from db.engine import open_chats
from db.pictures import Pictures
from db.sole import Held, sole
from db.store import Store
from handlers.desk import Desk

log = structlog.get_logger(__name__)

T = TypeVar("T")

GRACE = 2.5
"""Seconds that what is in hand has to end when the process is told to stop; all else waits in the
store.
"""
HOUSEKEEPING = 3600.0
"""Seconds between two looks for what may be forgotten."""


async def serve(settings: Settings, store: Store, **timing: Any) -> None:
    """Runs the bot on every channel that is set, until the process is told to stop; `timing` is for
    the channels.
    """
    given = (
        settings.telegram_token,
        settings.telegram_secret,
        settings.zalo_token,
        settings.zalo_secret,
    )
    hidden = [each.get_secret_value() for each in given if each]
    hidden += [settings.proxy] if settings.proxy else []  # it may have a password in it
    logs.configure(json=settings.log_json, level=settings.log_level, secrets=hidden)
    host, _, port = settings.listen.rpartition(":")
    engine = await open_chats(environment.database_url())
    chats = Chats(engine)
    shelf = (
        Shelf(Pictures(chats.turns), settings.public_url, now_in_utc)
        if settings.public_url
        else None
    )
    channels = channels_of(settings, shelf, **timing)
    home = environment.home_region()
    sending = Sending(
        StoreWriter(store, home),
        rate=settings.broadcast_rate,
        asking=settings.digest_in_doubt == "ask",
        admins={channel.name: settings.admins_on(channel.name) for channel in channels},
    )
    try:
        await run(
            channels, Desk(store, home), chats, sending, shelf=shelf, listen=(host, int(port))
        )
    finally:
        for channel in channels:
            await channel.close()
        await engine.dispose()


CHANNELS: tuple[Callable[..., Channel | None], ...] = (telegram.channel, zalo.channel)
"""Each makes a channel from the settings, given a `shelf` (None without a public address) and
`timing`; None when it is not set.
"""


def channels_of(settings: Settings, shelf: Shelf | None = None, **timing: Any) -> list[Channel]:
    """The channels that are set."""
    made = (each(settings, shelf, **timing) for each in CHANNELS)
    return [each for each in made if each is not None]


@dataclass(frozen=True)
class Sending:
    """What is sent without being asked for, and how: parts a second, what becomes of doubt, who is
    told of failures.
    """

    writer: Writer
    rate: int = RATE
    asking: bool = False
    admins: Mapping[str, Sequence[str]] = field(default_factory=dict)


async def run(
    channels: Sequence[Channel],
    desk: Desk,
    chats: Chats,
    sending: Sending | None = None,
    *,
    shelf: Shelf | None = None,
    listen: tuple[str, int] | None = None,
) -> None:
    """Serves the channels until the process is told to stop; then it ends within `GRACE` and a
    little.

    Raises:
        CannotListen: the address is taken, and a channel's updates would be delivered there.
    """
    with _told_to_stop() as stop:
        while not stop.is_set():
            async with AsyncExitStack() as places:
                held = []
                for channel in channels:
                    place = places.enter_async_context(
                        sole(chats.engine, f"{channel.name}-{channel.bot}")
                    )
                    if (holds := await _unless(stop, place)) is None:
                        return
                    held.append(holds)
                await _work(channels, desk, chats, sending, shelf, listen, held, stop)


async def _work(
    channels: Sequence[Channel],
    desk: Desk,
    chats: Chats,
    sending: Sending | None,
    shelf: Shelf | None,
    listen: tuple[str, int] | None,
    held: Sequence[Held],
    stop: asyncio.Event,
) -> None:
    """Works until the process is told to stop, or another may have taken its place."""
    rate, asking = (sending.rate, sending.asking) if sending else (RATE, False)
    outboxes = [Outbox(chats, channel, rate=rate, asking=asking) for channel in channels]
    admins = sending.admins if sending else {}
    inboxes = [
        Inbox(chats, channel, desk, outbox, admins=admins.get(channel.name, ()))
        for channel, outbox in zip(channels, outboxes, strict=True)
    ]
    async with AsyncExitStack() as around:
        if listen is not None:
            await around.enter_async_context(_listening(listen, channels, inboxes, shelf))
        receiving, working, watched = [], [], []
        for channel, inbox, outbox in zip(channels, inboxes, outboxes, strict=True):
            receiving.append(_kept(f"receiving from {channel.name}", _receive(channel, inbox)))
            working.append(_kept(f"answering on {channel.name}", inbox.run))
            working.append(_kept(f"sending to {channel.name}", outbox.run))
            digests = None
            if sending is not None:
                told = admins.get(channel.name, ())
                digests = Digests(
                    chats, channel, outbox, sending.writer, admins=told, asking=asking
                )
                working.append(_kept(f"digests for {channel.name}", digests.run))
            watched.append(Watched(channel, outbox, digests))
        watch = Watch(chats, watched, admins, clock=now_in_utc)
        working.append(_kept("watching plans", watch.run))
        working.append(_kept("keeping house", lambda: _keep_house(chats)))
        lost = asyncio.create_task(_lost(held))
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({lost, stopping}, return_when=asyncio.FIRST_COMPLETED)
            await _end(receiving)
            await asyncio.gather(
                *(each.stop(GRACE) for each in inboxes), *(each.stop(GRACE) for each in outboxes)
            )
        finally:
            await _end([*receiving, *working, lost, stopping])


@asynccontextmanager
async def _listening(
    listen: tuple[str, int],
    channels: Sequence[Channel],
    inboxes: Sequence[Inbox],
    shelf: Shelf | None,
) -> AsyncIterator[None]:
    routes = [*shelf.routes()] if shelf else []
    routes += [
        route
        for channel, inbox in zip(channels, inboxes, strict=True)
        for route in channel.routes(inbox.take)
    ]
    health = {channel.name: channel.healthy for channel in channels}
    async with AsyncExitStack() as listener:
        try:
            port = await listener.enter_async_context(listening(*listen, routes, health))
        except CannotListen as error:
            if routes:
                raise
            log.warning("Nobody can ask over HTTP whether the bot is well.", reason=str(error))
        else:
            log.info("Listening.", host=listen[0], port=port)
        yield


def _receive(channel: Channel, inbox: Inbox) -> Callable[[], Awaitable[None]]:
    return lambda: channel.run(inbox.take)


async def _keep_house(chats: Chats) -> None:
    while True:
        await chats.prune(now_in_utc())
        await asyncio.sleep(HOUSEKEEPING)


async def _lost(held: Sequence[Held]) -> None:
    """Returns when another process may have taken a place of ours."""
    while all([await each() for each in held]):  # noqa: ASYNC110 - a server does not call us when it forgets us
        await asyncio.sleep(5.0)
    log.error("The lock in the database is lost; beginning again.")


def _kept(part: str, work: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
    """Runs a part of the bot; one that fails is named and begun again, for nobody would see it
    missing.
    """

    async def keep() -> None:
        pause = 1.0
        while True:
            try:
                await work()
            except Exception as error:
                log.error(  # noqa: TRY400 - a traceback may hold people's words
                    "A part of the bot failed and begins again.", part=part, error=logs.where(error)
                )
                await asyncio.sleep(pause)
                pause = min(pause * 2, 30.0)
            else:
                return

    return asyncio.create_task(keep(), name=part)


async def _end(tasks: Sequence[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """The result of some work; None when the process is told to stop before it is there."""
    task, stopping = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if task.done():
        return task.result()
    await _end([task])
    return None


@contextmanager
def _told_to_stop() -> Iterator[asyncio.Event]:
    """Set when the process is told to end: by a supervisor, or from the keyboard."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    signals = (signal.SIGTERM, signal.SIGINT)
    with suppress(NotImplementedError):  # Windows: the keyboard ends the process without this
        for each in signals:
            loop.add_signal_handler(each, stop.set)
    try:
        yield stop
    finally:
        with suppress(NotImplementedError):
            for each in signals:
                loop.remove_signal_handler(each)
