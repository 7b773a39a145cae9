"""Measures how long reading alone takes among 300 indicators, or as many as are given, and the worst texts.

    python tests/bench/reading.py
    python tests/bench/reading.py 300 2695

The indicators are official ones, spread over all fields. The questions ask for them whole, in part, without marks,
misspelt, by everyday names and with talk around them, and for others that are not there. Several sizes are timed in turn
in one process. What is counted is the processor's time for this process, so that a machine that is busy with other
things decides less; a question counts once as it is first read, after others have been, and once with the least of
further readings.
"""

from __future__ import annotations

import argparse
import csv
import math
import random
import sys
import time
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))  # this checkout is measured, whichever is installed

from db.facts import (  # noqa: E402
    Better,
    Catalogue,
    Category,
    Indicator,
    OverYear,
    Region,
    Unit,
    UnitKind,
)
from handlers.reading import Reader  # noqa: E402
from locales.library import Entry, entries  # noqa: E402
from locales.vocabulary import vocabulary  # noqa: E402

TODAY = date(2025, 3, 20)
ASKED, BEFORE, ROUNDS = 600, 200, 4
LONGEST = 4_000
WORST_SHOWN = 5
UNITS = ROOT / "db" / "data" / "units.csv"
PLACES = ("Thái Nguyên", "Bắc Kạn", "Hà Nội", "Tuyên Quang", "Phú Thọ")
PERIODS = ("2024", "năm ngoái", "quý 2/2024", "6 tháng đầu năm 2024", "tháng 2", "")


