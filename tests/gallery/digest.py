"""Draws the README's digest from what is really composed of the demonstration: `python tests/gallery/digest.py`."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from conversation import rows
from sheet import Sheet

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
    made = await compose(
        store, Wishes(), moment=MOMENT, since=None, late=False, say=say_in("vi"), home=None
    )
    await store.close()
    (image,) = made.message.images
    sheet = Sheet()
    sheet.y += sheet.image(40, sheet.y, SHOWN, image.data) + 14
    sheet.bubble(rows(made.message), "#ffffff")
    (Path(__file__).parent / "ban-tin.png").write_bytes(sheet.picture())


if __name__ == "__main__":
    asyncio.run(main())
