"""What a threshold of confidence costs and saves: how many are answered, and how many of these are wrong, at each.

    python tests/bench/confidence.py [SEED] [COUNT]

Reads the questions of the second catalogue that open a talk. A question is answered at a threshold when its best
indicator claims as much and leads the next by the margin; it is wrong when that indicator was not asked for.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "second"))

from make_questions import make
from stored import CATALOGUE

from db.importer import load
from db.store import Store
from handlers.reading import Reader
from handlers.reading.indicators import ANSWER, MARGIN
from locales.vocabulary import vocabulary

THRESHOLDS = [round(0.30 + 0.06 * step, 2) for step in range(11)]


async def reader() -> Reader:
    with tempfile.TemporaryDirectory() as folder:
        store = await Store.open(f"sqlite+aiosqlite:///{folder}/second.db")
        try:
            await load(store, CATALOGUE, date(2024, 12, 31))
            return Reader(store.catalogue, vocabulary())
        finally:
            await store.close()


def main() -> None:
    seed, count = (int(each) for each in (sys.argv[1:] + ["11", "3000"][len(sys.argv) - 1 :]))
    read = asyncio.run(reader()).read
    seen: set[str] = set()
    claims: list[tuple[float, float, bool]] = []
    for question in make(seed, count):
        opens = question["chat"] not in seen
        seen.add(question["chat"])
        meant = question["expect"].get("indicators")
        if (
            not opens
            or (meant and any(len(each) != 1 for each in meant))
            or not set(question["expect"]["kind"]) & {"figure", "no_data"}
        ):
            continue
        found = read(question["text"], date.fromisoformat(question["today"])).candidates
        if found:
            lead = found[0].claim - (found[1].claim if len(found) > 1 else 0.0)
            claims.append(
                (found[0].claim, lead, bool(meant) and [found[0].indicator.code] in meant)
            )
        else:
            claims.append((0.0, 0.0, False))
    print(
        f"{len(claims)} questions; answering from {ANSWER} with a lead of {MARGIN}\n\nthreshold  answered  wrong of these"
    )
    for least in THRESHOLDS:
        answered = [right for claim, lead, right in claims if claim >= least and lead >= MARGIN]
        wrong = answered.count(False)
        print(
            f"{least:9.2f} {100 * len(answered) / len(claims):8.1f}% {100 * wrong / max(1, len(answered)):8.2f}%"
        )


if __name__ == "__main__":
    main()
