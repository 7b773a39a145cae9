"""Draws the README's digest from what is really composed of the demonstration: `python tests/gallery/digest.py`."""

from __future__ import annotations

import asyncio
import struct
from base64 import b64encode
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import oxipng
from conversation import Sheet, lines

from db.importer import DEMONSTRATION, load
from db.rhythm import HOME_ZONE
from db.store import Store
from db.subscriptions import Wishes
from handlers.digest import compose
from handlers.say import say_in

MOMENT = datetime(2024, 4, 5, 8, tzinfo=ZoneInfo(HOME_ZONE))
SHOWN = 900
"""How wide the picture of the digest stands in the drawn chat."""


async def main() -> None:
    store = await Store.open("sqlite+aiosqlite:///:memory:")
    await load(store, DEMONSTRATION, date(2024, 3, 24))
    made = await compose(store, Wishes(), moment=MOMENT, since=None, late=False, say=say_in("vi"), home=None)
    await store.close()
    (image,) = made.message.images
    wide, high = struct.unpack(">II", image.data[16:24])
    sheet = Sheet()
    tall = high * SHOWN / wide
    sheet.parts.append(
        f'<image x="40" y="{sheet.y}" width="{SHOWN}" height="{tall:.0f}" '
        f'href="data:image/png;base64,{b64encode(image.data).decode()}"/>'
    )
    sheet.y += tall + 14
    sheet.bubble(lines(made.message), "#ffffff")
    (Path(__file__).parent / "ban-tin.png").write_bytes(oxipng.optimize_from_memory(sheet.picture(), level=3))


if __name__ == "__main__":
    asyncio.run(main())
