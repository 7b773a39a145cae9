"""Measures how long a first answer takes: `solieu ask` in a new process on a store that exists.

    python tests/bench/cold.py
    python tests/bench/cold.py --runs 15 --against FOLDER

It is held against importing two libraries, or against the same command of another checkout. Prints the medians of the
ratios and the differences, pair by pair, so that a machine that is busy with other things does not decide them.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from os import environ
from pathlib import Path

ROOT = Path(__file__).parents[2]
ASK = ("-m", "bot", "ask", "tỷ lệ hộ nghèo 2023?")
IMPORTS = ("-c", "import telegram, sqlalchemy")


@dataclass(frozen=True)
class Command:
    """What is run in a new process, where, and over which store."""

    name: str
    arguments: Sequence[str]
    checkout: Path
    store: Path

    def seconds(self) -> float:
        """Run it and give how long that took."""
        address = {"SOLIEU_DATABASE_URL": f"sqlite+aiosqlite:///{self.store}"}
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, *self.arguments],
            cwd=self.checkout,
            env=environ | address,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        return time.perf_counter() - began


def compare(one: Command, other: Command, runs: int) -> None:
    """Run both in turn and print what the one costs against the other."""
    for command in (one, other):  # the store is made, the files are in memory
        command.seconds()
    pairs = [(one.seconds(), other.seconds()) for _ in range(runs)]
    ratios = [first / second for first, second in pairs]
    for number, command in enumerate((one, other)):
        print(f"{command.name}: {statistics.median(pair[number] for pair in pairs):.2f} s")
    print(
        f"ratio: {statistics.median(ratios):.2f}"
        f" (lowest {min(ratios):.2f}, highest {max(ratios):.2f}, {runs} pairs)"
    )
    print(f"difference: {statistics.median(first - second for first, second in pairs):+.2f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=9, help="pairs (default: %(default)s)")
    parser.add_argument("--against", type=Path, help="another checkout, in place of the imports")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ours = Command("solieu ask", ASK, ROOT, Path(folder) / "ours.db")
        theirs = Path(folder) / "theirs.db"
        other = Command("the imports", IMPORTS, ROOT, theirs)
        if given.against:
            other = Command("the other checkout", ASK, given.against.resolve(), theirs)
        compare(ours, other, given.runs)


if __name__ == "__main__":
    main()