def spread(every: Sequence[Entry], size: int) -> list[Entry]:
    """Give so many of the entries at even distances, so that each field has its share."""
    return [every[number * len(every) // size] for number in range(min(size, len(every)))]


def catalogue(chosen: Sequence[Entry]) -> Catalogue:
    """Make a catalogue of library entries, of which every third has everyday names."""
    with UNITS.open(encoding="utf-8", newline="") as file:
        kinds = {row["name"]: UnitKind(row["kind"]) for row in csv.DictReader(file)}
    codes = {entry.code for entry in chosen}
    indicators = {
        entry.code: Indicator(
            entry.code,
            entry.name,
            Unit(entry.units[0], kinds.get(entry.units[0], UnitKind.COUNT)),
            better=Better(entry.better),
            over_year=OverYear(entry.over_year),
            parent=entry.parent if entry.parent in codes else None,
            category=entry.category,
            aliases=entry.also[:2] if number % 3 == 0 else (),
        )
        for number, entry in enumerate(chosen)
    }
    categories = {entry.category: Category(entry.category, entry.category) for entry in chosen}
    return Catalogue(indicators, categories, {name: Region(name, "province") for name in PLACES})


def unmarked(text: str) -> str:
    """Take all marks off, as many people type."""
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def questions(chosen: Sequence[Entry], absent: Sequence[Entry], count: int) -> Iterator[str]:
    """Give questions in all the ways that people name an indicator, each with a period."""
    chance = random.Random(2)
    for number in range(count):
        entry = chance.choice(chosen)
        words = entry.name.split()
        slip = chance.randrange(len(words))
        misspelt = [*words[:slip], words[slip][:-1] + chance.choice("aeiouhn"), *words[slip + 1 :]]
        ways = (
            entry.name,
            unmarked(entry.name),
            " ".join(words[1:]) or entry.name,
            " ".join(misspelt),
            chance.choice(entry.also or (entry.name,)),
            f"cho em hỏi {entry.name.lower()} của tỉnh Thái Nguyên",
            f"{entry.name} so với cùng kỳ đạt bao nhiêu phần trăm kế hoạch",
            chance.choice(absent).name if absent else entry.name,
        )
        yield f"{ways[number % len(ways)]} {chance.choice(PERIODS)}".strip()


def hostile(chosen: Sequence[Entry]) -> Iterator[str]:
    """Give texts that no official sends, as long as a message may be."""
    chance = random.Random(3)
    names = [entry.name.lower() for entry in chosen]
    chance.shuffle(names)
    words = " ".join(names).split()
    for mixed in (" ".join(words[:200]), ", ".join(names), " và ".join(names), " ".join(words)):
        yield mixed
        yield unmarked(mixed)
    yield " ".join(chance.choices(words, k=1_000))
    yield unmarked(" ".join(chance.choices(words, k=1_000)))
    yield unmarked("".join(words))  # glued: no spaces at all
    yield "".join(chance.choices("abcdeghiklmnopqrstuvxy", k=LONGEST))
    yield "".join(chance.choices("0123456789", k=LONGEST))
    yield " ".join(str(chance.randrange(10_000)) for _ in range(LONGEST // 4))
    for piece in REPEATED:
        yield piece * (LONGEST // len(piece) + 1)


REPEATED = (
    "a", "đ", "<", "a ", "số ", "và ", "năm ", "xã ", "tỷ lệ ", "2023 ", "1,2.3,4.", "15/12/2022 - ", "từ 2020 đến ", "tháng ",
    "năm hai nghìn không trăm ", "hộ nghèo, ", "ho ngheo ", "tylehongheo", "tylehongheo ", "tyr leej ", "ty3 le65 ", "thành phố ",
    "qwrtpsdfg ", "không phải ", "bao nhiêu ", "so với ", "( ", "@a ", "<b ", "].(", "không có tỷ lệ người ",
)  # fmt: skip


@dataclass
class Timed:
    """A reader among so many indicators, and how long it took over each question."""

    reader: Reader
    chosen: Sequence[Entry]
    asked: Sequence[str]
    made: float
    first: list[float]
    again: list[float]

    @classmethod
    def over(cls, every: Sequence[Entry], size: int) -> Timed:
        """Make a reader among so many indicators, and read some questions that are not timed."""
        chosen = spread(every, size)
        codes = {entry.code for entry in chosen}
        absent = [entry for entry in every if entry.code not in codes]
        asked = list(questions(chosen, absent, ASKED + BEFORE))
        known = catalogue(chosen)
        began = time.process_time()
        reader = Reader(known, vocabulary())
        reader.read(asked[0], TODAY)
        made = time.process_time() - began
        for text in asked[:BEFORE]:
            reader.read(text, TODAY)
        return cls(reader, chosen, asked[BEFORE:], made, [], [math.inf] * ASKED)

    def take(self, text: str) -> float:
        """Give the seconds of the processor that one reading takes."""
        began = time.process_time()
        self.reader.read(text, TODAY)
        return time.process_time() - began

    def worst(self) -> list[tuple[float, str]]:
        """Give the hostile texts by how long they took, the worst first; the least of two readings."""
        texts = [text[:LONGEST] for text in hostile(self.chosen)]
        taken = [(min(self.take(text), self.take(text)), text) for text in texts]
        return sorted(taken, reverse=True)


def at(share: float, seconds: Sequence[float]) -> float:
    """Give, in milliseconds, what so large a share of the readings stays within."""
    return sorted(seconds)[math.ceil(share * len(seconds)) - 1] * 1000


def report(timed: Timed) -> None:
    """Print one size: half of the readings, 99 in a hundred, and the worst texts."""
    print(f"among {len(timed.chosen)} indicators, {len(timed.asked)} questions:")
    print(f"  made, with a first question: {timed.made:.2f} s")
    for name, seconds in (("first read", timed.first), ("read again", timed.again)):
        print(f"  {name}: p50 {at(0.5, seconds):.2f} ms, p99 {at(0.99, seconds):.2f} ms")
    for seconds, text in timed.worst()[:WORST_SHOWN]:
        print(f"  worst: {seconds * 1000:.0f} ms “{text[:40]}…”, {len(text)} letters")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("indicators", nargs="*", type=int, default=[300], help="how many")
    every = entries()
    sizes = [Timed.over(every, size) for size in parser.parse_args().indicators]
    for number in range(ASKED):
        for timed in sizes:
            text = timed.asked[number]
            timed.first.append(timed.take(text))
            timed.again[number] = min(timed.take(text) for _ in range(ROUNDS))
    for timed in sizes:
        report(timed)
    small, large = sizes[0], sizes[-1]
    if large is not small:
        ratio = at(0.5, large.again) / at(0.5, small.again)
        print(f"p50 among {len(large.chosen)} against {len(small.chosen)}: {ratio:.2f}")


if __name__ == "__main__":
    main()
