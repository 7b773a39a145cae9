"""A digest to many subscribers over a stub with Telegram's limits: time over the least time, 429s, answers meanwhile."""

from __future__ import annotations

import argparse
import asyncio
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from db.deliveries import Deliveries, Kept  # noqa: E402
from db.engine import open_chats  # noqa: E402
from db.rhythm import Every, Rhythm  # noqa: E402
from db.subscriptions import Subscription, Wishes  # noqa: E402
from db.turns import Turns  # noqa: E402
from tests.stubs.bot_api import BotApi, Sent  # noqa: E402

SUBSCRIBER, ASKER = 1_000_000, 2_000_000
QUESTION = "tỷ lệ hộ nghèo 2023"


async def measure(subscribers: int, rate: int, askers: int, pause: float) -> None:
    """Prints what a broadcast by the real process took, and how long people waited for answers meanwhile."""
    folder = Path(tempfile.mkdtemp(prefix="solieu-broadcast-"))
    address = f"sqlite:///{folder}/solieu.db"
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("SOLIEU_")
    }
    environment |= {
        "SOLIEU_DATABASE_URL": address,
        "SOLIEU_LISTEN": "127.0.0.1:0",
        "SOLIEU_BROADCAST_RATE": str(rate),
    }
    made = [sys.executable, "-m", "bot", "ask", QUESTION]
    await asyncio.to_thread(subprocess.run, made, cwd=ROOT, env=environment, check=True, stdout=-3)
    try:
        async with BotApi(flood=True) as stub:
            environment |= {"SOLIEU_TELEGRAM_TOKEN": stub.token, "SOLIEU_TELEGRAM_API": stub.root}
            await subscribe(stub, subscribers, address)
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run", cwd=ROOT, env=environment, stdout=-3, stderr=-3
            )
            try:
                await stub.wait_for(lambda sent: sent.chat.id < ASKER, 300)
                waits: list[float] = []
                asking = [
                    asyncio.create_task(ask(stub, ASKER + number, pause, waits))
                    for number in range(askers)
                ]
                parts: list[Sent] = []
                while len(parts) < subscribers:
                    await asyncio.sleep(1.0)
                    parts = [sent for sent in stub.sent if sent.chat.id < ASKER]
                for each in asking:
                    each.cancel()
                await asyncio.gather(*asking, return_exceptions=True)
            finally:
                process.terminate()
                await process.wait()
            report(parts, waits, rate, sum(call.status == 429 for call in stub.calls))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def subscribe(stub: BotApi, subscribers: int, address: str) -> None:
    """Subscribes people to a digest that is due as of now."""
    now = datetime.now(UTC)
    since = now - timedelta(days=2)
    wishes = Wishes(Rhythm(Every.WEEK, now.isoweekday(), now.time().replace(microsecond=0), "UTC"))
    chats = [stub.private(stub.person(SUBSCRIBER + number, "An")) for number in range(subscribers)]
    kept = [Kept(Subscription(-1, wishes, since), str(chat.id), "", str(chat.id)) for chat in chats]
    engine = await open_chats(address)
    await Deliveries(Turns(engine)).keep("telegram", stub.token.partition(":")[0], kept, since)
    await engine.dispose()


async def ask(stub: BotApi, id: int, pause: float, waits: list[float]) -> None:
    """A person who asks again and again, each time some seconds after the answer."""
    person = stub.person(id, "Bình")
    chat = stub.private(person)
    while True:
        began, seen = (
            time.monotonic(),
            len(stub.sent),
        )  # looking through all that was sent would keep the stub busy
        stub.say(chat, person, QUESTION)
        await stub.until(lambda: any(sent.chat is chat for sent in stub.sent[seen:]), 60)  # noqa: B023
        waits.append(next(sent.at for sent in stub.sent[seen:] if sent.chat is chat) - began)
        await asyncio.sleep(pause)


def report(parts: list[Sent], waits: list[float], rate: int, refused: int) -> None:
    took = parts[-1].at - parts[0].at
    least = (len(parts) - 1) / rate
    people = len({part.chat.id for part in parts})
    waits = sorted(waits)
    print(
        f"{len(parts)} parts to {people} subscribers in {took:.1f} s, {took / least:.3f} of the least time at {rate} a second"
    )
    print(f"{refused} answers 429")
    if waits:
        half, nearly = waits[len(waits) // 2], waits[math.ceil(0.99 * len(waits)) - 1]
        print(
            f"{len(waits)} questions meanwhile: half answered within {half:.3f} s, 99% within {nearly:.3f} s"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subscribers", type=int, default=10_000)
    parser.add_argument("--rate", type=int, default=25, help="parts a second")
    parser.add_argument("--askers", type=int, default=3)
    parser.add_argument(
        "--pause", type=float, default=1.5, help="seconds between an answer and the next question"
    )
    given = parser.parse_args()
    asyncio.run(measure(given.subscribers, given.rate, given.askers, given.pause))


if __name__ == "__main__":
    main()
