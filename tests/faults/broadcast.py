"""A digest to many while its process is killed again and again and everything goes wrong: who got what, in the end.

    python tests/faults/broadcast.py [--database postgresql] [--subscribers 1000] [--kills 200] [--seed 1]

The real process over real HTTP, against a stub with Telegram's limits. It is killed with SIGKILL at random moments: some
time after its start, as a request comes in, or as a message is there and its reply is not. Meanwhile requests meet 429,
5xx, and connections that are cut before or after the message is there; some people have blocked the bot, and some do so
on the way. Over PostgreSQL there are two processes, and any of them is killed. Ends with 1 where a promise is broken.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from contextlib import ExitStack, suppress
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from sqlalchemy import exists, func, select  # noqa: E402

from bot.outbox import BROADCASTS_AT_ONCE  # noqa: E402
from db.chat_tables import claims, inbox, outbox, subscriptions  # noqa: E402
from db.subscriptions import State  # noqa: E402
from tests.conftest import a_postgres  # noqa: E402
from tests.stubs.bot_api import Chat, Fault  # noqa: E402
from tests.test_broadcast import AGAIN, FAULTS, Town, now_and_then, settled  # noqa: E402

WAYS = ("sendRichMessage", "sendPhoto", "sendDocument")
"""How the words, the picture and the workbook are sent."""
FAULTY, SHUT, SHUTTING = 0.3, 0.03, 0.02
"""The shares of chats where something goes wrong, that have blocked the bot before, and that block it on the way."""
SLOW = 0.04
"""Seconds before a send is looked at, so that kills fall between request and reply."""
START = 2.5
"""Seconds within which a kill of a process that starts falls."""


class Run:
    """One broadcast with its faults and kills, all chosen by `chance`."""

    def __init__(self, town: Town, chance: random.Random, processes: int) -> None:
        self.town, self.stub, self.chance, self.processes = town, town.stub, chance, processes
        self.faults: list[Fault] = []
        self.inside: Counter[str] = Counter()
        self.people: list[Chat] = []
        self.ids: list[int] = []
        self.blocked: set[int] = set()

    async def whole(self, subscribers: int, kills: int) -> bool:
        """Does it all and prints what came of it; whether every promise was kept."""
        began = time.monotonic()
        self.people = self.town.people(subscribers)
        self.ids = await self.town.subscribe(self.people, now_and_then(full=True, workbook=True))
        shuffled = self.chance.sample(self.people, subscribers)
        shut, shutting = round(SHUT * subscribers), round(SHUTTING * subscribers)
        for chat in shuffled[:shut]:
            chat.status = "kicked"  # and no update tells of it
            self.blocked.add(chat.id)
        leaving = shuffled[shut : shut + shutting]
        for place, chat in enumerate(shuffled[shut + shutting :][: round(FAULTY * subscribers)]):
            self.faults.append(
                self.stub.fault(self.chance.choice(WAYS), chat=chat, **FAULTS[place % len(FAULTS)])
            )
        for way in WAYS:
            self.stub.fault(way, times=None, delay=SLOW)
        for number in range(kills):
            while len(self.town.processes) < self.processes:
                await self.town.start()
            for chat in leaving[shutting * number // kills : shutting * (number + 1) // kills]:
                assert chat.person is not None
                self.stub.block(chat, chat.person)
                self.blocked.add(chat.id)
            await self._kill(kills - number)
        while len(self.town.processes) < self.processes:
            await self.town.start()
        finished = True
        try:
            async with asyncio.timeout(60 + subscribers):
                while await self.left():  # noqa: ASYNC110 - the database does not call back
                    await asyncio.sleep(1)
        except TimeoutError:
            finished = False
        return await self._report(finished, kills, time.monotonic() - began)

    async def _kill(self, to_come: int) -> None:
        """Lets the processes go on for a random while, and kills one of them, or over PostgreSQL at times both."""
        most = max(1, round(1.3 * await self.left() / (to_come + 1)))
        kind = self.chance.choices(
            ("after a start", "at a request", "before a reply"), (25, 50, 25)
        )[0]
        with suppress(AssertionError):  # there may be no more to come than that
            if kind == "after a start":
                await asyncio.sleep(self.chance.uniform(0, START))
            elif kind == "at a request":
                seen, more = len(self.stub.calls), self.chance.randint(1, most)
                await self.stub.until(
                    lambda: sum(call.method in WAYS for call in self.stub.calls[seen:]) >= more, 20
                )
                await asyncio.sleep(self.chance.choice((0, self.chance.uniform(0, 2 * SLOW))))
            else:
                sent = len(self.stub.sent) + self.chance.randint(1, most)
                await self.stub.until(lambda: len(self.stub.sent) >= sent, 20)
        # The oldest is the one that works, but for the moment in which another takes its place.
        victims = self.town.processes[: self.chance.choice((1, 1, 1, self.processes))]
        if self.processes > 1 and self.chance.random() < 0.2:
            victims = self.town.processes[-1:]
        for process in victims:
            await process.kill()
            self.town.processes.remove(process)
        self.inside[kind if await self.left() else "too late"] += 1

    async def left(self) -> int:
        """How many parts are on their way or still to be planned, and how many updates wait."""
        claimed = exists().where(claims.c.subscription == subscriptions.c.id)
        active = (
            select(func.count())
            .select_from(subscriptions)
            .where(subscriptions.c.state == State.ACTIVE.value)
        )
        unfinished = select(func.count()).select_from(outbox).where(outbox.c.finished_at.is_(None))
        unread = select(func.count()).select_from(inbox).where(inbox.c.finished_at.is_(None))
        updates = self.stub.pending + await self.town.scalar(unread)
        return (
            updates
            + len(WAYS) * await self.town.scalar(active.where(~claimed))
            + await self.town.scalar(unfinished)
        )

    async def _report(self, finished: bool, kills: int, took: float) -> bool:
        rows = defaultdict(list)
        columns = (
            outbox.c.subscription,
            outbox.c.period,
            outbox.c.part,
            outbox.c.state,
            outbox.c.attempts,
        )
        found = select(*columns).where(outbox.c.subscription.is_not(None))
        for row in await self.town.turns.read(lambda connection: connection.execute(found)):
            rows[row.subscription].append(row)
        got: dict[int, Counter[tuple[str, bool]]] = defaultdict(Counter)
        for sent in self.stub.sent:
            got[sent.chat.id][sent.method, AGAIN in sent.text] += 1
        broken: list[str] = [] if finished else ["the broadcast did not end"]
        count: Counter[str] = Counter()
        for chat, id in zip(self.people, self.ids, strict=True):
            parts, mine = rows[id], got[chat.id]
            unknown = sum(row.state == "unknown" for row in parts)
            plain, marked = (
                Counter({way: mine[way, again] for way in WAYS}) for again in (False, True)
            )
            missing = sum(not plain[way] + marked[way] for way in WAYS)
            count["marked"] += marked.total()
            count["twice"] += sum(plain[way] + marked[way] > 1 for way in WAYS)
            count["unmarked"] += sum(plain[way] > 1 for way in WAYS)
            count["unknown"] += unknown
            if {way for way, _ in mine} - set(WAYS):
                broken.append(f"{chat.id}: what is no part of the digest: {mine}")
            if (
                max(plain.values()) > 1
                or max(marked.values()) > 1
                or marked.total() > sum(row.attempts > 1 for row in parts)
            ):
                broken.append(f"{chat.id}: more than was in doubt: {mine}, {parts}")
            if len({(row.period, row.part) for row in parts}) != len(parts):
                broken.append(f"{chat.id}: claimed twice: {parts}")
            if chat.id in self.blocked:
                kept = await self.town.deliveries.subscription(id)
                unheard = bool(parts) and unknown == len(
                    parts
                )  # no refusal ever reached the process
                count["unheard"] += unheard
                if kept is None or (
                    not unheard and (kept.state is not State.STOPPED or not kept.reason)
                ):
                    broken.append(f"{chat.id}: blocked, and not stopped: {kept}")
                continue
            count["live"] += 1
            count["never"] += missing
            if (
                len(parts) != len(WAYS)
                or missing > unknown
                or any(row.state not in ("sent", "unknown") for row in parts)
            ):
                broken.append(f"{chat.id}: not the whole digest: {mine}, {parts}")
        dropped = sum(fault.used for fault in self.faults if fault.drop)
        window = BROADCASTS_AT_ONCE * kills + dropped
        if count["marked"] + count["unknown"] > window:
            broken.append(f"more in doubt than {window}")
        statuses = Counter(call.status for call in self.stub.calls if call.method in WAYS)
        late = self.inside.pop("too late", 0)
        if late:
            broken.append(f"{late} kills came after the end")
        print(
            f"{kills} kills within the broadcast: {', '.join(f'{n} {kind}' for kind, n in sorted(self.inside.items()))}"
        )
        print(
            f"requests that met 429: {statuses[429]}, 5xx: {statuses[500] + statuses[502]}, "
            f"cut off: {dropped} by the server and the rest of {statuses[0]} by kills, 403: {statuses[403]}"
        )
        print(
            f"{count['live']} subscribers have the whole digest but for {count['never']} parts whose state is unknown"
        )
        print(
            f"in doubt, and so repeated and marked: {count['marked']} parts, of which {count['twice']} were there already; "
            f"in doubt again, and left as unknown: {count['unknown']}; there twice without a mark: {count['unmarked']}"
        )
        print(
            f"{len(self.blocked) - count['unheard']} who blocked the bot are stopped with the reason, {count['unheard']} are not, "
            f"for each of their refusals was cut off by a kill; {took:.0f} s"
        )
        for each in broken:
            print("BROKEN:", each)
        return not broken


async def run(address: str, folder: Path, given: argparse.Namespace) -> bool:
    environment = {**os.environ, "SOLIEU_DATABASE_URL": address}
    made = [sys.executable, "-m", "bot", "ask", "hộ nghèo 2023"]
    await asyncio.to_thread(subprocess.run, made, cwd=ROOT, env=environment, check=True, stdout=-3)
    async with settled(folder, address) as town:
        processes = 2 if given.database == "postgresql" else 1
        return await Run(town, random.Random(given.seed), processes).whole(
            given.subscribers, given.kills
        )


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--subscribers", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    logging.getLogger("aiohttp").setLevel(
        logging.CRITICAL
    )  # it tells of each upload that a kill cut short
    folder = Path(tempfile.mkdtemp(prefix="solieu-faults-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        address = f"sqlite:///{folder}/solieu.db"
        if given.database == "postgresql":
            address = stack.enter_context(a_postgres())
        return 0 if asyncio.run(run(address, folder, given)) else 1


if __name__ == "__main__":
    raise SystemExit(main())
