"""One listener for all that is asked of the process over HTTP: deliveries of updates, and whether
it is well.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager

from aiohttp import web

LARGEST = 1024 * 1024
"""Bytes of the largest body that is read; an update of Telegram has a few thousand."""


class CannotListen(Exception):
    """The address to listen on is taken or is not ours."""


@asynccontextmanager
async def listening(
    host: str,
    port: int,
    routes: Iterable[web.AbstractRouteDef],
    health: Mapping[str, Callable[[], bool]],
) -> AsyncIterator[int]:
    """Listens while it lasts, and gives the port: a free one where 0 was asked for.

    `GET /healthz` gives 200 as long as a part is well, else 503, and in both cases which are: a
    platform that cannot be reached from here is no reason to restart what serves another.

    Raises:
        CannotListen: the address is taken or is not ours.
    """

    async def healthz(_: web.Request) -> web.Response:
        well = {name: check() for name, check in health.items()}
        return web.json_response(well, status=200 if any(well.values()) or not well else 503)

    app = web.Application(client_max_size=LARGEST)
    app.add_routes([web.get("/healthz", healthz), *routes])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError as error:
            raise CannotListen(f"{host}:{port}: {error.strerror or error}") from error
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()
