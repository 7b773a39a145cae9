"""Digests to many when the plan's messages run short: `python tests/faults/quota.py` says what became of them."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from db.importer import DEMONSTRATION, load  # noqa: E402
from db.store import Store  # noqa: E402
from tests.test_quota import a_short_month  # noqa: E402


async def measure(people: int, left: int, reserve: int) -> None:
    store = await Store.open("sqlite+aiosqlite:///:memory:")
    await load(store, DEMONSTRATION, date(2024, 3, 24))
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="solieu-quota-") as folder:
        counted = await a_short_month(
            store, Path(folder), people=people, left=left, reserve=reserve
        )
    await store.close()
    print(
        f"{people} subscribers, {left} messages left, {reserve} of them kept for answers; {time.monotonic() - began:.0f} s"
    )
    print(
        f"in the month: {counted.sent} digests sent, {counted.deferred} deferred and told to an admin, {counted.refused} answers 429"
    )
    print(f"left for answers after two answers and two messages to the admin: {counted.left}")
    print(f"after the month turned: {counted.late} sent once, each marked as late")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--left", type=int, default=500)
    parser.add_argument("--reserve", type=int, default=300)
    given = parser.parse_args()
    asyncio.run(measure(given.people, given.left, given.reserve))


if __name__ == "__main__":
    main()
